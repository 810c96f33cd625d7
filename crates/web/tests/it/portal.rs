//! The portal over HTTP: the way in, the pages, the mail's links, the embedded status, the team's side of it.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use gangway_app::form::{self, Draft};
use gangway_app::{people, work};
use gangway_domain::ids::{ContactId, OnboardingId};
use gangway_domain::programme::Side;
use gangway_domain::work::{Assignee, Change};
use gangway_store::contact;
use gangway_testkit::{TestApp, deal, for_each_database};
use gangway_web::{Access, Web, routes};

use super::{Answer, Site, ask, generate, get, router, send};

/// A browser in which nobody has signed in.
pub(super) fn nobody(test: &TestApp) -> Site {
    Site { router: Web::new(test.app.clone()).router(), cookie: String::new() }
}

/// The same browser with the cookie it was given.
pub(super) fn keeping(site: Site, answer: &Answer) -> Site {
    let cookie = answer.header(header::SET_COOKIE).split(';').next().unwrap().to_owned();
    Site { cookie, ..site }
}

/// An onboarding, and its sponsor Dana Whitfield, who has an address.
pub(super) async fn onboarding(test: &TestApp) -> (OnboardingId, ContactId) {
    let id = generate(test, &format!("{}Sponsor: Dana Whitfield (VP Operations)\n", deal("Acme"))).await;
    let all = people::standing(&test.app, &test.actor, id).await.unwrap().people;
    let who = all.iter().find(|one| one.facts.name == "Dana Whitfield").unwrap().facts.contact;
    let mut tx = test.app.db.write().await.unwrap();
    let mut known = contact::get(&mut tx, test.actor.workspace, who).await.unwrap().unwrap();
    known.email = Some("dana@acme.test".to_owned());
    assert!(contact::change(&mut tx, test.actor.workspace, &known).await.unwrap());
    tx.commit().await.unwrap();
    (id, who)
}

/// The path of a link that stands on a page.
fn link(page: &Answer, begin: &str) -> String {
    let all = page.text.split("http://gangway.test").skip(1).map(|rest| rest.split('<').next().unwrap());
    all.into_iter().find(|path| path.starts_with(begin)).unwrap().to_owned()
}

/// The team invites somebody: the path of their link.
async fn invited(site: &Site, id: OnboardingId, who: ContactId, form: &str) -> String {
    let page = send(site, &format!("/onboardings/{id}/portal"), &format!("contact={who}&{form}")).await;
    assert_eq!(page.status, StatusCode::CREATED, "{}", page.text);
    // What is marked so is not taken away when the page is brought up to date.
    assert!(page.text.contains("class=\"secret\""), "{}", page.text);
    link(&page, "/portal/")
}

