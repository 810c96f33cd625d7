//! What is told of an account, as its page shows it.

use gangway_app::input::{Inputs, Integration, Movement, Quality, Renewal, Ticket};
use gangway_domain::contract::MovementKind;
use gangway_domain::deal::Severity;
use gangway_domain::money::Money;
use gangway_store::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::sheet::SEVERITIES;
use crate::format::{Day, Moment, capital, count, distance, moment};

/// Share of wrong records from which data are a warning, percent: as the signal of the methodology has it.
const BAD_DATA: i64 = 5;

/// Days before a renewal from which it is near.
const NEAR: i32 = 90;

/// A figure at the top of the page.
pub(crate) struct Figure {
    pub(crate) label: &'static str,
    pub(crate) value: String,
    pub(crate) note: String,
    /// How the note is shown: empty, fair or bad.
    pub(crate) tone: &'static str,
}

impl Figure {
    fn new(
        label: &'static str,
        value: impl Into<String>,
        note: impl Into<String>,
        tone: &'static str,
    ) -> Self {
        Self { label, value: value.into(), note: note.into(), tone }
    }
}

/// What is most worth knowing, in five figures.
pub(crate) fn figures(inputs: &Inputs) -> Vec<Figure> {
    vec![tickets(inputs), integrations(inputs), data(inputs), revenue(inputs), renewal(inputs)]
}

fn tickets(inputs: &Inputs) -> Figure {
    const LABEL: &str = "Open tickets";
    if inputs.tickets.is_empty() {
        return Figure::new(LABEL, "unknown", "", "");
    }
    let open: Vec<&Ticket> = inputs.tickets.iter().filter(|one| one.status != "solved").collect();
    let grave = open.iter().filter(|one| one.severity == Severity::Critical).count();
    let (note, tone) = match grave {
        0 => (String::new(), ""),
        many => (format!("{many} critical"), "bad"),
    };
    Figure::new(LABEL, open.len().to_string(), note, tone)
}

fn integrations(inputs: &Inputs) -> Figure {
    const LABEL: &str = "Integrations live";
    let used = inputs.integrations.iter().filter(|one| one.status != "off").count();
    if inputs.integrations.is_empty() {
        return Figure::new(LABEL, "unknown", "", "");
    }
    let of = |word: &str| inputs.integrations.iter().filter(|one| one.status == word).count();
    let (note, tone) = match of("failing") {
        0 => (String::new(), ""),
        many => (format!("{many} failing"), "bad"),
    };
    Figure::new(LABEL, format!("{} of {used}", of("live")), note, tone)
}

fn data(inputs: &Inputs) -> Figure {
    const LABEL: &str = "Wrong records";
    let sum = |read: fn(&Quality) -> i64| inputs.quality.iter().map(read).fold(0, i64::saturating_add);
    let (checked, wrong) = (sum(|one| one.checked), sum(|one| one.wrong));
    match percent(checked, wrong) {
        Some(share) => {
            let tone = if wrong * 100 > checked * BAD_DATA { "bad" } else { "" };
            Figure::new(LABEL, share, format!("of {checked} checked"), tone)
        }
        None => Figure::new(LABEL, "unknown", "", ""),
    }
}

fn revenue(inputs: &Inputs) -> Figure {
    const LABEL: &str = "Revenue a month";
    let currency = inputs.movements.first().map(|one| one.amount.currency);
    if let (Some(worth), Some(currency)) = (inputs.revenue(), currency) {
        let value = Money::major(worth.now, currency).to_string();
        if worth.churned {
            return Figure::new(LABEL, value, "has left", "bad");
        }
        let (note, tone) = match worth.change_percent {
            None => (String::new(), ""),
            Some(change @ ..0) => (format!("−{} % in 90 days", -change), "fair"),
            Some(change) => (format!("+{change} % in 90 days"), ""),
        };
        return Figure::new(LABEL, value, note, tone);
    }
    match inputs.signed {
        Some(signed) => Figure::new(LABEL, signed.to_string(), "as signed", ""),
        None => Figure::new(LABEL, "unknown", "", ""),
    }
}

fn renewal(inputs: &Inputs) -> Figure {
    const LABEL: &str = "Renewal";
    let Some(one) = &inputs.renewal else { return Figure::new(LABEL, "unknown", "", "") };
    Figure::new(LABEL, Day::from(one.on).words, distance(inputs.today, one.on), near(inputs.today, one.on))
}

