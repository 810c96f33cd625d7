//! What the users of one account do in the product: shown with the account and with each of its onboardings.

use gangway_app::usage::view::{AccountUsage, DayUse, FeatureUse, Mark, UserUse};
use gangway_store::Timestamp;
use jiff::tz::TimeZone;

use super::chart::{Bars, Flag, Point};
use crate::format::{Day, Moment, count, moment, thousands};

/// Usage of an account, as pages show it.
pub(crate) struct Seen {
    /// Nothing came in of it yet.
    pub empty: bool,
    /// Who it is in the product.
    pub groups: String,
    pub active_28: i64,
    pub active_7: i64,
    /// Users expected; a dash when nobody knows.
    pub expected: String,
    pub expected_note: &'static str,
    /// Events of the last seven days, and how they compare with the seven before.
    pub events: i64,
    pub change: String,
    pub falls: bool,
    pub last: Option<Moment>,
    pub chart: Option<Bars>,
    /// What the chart shows, in words.
    pub summary: String,
    /// What happened between its days.
    pub marks: Vec<MarkLine>,
    pub days: Vec<DayLine>,
    pub features: Vec<FeatureLine>,
    pub users: Vec<UserLine>,
    pub more_users: String,
}

pub(crate) struct MarkLine {
    pub label: &'static str,
    /// The onboarding it belongs to.
    pub href: String,
    pub day: Day,
}

pub(crate) struct DayLine {
    pub day: Day,
    pub users: i64,
    pub events: i64,
}

pub(crate) struct FeatureLine {
    pub name: String,
    pub kind: &'static str,
    pub state: &'static str,
    pub tone: &'static str,
    pub days: i64,
    pub count: i64,
    pub last: Option<Moment>,
}

pub(crate) struct UserLine {
    pub name: String,
    pub note: String,
    /// The contact it is.
    pub href: Option<String>,
    pub first: Moment,
    pub last: Moment,
    pub days: i64,
}

impl Seen {
    pub(crate) fn new(usage: AccountUsage, zone: &TimeZone) -> Self {
        let names = usage.groups.iter().map(|group| group_name(&group.name, &group.external_id));
        let groups = names.collect::<Vec<_>>().join(", ");
        let others = usage.users_total - i64::try_from(usage.users.len()).unwrap_or(0);
        Self {
            empty: usage.last_at.is_none(),
            groups,
            active_28: usage.active_28,
            active_7: usage.active_7,
            expected: usage.expected.users.map_or_else(|| "—".to_owned(), thousands),
            expected_note: match (usage.expected.users, usage.expected.of_contract) {
                (None, _) => "nobody said how many",
                (Some(_), true) => "by the contract",
                (Some(_), false) => "as somebody said",
            },
            events: usage.events_7,
            change: change(usage.events_7, usage.events_prev_7),
            falls: usage.events_7 < usage.events_prev_7,
            last: usage.last_at.map(|at| moment(at, zone)),
            chart: Bars::new(&points(&usage.days), &flags(&usage.marks)),
            summary: summary(&usage.days),
            marks: usage.marks.iter().map(mark_line).collect(),
            days: usage.days.iter().rev().filter(|day| day.events > 0).map(day_line).collect(),
            features: usage.features.into_iter().map(|one| feature(one, zone)).collect(),
            users: usage.users.into_iter().map(|one| user(one, zone)).collect(),
            more_users: if others > 0 {
                format!("and {} not shown", count(usize::try_from(others).unwrap_or(0), "user"))
            } else {
                String::new()
            },
        }
    }
}

/// What a customer is called in the product.
pub(super) fn group_name(name: &str, external_id: &str) -> String {
    match (name, external_id) {
        ("", "") => "Without customer".to_owned(),
        ("", id) => id.to_owned(),
        (name, _) => name.to_owned(),
    }
}

/// `+12 % against the week before`.
fn change(now: i64, before: i64) -> String {
    match (now, before) {
        (0, 0) => "none in the week before either".to_owned(),
        (_, 0) => "none in the week before".to_owned(),
        (now, before) => {
            let percent = (now - before).saturating_mul(100) / before;
            let sign = if percent > 0 { "+" } else { "" };
            format!("{sign}{percent} % against the week before").replace('-', "−")
        }
    }
}

fn points(days: &[DayUse]) -> Vec<Point> {
    let point = |one: &DayUse| Point {
        day: one.day,
        value: one.users,
        title: format!("{}: {} active", Day::from(one.day).words, words(one.users, "user")),
    };
    days.iter().map(point).collect()
}

fn flags(marks: &[Mark]) -> Vec<Flag> {
    let flag =
        |mark: &Mark| Flag { day: mark.day, title: format!("{}: {}", mark.label, Day::from(mark.day).words) };
    marks.iter().map(flag).collect()
}

fn mark_line(mark: &Mark) -> MarkLine {
    MarkLine { label: mark.label, href: format!("/onboardings/{}", mark.onboarding), day: mark.day.into() }
}

fn summary(days: &[DayUse]) -> String {
    let most = days.iter().max_by_key(|day| day.users).filter(|day| day.users > 0);
    match (most, days.last()) {
        (Some(most), Some(last)) => format!(
            "Active users by day, the last {}: at most {} on {}, {} on {}.",
            words(i64::try_from(days.len()).unwrap_or(0), "day"),
            thousands(most.users),
            Day::from(most.day).words,
            thousands(last.users),
            Day::from(last.day).words
        ),
        _ => "Nobody was active in this time.".to_owned(),
    }
}

fn words(number: i64, noun: &str) -> String {
    count(usize::try_from(number).unwrap_or(0), noun)
}

fn day_line(one: &DayUse) -> DayLine {
    DayLine { day: one.day.into(), users: one.users, events: one.events }
}

fn feature(one: FeatureUse, zone: &TimeZone) -> FeatureLine {
    let (state, tone) = match (one.last_at, one.days_28) {
        (None, _) => ("Not used yet", "late"),
        (Some(_), 0) => ("Not used in 28 days", "soon"),
        (Some(_), _) => ("Used", "go"),
    };
    FeatureLine {
        kind: match (one.core, one.advanced) {
            (true, _) => "Core",
            (false, true) => "Advanced",
            (false, false) => "",
        },
        state,
        tone,
        days: one.days_28,
        count: one.count_28,
        last: one.last_at.map(|at: Timestamp| moment(at, zone)),
        name: one.name,
    }
}

fn user(one: UserUse, zone: &TimeZone) -> UserLine {
    let name = one.name.clone().or_else(|| one.email.clone()).unwrap_or_else(|| one.external_id.clone());
    let note = if one.name.is_some() { one.email.unwrap_or(one.external_id) } else { String::new() };
    UserLine {
        name,
        note,
        href: one.contact.map(|id| format!("/contacts/{id}")),
        first: moment(one.first_at, zone),
        last: moment(one.last_at, zone),
        days: one.active_days_28,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_read_well() {
        assert_eq!(change(120, 100), "+20 % against the week before");
        assert_eq!(change(75, 100), "−25 % against the week before");
        assert_eq!(change(100, 100), "0 % against the week before");
        assert_eq!(change(3, 0), "none in the week before");
        assert_eq!(change(0, 0), "none in the week before either");
    }

    #[test]
    fn customers_of_the_product_have_a_name() {
        assert_eq!(group_name("Initech", "c-1"), "Initech");
        assert_eq!(group_name("", "c-1"), "c-1");
        assert_eq!(group_name("", ""), "Without customer");
    }
}