#[tokio::test]
async fn a_guest_comes_in_works_and_leaves() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (id, who) = onboarding(&test).await;
        let team = router(&test).await;
        let stored = work::sight(&test.app, &test.actor, id).await.unwrap().stored;
        let task = stored.plan.tasks.iter().find(|task| task.side == Side::Customer).unwrap();
        let number = stored.tasks[&task.code].id;
        let assignee = Some(Assignee::Contact { id: who, name: "Dana Whitfield".to_owned() });
        let changes = vec![Change::Assign { task: task.code.clone(), assignee }];
        work::change(&test.app, &test.actor, id, None, changes).await.unwrap();

        let path = invited(&team, id, who, "role=lead&language=de").await;
        let guest = nobody(&test);
        // Scanners look; nothing is opened or used up.
        for method in [Method::HEAD, Method::GET] {
            let looked = Request::builder().method(method).uri(&path).body(Body::empty()).unwrap();
            let looked = ask(&guest, looked).await;
            assert_eq!(looked.status, StatusCode::OK);
            assert!(looked.headers.get(header::SET_COOKIE).is_none());
        }
        let door = get(&guest, &path).await;
        assert!(
            door.text.contains("lang=\"de\"") && door.text.contains("Guten Tag Dana Whitfield"),
            "{}",
            door.text
        );
        let opened = send(&guest, &path, "").await;
        let cookie = opened.header(header::SET_COOKIE).to_owned();
        for part in ["gangway-portal=", "; Path=/portal;", "HttpOnly", "SameSite=Lax"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert_eq!(opened.header(header::LOCATION), "/portal");
        let guest = keeping(guest, &opened);
        let pages = [
            "/portal",
            "/portal/plan",
            "/portal/todo",
            "/portal/approvals",
            "/portal/meetings",
            "/portal/documents",
            "/portal/people",
        ];
        for path in pages {
            let page = get(&guest, path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text);
            assert!(page.text.len() < 60_000, "{path} has {} bytes", page.text.len());
            assert!(!page.text.contains("<script") && page.text.contains("Übersicht"), "{path}");
        }
        let address = format!("/portal/tasks/{number}");
        assert!(get(&guest, &address).await.text.contains("Das ist erledigt"));
        let said = send(&guest, &format!("{address}/comments"), "said=Welches+Format%3F").await;
        assert_eq!(said.status, StatusCode::SEE_OTHER);
        let done = send(&guest, &format!("{address}/completion"), "").await;
        let page = get(&guest, done.header(header::LOCATION)).await;
        assert!(
            page.text.contains("Erledigt. Danke.") && page.text.contains("Welches Format?"),
            "{}",
            page.text
        );
        // The guest's cookie opens nothing of the team's.
        let inside = get(&guest, &format!("/onboardings/{id}")).await;
        assert!(inside.header(header::LOCATION).starts_with("/sign-in"));
        let unknown = get(&guest, "/portal/tasks/tsk_00000000000000000000000000000001").await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND);
        assert!(unknown.text.contains("Das gibt es hier nicht"), "told in their language: {}", unknown.text);
        let nowhere = get(&guest, "/portal/no/such/page").await;
        assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
        assert!(nowhere.text.contains("Das gibt es hier nicht"), "also where no route is: {}", nowhere.text);
        let long = format!("said={}", "x".repeat(2_200_000));
        let large = send(&guest, &format!("{address}/comments"), &long).await;
        assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(large.text.contains("Das ist zu viel auf einmal"), "{}", large.text);
        let left = send(&guest, "/portal/closing", "").await;
        assert!(left.header(header::SET_COOKIE).contains("Max-Age=0"));
        assert_eq!(get(&guest, "/portal").await.header(header::LOCATION), "/portal/closed");
        let page = get(&nobody(&test), left.header(header::LOCATION)).await;
        assert!(page.text.contains("class=\"masthead\""), "it looks as the portal did: {}", page.text);
    })
    .await;
}

#[tokio::test]
async fn the_team_invites_shares_looks_on_and_shuts_out() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (id, who) = onboarding(&test).await;
        let team = router(&test).await;
        let base = format!("/onboardings/{id}/portal");
        let page = get(&team, &base).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        assert!(page.text.contains("Not invited") && page.text.contains("Dana Whitfield"));
        let path = invited(&team, id, who, "role=sponsor&language=en").await;
        let guest = nobody(&test);
        let opened = send(&guest, &path, "").await;
        let guest = keeping(guest, &opened);
        assert!(get(&guest, "/portal/documents").await.text.contains("Nothing is shared yet."));
        let shared = send(&team, &format!("{base}/documents"), "document=implementation-plan").await;
        assert_eq!(shared.status, StatusCode::SEE_OTHER, "{}", shared.text);
        assert!(
            get(&guest, "/portal/documents").await.text.contains("/portal/documents/implementation-plan")
        );
        let document = get(&guest, "/portal/documents/implementation-plan").await;
        assert_eq!(document.status, StatusCode::OK);
        assert!(document.header(header::CONTENT_SECURITY_POLICY).contains("sandbox"));
        for hidden in ["handoff", "stakeholder-map", "raci-matrix"] {
            let hidden = get(&guest, &format!("/portal/documents/{hidden}")).await;
            assert_eq!(hidden.status, StatusCode::NOT_FOUND);
        }
        let looks = send(&team, &format!("{base}/as/{who}"), "").await;
        assert_eq!(looks.header(header::LOCATION), "/portal", "{}", looks.text);
        let both =
            format!("{}; {}", team.cookie, looks.header(header::SET_COOKIE).split(';').next().unwrap());
        let looker = Site { router: team.router.clone(), cookie: both };
        let seen = get(&looker, "/portal").await;
        assert!(seen.text.contains("You see what Dana Whitfield sees"), "{}", seen.text);
        let refused = send(&looker, "/portal/people", "name=Eve&email=eve%40acme.test").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let back = send(&looker, "/portal/closing", "").await;
        assert_eq!(back.header(header::LOCATION), base);
        let page = get(&team, &base).await;
        let access = page.text.split(&format!("{base}/pac_")).nth(1).unwrap();
        let access: String = access.chars().take_while(char::is_ascii_hexdigit).collect();
        let out = send(&team, &format!("{base}/pac_{access}/removal"), "").await;
        assert_eq!(out.status, StatusCode::SEE_OTHER, "{}", out.text);
        assert_eq!(get(&guest, "/portal").await.header(header::LOCATION), "/portal/closed");
        let gone = get(&nobody(&test), &path).await;
        assert_eq!(gone.status, StatusCode::GONE);
        assert!(gone.text.contains("<span class=\"vendor\">Northbeam Software</span>"), "{}", gone.text);
        assert!(!gone.text.contains("Acme") && !gone.text.contains("Dana"), "{}", gone.text);
        let none = get(&nobody(&test), "/portal/never-was").await;
        assert_eq!(none.status, StatusCode::GONE);
        assert!(!none.text.contains("masthead"), "{}", none.text);
    })
    .await;
}

