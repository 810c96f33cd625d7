//! The go-live as customers see it: what they approve, and no more than they may see.

use std::collections::BTreeSet;

use gangway_app::launch::{self, Said};
use gangway_app::portal::{self, Reported};
use gangway_app::{Actor, AppError, Guest, contact, people};
use gangway_domain::launch::Step;
use gangway_domain::portal::{Language, PortalRole, Resource};
use gangway_domain::refusal::Barrier;
use gangway_testkit::{TestApp, for_each_database};

use super::launch::yes;
use super::launch_day::go_live;
use super::portal::holds_no_more_than;
use super::sponsored;

/// Every name of a field in a value.
fn fields(value: &serde_json::Value, found: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(map) => {
            for (name, inner) in map {
                found.insert(name.clone());
                fields(inner, found);
            }
        }
        serde_json::Value::Array(all) => all.iter().for_each(|inner| fields(inner, found)),
        _ => {}
    }
}

#[tokio::test]
async fn a_guest_approves_in_their_role_and_sees_no_more_than_readiness() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let all = people::standing(app, actor, id).await.unwrap().people;
        let dana = all.iter().find(|one| one.facts.name == "Dana Whitfield").unwrap().facts.contact;
        let guest = |role, peek| {
            let guest = Guest {
                workspace: actor.workspace,
                onboarding: id,
                contact: dana,
                role,
                language: Language::En,
                peek,
            };
            Actor::guest("Dana Whitfield", guest)
        };
        let sponsor = guest(PortalRole::Sponsor, false);
        let team = launch::sight(app, actor, id).await.unwrap();
        let wanted = team.approvals.iter().find(|one| one.guest == Some(PortalRole::Sponsor)).unwrap();
        let item = team.readiness[0].items[0].id.clone();
        let secret = Said { note: "Only for the team".to_owned(), ..yes("Ines") };
        launch::tick(app, actor, id, &item, secret).await.unwrap();

        let seen = launch::for_guest(app, &sponsor).await.unwrap();
        let mine: Vec<&str> =
            seen.approvals.iter().filter(|one| one.mine).map(|one| one.role.as_str()).collect();
        assert!(mine.contains(&wanted.role.as_str()), "{:?}", seen.approvals);
        assert_eq!((seen.go_live_on - seen.asks_from).get_days(), 28);
        let asked = |seen: &launch::GuestLaunch| seen.approvals.iter().filter(|one| one.asked).count();
        assert!(app.today() < seen.asks_from && asked(&seen) == 0, "it is too early: {}", seen.asks_from);
        let shown = serde_json::to_value(&seen).unwrap();
        assert!(!shown.to_string().contains("Only for the team"));
        let mut found = BTreeSet::new();
        fields(&shown, &mut found);
        let allowed = Resource::Readiness.fields();
        let more: Vec<&String> = found.iter().filter(|name| !allowed.contains(&name.as_str())).collect();
        assert!(more.is_empty(), "{more:?} may not be shown");

        let silent = launch::approve_as_guest(app, &sponsor, &wanted.role, false, "").await;
        assert!(matches!(silent, Err(AppError::Invalid(_))), "a no says why");
        launch::approve_as_guest(app, &sponsor, &wanted.role, true, "").await.unwrap();
        let given = launch::sight(app, actor, id).await.unwrap();
        let mark = given.approvals.iter().find(|one| one.role == wanted.role).unwrap().mark.clone().unwrap();
        assert!(mark.yes && mark.portal && mark.by == "Dana Whitfield");
        // Somebody else of the customer who is called the same.
        let named =
            contact::Changes { name: Some("Dana Whitfield".to_owned()), ..contact::Changes::default() };
        let namesake = contact::add(app, actor, team.head.account_id, named).await.unwrap().id;
        let whose = Guest {
            workspace: actor.workspace,
            onboarding: id,
            contact: namesake,
            role: PortalRole::Sponsor,
            language: Language::En,
            peek: false,
        };
        let colleague = Actor::guest("Dana Whitfield", whose);
        let activities =
            async || gangway_app::activity::of_onboarding(app, actor, id, None, 200).await.unwrap().0.len();
        let before = activities().await;
        launch::approve_as_guest(app, &sponsor, &wanted.role, true, "").await.unwrap();
        assert_eq!(activities().await, before, "the same word again is no news");
        let over = launch::approve_as_guest(app, &colleague, &wanted.role, false, "Not for me").await;
        assert!(matches!(over, Err(AppError::Barred(Barrier::SaidByColleague))), "{over:?}");
        test.clock.advance_days((seen.asks_from - app.today()).get_days());
        let near = launch::for_guest(app, &sponsor).await.unwrap();
        assert_eq!(asked(&near), near.approvals.len() - 1, "one is answered, the others are asked for");
        for (who, mine) in [(&colleague, false), (&sponsor, true)] {
            let seen = launch::for_guest(app, who).await.unwrap();
            assert_eq!(seen.approvals.iter().find(|one| one.role == wanted.role).unwrap().mine, mine);
        }
        launch::approve_as_guest(app, &sponsor, &wanted.role, false, "Not yet").await.unwrap();

        let ours = team.approvals.iter().find(|one| one.guest.is_none());
        if let Some(ours) = ours {
            let other = launch::approve_as_guest(app, &sponsor, &ours.role, true, "").await;
            assert!(matches!(other, Err(AppError::NotForGuest)), "it is not theirs");
        }
        for looks_on in [guest(PortalRole::Onlooker, false), guest(PortalRole::Sponsor, true)] {
            let not = launch::approve_as_guest(app, &looks_on, &wanted.role, true, "").await;
            assert!(matches!(not, Err(AppError::NotForGuest)));
        }
        assert!(launch::for_guest(app, &guest(PortalRole::Onlooker, false)).await.is_err());
        assert!(launch::for_guest(app, actor).await.is_err(), "the team has its own page");
        let early = launch::confirm_as_guest(app, &sponsor, true, "").await;
        assert!(matches!(early, Err(AppError::Barred(Barrier::NotLive))), "it is not live");
    })
    .await;
}

