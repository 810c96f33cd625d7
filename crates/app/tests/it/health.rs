//! Health, signals, what is done about them, and what other systems tell.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use gangway_app::health::{self, Against, Keeper, Observed, WantedOverride};
use gangway_app::input::{self, Kind, Told};
use gangway_app::intervention::{self, Wanted};
use gangway_app::signal::{self, Filter, Said, Step};
use gangway_app::{AppError, job, onboarding, work};
use gangway_domain::ids::{AccountId, OnboardingId};
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::permission::Role;
use gangway_store::onboarding::set_state;
use gangway_testkit::{TestApp, deal, for_each_database};
use jiff::ToSpan;

use super::generate;

/// Lets the jobs run that follow changes.
async fn later(test: &TestApp) {
    let works: Vec<Arc<dyn gangway_jobs::Work>> = vec![Arc::new(Keeper::after_changes(test.app.clone()))];
    let drained = job::runner(&test.app, works).drain().await.unwrap();
    assert_eq!((drained.again, drained.given_up), (0, 0));
}

async fn account(test: &TestApp, id: OnboardingId) -> AccountId {
    work::sight(&test.app, &test.actor, id).await.unwrap().head.account_id
}

#[tokio::test]
async fn what_happens_is_judged_once_and_kept() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = generate(&test, &deal("Acme")).await;
        later(&test).await;
        let first = health::of_onboarding(app, actor, id).await.unwrap();
        let judged = first.judged.unwrap();
        assert_eq!((judged.number, first.history.len()), (1, 1));
        later(&test).await;
        let same = health::of_onboarding(app, actor, id).await.unwrap();
        assert_eq!(same.history.len(), 1, "nothing is written where nothing is another");
        let (changes, more) = health::changes(app, actor, id, None, 10).await.unwrap();
        assert_eq!((changes.len(), more), (1, false));
        assert_eq!(
            changes[0].facts["facts"]["onboarding.segment"],
            judged.facts["facts"]["onboarding.segment"]
        );
    })
    .await;
}

#[tokio::test]
async fn many_are_judged_together_as_each_alone() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let mut ids = Vec::new();
        for name in ["Acme", "Bluefin", "Clearwater"] {
            ids.push(generate(&test, &deal(name)).await);
        }
        // One job fulfils the wishes of all; the others find nothing to do.
        later(&test).await;
        let (listed, more) = health::list(app, actor, None, None, 10).await.unwrap();
        let mut customers: Vec<&str> = listed.iter().map(|one| one.customer.as_str()).collect();
        customers.sort_unstable();
        assert_eq!((customers, more), (vec!["Acme", "Bluefin", "Clearwater"], false));
        test.clock.advance_days(1);
        let mut accounts = BTreeSet::new();
        for id in &ids {
            accounts.insert(account(&test, *id).await);
        }
        health::refresh_accounts(app, actor.workspace, &accounts).await.unwrap();
        for id in ids {
            let judged = health::of_onboarding(app, actor, id).await.unwrap().judged.unwrap();
            assert_eq!(judged.on, app.today());
            let alone = health::facts_now(app, actor, id).await.unwrap();
            let kept = &judged.facts["facts"];
            let sheet = gangway_domain::rule::Sheet::new(gangway_domain::rule::Schema::run(), &alone);
            for name in
                ["onboarding.days_since_kickoff", "plan.overdue_tasks", "people.contacts", "contract.value"]
            {
                assert_eq!(kept[name].as_i64(), sheet.number(name), "{name}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_person_overrules_the_score_until_a_day() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = generate(&test, &deal("Acme")).await;
        let before = health::of_onboarding(app, actor, id).await.unwrap();
        let wanted = WantedOverride { status: "Monitor".to_owned(), ..WantedOverride::default() };
        let refused = health::set_override(app, actor, id, wanted.clone()).await.unwrap_err();
        assert!(matches!(refused, AppError::Invalid(problems) if problems.len() == 2), "reason and day");
        let until = Some(app.today().saturating_add(10.days()));
        let wanted = WantedOverride { reason: "They are on holiday".to_owned(), until, ..wanted };
        let viewer = test.member(Role::Viewer).await;
        let refused = health::set_override(app, &viewer, id, wanted.clone()).await.unwrap_err();
        assert!(matches!(refused, AppError::Forbidden(_)));
        let chosen = health::set_override(app, actor, id, wanted).await.unwrap();
        assert_eq!(chosen.judged.unwrap().status, "Monitor");
        test.clock.advance_days(11);
        let over = health::of_onboarding(app, actor, id).await.unwrap();
        assert!(over.overridden().is_none());
        assert_eq!(over.judged.unwrap().computed, before.judged.unwrap().computed);
        let refused = health::end_override(app, actor, id).await.unwrap_err();
        assert!(matches!(refused, AppError::Refusal(_)));
    })
    .await;
}

