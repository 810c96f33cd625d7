//! The handoff: how complete it is, its response clocks, its agendas, and what the customer is
//! asked to confirm [001, 004].

mod agenda;
mod quality;
mod spiced;

pub(crate) use agenda::fill_item;
pub use agenda::{confirmation, fill_agenda};
pub use quality::{answers, assess};
pub use spiced::spiced;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::deal::Deal;
use crate::fact::{Fact, Source};
use crate::methodology::HandoffRules;
use crate::package::Clock;

/// The response clocks with their last days, counted in calendar days from the close of the deal.
///
/// Clocks run in hours; a handoff knows only the day of the close, so a clock of 24 h is due on
/// the next day. Without a close date the deadlines are open.
#[must_use]
pub fn clocks(deal: &Deal, rules: &HandoffRules, as_of: Date) -> Vec<Clock> {
    let closed_on = deal.closed_on.as_ref().map(|fact| fact.value);
    let mut clocks: Vec<Clock> = Vec::with_capacity(rules.clocks.len());
    for rule in &rules.clocks {
        let (from_date, from) = if rule.from == "close" {
            (closed_on, "the close of the deal".to_owned())
        } else {
            let earlier = clocks.iter().find(|clock| clock.id == rule.from);
            (
                earlier.and_then(|clock| clock.due),
                earlier.map_or_else(|| rule.from.clone(), |clock| clock.name.to_lowercase()),
            )
        };
        let due = from_date.and_then(|date| date.checked_add(i64::from(rule.hours.div_ceil(24)).days()).ok());
        clocks.push(Clock {
            id: rule.id.clone(),
            name: rule.name.clone(),
            hours: rule.hours,
            from,
            due,
            owner: rule.owner.clone(),
            overdue: due.is_some_and(|due| due < as_of),
        });
    }
    clocks
}

/// Where a fact was found, in words: `line 3`, `properties.amount`, `said by …`, or how it was concluded.
#[must_use]
pub fn place<T>(fact: &Fact<T>) -> String {
    match &fact.source {
        Source::Text { span, .. } => format!("line {}", span.line),
        Source::Field { path } => path.clone(),
        Source::Person { who, .. } => format!("said by {who}"),
        Source::Derived { how } => how.clone(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::fact::Confidence;
    use crate::methodology::ClockRule;

    fn rule(id: &str, from: &str, hours: u32) -> ClockRule {
        ClockRule { id: id.into(), name: id.to_uppercase(), from: from.into(), hours, owner: "AE".into() }
    }

    #[test]
    fn counts_each_clock_from_the_one_before() {
        let rules = HandoffRules {
            clocks: vec![
                rule("document", "close", 24),
                rule("meeting", "document", 48),
                rule("intro", "meeting", 24),
            ],
            ..HandoffRules::default()
        };
        let deal = Deal {
            closed_on: Some(Fact::derived(date(2027, 1, 4), "test", Confidence::High)),
            ..Deal::default()
        };
        let due: Vec<_> =
            clocks(&deal, &rules, date(2027, 1, 7)).into_iter().map(|c| (c.due, c.overdue)).collect();
        assert_eq!(
            due,
            [
                (Some(date(2027, 1, 5)), true),
                (Some(date(2027, 1, 7)), false),
                (Some(date(2027, 1, 8)), false)
            ]
        );
    }

    #[test]
    fn leaves_deadlines_open_without_a_close_date() {
        let rules = HandoffRules { clocks: vec![rule("document", "close", 24)], ..HandoffRules::default() };
        let clocks = clocks(&Deal::default(), &rules, date(2027, 1, 7));
        assert_eq!((clocks[0].due, clocks[0].overdue), (None, false));
    }
}