#[tokio::test]
async fn whoever_lost_their_link_asks_for_another_and_learns_nothing_of_others() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (id, who) = onboarding(&test).await;
        let team = router(&test).await;
        invited(&team, id, who, "role=sponsor&language=en").await;
        let stranger = nobody(&test);
        let page = get(&stranger, "/portal/closed").await;
        assert!(page.text.contains("Send me a new link"), "{}", page.text);
        let known = send(&stranger, "/portal/closed", "email=DANA%40acme.test").await;
        let unknown = send(&stranger, "/portal/closed", "email=eve%40acme.test").await;
        assert_eq!((known.status, unknown.status), (StatusCode::OK, StatusCode::OK));
        assert!(known.text.contains("a link is on its way to it"), "{}", known.text);
        assert_eq!(known.text, unknown.text, "the answer does not tell who has access");
        let wrong = send(&stranger, "/portal/closed", "email=dana").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("value=\"dana\"") && wrong.text.contains("This is no mail address"));
        let mut last = known.status;
        for _ in 0..10 {
            last = send(&stranger, "/portal/closed", "email=dana%40acme.test").await.status;
        }
        assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    })
    .await;
}

#[tokio::test]
async fn a_status_is_embedded_where_the_settings_say() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (id, _) = onboarding(&test).await;
        let team = router(&test).await;
        let form = "version=0&name=Northbeam&colour=%230d5a5a&greeting=&help_email=&language=en\
                    &frame_ancestors=https%3A%2F%2Fintranet.acme.test&reminds=yes";
        let saved = send(&team, "/settings/portal", form).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        assert_eq!(send(&team, "/settings/portal", form).await.status, StatusCode::CONFLICT);
        let wrong = send(
            &team,
            "/settings/portal",
            &form.replace("version=0", "version=1").replace("https%3A", "ftp%3A"),
        )
        .await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let brand = get(&nobody(&test), &format!("/portal/brand/{}/1/brand.css", test.actor.workspace)).await;
        assert!(brand.text.contains("#0d5a5a"), "{}", brand.text);
        let made = send(&team, &format!("/onboardings/{id}/portal/embeds"), "").await;
        assert!(made.text.contains("class=\"secret\""), "{}", made.text);
        let path = link(&made, "/embed/");
        let again = get(&team, &format!("/onboardings/{id}/portal/embeds")).await;
        assert_eq!(again.status, StatusCode::OK, "a reload shows the page, not an error");
        let shown = get(&nobody(&test), &path).await;
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
        let policy = shown.header(header::CONTENT_SECURITY_POLICY);
        assert!(policy.contains("frame-ancestors https://intranet.acme.test"), "{policy}");
        assert!(shown.text.contains("Acme") && !shown.text.contains("Dana"));
        let page = get(&team, &format!("/onboardings/{id}/portal")).await;
        let digest = page.text.split("/portal/embeds/").nth(1).unwrap().split('/').next().unwrap().to_owned();
        let ended = send(&team, &format!("/onboardings/{id}/portal/embeds/{digest}/end"), "").await;
        assert_eq!(ended.status, StatusCode::SEE_OTHER);
        assert_eq!(get(&nobody(&test), &path).await.status, StatusCode::GONE);
    })
    .await;
}

