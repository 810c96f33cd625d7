//! What is written about onboardings in trouble: the document that escalates, the plan to save a customer or to part.

use gangway_app::escalation::{self, Draft};
use gangway_app::intervention::{self, Wanted};
use gangway_app::report::{self, Report};
use gangway_app::{AppError, signal, work};
use gangway_domain::permission::Role;
use gangway_domain::programme::Side;
use gangway_domain::register::{Owner, Visibility};
use gangway_domain::report::Kind;
use gangway_domain::work::{Assignee, Change};
use gangway_testkit::{TestApp, deal, for_each_database};
use jiff::ToSpan;

use super::{generate, sponsored};

/// What a report asks that nobody has answered.
fn open(report: &Report) -> Vec<&'static str> {
    let asked = report::asked(report).into_iter();
    asked.filter(|(_, answer)| answer.is_empty()).map(|(blank, _)| blank.name).collect()
}

fn answers(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(name, answer)| ((*name).to_owned(), (*answer).to_owned())).collect()
}

#[tokio::test]
async fn an_escalation_is_written_from_facts_and_finished_by_a_person() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let seen = signal::log(app, actor, id, "priority-shift", "“Not this year”").await.unwrap();
        let wanted = Wanted {
            playbook: "critical".to_owned(),
            reason: "Two weeks of silence".to_owned(),
            tasks: true,
            ..Wanted::default()
        };
        intervention::begin(app, actor, id, wanted).await.unwrap();
        let draft = Draft { level: 2, title: "The sponsor is silent".to_owned(), ..Draft::default() };
        escalation::raise(app, actor, id, draft).await.unwrap();

        let made = report::draft(app, actor, id, Kind::Escalation, None).await.unwrap();
        assert_eq!(made.audience, Visibility::Internal);
        for words in [
            seen.name.as_str(),
            "“Not this year”",
            "Playbook Critical",
            "95,000 a year is at stake",
            "Two weeks of silence",
            "Escalated to level 2",
            "Send the escalation document to leadership",
        ] {
            assert!(made.text.contains(words), "{words} is not in\n{}", made.text);
        }
        assert_eq!(open(&made), ["root-cause", "support", "decision"], "its clock says until when");

        let leader = test.member(Role::Admin).await;
        let to = [Owner::Person { id: leader.person.unwrap() }];
        let early = report::send(app, actor, made.id, 1, &to).await;
        assert!(matches!(early, Err(AppError::Invalid(problems)) if problems[0].field == "text"));
        for (name, answer, field) in [("decide-by", "soon", "decide-by"), ("luck", "much", "answers")] {
            let refused = report::fill(app, actor, made.id, 1, &answers(&[(name, answer)])).await;
            assert!(matches!(refused, Err(AppError::Invalid(problems)) if problems[0].field == field));
        }
        let said = [
            ("root-cause", "Nobody owns the data."),
            ("support", "technical"),
            ("decision", "Who owns it?"),
            ("decide-by", "2027-03-31"),
        ];
        let filled = report::fill(app, actor, made.id, 1, &answers(&said)).await.unwrap();
        assert_eq!((filled.version, open(&filled).len()), (2, 0));
        assert!(filled.text.contains("31 Mar 2027") && filled.text.contains("[x] Technical escalation"));
        let same = report::fill(app, actor, made.id, 2, &answers(&said)).await.unwrap();
        assert_eq!(same.version, 2, "nothing changed");

        let next = signal::log(app, actor, id, "tone-shift", "").await.unwrap();
        let later = report::refresh(app, actor, made.id, 2).await.unwrap();
        assert!(later.text.contains(&next.name) && later.text.contains("Nobody owns the data."));
        let (sent, names) = report::send(app, actor, made.id, 3, &to).await.unwrap();
        assert_eq!((sent.version, names), (4, vec![leader.name.clone()]));
    })
    .await;
}

