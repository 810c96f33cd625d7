//! Documents of a running onboarding say who is there now and who does what now.

use gangway_app::people::{self, Changes};
use gangway_app::{contact, onboarding};
use gangway_domain::deal::StakeholderRole;
use gangway_domain::ids::OnboardingId;
use gangway_domain::people::{Grade, Sentiment};
use gangway_domain::permission::Role;
use gangway_domain::programme::Side;
use gangway_store::person;
use gangway_testkit::{TestApp, for_each_database};

use super::sponsored;

#[tokio::test]
async fn what_nobody_changed_is_as_it_was_generated() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = sponsored(&test).await;
        let mut tx = test.app.db.read().await.unwrap();
        let row = gangway_store::onboarding::get(&mut tx, test.actor.workspace, id).await.unwrap().unwrap();
        drop(tx);
        let shown = onboarding::get(&test.app, &test.actor, id).await.unwrap().onboarding.package;
        assert_eq!(shown.people.stakeholders, row.package.people.stakeholders);
        assert_eq!(shown.raci, row.package.raci);
    })
    .await;
}

#[tokio::test]
async fn whoever_got_another_name_has_it_in_the_matrix() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let dana = people::standing(app, actor, id).await.unwrap().people;
        let dana = dana.iter().find(|known| known.facts.name == "Dana Whitfield").unwrap().facts.contact;
        let rename = async |name: &'static str| {
            let version = contact::get(app, actor, dana).await.unwrap().0.version;
            let name = Some(name.to_owned());
            let changes = contact::Changes { name, ..contact::Changes::default() };
            contact::change(app, actor, dana, version, changes).await.unwrap();
        };
        let theirs = async || {
            let matrix = people::raci(app, actor, id).await.unwrap().matrix;
            let package = onboarding::get(app, actor, id).await.unwrap().onboarding.package;
            let shown: Vec<Option<String>> = matrix.columns.iter().map(|one| one.person.clone()).collect();
            let written: Vec<Option<String>> =
                package.raci.columns.iter().map(|one| one.person.clone()).collect();
            assert_eq!(shown, written, "pages and documents say the same");
            (matrix, shown)
        };
        let (mut matrix, before) = theirs().await;
        let place = before.iter().position(|name| name.as_deref() == Some("Dana Whitfield")).unwrap();
        rename("Dana Ruiz").await;
        assert_eq!(theirs().await.1[place].as_deref(), Some("Dana Ruiz"), "that of the package");

        // Changed by people, names are tied to whom they mean: also to members of the team.
        let runs = test.member(Role::OnboardingManager).await;
        let ours = matrix.columns.iter().position(|column| column.side == Side::Vendor).unwrap();
        matrix.columns[ours].person = Some(runs.name.clone());
        people::set_raci(app, actor, id, 0, matrix).await.unwrap();
        rename("Dana Haddad").await;
        let mut tx = app.db.write().await.unwrap();
        person::set_name(&mut tx, runs.person.unwrap(), "Ines Okafor").await.unwrap();
        tx.commit().await.unwrap();
        let (_, now) = theirs().await;
        assert_eq!(now[place].as_deref(), Some("Dana Haddad"));
        assert_eq!(now[ours].as_deref(), Some("Ines Okafor"));
    })
    .await;
}

#[tokio::test]
async fn people_who_came_changed_and_left_are_in_the_next_document() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let row = onboarding::get(app, actor, id).await.unwrap().onboarding;
        let changes = contact::Changes { name: Some("Ana Ruiz".to_owned()), ..contact::Changes::default() };
        let ana = contact::add(app, actor, row.account_id, changes).await.unwrap().id;
        people::add(app, actor, id, ana, StakeholderRole::Champion).await.unwrap();
        let dana = people::standing(app, actor, id).await.unwrap().people;
        let dana = dana.iter().find(|known| known.facts.name == "Dana Whitfield").unwrap().facts.contact;
        let against = Changes {
            power: Some(Grade::Low),
            interest: Some(Grade::High),
            sentiment: Some(Some(Sentiment::Negative)),
            ..Changes::default()
        };
        people::change(app, actor, id, dana, 1, against).await.unwrap();
        let mut matrix = people::raci(app, actor, id).await.unwrap().matrix;
        matrix.rows[0].activity = "Agree on the pilot plant".to_owned();
        people::set_raci(app, actor, id, 0, matrix).await.unwrap();

        let package = onboarding::get(app, actor, id).await.unwrap().onboarding.package;
        let placed = |name: &str| package.people.stakeholders.iter().find(|person| person.label == name);
        let changed = placed("Dana Whitfield").unwrap();
        assert_eq!((changed.power.as_str(), changed.strategy.as_str()), ("low", "Keep informed"));
        assert_eq!(placed("Ana Ruiz").unwrap().role, StakeholderRole::Champion);
        let champion = &placed("Ana Ruiz").unwrap().role_name;
        assert!(package.people.gaps.iter().all(|gap| gap.role != *champion), "the role is filled");
        assert_eq!(package.raci.rows[0].activity, "Agree on the pilot plant");
        let raci = package_text(&test, id).await;
        assert!(raci.contains("Agree on the pilot plant") && raci.contains("Ana Ruiz"), "{raci}");
        assert!(!raci.to_lowercase().contains("negative"), "what is thought of people stays inside");

        let left = Changes { left_on: Some(Some(app.today())), ..Changes::default() };
        people::change(app, actor, id, dana, 2, left).await.unwrap();
        people::remove(app, actor, id, ana, 1).await.unwrap();
        let package = onboarding::get(app, actor, id).await.unwrap().onboarding.package;
        assert!(package.people.stakeholders.iter().all(|person| person.label != "Dana Whitfield"));
        assert!(package.people.stakeholders.iter().all(|person| person.label != "Ana Ruiz"));
    })
    .await;
}

/// The matrix of who does what and the map of stakeholders, as files.
async fn package_text(test: &TestApp, id: OnboardingId) -> String {
    let files = onboarding::get(&test.app, &test.actor, id).await.unwrap().files;
    let wanted = |path: &str| {
        path.ends_with(".md") && (path.contains("raci-matrix") || path.contains("stakeholder-map"))
    };
    let mut all = String::new();
    for (path, _) in files.iter().filter(|(path, _)| wanted(path)) {
        let file = onboarding::file(&test.app, &test.actor, id, path).await.unwrap();
        all.push_str(&String::from_utf8_lossy(&file.bytes));
    }
    all
}
