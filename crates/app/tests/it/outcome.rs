//! The joint impact plan: what the package brings into it, agreeing, measuring, confirming, being complete, being late.

use std::collections::BTreeSet;

use gangway_app::outcome::{self, Draft, NewMeasurement, PromiseState, Said};
use gangway_app::{AppError, onboarding, portal, transition, upkeep, work};
use gangway_domain::ids::OnboardingId;
use gangway_domain::outcome::{Answer, Evidence, Status};
use gangway_domain::permission::Role;
use gangway_domain::portal::{PortalRole, Resource};
use gangway_domain::refusal::Barrier;
use gangway_domain::work::Change;
use gangway_testkit::{TestApp, for_each_database, prove};
use jiff::civil::{Date, date};
use serde_json::Value as Json;

use super::{guest, sponsored, sponsored_at};

fn draft() -> Draft {
    Draft {
        goal: "Close the books  faster".to_owned(),
        metric: "Days to close".to_owned(),
        unit: "days".to_owned(),
        direction: None,
        baseline: "10".parse().ok(),
        target: "4".parse().ok(),
        by: date(2027, 4, 30),
        proof: "The calendar of the finance team".to_owned(),
        confirms: "Dana Whitfield".to_owned(),
        rung: Some(1),
        first_value: true,
        full_value: false,
        promises: vec!["P1".to_owned()],
    }
}

fn measured(value: &str, evidence: Option<&str>) -> NewMeasurement {
    NewMeasurement {
        on: date(2027, 1, 4),
        value: value.parse().ok(),
        holds: false,
        note: String::new(),
        evidence: evidence.map(|text| Evidence::Words { text: text.to_owned() }),
    }
}

fn said(words: &str) -> Said {
    Said { by: "Dana Whitfield".to_owned(), words: words.to_owned() }
}

#[tokio::test]
async fn the_package_brings_outcomes_that_are_to_be_agreed_once() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = sponsored(&test).await;
        let package = onboarding::get(&test.app, &test.actor, id).await.unwrap().onboarding.package;
        let known = outcome::of_onboarding(&test.app, &test.actor, id).await.unwrap();
        assert_eq!(known.outcomes.len(), package.impact_plan.outcomes.len());
        let first = &known.outcomes[0];
        assert_eq!((first.code().as_str(), first.first_value), ("O-1", true));
        assert_eq!(first.status(known.today), Status::Drafted);
        assert_eq!(known.plan.complete_by, Some(package.plan.complete.by));
        assert_eq!(known.plan.north_star, package.impact_plan.north_star);
        upkeep::run(&test.app).await.unwrap();
        assert_eq!(outcome::of_onboarding(&test.app, &test.actor, id).await.unwrap(), known);
    })
    .await;
}

