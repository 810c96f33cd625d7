//! Several workspaces: making, renaming, switching, leaving; and one person with two roles.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use gangway_app::identity;
use gangway_domain::permission::Role;
use gangway_store::{Db, copy, membership, person};
use gangway_testkit::{Database, TestApp, deal, for_each_database};

use super::{Site, get, leads, onboard, send, signed_in, site_of};

/// Lets somebody who is known into another workspace.
async fn let_in(test: &TestApp, somebody: &gangway_app::Actor, role: Role) {
    let mut tx = test.app.db.write().await.unwrap();
    let person = somebody.person.unwrap();
    membership::insert(&mut tx, test.actor.workspace, person, role, test.app.now()).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn an_admin_makes_another_workspace_and_goes_back_and_forth() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let admin = signed_in(&test, Role::Admin).await;
        onboard(&test, &deal("Acme")).await;
        let page = get(&admin, "/onboardings").await.text;
        assert!(page.contains(">Acme<") && !page.contains("class=\"switch\""), "nothing to switch to yet");
        let refused = send(&admin, "/settings/workspaces", "workspace=+").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("Name of the company is missing"), "{}", refused.text);
        assert_eq!(leads(&send(&admin, "/settings/workspaces", "workspace=Southlight+Software").await), "/");
        let page = get(&admin, "/onboardings").await.text;
        assert!(page.contains("No onboarding yet") && !page.contains(">Acme<"), "it begins empty");
        assert!(page.contains("Southlight Software") && page.contains("class=\"switch\""), "{page}");
        let there = format!("workspace={}", test.actor.workspace);
        assert!(page.contains(&format!("value=\"{}\">Northbeam Software<small>Admin", test.actor.workspace)));
        assert_eq!(leads(&send(&admin, "/settings/me/workspace", &there).await), "/");
        assert!(get(&admin, "/onboardings").await.text.contains(">Acme<"));

        let renamed = send(&admin, "/settings/workspace/name", "workspace=Northbeam+Group").await;
        assert_eq!(leads(&renamed), "/settings/workspace?said=renamed");
        let page = get(&admin, "/settings/workspace?said=renamed").await.text;
        assert!(page.contains("The workspace is renamed.") && page.contains("value=\"Northbeam Group\""));
        let trail = get(&admin, "/settings/audit").await.text;
        assert!(
            trail.contains("Renamed the workspace Northbeam Group, before Northbeam Software"),
            "{trail}"
        );
        for (path, name) in [
            ("/settings/workspaces", "southlight+SOFTWARE"),
            ("/settings/workspaces", "Northbeam++GROUP"),
            ("/settings/workspace/name", "Southlight+software"),
        ] {
            let refused = send(&admin, path, &format!("workspace={name}")).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {name}");
            assert!(refused.text.contains("is that of another workspace here"), "{path} {name}");
        }
        let same = send(&admin, "/settings/workspace/name", "workspace=NORTHBEAM+Group").await;
        assert_eq!(leads(&same), "/settings/workspace?said=renamed", "its own name may be written otherwise");
        let long = "x".repeat(121);
        let refused = send(&admin, "/settings/workspace/name", &format!("workspace={long}")).await;
        assert!(refused.text.contains("is longer than 120 characters") && refused.text.contains(&long));
        for role in [Role::Leader, Role::Viewer] {
            let site = signed_in(&test, role).await;
            assert_eq!(
                send(&site, "/settings/workspaces", "workspace=Mine").await.status,
                StatusCode::FORBIDDEN
            );
        }
    })
    .await;
}

#[tokio::test]
async fn one_person_has_another_role_in_another_workspace_and_sees_each_alone() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        test.member(Role::Admin).await;
        let elsewhere = test.elsewhere("Southlight").await;
        elsewhere.member(Role::Admin).await;
        let ours = onboard(&test, &deal("Acme")).await;
        let theirs = onboard(&elsewhere, &deal("Zephyr")).await;
        let somebody = test.member(Role::Admin).await;
        let_in(&elsewhere, &somebody, Role::Viewer).await;
        let here = site_of(&test, &somebody).await;
        assert_eq!(get(&here, "/settings/audit").await.status, StatusCode::OK, "an admin here");
        assert_eq!(get(&here, &ours).await.status, StatusCode::OK);
        assert_eq!(get(&here, &theirs).await.status, StatusCode::NOT_FOUND, "not from here");

        let there = format!("workspace={}", elsewhere.actor.workspace);
        leads(&send(&here, "/settings/me/workspace", &there).await);
        assert_eq!(get(&here, &theirs).await.status, StatusCode::OK);
        assert_eq!(get(&here, &ours).await.status, StatusCode::NOT_FOUND, "not from there");
        for path in ["/settings/audit", "/settings/workspace", "/settings/webhooks"] {
            assert_eq!(get(&here, path).await.status, StatusCode::FORBIDDEN, "a viewer there: {path}");
        }
        for (path, form) in [
            ("/settings/team/invitations", "email=x%40example.com&role=admin".to_owned()),
            (&*format!("/settings/team/{}/role", somebody.person.unwrap()), "role=admin".to_owned()),
            ("/onboardings", "deal=Acme".to_owned()),
        ] {
            assert_eq!(send(&here, path, &form).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        let found = get(&here, "/search?q=acme").await.text;
        assert!(!found.contains(&ours), "search");
        let unknown = test.elsewhere("Unknown").await.actor.workspace;
        let refused = send(&here, "/settings/me/workspace", &format!("workspace={unknown}")).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "nobody goes where they do not belong");
    })
    .await;
}

