//! Training: tracks of the package, sessions and seats, learners, assessments, certificates, the learner's own view.

use std::collections::{BTreeMap, BTreeSet};

use gangway_app::training::{
    self, Deed, LearnerDraft, Link, SessionDraft, SessionEnd, Track, TrackChanges, Training,
};
use gangway_app::{Actor, AppError, Guest, activity, people, upkeep, work, workload};
use gangway_domain::ids::{ContactId, LearnerId, OnboardingId};
use gangway_domain::meeting::{Attendance, Clock, Slot, Status};
use gangway_domain::permission::Role;
use gangway_domain::portal::{Language, PortalRole, Resource};
use gangway_domain::refusal::Barrier;
use gangway_domain::training::{AttemptKind, Level, ResourceKind, SessionKind, Verdict};
use gangway_domain::work::{Change, RunningTask};
use gangway_domain::workload::{Absence, Availability};
use gangway_store::Db;
use gangway_testkit::{TestApp, for_each_database};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde_json::Value as Json;

use super::sponsored;

struct World {
    test: TestApp,
    id: OnboardingId,
    dana: ContactId,
}

impl World {
    async fn on(db: Db) -> Self {
        let test = TestApp::on(db).await;
        let id = sponsored(&test).await;
        let all = people::standing(&test.app, &test.actor, id).await.unwrap().people;
        let dana = all.iter().find(|one| one.facts.name == "Dana Whitfield").unwrap().facts.contact;
        Self { test, id, dana }
    }

    async fn training(&self) -> Training {
        training::of_onboarding(&self.test.app, &self.test.actor, self.id).await.unwrap()
    }

    async fn track(&self, code: &str) -> Track {
        self.training().await.tracks.into_iter().find(|track| track.code == code).unwrap()
    }

    async fn learner(&self, name: &str, tracks: &[&Track]) -> LearnerId {
        let draft = LearnerDraft {
            name: name.to_owned(),
            email: format!("{}@acme.test", name.to_lowercase().replace(' ', ".")),
            tracks: tracks.iter().map(|track| track.id).collect(),
            ..LearnerDraft::default()
        };
        training::add(&self.test.app, &self.test.actor, self.id, draft).await.unwrap().id
    }

    /// A task of the plan as it stands.
    async fn task(&self, code: &str) -> RunningTask {
        let sight = work::sight(&self.test.app, &self.test.actor, self.id).await.unwrap();
        sight.stored.plan.task(code).unwrap().clone()
    }

    /// Lets a task begin four weeks later than planned.
    async fn put_off(&self, code: &str) {
        let later = self.task(code).await.start.saturating_add(28.days());
        let change = Change::Move { task: code.to_owned(), not_before: Some(later) };
        work::change(&self.test.app, &self.test.actor, self.id, None, vec![change]).await.unwrap();
    }

    fn guest(&self, role: PortalRole) -> Actor {
        let guest = Guest {
            workspace: self.test.actor.workspace,
            onboarding: self.id,
            contact: self.dana,
            role,
            language: Language::En,
            peek: false,
        };
        Actor::guest("Dana Whitfield", guest)
    }
}

/// The right answers of a track, as its onboarding has them; text is written.
async fn right(world: &World, track: &Track) -> BTreeMap<String, Vec<String>> {
    let asked = world.training().await.contents.of_track(track).unwrap().assessment.clone().unwrap();
    asked.questions.into_iter().map(|one| (one.id, one.correct)).collect()
}