#[tokio::test]
async fn an_outcome_is_agreed_measured_and_confirmed_with_evidence() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let made = outcome::add(app, actor, id, draft()).await.unwrap();
        assert_eq!((made.code().as_str(), made.goal.as_str()), ("O-2", "Close the books faster"));
        let all = outcome::of_onboarding(app, actor, id).await.unwrap();
        let firsts = all.outcomes.iter().filter(|one| one.first_value).map(|one| one.number);
        assert_eq!(firsts.collect::<Vec<_>>(), [2], "there is one first value");

        let wrong =
            Draft { target: "12".parse().ok(), direction: Some(made.direction), rung: Some(9), ..draft() };
        let Err(AppError::Invalid(problems)) = outcome::add(app, actor, id, wrong).await else { panic!() };
        let fields: Vec<&str> = problems.iter().map(|problem| problem.field).collect();
        assert_eq!(fields, ["rung", "target"]);

        let blank = outcome::add(app, actor, id, Draft { metric: String::new(), ..draft() }).await.unwrap();
        let early = outcome::agree(app, actor, blank.id, 1, "Dana Whitfield").await;
        assert!(matches!(early, Err(AppError::Barred(Barrier::OutcomeVague))), "{early:?}");

        let made = outcome::get(app, actor, made.id).await.unwrap().outcome;
        let agreed = outcome::agree(app, actor, made.id, made.version, "Dana Whitfield").await.unwrap();
        assert_eq!(agreed.status(date(2027, 1, 4)), Status::Agreed);
        let stale = outcome::agree(app, actor, made.id, made.version, "Dana").await;
        assert!(matches!(stale, Err(AppError::Stale { what: "outcome", .. })), "{stale:?}");

        let ahead = NewMeasurement { on: date(2027, 1, 5), ..measured("8", None) };
        assert!(matches!(outcome::measure(app, actor, made.id, ahead).await, Err(AppError::Invalid(_))));
        let (half, _) = outcome::measure(app, actor, made.id, measured("7", None)).await.unwrap();
        assert_eq!((half.status(date(2027, 1, 4)), half.ground().percent()), (Status::Measuring, Some(50)));
        let early = outcome::confirm(app, actor, made.id, half.version, said("")).await;
        assert!(early.unwrap_err().to_string().contains("measure it first"));

        let (there, last) = outcome::measure(app, actor, made.id, measured("4", None)).await.unwrap();
        assert_eq!(there.status(date(2027, 1, 4)), Status::Reached);
        let bare = outcome::confirm(app, actor, made.id, there.version, said("")).await;
        assert!(bare.unwrap_err().to_string().contains("no measurement shows evidence"));
        let no = outcome::decline(app, actor, made.id, there.version, said("only in Lyon")).await.unwrap();
        assert!(matches!(no.answer, Some(Answer::Declined { .. })));
        outcome::remove_measurement(app, actor, last.id).await.unwrap();
        let (there, _) =
            outcome::measure(app, actor, made.id, measured("4", Some("Calendar"))).await.unwrap();
        assert_eq!(there.answer, None, "a new figure settles the no");
        let yes =
            outcome::confirm(app, actor, made.id, there.version, said("Two closes in a row")).await.unwrap();
        assert_eq!(yes.status(date(2028, 1, 1)), Status::Verified);
        let Some(Answer::Confirmed { recorded_by, .. }) = &yes.answer else { panic!() };
        assert_eq!(recorded_by.as_deref(), Some("Priya"));

        let moved = Draft { target: "3".parse().ok(), ..Draft::of(&yes) };
        assert!(matches!(
            outcome::change(app, actor, yes.id, yes.version, moved.clone()).await,
            Err(AppError::Refusal(_))
        ));
        let open = outcome::reopen(app, actor, yes.id, yes.version, "The figure was of Lyon").await.unwrap();
        let anew = outcome::change(app, actor, open.id, open.version, moved).await.unwrap();
        assert_eq!(anew.agreed, None, "other figures are to be agreed anew");
        let kept = outcome::remove(app, actor, anew.id, anew.version).await;
        assert!(matches!(kept, Err(AppError::Refusal(_))), "what was measured stays");
        assert_eq!(outcome::remove(app, actor, blank.id, 1).await.unwrap(), id);

        let viewer = test.member(Role::Viewer).await;
        assert!(matches!(outcome::add(app, &viewer, id, draft()).await, Err(AppError::Forbidden(_))));
        let other = test.elsewhere("Brightcare").await;
        let stranger = outcome::get(&other.app, &other.actor, anew.id).await;
        assert!(matches!(stranger, Err(AppError::NotFound { what: "outcome", .. })));
    })
    .await;
}

async fn first_value(test: &TestApp, id: OnboardingId) -> Option<Date> {
    transition::of_onboarding(&test.app, &test.actor, id).await.unwrap().moments.first_value
}

#[tokio::test]
async fn measuring_again_does_not_move_the_first_value() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let made = outcome::add(app, actor, id, draft()).await.unwrap();
        outcome::agree(app, actor, made.id, made.version, "Dana Whitfield").await.unwrap();
        outcome::measure(app, actor, made.id, measured("7", None)).await.unwrap();
        assert_eq!(first_value(&test, id).await, None, "half of the way is no value yet");
        outcome::measure(app, actor, made.id, measured("4", None)).await.unwrap();
        assert_eq!(first_value(&test, id).await, Some(date(2027, 1, 4)));
        test.clock.advance_days(7);
        let later = NewMeasurement { on: date(2027, 1, 11), ..measured("3", None) };
        outcome::measure(app, actor, made.id, later).await.unwrap();
        assert_eq!(first_value(&test, id).await, Some(date(2027, 1, 4)));
    })
    .await;
}