fn near(today: Date, on: Date) -> &'static str {
    if (on - today).get_days() <= NEAR { "fair" } else { "" }
}

/// `2.5 %`; nothing where nothing was checked.
fn percent(checked: i64, wrong: i64) -> Option<String> {
    let tenths = wrong.checked_mul(1_000)?.checked_div(checked)?;
    Some(if tenths % 10 == 0 {
        format!("{} %", tenths / 10)
    } else {
        format!("{}.{} %", tenths / 10, tenths % 10)
    })
}

/// How many open tickets there are of each severity, the gravest first; those there are none of are left out.
pub(super) fn open_by_severity(inputs: &Inputs) -> Vec<(&'static str, usize)> {
    let open = || inputs.tickets.iter().filter(|one| one.status != "solved");
    let of = |severity: Severity| open().filter(|one| one.severity == severity).count();
    let counts = SEVERITIES.iter().rev().map(|(severity, _, label)| (*label, of(*severity)));
    counts.filter(|(_, many)| *many > 0).collect()
}

/// A part of an address.
fn part(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// A ticket.
pub(super) struct TicketLine {
    pub(super) id: String,
    pub(super) subject: String,
    pub(super) severity: &'static str,
    pub(super) severity_tone: &'static str,
    pub(super) state: String,
    pub(super) state_tone: &'static str,
    pub(super) opened: Moment,
    /// How old it is, or how long it took.
    pub(super) age: String,
    pub(super) reopened: String,
    pub(super) correct: String,
}

impl TicketLine {
    pub(super) fn new(one: &Ticket, at: &str, today: Date, zone: &TimeZone) -> Self {
        let label = SEVERITIES.iter().find(|(known, ..)| *known == one.severity);
        let day = |at: Timestamp| {
            jiff::Timestamp::try_from(at).map_or(today, |at| at.to_zoned(zone.clone()).date())
        };
        let opened = day(one.opened_at);
        let (to, verb) = one.solved_at.map_or((today, "open for"), |at| (day(at), "solved in"));
        let days = usize::try_from((to - opened).get_days()).unwrap_or(0);
        let is_open = one.status != "solved";
        Self {
            id: one.external_id.clone(),
            subject: if one.subject.is_empty() { one.external_id.clone() } else { one.subject.clone() },
            severity: label.map_or("", |(.., label)| *label),
            severity_tone: match one.severity {
                Severity::Critical | Severity::High if is_open => "late",
                Severity::Medium if is_open => "soon",
                _ => "off",
            },
            state: capital(&one.status),
            state_tone: if is_open { "soon" } else { "done" },
            opened: moment(one.opened_at, zone),
            age: format!("{verb} {}", count(days, "day")),
            reopened: match one.reopened {
                0 => String::new(),
                1 => "reopened once".to_owned(),
                times => format!("reopened {times} times"),
            },
            correct: format!("{at}?correct=ticket&name={}#ticket", part(&one.external_id)),
        }
    }
}

/// A system.
pub(super) struct IntegrationLine {
    pub(super) name: String,
    pub(super) state: String,
    pub(super) tone: &'static str,
    pub(super) failures: i64,
    pub(super) tests_failed: i64,
    pub(super) note: String,
    pub(super) at: Moment,
    pub(super) correct: String,
}

impl IntegrationLine {
    pub(super) fn new(one: &Integration, at: &str, zone: &TimeZone) -> Self {
        Self {
            name: one.name.clone(),
            state: capital(&one.status),
            tone: match one.status.as_str() {
                "live" => "go",
                "connected" => "done",
                "failing" => "late",
                "planned" => "soon",
                _ => "off",
            },
            failures: one.failures,
            tests_failed: one.tests_failed,
            note: one.note.clone(),
            at: moment(one.at, zone),
            correct: format!("{at}?correct=integration&name={}#integration", part(&one.name)),
        }
    }
}

/// What was measured of a source on a day.
pub(super) struct QualityLine {
    pub(super) source: String,
    pub(super) on: Day,
    pub(super) checked: i64,
    pub(super) wrong: i64,
    pub(super) share: String,
    pub(super) is_bad: bool,
    pub(super) correct: String,
}

impl QualityLine {
    pub(super) fn new(one: &Quality, at: &str) -> Self {
        Self {
            source: one.source.clone(),
            on: one.on.into(),
            checked: one.checked,
            wrong: one.wrong,
            share: percent(one.checked, one.wrong).unwrap_or_else(|| "—".to_owned()),
            is_bad: one.wrong.saturating_mul(100) > one.checked.saturating_mul(BAD_DATA),
            correct: format!("{at}?correct=quality&name={}&on={}#quality", part(&one.source), one.on),
        }
    }
}

/// A source, with its rates over time as a line.
pub(super) struct SourceLine {
    pub(super) name: String,
    pub(super) share: String,
    pub(super) is_bad: bool,
    /// Points of the line; empty where there are fewer than two measurements.
    pub(super) line: String,
    /// The line in words.
    pub(super) words: String,
}

/// The width and height of a line over time.
const BOX: (i64, i64) = (120, 24);

/// Sources by name, each with its rates from the first measurement to the last.
pub(super) fn sources(inputs: &Inputs) -> Vec<SourceLine> {
    let source = |last: &Quality| {
        let past = inputs.quality_past.iter().rev().filter(|one| one.source == last.source);
        let rates: Vec<i64> =
            past.filter_map(|one| one.wrong.saturating_mul(1_000).checked_div(one.checked)).collect();
        let share = percent(last.checked, last.wrong).unwrap_or_else(|| "—".to_owned());
        SourceLine {
            words: format!("{}: {}, {share} at last", last.source, count(rates.len(), "measurement")),
            line: line(&rates),
            is_bad: last.wrong.saturating_mul(100) > last.checked.saturating_mul(BAD_DATA),
            name: last.source.clone(),
            share,
        }
    };
    inputs.quality.iter().map(source).collect()
}

/// Points from left to right, the highest rate at the top.
fn line(rates: &[i64]) -> String {
    let steps = i64::try_from(rates.len()).unwrap_or(i64::MAX) - 1;
    if steps < 1 {
        return String::new();
    }
    let most = rates.iter().copied().max().unwrap_or(0).max(1);
    let (width, height) = BOX;
    let point = |(at, rate): (i64, &i64)| {
        let (x, y) = (at * width / steps, height - 1 - rate * (height - 2) / most);
        format!("{x},{y}")
    };
    (0_i64..).zip(rates).map(point).collect::<Vec<_>>().join(" ")
}

/// A movement.
pub(super) struct MovementLine {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) tone: &'static str,
    pub(super) on: Day,
    pub(super) amount: String,
    pub(super) note: String,
    pub(super) by: String,
    pub(super) correct: String,
}

