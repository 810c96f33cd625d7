//! After the training: who counts as trained, and what stayed weeks later.

use std::collections::BTreeMap;

use gangway_app::training::{self, LearnerDraft, Track, TrackChanges};
use gangway_app::{Actor, AppError, launch, portal};
use gangway_domain::ids::OnboardingId;
use gangway_domain::portal::PortalRole;
use gangway_domain::refusal::Barrier;
use gangway_domain::rule::FactValue;
use gangway_domain::training::{AttemptKind, Verdict};
use gangway_testkit::{TestApp, for_each_database};

use super::{guest, sponsored};

/// Dana Whitfield in the portal, the only one to be trained, on the track of users.
async fn one_learner(test: &TestApp, id: OnboardingId) -> (Actor, Track) {
    let (app, actor) = (&test.app, &test.actor);
    let (dana, member) = guest(test, id, PortalRole::Member).await;
    let tracks = training::of_onboarding(app, actor, id).await.unwrap().tracks;
    for track in tracks.iter().filter(|track| track.group_size > 0) {
        let people = Some(u32::from(track.code == "end-user"));
        let changes = TrackChanges { people, ..TrackChanges::default() };
        training::change_track(app, actor, track.id, track.version, changes).await.unwrap();
    }
    let users = tracks.into_iter().find(|track| track.code == "end-user").unwrap();
    let draft = LearnerDraft { contact: Some(dana), tracks: vec![users.id], ..LearnerDraft::default() };
    training::add(app, actor, id, draft).await.unwrap();
    (member, users)
}

/// The right answers to the questions of a track.
async fn right(test: &TestApp, id: OnboardingId, track: &Track) -> BTreeMap<String, Vec<String>> {
    let known = training::of_onboarding(&test.app, &test.actor, id).await.unwrap();
    let asked = known.contents.of_track(track).unwrap().assessment.clone().unwrap();
    asked.questions.into_iter().map(|one| (one.id, one.correct)).collect()
}

/// The share of people who are trained, as rules see it.
async fn trained(test: &TestApp, id: OnboardingId) -> Option<FactValue> {
    let sight = launch::sight(&test.app, &test.actor, id).await.unwrap();
    match sight.facts.0.get("training") {
        Some(FactValue::Group(group)) => group.get("completed_percent").cloned(),
        _ => None,
    }
}

#[tokio::test]
async fn whoever_passed_is_trained_with_or_without_a_certificate() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = sponsored(&test).await;
        assert_eq!(trained(&test, id).await, None, "nobody is named: a person says it");
        let (member, users) = one_learner(&test, id).await;
        assert_eq!(trained(&test, id).await, Some(FactValue::Int(0)));
        training::study_own(&test.app, &member, users.id, 0, true).await.unwrap();
        assert_eq!(trained(&test, id).await, Some(FactValue::Int(0)), "one lesson is not the training");
        let good = right(&test, id, &users).await;
        let kind = AttemptKind::Assessment;
        let (verdict, _) = training::attempt_own(&test.app, &member, users.id, kind, &good).await.unwrap();
        assert_eq!(verdict, Verdict::Passed);
        assert_eq!(trained(&test, id).await, Some(FactValue::Int(100)));
    })
    .await;
}

#[tokio::test]
async fn what_stayed_is_asked_after_thirty_days_for_two_weeks() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let app = &test.app;
        let id = sponsored(&test).await;
        let (member, users) = one_learner(&test, id).await;
        let good = right(&test, id, &users).await;
        let again = AttemptKind::FollowUp;
        let first = training::attempt_own(app, &member, users.id, again, &good).await;
        assert!(matches!(first, Err(AppError::Barred(Barrier::AssessmentFirst))), "{first:?}");
        let kind = AttemptKind::Assessment;
        training::attempt_own(app, &member, users.id, kind, &good).await.unwrap();
        let early = training::attempt_own(app, &member, users.id, again, &good).await;
        assert!(matches!(early, Err(AppError::Barred(Barrier::FollowUpEarly))), "{early:?}");
        let href = format!("/portal/training/{}/follow-up", users.id);
        let waits = async || {
            let todo = portal::todo(app, &member).await.unwrap();
            todo.into_iter().find(|one| one.href == href)
        };
        test.clock.advance_days(29);
        assert_eq!(waits().await, None);
        test.clock.advance_days(1);
        let asked = waits().await.unwrap();
        assert_eq!((asked.kind, asked.overdue), ("training", false));
        test.clock.advance_days(15);
        assert_eq!(waits().await, None, "nobody is asked for ever");
        let (_, score) = training::attempt_own(app, &member, users.id, again, &good).await.unwrap();
        assert_eq!(score, Some(100));
        let measured = training::of_onboarding(app, &test.actor, id).await.unwrap().measured;
        let kept = measured.iter().find(|one| one.id == "knowledge-retention").unwrap();
        assert_eq!((kept.shown.as_str(), kept.of), ("100 %", 1));
    })
    .await;
}
