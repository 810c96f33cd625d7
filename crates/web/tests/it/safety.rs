//! Attacks, each by its name. What a single page must withstand stands with the page.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use gangway_app::identity::Secret;
use gangway_domain::permission::Role;
use gangway_testkit::{TestApp, deal, for_each_database};
use gangway_web::{Web, routes};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Site, ask, get, onboard, router, send, site_of};

/// What an attacker writes wherever something can be written.
const EVIL: &str = "<img src=x onerror=alert(1)>\"'";

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// A path with the id of this onboarding wherever one belongs, and nothing known elsewhere.
fn with_onboarding(path: &str, id: &str) -> String {
    let path = path.replace("/onboardings/{id}", &format!("/onboardings/{id}"));
    path.split('/')
        .map(|part| if part.starts_with('{') { "nothing" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

#[tokio::test]
async fn stored_scripts_stay_words_on_every_page() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let evil = encoded(EVIL);
        let site = router(&test).await;
        let id = onboard(&test, &deal(EVIL)).await.rsplit('/').next().unwrap().to_owned();
        for (path, form) in [
            ("/settings/me/name", format!("name={evil}")),
            ("/settings/team/invitations", "email=guest%40example.com&role=viewer".to_owned()),
            ("/settings/tokens", format!("name={evil}&scopes=read&days=30")),
            ("/settings/webhooks", format!("url=https%3A%2F%2Fexample.com%2F{evil}&description={evil}")),
        ] {
            let answer = send(&site, path, &form).await;
            assert!(answer.status.as_u16() < 500, "{path}: {}", answer.text);
            assert!(!answer.text.contains("<img src=x"), "{path}");
        }
        for route in
            routes().iter().filter(|route| route.method == Method::GET && !route.path.contains("package"))
        {
            let path = with_onboarding(route.path, &id);
            for query in
                [String::new(), format!("?q={evil}&sort={evil}&after={evil}&edit={evil}&said={evil}")]
            {
                let page = get(&site, &format!("{path}{query}")).await;
                assert!(page.status.as_u16() < 500, "{path}{query}: {}", page.text);
                // What is saved as a file is no page.
                let is_page = page.header(header::CONTENT_TYPE).starts_with("text/html");
                assert!(!is_page || !page.text.contains("<img src=x"), "{path}{query}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn no_other_site_changes_anything() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let site = router(&test).await;
        let id = onboard(&test, &deal("Acme")).await.rsplit('/').next().unwrap().to_owned();
        for route in routes().iter().filter(|route| route.method == Method::POST) {
            let path = with_onboarding(route.path, &id);
            for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
                let request = Request::post(&path)
                    .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .header(name, value);
                let answer = ask(&site, request.body(Body::from("name=x")).unwrap()).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}: {}", answer.text);
                assert!(answer.text.contains("came from another site"), "{path}");
            }
        }
    })
    .await;
}

/// An installation with one admin who signs in by password.
pub(super) async fn installation(test: &TestApp) -> Site {
    let web = Web::new(test.app.clone()).with_setup_code(Secret::from_holder("the-code"));
    let site = Site { router: web.router(), cookie: String::new() };
    let form = format!("code=the-code&workspace=Northbeam&name=Ines&{PASSWORD}");
    assert_eq!(send(&site, "/setup", &form).await.status, StatusCode::SEE_OTHER);
    site
}

pub(super) const PASSWORD: &str = "email=ines%40example.com&password=correct+horse+battery";

#[tokio::test]
async fn a_planted_session_is_worth_nothing() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let planted =
            Site { cookie: "gangway=chosen-by-somebody-else".to_owned(), ..installation(&test).await };
        let signed = send(&planted, "/sign-in", PASSWORD).await;
        assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.text);
        let cookie = signed.header(header::SET_COOKIE).split(';').next().unwrap().to_owned();
        assert!(cookie.len() > 40 && !cookie.contains("chosen-by-somebody-else"), "a secret of our own");
        assert!(signed.header(header::SET_COOKIE).contains("HttpOnly; SameSite=Lax"));
        let in_vain = get(&planted, "/onboardings").await;
        assert_eq!(in_vain.status, StatusCode::SEE_OTHER, "the planted one is nobody's");
        let own = Site { cookie, ..planted };
        assert_eq!(get(&own, "/onboardings").await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn signing_in_leads_nowhere_else() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let site = installation(&test).await;
        for to in [
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "javascript:alert(1)",
            "evil.example",
            "/\n//evil.example",
        ] {
            let signed = send(&site, "/sign-in", &format!("{PASSWORD}&to={}", encoded(to))).await;
            assert_eq!(signed.status, StatusCode::SEE_OTHER, "{to}: {}", signed.text);
            let led = signed.header(header::LOCATION);
            assert!(
                led.starts_with('/') && !led.starts_with("//") && !led.contains(['\\', '\t', '\n']),
                "{to}: {led}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn fields_nobody_asked_for_change_nothing() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let viewer = test.member(Role::Viewer).await;
        let site = site_of(&test, &viewer).await;
        let id = viewer.person.unwrap();
        let form =
            format!("name=Vera&role=admin&scopes=admin&workspace=other&person={id}&id={id}&is_admin=true");
        assert_eq!(send(&site, "/settings/me/name", &form).await.status, StatusCode::SEE_OTHER);
        for closed in ["/settings/webhooks", "/settings/audit"] {
            assert_eq!(get(&site, closed).await.status, StatusCode::FORBIDDEN, "{closed}");
        }
        assert_eq!(
            send(&site, &format!("/settings/team/{id}/role"), "role=admin").await.status,
            StatusCode::FORBIDDEN
        );
        let team = get(&site, "/settings/team").await.text;
        assert!(team.contains("Vera") && !team.contains("<select"), "still a viewer");
    })
    .await;
}

