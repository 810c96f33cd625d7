//! The register: what the package brings into it, and what people do with it.

use gangway_app::register::{self, Changes, Draft, Query};
use gangway_app::{AppError, contact, onboarding, upkeep};
use gangway_domain::permission::Role;
use gangway_domain::register::{Details, Kind, Level, Outcome, Owner, Visibility};
use gangway_testkit::{TestApp, for_each_database};
use jiff::civil::date;

use super::sponsored;

fn risk(title: &str, probability: i64, impact: i64) -> Draft {
    Draft {
        title: title.to_owned(),
        details: Details::Risk {
            probability: Level::try_from(probability).unwrap(),
            impact: Level::try_from(impact).unwrap(),
            category: Some("resource".to_owned()),
            mitigation: "A second engineer".to_owned(),
            origin: String::new(),
        },
        owner: None,
        due_on: Some(date(2027, 1, 20)),
        visibility: Visibility::Customer,
        meeting: None,
    }
}

fn action(title: &str) -> Draft {
    let details = Details::Action { about: String::new(), task: None };
    Draft { details, ..risk(title, 1, 1) }
}

#[tokio::test]
async fn risks_and_questions_of_the_package_are_its_first_entries() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = sponsored(&test).await;
        let package = onboarding::get(&test.app, &test.actor, id).await.unwrap().onboarding.package;
        let known = register::of_onboarding(&test.app, &test.actor, id).await.unwrap().entries;
        let of = |kind: Kind| known.iter().filter(|entry| entry.kind() == kind).count();
        assert_eq!((of(Kind::Risk), of(Kind::Action)), (package.risks.len(), package.questions.len()));
        assert!(!package.risks.is_empty() && !package.questions.is_empty());
        let flag = known.iter().find(|entry| entry.title.contains("IT is short of people")).unwrap();
        assert_eq!(flag.visibility, Visibility::Internal, "red flags are not for the customer");
        let question = known.iter().find(|entry| entry.code() == "A-1").unwrap();
        assert_eq!(
            (question.title.as_str(), question.due_on),
            (format!("Find out: {}", package.questions[0].text).as_str(), Some(package.questions[0].by))
        );
        // Later starts do not make them again.
        upkeep::run(&test.app).await.unwrap();
        let again = register::of_onboarding(&test.app, &test.actor, id).await.unwrap().entries;
        assert_eq!(again, known);
    })
    .await;
}

#[tokio::test]
async fn an_owner_is_called_as_they_are_called_now() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let head = register::of_onboarding(app, actor, id).await.unwrap().head;
        let contacts = register::candidates(app, actor, &head).await.unwrap().contacts;
        let dana = contacts.iter().find(|contact| contact.name == "Dana Whitfield").unwrap();
        let owner = |owner| Draft { owner: Some(owner), ..action("Call the IT lead") };
        let theirs = register::add(app, actor, id, owner(Owner::Contact { id: dana.id })).await.unwrap();
        let nobody = Owner::Named { name: "Dana Whitfield".to_owned() };
        let named = register::add(app, actor, id, owner(nobody)).await.unwrap();
        let name = Some("Dana Ruiz".to_owned());
        let changes = contact::Changes { name, ..contact::Changes::default() };
        contact::change(app, actor, dana.id, dana.version, changes).await.unwrap();
        let known = register::of_onboarding(app, actor, id).await.unwrap().entries;
        let called = |id| known.iter().find(|entry| entry.id == id).unwrap().owner_name.as_deref();
        assert_eq!(called(theirs.id), Some("Dana Ruiz"));
        assert_eq!(called(named.id), Some("Dana Whitfield"), "a mere name stays as it was written");
        let (_, alone) = register::get(app, actor, theirs.id).await.unwrap();
        assert_eq!(alone.owner_name.as_deref(), Some("Dana Ruiz"));
    })
    .await;
}