#[tokio::test]
async fn any_confirmed_outcome_is_the_first_value_and_meets_what_it_is_tied_to() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let second = Draft { first_value: false, promises: Vec::new(), rung: None, ..draft() };
        let made = outcome::add(app, actor, id, second).await.unwrap();
        let (there, _) = outcome::measure(app, actor, made.id, measured("4", None)).await.unwrap();
        assert_eq!(first_value(&test, id).await, None, "nobody confirmed it, and it was not named as such");
        assert!(there.lacks_evidence());
        let unproven = outcome::unproven(app, actor, id).await.unwrap();
        assert_eq!(unproven.iter().map(|one| one.id).collect::<Vec<_>>(), [made.id]);
        let (_, sponsor) = guest(&test, id, PortalRole::Sponsor).await;
        let seen = outcome::guest_outcome(app, &sponsor, made.id).await.unwrap();
        assert!(seen.lacks_evidence && !seen.may_answer);

        let (there, _) =
            outcome::measure(app, actor, made.id, measured("4", Some("Calendar"))).await.unwrap();
        assert!(outcome::unproven(app, actor, id).await.unwrap().is_empty());
        outcome::confirm(app, actor, made.id, there.version, said("")).await.unwrap();
        assert_eq!(first_value(&test, id).await, Some(date(2027, 1, 4)));
        let value = outcome::value(app, actor, id).await.unwrap();
        let step = value.steps.iter().find(|step| step.first_value).unwrap();
        let tied = outcome::of_onboarding(app, actor, id).await.unwrap().promises;
        // Tied to a promise, the milestone waits for the outcome that keeps it; otherwise any is enough.
        let waits = tied
            .iter()
            .any(|line| line.entry.milestone.as_ref() == Some(&step.code) && !line.outcomes.is_empty());
        assert_eq!(step.reached_on.is_some(), !waits);
        assert!(value.ladder.iter().any(|rung| rung.is_reached));
    })
    .await;
}

/// The day it goes live by the plan as it stands, in full.
async fn long_day(test: &TestApp, id: OnboardingId) -> String {
    let go_live = work::sight(&test.app, &test.actor, id).await.unwrap().stored.plan.promise().go_live;
    go_live.strftime("%-d %B %Y").to_string()
}

#[tokio::test]
async fn sentences_above_the_outcomes_name_the_days_of_the_plan_as_it_stands() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let above = async || outcome::impact_plan(app, actor, id).await.unwrap().1;
        let before = above().await;
        let plan = work::sight(app, actor, id).await.unwrap().stored.plan;
        let task = plan.ground.go_live.clone().unwrap();
        let longer = |days| vec![Change::SetDays { task: task.clone(), days }];
        work::change(app, actor, id, None, longer(90)).await.unwrap();
        let go_live = work::sight(app, actor, id).await.unwrap().stored.plan.promise().go_live;
        let now = above().await;
        assert_ne!(now.north_star, before.north_star);
        let day = go_live.strftime("%-d %B %Y").to_string();
        assert!(now.north_star.contains(&day), "{} by {day}", now.north_star);
        let package = onboarding::get(app, actor, id).await.unwrap().onboarding.package;
        assert_eq!(package.impact_plan.north_star, now.north_star, "documents say the same");

        let own = "We close by 16 March 2027".to_owned();
        let words = outcome::PlanChanges { north_star: own.clone(), ..outcome::PlanChanges::default() };
        outcome::change_plan(app, actor, id, now.version, words).await.unwrap();
        work::change(app, actor, id, None, longer(60)).await.unwrap();
        let after = above().await;
        assert_eq!(after.north_star, own, "people's words stay theirs");
        assert_eq!(after.first_impact, "", "and what they took out stays out");

        // What says what the plan says goes on following it, though beside it something was changed.
        let words = outcome::PlanChanges {
            north_star: now.north_star.replace(&day, &long_day(&test, id).await),
            first_impact: before.first_impact.clone(),
            challenges: "IT is short of people".to_owned(),
            ..outcome::PlanChanges::default()
        };
        let kept = outcome::change_plan(app, actor, id, after.version, words.clone()).await.unwrap();
        assert_eq!(kept.north_star, words.north_star);
        work::change(app, actor, id, None, longer(120)).await.unwrap();
        let later = above().await;
        assert!(later.north_star.contains(&long_day(&test, id).await), "{}", later.north_star);
        assert_eq!(later.challenges, "IT is short of people");
        let package = onboarding::get(app, actor, id).await.unwrap().onboarding.package;
        assert_eq!(package.impact_plan.north_star, later.north_star, "documents say the same");
    })
    .await;
}