#[tokio::test]
async fn what_was_closed_is_neither_overruled_nor_tried_out() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = generate(&test, &deal("Acme")).await;
        health::of_onboarding(app, actor, id).await.unwrap();
        assert!(health::what_if(app, actor, id, &[]).await.is_ok());
        onboarding::close(app, actor, id, "Bought by Globex").await.unwrap();
        let until = Some(app.today().saturating_add(10.days()));
        let reason = "They are on holiday".to_owned();
        let wanted = WantedOverride { status: "Monitor".to_owned(), reason, until };
        let refused = health::set_override(app, actor, id, wanted).await.unwrap_err();
        assert!(matches!(&refused, AppError::Refusal(said) if said.contains("closed")), "{refused}");
        let refused = health::what_if(app, actor, id, &[]).await.unwrap_err();
        assert!(matches!(&refused, AppError::Refusal(said) if said.contains("closed")), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn facts_that_cannot_be_are_told_at_each() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = generate(&test, &deal("Acme")).await;
        let tried = [("usage.setup_percent", "140"), ("observed.mood", "-2"), ("usage.logins", "3")];
        let tried: Vec<(String, String)> =
            tried.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let refused = health::what_if(app, actor, id, &tried).await.unwrap_err();
        let AppError::Invalid(problems) = refused else { panic!("facts are no problem") };
        let told: Vec<(&str, &str)> = problems.iter().map(|one| (one.field, one.message.as_str())).collect();
        assert_eq!(
            told,
            [
                ("usage.setup_percent", "must lie between 0 and 100 %"),
                ("observed.mood", "must lie between 1 and 5"),
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn what_people_see_is_a_fact_and_nothing_else_is_taken() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = generate(&test, &deal("Acme")).await;
        let seen = Observed { subject: "mood".to_owned(), rating: 2, note: "Curt".to_owned() };
        health::observe(app, actor, id, seen).await.unwrap();
        let facts = health::facts_now(app, actor, id).await.unwrap();
        let sheet = gangway_domain::rule::Sheet::new(gangway_domain::rule::Schema::run(), &facts);
        assert_eq!((sheet.number("observed.mood"), sheet.number("observed.mood_days")), (Some(2), Some(0)));
        assert_eq!(gangway_domain::rule::Schema::run().strays(&facts), Vec::<String>::new());
        let wrong = Observed { subject: "weather".to_owned(), rating: 9, note: String::new() };
        let refused = health::observe(app, actor, id, wrong).await.unwrap_err();
        assert!(matches!(refused, AppError::Invalid(problems) if problems.len() == 2));
        let asked = health::what_if(app, actor, id, &[("no.fact".to_owned(), "1".to_owned())]).await;
        assert!(matches!(asked, Err(AppError::Invalid(_))));
    })
    .await;
}

#[tokio::test]
async fn a_signal_goes_its_way() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = generate(&test, &deal("Acme")).await;
        let first = signal::log(app, actor, id, "priority-shift", "“Not now”").await.unwrap();
        let again = signal::log(app, actor, id, "priority-shift", "“Not this year”").await.unwrap();
        assert_eq!((again.id, again.body.count), (first.id, 2), "one open signal of a kind");
        let inbox = signal::inbox(app, actor, &Filter::default()).await.unwrap();
        assert!(
            inbox.lines.iter().any(|one| one.waiting.signal.id == first.id && one.waiting.customer == "Acme")
        );
        let stale = signal::take(app, actor, first.id, Some(first.version), Step::Acknowledge).await;
        assert!(matches!(stale, Err(AppError::Stale { .. })));
        let taken = signal::take(app, actor, first.id, Some(again.version), Step::Acknowledge).await.unwrap();
        let resolve = Step::Resolve { reason: "Back on the list".to_owned() };
        let over = signal::take(app, actor, first.id, Some(taken.version), resolve).await.unwrap();
        assert!(!over.body.is_open());
        let next = signal::log(app, actor, id, "priority-shift", "").await.unwrap();
        assert_ne!(next.id, first.id, "one that is over is not opened again");
        let unknown = signal::log(app, actor, id, "bad-weather", "").await;
        assert!(matches!(unknown, Err(AppError::Invalid(_))));
    })
    .await;
}