#[tokio::test]
async fn whoever_leaves_goes_on_elsewhere_or_is_out_and_the_last_admin_stays() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let admin = signed_in(&test, Role::Admin).await;
        let refused = send(&admin, "/settings/me/leaving", "").await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.text.contains("This is the only admin"), "{}", refused.text);

        let elsewhere = test.elsewhere("Southlight").await;
        let somebody = test.member(Role::Csm).await;
        let_in(&elsewhere, &somebody, Role::Viewer).await;
        let here = site_of(&test, &somebody).await;
        let phone = Site { router: here.router.clone(), cookie: test.cookie(&somebody).await };
        assert!(get(&here, "/settings/me").await.text.contains("Leave Northbeam Software"));
        assert_eq!(leads(&send(&here, "/settings/me/leaving", "").await), "/");
        for site in [&here, &phone] {
            let page = get(site, "/settings/me").await.text;
            assert!(page.contains("Southlight") && !page.contains("Northbeam"), "{page}");
        }
        assert_eq!(leads(&send(&here, "/settings/me/leaving", "").await), "/sign-in");
        for site in [&here, &phone] {
            assert!(get(site, "/onboardings").await.header(header::LOCATION).starts_with("/sign-in"));
        }
        assert!(
            get(&admin, "/settings/audit").await.text.contains("left the team (customer success manager)")
        );
    })
    .await;
}

#[tokio::test]
async fn two_admins_who_change_one_role_hear_of_each_other() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (ines, jonas) = (signed_in(&test, Role::Admin).await, signed_in(&test, Role::Admin).await);
        let member = test.member(Role::Viewer).await.person.unwrap();
        let path = format!("/settings/team/{member}/role");
        assert!(get(&ines, "/settings/team").await.text.contains("name=\"version\" value=\"1\""));
        leads(&send(&ines, &path, "role=csm&version=1").await);
        let late = send(&jonas, &path, "role=leader&version=1").await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.text.contains("made A viewer customer success manager meanwhile"), "{}", late.text);
        assert!(late.text.contains("now customer success manager"), "what is there is said");
        assert!(late.text.contains("<option value=\"leader\" selected>"), "what was wanted is kept");
        assert!(late.text.contains("name=\"version\" value=\"2\""));
        leads(&send(&jonas, &path, "role=leader&version=2").await);
        leads(&send(&ines, &path, "role=leader&version=1").await);
    })
    .await;
}

#[tokio::test]
async fn a_page_of_another_workspace_changes_nothing() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let site = super::router(&test).await;
        let here = test.actor.workspace.to_string();
        let page = get(&site, "/accounts").await;
        assert!(page.text.contains(&format!("<meta name=\"workspace\" content=\"{here}\">")));
        let add = async |workspace: &str, name: &str| {
            let request = Request::post("/accounts")
                .header("content-type", "application/x-www-form-urlencoded")
                .header("x-workspace", workspace)
                .body(Body::from(format!("name={name}")))
                .unwrap();
            super::ask(&site, request).await
        };
        let elsewhere = test.elsewhere("Southlight").await.actor.workspace.to_string();
        let refused = add(&elsewhere, "Stale").await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.text.contains("You are in Northbeam Software now"), "{}", refused.text);
        assert_eq!(add(&here, "Fresh").await.status, StatusCode::SEE_OTHER);
        let list = get(&site, "/accounts").await.text;
        assert!(list.contains("Fresh") && !list.contains("Stale"));
    })
    .await;
}

/// How many rows every table has, counted by copying them all.
async fn rows(db: &Db) -> BTreeMap<String, i64> {
    let other = Database::sqlite().await.unwrap();
    let copied = copy::everything(db, &other.db).await.unwrap();
    other.remove().await.unwrap();
    copied.into_iter().map(|copied| (copied.table, copied.rows)).collect()
}

