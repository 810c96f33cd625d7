//! Programmes: read, drafted, checked, tried, compared, published.

pub(crate) mod changes;
pub(crate) mod compare;
pub(crate) mod draft;
mod form;
pub(crate) mod improvements;
pub(crate) mod list;
pub(crate) mod read;
pub(crate) mod text;
mod timeline;
pub(crate) mod trial;
pub(crate) mod versions;

use gangway_app::identity::Session;
use gangway_app::programme::Shown;
use gangway_domain::permission::Action;

use super::{Frame, Nav, Tab, Toast};
use crate::format::count;

/// The top of the pages of one programme.
struct Top {
    id: String,
    name: String,
    /// Which version is in force, and since when.
    state: String,
    changed: String,
    tabs: Vec<Tab>,
    /// What was just done, in words.
    said: &'static str,
    may_draft: bool,
    may_publish: bool,
    has_draft: bool,
}

impl Top {
    fn new(session: &Session, shown: &Shown, here: &str) -> Self {
        let id = &shown.id;
        let tabs = [
            ("Programme", ""),
            ("Draft", "/draft"),
            ("Compare", "/compare"),
            ("Versions", "/versions"),
            ("Improvements", "/improvements"),
        ];
        Self {
            id: id.clone(),
            name: shown.name.clone(),
            state: match shown.in_force() {
                Some(version) if version.is_built_in => format!("Version {}, as built in", version.number),
                Some(version) => format!("Version {}", version.number),
                None => format!("Built-in version {}", shown.built_in),
            },
            changed: changed(shown.changed),
            tabs: tabs
                .map(|(label, end)| Tab { label, href: format!("/programmes/{id}{end}"), here: end == here })
                .into(),
            said: "",
            may_draft: session.actor.may(Action::DraftProgrammes),
            may_publish: session.actor.may(Action::PublishProgrammes),
            has_draft: shown.draft.is_some(),
        }
    }

    fn frame(&self, session: &Session, page: &str) -> Frame {
        let title = if page.is_empty() { self.name.clone() } else { format!("{page} · {}", self.name) };
        Frame::of(session, Nav::Programmes, title).saying(Toast::of(self.said))
    }
}

/// How much differs, in words; empty when nothing does.
fn changed([added, removed, other]: [usize; 3]) -> String {
    let parts = [(added, "new"), (removed, "gone"), (other, "changed")];
    let told: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
    told.join(", ")
}

/// `2 errors, 1 warning`; empty without any.
fn verdict(errors: usize, warnings: usize) -> String {
    let parts = [(errors, "error"), (warnings, "warning")];
    let told: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, noun)| count(*n, noun)).collect();
    told.join(", ")
}

/// What was just done, by the word in the address.
fn said(word: &str) -> &'static str {
    match word {
        "begun" => "The draft is begun. Nobody's onboardings change until it is published.",
        "saved" => "Saved in the draft.",
        "added" => "Added to the draft.",
        "removed" => "Removed from the draft. What waited for it now waits for what it waited for.",
        "discarded" => "The draft is given up.",
        "published" => {
            "Published. New onboardings are made from it; running ones keep their version until somebody moves them."
        }
        _ => "",
    }
}