#[tokio::test]
async fn whose_onboarding_was_closed_is_watched_no_more_and_whose_is_completed_is() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let closed = generate(&test, &deal("Acme")).await;
        let completed = generate(&test, &deal("Bluefin")).await;
        onboarding::close(app, actor, closed, "Bought by Globex").await.unwrap();
        let mut tx = app.db.write().await.unwrap();
        let (from, to) = (OnboardingState::Planned, OnboardingState::Completed);
        assert!(set_state(&mut tx, actor.workspace, completed, &from, &to).await.unwrap());
        tx.commit().await.unwrap();
        let seen = || Observed { subject: "mood".to_owned(), rating: 2, note: String::new() };
        let wanted = |tasks: bool| Wanted {
            playbook: "at-risk".to_owned(),
            reason: "Silence".to_owned(),
            tasks,
            ..Wanted::default()
        };
        let refused = |error: Option<AppError>| {
            matches!(error, Some(AppError::Refusal(text)) if text.starts_with("the onboarding was closed"))
        };
        assert!(refused(health::observe(app, actor, closed, seen()).await.err()));
        assert!(refused(signal::log(app, actor, closed, "tone-shift", "").await.err()));
        assert!(refused(intervention::begin(app, actor, closed, wanted(false)).await.err()));
        assert!(refused(signal::keep_review(app, actor, closed, 0, BTreeMap::new()).await.err()));
        // Its customer uses the product, and somebody looks after them; only its plan is over.
        health::observe(app, actor, completed, seen()).await.unwrap();
        signal::log(app, actor, completed, "tone-shift", "").await.unwrap();
        let into_plan = intervention::begin(app, actor, completed, wanted(true)).await;
        assert!(matches!(into_plan, Err(AppError::Barred(_))));
        intervention::begin(app, actor, completed, wanted(false)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn playbooks_give_signals_a_plan_and_are_kept() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = generate(&test, &deal("Acme")).await;
        let logged = signal::log(app, actor, id, "tone-shift", "").await.unwrap();
        let wanted =
            Wanted { playbook: "at-risk".to_owned(), reason: "Silence".to_owned(), ..Wanted::default() };
        let begun = intervention::begin(app, actor, id, wanted).await.unwrap();
        assert!(begun.signals.contains(&logged.id) && begun.ended.is_none());
        let seen = signal::get(app, actor, logged.id).await.unwrap();
        assert!(seen.signal.body.planned_at.is_some(), "it has a plan");
        let wrong = intervention::end(app, actor, begun.id, begun.version, "wonderful", "").await;
        assert!(matches!(wrong, Err(AppError::Invalid(_))));
        let ended =
            intervention::end(app, actor, begun.id, begun.version, "resolved", "Call first").await.unwrap();
        assert_eq!(ended.ended.unwrap().outcome, "resolved");
        let again =
            Wanted { playbook: "at-risk".to_owned(), reason: "Again".to_owned(), ..Wanted::default() };
        intervention::begin(app, actor, id, again).await.unwrap();
        let compared = intervention::compared(app, actor).await.unwrap();
        assert_eq!((compared.len(), compared[0].n, compared[0].resolved), (1, 1, 1));
        assert_eq!((compared[0].begun, compared[0].running), (2, 1));
        let all = u32::try_from(begun.signals.len()).unwrap();
        assert_eq!(compared[0].signals.map(|share| (share.hits, share.of)), Some((0, all)), "all are open");
        let over = Step::Resolve { reason: "They answer again".to_owned() };
        signal::take(app, actor, logged.id, None, over).await.unwrap();
        let compared = intervention::compared(app, actor).await.unwrap();
        assert_eq!(compared[0].signals.map(|share| share.hits), Some(1));
    })
    .await;
}

