//! Who gets in, and how far: the authorisation matrix, sessions, links, passwords.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode, header};
use gangway_app::identity::Secret;
use gangway_domain::permission::Role;
use gangway_testkit::{Database, TestApp, deal, for_each_database};
use gangway_web::{Access, Web, routes};

use super::{Answer, Site, ask, get, onboard, send};

fn nobody(test: &TestApp) -> Site {
    let code = Secret::from_holder("the-code");
    Site { router: Web::new(test.app.clone()).with_setup_code(code).router(), cookie: String::new() }
}

async fn site(test: &TestApp, role: Role) -> Site {
    Site { cookie: test.sign_in(role).await, ..nobody(test) }
}

/// The browser keeps the cookie it is given.
fn with_cookie_of(site: Site, answer: &Answer) -> Site {
    let cookie = answer.header(header::SET_COOKIE).split(';').next().unwrap_or_default().to_owned();
    assert!(cookie.len() > 20, "no cookie: {} {}", answer.status, answer.text);
    Site { cookie, ..site }
}

/// A path with something that does not exist for every `{…}`.
fn filled(path: &str) -> String {
    path.split('/')
        .map(|part| if part.starts_with('{') { "nothing" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

async fn answer(site: &Site, method: &Method, path: &str) -> Answer {
    if *method == Method::GET { get(site, &filled(path)).await } else { send(site, &filled(path), "").await }
}

#[tokio::test]
async fn every_route_lets_in_whom_the_matrix_says_and_nobody_else() {
    let database = Database::sqlite().await.unwrap();
    let test = TestApp::on(database.db.clone()).await;
    test.member(Role::Admin).await;
    let all = routes();
    assert!(all.len() >= 480, "the list lost routes: {}", all.len());
    // Made once: making the router of hundreds of routes takes longer than asking it.
    let open = nobody(&test);
    for route in &all {
        let stranger = answer(&open, &route.method, route.path).await;
        let turned_away = match route.method {
            // `/setup` leads to `/sign-in` too, by itself, once it is done.
            Method::GET if route.access == Access::Guest => {
                stranger.header(header::LOCATION) == "/portal/closed"
            }
            Method::GET if route.path != "/setup" => {
                stranger.header(header::LOCATION).starts_with("/sign-in")
            }
            _ if route.access == Access::Guest => {
                stranger.status == StatusCode::UNAUTHORIZED && stranger.text.contains("Your portal is closed")
            }
            _ => stranger.status == StatusCode::UNAUTHORIZED && stranger.text.contains("You are signed out"),
        };
        let for_all = matches!(route.access, Access::Public | Access::Entrance);
        assert_eq!(turned_away, !for_all, "nobody at {} {}", route.method, route.path);
        for role in Role::ALL {
            let member = Site { router: open.router.clone(), cookie: test.sign_in(role).await };
            let page = answer(&member, &route.method, route.path).await;
            let refused =
                page.status == StatusCode::FORBIDDEN && page.text.contains("Your role does not allow this");
            let expected = matches!(route.access, Access::Needs(action) if !role.may(action));
            assert_eq!(refused, expected, "{role} at {} {}: {}", route.method, route.path, page.status);
            assert!(!page.status.is_server_error(), "{role} at {} {}", route.method, route.path);
        }
    }
    database.remove().await.unwrap();
}

#[tokio::test]
async fn the_first_admin_sets_up_invites_a_colleague_and_signs_out() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let site = nobody(&test);
        assert_eq!(get(&site, "/sign-in").await.header(header::LOCATION), "/setup");
        let form =
            "workspace=Northbeam&name=Ines+Okafor&email=ines%40example.com&password=correct+horse+battery";
        let refused = send(&site, "/setup", &format!("code=guess&{form}")).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(refused.text.contains("value=\"Northbeam\""), "what was typed is kept");
        let short = send(&site, "/setup", "code=the-code&workspace=&name=Ines&email=x&password=short").await;
        assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(short.text.contains("Password needs at least 12 characters"), "{}", short.text);
        assert!(short.text.contains("Your company is missing") && !short.text.contains("short\""));
        let made = send(&site, "/setup", &format!("code=the-code&{form}")).await;
        let cookie = made.header(header::SET_COOKIE).to_owned();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        let admin = with_cookie_of(site, &made);
        assert_eq!(get(&admin, "/onboardings").await.status, StatusCode::OK);
        let second = send(&nobody(&test), "/setup", &format!("code=the-code&{form}")).await;
        assert_eq!(second.status, StatusCode::CONFLICT, "there is one first admin");

        let invited = send(&admin, "/settings/team/invitations", "email=jonas%40example.com&role=csm").await;
        let link =
            invited.text.split("http://gangway.test").nth(1).unwrap().split('<').next().unwrap().to_owned();
        let guest = nobody(&test);
        assert!(get(&guest, &link).await.text.contains("Ines Okafor invites you"));
        assert!(get(&guest, &link).await.text.contains("Customer success manager".to_lowercase().as_str()));
        let joined = send(&guest, &link, "name=Jonas+Feld&password=quite+a+long+secret").await;
        let guest = with_cookie_of(guest, &joined);
        assert!(get(&guest, "/settings/team").await.text.contains("Jonas Feld"));
        assert_eq!(
            send(&nobody(&test), &link, "name=X&password=quite+a+long+secret").await.status,
            StatusCode::GONE
        );
        assert_eq!(get(&guest, "/settings/audit").await.status, StatusCode::FORBIDDEN);
        let trail = get(&admin, "/settings/audit").await.text;
        assert!(trail.contains("Invited jonas@example.com") && trail.contains("Jonas Feld joined"));

        let out = send(&guest, "/sign-out", "").await;
        assert!(out.header(header::SET_COOKIE).contains("Max-Age=0"));
        assert!(get(&guest, "/onboardings").await.header(header::LOCATION).starts_with("/sign-in"));
        let wrong =
            send(&nobody(&test), "/sign-in", "email=jonas%40example.com&password=quite+a+short+one").await;
        let unknown =
            send(&nobody(&test), "/sign-in", "email=nobody%40example.com&password=quite+a+short+one").await;
        assert_eq!((wrong.status, unknown.status), (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED));
        assert_eq!(
            wrong.text.replace("jonas", "nobody"),
            unknown.text,
            "the answer does not tell who has an account"
        );
        let back = send(
            &nobody(&test),
            "/sign-in",
            "email=JONAS%40example.com&password=quite+a+long+secret&to=%2F%2Fevil.example",
        )
        .await;
        assert_eq!(back.header(header::LOCATION), "/", "never to another site");
        let request = Request::post("/sign-in")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .extension(ConnectInfo(SocketAddr::from(([192, 0, 2, 7], 4711))));
        let form = Body::from("email=jonas%40example.com&password=quite+a+long+secret");
        assert_eq!(ask(&nobody(&test), request.body(form).unwrap()).await.status, StatusCode::SEE_OTHER);
        let trail = get(&admin, "/settings/audit").await.text;
        assert!(trail.contains("Jonas Feld signed in from 192.0.2.7"), "{trail}");
    })
    .await;
}