#[tokio::test]
async fn the_package_sizes_the_tracks_and_everybody_gets_a_seat() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        let first = world.training().await;
        let users = world.track("end-user").await;
        assert_eq!((users.people, users.group_size, first.lacking_on(&users)), (120, 20, 6));
        upkeep::run(app).await.unwrap();
        assert_eq!(world.training().await.tracks, first.tracks, "later starts change nothing");

        let admins = world.track("administrator").await;
        let ana = world.learner("Ana Ruiz", &[&admins]).await;
        let made = training::propose(app, actor, admins.id).await.unwrap();
        assert_eq!(made.len(), 1);
        let (_, session, seats) = training::get_session(app, actor, made[0].id).await.unwrap();
        assert_eq!((session.status, seats.len(), seats[0].learner), (Status::Planned, 1, ana));
        let again = training::propose(app, actor, admins.id).await;
        assert!(matches!(again, Err(AppError::Refusal(_))), "{again:?}");
        let bo = world.learner("Bo Lind", &[&admins]).await;
        assert!(
            training::propose(app, actor, admins.id).await.unwrap().is_empty(),
            "there is room in the first"
        );
        let (_, _, seats) = training::get_session(app, actor, session.id).await.unwrap();
        assert!(seats.iter().any(|seat| seat.learner == bo));

        let more = TrackChanges { people: Some(17), ..TrackChanges::default() };
        let kept = training::change_track(app, actor, admins.id, 1, more.clone()).await.unwrap();
        assert_eq!((kept.version, world.training().await.lacking_on(&kept)), (2, 2));
        let stale = training::change_track(app, actor, admins.id, 1, more).await;
        assert!(matches!(stale, Err(AppError::Stale { version: 2, .. })), "{stale:?}");
        let viewer = world.test.member(Role::Viewer).await;
        let refused = training::propose(app, &viewer, admins.id).await;
        assert!(matches!(refused, Err(AppError::Forbidden(_))), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn invitations_go_to_each_learner_alone_and_attendance_begins_a_track() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        let admins = world.track("administrator").await;
        let ana = world.learner("Ana Ruiz", &[&admins]).await;
        let bo = world.learner("Bo Lind", &[&admins]).await;
        let session = training::propose(app, actor, admins.id).await.unwrap().remove(0);
        let sent = training::invite(app, actor, session.id, 1).await.unwrap();
        assert_eq!((sent.told, sent.unknown.len(), sent.session.version), (2, 0, 2));
        let (_, calendar) = training::calendar_file(app, actor, session.id).await.unwrap();
        assert!(calendar.contains("BEGIN:VEVENT") && !calendar.contains("bo.lind"), "{calendar}");
        let early = SessionEnd::Held { attendance: Vec::new() };
        let refused = training::end_session(app, actor, session.id, 2, early).await.unwrap_err();
        assert!(refused.to_string().contains("still to come"), "{refused}");
        world.test.clock.advance_days(365);
        let attendance = vec![(ana, Attendance::Attended), (bo, Attendance::Absent)];
        let held =
            training::end_session(app, actor, session.id, 2, SessionEnd::Held { attendance }).await.unwrap();
        assert_eq!(held.status, Status::Held);
        let training = world.training().await;
        let of = |who| training.progress.iter().find(|one| one.enrolment.learner == who).unwrap();
        assert_eq!((of(ana).level, of(bo).level), (Some(Level::Awareness), None));
        assert!(of(ana).enrolment.started_on.is_some() && of(bo).enrolment.started_on.is_none());
        let attendance = training.measured.iter().find(|one| one.id == "attendance").unwrap();
        assert_eq!((attendance.shown.as_str(), attendance.met, attendance.of), ("50 %", Some(false), 2));
    })
    .await;
}

#[tokio::test]
async fn a_list_of_users_is_read_whole_or_not_at_all() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        let list = "name,email,team,track\nAna Ruiz,ana@acme.test,Plant 2,end-user\nBo Lind,bo@acme.test,,\n";
        let users = world.track("end-user").await;
        let read = training::upload(app, actor, world.id, list, &[]).await.unwrap();
        assert_eq!((read.added, read.known, read.enrolled), (2, 0, 1));
        let again = training::upload(app, actor, world.id, list, &[users.id]).await.unwrap();
        assert_eq!((again.added, again.known, again.enrolled), (0, 2, 1), "only Bo was not on the track");
        let bad =
            "name,email,track\nCy,cy@acme.test,end-user\nDee,nowhere,end-user\nEve,eve@acme.test,dancing\n";
        let refused = training::upload(app, actor, world.id, bad, &[]).await.unwrap_err().to_string();
        assert!(refused.contains("line 3") && refused.contains("line 4"), "{refused}");
        assert_eq!(world.training().await.learners.len(), 2, "nobody of the bad list was added");
    })
    .await;
}

