//! Facts of usage: what rules of gates, health, signals and journeys see of what people do in the product.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

use super::{DAYS, Feature, History, before, day_of};
use crate::methodology::UsageRules;
use crate::rule::FactValue;

/// Weeks looked at for how many in a row fell.
const WEEKS: i32 = 8;

/// What facts are measured against.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// What events mean.
    pub rules: &'a UsageRules,
    /// The features in use.
    pub features: &'a [Feature],
    /// Users the account should have.
    pub expected: Option<i64>,
    /// People in the pilot, while there is one.
    pub pilot: Option<i64>,
    /// When the account was made in the product.
    pub signed_up: Option<Timestamp>,
    /// The moment the facts are of.
    pub now: Timestamp,
}

/// The facts of an account by name. What cannot be known is not among them.
///
/// Counts of users are distinct ones; a window of n days ends today (UTC), today included. `change_7_percent` compares
/// the last seven days with the seven before, in percent of those [003, −20 % in a week].
#[must_use]
pub fn facts(history: &History, ground: &Ground<'_>) -> BTreeMap<&'static str, FactValue> {
    let mut facts = BTreeMap::new();
    people(&mut facts, history, ground);
    deeds(&mut facts, history, ground);
    features(&mut facts, history, ground);
    course(&mut facts, history, ground.now);
    let mut facts: BTreeMap<_, _> =
        facts.into_iter().map(|(name, number)| (name, FactValue::Int(number))).collect();
    let value = history.total_of(&ground.rules.meaning.core_task).is_some();
    facts.insert("first_value_reached", FactValue::Bool(value));
    facts
}

type Numbers = BTreeMap<&'static str, i64>;

fn people(facts: &mut Numbers, history: &History, ground: &Ground<'_>) {
    facts.insert("active_users", history.active_28);
    facts.insert("active_users_7", history.active_7);
    if let Some(expected) = ground.expected {
        facts.insert("expected_users", expected);
    }
    if let Some(percent) = share(history.seen, ground.expected) {
        facts.insert("activated_percent", percent);
    }
    if let Some(percent) = share(history.active_7, ground.pilot) {
        facts.insert("pilot_active_percent", percent.min(100));
    }
    if let Some(at) = ground.signed_up {
        facts.insert("hours_since_signup", ground.now.duration_since(at).as_hours().max(0));
    }
}

fn deeds(facts: &mut Numbers, history: &History, ground: &Ground<'_>) {
    let Ground { rules, now, .. } = ground;
    let meaning = &rules.meaning;
    let times = |events: &[String]| history.total_of(events).map_or(0, |total| total.times);
    let days_since = |at: Timestamp| i64::from((day_of(*now) - day_of(at)).get_days()).max(0);
    if let Some(any) = history.any() {
        facts.insert("days_since_use", days_since(any.last_at));
    }
    match (history.total_of(&meaning.login), history.any()) {
        (Some(logins), _) => {
            facts.insert("logins", logins.times);
            facts.insert("days_since_login", days_since(logins.last_at));
        }
        // The product does not tell of logins: whoever did something was in it.
        (None, Some(any)) => {
            facts.insert("days_since_login", days_since(any.last_at));
        }
        (None, None) => {
            facts.insert("logins", 0);
        }
    }
    facts.insert("dashboards", times(&meaning.dashboard));
    facts.insert("core_tasks", times(&meaning.core_task));
    facts.insert("repeated_errors", history.most_of_one(&meaning.error));
    let done = rules.setup_steps.iter().filter(|step| history.total_of(&step.events).is_some()).count();
    if let Some(percent) = (done * 100).checked_div(rules.setup_steps.len()) {
        facts.insert("setup_percent", i64::try_from(percent).unwrap_or(100));
    }
}

fn features(facts: &mut Numbers, history: &History, ground: &Ground<'_>) {
    let Ground { features, now, .. } = ground;
    let since = before(day_of(*now), 27);
    let used = |feature: &&Feature| {
        history.total_of(&feature.events).is_some_and(|total| day_of(total.last_at) >= since)
    };
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let core: Vec<&Feature> = features.iter().filter(|feature| feature.core).collect();
    let used_core = count(core.iter().copied().filter(|feature| used(feature)).count());
    let total = count(core.len());
    if total > 0 {
        facts.insert("core_features_used", used_core);
        facts.insert("core_features_total", total);
        facts.insert("core_features_unused", total - used_core);
        facts.insert("core_used_percent", used_core * 100 / total);
    }
    if features.iter().any(|feature| feature.advanced) {
        let advanced = features.iter().filter(|feature| feature.advanced).filter(used).count();
        facts.insert("advanced_used", count(advanced));
    }
}

fn course(facts: &mut Numbers, history: &History, now: Timestamp) {
    let today = day_of(now);
    let active = |days: i32| {
        let used = history.days.range(before(today, days - 1)..=today).filter(|(_, count)| count.events > 0);
        i64::try_from(used.count()).unwrap_or(i64::MAX)
    };
    facts.insert("active_days", active(28));
    facts.insert("active_days_per_week", active(7));
    facts.insert("active_weeks", weeks_in_a_row(history, today));
    let week = |ago: i32| history.events_between(today, ago * 7, 7);
    let (this, last) = (week(0), week(1));
    facts.insert("events_7", this);
    facts.insert("events_prev_7", last);
    if let Some(percent) = ((this - last) * 100).checked_div(last) {
        facts.insert("change_7_percent", percent);
    }
    let falling = (0..WEEKS).take_while(|ago| week(*ago) < week(ago + 1)).count();
    facts.insert("weeks_falling", i64::try_from(falling).unwrap_or(0));
}

/// Weeks from Monday to Sunday in a row with use, this one included; one that has only begun breaks no row.
fn weeks_in_a_row(history: &History, today: Date) -> i64 {
    let monday = |day: Date| before(day, i32::from(day.weekday().to_monday_zero_offset()));
    let used = history.days.iter().filter(|(day, count)| count.events > 0 && **day <= today);
    let weeks: BTreeSet<Date> = used.map(|(day, _)| monday(*day)).collect();
    let this = monday(today);
    let newest = if weeks.contains(&this) { this } else { before(this, 7) };
    let row = (0..DAYS / 7).take_while(|ago| weeks.contains(&before(newest, ago * 7))).count();
    i64::try_from(row).unwrap_or(i64::MAX)
}

/// So many of these, in percent; nothing where there should be none.
fn share(of: i64, all: Option<i64>) -> Option<i64> {
    all.filter(|all| *all > 0).and_then(|all| (of * 100).checked_div(all))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::methodology::{Meanings, SetupStep};
    use crate::usage::{ANY, Total};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn once(text: &str) -> Total {
        Total { times: 1, first_at: at(text), last_at: at(text) }
    }

    fn rules() -> UsageRules {
        let names = |name: &str| vec![name.to_owned()];
        UsageRules {
            meaning: Meanings {
                login: names("Signed In"),
                core_task: names("Order Done"),
                ..Meanings::default()
            },
            setup_steps: ["A", "B"]
                .map(|id| SetupStep { id: id.to_lowercase(), name: id.to_owned(), events: names(id) })
                .to_vec(),
            ..UsageRules::default()
        }
    }

    fn number(facts: &BTreeMap<&'static str, FactValue>, name: &str) -> Option<i64> {
        match facts.get(name) {
            Some(FactValue::Int(number)) => Some(*number),
            _ => None,
        }
    }

    #[test]
    fn facts_follow_from_what_was_counted() {
        let mut history = History { active_28: 4, active_7: 2, seen: 8, ..History::default() };
        history.add_total("SIGNED IN", once("2027-01-05T10:00:00Z"));
        history.add_total("a", once("2027-01-05T10:00:00Z"));
        history.add_total(ANY, Total { times: 40, ..once("2027-01-19T10:00:00Z") });
        // Wednesday 20 January is today: 10 events in its seven days, 20 in those before, 30 in those before these.
        history.add_day(date(2027, 1, 19), 10, 2);
        history.add_day(date(2027, 1, 12), 20, 4);
        history.add_day(date(2027, 1, 4), 30, 4);
        let rules = rules();
        let ground = Ground {
            rules: &rules,
            features: &[],
            expected: Some(10),
            pilot: None,
            signed_up: Some(at("2027-01-04T00:00:00Z")),
            now: at("2027-01-20T12:00:00Z"),
        };
        let facts = facts(&history, &ground);
        for (name, expected) in [
            ("active_users", Some(4)),
            ("active_users_7", Some(2)),
            ("activated_percent", Some(80)),
            ("pilot_active_percent", None),
            ("hours_since_signup", Some(16 * 24 + 12)),
            ("logins", Some(1)),
            ("days_since_login", Some(15)),
            ("days_since_use", Some(1)),
            ("setup_percent", Some(50)),
            ("core_tasks", Some(0)),
            ("core_used_percent", None),
            ("active_days", Some(3)),
            ("active_days_per_week", Some(1)),
            ("active_weeks", Some(3)),
            ("events_7", Some(10)),
            ("events_prev_7", Some(20)),
            ("expected_users", Some(10)),
            ("change_7_percent", Some(-50)),
            ("weeks_falling", Some(2)),
        ] {
            assert_eq!(number(&facts, name), expected, "{name}");
        }
    }

    #[test]
    fn nothing_seen_is_no_login_and_no_change() {
        let rules = rules();
        let ground = Ground {
            rules: &rules,
            features: &[],
            expected: None,
            pilot: None,
            signed_up: None,
            now: at("2027-01-20T12:00:00Z"),
        };
        let facts = facts(&History::default(), &ground);
        assert_eq!(number(&facts, "logins"), Some(0));
        assert_eq!(number(&facts, "days_since_use"), None);
        assert_eq!(number(&facts, "change_7_percent"), None);
    }
}