#[tokio::test]
async fn other_systems_tell_and_files_are_taken_whole() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = generate(&test, &deal("Acme")).await;
        let account = account(&test, id).await;
        let ticket = |status: &str| Told::Ticket {
            external_id: "T-1".to_owned(),
            subject: "Export fails".to_owned(),
            severity: None,
            status: status.to_owned(),
            opened_at: None,
            solved_at: None,
        };
        input::tell(app, actor, account, ticket("open")).await.unwrap();
        let known = input::tell(app, actor, account, ticket("solved")).await.unwrap();
        assert_eq!(
            (known.tickets.len(), known.tickets[0].status.as_str()),
            (1, "solved"),
            "told twice it is one"
        );
        let wrong = input::tell(app, actor, account, ticket("lost")).await;
        assert!(matches!(wrong, Err(AppError::Invalid(_))));

        let file = "account,source,checked,wrong\nAcme,CRM,200,30\nNobody,CRM,1,0\n";
        let refused = input::bring(app, actor, Kind::Quality, file).await.unwrap_err();
        assert!(matches!(refused, AppError::Invalid(problems) if problems[0].message.contains("line 3")));
        assert!(input::of_account(app, actor, account).await.unwrap().quality.is_empty(), "all or nothing");
        let file = "account,source,checked,wrong\nAcme,CRM,200,30\n";
        let brought = input::bring(app, actor, Kind::Quality, file).await.unwrap();
        assert_eq!((brought.lines, brought.accounts), (1, 1));
        let facts = health::facts_now(app, actor, id).await.unwrap();
        let sheet = gangway_domain::rule::Sheet::new(gangway_domain::rule::Schema::run(), &facts);
        assert_eq!(sheet.number("data.error_percent"), Some(15));
        assert_eq!(sheet.number("support.tickets_7"), Some(1));
    })
    .await;
}

#[tokio::test]
async fn the_weekly_review_is_kept_for_its_week() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = generate(&test, &deal("Acme")).await;
        let sheet = signal::review(app, actor, id).await.unwrap();
        assert_eq!((sheet.version, sheet.questions.is_empty()), (0, false));
        let no = Said { yes: Some(false), note: "Two no-shows".to_owned() };
        let answers = [(sheet.questions[0].id.clone(), no)].into_iter().collect();
        let kept = signal::keep_review(app, actor, id, 0, answers).await.unwrap();
        assert!(kept.concerns >= 1 && kept.version == 1);
        let stale = signal::keep_review(app, actor, id, 0, [].into_iter().collect()).await;
        assert!(matches!(stale, Err(AppError::Stale { .. })));
        test.clock.advance_days(7);
        let next = signal::review(app, actor, id).await.unwrap();
        assert_eq!((next.version, next.earlier.len()), (0, 1));
    })
    .await;
}

#[tokio::test]
async fn looking_back_counts_who_left() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = generate(&test, &deal("Acme")).await;
        let account = account(&test, id).await;
        test.clock.advance_days(40);
        signal::log(app, actor, id, "champion-departed", "").await.unwrap();
        test.clock.advance_days(20);
        let left = Told::Movement {
            external_id: None,
            kind: "churn".to_owned(),
            on: app.today(),
            amount: "1,000".to_owned(),
            currency: None,
            note: String::new(),
        };
        input::tell(app, actor, account, left).await.unwrap();
        let found = health::backtest(app, actor, Against::Churn, 30).await.unwrap();
        assert_eq!((found.watched, found.events), (1, 1));
        let departed = found.signals.iter().find(|(_, one)| one.kind == "champion-departed").unwrap();
        assert_eq!((departed.1.true_positives, departed.1.false_negatives), (1, 0));
    })
    .await;
}