#[tokio::test]
async fn what_nobody_agreed_to_is_not_missed() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let drafted = outcome::add(app, actor, id, draft()).await.unwrap();
        let wanted = outcome::add(app, actor, id, draft()).await.unwrap();
        outcome::agree(app, actor, wanted.id, wanted.version, "Dana Whitfield").await.unwrap();
        let late = date(2027, 5, 3);
        let found = async |status: Status| {
            let query = outcome::Query {
                onboarding: Some(id),
                status: Some((status, late)),
                limit: 50,
                ..outcome::Query::default()
            };
            let (found, _) = outcome::list(app, actor, query).await.unwrap();
            assert!(found.iter().all(|one| one.status(late) == status), "{status:?}: {found:?}");
            found.iter().map(|one| one.id).collect::<Vec<_>>()
        };
        assert_eq!(found(Status::Missed).await, [wanted.id]);
        assert!(found(Status::NeverAgreed).await.contains(&drafted.id));
    })
    .await;
}

#[tokio::test]
async fn a_promise_is_kept_by_the_outcome_that_is_tied_to_it() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let state = || async {
            let all = outcome::of_onboarding(app, actor, id).await.unwrap().promises;
            all.into_iter().find(|line| line.entry.id == "P1").unwrap()
        };
        assert_ne!(state().await.state, PromiseState::Kept);
        let made = outcome::add(app, actor, id, draft()).await.unwrap();
        assert_eq!(state().await.outcomes.len(), 1);
        let package = onboarding::get(app, actor, id).await.unwrap().onboarding.package;
        let written = package.impact_plan.outcomes.last().unwrap();
        assert_eq!(
            (written.id.as_str(), written.target.as_deref()),
            ("O-2", Some("4 days")),
            "as it is worked"
        );
        let (there, _) =
            outcome::measure(app, actor, made.id, measured("4", Some("Calendar"))).await.unwrap();
        assert_eq!(state().await.state, PromiseState::Reached);
        outcome::confirm(app, actor, made.id, there.version, said("")).await.unwrap();
        assert_eq!(state().await.state, PromiseState::Kept);
    })
    .await;
}

fn names(value: &Json, found: &mut BTreeSet<String>) {
    match value {
        Json::Object(map) => {
            for (name, inner) in map {
                found.insert(name.clone());
                names(inner, found);
            }
        }
        Json::Array(all) => all.iter().for_each(|inner| names(inner, found)),
        _ => {}
    }
}