#[tokio::test]
async fn levels_are_shown_step_by_step_until_a_certificate_is_issued() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        let track = world.track("administrator").await;
        let ana = world.learner("Ana Ruiz", &[&track]).await;
        let early = training::certify(app, actor, ana, track.id).await.unwrap_err();
        assert!(early.to_string().contains("has shown nothing so far"), "{early}");
        let blank = BTreeMap::from([("nothing".to_owned(), vec![" ".to_owned()])]);
        let none = training::attempt(app, actor, ana, track.id, AttemptKind::Assessment, &blank).await;
        assert!(matches!(none, Err(AppError::Barred(Barrier::NothingAnswered))), "{none:?}");
        let known = world.training().await.contents;
        let asked = known.of_track(&track).unwrap().assessment.clone().unwrap();
        let wrong = asked.questions.iter().find_map(|one| {
            let option = one.options.iter().find(|option| !one.correct.contains(option))?;
            Some((one.id.clone(), vec![option.clone()]))
        });
        let wrong: BTreeMap<String, Vec<String>> = wrong.into_iter().collect();
        let failed =
            training::attempt(app, actor, ana, track.id, AttemptKind::Assessment, &wrong).await.unwrap();
        assert_eq!((failed.score, failed.verdict), (Some(0), Verdict::Failed));
        let good = right(&world, &track).await;
        let try_once = || training::attempt(app, actor, ana, track.id, AttemptKind::Assessment, &good);
        let ((Ok(tried), barred) | (barred, Ok(tried))) = tokio::join!(try_once(), try_once()) else {
            panic!("one of them counts");
        };
        assert!(matches!(barred, Err(AppError::Barred(Barrier::AnswersWait))), "{barred:?}");
        assert_eq!(tried.verdict, Verdict::Waiting, "a text waits for a trainer");
        let marks: Vec<Option<u32>> = tried.answers.iter().map(|one| one.mark.or(Some(90))).collect();
        let passed = training::mark(app, actor, tried.id, 1, &marks).await.unwrap();
        assert_eq!((passed.score, passed.verdict, passed.version), (Some(98), Verdict::Passed, 2));
        let twice =
            training::attempt(app, actor, ana, track.id, AttemptKind::Assessment, &good).await.unwrap_err();
        assert!(twice.to_string().contains("passed already"), "{twice}");

        let mut version = world.training().await.progress[0].enrolment.version;
        for id in ["two-users", "first-workflow", "three-problems"] {
            let deed = Deed::Exercise(id.to_owned());
            let kept = training::observe(app, actor, (ana, track.id), version, deed, true, "").await.unwrap();
            version = kept.version;
        }
        assert_eq!(world.training().await.progress[0].level, Some(Level::Application));
        let stale = training::observe(app, actor, (ana, track.id), 1, Deed::Alone, true, "").await;
        assert!(matches!(stale, Err(AppError::Stale { .. })), "{stale:?}");
        training::observe(app, actor, (ana, track.id), version, Deed::Alone, true, "Alone").await.unwrap();
        let progress = world.training().await.progress.remove(0);
        assert_eq!((progress.level, progress.complete), (Some(Level::Proficiency), true));

        let certify = || training::certify(app, actor, ana, track.id);
        let ((Ok(made), barred) | (barred, Ok(made))) = tokio::join!(certify(), certify()) else {
            panic!("one of them counts");
        };
        assert!(matches!(barred, Err(AppError::Overtaken | AppError::Refusal(_))), "{barred:?}");
        let (name, pdf) = training::certificate_file(app, actor, made.id).await.unwrap();
        assert!(name == format!("{}.pdf", made.number) && pdf.starts_with(b"%PDF"));
        let told = training::verify(app, &made.number.to_lowercase()).await.unwrap().unwrap();
        assert_eq!((told.name.as_str(), told.level, told.revoked_on), ("Ana Ruiz", Level::Proficiency, None));
        assert_eq!(training::verify(app, "GW-AAAA-AAAA-AAAB").await.unwrap(), None);
        training::revoke(app, actor, made.id, 1, "Wrong person").await.unwrap();
        assert!(training::verify(app, &made.number).await.unwrap().unwrap().revoked_on.is_some());
        let gone = training::certificate_file(app, actor, made.id).await.unwrap_err();
        assert!(gone.to_string().contains("taken back"), "{gone}");
        certify().await.unwrap();
    })
    .await;
}