#[tokio::test]
async fn signals_that_would_be_raised_hold_the_status_down() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = generate(&test, &deal("Acme")).await;
        health::of_onboarding(app, actor, id).await.unwrap();
        let same = health::try_out(app, actor, id, &[]).await.unwrap();
        assert_eq!(same.found.before, same.found.after, "nothing is asked");
        assert!(
            same.of_model.contains("observed.mood") && same.of_signals.contains("usage.days_since_login")
        );
        let change = |name: &str, to: &str| (name.to_owned(), to.to_owned());
        let changes = [change("usage.days_since_login", "45"), change("observed.mood", "5")];
        let asked = health::try_out(app, actor, id, &changes).await.unwrap();
        let raised = asked.signals.iter().find(|one| one.kind == "no-login-30").unwrap();
        assert!(!raised.is_open && !raised.before.is_yes() && raised.after.is_yes());
        assert!(raised.words.contains("45 days"), "{}", raised.words);
        let mood = asked.found.moves.iter().find(|one| one.input == "mood").unwrap();
        assert_eq!(mood.to, Some(100));
        let kept = health::changes(app, actor, id, None, 10).await.unwrap().0;
        assert_eq!(kept.len(), 1, "nothing is kept");
    })
    .await;
}

#[tokio::test]
async fn rules_are_tested_by_what_was_known_then() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = generate(&test, &deal("Acme")).await;
        health::of_onboarding(app, actor, id).await.unwrap();
        let first = app.today();
        let rule = health::compile_rule("observed.mood <= 2").unwrap();
        let then = health::test_rule(app, actor, &rule, id, None).await.unwrap();
        assert_eq!(then.truth.as_ref().map(|truth| truth.word()), Some("unknown"));
        test.clock.advance_days(3);
        let seen = Observed { subject: "mood".to_owned(), rating: 2, note: String::new() };
        health::observe(app, actor, id, seen).await.unwrap();
        let now = health::test_rule(app, actor, &rule, id, None).await.unwrap();
        assert_eq!((now.result.as_str(), now.kept_at), ("yes", None));
        assert_eq!(now.facts[0].heard_on, Some(app.today()));
        let then = health::test_rule(app, actor, &rule, id, Some(first)).await.unwrap();
        assert_eq!(then.truth.as_ref().map(|truth| truth.word()), Some("unknown"));
        assert!(then.kept_at.is_some() && then.facts[0].value.is_none());
        for wrong in [first.saturating_sub(1.day()), app.today().saturating_add(1.day())] {
            let refused = health::test_rule(app, actor, &rule, id, Some(wrong)).await;
            assert!(matches!(refused, Err(AppError::Invalid(_))), "{wrong}");
        }
        let rules = health::rules(app, actor).await.unwrap();
        for rule in &rules {
            assert!(health::compile_rule(&rule.source).is_ok(), "{}: {}", rule.id, rule.source);
        }
        assert!(rules.iter().any(|rule| rule.id.starts_with("milestone:")));
        let book = health::fact_book(app, actor).unwrap();
        let mood = book.iter().find(|entry| entry.spec.name == "observed.mood").unwrap();
        assert_eq!(mood.aged_by, Some("observed.mood_days"));
        assert!(mood.in_models.iter().any(|(.., days)| *days == Some(14)));
    })
    .await;
}

#[tokio::test]
async fn a_draft_is_laid_beside_what_people_saw() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = generate(&test, &deal("Acme")).await;
        let seen = Observed { subject: "mood".to_owned(), rating: 5, note: String::new() };
        health::observe(app, actor, id, seen).await.unwrap();
        let text = health::model_text(app, actor, "onboarding").unwrap().unwrap();
        let asked = |draft: String| health::Comparison {
            model: "onboarding".to_owned(),
            draft,
            from: app.today(),
            to: app.today(),
            against: Against::Churn,
            horizon_days: 30,
        };
        let same = health::compare(app, actor, &asked(String::new())).await.unwrap();
        assert_eq!((same.pairs.len(), same.pairs[0].onboarding), (1, id));
        assert_eq!(same.pairs[0].then, same.pairs[0].now, "the model in force says what it said");
        // With any data there is a score, and no status is below the best.
        let mild = text.replace("min_coverage_percent = 50", "min_coverage_percent = 1");
        let mild = health::compare(app, actor, &asked(mild)).await.unwrap();
        assert!(mild.pairs[0].now.score.is_some());
        assert_eq!(mild.changes, same.changes);
        let broken = health::compare(app, actor, &asked(text.replace("weight = 25", "weight = 26"))).await;
        assert!(matches!(broken, Err(AppError::Invalid(_))));
        let other = test.elsewhere("Southlight").await;
        let none = health::compare(&other.app, &other.actor, &asked(String::new())).await.unwrap();
        assert!(none.pairs.is_empty(), "another workspace has a history of its own");
    })
    .await;
}
