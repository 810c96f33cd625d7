//! What the demo shows of a go-live that is over: the messages that went out, issues with their clocks, daily syncs, a
//! trigger that was looked at, hypercare that ended, the review, and people who were trained and certified before it.

use std::collections::BTreeMap;

use gangway_domain::ids::{LearnerId, OnboardingId};
use gangway_domain::launch::{RollbackPlan, Sent, Severity, Step};
use gangway_domain::meeting::{Attendance, Clock, Slot};
use gangway_domain::report::Kind;
use gangway_domain::training::{AttemptKind, SessionKind};
use gangway_store::launch as rows;
use gangway_store::people as stakeholders;
use jiff::ToSpan;
use jiff::civil::Date;

use super::{back, on, working_day};
use crate::error::AppError;
use crate::launch::{self, HypercareDraft, IssueDraft, Said, SignalStep};
use crate::register::{onboarding, record};
use crate::training::{self, Deed, LearnerDraft, SessionDraft, SessionEnd, Track, Training};
use crate::{Actor, App, report};

/// Place of the story whose go-live is told.
pub(super) const HARBOURLINE: usize = 0;

/// Calendar days after the go-live on which hypercare ends.
const CALM: i32 = 16;

/// Who learned: name, team.
const LEARNERS: [(&str, &str); 3] =
    [("Elif Kaya", "Night shift"), ("Owen Pryce", "Night shift"), ("Marta Silva", "Dispatch office")];

/// The go-live of a story on its day, told by whoever runs it as themselves: the demo writes to nobody.
pub(super) async fn tell(app: &App, who: &Actor, id: OnboardingId, live: Date) -> Result<(), AppError> {
    let scene = Scene { app, who, id, live };
    if live.saturating_add((CALM + 4).days()) > back(app.today(), 3) {
        return Ok(());
    }
    told("training", Box::pin(scene.train()).await)?;
    told("go-live", Box::pin(scene.go_live()).await)
}

/// A methodology of one's own may know other severities, triggers and questions: then this part is left out.
fn told(part: &'static str, result: Result<(), AppError>) -> Result<(), AppError> {
    match result {
        Err(error @ (AppError::Refusal(_) | AppError::Invalid(_) | AppError::NotFound { .. })) => {
            tracing::warn!(part, %error, "the demo leaves a part of a go-live out");
            Ok(())
        }
        other => other,
    }
}

struct Scene<'a> {
    app: &'a App,
    who: &'a Actor,
    id: OnboardingId,
    live: Date,
}

