//! What other systems tell of a customer: tickets, integrations, the quality of data, what the contract did.

use axum::Json;
use axum::extract::State;
use gangway_app::input::{self, Inputs, Kind, Mistaken, Preview, Told};
use gangway_domain::deal::Severity;
use gangway_domain::ids::MovementId;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::instant;
use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::input::JsonOf;
use crate::problem::Problem;

/// What other systems told of a customer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccountInputs)]
pub(crate) struct InputsOut {
    /// Tickets, the newest first.
    tickets: Vec<TicketOut>,
    /// Systems, by name.
    integrations: Vec<IntegrationOut>,
    /// What was measured last of each source.
    quality: Vec<QualityOut>,
    /// Everything that was measured, the latest first.
    quality_history: Vec<QualityOut>,
    /// What the monthly revenue did, the latest first.
    movements: Vec<MovementOut>,
    /// When the contract is renewed.
    #[schema(required = true)]
    renewal: Option<RenewalOut>,
    /// What the contract is worth a month.
    #[schema(required = true)]
    revenue: Option<RevenueOut>,
}

/// When a contract is renewed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ContractRenewal)]
pub(crate) struct RenewalOut {
    /// The day from which the next term runs.
    on: Date,
    /// Its deal says it, and nobody told it.
    of_deal: bool,
    /// What is known beside.
    note: String,
}

/// What a contract is worth a month.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ContractRevenue)]
pub(crate) struct RevenueOut {
    /// Now, in whole units of the currency of its movements.
    now: i64,
    /// Change within the last 90 days in percent; nothing where it was worth nothing before.
    #[schema(required = true)]
    change_percent: Option<i64>,
    /// The customer has left, and is not back.
    churned: bool,
}

/// A ticket.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupportTicket)]
pub(crate) struct TicketOut {
    /// What the support desk calls it.
    external_id: String,
    /// What it is about.
    subject: String,
    /// `low`, `medium`, `high` or `critical`.
    #[schema(value_type = String)]
    severity: Severity,
    /// `open`, `pending` or `solved`.
    status: String,
    /// When it was opened.
    opened_at: Timestamp,
    /// When it was solved.
    #[schema(required = true)]
    solved_at: Option<Timestamp>,
    /// How often it was opened again after it was solved.
    reopened: i64,
}

/// How a system stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IntegrationState)]
pub(crate) struct IntegrationOut {
    /// Which system.
    name: String,
    /// `planned`, `connected`, `live`, `failing` or `off`.
    status: String,
    /// Failures in the last seven days.
    failures: i64,
    /// Tests that failed when it was last tested.
    tests_failed: i64,
    /// What is known beside.
    note: String,
    /// When it was so.
    at: Timestamp,
}

/// How many records of a source were found wrong.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DataQuality)]
pub(crate) struct QualityOut {
    /// Which source.
    source: String,
    /// The day.
    on: Date,
    /// Records that were looked at.
    checked: i64,
    /// Of those, wrong ones.
    wrong: i64,
}

/// What the monthly revenue did.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ContractMovement)]
pub(crate) struct MovementOut {
    /// Id.
    id: String,
    /// What the other system calls it.
    external_id: String,
    /// `new`, `expansion`, `contraction`, `churn` or `reactivation`.
    kind: String,
    /// From which day.
    on: Date,
    /// By how much, in the minor unit of the currency.
    amount_minor: i64,
    /// Currency.
    currency: String,
    /// What is known beside.
    note: String,
}

