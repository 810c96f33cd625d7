//! The pages over HTTP, on both databases where they read one.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod access;
mod calendars;
mod colour;
mod connection;
mod feedback;
mod forecast;
mod full;
mod governance;
mod health;
mod hostile;
mod house;
mod impact;
mod inputs;
mod intake;
mod launch;
mod leak;
mod live;
mod markup;
mod onboarding_pages;
mod people;
mod portal;
mod portfolio;
mod portfolio_filters;
mod programmes;
mod provider;
mod recurring;
mod reset;
mod safety;
mod shell;
mod sign_in;
mod tenants;
mod training;
mod transition;
mod usage;
mod webhooks;
mod wording;
mod work;
mod workload;
mod workspaces;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use gangway_app::onboarding::{self, GenerateOptions};
use gangway_app::{Actor, App, Clock, handoff};
use gangway_domain::ids::OnboardingId;
use gangway_domain::permission::Role;
use gangway_testkit::{Database, TestApp, deal, deal_within, for_each_database};
use gangway_web::Web;
use http_body_util::BodyExt;
use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tower::ServiceExt;

/// The pages, as one browser sees them.
struct Site {
    router: Router,
    /// Empty when nobody is signed in.
    cookie: String,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// Asks as a browser on this machine does, unless the request says under which name.
async fn ask(site: &Site, mut request: Request<Body>) -> Answer {
    let here = HeaderValue::from_static("127.0.0.1:8080");
    request.headers_mut().entry(header::HOST).or_insert(here);
    if !site.cookie.is_empty() {
        request.headers_mut().entry(header::COOKIE).or_insert(site.cookie.parse().unwrap());
    }
    let response = site.router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Answer {
        status: parts.status,
        headers: parts.headers,
        text: String::from_utf8_lossy(&bytes).into_owned(),
    }
}

async fn get(router: &Site, path: &str) -> Answer {
    ask(router, Request::get(path).body(Body::empty()).unwrap()).await
}

/// As a browser does: asks, and goes where it is led.
async fn followed(site: &Site, path: &str) -> Answer {
    let answer = get(site, path).await;
    if answer.status != StatusCode::SEE_OTHER {
        return answer;
    }
    get(site, answer.header(header::LOCATION)).await
}

fn post() -> axum::http::request::Builder {
    Request::post("/onboardings").header("content-type", "application/x-www-form-urlencoded")
}

async fn paste(router: &Site, form: &str) -> Answer {
    send(router, "/onboardings", form).await
}

/// Sends a form as a browser does.
async fn send(site: &Site, path: &str, form: &str) -> Answer {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    ask(site, request.body(Body::from(form.to_owned())).unwrap()).await
}

/// Where a form that was taken leads to.
#[track_caller]
fn leads(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.header(header::LOCATION).to_owned()
}

/// It is a page, and all of this stands on it.
#[track_caller]
fn says(page: &Answer, expected: &[&str]) {
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    for expected in expected {
        assert!(page.text.contains(&on_page(expected)), "{expected} is not on the page:\n{}", page.text);
    }
}

/// A deal as the form sends it.
fn form(deal: &str) -> String {
    format!("deal={}", utf8_percent_encode(deal, NON_ALPHANUMERIC))
}

/// A text as it stands in a page.
fn on_page(text: &str) -> String {
    text.replace('&', "&#38;")
        .replace('<', "&#60;")
        .replace('>', "&#62;")
        .replace('"', "&#34;")
        .replace('\'', "&#39;")
}

/// The pages, for an admin who has signed in.
async fn router(test: &TestApp) -> Site {
    signed_in(test, Role::Admin).await
}

/// The pages, for somebody new with this role who has signed in.
async fn signed_in(test: &TestApp, role: Role) -> Site {
    site_of(test, &test.member(role).await).await
}

/// The pages, for a member who has signed in.
async fn site_of(test: &TestApp, actor: &Actor) -> Site {
    Site { router: Web::new(test.app.clone()).router(), cookie: test.cookie(actor).await }
}

/// Hands a deal over and returns the address of its onboarding.
async fn onboard(test: &TestApp, deal: &str) -> String {
    format!("/onboardings/{}", generate(test, deal).await)
}

async fn generate(test: &TestApp, deal: &str) -> OnboardingId {
    let accepted = handoff::accept(&test.app, &test.actor, deal.as_bytes().to_vec(), None).await.unwrap();
    let options = GenerateOptions::default();
    onboarding::generate(&test.app, &test.actor, accepted.handoff, options).await.unwrap().id
}

#[tokio::test]
async fn an_empty_portfolio_says_the_first_step() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let router = router(&test).await;
        let home = get(&router, "/").await;
        assert_eq!((home.status, home.header(header::LOCATION)), (StatusCode::SEE_OTHER, "/onboardings"));
        let page = get(&router, "/onboardings").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains("gangway plan deal.txt") && page.text.contains("<textarea"));
        assert!(!page.text.contains("<table"), "no empty table");
    })
    .await;
}

