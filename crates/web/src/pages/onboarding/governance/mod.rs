//! Governance of one onboarding: what is at risk, in the way, decided, to be done; who meets, who is asked, what is
//! reported.

pub(crate) mod changes;
pub(crate) mod escalations;
pub(crate) mod meetings;
pub(crate) mod register;
pub(crate) mod reports;

use gangway_app::register::Candidates;
use gangway_domain::methodology::GovernanceRules;
use gangway_store::contact::Contact;
use jiff::civil::Date;

use super::top::Top;
use crate::Web;
use crate::pages::{Choice, Tab};

/// Its pages: what they are called, the end of their address.
const PAGES: [(&str, &str); 5] = [
    ("Register", "/register"),
    ("Changes", "/changes"),
    ("Meetings", "/meetings"),
    ("Escalations", "/escalations"),
    ("Reports", "/reports"),
];

/// The tab of the onboarding they all belong to.
const HERE: &str = "/register";

/// The pages as tabs of their own.
fn tabs(top: &Top, here: &str) -> Vec<Tab> {
    top.pages(&PAGES, here)
}

/// The bands of exposure and change control of the installation.
fn rules(web: &Web) -> &GovernanceRules {
    &web.app.methodology.governance
}

/// How a tag shows a band: red for the most exposed, amber for the next, else plain.
fn tone(rules: &GovernanceRules, band: &str) -> &'static str {
    match rules.from_top(band) {
        Some(0) => "late",
        Some(1) => "soon",
        _ => "",
    }
}

/// People to choose from: those of the workspace, then those at the customer who are offered.
fn people(candidates: &Candidates, chosen: &[String], offered: impl Fn(&Contact) -> bool) -> Vec<Choice> {
    let person = |value: String, label: String| Choice { chosen: chosen.contains(&value), value, label };
    let members = candidates.members.iter().map(|one| person(one.person.to_string(), one.name.clone()));
    let contacts = candidates.contacts.iter().filter(|one| offered(one));
    let contacts = contacts.map(|one| person(one.id.to_string(), format!("{} ({})", one.name, one.account)));
    members.chain(contacts).collect()
}

/// A day as a date field holds it.
fn field(day: Option<Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}