impl From<Inputs> for InputsOut {
    fn from(inputs: Inputs) -> Self {
        let ticket = |one: input::Ticket| TicketOut {
            external_id: one.external_id,
            subject: one.subject,
            severity: one.severity,
            status: one.status,
            opened_at: instant(one.opened_at),
            solved_at: one.solved_at.map(instant),
            reopened: one.reopened,
        };
        let integration = |one: input::Integration| IntegrationOut {
            name: one.name,
            status: one.status,
            failures: one.failures,
            tests_failed: one.tests_failed,
            note: one.note,
            at: instant(one.at),
        };
        let quality = |one: input::Quality| QualityOut {
            source: one.source,
            on: one.on,
            checked: one.checked,
            wrong: one.wrong,
        };
        let movement = |one: input::Movement| MovementOut {
            id: one.id.to_string(),
            external_id: one.external_id,
            kind: one.kind,
            on: one.on,
            amount_minor: one.amount.minor,
            currency: one.amount.currency.to_string(),
            note: one.note,
        };
        let revenue = inputs.revenue().map(|worth| RevenueOut {
            now: worth.now,
            change_percent: worth.change_percent,
            churned: worth.churned,
        });
        let renewal = inputs.renewal.map(|one| RenewalOut {
            on: one.on,
            of_deal: one.onboarding.is_some(),
            note: one.note,
        });
        Self {
            revenue,
            renewal,
            quality_history: inputs.quality_past.into_iter().map(quality).collect(),
            tickets: inputs.tickets.into_iter().map(ticket).collect(),
            integrations: inputs.integrations.into_iter().map(integration).collect(),
            quality: inputs.quality.into_iter().map(quality).collect(),
            movements: inputs.movements.into_iter().map(movement).collect(),
        }
    }
}

/// Get what other systems told of a customer
#[utoipa::path(get, path = "/accounts/{id}/inputs", operation_id = "get_account_inputs", tag = "Health",
    params(("id" = String, Path, description = "Id of the account.", example = "acc_01900000000070008000000000000001")),
    responses((status = 200, description = "Tickets, integrations, data, contract.", body = InputsOut)))]
pub(crate) async fn get(Here(api, caller, names): Here) -> Result<Json<InputsOut>, Problem> {
    let inputs = input::of_account(&api.app, &caller.actor, names.id("account")?).await?;
    Ok(Json(inputs.into()))
}

/// Something another system tells.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "tells", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = NewAccountInput, example = json!({
    "tells": "ticket", "external_id": "T-4711", "subject": "Export fails", "severity": "high", "status": "open"
}))]
pub(crate) enum ToldIn {
    /// A ticket, new or as it is now.
    Ticket {
        /// What the support desk calls it.
        external_id: String,
        /// What it is about.
        #[serde(default)]
        subject: String,
        /// `low`, `medium`, `high` or `critical`; medium when left out.
        #[schema(value_type = Option<String>)]
        severity: Option<Severity>,
        /// `open`, `pending` or `solved`.
        status: String,
        /// When it was opened; now when left out.
        opened_at: Option<Timestamp>,
        /// When it was solved.
        solved_at: Option<Timestamp>,
    },
    /// How a system stands.
    Integration {
        /// Which.
        name: String,
        /// `planned`, `connected`, `live`, `failing` or `off`.
        status: String,
        /// Failures in the last seven days.
        #[serde(default)]
        failures: i64,
        /// Tests that failed when it was last tested.
        #[serde(default)]
        tests_failed: i64,
        /// What is known beside.
        #[serde(default)]
        note: String,
        /// When it was so; now when left out.
        at: Option<Timestamp>,
    },
    /// How many records of a source were found wrong.
    Quality {
        /// Which source.
        source: String,
        /// The day; today when left out.
        on: Option<Date>,
        /// Records that were looked at.
        checked: i64,
        /// Of those, wrong ones.
        wrong: i64,
    },
    /// What the monthly revenue did.
    Movement {
        /// What the other system calls it: told twice it is one.
        external_id: Option<String>,
        /// `new`, `expansion`, `contraction`, `churn` or `reactivation`.
        kind: String,
        /// From which day.
        on: Date,
        /// By how much each month: `1,200.50`.
        amount: String,
        /// Currency; that of the workspace when left out.
        currency: Option<String>,
        /// What is known beside.
        #[serde(default)]
        note: String,
    },
    /// When the contract is renewed.
    Renewal {
        /// The day from which the next term runs.
        on: Date,
        /// What is known beside.
        #[serde(default)]
        note: String,
    },
}