#[tokio::test]
async fn entries_are_numbered_changed_closed_and_opened_again() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let seeded = onboarding::get(app, actor, id).await.unwrap().onboarding.package.questions.len();
        let one = register::add(app, actor, id, action("Call  the IT lead ")).await.unwrap();
        let two = register::add(app, actor, id, action("Send the minutes")).await.unwrap();
        let codes = (format!("A-{}", seeded + 1), format!("A-{}", seeded + 2));
        assert_eq!(((one.code(), two.code()), one.title.as_str()), (codes, "Call the IT lead"));

        let head = register::of_onboarding(app, actor, id).await.unwrap().head;
        let contacts = register::candidates(app, actor, &head).await.unwrap().contacts;
        let dana = contacts.iter().find(|contact| contact.name == "Dana Whitfield").unwrap();
        let owner = Some(Some(Owner::Contact { id: dana.id }));
        let changes = Changes { owner, due_on: Some(None), ..Changes::default() };
        let changed = register::change(app, actor, one.id, 1, changes.clone()).await.unwrap();
        assert_eq!(
            (changed.version, changed.owner_name.as_deref(), changed.due_on),
            (2, Some("Dana Whitfield"), None)
        );
        let stale = register::change(app, actor, one.id, 1, changes).await;
        assert!(matches!(stale, Err(AppError::Stale { what: "entry", version: 2 })), "{stale:?}");

        let resolved = Outcome::Resolved { how: "x".to_owned() };
        let refused = register::close(app, actor, one.id, 2, resolved).await.unwrap_err();
        assert_eq!(
            (refused.code(), refused.to_string().as_str()),
            ("state_refused", "an action cannot be resolved")
        );
        let done =
            register::close(app, actor, one.id, 2, Outcome::Done { how: String::new() }).await.unwrap();
        assert_eq!((done.status.is_open(), done.closed_by.as_deref()), (false, Some("Priya")));
        let open = register::reopen(app, actor, one.id, 3).await.unwrap();
        assert_eq!((open.status.is_open(), open.closed_at), (true, None));

        let (found, more) = register::list(
            app,
            actor,
            Query {
                kind: Some(Kind::Action),
                due_before: Some(date(2027, 2, 1)),
                limit: 1,
                ..Query::default()
            },
        )
        .await
        .unwrap();
        assert_eq!(
            (found.len(), found[0].id, more),
            (1, two.id, seeded > 0),
            "the other has no day any more"
        );
        register::take_back(app, actor, two.id).await.unwrap();
        let (found, _) =
            register::list(app, actor, Query { kind: Some(Kind::Action), limit: 100, ..Query::default() })
                .await
                .unwrap();
        assert_eq!(found.len(), seeded + 1);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_used_is_named_and_others_see_nothing() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = sponsored(&test).await;
        let bad = Draft {
            title: " ".to_owned(),
            details: Details::Risk {
                probability: Level::try_from(5).unwrap(),
                impact: Level::try_from(5).unwrap(),
                category: Some("weather".to_owned()),
                mitigation: "x".repeat(4001),
                origin: String::new(),
            },
            owner: Owner::read("per_00000000000000000000000000000007"),
            ..risk("", 1, 1)
        };
        let refused = register::add(&test.app, &test.actor, id, bad).await.unwrap_err();
        let AppError::Invalid(problems) = &refused else { panic!("{refused}") };
        let fields: Vec<&str> = problems.iter().map(|problem| problem.field).collect();
        assert_eq!(fields, ["title", "category", "mitigation", "owner"]);

        let entry = register::add(&test.app, &test.actor, id, risk("Nobody knows SAP", 5, 5)).await.unwrap();
        let all = register::of_onboarding(&test.app, &test.actor, id).await.unwrap().entries;
        assert_eq!(all[0].id, entry.id, "the most exposed first");
        let viewer = test.member(Role::Viewer).await;
        let refused = register::add(&test.app, &viewer, id, risk("x", 1, 1)).await;
        assert!(matches!(refused, Err(AppError::Forbidden(_))));
        let stranger = test.elsewhere("Southlight").await;
        let missing = register::get(&stranger.app, &stranger.actor, entry.id).await;
        assert!(matches!(missing, Err(AppError::NotFound { what: "entry", .. })));
        let missing = register::of_onboarding(&stranger.app, &stranger.actor, id).await;
        assert!(matches!(missing, Err(AppError::NotFound { .. })));
    })
    .await;
}