#[tokio::test]
async fn a_customer_reports_a_problem_from_the_go_live_on_and_sees_how_far_it_is() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let all = people::standing(app, actor, id).await.unwrap().people;
        let dana = all.iter().find(|one| one.facts.name == "Dana Whitfield").unwrap().facts.contact;
        let guest = |role| {
            let guest = Guest {
                workspace: actor.workspace,
                onboarding: id,
                contact: dana,
                role,
                language: Language::De,
                peek: false,
            };
            Actor::guest("Dana Whitfield", guest)
        };
        let (member, onlooker) = (guest(PortalRole::Member), guest(PortalRole::Onlooker));
        let said = Reported { title: " Nobody can \n sign in", details: "Since nine", severity: "critical" };
        let early = portal::report_issue(app, &member, said).await;
        assert!(matches!(early, Err(AppError::Barred(Barrier::NotLive))), "{early:?}");
        assert!(!portal::guest_issues(app, &member).await.unwrap().may_report);

        go_live(&test, id).await;
        let wrong =
            [(Reported { title: " ", ..said }, "title"), (Reported { severity: "dire", ..said }, "severity")];
        for (wrong, field) in wrong {
            let Err(AppError::Invalid(problems)) = portal::report_issue(app, &member, wrong).await else {
                panic!("{field} was taken");
            };
            assert!(problems[0].field == field && problems[0].told.is_some(), "{problems:?}");
        }
        assert!(matches!(portal::report_issue(app, &onlooker, said).await, Err(AppError::NotForGuest)));
        assert!(matches!(portal::guest_issues(app, &onlooker).await, Err(AppError::NotForGuest)));
        portal::report_issue(app, &member, said).await.unwrap();
        let issue = launch::sight(app, actor, id).await.unwrap().issues[0].clone();
        assert_eq!(issue.body.title, "Nobody can sign in");
        let (by, details) = (issue.body.reported_by.as_str(), issue.body.details.as_str());
        assert_eq!((by, details), ("Dana Whitfield", "Since nine"));
        assert_eq!(issue.body.answer_by.duration_since(issue.body.raised_at).as_mins(), 15);

        let how = Step::Resolve("Only for the team".to_owned());
        launch::take_issue(app, actor, issue.id, issue.version, how).await.unwrap();
        let seen = portal::guest_issues(app, &member).await.unwrap();
        assert_eq!((seen.may_report, seen.issues.len(), seen.issues[0].state), (true, 1, "resolved"));
        assert_eq!((seen.clocks[0].severity, seen.clocks[0].minutes), ("critical", 15));
        assert!(!serde_json::to_string(&seen).unwrap().contains("Only for the team"));
        holds_no_more_than(&seen, &[Resource::Issue]);
    })
    .await;
}