impl From<ToldIn> for Told {
    fn from(told: ToldIn) -> Self {
        match told {
            ToldIn::Ticket { external_id, subject, severity, status, opened_at, solved_at } => {
                Self::Ticket { external_id, subject, severity, status, opened_at, solved_at }
            }
            ToldIn::Integration { name, status, failures, tests_failed, note, at } => {
                Self::Integration { name, status, failures, tests_failed, note, at }
            }
            ToldIn::Quality { source, on, checked, wrong } => Self::Quality { source, on, checked, wrong },
            ToldIn::Movement { external_id, kind, on, amount, currency, note } => {
                Self::Movement { external_id, kind, on, amount, currency, note }
            }
            ToldIn::Renewal { on, note } => Self::Renewal { on, note },
        }
    }
}

/// Tell something of a customer
///
/// A ticket, how an integration stands, the quality of data, what the contract did or when it is renewed. Told twice it
/// is one.
#[utoipa::path(post, path = "/accounts/{id}/inputs", operation_id = "tell_account_input", tag = "Health",
    params(("id" = String, Path, description = "Id of the account.", example = "acc_01900000000070008000000000000001")),
    request_body(content = ToldIn),
    responses((status = 200, description = "Everything that is known now.", body = InputsOut)))]
pub(crate) async fn tell(Sent(api, caller, names, sent): Sent<ToldIn>) -> Result<Json<InputsOut>, Problem> {
    let inputs = input::tell(&api.app, &caller.actor, names.id("account")?, sent.into()).await?;
    Ok(Json(inputs.into()))
}

/// Take a movement of a contract away
#[utoipa::path(delete, path = "/accounts/{id}/movements/{movement}", operation_id = "remove_movement", tag = "Health",
    params(("id" = String, Path, description = "Id of the account.", example = "acc_01900000000070008000000000000001"),
        ("movement" = String, Path, description = "Id of the movement.", example = "mov_01900000000070008000000000000001")),
    responses((status = 200, description = "Everything that is known now.", body = InputsOut)))]
pub(crate) async fn remove(Here(api, caller, names): Here) -> Result<Json<InputsOut>, Problem> {
    let movement: MovementId = names.second("movement")?;
    let (app, id) = (&api.app, names.id("account")?);
    let inputs = input::take_back(app, &caller.actor, id, Mistaken::Movement(movement)).await?;
    Ok(Json(inputs.into()))
}

/// Something that was told by mistake.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "forgets", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = AccountInputRemoval, example = json!({ "forgets": "ticket", "external_id": "T-4711" }))]
pub(crate) enum ForgetIn {
    /// A ticket.
    Ticket {
        /// What the support desk calls it.
        external_id: String,
    },
    /// A system.
    Integration {
        /// Which.
        name: String,
    },
    /// What was measured of a source on a day.
    Quality {
        /// Which source.
        source: String,
        /// The day.
        on: Date,
    },
    /// When the contract is renewed.
    Renewal,
}

impl From<ForgetIn> for Mistaken {
    fn from(what: ForgetIn) -> Self {
        match what {
            ForgetIn::Ticket { external_id } => Self::Ticket(external_id),
            ForgetIn::Integration { name } => Self::Integration(name),
            ForgetIn::Quality { source, on } => Self::Quality(source, on),
            ForgetIn::Renewal => Self::Renewal,
        }
    }
}