#[tokio::test]
async fn the_portfolio_lists_filters_and_sorts() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let late = generate(&test, &deal_within("Zephyr", 20).replace("$95K", "$240K")).await;
        onboard(&test, &deal("Acme")).await;
        let package = onboarding::get(&test.app, &test.actor, late).await.unwrap().onboarding.package;
        let late_days = package.dates.feasibility.unwrap().shortfall;
        let router = router(&test).await;
        let page = get(&router, "/onboardings?sort=customer").await;
        let (acme, zephyr) = (page.text.find(">Acme<").unwrap(), page.text.find(">Zephyr<").unwrap());
        assert!(acme < zephyr);
        assert!(page.text.contains(&format!("{late_days} days")) && page.text.contains("on time"));
        assert!(page.text.contains("1 behind the date the customer wants"));
        assert!(page.text.contains(&format!("href=\"/onboardings/{late}\"")));
        assert!(page.text.contains("aria-sort=\"ascending\""));
        let page = get(&router, "/onboardings?sort=customer&dir=desc").await;
        assert!(page.text.find(">Acme<").unwrap() > page.text.find(">Zephyr<").unwrap());
        let page = get(&router, "/onboardings?segment=enterprise").await;
        assert!(page.text.contains(">Zephyr<") && !page.text.contains(">Acme<"));
        let page = get(&router, "/onboardings?q=nobody").await;
        assert!(page.text.contains("Nothing matches"));
        let page = get(&router, "/onboardings?after=rubbish").await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
    })
    .await;
}

#[tokio::test]
async fn words_of_a_deal_stay_words() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let address = onboard(&test, &deal("<script>alert(1)</script>\"'&{{7*7}}")).await;
        let router = router(&test).await;
        let tabs =
            ["", "/handoff", "/plan", "/plan?view=list&q=%3Cscript%3E%22", "/plan?view=board", "/people"];
        let more = ["/scorecard", "/documents?read=%3Cscript%3E", "/activity"];
        let tabs = tabs.into_iter().chain(more).map(|tab| format!("{address}{tab}"));
        let lists = ["/onboardings", "/onboardings?q=%3Cscript%3E%22"].map(str::to_owned);
        for path in tabs.chain(lists) {
            let page = get(&router, &path).await;
            assert_eq!(page.status, StatusCode::OK);
            let foreign = page.text.replace("<script type=\"module\" src=\"/assets/gangway-", "");
            assert!(!foreign.contains("<script"), "{path}");
            assert!(!page.text.contains("value=\"<script>\"\""), "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_pasted_deal_becomes_an_onboarding() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let router = router(&test).await;
        let made = paste(&router, &form(&deal("Acme"))).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER);
        let address = made.header(header::LOCATION).to_owned();
        assert!(get(&router, &address).await.text.contains("<h1>Acme</h1>"));
        let again = paste(&router, &form(&deal("Acme"))).await;
        assert!(again.header(header::LOCATION).starts_with(&address), "twice is once");
    })
    .await;
}

#[tokio::test]
async fn a_refused_deal_keeps_what_was_typed() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let page = paste(&router(&test).await, &form("{\"customer\": \"half a deal")).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text.contains("role=\"alert\""), "{}", page.text);
        assert!(page.text.contains(&format!("{}</textarea>", on_page("{\"customer\": \"half a deal"))));
    })
    .await;
}

#[tokio::test]
async fn other_sites_cannot_post() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let router = router(&test).await;
        let foreign = post().header("sec-fetch-site", "cross-site").body(Body::from("deal=Acme")).unwrap();
        let answer = ask(&router, foreign).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(get(&router, "/onboardings").await.text.contains("No onboarding yet"));
    })
    .await;
}