/// Names of fields anywhere in an answer.
fn fields(json: &Json, found: &mut BTreeSet<String>) {
    match json {
        Json::Object(all) => {
            for (name, inner) in all {
                found.insert(name.clone());
                fields(inner, found);
            }
        }
        Json::Array(all) => all.iter().for_each(|inner| fields(inner, found)),
        _ => {}
    }
}

#[tokio::test]
async fn a_learner_sees_their_own_in_the_portal_and_no_more() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        let member = world.guest(PortalRole::Member);
        let users = world.track("end-user").await;
        let admins = world.track("administrator").await;
        assert!(training::learning(app, &member).await.unwrap().courses.is_empty());
        let dana =
            LearnerDraft { contact: Some(world.dana), tracks: vec![users.id], ..LearnerDraft::default() };
        let dana = training::add(app, actor, world.id, dana).await.unwrap();
        world.learner("Ana Ruiz", &[&users, &admins]).await;
        for (track, title) in [(None, "Quick start"), (Some(admins.id), "For administrators")] {
            let link = Link {
                track,
                kind: ResourceKind::QuickStart,
                title: title.to_owned(),
                url: "https://learn.example.com/a".to_owned(),
            };
            training::add_link(app, actor, world.id, link).await.unwrap();
        }
        let session = training::propose(app, actor, users.id).await.unwrap().remove(0);

        let seen = training::learning(app, &member).await.unwrap();
        assert_eq!((seen.courses.len(), seen.courses[0].assessment), (1, "open"));
        assert_eq!(seen.library.len(), 1, "the library of another track is not hers");
        assert!(seen.sessions.iter().any(|one| one.id == session.id.to_string() && one.mine));
        let asked = training::asked(app, &member, users.id, AttemptKind::Assessment).await.unwrap();
        let mut found = BTreeSet::new();
        fields(&serde_json::to_value(&seen).unwrap(), &mut found);
        fields(&serde_json::to_value(&asked).unwrap(), &mut found);
        let allowed: BTreeSet<String> =
            Resource::Training.fields().iter().map(|one| (*one).to_owned()).collect();
        assert!(found.is_subset(&allowed), "{:?}", found.difference(&allowed));
        assert!(!serde_json::to_string(&seen).unwrap().contains("Ana Ruiz"));

        training::study_own(app, &member, users.id, 0, true).await.unwrap();
        assert_eq!(training::learning(app, &member).await.unwrap().courses[0].done, 1);
        let other = training::study_own(app, &member, admins.id, 0, true).await;
        assert!(matches!(other, Err(AppError::NotFound { .. })), "{other:?}");
        let good = right(&world, &users).await;
        let (verdict, score) =
            training::attempt_own(app, &member, users.id, AttemptKind::Assessment, &good).await.unwrap();
        assert_eq!((verdict, score), (Verdict::Passed, Some(100)));
        let soon = training::asked(app, &member, users.id, AttemptKind::Assessment).await;
        assert!(matches!(soon, Err(AppError::Barred(Barrier::AssessmentPassed))), "{soon:?}");

        let missing = training::rate(app, &member, session.id, 5).await;
        assert!(matches!(missing, Err(AppError::NotFound { .. })), "she was not there yet: {missing:?}");
        world.test.clock.advance_days(365);
        let attendance = vec![(dana.id, Attendance::Attended)];
        let held = SessionEnd::Held { attendance };
        let version = training::get_session(app, actor, session.id).await.unwrap().1.version;
        training::end_session(app, actor, session.id, version, held).await.unwrap();
        training::rate(app, &member, session.id, 4).await.unwrap();
        let rated = world.training().await.measured;
        assert_eq!(rated.iter().find(|one| one.id == "training-satisfaction").unwrap().shown, "4 of 5");
        let version = training::get_session(app, actor, session.id).await.unwrap().1.version;
        let held = SessionEnd::Held { attendance: vec![(dana.id, Attendance::Attended)] };
        training::end_session(app, actor, session.id, version, held).await.unwrap();
        let kept = world.training().await.measured;
        assert_eq!(kept.iter().find(|one| one.id == "training-satisfaction").unwrap().shown, "4 of 5");

        let onlooker = training::learning(app, &world.guest(PortalRole::Onlooker)).await;
        assert!(matches!(onlooker, Err(AppError::NotForGuest)), "{onlooker:?}");
        let team = training::learning(app, actor).await;
        assert!(matches!(team, Err(AppError::NotForGuest)), "{team:?}");
    })
    .await;
}

