//! The forms of what is told of a customer: as they stand, as they were typed, and what they tell.

use gangway_app::input::{INTEGRATION_STATES, Inputs, MOVEMENTS, Mistaken, TICKET_STATES, Told};
use gangway_app::{AppError, Problem};
use gangway_domain::contract::MovementKind;
use gangway_domain::deal::Severity;
use gangway_domain::ids::MovementId;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::extract::{Values, named};
use crate::form::{Fields, Wrong, day, day_or_none};
use crate::format::capital;
use crate::pages::Choice;

/// How grave a ticket is: words of forms, and what people read.
pub(super) const SEVERITIES: [(Severity, &str, &str); 4] = [
    (Severity::Low, "low", "Low"),
    (Severity::Medium, "medium", "Medium"),
    (Severity::High, "high", "High"),
    (Severity::Critical, "critical", "Critical"),
];

/// Names of fields, by what a form tells; they begin with it, so that no two on the page are the same.
const FIELDS: [(&str, &[&str]); 5] = [
    ("ticket", &["external_id", "subject", "severity", "status", "opened_at", "solved_at"]),
    ("integration", &["name", "status", "failures", "tests_failed", "note"]),
    ("quality", &["source", "on", "checked", "wrong"]),
    ("movement", &["kind", "on", "amount", "currency", "note", "external_id"]),
    ("renewal", &["on", "note"]),
];

/// A form: what stands in its fields, and what is wrong with them.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) open: bool,
    values: Vec<(&'static str, String)>,
    pub(super) wrong: Wrong,
}

impl Sheet {
    /// What stands in a field.
    pub(super) fn text(&self, field: &str) -> &str {
        self.values.iter().find(|(known, _)| *known == field).map_or("", |(_, text)| text)
    }

    fn with(values: Vec<(&'static str, String)>) -> Self {
        Self { open: true, values, wrong: Wrong::default() }
    }
}

/// The forms of the page.
#[derive(Debug, Default)]
pub(super) struct Sheets {
    pub(super) ticket: Sheet,
    pub(super) integration: Sheet,
    pub(super) quality: Sheet,
    pub(super) movement: Sheet,
    pub(super) renewal: Sheet,
}

impl Sheets {
    fn one(tells: &str, sheet: Sheet) -> Self {
        let mut sheets = Self::default();
        match tells {
            "ticket" => sheets.ticket = sheet,
            "integration" => sheets.integration = sheet,
            "quality" => sheets.quality = sheet,
            "movement" => sheets.movement = sheet,
            "renewal" => sheets.renewal = sheet,
            _ => {}
        }
        sheets
    }

    /// A form that came back, with what was typed.
    pub(super) fn typed(fields: &Fields, wrong: Wrong) -> Self {
        let tells = fields.text("tells");
        let known = FIELDS.iter().find(|(kind, _)| *kind == tells).map_or(&[][..], |(_, names)| *names);
        let values = known.iter().map(|name| (*name, fields.text(&format!("{tells}_{name}")).to_owned()));
        let sheet = Sheet { wrong, ..Sheet::with(values.collect()) };
        Self::one(tells, sheet)
    }