impl Scene<'_> {
    /// The app so many calendar days after the go-live, on a working day.
    fn then(&self, days: i32, hour: i8) -> App {
        on(self.app, working_day(self.live.saturating_add(days.days())), hour)
    }

    async fn go_live(&self) -> Result<(), AppError> {
        let Self { who, id, .. } = *self;
        let rollback = RollbackPlan {
            decider: "Ines Okafor".to_owned(),
            deputy: "Jonas Feld".to_owned(),
            steps: "Copy the shifts of the week onto the whiteboard; close the product".to_owned(),
            impact: "Drivers read their shifts from the whiteboard until the end of the week".to_owned(),
            recovery: "Two hours".to_owned(),
            message: "We are back at the whiteboard for this week. Nothing you entered is lost.".to_owned(),
        };
        let version = launch::sight(&self.then(-8, 10), who, id).await?.version;
        launch::plan_rollback(&self.then(-8, 10), who, id, version, rollback).await?;
        self.write(|days| days < 1).await?;
        self.first_days().await?;
        self.write(|days| days > 0).await?;
        self.calm_down().await
    }

    /// Messages due on such days after the go-live went out. Kept without the use case, which writes mail.
    async fn write(&self, is_now: impl Fn(i32) -> bool) -> Result<(), AppError> {
        let Self { app, who, id, .. } = *self;
        let moments = &app.methodology.golive.launch.messages;
        let due: Vec<_> = moments.iter().filter(|moment| is_now(moment.days)).collect();
        for moment in due {
            let then = self.then(moment.days, 9);
            let mut made = launch::write_message(&then, who, id, &moment.id).await?;
            let mut tx = then.db.write().await?;
            let people = stakeholders::of_onboarding(&mut tx, who.workspace, id).await?;
            let to: Vec<String> =
                people.into_iter().filter(|one| one.email.is_some()).map(|one| one.name).collect();
            let summary = format!("Sent the message “{}” to {}", made.body.subject, to.join(", "));
            made.body.sent = Some(Sent { by: who.name.clone(), at: then.clock.now(), to });
            rows::change(&mut tx, who.workspace, &made).await?;
            let head = onboarding(&mut tx, who, id).await?;
            record(&then, &mut tx, who, &head, "launch.message_sent", summary).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Two issues, one of them grave; a sync every day; a trigger somebody looked at.
    async fn first_days(&self) -> Result<(), AppError> {
        let Self { who, id, .. } = *self;
        let grave = IssueDraft {
            title: "Drivers of the night shift do not see their shifts".to_owned(),
            details: "They sign in, and the week is empty.".to_owned(),
            severity: Severity::High,
            area: "Shifts".to_owned(),
            workaround: "The dispatch office reads the shifts out by telephone".to_owned(),
            reported_by: "Elif Kaya".to_owned(),
        };
        let made = launch::raise_issue(&self.then(1, 9), who, id, grave).await?;
        let made = launch::take_issue(&self.then(1, 9), who, made.id, made.version, Step::Answer).await?;
        let how = Step::Resolve("Their group was missing in the permissions; it was added".to_owned());
        launch::take_issue(&self.then(1, 12), who, made.id, made.version, how).await?;
        let small = IssueDraft {
            title: "The weekly list shows shifts of last week until six".to_owned(),
            details: String::new(),
            severity: Severity::Medium,
            area: "Reports".to_owned(),
            workaround: "Reload the list after six".to_owned(),
            reported_by: "Owen Pryce".to_owned(),
        };
        let made = launch::raise_issue(&self.then(2, 15), who, id, small).await?;
        launch::take_issue(&self.then(2, 16), who, made.id, made.version, Step::Answer).await?;
        if let Some(trigger) = self.app.methodology.golive.rollback_evaluate.first() {
            let seen = "For three hours nobody of the night shift could confirm a shift";
            let raised = launch::raise_signal(&self.then(1, 10), who, id, trigger, seen).await?;
            let why = SignalStep::Keep("It was one group, and all are reached by phone".to_owned());
            launch::take_signal(&self.then(1, 11), who, raised.id, raised.version, why).await?;
        }
        let notes = ["Live since eight", "Permissions were mended", "One list is late"];
        for (day, notes) in (0..).zip(notes) {
            launch::sync(&self.then(day, 17), who, id, None, "Ines Okafor, Renee Walsh", notes).await?;
        }
        Ok(())
    }

    /// What is open is solved, both sides say that things are stable, hypercare ends and is reviewed.
    async fn calm_down(&self) -> Result<(), AppError> {
        let Self { who, id, .. } = *self;
        let open = launch::sight(&self.then(3, 11), who, id).await?.issues;
        for one in open.into_iter().filter(|one| one.body.is_open()) {
            let how = Step::Resolve("The list is made anew at midnight".to_owned());
            launch::take_issue(&self.then(3, 11), who, one.id, one.version, how).await?;
        }
        let end = self.then(CALM, 10);
        let exits = launch::sight(&end, who, id).await?.exits.into_iter();
        let unsaid: Vec<String> = exits.filter(|exit| exit.holds.is_none()).map(|exit| exit.id).collect();
        for exit in unsaid {
            let note = "Said in the weekly call".to_owned();
            let said = Said { yes: true, note, by: "Renee Walsh".to_owned() };
            launch::say_exit(&end, who, id, &exit, said).await?;
        }
        let version = launch::sight(&end, who, id).await?.version;
        let ended = launch::end(&end, who, id, version).await?;
        // What was planned is told last: a plan of which nobody could say that it ended would stay open for ever.
        let plan = HypercareDraft {
            coverage: "Six to twenty-two on working days, on call at weekends".to_owned(),
            channel: "go-live@harbourline.example".to_owned(),
            sync_at: "17:00".to_owned(),
            team: "Ines Okafor, Jonas Feld stands in; Renee Walsh".to_owned(),
        };
        launch::plan_hypercare(&self.then(-8, 11), who, id, ended.version, plan).await?;
        report::draft(&self.then(CALM, 15), who, id, Kind::GoLiveReview, None).await?;
        Ok(())
    }

    /// Three people came to a session or missed it, answered the questions, were watched and certified.
    async fn train(&self) -> Result<(), AppError> {
        let Self { who, id, .. } = *self;
        let before = self.then(-24, 10);
        let known = training::of_onboarding(&before, who, id).await?;
        let Some(track) = known.tracks.iter().find(|track| track.code == "end-user") else { return Ok(()) };
        let mut people = Vec::with_capacity(LEARNERS.len());
        for (name, team) in LEARNERS {
            let draft = LearnerDraft {
                contact: None,
                name: name.to_owned(),
                email: format!("{}@harbourline.example", name.to_lowercase().replace(' ', ".")),
                team: team.to_owned(),
                tracks: vec![track.id],
            };
            people.push(training::add(&before, who, id, draft).await?.id);
        }
        self.hold(track, &people).await?;
        let Some(answers) = right(&known, track) else { return Ok(()) };
        let [first, second, ..] = people.as_slice() else { return Ok(()) };
        for learner in [*first, *second] {
            self.certify(track, learner, &answers).await?;
        }
        // A month later one of them is asked what stayed.
        let later = self.then(30, 14);
        if later.today() < back(self.app.today(), 3) {
            training::attempt(&later, who, *first, track.id, AttemptKind::FollowUp, &answers).await?;
        }
        Ok(())
    }

    /// The session two weeks before the go-live: the last of them missed it.
    async fn hold(&self, track: &Track, people: &[LearnerId]) -> Result<(), AppError> {
        let Self { who, id, .. } = *self;
        let (planned, held) = (self.then(-24, 11), self.then(-14, 17));
        let Some(starts) = Clock::of_hour(10) else { return Ok(()) };
        let draft = SessionDraft {
            track: Some(track.id),
            kind: SessionKind::Class,
            title: track.name.clone(),
            slot: Slot { on: held.today(), starts, minutes: 90, zone: None },
            place: "Room of the dispatch office".to_owned(),
            trainer: String::new(),
            weeks: 1,
            because: "The only day on which both shifts are there".to_owned(),
        };
        let Some(session) = training::plan(&planned, who, id, draft).await?.into_iter().next() else {
            return Ok(());
        };
        training::seat(&planned, who, session.id, people).await?;
        let came = |(place, learner): (usize, &LearnerId)| {
            let is_there = place + 1 < people.len();
            (*learner, if is_there { Attendance::Attended } else { Attendance::Absent })
        };
        let attendance = people.iter().enumerate().map(came).collect();
        let version = training::get_session(&held, who, session.id).await?.1.version;
        training::end_session(&held, who, session.id, version, SessionEnd::Held { attendance }).await?;
        Ok(())
    }

    /// They pass, are watched at the exercises, and get their certificate.
    async fn certify(
        &self,
        track: &Track,
        learner: LearnerId,
        answers: &BTreeMap<String, Vec<String>>,
    ) -> Result<(), AppError> {
        let Self { who, id, .. } = *self;
        let then = self.then(-12, 14);
        training::attempt(&then, who, learner, track.id, AttemptKind::Assessment, answers).await?;
        let known = training::of_onboarding(&then, who, id).await?;
        let theirs = known.progress.iter().find(|one| {
            let enrolment = &one.enrolment;
            enrolment.learner == learner && enrolment.track == track.id
        });
        let Some(mut version) = theirs.map(|one| one.enrolment.version) else { return Ok(()) };
        let exercises =
            known.contents.of_track(track).map(|one| one.exercises.as_slice()).unwrap_or_default();
        for exercise in exercises {
            let deed = Deed::Exercise(exercise.id.clone());
            let note = "Done on a real shift of the week";
            let seen = training::observe(&then, who, (learner, track.id), version, deed, true, note).await?;
            version = seen.version;
        }
        training::certify(&self.then(-11, 9), who, learner, track.id).await?;
        Ok(())
    }
}

/// The right answers to the questions of a track, where no text has to be read by a trainer.
fn right(known: &Training, track: &Track) -> Option<BTreeMap<String, Vec<String>>> {
    let asked = known.contents.of_track(track)?.assessment.as_ref()?;
    let is_marked = asked.questions.iter().all(|one| one.kind != "text");
    is_marked.then(|| asked.questions.iter().map(|one| (one.id.clone(), one.correct.clone())).collect())
}
