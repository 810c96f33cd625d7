//! What narrows the portfolio down: every choice with how many onboardings it would show.

use gangway_app::identity::Session;
use gangway_app::portfolio;
use gangway_domain::ids::PersonId;
use gangway_domain::methodology::Light;
use gangway_store::onboarding::counts::Facets;
use gangway_store::onboarding::list::OPEN;

use super::ask::{ALL, Ask};
use crate::format::{capital, thousands};
use crate::pages::{Choice, Part};

pub(super) struct Filters {
    pub search: String,
    /// States with their counts, and which of them is shown.
    pub states: Vec<Part>,
    pub segments: Vec<Choice>,
    pub stages: Vec<Choice>,
    pub owners: Vec<Choice>,
    pub sellers: Vec<Choice>,
    pub colours: Vec<Choice>,
    pub healths: Vec<Choice>,
    pub signals: Vec<Choice>,
    pub late_only: bool,
    /// How many would be shown with late ones only.
    pub late: i64,
    /// What the form carries along: fields that are filled, by their names.
    pub along: Vec<(&'static str, String)>,
    /// How many filters besides the state and the search are chosen.
    pub chosen: usize,
    /// Anything besides the state is.
    pub any: bool,
    /// Where all of them are taken back.
    pub clear: String,
}

impl Filters {
    pub(super) fn new(facets: &Facets, session: &Session, ask: &Ask, bands: &[String]) -> Self {
        let along = [
            ("state", ask.state.as_str()),
            ("sort", &ask.sort),
            ("dir", &ask.dir),
            ("show", ask.show.word()),
            ("view", &ask.view),
        ];
        Self {
            search: ask.q.clone(),
            states: states(facets, ask),
            segments: segments(facets, ask),
            stages: stages(facets, ask),
            owners: owners(facets, session, ask),
            sellers: sellers(facets, session, ask),
            colours: colours(facets, ask),
            healths: healths(facets, ask, bands),
            signals: signals(facets, ask),
            late_only: ask.late,
            late: facets.late,
            along: along
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| (name, value.to_owned()))
                .collect(),
            chosen: ask.chosen(),
            any: ask.filters(),
            clear: ask.cleared(),
        }
    }
}

fn choice(value: &str, label: String, chosen: &str) -> Choice {
    Choice { value: value.to_owned(), chosen: value == chosen, label }
}

/// The states as tabs; whoever changes the state keeps the other filters.
fn states(facets: &Facets, ask: &Ask) -> Vec<Part> {
    [OPEN, "planned", "running", "completed", "closed", ALL]
        .map(|state| Part {
            label: capital(state),
            count: if state == ALL { facets.in_any_state() } else { facets.in_state(state) },
            href: ask.with(|ask| state.clone_into(&mut ask.state)),
            here: ask.shown_state() == state,
        })
        .into()
}

/// What is to be chosen, with how many there are: `SMB (1,204)`.
fn counted(name: &str, number: i64) -> String {
    format!("{name} ({})", thousands(number))
}

/// Segments there are. One that the other filters leave nothing of is still there while it is chosen.
fn segments(facets: &Facets, ask: &Ask) -> Vec<Choice> {
    let mut choices: Vec<Choice> = facets
        .segments
        .iter()
        .map(|(id, name, number)| choice(id, counted(name, *number), &ask.segment))
        .collect();
    if !ask.segment.is_empty() && !choices.iter().any(|choice| choice.chosen) {
        choices.push(choice(&ask.segment, format!("{} (0)", capital(&ask.segment)), &ask.segment));
    }
    choices
}

/// Every stage, also those where nothing is: people look for the one they know.
fn stages(facets: &Facets, ask: &Ask) -> Vec<Choice> {
    std::iter::once((portfolio::NOT_BEGUN, "Not begun"))
        .chain(portfolio::STAGES.iter().map(|(_, word, name)| (*word, *name)))
        .map(|(word, name)| {
            let number = facets.places.get(word).copied().unwrap_or(0);
            choice(word, counted(name, number), &ask.stage)
        })
        .collect()
}

/// Everybody who runs an onboarding, whoever asks first.
fn owners(facets: &Facets, session: &Session, ask: &Ask) -> Vec<Choice> {
    let mut choices = people(&facets.owners, session, "Mine", &ask.owner);
    choices.push(choice("nobody", counted("Nobody", facets.unowned), &ask.owner));
    choices
}

/// Every colour, the gravest first.
fn colours(facets: &Facets, ask: &Ask) -> Vec<Choice> {
    let lights = Light::ALL.into_iter().zip(facets.lights).rev();
    lights.map(|(light, number)| choice(light.word(), counted(light.label(), number), &ask.colour)).collect()
}

/// Every status health can have, the gravest first, then those of earlier models that are still there or chosen.
fn healths(facets: &Facets, ask: &Ask, bands: &[String]) -> Vec<Choice> {
    let mut statuses: Vec<&String> = bands.iter().collect();
    for status in facets.healths.keys().chain(std::iter::once(&ask.health)) {
        if !status.is_empty() && !statuses.contains(&status) {
            statuses.push(status);
        }
    }
    let labelled = statuses.into_iter().map(|status| {
        let number = facets.healths.get(status).copied().unwrap_or(0);
        choice(status, counted(status, number), &ask.health)
    });
    labelled.collect()
}

/// Open signals by what they are at least, the gravest first.
fn signals(facets: &Facets, ask: &Ask) -> Vec<Choice> {
    let signals = portfolio::SIGNALS.iter().zip(facets.signals.into_iter().rev());
    signals.map(|((_, word, label), number)| choice(word, counted(label, number), &ask.signals)).collect()
}

/// Everybody who has handed over a deal, whoever asks first.
fn sellers(facets: &Facets, session: &Session, ask: &Ask) -> Vec<Choice> {
    people(&facets.sellers, session, "By me", &ask.seller)
}

fn people(known: &[(PersonId, String, i64)], session: &Session, mine: &str, chosen: &str) -> Vec<Choice> {
    let me = known.iter().find(|(id, ..)| Some(*id) == session.actor.person);
    let own = me.map_or(0, |(.., number)| *number);
    let others = known
        .iter()
        .filter(|(id, _, number)| *number > 0 || chosen == id.to_string())
        .map(|(id, name, number)| choice(&id.to_string(), counted(name, *number), chosen));
    std::iter::once(choice("me", counted(mine, own), chosen)).chain(others).collect()
}