#[tokio::test]
async fn a_workspace_made_by_mistake_is_removed_with_every_row_in_it() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let admin = test.member(Role::Admin).await;
        let here = site_of(&test, &admin).await;
        let removal = "/settings/workspace/removal";
        let refused = send(&here, removal, "confirmation=Northbeam+Software").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("is that of the only workspace here"), "{}", refused.text);
        let page = get(&here, "/settings/workspace").await.text;
        assert!(page.contains("It is the only one here"), "{page}");
        assert!(!page.contains("name=\"confirmation\""), "{page}");
        let ours = onboard(&test, &deal("Acme")).await;
        // Looking keeps a forecast: what is counted before has been looked at.
        assert_eq!(get(&here, &ours).await.status, StatusCode::OK);
        let before = rows(&test.app.db).await;

        let mistake = test.elsewhere("My  Mistake").await;
        let_in(&mistake, &admin, Role::Admin).await;
        let csm = mistake.member(Role::Csm).await;
        let stranded = Site { router: here.router.clone(), cookie: mistake.cookie(&csm).await };
        let there = format!("workspace={}", mistake.actor.workspace);
        leads(&send(&here, "/settings/me/workspace", &there).await);
        onboard(&mistake, &deal("Zephyr")).await;
        for (path, form) in [
            ("/settings/team/invitations", "email=jonas%40example.com&role=csm"),
            ("/settings/tokens", "name=sync&scopes=read&days=30"),
            ("/settings/integrations", "crm=salesforce"),
            ("/programmes/mid-market/draft", "from=in-force"),
        ] {
            let done = send(&here, path, form).await;
            assert!(done.status.is_success() || done.status.is_redirection(), "{path}: {}", done.status);
        }
        let filled = rows(&test.app.db).await;
        let grown = filled.iter().filter(|(table, rows)| before[*table] < **rows).count();
        assert!(grown > 15, "there is little to remove: {filled:?}");

        let page = get(&here, "/settings/workspace").await.text;
        for line in ["<li>1 onboarding</li>", "<li>1 account</li>", "<li>1 API token</li>"] {
            assert!(page.contains(line), "{line}: {page}");
        }
        let wrong = send(&here, removal, "confirmation=Mistake").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("value=\"Mistake\"") && wrong.text.contains("is another one"));
        let refused = send(&stranded, removal, "confirmation=My+Mistake").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "admins only");
        let removed = send(&here, removal, "confirmation=+My+Mistake+").await;
        assert_eq!(leads(&removed), "/settings/me?said=removed");
        let page = get(&here, "/settings/me?said=removed").await.text;
        assert!(page.contains("<span>The workspace is removed") && !page.contains("Mistake"), "{page}");
        assert_eq!(get(&here, &ours).await.status, StatusCode::OK, "on where they belong as well");
        assert!(get(&stranded, "/onboardings").await.header(header::LOCATION).starts_with("/sign-in"));

        let after = rows(&test.app.db).await;
        let columns = test.app.db.columns().await.unwrap();
        for column in columns.iter().filter(|column| column.name == "workspace_id") {
            assert_eq!(after[&column.table], before[&column.table], "{}", column.table);
        }
        assert_eq!(after["workspace"], before["workspace"]);
    })
    .await;
}

#[tokio::test]
async fn whoever_is_signed_in_joins_with_one_click_and_nobody_joins_for_them() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let elsewhere = test.elsewhere("Southlight").await;
        let ines = test.member(Role::Csm).await;
        let mut tx = test.app.db.read().await.unwrap();
        let email = person::get(&mut tx, ines.person.unwrap()).await.unwrap().unwrap().email;
        drop(tx);
        // Addresses are the same in capitals.
        let (admin, email) = (&elsewhere.actor, email.to_uppercase());
        let invited = identity::invite(&elsewhere.app, admin, &email, Role::Viewer).await.unwrap();
        let link = format!("/join/{}", invited.secret.reveal());

        let jonas = signed_in(&test, Role::Ae).await;
        let page = get(&jonas, &link).await.text;
        assert!(page.contains("this invitation is for") && !page.contains("type=\"password\""), "{page}");
        assert_eq!(send(&jonas, &link, "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let out = page.split("action=\"/sign-out").nth(1).unwrap().split('"').next().unwrap();
        let out = send(&jonas, &format!("/sign-out{out}"), "").await;
        assert_eq!(leads(&out), link, "back to the invitation");
        let astray = send(&jonas, "/sign-out?to=%2F%2Fevil.example", "").await;
        assert_eq!(leads(&astray), "/", "never to another site");

        let here = Site { router: jonas.router.clone(), cookie: test.cookie(&ines).await };
        let page = get(&here, &link).await.text;
        assert!(page.contains("Join Southlight</button>") && !page.contains("type=\"password\""), "{page}");
        assert_eq!(leads(&send(&here, &link, "").await), "/");
        let page = get(&here, "/settings/me").await.text;
        assert!(page.contains("Leave Southlight") && page.contains("Northbeam Software"), "{page}");
        assert_eq!(get(&here, &link).await.status, StatusCode::GONE, "invitations work once");
    })
    .await;
}
