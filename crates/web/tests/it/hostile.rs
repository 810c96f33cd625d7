//! What a hostile or broken client sends.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode, header};
use gangway_domain::permission::Role;
use gangway_testkit::{Database, TestApp, deal, for_each_database};
use gangway_web::{Limits, Web};
use http_body::Frame;

use super::{Answer, Site, ask, followed, form, get, onboard, paste, post, router};

/// An error page of ours, with this status and this advice.
fn says(page: &Answer, status: StatusCode, advice: &str, what: &str) {
    assert_eq!(page.status, status, "{what}");
    assert_eq!(page.header(header::CONTENT_TYPE), "text/html; charset=utf-8", "{what}");
    assert!(page.text.contains("· Gangway</title>"), "{what} is our page: {}", page.text);
    assert!(page.text.contains(advice), "{what} advises {advice}: {}", page.text);
}

async fn under_name(router: &Site, name: &str, path: &str) -> Answer {
    ask(router, Request::get(path).header(header::HOST, name).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_foreign_name_that_points_here_gets_nothing() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let address = onboard(&test, &deal("Acme")).await;
        let router = router(&test).await;
        for path in ["/onboardings", &address, &format!("{address}/package/package.json"), "/nowhere"] {
            for name in ["evil.example:8080", "127.0.0.1.evil.example", "192.168.0.1:8080", ""] {
                let page = under_name(&router, name, path).await;
                says(&page, StatusCode::MISDIRECTED_REQUEST, "gangway serve --host-name NAME", name);
                assert!(
                    !page.text.contains("Acme") && !page.text.contains("Go to the onboardings"),
                    "{name}"
                );
            }
            for name in ["localhost:8080", "127.0.0.1:1", "[::1]:8080"] {
                assert_ne!(
                    under_name(&router, name, path).await.status,
                    StatusCode::MISDIRECTED_REQUEST,
                    "{name}"
                );
            }
        }
        // The page needs its styles; a health check comes under any name.
        for path in ["/healthz", "/favicon.svg", "/favicon.ico"] {
            assert_eq!(under_name(&router, "10.1.2.3:8080", path).await.status, StatusCode::OK, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn every_name_of_a_request_counts() {
    let database = Database::sqlite().await.unwrap();
    let test = TestApp::on(database.db.clone()).await;
    let router = router(&test).await;
    let twice =
        Request::get("/onboardings").header(header::HOST, "localhost").header(header::HOST, "evil.example");
    let aimed = Request::get("http://evil.example/onboardings").header(header::HOST, "localhost");
    for request in [twice, aimed] {
        let answer = ask(&router, request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST);
    }
    let foreign = post().header(header::HOST, "evil.example").header("sec-fetch-site", "same-origin");
    let answer = ask(&router, foreign.body(Body::from("deal=Acme")).unwrap()).await;
    assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST);
    assert!(get(&router, "/onboardings").await.text.contains("No onboarding yet"));
    database.remove().await.unwrap();
}

#[tokio::test]
async fn a_name_it_was_started_with_is_its_own() {
    let database = Database::sqlite().await.unwrap();
    let test = TestApp::on(database.db.clone()).await;
    let names = ["Onboarding.Example.com".to_owned(), "192.0.2.7".to_owned()];
    let cookie = test.sign_in(Role::Viewer).await;
    let router = Site { router: Web::new(test.app.clone()).with_host_names(names).router(), cookie };
    for name in ["onboarding.example.com", "192.0.2.7:8080", "localhost"] {
        assert_eq!(under_name(&router, name, "/onboardings").await.status, StatusCode::OK, "{name}");
    }
    let other = under_name(&router, "crm.example.com", "/onboardings").await;
    assert_eq!(other.status, StatusCode::MISDIRECTED_REQUEST);
    database.remove().await.unwrap();
}

#[tokio::test]
async fn a_deal_beyond_the_limit_says_so_and_keeps_its_beginning() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let router = router(&test).await;
        let fitting = format!("{}{}", form(&deal("Acme")), "+x".repeat(512 * 1024));
        let fitting = &fitting[..1024 * 1024 - 1];
        assert_eq!(paste(&router, fitting).await.status, StatusCode::SEE_OTHER);
        let large = format!("deal=Customer%3A+Zephyr%0A{}", "x".repeat(10 * 1024 * 1024));
        let page = paste(&router, &large).await;
        says(&page, StatusCode::PAYLOAD_TOO_LARGE, "more than 10 MB, the most that is read", "too large");
        assert!(page.text.contains("role=\"alert\"") && page.text.contains(">Customer: Zephyr\nxxx"));
        assert!(page.text.len() < 64 * 1024, "the page stays small: {}", page.text.len());
        assert!(!page.text.contains(">Zephyr<"), "nothing was made of it");
        let announced = post().header(header::CONTENT_LENGTH, "4000000000").body(Body::empty()).unwrap();
        says(&ask(&router, announced).await, StatusCode::PAYLOAD_TOO_LARGE, "more than 10 MB", "announced");
    })
    .await;
}