#[tokio::test]
async fn a_session_is_new_at_every_sign_in_ends_when_unused_and_dies_with_its_member() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let admin = site(&test, Role::Admin).await;
        let planted = Site { cookie: "gangway=0000".to_owned(), ..nobody(&test) };
        assert!(get(&planted, "/onboardings").await.header(header::LOCATION).starts_with("/sign-in"));

        let viewer = test.member(Role::Viewer).await;
        let viewers = Site { cookie: test.cookie(&viewer).await, ..nobody(&test) };
        assert_eq!(get(&viewers, "/onboardings").await.status, StatusCode::OK);
        let removal = format!("/settings/team/{}/removal", viewer.person.unwrap());
        assert_eq!(send(&admin, &removal, "").await.status, StatusCode::SEE_OTHER);
        assert!(
            get(&viewers, "/onboardings").await.header(header::LOCATION).starts_with("/sign-in"),
            "out at once"
        );

        let other = site(&test, Role::Leader).await;
        test.clock.advance_days(13);
        assert_eq!(get(&other, "/onboardings").await.status, StatusCode::OK);
        test.clock.advance_days(13);
        assert_eq!(get(&other, "/onboardings").await.status, StatusCode::OK, "use keeps it alive");
        test.clock.advance_days(15);
        assert!(get(&other, "/onboardings").await.header(header::LOCATION).starts_with("/sign-in"));
    })
    .await;
}

#[tokio::test]
async fn the_last_admin_stays() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let admin = site(&test, Role::Admin).await;
        let page = get(&admin, "/settings/team").await.text;
        let id = page.split("/settings/team/per_").nth(1).unwrap().split('/').next().unwrap();
        for (path, form) in [("role", "role=viewer"), ("removal", "")] {
            let refused = send(&admin, &format!("/settings/team/per_{id}/{path}"), form).await;
            assert_eq!(refused.status, StatusCode::CONFLICT);
            assert!(refused.text.contains("This is the only admin"));
        }
    })
    .await;
}

#[tokio::test]
async fn guessing_a_password_soon_has_to_wait() {
    let database = Database::sqlite().await.unwrap();
    let test = TestApp::on(database.db.clone()).await;
    test.member(Role::Admin).await;
    let site = nobody(&test);
    for _ in 0..10 {
        let answer = send(&site, "/sign-in", "email=ines%40example.com&password=a+wrong+password").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    let answer = send(&site, "/sign-in", "email=Ines%40Example.com&password=a+wrong+password").await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.text.contains("wait 15 minutes"), "{}", answer.text);
    database.remove().await.unwrap();
}