/// Sends a form that carries a file, as browsers do.
async fn upload(site: &Site, path: &str, name: &str, bytes: &[u8]) -> Answer {
    let head = format!(
        "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: text/html\r\n\r\n"
    );
    let body = [head.as_bytes(), bytes, b"\r\n--cut--\r\n"].concat();
    let request = Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut");
    ask(site, request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn files_of_guests_are_looked_at_and_only_ever_saved() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (id, who) = onboarding(&test).await;
        let team = router(&test).await;
        let path = invited(&team, id, who, "role=lead&language=de").await;
        let guest = nobody(&test);
        let opened = send(&guest, &path, "").await;
        let guest = keeping(guest, &opened);
        let stored = work::sight(&test.app, &test.actor, id).await.unwrap().stored;
        let task = stored.plan.tasks.iter().find(|task| task.side == Side::Customer).unwrap();
        let task = format!("/portal/tasks/{}", stored.tasks[&task.code].id);
        let draft = Draft { form: "data-template".to_owned(), ..Draft::default() };
        let asked = form::ask(&test.app, &test.actor, id, draft).await.unwrap().id;
        let ways = [format!("{task}/files"), format!("/portal/forms/{asked}/files/sample")];
        // Whoever adds another way in for files adds it here.
        let taking = routes().into_iter().filter(|route| {
            let takes = route.path.ends_with("/files") || route.path.ends_with("/files/{field}");
            takes && route.access == Access::Guest && route.method == Method::POST
        });
        assert_eq!(taking.count(), ways.len());

        let mut large = b"%PDF-1.7 ".to_vec();
        large.resize(10 * 1024 * 1024 + 1, b'a');
        let huge = vec![b'a'; 11 * 1024 * 1024];
        let hostile: [(&str, &[u8]); 8] = [
            ("a.html", b"<html><script>alert(1)</script>"),
            ("a.txt", b"<svg onload=alert(1)>"),
            ("report.pdf", b"MZ\x90\x00"),
            ("report.pdf.exe", b"%PDF-1.7"),
            ("list.csv", b"PK\x03\x04run.exe"),
            ("empty.pdf", b""),
            ("large.pdf", &large),
            ("huge.txt", &huge),
        ];
        for way in &ways {
            for (name, bytes) in hostile {
                let answer = upload(&guest, way, name, bytes).await;
                let told = answer.text.contains("Diese Datei wird nicht angenommen");
                assert!(told, "{name} at {way}: {}", answer.text);
                assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name} at {way}");
            }
        }
        let bytes = b"%PDF-1.7 <script>alert(1)</script>";
        for way in &ways {
            let kept = upload(&guest, way, "../../etc/plan.pdf", bytes).await;
            assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
        }
        let page = get(&guest, &task).await;
        let file = page.text.split("/portal/files/").nth(1).unwrap().split('"').next().unwrap();
        let ours = format!("/onboardings/{id}/forms/{asked}/files/sample");
        for (site, path) in [(&guest, format!("/portal/files/{file}")), (&team, ours)] {
            let saved = get(site, &path).await;
            assert_eq!(saved.status, StatusCode::OK, "{path}");
            assert_eq!(saved.text.as_bytes(), bytes);
            assert_eq!(saved.header(header::CONTENT_TYPE), "application/octet-stream");
            assert_eq!(saved.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
            let disposition = saved.header(header::CONTENT_DISPOSITION);
            assert!(disposition.starts_with("attachment; filename=\"plan.pdf\""), "{disposition}");
            assert!(saved.header(header::CONTENT_SECURITY_POLICY).contains("default-src 'none'"));
        }
        let stranger = nobody(&test);
        assert_eq!(get(&stranger, &format!("/portal/files/{file}")).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}
