//! What somebody told of a customer, checked.

use gangway_domain::deal::Severity;
use gangway_domain::ids::{AccountId, MovementId, TicketId};
use gangway_domain::money::{Currency, Money};
use gangway_store::Timestamp;
use gangway_store::input::ticket::Times;
use jiff::ToSpan;

use super::{
    INTEGRATION_STATES, Integration, MOVEMENTS, Movement, Quality, Renewal, TICKET_STATES, Ticket, Told,
};
use crate::error::Problem;
use crate::plan::workspace_currency;
use crate::register::checked_line;
use crate::{Actor, App};

/// Longest name or subject, in characters.
const LINE: usize = 300;

/// Something that was told, as it is kept.
pub(super) enum Row {
    Ticket(Ticket, Times),
    Integration(Integration),
    Quality(Quality),
    Movement(Movement),
    Renewal(Renewal),
}

/// What was told, as it is kept; none where something is wrong with it.
pub(super) fn checked(
    app: &App,
    actor: &Actor,
    id: AccountId,
    told: Told,
    problems: &mut Vec<Problem>,
) -> Option<Row> {
    let before = problems.len();
    let row = match told {
        Told::Ticket { external_id, subject, severity, status, opened_at, solved_at } => {
            let times = Times { opened: opened_at.is_some(), solved: solved_at.is_some() };
            let now = app.clock.now();
            let opened_at = opened_at.unwrap_or(now);
            not_ahead(app, "opened_at", opened_at, problems);
            let status = one_of("status", &status, &TICKET_STATES, problems);
            let solved_at = (status == "solved").then(|| solved_at.unwrap_or(now));
            if let Some(at) = solved_at {
                not_ahead(app, "solved_at", at, problems);
                if times.opened && times.solved && at < opened_at {
                    problems.push(Problem::new("solved_at", "lies before it was opened"));
                }
            }
            let one = Ticket {
                id: TicketId::fresh(&*app.ids),
                external_id: needed_line("external_id", &external_id, problems),
                subject: checked_line("subject", &subject, LINE, problems),
                severity: severity.unwrap_or(Severity::Medium),
                status,
                opened_at: opened_at.into(),
                solved_at: solved_at.map(Timestamp::from),
                reopened: 0,
            };
            Row::Ticket(one, times)
        }
        Told::Integration { name, status, failures, tests_failed, note, at } => {
            let at = at.unwrap_or_else(|| app.clock.now());
            not_ahead(app, "at", at, problems);
            Row::Integration(Integration {
                name: needed_line("name", &name, problems),
                status: one_of("status", &status, &INTEGRATION_STATES, problems),
                failures: whole("failures", failures, problems),
                tests_failed: whole("tests_failed", tests_failed, problems),
                note: checked_line("note", &note, LINE, problems),
                at: at.into(),
            })
        }
        Told::Quality { source, on, checked, wrong } => {
            let on = on.unwrap_or_else(|| app.today());
            if on > app.today() {
                problems.push(Problem::new("on", "is a day that has not come yet"));
            }
            let checked = whole("checked", checked, problems);
            let wrong = whole("wrong", wrong, problems);
            if wrong > checked {
                problems.push(Problem::new("wrong", "are more than were checked"));
            }
            Row::Quality(Quality { source: needed_line("source", &source, problems), on, checked, wrong })
        }
        Told::Movement { external_id, kind, on, amount, currency, note } => {
            let kind = one_of("kind", &kind, &MOVEMENTS, problems);
            let external_id = external_id.filter(|id| !id.trim().is_empty());
            let external_id = external_id.unwrap_or_else(|| format!("{kind} {on}"));
            Row::Movement(Movement {
                id: MovementId::fresh(&*app.ids),
                account: id,
                external_id: needed_line("external_id", &external_id, problems),
                on,
                amount: money(app, &amount, currency.as_deref(), problems),
                note: checked_line("note", &note, LINE, problems),
                kind,
                by: actor.name.clone(),
                at: app.now(),
            })
        }
        Told::Renewal { on, note } => {
            let (first, last) =
                (app.today().saturating_sub(20.years()), app.today().saturating_add(50.years()));
            if !(first..=last).contains(&on) {
                problems.push(Problem::new("on", format!("must be a day from {first} to {last}")));
            }
            Row::Renewal(Renewal {
                on,
                onboarding: None,
                note: checked_line("note", &note, LINE, problems),
                by: actor.name.clone(),
                at: app.now(),
            })
        }
    };
    (problems.len() == before).then_some(row)
}

fn needed_line(field: &'static str, text: &str, problems: &mut Vec<Problem>) -> String {
    let line = checked_line(field, text, LINE, problems);
    if line.is_empty() {
        problems.push(Problem::new(field, "is missing"));
    }
    line
}

fn one_of(field: &'static str, word: &str, known: &[&str], problems: &mut Vec<Problem>) -> String {
    let word = word.trim().to_lowercase();
    if !known.contains(&word.as_str()) {
        problems.push(Problem::new(field, format!("must be one of {}", known.join(", "))));
    }
    word
}

/// A count that is not negative, and so small that sums of many cannot overflow.
fn whole(field: &'static str, number: i64, problems: &mut Vec<Problem>) -> i64 {
    if !(0..=1_000_000_000_000).contains(&number) {
        problems.push(Problem::new(field, "must be a whole number from 0 to 1,000,000,000,000"));
    }
    number
}

fn not_ahead(app: &App, field: &'static str, at: jiff::Timestamp, problems: &mut Vec<Problem>) {
    if at > app.clock.now() {
        problems.push(Problem::new(field, "is a time that has not come yet"));
    }
}

fn money(app: &App, amount: &str, currency: Option<&str>, problems: &mut Vec<Problem>) -> Money {
    let usual = workspace_currency(&app.methodology);
    let currency = currency.map(str::trim).filter(|code| !code.is_empty());
    let currency = currency.map_or(Ok(usual), str::parse::<Currency>).unwrap_or_else(|error| {
        problems.push(Problem::new("currency", format!("cannot be used: {error}")));
        usual
    });
    let amount = Money::typed(amount, currency).filter(|amount| amount.whole() <= 1_000_000_000_000);
    amount.unwrap_or_else(|| {
        problems.push(Problem::new("amount", "must be an amount such as 1,200.50"));
        Money { minor: 0, currency }
    })
}