/// Somebody guesses, from this address with this header, under a name nobody has tried.
async fn guess(site: &Site, number: usize, peer: &str, forwarded: &str) -> StatusCode {
    let peer: SocketAddr = format!("{peer}:4711").parse().unwrap();
    let request = Request::post("/sign-in")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("x-forwarded-for", forwarded)
        .extension(ConnectInfo(peer));
    let form = format!("email=nobody{number}%40example.com&password=a+wrong+password");
    ask(site, request.body(Body::from(form)).unwrap()).await.status
}

#[tokio::test]
async fn nobody_escapes_the_wait_by_making_addresses_up() {
    let database = Database::sqlite().await.unwrap();
    let test = TestApp::on(database.db.clone()).await;
    test.member(Role::Admin).await;
    let alone = nobody(&test);
    let pages = Web::new(test.app.clone()).with_trusted_proxies(["10.0.0.0/8".parse().unwrap()]);
    let behind = Site { router: pages.router(), cookie: String::new() };
    for number in 0..10 {
        let forged = format!("198.51.100.{number}");
        assert_eq!(guess(&alone, number, "192.0.2.7", &forged).await, StatusCode::UNAUTHORIZED);
        let forged = format!("198.51.100.{number}, 203.0.113.9, 10.0.0.3");
        assert_eq!(guess(&behind, 100 + number, "10.0.0.2", &forged).await, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(guess(&alone, 10, "192.0.2.7", "198.51.100.99").await, StatusCode::TOO_MANY_REQUESTS);
    let again = guess(&behind, 110, "10.0.0.2", "198.51.100.99, 203.0.113.9").await;
    assert_eq!(again, StatusCode::TOO_MANY_REQUESTS, "the client is known through the proxies");
    let other = guess(&behind, 111, "10.0.0.2", "203.0.113.10").await;
    assert_eq!(other, StatusCode::UNAUTHORIZED, "others behind the same proxy do not wait");
    database.remove().await.unwrap();
}

#[tokio::test]
async fn a_token_is_shown_once_and_ends_at_once() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let admin = site(&test, Role::Csm).await;
        let refused = send(&admin, "/settings/tokens", "name=sync&days=1000").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("value=\"sync\"") && refused.text.contains("between 1 and 366"));
        let made = send(&admin, "/settings/tokens", "name=sync&scopes=read&scopes=write&days=30").await;
        assert_eq!(made.status, StatusCode::CREATED);
        let token = made.text.split("id=\"token\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        assert!(token.starts_with("gangway_") && token.len() == 72, "{token}");
        let page = get(&admin, "/settings/tokens").await.text;
        assert!(page.contains("sync") && !page.contains(&token));
        let held = Secret::from_holder(&token);
        let (_, actor) = gangway_app::identity::authenticate_token(&test.app, &held).await.unwrap().unwrap();
        assert!(actor.name.ends_with("(sync)"));
        let id = page.split("/settings/tokens/").find(|part| part.starts_with("tok_")).unwrap();
        let id = id.split('/').next().unwrap();
        let stranger = site(&test, Role::Viewer).await;
        assert_eq!(
            send(&stranger, &format!("/settings/tokens/{id}/end"), "").await.status,
            StatusCode::NOT_FOUND
        );
        assert_eq!(
            send(&admin, &format!("/settings/tokens/{id}/end"), "").await.status,
            StatusCode::SEE_OTHER
        );
        assert!(gangway_app::identity::authenticate_token(&test.app, &held).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_crm_gets_an_address_and_loses_it() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let admin = site(&test, Role::Admin).await;
        let path = "/settings/integrations";
        let refused = send(&admin, path, "crm=hubspot&signing_secret=short").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("must be the client secret"), "{}", refused.text);
        let made = send(&admin, path, "crm=salesforce").await;
        assert_eq!(made.status, StatusCode::CREATED);
        let address =
            made.text.split("id=\"address\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        let (rest, secret) = address.rsplit_once('/').unwrap();
        assert!(
            rest.starts_with("http://gangway.test/hooks/salesforce/hok_") && secret.len() == 64,
            "{address}"
        );
        let page = get(&admin, path).await.text;
        assert!(page.contains("no message yet") && !page.contains(secret), "shown once");
        let id = rest.rsplit('/').next().unwrap();
        assert_eq!(send(&admin, &format!("{path}/{id}/end"), "").await.status, StatusCode::SEE_OTHER);
        assert!(!get(&admin, path).await.text.contains(id));
        let strange = send(&admin, path, "crm=pipedrive").await;
        assert_eq!(strange.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

#[tokio::test]
async fn the_way_back_is_kept_through_signing_in() {
    let database = Database::sqlite().await.unwrap();
    let test = TestApp::on(database.db.clone()).await;
    let address = onboard(&test, &deal("Acme")).await;
    test.member(Role::Admin).await;
    let away = get(&nobody(&test), &format!("{address}?known=1")).await;
    let form = get(&nobody(&test), away.header(header::LOCATION)).await;
    assert!(form.text.contains(&format!("name=\"to\" value=\"{address}?known=1\"")), "{}", form.text);
    database.remove().await.unwrap();
}