#[tokio::test]
async fn documents_are_shown_in_a_sandbox_or_saved() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let address = onboard(&test, &deal("Acme")).await;
        let router = router(&test).await;
        let page = get(&router, &format!("{address}/package/index.html")).await;
        assert_eq!(page.header(header::CONTENT_TYPE), "text/html; charset=utf-8");
        assert!(
            page.header(header::CONTENT_SECURITY_POLICY)
                .starts_with("sandbox allow-downloads; default-src 'none'")
        );
        assert!(page.header(header::CONTENT_DISPOSITION).starts_with("inline;"));
        let saved = get(&router, &format!("{address}/package/index.html?download=1")).await;
        assert!(saved.header(header::CONTENT_DISPOSITION).starts_with("attachment;"));
        let calendar = get(&router, &format!("{address}/package/calendar.ics")).await;
        assert!(calendar.text.starts_with("BEGIN:VCALENDAR"));
        assert!(
            calendar.header(header::CONTENT_DISPOSITION).starts_with("attachment; filename=\"calendar.ics\"")
        );
        for path in ["package/../index.html", "package/%2e%2e/%2e%2e/etc/passwd", "package/nothing.pdf"] {
            assert_eq!(
                get(&router, &format!("{address}/{path}")).await.status,
                StatusCode::NOT_FOUND,
                "{path}"
            );
        }
        let tab = get(&router, &format!("{address}/documents")).await;
        assert!(tab.text.contains("/package/calendar.ics?download=1"));
    })
    .await;
}

#[tokio::test]
async fn every_answer_is_guarded() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let address = onboard(&test, &deal("Acme")).await;
        let router = router(&test).await;
        let document = format!("{address}/package/index.html");
        for path in ["/onboardings", &address, &document, "/nowhere", "/favicon.svg", "/healthz"] {
            let answer = get(&router, path).await;
            let policy = answer.header(header::CONTENT_SECURITY_POLICY);
            // A document of the package is shown in a frame of our own page, and of nobody else's.
            let frames = if path == document { "frame-ancestors 'self'" } else { "frame-ancestors 'none'" };
            assert!(policy.contains("default-src 'none'") && policy.contains(frames), "{path}");
            let old = if path == document { "SAMEORIGIN" } else { "DENY" };
            assert_eq!(answer.header(header::X_FRAME_OPTIONS), old, "{path}");
            // Our own scripts run on pages and nowhere else; what is inline or made of text runs nowhere.
            assert_eq!(policy.contains("script-src 'self'"), path != document, "{path}");
            let scripts = policy.split(';').find(|part| part.trim().starts_with("script-src"));
            assert!(!scripts.unwrap_or_default().contains("unsafe"), "{path}");
            assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{path}");
            assert!(answer.headers.contains_key("x-request-id"), "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_not_there_says_so() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let router = router(&test).await;
        for path in [
            "/nowhere",
            "/onboardings/onb_00000000000000000000000000000009",
            "/onboardings/<b>",
            "/onboardings/%00",
        ] {
            let page = get(&router, &path.replace('<', "%3C").replace('>', "%3E")).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
            assert!(page.text.contains("Go to the onboardings") && !page.text.contains("<b>"), "{path}");
        }
    })
    .await;
}

/// A clock nobody can read.
struct BrokenClock;

impl Clock for BrokenClock {
    fn now(&self) -> Timestamp {
        panic!("a clock that crashes")
    }
}

#[tokio::test]
async fn a_crash_is_a_clean_page_and_no_more() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let app = App { clock: Arc::new(BrokenClock), ..test.app.clone() };
        let router = Site { router: Web::new(app).router(), ..router(&test).await };
        for page in [get(&router, "/onboardings").await, paste(&router, &form(&deal("Acme"))).await] {
            assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR);
            assert!(page.text.contains("Something broke") && !page.text.contains("a clock that crashes"));
        }
    })
    .await;
}

#[tokio::test]
async fn another_workspace_sees_none_of_it() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let address = onboard(&test, &deal("Acme")).await;
        let router = router(&test.elsewhere("Southlight").await).await;
        for tab in [
            "",
            "/handoff",
            "/plan",
            "/people",
            "/scorecard",
            "/documents",
            "/activity",
            "/package.zip",
            "/package/index.html",
        ] {
            assert_eq!(get(&router, &format!("{address}{tab}")).await.status, StatusCode::NOT_FOUND, "{tab}");
        }
        assert!(get(&router, "/onboardings").await.text.contains("No onboarding yet"));
    })
    .await;
}

#[tokio::test]
async fn a_database_that_is_gone_is_an_error_page() {
    let database = Database::sqlite().await.unwrap();
    let test = TestApp::on(database.db.clone()).await;
    let router = router(&test).await;
    assert_eq!(get(&router, "/healthz").await.status, StatusCode::OK);
    database.remove().await.unwrap();
    for path in ["/onboardings", "/healthz"] {
        assert_eq!(get(&router, path).await.status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
    }
}

#[tokio::test]
async fn long_pages_are_compressed_when_the_browser_can() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let request =
            Request::get("/onboardings").header("accept-encoding", "gzip").body(Body::empty()).unwrap();
        assert_eq!(ask(&router(&test).await, request).await.header(header::CONTENT_ENCODING), "gzip");
    })
    .await;
}
