//! Meetings of running onboardings: held with whoever came, and one to which nobody came.

use gangway_domain::ids::OnboardingId;
use gangway_domain::meeting::{Attendance, Clock, Invitee, Slot, Status};
use gangway_domain::programme::{AgendaItem, Side};
use gangway_store::meeting as rows;
use jiff::civil::Date;

use super::script::Scene;
use crate::error::AppError;
use crate::meeting::{self, Draft, End, Guest, Meeting};
use crate::{App, people, workspace};

/// Of so many meetings, one went without one of those who were invited.
const INCOMPLETE: usize = 4;

/// What was planned before a day was held, for what is told in hindsight.
pub(super) async fn as_planned(app: &App, id: OnboardingId, until: Date) -> Result<(), AppError> {
    let place = workspace::default_id();
    let mut tx = app.db.write().await?;
    let all = rows::of_onboarding(&mut tx, place, id).await?;
    for (count, mut meeting) in all.into_iter().enumerate() {
        if meeting.slot.on >= until || meeting.status != Status::Planned {
            continue;
        }
        for (at, attendance) in attendance(&meeting.people, absent(count)) {
            if let Some(invitee) = meeting.people.get_mut(at) {
                invitee.attendance = attendance;
            }
        }
        meeting.status = Status::Held;
        rows::change(&mut tx, place, &meeting).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Which side misses somebody at a meeting of this number.
fn absent(count: usize) -> Option<Side> {
    (count % INCOMPLETE == INCOMPLETE - 1).then_some(Side::Customer)
}

/// Everybody came but the last of a side.
fn attendance(people: &[Invitee], absent: Option<Side>) -> Vec<(usize, Attendance)> {
    let missing = absent.and_then(|side| people.iter().rposition(|one| one.side == side));
    let came = |at: usize| if Some(at) == missing { Attendance::Absent } else { Attendance::Attended };
    (0..people.len()).map(|at| (at, came(at))).collect()
}

/// Holds what was planned until the day of the scene.
pub(super) async fn hold(scene: &Scene<'_>) -> Result<(), AppError> {
    let Scene { app, who, id, .. } = *scene;
    let known = meeting::of_onboarding(app, who, id).await?;
    for (count, one) in known.meetings.into_iter().enumerate() {
        if one.slot.on > known.today || one.status != Status::Planned {
            continue;
        }
        let attendance = attendance(&one.people, absent(count));
        meeting::end(app, who, one.id, one.version, End::Held { attendance, notes: None }).await?;
    }
    Ok(())
}

/// A meeting on the day of the scene, with everybody whom we can write to.
async fn plan(scene: &Scene<'_>, title: &str, purpose: &str, points: &[&str]) -> Result<Meeting, AppError> {
    let Scene { app, who, id, .. } = *scene;
    let customers = people::relations(app, who, id).await?.people;
    let customers = customers.into_iter().filter(|one| one.email.is_some() && one.left_on.is_none()).take(3);
    let ours = Guest { name: who.name.clone(), email: None, side: Some(Side::Vendor) };
    let theirs = customers.map(|one| Guest { name: one.name, email: one.email, side: Some(Side::Customer) });
    let agenda = points.iter().map(|point| AgendaItem {
        minutes: 15,
        title: (*point).to_owned(),
        outcome: None,
        points: Vec::new(),
    });
    let draft = Draft {
        title: title.to_owned(),
        purpose: purpose.to_owned(),
        slot: Slot { on: app.today(), starts: Clock::ten(), minutes: 45, zone: None },
        place: "Video call".to_owned(),
        with_customer: true,
        agenda: agenda.collect(),
        people: std::iter::once(ours).chain(theirs).collect(),
    };
    meeting::plan(app, who, id, draft).await
}

/// The steering committee meets, with these notes.
pub(super) async fn steer(scene: &Scene<'_>, notes: &str) -> Result<Meeting, AppError> {
    let points = ["Progress and what is in the way", "Risks and issues", "Decisions needed"];
    let purpose = "The leads look at progress and decide what is open.";
    let made = plan(scene, "Steering committee", purpose, &points).await?;
    let end = End::Held { attendance: attendance(&made.people, None), notes: Some(notes.to_owned()) };
    meeting::end(scene.app, scene.who, made.id, made.version, end).await
}

/// A working session to which the customer did not come.
pub(super) async fn wait_in_vain(scene: &Scene<'_>, reason: &str) -> Result<(), AppError> {
    let points = ["What is blocked", "Work on it", "Actions until next week"];
    let purpose = "The working team solves what is in the way this week.";
    let made = plan(scene, "Working session", purpose, &points).await?;
    let came = |one: &Invitee| {
        if one.side == Side::Vendor { Attendance::Attended } else { Attendance::Absent }
    };
    let attendance = made.people.iter().map(came).enumerate().collect();
    let end = End::NoShow { reason: reason.to_owned(), attendance };
    meeting::end(scene.app, scene.who, made.id, made.version, end).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invitee(name: &str, side: Side) -> Invitee {
        Invitee {
            name: name.to_owned(),
            email: None,
            person: None,
            contact: None,
            side,
            attendance: Attendance::Invited,
        }
    }

    #[test]
    fn the_last_of_a_side_is_absent() {
        let people = [
            invitee("Ines", Side::Vendor),
            invitee("Dana", Side::Customer),
            invitee("Marcus", Side::Customer),
        ];
        let (here, away) = (Attendance::Attended, Attendance::Absent);
        assert_eq!(attendance(&people, None), [(0, here), (1, here), (2, here)]);
        assert_eq!(attendance(&people, Some(Side::Customer)), [(0, here), (1, here), (2, away)]);
        assert!(attendance(&[], Some(Side::Customer)).is_empty());
    }
}