#[tokio::test]
async fn no_path_leads_out_of_a_package() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let address = onboard(&test, &deal("Acme")).await;
        let site = router(&test).await;
        for path in [
            "../../../etc/passwd",
            "%2e%2e/%2e%2e/etc/passwd",
            "..%2f..%2fetc%2fpasswd",
            "/etc/passwd",
            "emails/../../secret.key",
            "..\\..\\secret.key",
            "%00",
            "package.json%00.pdf",
        ] {
            let answer = get(&site, &format!("{address}/package/{path}")).await;
            assert!(
                matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST),
                "{path}: {}",
                answer.status
            );
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_packed_is_not_unpacked() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let site = router(&test).await;
        // 64 MB of nothing in some kilobytes, as a body and as a file.
        let mut packed = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        packed.start_file("deal.txt", zip::write::SimpleFileOptions::default()).unwrap();
        let nothing = vec![b'x'; 1024 * 1024];
        for _ in 0..64 {
            std::io::Write::write_all(&mut packed, &nothing).unwrap();
        }
        let bomb = packed.finish().unwrap().into_inner();
        assert!(bomb.len() < 200_000, "{}", bomb.len());
        for encoding in ["gzip", "deflate"] {
            let request = Request::post("/handoffs")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(header::CONTENT_ENCODING, encoding);
            let answer = ask(&site, request.body(Body::from(bomb.clone())).unwrap()).await;
            assert!(answer.status.is_client_error(), "{encoding}: {}", answer.status);
        }
        let mut body =
            b"--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"deal.docx\"\r\n\r\n"
                .to_vec();
        body.extend_from_slice(&bomb);
        body.extend_from_slice(b"\r\n--cut--\r\n");
        let request =
            Request::post("/handoffs").header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut");
        let answer = ask(&site, request.body(Body::from(body)).unwrap()).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    })
    .await;
}

// Where a name leads is looked at when something is sent: see the webhooks of the app.
#[tokio::test]
async fn webhooks_go_to_web_servers_only() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let site = router(&test).await;
        for url in ["file:///etc/passwd", "gopher://127.0.0.1:25/", "https://", "https://u:p@example.com/"] {
            let form = format!("url={}&description=x&kinds=handoff.accepted", encoded(url));
            let answer = send(&site, "/settings/webhooks", &form).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}");
        }
    })
    .await;
}
