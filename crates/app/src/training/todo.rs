//! What training waits for in the portal.

use gangway_domain::meeting::{Attendance, Status};
use gangway_domain::portal::{Resource, Right};
use gangway_domain::training::{AttemptKind, Verdict};
use gangway_store::Tx;
use gangway_store::training::{self as tracks, learner as learners, result as results, session as sessions};
use jiff::ToSpan;
use jiff::civil::Date;

use super::guest::own;
use super::result::{follow_up_from, may_try};
use super::{Attempt, Contents, Track};
use crate::error::AppError;
use crate::portal::PortalTodo;
use crate::{App, Guest};

/// Days ahead that sessions are announced.
const SOON: i64 = 14;

/// Days for which it is asked what stayed; whoever says nothing by then is not asked any more.
const ASKED_AGAIN: i64 = 14;

/// What training waits for: sessions that come soon, lessons and questions that are left, and weeks later what stayed.
pub(crate) async fn todo_for(
    app: &App,
    tx: &mut Tx,
    guest: &Guest,
    today: Date,
) -> Result<Vec<PortalTodo>, AppError> {
    if !guest.may(Resource::Training, Right::Do) {
        return Ok(Vec::new());
    }
    let Some(learner) = own(tx, guest).await? else { return Ok(Vec::new()) };
    let enrolments = learners::enrolments_of(tx, guest.workspace, learner.id).await?;
    let seats = sessions::seats_of_learner(tx, guest.workspace, learner.id).await?;
    if enrolments.is_empty() && seats.is_empty() {
        return Ok(Vec::new());
    }
    let tracks = tracks::of_onboarding(tx, guest.workspace, guest.onboarding).await?;
    let attempts = results::of_learner(tx, guest.workspace, learner.id).await?;
    let sessions = sessions::of_onboarding(tx, guest.workspace, guest.onboarding).await?;
    // Nobody who has tried nothing has used up their tries, or can be asked what stayed.
    let contents = match attempts.is_empty() {
        true => Contents::default(),
        false => Contents::of(app, tx, guest.workspace, guest.onboarding).await?,
    };
    let soon = today.saturating_add(SOON.days());
    let mut todo = Vec::new();
    for session in &sessions {
        let mine = seats.iter().any(|seat| seat.session == session.id);
        if mine && session.status == Status::Planned && (today..=soon).contains(&session.slot.on) {
            todo.push(item(session.title.clone(), "/portal/training".to_owned(), session.slot.on, today));
        }
    }
    for enrolment in &enrolments {
        let Some(track) = tracks.iter().find(|track| track.id == enrolment.track) else { continue };
        let studied = enrolment.record.modules.len() >= track.modules.len();
        let came = sessions.iter().any(|session| {
            session.track == Some(track.id)
                && seats
                    .iter()
                    .any(|seat| seat.session == session.id && seat.attendance == Attendance::Attended)
        });
        let before: Vec<&Attempt> = attempts.iter().filter(|one| one.track == track.id).collect();
        todo.extend(again(&contents, track, &before, today));
        let tried = before.iter().any(|one| {
            one.kind == AttemptKind::Assessment && matches!(one.verdict, Verdict::Passed | Verdict::Waiting)
        });
        // Whoever has no try left is not sent to questions that refuse them.
        let kind = AttemptKind::Assessment;
        let tried = tried || (!before.is_empty() && may_try(&contents, track, &before, kind, today).is_err());
        if track.group_size == 0 && !studied && track.starts_on <= soon {
            todo.push(item(track.name.clone(), "/portal/training".to_owned(), track.finishes_on, today));
        } else if track.assessed && !tried && (came || studied) {
            let href = format!("/portal/training/{}/assessment", track.id);
            todo.push(item(track.name.clone(), href, track.finishes_on, today));
        }
    }
    Ok(todo)
}

/// That it is time to see what stayed, in the two weeks from that day on.
fn again(contents: &Contents, track: &Track, before: &[&Attempt], today: Date) -> Option<PortalTodo> {
    let from = follow_up_from(contents, track, before)?;
    let until = from.saturating_add(ASKED_AGAIN.days());
    let href = format!("/portal/training/{}/follow-up", track.id);
    (from..=until).contains(&today).then(|| item(track.name.clone(), href, until, today))
}

fn item(title: String, href: String, due: Date, today: Date) -> PortalTodo {
    PortalTodo { kind: "training", title, href, due: Some(due), overdue: due < today }
}