#[tokio::test]
async fn customers_read_of_an_escalation_what_is_for_them_and_of_parting_nothing() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let seen = signal::log(app, actor, id, "priority-shift", "“Not this year”").await.unwrap();
        let shared = Some(Visibility::Customer);
        let refused = report::draft(app, actor, id, Kind::SaveOrExit, shared).await;
        assert!(matches!(refused, Err(AppError::Invalid(problems)) if problems[0].field == "audience"));

        let made = report::draft(app, actor, id, Kind::Escalation, shared).await.unwrap();
        assert!(made.text.contains("Go-live is planned for"));
        for words in [seen.name.as_str(), "Not this year", "95,000", "IT is short of people"] {
            assert!(!made.text.contains(words), "{words} is in\n{}", made.text);
        }
        let early = report::share(app, actor, made.id).await;
        assert!(matches!(early, Err(AppError::Refusal(_))), "it is not whole");
        let said = [
            ("root-cause", "The project lead is away."),
            ("support", "executive"),
            ("decision", "Who stands in?"),
            ("decide-by", "2027-02-01"),
        ];
        report::fill(app, actor, made.id, 1, &answers(&said)).await.unwrap();
        let secret = report::share(app, actor, made.id).await.unwrap();
        assert!(report::shared(app, &secret).await.unwrap().contains("Who stands in?"));
    })
    .await;
}

#[tokio::test]
async fn a_plan_to_save_or_to_part_has_options_a_day_and_a_decision() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let made = report::draft(app, actor, id, Kind::SaveOrExit, None).await.unwrap();
        for words in [
            "No playbook was begun and nothing was escalated.",
            "## Option: save",
            "## Option: pause",
            "## Option: part well",
            "- [ ] Is there still a sponsor who wants it to work?",
            "- [ ] Give the customer their data in a form they can use",
        ] {
            assert!(made.text.contains(words), "{words} is not in\n{}", made.text);
        }
        assert_eq!(open(&made), ["root-cause", "costs", "decision"]);
        let by = report::asked(&made).into_iter().find(|(blank, _)| blank.name == "decide-by").unwrap().1;
        assert_eq!(by, app.today().saturating_add(3.days()).to_string(), "within three days");

        let decided = [("decision", "Pause until 1 April; Ida decided it on 12 January.")];
        let decided = report::fill(app, actor, made.id, 1, &answers(&decided)).await.unwrap();
        assert!(decided.text.contains("Ida decided it") && !open(&decided).contains(&"decision"));
        for (ending, first) in [("pdf", &b"%PDF"[..]), ("docx", &b"PK"[..])] {
            let file = report::file(app, actor, made.id, ending).await.unwrap();
            assert!(file.bytes.starts_with(first), "{ending}");
            assert_eq!(file.path, format!("save-or-exit-{}.{ending}", app.today()));
        }
        let other = report::file(app, actor, made.id, "html").await;
        assert!(matches!(other, Err(AppError::NotFound { .. })));
    })
    .await;
}

#[tokio::test]
async fn actions_of_a_playbook_go_to_whoever_has_their_role() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = generate(&test, &deal("Acme")).await;
        let (priya, sofia) = (test.member(Role::OnboardingManager).await, test.member(Role::Leader).await);
        let plan = work::sight(app, actor, id).await.unwrap().stored.plan;
        let managed =
            plan.tasks.iter().find(|task| task.side == Side::Vendor && task.role == "Onboarding manager");
        let managed = managed.unwrap();
        let who = Assignee::Person { id: priya.person.unwrap(), name: priya.name.clone() };
        let assign = Change::Assign { task: managed.code.clone(), assignee: Some(who) };
        work::change(app, actor, id, None, vec![assign]).await.unwrap();
        let wanted = Wanted {
            playbook: "at-risk".to_owned(),
            reason: "Silence".to_owned(),
            owner: sofia.person,
            tasks: true,
            ..Wanted::default()
        };
        let begun = intervention::begin(app, actor, id, wanted).await.unwrap();
        assert_eq!((begun.tasks.len(), begun.owner_id), (4, sofia.person));
        let plan = work::sight(app, actor, id).await.unwrap().stored.plan;
        let given = |name: &str| {
            let task = plan.tasks.iter().find(|task| task.name == name).unwrap();
            (task.role.clone(), task.assignee.as_ref().and_then(Assignee::person))
        };
        assert_eq!(
            given("Agree on a plan with dates and owners"),
            ("Onboarding manager".to_owned(), priya.person),
            "who has that role in the plan"
        );
        assert_eq!(
            given("Check with the customer whether the plan works"),
            ("Customer success manager".to_owned(), sofia.person),
            "nobody has that role, so whoever answers for the whole"
        );
    })
    .await;
}