#[tokio::test]
async fn a_sponsor_who_does_not_want_an_outcome_like_this_says_so_and_is_asked_again_when_it_changed() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let made = outcome::add(app, actor, id, draft()).await.unwrap();
        let (_, sponsor) = guest(&test, id, PortalRole::Sponsor).await;
        let silent = outcome::guest_object(app, &sponsor, made.id, 1, " ").await;
        assert!(matches!(silent, Err(AppError::Invalid(_))), "a no says what should be different");
        outcome::guest_object(app, &sponsor, made.id, 1, "Six days are enough").await.unwrap();
        let seen = outcome::guest_outcome(app, &sponsor, made.id).await.unwrap();
        assert_eq!((seen.may_agree, seen.words.as_str()), (false, "Six days are enough"));
        let kept = outcome::get(app, actor, made.id).await.unwrap().outcome;
        assert!(
            matches!(&kept.answer, Some(Answer::Declined { words, .. }) if words == "Six days are enough")
        );

        let other = Draft { target: "6".parse().ok(), ..draft() };
        let changed = outcome::change(app, actor, made.id, kept.version, other).await.unwrap();
        assert_eq!(changed.answer, None);
        assert!(outcome::guest_outcome(app, &sponsor, made.id).await.unwrap().may_agree);
        outcome::guest_agree(app, &sponsor, made.id, changed.version).await.unwrap();
        let late = outcome::guest_object(app, &sponsor, made.id, changed.version + 1, "No").await;
        assert!(matches!(late, Err(AppError::Barred(Barrier::OutcomeAgreed))), "{late:?}");
    })
    .await;
}

#[tokio::test]
async fn a_sponsor_agrees_and_confirms_in_the_portal_and_sees_nothing_of_the_teams() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let made = outcome::add(app, actor, id, draft()).await.unwrap();
        let (contact, sponsor) = guest(&test, id, PortalRole::Sponsor).await;
        let waiting = portal::todo(app, &sponsor).await.unwrap();
        assert!(waiting.iter().any(|one| one.kind == "outcome" && one.title == "Close the books faster"));
        outcome::guest_agree(app, &sponsor, made.id, 1).await.unwrap();
        let seen = outcome::guest_outcome(app, &sponsor, made.id).await.unwrap();
        assert_eq!((seen.agreed_by.as_deref(), seen.may_answer), (Some("Dana Whitfield"), false));

        outcome::measure(app, actor, made.id, measured("4", Some("Calendar"))).await.unwrap();
        let seen = outcome::guest_outcome(app, &sponsor, made.id).await.unwrap();
        assert!(seen.may_answer && seen.latest.as_deref() == Some("4 days"));
        let silent = outcome::guest_answer(app, &sponsor, made.id, seen.version, false, " ").await;
        assert!(matches!(silent, Err(AppError::Invalid(_))), "a no says what is missing");
        let (_, lead) = guest(&test, id, PortalRole::Lead).await;
        let refused = outcome::guest_answer(app, &lead, made.id, seen.version, true, "").await;
        assert!(matches!(refused, Err(AppError::NotForGuest)), "only a sponsor's word verifies");
        assert!(!outcome::guest_outcome(app, &lead, made.id).await.unwrap().may_answer);
        outcome::guest_answer(app, &sponsor, made.id, seen.version, true, "Two in a row").await.unwrap();
        let kept = outcome::get(app, actor, made.id).await.unwrap().outcome;
        let Some(Answer::Confirmed { by, contact: who, recorded_by, .. }) = kept.answer else { panic!() };
        assert_eq!((by.as_str(), who, recorded_by), ("Dana Whitfield", Some(contact), None));

        let mut found = BTreeSet::new();
        let all = outcome::guest_outcomes(app, &sponsor).await.unwrap();
        names(&serde_json::to_value(all).unwrap(), &mut found);
        let allowed: BTreeSet<&str> = Resource::Outcome.fields().iter().copied().collect();
        let more: Vec<&String> = found.iter().filter(|name| !allowed.contains(name.as_str())).collect();
        assert!(more.is_empty(), "{more:?} may not be shown");

        let other = sponsored_at(&test, "Globex").await;
        let (_, stranger) = guest(&test, other, PortalRole::Sponsor).await;
        let theirs = outcome::guest_outcome(app, &stranger, made.id).await;
        assert!(matches!(theirs, Err(AppError::NotFound { .. })), "a guest reaches one onboarding");
        assert!(outcome::guest_outcomes(app, actor).await.is_err(), "nobody of the team is a guest");
    })
    .await;
}

