//! Who of the demo's team does what in a few onboardings, and what they have time for.

use gangway_domain::ids::OnboardingId;
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::permission::Role;
use gangway_domain::programme::Side;
use gangway_domain::work::{Assignee, Change};
use gangway_domain::workload::{Absence, Availability, FULL_TIME};
use jiff::ToSpan;

use super::{Lived, Person, actor, people};
use crate::error::AppError;
use crate::{App, work, workload};

/// Places of the stories whose tasks have somebody.
const GIVEN: [usize; 3] = [1, 4, 7];

/// Gives the open tasks of our side to whoever of the team has their role; one works four days a week, one is away soon.
pub(super) async fn share(app: &App, lived: &[Lived]) -> Result<(), AppError> {
    let team = people(app).await?;
    let given: Vec<&Lived> = GIVEN.iter().filter_map(|place| lived.get(*place)).collect();
    for story in given {
        give(app, story.onboarding, &team).await?;
    }
    let first = gangway_domain::workload::monday(app.today()).saturating_add(14.days());
    let holiday = Absence { from: first, to: first.saturating_add(4.days()), reason: "Holiday".to_owned() };
    let times = [
        (Role::ImplementationManager, Availability { tenths: 40, absences: Vec::new() }),
        (Role::OnboardingManager, Availability { tenths: FULL_TIME, absences: vec![holiday] }),
    ];
    for (role, time) in times {
        if let Some(person) = team.iter().find(|person| person.role == role) {
            workload::set_availability(app, &actor(&person.name), person.id, 0, time).await?;
        }
    }
    Ok(())
}

async fn give(app: &App, id: OnboardingId, team: &[Person]) -> Result<(), AppError> {
    let manager = actor("Ines Okafor");
    let sight = work::sight(app, &manager, id).await?;
    if matches!(sight.head.state, OnboardingState::Completed | OnboardingState::Closed { .. }) {
        return Ok(());
    }
    let open = sight.stored.plan.tasks.iter().filter(|task| {
        task.side == Side::Vendor
            && !task.state.is_over()
            && task.assignee.as_ref().and_then(Assignee::person).is_none()
    });
    let changes = open.filter_map(|task| {
        let who = team.iter().find(|person| person.role.label().eq_ignore_ascii_case(&task.role))?;
        let assignee = Some(Assignee::Person { id: who.id, name: who.name.clone() });
        Some(Change::Assign { task: task.code.clone(), assignee })
    });
    let changes: Vec<Change> = changes.collect();
    if !changes.is_empty() {
        work::change(app, &manager, id, None, changes).await?;
    }
    Ok(())
}
