//! The daily mail: what somebody should know before they begin, grouped by onboarding.

use jiff::civil::{Date, Weekday};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::ids::OnboardingId;

/// How often somebody wants the mail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Rhythm {
    /// Every day.
    #[default]
    Daily,
    /// On Mondays.
    Weekly,
    /// Not at all.
    Never,
}

/// How often somebody wants the mail, and when; what they did not say is as their workspace has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wishes {
    /// How often.
    pub rhythm: Rhythm,
    /// At which hour, 0 to 23.
    pub hour: Option<i8>,
    /// On the clock of which zone (IANA name).
    pub zone: Option<String>,
}

/// The word is no rhythm.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("must be daily, weekly or never")]
pub struct UnknownRhythm;

impl Rhythm {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Daily, Self::Weekly, Self::Never];

    /// The word in rows and the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Never => "never",
        }
    }

    /// What people choose.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Daily => "Every day",
            Self::Weekly => "Mondays",
            Self::Never => "Never",
        }
    }

    /// Whether there is a mail on this day.
    #[must_use]
    pub fn is_due(self, on: Date) -> bool {
        match self {
            Self::Daily => true,
            Self::Weekly => on.weekday() == Weekday::Monday,
            Self::Never => false,
        }
    }
}

impl std::str::FromStr for Rhythm {
    type Err = UnknownRhythm;

    fn from_str(word: &str) -> Result<Self, UnknownRhythm> {
        Self::ALL.into_iter().find(|rhythm| rhythm.word() == word).ok_or(UnknownRhythm)
    }
}

/// Why something is in the mail, in the order in which it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Should be done.
    Overdue,
    /// Is to be done today.
    Today,
    /// Is to be done within the next six days.
    Week,
    /// Is blocked, or waits for the customer.
    Waiting,
    /// Somebody named the reader.
    Mention,
    /// A gate that must be passed soon.
    Gate,
    /// Early warnings that wait.
    Signal,
}

impl Part {
    /// All of them, in order.
    pub const ALL: [Self; 7] =
        [Self::Overdue, Self::Today, Self::Week, Self::Waiting, Self::Mention, Self::Gate, Self::Signal];

    /// Its heading.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Overdue => "Overdue",
            Self::Today => "Due today",
            Self::Week => "Due this week",
            Self::Waiting => "Blocked, or waiting for the customer",
            Self::Mention => "You were named",
            Self::Gate => "Gates ahead",
            Self::Signal => "Early warnings",
        }
    }
}

/// One line of the mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Item {
    /// The onboarding.
    pub onboarding: OnboardingId,
    /// The customer.
    pub customer: String,
    /// Why it is in the mail.
    pub part: Part,
    /// What it is.
    pub name: String,
    /// What else is to say; may be empty.
    pub note: String,
    /// The day it is about.
    pub on: Date,
    /// Its page, from `/` on.
    pub path: String,
}

/// What there is to say of one onboarding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Group {
    /// The onboarding.
    pub onboarding: OnboardingId,
    /// The customer.
    pub customer: String,
    /// Its lines by part, none of them empty.
    pub parts: Vec<(Part, Vec<Item>)>,
}

/// Lines by onboarding and part: the onboarding with the most urgent line first, then by customer; inside a part by
/// day. A task that is both overdue and blocked is told once, as what comes first.
#[must_use]
pub fn grouped(items: Vec<Item>) -> Vec<Group> {
    let mut items = items;
    items.sort_by(|one, other| {
        (one.part, one.on, &one.name, &one.path).cmp(&(other.part, other.on, &other.name, &other.path))
    });
    let mut groups: Vec<Group> = Vec::new();
    let mut told: Vec<(OnboardingId, String)> = Vec::new();
    for item in items {
        let key = (item.onboarding, item.path.clone());
        if item.part != Part::Mention {
            if told.contains(&key) {
                continue;
            }
            told.push(key);
        }
        let place = groups.iter().position(|group| group.onboarding == item.onboarding);
        let place = place.unwrap_or_else(|| {
            let (onboarding, customer) = (item.onboarding, item.customer.clone());
            groups.push(Group { onboarding, customer, parts: Vec::new() });
            groups.len() - 1
        });
        let Some(group) = groups.get_mut(place) else { continue };
        match group.parts.last_mut() {
            Some((part, lines)) if *part == item.part => lines.push(item),
            _ => group.parts.push((item.part, vec![item])),
        }
    }
    groups.sort_by(|one, other| {
        let first = |group: &Group| group.parts.first().map(|(part, _)| *part);
        first(one).cmp(&first(other)).then_with(|| one.customer.cmp(&other.customer))
    });
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use uuid::Uuid;

    fn item(onboarding: u128, customer: &str, part: Part, name: &str, path: &str) -> Item {
        Item {
            onboarding: OnboardingId::from_uuid(Uuid::from_u128(onboarding)),
            customer: customer.to_owned(),
            part,
            name: name.to_owned(),
            note: String::new(),
            on: date(2027, 1, 4),
            path: path.to_owned(),
        }
    }

    #[test]
    fn lines_are_grouped_by_onboarding_the_urgent_ones_first() {
        let groups = grouped(vec![
            item(1, "Acme", Part::Week, "Plan the training", "/a"),
            item(2, "Zeta", Part::Overdue, "Map the fields", "/b"),
            item(1, "Acme", Part::Today, "Hold the kickoff", "/c"),
            item(2, "Zeta", Part::Waiting, "Map the fields", "/b"),
            item(2, "Zeta", Part::Mention, "Look at this", "/b"),
        ]);
        let told: Vec<(&str, Vec<(Part, usize)>)> = groups
            .iter()
            .map(|group| {
                let parts = group.parts.iter().map(|(part, lines)| (*part, lines.len())).collect();
                (group.customer.as_str(), parts)
            })
            .collect();
        assert_eq!(
            told,
            [
                ("Zeta", vec![(Part::Overdue, 1), (Part::Mention, 1)]),
                ("Acme", vec![(Part::Today, 1), (Part::Week, 1)]),
            ],
            "what is overdue and blocked is told once"
        );
    }

    #[test]
    fn rhythms_have_days() {
        let (monday, tuesday) = (date(2027, 1, 4), date(2027, 1, 5));
        let due = Rhythm::ALL.map(|rhythm| (rhythm.is_due(monday), rhythm.is_due(tuesday)));
        assert_eq!(due, [(true, true), (true, false), (false, false)]);
        for rhythm in Rhythm::ALL {
            assert_eq!(rhythm.word().parse(), Ok(rhythm));
        }
        assert_eq!("hourly".parse::<Rhythm>(), Err(UnknownRhythm));
    }
}