#[tokio::test]
async fn what_lacks_to_be_complete_is_named_and_a_measured_outcome_speaks_for_gates() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let (_, first) = outcome::completeness(app, actor, id).await.unwrap();
        assert!((3..=5).contains(&first.value.len()) && (3..=5).contains(&first.technical.len()));
        assert_eq!((first.verified, first.flaws().len()), (0, 0));
        assert!(first.lacking().iter().any(|text| text.contains("no outcome is verified")));

        let gates = |facts: &gangway_domain::rule::Facts| facts.0.contains_key("outcomes");
        assert!(!gates(&work::sight(app, actor, id).await.unwrap().facts), "nothing is known yet");
        let made = outcome::add(app, actor, id, draft()).await.unwrap();
        outcome::agree(app, actor, made.id, 1, "Dana Whitfield").await.unwrap();
        assert!(gates(&work::sight(app, actor, id).await.unwrap().facts));

        prove(&test, id).await;
        let (_, last) = outcome::completeness(app, actor, id).await.unwrap();
        assert!(last.is_complete(), "{:?}", last.lacking());
    })
    .await;
}

#[tokio::test]
async fn what_runs_late_is_listed_with_the_milestones_that_cost_the_day() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        assert!(outcome::late(app, actor, None).await.unwrap().lines.is_empty());
        test.clock.advance_days(7);
        onboarding::kick_off(app, actor, id).await.unwrap();
        test.clock.advance_days(200);
        let late = outcome::late(app, actor, None).await.unwrap();
        assert_eq!(late.lines.len(), 1);
        assert!(late.lines[0].is_past && late.lines[0].days > 0);
        assert!(outcome::late(app, actor, Some("enterprise".to_owned())).await.unwrap().lines.is_empty());
        let why = outcome::late_milestones(app, actor, None, None).await.unwrap();
        assert_eq!((why.onboardings, why.late), (1, 1));
        assert_eq!(why.drivers.iter().map(|one| one.drives).sum::<usize>(), 1, "one of them cost the day");
        let other = test.elsewhere("Brightcare").await;
        assert!(outcome::late(&other.app, &other.actor, None).await.unwrap().lines.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_value_milestone_is_celebrated_as_planned() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let seen = outcome::value(app, actor, id).await.unwrap();
        let step = seen.steps.iter().find(|step| step.first_value).unwrap();
        assert!(step.celebration.version == 0 && step.celebration.message.contains(&step.name));
        assert_eq!(seen.ladder.iter().filter(|rung| !rung.outcomes.is_empty()).count(), 1);
        let wanted =
            outcome::Celebration { share_with: "Dana Whitfield".to_owned(), ..step.celebration.clone() };
        let kept = outcome::celebrate(app, actor, id, wanted.clone()).await.unwrap();
        assert_eq!(kept.version, 1);
        let stale = outcome::celebrate(app, actor, id, wanted).await;
        assert!(matches!(stale, Err(AppError::Stale { what: "celebration", version: 1 })));
        let held = outcome::Celebration { held: Some((date(2027, 1, 4), actor.name.clone())), ..kept };
        outcome::celebrate(app, actor, id, held).await.unwrap();
        let unknown = outcome::Celebration { milestone: "nothing".to_owned(), ..step.celebration.clone() };
        assert!(matches!(outcome::celebrate(app, actor, id, unknown).await, Err(AppError::NotFound { .. })));
        // Files and comments are kept with outcomes as with tasks.
        let one = outcome::of_onboarding(app, actor, id).await.unwrap().outcomes.remove(0);
        let file = work::NewFile {
            name: "close.csv".to_owned(),
            media_type: "text/csv".to_owned(),
            bytes: b"day,4\n".to_vec(),
        };
        let file = work::add_file(app, actor, &one.id.to_string(), file).await.unwrap();
        let new = NewMeasurement {
            evidence: Some(Evidence::File { id: file.id, name: String::new() }),
            ..measured("4", None)
        };
        let (_, measured) = outcome::measure(app, actor, one.id, new).await.unwrap();
        assert_eq!(measured.evidence, Some(Evidence::File { id: file.id, name: "close.csv".to_owned() }));
    })
    .await;
}