fn by_hand(on: Date, trainer: &str, because: &str) -> SessionDraft {
    SessionDraft {
        track: None,
        kind: SessionKind::OfficeHours,
        title: "Office hours".to_owned(),
        slot: Slot { on, starts: Clock::ten(), minutes: 60, zone: None },
        place: String::new(),
        trainer: trainer.to_owned(),
        weeks: 1,
        because: because.to_owned(),
    }
}

fn is_weekday(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

#[tokio::test]
async fn sessions_are_on_days_on_which_both_parties_and_the_trainer_are_there() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        let calendars = work::calendars(app, actor, world.id).await.unwrap().calendars;
        let holidays: BTreeSet<Date> =
            calendars.iter().flat_map(|one| &one.holidays).map(|holiday| holiday.date).collect();
        let week = 7.days();
        let of_a_free_week = |day: &&Date| {
            **day > app.today() && is_weekday(**day) && !holidays.contains(&day.saturating_sub(week))
        };
        let holiday = *holidays.iter().find(of_a_free_week).unwrap();
        let admins = world.track("administrator").await;
        let only =
            TrackChanges { starts_on: Some(holiday), finishes_on: Some(holiday), ..TrackChanges::default() };
        training::change_track(app, actor, admins.id, 1, only).await.unwrap();
        let made = training::propose(app, actor, admins.id).await.unwrap();
        let free = made[0].slot.on;
        assert!(free > holiday && is_weekday(free) && !holidays.contains(&free), "{free}");

        let refused = training::plan(app, actor, world.id, by_hand(holiday, "", "")).await.unwrap_err();
        assert!(refused.to_string().contains("does not work on"), "{refused}");
        let why = "The plant trains while it stands still";
        let kept = training::plan(app, actor, world.id, by_hand(holiday, "", why)).await.unwrap().remove(0);
        assert_eq!(kept.because, why);
        let weekly = SessionDraft { weeks: 2, ..by_hand(holiday.saturating_sub(week), "", "") };
        let weekly = training::plan(app, actor, world.id, weekly).await.unwrap();
        assert_eq!(weekly.len(), 1, "the week of the holiday is left out");

        let ines = world.test.member(Role::ImplementationManager).await;
        let away = Absence { from: free, to: free, reason: String::new() };
        let times = Availability { absences: vec![away], ..Availability::default() };
        workload::set_availability(app, &ines, ines.person.unwrap(), 0, times).await.unwrap();
        let absent = training::plan(app, actor, world.id, by_hand(free, &ines.name, "")).await.unwrap_err();
        assert!(absent.to_string().contains("is absent on"), "{absent}");
        let there = training::plan(app, actor, world.id, by_hand(free, "Somebody else", "")).await.unwrap();
        assert_eq!(there[0].because, "");
        let moved = training::SessionChanges {
            trainer: Some(ines.name.clone()),
            ..training::SessionChanges::default()
        };
        let refused = training::change_session(app, actor, there[0].id, 1, moved).await.unwrap_err();
        assert!(refused.to_string().contains("is absent on"), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn sessions_proposed_for_one_day_begin_one_after_the_other() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        let users = world.track("end-user").await;
        let day = Some(users.starts_on);
        let only = TrackChanges { starts_on: day, finishes_on: day, ..TrackChanges::default() };
        training::change_track(app, actor, users.id, 1, only).await.unwrap();
        let made = training::propose(app, actor, users.id).await.unwrap();
        assert!(made.len() > 2, "{}", made.len());
        let mut spans: Vec<_> = made.iter().map(|one| one.slot.span().unwrap()).collect();
        spans.sort();
        assert!(spans.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{spans:?}");
    })
    .await;
}

