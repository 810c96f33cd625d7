//! The onboarding package: everything a careful consultant would prepare from a won deal.
//!
//! [`build`] makes it; [`Package`] is the published schema of `package.json`; every document is a
//! rendering of it.

mod activation;
mod build;
mod calendars;
mod dates;
mod difference;
mod drafted;
mod expand;
mod first_day;
mod frame;
mod golive;
mod health;
mod impact;
mod judge;
mod kickoff;
mod links;
mod live;
mod meetings;
mod model;
mod network;
mod people;
mod prepare;
mod present;
mod promises;
mod questions;
mod risks;
mod running;
mod said;
mod scheduled;
#[cfg(test)]
mod testing;
mod training;
mod verdict;

pub use build::{BuildError, BuildOptions, build};
pub use difference::{DateChange, Difference, ItemChange};
pub use drafted::{outcome_in, sentence_in};
pub use live::follow;
pub use model::*;
pub use present::Present;
pub use running::running;

use crate::deal::StakeholderRole;

/// A stakeholder role as people say it.
#[must_use]
pub fn role_in_words(role: StakeholderRole) -> &'static str {
    match role {
        StakeholderRole::ExecutiveSponsor => "executive sponsor",
        StakeholderRole::ProjectLead => "project lead",
        StakeholderRole::Champion => "champion",
        StakeholderRole::TechnicalLead => "technical lead",
        StakeholderRole::BusinessOwner => "business owner",
        StakeholderRole::ItSecurity => "IT and security",
        StakeholderRole::EndUser => "end users",
        StakeholderRole::Detractor => "critical voice",
        StakeholderRole::Other => "stakeholder",
    }
}

/// A role as one asks for a person in it: of a group, somebody who speaks for it.
pub(crate) fn person_in_words(role: StakeholderRole) -> &'static str {
    match role {
        StakeholderRole::EndUser => "spokesperson of the end users",
        other => role_in_words(other),
    }
}
