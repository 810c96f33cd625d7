//! Beginning what a playbook says.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::methodology::Intervention;
use crate::signal::{Respond, respond_by};

/// A task of an intervention that begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "InterventionAction")]
pub struct Action {
    /// Id in the playbook.
    pub id: String,
    /// What is done.
    pub title: String,
    /// Role (id) that does it.
    pub role: String,
    /// Until when.
    pub due_by: Timestamp,
}

/// An intervention as it begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "InterventionBegun")]
pub struct Begun {
    /// The playbook (id).
    pub playbook: String,
    /// The level of risk it is for.
    pub level: String,
    /// Who owns it, in words.
    pub owner: String,
    /// Role (id) of whoever owns it.
    pub owner_role: Option<String>,
    /// Until when it must be answered; none when no clock runs.
    pub respond_by: Option<Timestamp>,
    /// What is done, in order.
    pub tasks: Vec<Action>,
}

/// An intervention that begins now. The same day ends at midnight in a zone.
#[must_use]
pub fn begin(playbook: &Intervention, at: Timestamp, zone: &TimeZone) -> Begun {
    let by = |hours: u32| respond_by(Respond::within(hours), at, zone);
    let tasks = playbook.tasks.iter().map(|task| Action {
        id: task.id.clone(),
        title: task.title.clone(),
        role: task.role.clone(),
        due_by: by(task.within_hours),
    });
    Begun {
        playbook: playbook.id.clone(),
        level: playbook.level.clone(),
        owner: playbook.owner.clone(),
        owner_role: playbook.owner_role.clone(),
        respond_by: playbook.within_hours.map(by),
        tasks: tasks.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAYBOOK: &str = r#"
id = "emergency"
level = "Emergency"
owner = "Executive"
within = "Same day"
actions = []
owner_role = "executive-sponsor"
within_hours = 0
[[task]]
id = "room"
title = "Bring everyone into one room"
role = "csm"
within_hours = 4
"#;

    #[test]
    fn clocks_run_at_the_beginning() {
        let playbook: Intervention = toml::from_str(PLAYBOOK).unwrap();
        let begun = begin(&playbook, "2027-01-12T09:00:00Z".parse().unwrap(), &TimeZone::UTC);
        assert_eq!(begun.respond_by.map(|at| at.to_string()).as_deref(), Some("2027-01-13T00:00:00Z"));
        assert_eq!(begun.tasks[0].due_by.to_string(), "2027-01-12T13:00:00Z");
        let none = Intervention { within_hours: None, ..playbook };
        assert_eq!(begin(&none, Timestamp::UNIX_EPOCH, &TimeZone::UTC).respond_by, None);
    }
}