#[tokio::test]
async fn a_form_beyond_the_limit_says_so_and_leads_back_to_it() {
    let database = Database::sqlite().await.unwrap();
    let test = TestApp::on(database.db.clone()).await;
    let router = router(&test).await;
    let send = async |from: &str, name: &str| {
        let request = Request::post("/accounts")
            .header("content-type", "application/x-www-form-urlencoded")
            .header(header::REFERER, from);
        ask(&router, request.body(Body::from(format!("name={name}"))).unwrap()).await
    };
    let long = "x".repeat(2 * 1024 * 1024);
    let page = send("http://127.0.0.1:8080/accounts?q=a&sort=name", &long).await;
    says(&page, StatusCode::PAYLOAD_TOO_LARGE, "A form takes 2 MB at most", "too large");
    assert!(page.text.contains("href=\"/accounts?q=a&#38;sort=name\">Back to the form"), "{}", page.text);
    let page = send("http://127.0.0.1:8080//evil.example", &long).await;
    assert!(page.text.contains("href=\"/\">Back to the form"), "{}", page.text);
    let fitting = &long[..2 * 1024 * 1024 - "name=".len()];
    let page = send("", fitting).await;
    says(&page, StatusCode::UNPROCESSABLE_ENTITY, "is longer than", "a name, in a form that fits");
    database.remove().await.unwrap();
}

#[tokio::test]
async fn a_form_that_is_none_is_answered_with_advice() {
    let database = Database::sqlite().await.unwrap();
    let test = TestApp::on(database.db.clone()).await;
    let router = router(&test).await;
    let json = Request::post("/onboardings").header("content-type", "application/json");
    let page = ask(&router, json.body(Body::from("{}")).unwrap()).await;
    says(&page, StatusCode::UNSUPPORTED_MEDIA_TYPE, "one field called", "JSON");
    let bare = Request::post("/onboardings").body(Body::from("deal=Acme")).unwrap();
    says(&ask(&router, bare).await, StatusCode::UNSUPPORTED_MEDIA_TYPE, "gangway plan FILE", "no type");
    for (form, advice) in [
        ("", "without a deal"),
        ("other=1", "without a deal"),
        ("deal=Acme&deal=Zephyr", "more than one deal"),
    ] {
        says(&paste(&router, form).await, StatusCode::UNPROCESSABLE_ENTITY, advice, form);
    }
    assert!(get(&router, "/onboardings").await.text.contains("No onboarding yet"));
    database.remove().await.unwrap();
}

#[tokio::test]
async fn another_method_is_answered_with_advice() {
    let database = Database::sqlite().await.unwrap();
    let test = TestApp::on(database.db.clone()).await;
    let router = router(&test).await;
    for (method, path, allowed) in [
        ("DELETE", "/onboardings", "GET,HEAD,POST"),
        ("POST", "/", "GET,HEAD"),
        ("PUT", "/healthz", "GET,HEAD"),
    ] {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        let page = ask(&router, request).await;
        says(&page, StatusCode::METHOD_NOT_ALLOWED, &format!("{path} does not take {method}"), path);
        assert_eq!(page.header(header::ALLOW), allowed, "{path}");
    }
    database.remove().await.unwrap();
}

#[tokio::test]
async fn broken_addresses_are_pages_too() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let address = onboard(&test, &deal("Acme")).await;
        let router = router(&test).await;
        for path in ["/onboardings/%ff", &format!("{address}/package/%c3%28")] {
            says(&get(&router, path).await, StatusCode::BAD_REQUEST, "is not text", path);
        }
        for path in
            ["/onboardings?q=%ff&q=2&%00", "/onboardings?sort=%ff&dir=&&=", &format!("{address}?known=%ff")]
        {
            assert_eq!(followed(&router, path).await.status, StatusCode::OK, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn control_characters_in_a_search_are_dropped() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        onboard(&test, &deal("Acme")).await;
        let router = router(&test).await;
        for path in [
            "/onboardings?q=%00",
            "/onboardings?q=Ac%00me%1b%7f",
            "/onboardings?segment=mid%00-market&state=%00",
            "/onboardings?sort=%00customer&dir=%0aasc",
        ] {
            let page = followed(&router, path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            assert!(page.text.contains(">Acme<"), "{path}");
        }
        assert!(get(&router, "/onboardings?q=Ac%00me").await.text.contains("value=\"Acme\""));
        assert_eq!(followed(&router, "/onboardings?after=%00").await.status, StatusCode::OK);
    })
    .await;
}

/// A body that never comes, and never ends either.
struct Never;

impl http_body::Body for Never {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Pending
    }
}

fn stalled() -> Request<Body> {
    post().body(Body::new(Never)).unwrap()
}