    /// The form that corrects what the address names; all empty where it names nothing.
    pub(super) fn correcting(inputs: &Inputs, values: &Values) -> Self {
        let (tells, name) = (values.text("correct"), values.text("name"));
        let filled = match tells.as_str() {
            "ticket" => ticket(inputs, &name),
            "integration" => integration(inputs, &name),
            "quality" => quality(inputs, &name, &values.text("on")),
            "movement" => movement(inputs, &name),
            "renewal" => renewal(inputs),
            _ => None,
        };
        filled.map_or_else(Self::default, |values| Self::one(&tells, Sheet::with(values)))
    }
}

type Filled = Option<Vec<(&'static str, String)>>;

fn ticket(inputs: &Inputs, name: &str) -> Filled {
    let one = inputs.tickets.iter().find(|one| one.external_id == name)?;
    let severity = SEVERITIES.iter().find(|(known, ..)| *known == one.severity);
    let severity = severity.map_or("", |(_, word, _)| *word);
    Some(vec![
        ("external_id", one.external_id.clone()),
        ("subject", one.subject.clone()),
        ("severity", severity.to_owned()),
        ("status", one.status.clone()),
    ])
}

fn integration(inputs: &Inputs, name: &str) -> Filled {
    let one = inputs.integrations.iter().find(|one| one.name == name)?;
    Some(vec![
        ("name", one.name.clone()),
        ("status", one.status.clone()),
        ("failures", one.failures.to_string()),
        ("tests_failed", one.tests_failed.to_string()),
        ("note", one.note.clone()),
    ])
}

fn quality(inputs: &Inputs, source: &str, on: &str) -> Filled {
    let is_it = |one: &&gangway_app::input::Quality| one.source == source && one.on.to_string() == on;
    let one = inputs.quality_past.iter().find(is_it)?;
    Some(vec![
        ("source", one.source.clone()),
        ("on", one.on.to_string()),
        ("checked", one.checked.to_string()),
        ("wrong", one.wrong.to_string()),
    ])
}

fn movement(inputs: &Inputs, name: &str) -> Filled {
    let one = inputs.movements.iter().find(|one| one.external_id == name)?;
    Some(vec![
        ("kind", one.kind.clone()),
        ("on", one.on.to_string()),
        ("amount", amount(one.amount)),
        ("currency", one.amount.currency.to_string()),
        ("note", one.note.clone()),
        ("external_id", one.external_id.clone()),
    ])
}

/// An amount as it is typed: without a sign, with the decimals of its currency.
fn amount(money: gangway_domain::money::Money) -> String {
    let decimals = money.currency.decimals();
    let unit = 10_i64.pow(decimals);
    let (whole, part) = (money.minor / unit, money.minor % unit);
    if part == 0 {
        return whole.to_string();
    }
    let width = usize::try_from(decimals).unwrap_or(0);
    format!("{whole}.{part:0width$}")
}

fn renewal(inputs: &Inputs) -> Filled {
    let one = inputs.renewal.as_ref()?;
    Some(vec![("on", one.on.to_string()), ("note", one.note.clone())])
}

/// What a form tells.
pub(super) fn told(fields: &Fields, zone: &TimeZone, now: Timestamp) -> Result<Told, AppError> {
    let tells = fields.text("tells");
    let text = |name: &str| fields.text(&format!("{tells}_{name}")).trim().to_owned();
    let some = |name: &str| Some(text(name)).filter(|text| !text.is_empty());
    let instant = |name: &'static str| moment(day_or_none(name, &text(name))?, zone, now, name);
    Ok(match tells {
        "ticket" => Told::Ticket {
            external_id: text("external_id"),
            subject: text("subject"),
            severity: SEVERITIES.iter().find(|(_, word, _)| *word == text("severity")).map(|(one, ..)| *one),
            status: text("status"),
            opened_at: instant("opened_at")?,
            solved_at: instant("solved_at")?,
        },
        "integration" => Told::Integration {
            name: text("name"),
            status: text("status"),
            failures: number("failures", &text("failures"))?.unwrap_or(0),
            tests_failed: number("tests_failed", &text("tests_failed"))?.unwrap_or(0),
            note: text("note"),
            at: None,
        },
        "quality" => Told::Quality {
            source: text("source"),
            on: day_or_none("on", &text("on"))?,
            checked: number("checked", &text("checked"))?.ok_or_else(|| wrong("checked", "is missing"))?,
            wrong: number("wrong", &text("wrong"))?.ok_or_else(|| wrong("wrong", "is missing"))?,
        },
        "movement" => Told::Movement {
            external_id: some("external_id"),
            kind: text("kind"),
            on: day("on", &text("on"))?,
            amount: text("amount"),
            currency: some("currency"),
            note: text("note"),
        },
        "renewal" => Told::Renewal { on: day("on", &text("on"))?, note: text("note") },
        _ => return Err(unknown(tells)),
    })
}

/// What a form wants taken back.
pub(super) fn mistaken(fields: &Fields) -> Result<Mistaken, AppError> {
    let name = fields.text("name").to_owned();
    Ok(match fields.text("what") {
        "ticket" => Mistaken::Ticket(name),
        "integration" => Mistaken::Integration(name),
        "quality" => Mistaken::Quality(name, day("on", fields.text("on"))?),
        "movement" => Mistaken::Movement(named::<MovementId>("movement", &name)?),
        "renewal" => Mistaken::Renewal,
        what => return Err(unknown(what)),
    })
}

/// An instant of a day: noon, so that no zone makes another day of it; now, today.
fn moment(
    day: Option<Date>,
    zone: &TimeZone,
    now: Timestamp,
    field: &'static str,
) -> Result<Option<Timestamp>, AppError> {
    let Some(day) = day else { return Ok(None) };
    if now.to_zoned(zone.clone()).date() == day {
        return Ok(Some(now));
    }
    let noon = day.at(12, 0, 0, 0).to_zoned(zone.clone()).map_err(|_| wrong(field, "is not a day"))?;
    Ok(Some(noon.timestamp()))
}

fn number(field: &'static str, text: &str) -> Result<Option<i64>, AppError> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| wrong(field, "is not a whole number"))
}

fn wrong(field: &'static str, message: &str) -> AppError {
    AppError::Invalid(vec![Problem::new(field, message)])
}

fn unknown(what: &str) -> AppError {
    AppError::NotFound { what: "kind of input", id: what.chars().take(60).collect() }
}

/// What the fields that offer several values offer.
pub(super) struct Choices {
    pub(super) severities: Vec<Choice>,
    pub(super) ticket_states: Vec<Choice>,
    pub(super) integration_states: Vec<Choice>,
    pub(super) movements: Vec<Choice>,
}

impl Choices {
    pub(super) fn new(sheets: &Sheets) -> Self {
        let severity =
            Some(sheets.ticket.text("severity")).filter(|word| !word.is_empty()).unwrap_or("medium");
        let kinds = MOVEMENTS.iter().map(|word| {
            let kind = word.parse::<MovementKind>();
            let label = kind.map_or_else(|_| capital(word), |kind| kind.label().to_owned());
            Choice::of(*word, label, sheets.movement.text("kind"))
        });
        Self {
            severities: SEVERITIES
                .iter()
                .map(|(_, word, label)| Choice::of(*word, *label, severity))
                .collect(),
            ticket_states: words(&TICKET_STATES, sheets.ticket.text("status")),
            integration_states: words(&INTEGRATION_STATES, sheets.integration.text("status")),
            movements: kinds.collect(),
        }
    }
}

fn words(all: &[&str], chosen: &str) -> Vec<Choice> {
    all.iter().map(|word| Choice::of(*word, capital(word), chosen)).collect()
}

#[cfg(test)]
mod tests {
    use gangway_domain::money::{Currency, Money};
    use jiff::civil::date;

    use super::*;

    #[test]
    fn an_amount_is_typed_as_it_is_read() {
        let money = Money { minor: 120_005, currency: Currency::usd() };
        assert_eq!(amount(money), "1200.05");
        assert_eq!(Money::typed(&amount(money), Currency::usd()), Some(money));
        assert_eq!(amount(Money { minor: 120_000, currency: Currency::usd() }), "1200");
    }

    #[test]
    fn a_day_is_an_instant_on_it() {
        let now: Timestamp = "2027-01-04T09:30:00Z".parse().unwrap();
        let at = |day| moment(day, &TimeZone::UTC, now, "opened_at").unwrap();
        assert_eq!(at(None), None);
        assert_eq!(at(Some(date(2027, 1, 4))), Some(now));
        assert_eq!(at(Some(date(2027, 1, 2))).unwrap().to_string(), "2027-01-02T12:00:00Z");
    }

    #[test]
    fn numbers_are_whole() {
        assert_eq!(number("checked", "").ok(), Some(None));
        assert_eq!(number("checked", "200").ok(), Some(Some(200)));
        assert!(number("checked", "many").is_err());
    }
}