impl MovementLine {
    pub(super) fn new(one: &Movement, at: &str) -> Self {
        let kind: Option<MovementKind> = one.kind.parse().ok();
        let is_gain = kind.is_some_and(MovementKind::is_gain);
        Self {
            id: one.id.to_string(),
            kind: kind.map_or_else(|| capital(&one.kind), |kind| kind.label().to_owned()),
            tone: if is_gain { "go" } else { "late" },
            on: one.on.into(),
            amount: format!("{}{}", if is_gain { "+" } else { "−" }, one.amount),
            note: one.note.clone(),
            by: one.by.clone(),
            correct: format!("{at}?correct=movement&name={}#movement", part(&one.external_id)),
        }
    }
}

/// When the contract is renewed.
pub(super) struct RenewalLine {
    pub(super) on: Day,
    pub(super) distance: String,
    pub(super) tone: &'static str,
    pub(super) note: String,
    pub(super) by: String,
    pub(super) correct: String,
}

impl RenewalLine {
    pub(super) fn new(one: &Renewal, at: &str, today: Date) -> Self {
        Self {
            on: one.on.into(),
            distance: distance(today, one.on),
            tone: near(today, one.on),
            note: one.note.clone(),
            by: match one.onboarding {
                Some(_) => "by its deal".to_owned(),
                None => one.by.clone(),
            },
            correct: format!("{at}?correct=renewal#renewal"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{line, percent};

    #[test]
    fn shares_have_one_decimal_where_they_need_it() {
        assert_eq!(percent(200, 5).as_deref(), Some("2.5 %"));
        assert_eq!(percent(200, 10).as_deref(), Some("5 %"));
        assert_eq!(percent(0, 0), None);
    }

    #[test]
    fn a_line_goes_from_left_to_right_and_up_with_the_rate() {
        assert_eq!(line(&[50]), "");
        assert_eq!(line(&[0, 50, 100]), "0,23 60,12 120,1");
        assert_eq!(line(&[0, 0]), "0,23 120,23");
    }
}