#[tokio::test]
async fn a_client_that_stalls_is_let_go() {
    let database = Database::sqlite().await.unwrap();
    let test = TestApp::on(database.db.clone()).await;
    let (short, long) = (Duration::from_millis(20), Duration::from_secs(600));
    let cookie = test.sign_in(Role::Admin).await;
    let limited = |body, request| {
        let limits = Limits { body, request, ..Limits::default() };
        Site { router: Web::new(test.app.clone()).with_limits(limits).router(), cookie: cookie.clone() }
    };
    let page = ask(&limited(short, long), stalled()).await;
    says(&page, StatusCode::REQUEST_TIMEOUT, "go back and send it again", "the body");
    let page = ask(&limited(long, short), stalled()).await;
    says(&page, StatusCode::SERVICE_UNAVAILABLE, "Try again in a moment", "the request");
    assert!(page.headers.contains_key(header::CONTENT_SECURITY_POLICY));
    let usual = Limits::default();
    assert_eq!((usual.body.as_secs(), usual.request.as_secs()), (30, 60));
    database.remove().await.unwrap();
}

#[tokio::test]
async fn a_pdf_is_not_in_a_sandbox_and_may_do_nothing_else() {
    let database = Database::sqlite().await.unwrap();
    let test = TestApp::on(database.db.clone()).await;
    let address = onboard(&test, &deal("Acme")).await;
    let file = get(&router(&test).await, &format!("{address}/package/implementation-plan.pdf")).await;
    let policy = file.header(header::CONTENT_SECURITY_POLICY);
    assert!(
        policy.starts_with("default-src 'none'; object-src 'self';") && !policy.contains("sandbox"),
        "{policy}"
    );
    assert!(policy.contains("frame-ancestors 'self'") && !policy.contains("script-src"), "{policy}");
    assert_eq!(file.header(header::CONTENT_TYPE), "application/pdf");
    assert!(file.header(header::CONTENT_DISPOSITION).starts_with("inline;"));
    database.remove().await.unwrap();
}

#[tokio::test]
async fn the_style_sheet_is_kept_for_good_under_a_name_of_its_content() {
    let database = Database::sqlite().await.unwrap();
    let test = TestApp::on(database.db.clone()).await;
    let router = router(&test).await;
    let page = get(&router, "/onboardings").await;
    let link = page.text.split("rel=\"stylesheet\" href=\"").nth(1).unwrap();
    let path = link.split('"').next().unwrap();
    let sheet = get(&router, path).await;
    assert_eq!(sheet.status, StatusCode::OK);
    assert_eq!(sheet.header(header::CACHE_CONTROL), "public, max-age=31536000, immutable");
    assert_eq!(sheet.header(header::CONTENT_TYPE), "text/css; charset=utf-8");
    assert!(sheet.text.contains("@layer"));
    let hash = path.strip_prefix("/assets/gangway-").and_then(|rest| rest.strip_suffix(".css")).unwrap();
    assert!(hash.len() == 16 && hash.chars().all(|c| c.is_ascii_hexdigit()), "{hash}");
    let old = get(&router, "/assets/gangway-0000000000000000.css").await;
    assert_eq!((old.status, old.header(header::CACHE_CONTROL)), (StatusCode::NOT_FOUND, "no-store"));
    database.remove().await.unwrap();
}

#[tokio::test]
async fn the_same_deal_again_leads_to_its_onboarding_and_says_so() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let router = router(&test).await;
        let first = paste(&router, &form(&deal("Acme"))).await.header(header::LOCATION).to_owned();
        assert!(!get(&router, &first).await.text.contains("handed over before"));
        let again = paste(&router, &form(&deal("Acme"))).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER);
        assert_eq!(again.header(header::LOCATION), format!("{first}?known=1"));
        let page = get(&router, again.header(header::LOCATION)).await;
        assert!(page.text.contains("role=\"status\">This deal was handed over before."));
        assert!(
            get(&router, "/onboardings").await.text.contains("1 open onboarding"),
            "nothing new was made"
        );
    })
    .await;
}

#[tokio::test]
async fn an_icon_is_where_everybody_looks_for_one() {
    let database = Database::sqlite().await.unwrap();
    let test = TestApp::on(database.db.clone()).await;
    let router = router(&test).await;
    let response =
        tower::ServiceExt::oneshot(router.router, Request::get("/favicon.ico").body(Body::empty()).unwrap());
    let (parts, body) = response.await.unwrap().into_parts();
    let bytes = http_body_util::BodyExt::collect(body).await.unwrap().to_bytes();
    assert_eq!(parts.status, StatusCode::OK);
    assert_eq!(parts.headers[header::CONTENT_TYPE], "image/x-icon");
    // The head of an icon file: reserved, kind 1, three pictures of 16, 32 and 48 pixels.
    assert_eq!(bytes.get(..6), Some(&[0, 0, 1, 0, 3, 0][..]));
    let widths: Vec<u8> = (0..3).map(|picture| bytes[6 + picture * 16]).collect();
    assert_eq!(widths, [16, 32, 48]);
    database.remove().await.unwrap();
}
