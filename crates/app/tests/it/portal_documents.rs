//! Documents in the portal: made once while nothing changes, and never other than they would be made now.

use std::collections::BTreeMap;
use std::sync::Arc;

use gangway_app::document::{self, Seen};
use gangway_app::onboarding::move_on;
use gangway_app::outcome::{self, Draft};
use gangway_app::{Actor, App, AppError, contact, people, portal, work};
use gangway_domain::ids::OnboardingId;
use gangway_domain::portal::PortalRole;
use gangway_domain::programme::Side;
use gangway_domain::work::Change;
use gangway_testkit::{TestApp, for_each_database};
use jiff::ToSpan;

use super::programme::publish;
use super::{guest, sponsored, sponsored_at};

/// Shares every document there is with the customer.
async fn share_all(test: &TestApp, id: OnboardingId) {
    let all = portal::shareable(&test.app, &test.actor, id).await.unwrap();
    let names: Vec<String> = all.into_iter().map(|one| one.name).collect();
    portal::share_documents(&test.app, &test.actor, id, &names).await.unwrap();
}

/// Every document a guest sees, by name.
async fn pages(app: &App, guest: &Actor) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    for one in portal::guest_documents(app, guest).await.unwrap() {
        let page = portal::guest_document(app, guest, &one.name).await.unwrap();
        pages.insert(one.name, page);
    }
    pages
}

/// The same as somebody would make them who has kept nothing.
async fn made_anew(app: &App, guest: &Actor) -> BTreeMap<String, String> {
    pages(&App { pages: Arc::default(), ..app.clone() }, guest).await
}

/// What a guest sees after something was done: no page as it was made before.
async fn now_other(app: &App, guest: &Actor, seen: &mut BTreeMap<String, String>, done: &str) {
    let now = pages(app, guest).await;
    assert_eq!(now, made_anew(app, guest).await, "{done}");
    assert_ne!(now, *seen, "{done} is in no document");
    *seen = now;
}

#[tokio::test]
async fn what_changes_is_in_the_documents_at_once() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let (dana, guest) = guest(&test, id, PortalRole::Lead).await;
        share_all(&test, id).await;
        let mut seen = pages(app, &guest).await;
        assert!(seen.len() > 4, "{:?}", seen.keys());
        assert_eq!(pages(app, &guest).await, seen);

        let name = "implementation-plan";
        let sheet = document::open_to_change(app, actor, id, name).await.unwrap();
        let words = format!("{}\nBring the keys.\n", sheet.text);
        let had = Seen { mark: sheet.mark, text: None };
        document::change(app, actor, &sheet, &words, had).await.unwrap();
        now_other(app, &guest, &mut seen, "a changed document").await;
        assert!(seen[name].contains("Bring the keys."));
        let mark = document::open(app, actor, id, name).await.unwrap().mark;
        document::reset(app, actor, id, name, mark).await.unwrap();
        now_other(app, &guest, &mut seen, "a change that was taken back").await;
        assert!(!seen[name].contains("Bring the keys."));

        let stored = work::sight(app, actor, id).await.unwrap().stored;
        let task = stored.plan.tasks.iter().find(|task| task.side == Side::Customer).unwrap().code.clone();
        let renamed = Change::Rename { task, name: "Name the lanterns".to_owned() };
        work::change(app, actor, id, None, vec![renamed]).await.unwrap();
        now_other(app, &guest, &mut seen, "another plan").await;
        assert!(seen[name].contains("Name the lanterns"));

        let draft = Draft {
            goal: "Light every lantern".to_owned(),
            metric: "Lanterns lit".to_owned(),
            unit: "lanterns".to_owned(),
            direction: None,
            baseline: "1".parse().ok(),
            target: "9".parse().ok(),
            by: app.today() + 90.days(),
            proof: "A walk at night".to_owned(),
            confirms: "Dana Whitfield".to_owned(),
            rung: None,
            first_value: false,
            full_value: false,
            promises: Vec::new(),
        };
        let made = outcome::add(app, actor, id, draft).await.unwrap();
        now_other(app, &guest, &mut seen, "a new outcome").await;
        let other = Draft { goal: "Light half of them".to_owned(), ..Draft::of(&made) };
        outcome::change(app, actor, made.id, made.version, other).await.unwrap();
        now_other(app, &guest, &mut seen, "another goal").await;
        assert!(seen["joint-impact-plan"].contains("Light half of them"));

        let version = contact::get(app, actor, dana).await.unwrap().0.version;
        let called = contact::Changes { name: Some("Dana Ruiz".to_owned()), ..contact::Changes::default() };
        contact::change(app, actor, dana, version, called).await.unwrap();
        now_other(app, &guest, &mut seen, "another name").await;
        let mut matrix = people::raci(app, actor, id).await.unwrap().matrix;
        matrix.rows.pop();
        people::set_raci(app, actor, id, 0, matrix).await.unwrap();
        now_other(app, &guest, &mut seen, "another matrix").await;

        publish(&test, "go-live", "9").await;
        let standing = move_on::standing(app, actor, id).await.unwrap();
        let newer = standing.newer.unwrap();
        move_on::take(app, actor, id, standing.version, &newer.digest).await.unwrap();
        now_other(app, &guest, &mut seen, "another programme").await;

        portal::share_documents(app, actor, id, &[]).await.unwrap();
        let gone = portal::guest_document(app, &guest, name).await;
        assert!(matches!(gone, Err(AppError::NotFound { .. })), "not shared any more: {gone:?}");
    })
    .await;
}

#[tokio::test]
async fn a_page_that_is_kept_is_shown_to_nobody_else() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let app = &test.app;
        let (acme, bright) = (sponsored(&test).await, sponsored_at(&test, "Bright Care").await);
        let mut guests = Vec::new();
        for id in [acme, bright] {
            share_all(&test, id).await;
            guests.push(guest(&test, id, PortalRole::Lead).await.1);
        }
        // Each is asked for with those of the other kept already.
        for _ in 0..2 {
            let (ours, theirs) = (pages(app, &guests[0]).await, pages(app, &guests[1]).await);
            assert!(ours.keys().eq(theirs.keys()) && ours.len() > 4);
            for (name, page) in &ours {
                assert!(!page.contains("Bright Care") && !theirs[name].contains("Acme"), "{name}");
            }
            let name = "implementation-plan";
            assert!(ours[name].contains("Acme") && theirs[name].contains("Bright Care"));
        }
        let elsewhere = test.elsewhere("Somebody else's").await;
        let name = "implementation-plan";
        let refused = document::preview(&elsewhere.app, &elsewhere.actor, acme, name, None).await;
        assert!(matches!(refused, Err(AppError::NotFound { .. })), "{refused:?}");
    })
    .await;
}