/// Take back what was told of a customer
///
/// A ticket, an integration, a measurement or the day of the renewal that was told by mistake; movements have an address
/// of their own.
#[utoipa::path(post, path = "/accounts/{id}/input-removals", operation_id = "take_back_account_input", tag = "Health",
    params(("id" = String, Path, description = "Id of the account.", example = "acc_01900000000070008000000000000001")),
    request_body(content = ForgetIn),
    responses((status = 200, description = "Everything that is known now.", body = InputsOut)))]
pub(crate) async fn forget(
    Sent(api, caller, names, sent): Sent<ForgetIn>,
) -> Result<Json<InputsOut>, Problem> {
    let inputs = input::take_back(&api.app, &caller.actor, names.id("account")?, sent.into()).await?;
    Ok(Json(inputs.into()))
}

/// A file of comma-separated values.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InputFile, example = json!({
    "kind": "movements", "csv": "account,kind,on,amount\nAcme,churn,2027-03-31,1200"
}))]
pub(crate) struct FileIn {
    /// `tickets`, `integrations`, `data-quality`, `movements` or `renewals`.
    kind: String,
    /// The file. Its first line names the columns, one of them `account`: id, id in the CRM, or name.
    csv: String,
    /// What it is called in the list of files.
    #[serde(default)]
    name: String,
}

/// What a file brought.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InputFileRead)]
pub(crate) struct BroughtOut {
    /// Lines that were taken.
    lines: usize,
    /// Customers they were about.
    accounts: usize,
}

fn kind_of(word: &str) -> Result<Kind, Problem> {
    let known = || format!("must be one of {}", Kind::ALL.map(Kind::word).join(", "));
    Kind::read(word).ok_or_else(|| Problem::field("kind", known()))
}

/// Bring a file of what another system tells
///
/// It is taken whole or not at all; the same file taken twice changes nothing.
#[utoipa::path(post, path = "/input-files", operation_id = "bring_input_file", tag = "Health",
    request_body(content = FileIn),
    responses((status = 200, description = "What it brought.", body = BroughtOut)))]
pub(crate) async fn bring(
    State(api): State<Api>,
    caller: Caller,
    JsonOf(sent): JsonOf<FileIn>,
) -> Result<Json<BroughtOut>, Problem> {
    let kind = kind_of(&sent.kind)?;
    let brought = input::bring_named(&api.app, &caller.actor, kind, &sent.name, &sent.csv).await?;
    Ok(Json(BroughtOut { lines: brought.lines, accounts: brought.accounts }))
}

/// What a file would bring.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InputFileChecked)]
pub(crate) struct CheckedOut {
    /// Lines that can be used.
    lines: usize,
    /// Customers they are about.
    accounts: usize,
    /// Lines that cannot: with any, nothing of the file is taken.
    wrong_lines: usize,
    /// The first of those.
    wrong: Vec<WrongOut>,
}

/// A line that cannot be used.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InputFileWrong)]
pub(crate) struct WrongOut {
    /// Its number in the file, the first line counted.
    line: usize,
    /// What is wrong with it.
    message: String,
}

impl From<Preview> for CheckedOut {
    fn from(seen: Preview) -> Self {
        let wrong = seen.wrong.into_iter().map(|one| WrongOut { line: one.line, message: one.message });
        Self {
            lines: seen.brings.lines,
            accounts: seen.brings.accounts,
            wrong_lines: seen.wrong_lines,
            wrong: wrong.collect(),
        }
    }
}

/// Check a file of what another system tells
///
/// Nothing of it is taken.
#[utoipa::path(post, path = "/input-file-checks", operation_id = "check_input_file", tag = "Health",
    request_body(content = FileIn),
    responses((status = 200, description = "What it would bring.", body = CheckedOut)))]
pub(crate) async fn check(
    State(api): State<Api>,
    caller: Caller,
    JsonOf(sent): JsonOf<FileIn>,
) -> Result<Json<CheckedOut>, Problem> {
    let seen = input::preview(&api.app, &caller.actor, kind_of(&sent.kind)?, &sent.csv).await?;
    Ok(Json(seen.into()))
}