#[tokio::test]
async fn a_track_follows_its_task_and_whoever_was_invited_is_moved_with_one_press() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        let admins = world.track("administrator").await;
        let task = admins.task.clone().unwrap();
        world.learner("Ana Ruiz", &[&admins]).await;
        let session = training::propose(app, actor, admins.id).await.unwrap().remove(0);
        world.put_off(&task).await;
        let (_, anew, seats) = training::get_session(app, actor, session.id).await.unwrap();
        let planned = world.task(&task).await;
        let now = world.track("administrator").await;
        assert_eq!((now.starts_on, now.finishes_on), (planned.start, planned.finish));
        assert!(anew.slot.on >= planned.start && anew.slot.on > session.slot.on, "{}", anew.slot.on);
        assert_eq!(
            (anew.sequence, anew.wanted_on, seats.len()),
            (0, None, 1),
            "nobody was told of a day yet"
        );
        let none = training::move_with_plan(app, actor, world.id, &[]).await;
        assert!(matches!(none, Err(AppError::Refusal(_))), "{none:?}");

        training::invite(app, actor, session.id, anew.version).await.unwrap();
        world.put_off(&task).await;
        let (_, waiting, _) = training::get_session(app, actor, session.id).await.unwrap();
        assert_eq!((waiting.slot.on, waiting.sequence), (anew.slot.on, 0), "people were told of that day");
        let wanted = waiting.wanted_on.unwrap();
        assert!(wanted > anew.slot.on && wanted >= world.task(&task).await.start, "{wanted}");
        let trail = activity::recent(app, actor, 50).await.unwrap();
        let followed: Vec<&str> = trail
            .iter()
            .filter(|one| one.kind == "training.followed")
            .map(|one| one.summary.as_str())
            .collect();
        assert_eq!(followed.len(), 2);
        assert!(followed.iter().any(|one| one.contains("1 to be moved")), "{followed:?}");

        let viewer = world.test.member(Role::Viewer).await;
        let refused = training::move_with_plan(app, &viewer, world.id, &[]).await;
        assert!(matches!(refused, Err(AppError::Forbidden(_))), "{refused:?}");
        let moved = training::move_with_plan(app, actor, world.id, &[session.id]).await.unwrap().remove(0);
        let Slot { on, .. } = moved.session.slot;
        assert_eq!((on, moved.told, moved.session.sequence, moved.session.wanted_on), (wanted, 1, 1, None));
        let (_, calendar) = training::calendar_file(app, actor, session.id).await.unwrap();
        assert!(calendar.contains("SEQUENCE:1"), "{calendar}");
    })
    .await;
}
