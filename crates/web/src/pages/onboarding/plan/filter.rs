//! Which tasks of a plan are looked at.

use std::collections::BTreeSet;

use gangway_store::task::Task;
use jiff::civil::Date;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::extract::Values;
use crate::format::capital;
use crate::pages::Choice;

/// The sides of a plan.
pub(super) const SIDES: [&str; 3] = ["vendor", "customer", "joint"];

/// What the address asks for. Empty fields are what a form sends for "any".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Filter {
    pub side: String,
    pub role: String,
    pub q: String,
    pub critical: bool,
    /// A state, or `overdue`.
    pub state: String,
}

impl Filter {
    pub(super) fn new(values: &Values) -> Self {
        Self {
            side: values.text("side"),
            role: values.text("role"),
            q: values.text("q").trim().to_owned(),
            critical: values.has("critical"),
            state: values.text("state"),
        }
    }

    /// Something is left out.
    pub(super) fn is_set(&self) -> bool {
        *self != Self::default()
    }

    pub(super) fn keeps(&self, task: &Task, today: Date) -> bool {
        let text = self.q.to_lowercase();
        let says = |words: &str| words.to_lowercase().contains(&text);
        (self.side.is_empty() || task.side == self.side)
            && (self.role.is_empty() || task.role == self.role)
            && (!self.critical || task.critical)
            && match self.state.as_str() {
                "" => true,
                "overdue" => task.is_overdue(today),
                state => task.status == state,
            }
            && (text.is_empty()
                || says(&task.name)
                || says(&task.role)
                || task.assignee.as_deref().is_some_and(says))
    }

    /// The same filter in an address, with `&` before each part.
    pub(super) fn query(&self) -> String {
        let part = |name: &str, value: &str| {
            if value.is_empty() {
                String::new()
            } else {
                format!("&{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC))
            }
        };
        let critical = if self.critical { "&critical=1" } else { "" };
        let state = part("state", &self.state);
        format!(
            "{}{}{critical}{state}{}",
            part("side", &self.side),
            part("role", &self.role),
            part("q", &self.q)
        )
    }

    pub(super) fn sides(&self) -> Vec<Choice> {
        let any = choice("", "Both sides", &self.side);
        std::iter::once(any).chain(SIDES.map(|side| choice(side, &capital(side), &self.side))).collect()
    }

    pub(super) fn states(&self) -> Vec<Choice> {
        let states = [
            ("", "All states"),
            ("overdue", "Overdue"),
            ("open", "Open"),
            ("started", "Started"),
            ("blocked", "Blocked"),
            ("done", "Done"),
            ("skipped", "Skipped"),
        ];
        states.map(|(word, label)| choice(word, label, &self.state)).into()
    }

    /// The roles of these tasks, in order.
    pub(super) fn roles(&self, tasks: &[Task]) -> Vec<Choice> {
        let roles: BTreeSet<&str> =
            tasks.iter().map(|task| task.role.as_str()).filter(|role| !role.is_empty()).collect();
        let any = choice("", "All roles", &self.role);
        std::iter::once(any).chain(roles.into_iter().map(|role| choice(role, role, &self.role))).collect()
    }
}

fn choice(value: &str, label: &str, chosen: &str) -> Choice {
    Choice { value: value.to_owned(), label: label.to_owned(), chosen: value == chosen }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::Filter;
    use crate::pages::onboarding::plan::testing::task;

    #[test]
    fn every_part_of_a_filter_must_hold() {
        let mut found = task("Data inventory", "customer", "2027-01-11", "2027-01-14");
        "Integration lead".clone_into(&mut found.role);
        let any = Filter::default();
        assert!(any.keeps(&found, date(2027, 1, 12)) && !any.is_set() && any.query().is_empty());
        let filter = Filter { side: "customer".into(), q: "INVENT".into(), ..any.clone() };
        let today = date(2027, 1, 12);
        assert!(filter.keeps(&found, today) && filter.is_set());
        let overdue = Filter { state: "overdue".into(), ..any.clone() };
        assert!(!overdue.keeps(&found, today) && overdue.keeps(&found, date(2027, 1, 15)));
        assert_eq!(filter.query(), "&side=customer&q=INVENT");
        for other in [
            Filter { side: "vendor".into(), ..filter.clone() },
            Filter { role: "Project lead".into(), ..filter.clone() },
            Filter { critical: true, ..filter.clone() },
            Filter { q: "kickoff".into(), ..filter },
        ] {
            assert!(!other.keeps(&found, today), "{other:?}");
        }
        assert!(Filter { q: "integration".into(), ..any }.keeps(&found, today), "also by who does it");
    }
}
