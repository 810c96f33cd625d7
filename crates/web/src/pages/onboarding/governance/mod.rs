//! Governance of one onboarding: what is at risk, in the way, decided, to be done; who meets, who is asked, what is
//! reported.

pub(crate) mod changes;
pub(crate) mod escalations;
pub(crate) mod meetings;
pub(crate) mod register;
pub(crate) mod reports;

use gangway_domain::methodology::GovernanceRules;
use jiff::civil::Date;

use super::top::Top;
use crate::Web;
use crate::pages::Tab;

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
    PAGES.map(|(label, end)| Tab { label, href: top.to(end), here: end == here }).into()
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

/// A day as a date field holds it.
fn field(day: Option<Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}
