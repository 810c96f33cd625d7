//! What other systems tell of a customer: tickets, integrations, the quality of data, what the contract did.

use axum::Json;
use axum::extract::State;
use gangway_app::input::{self, Inputs, Kind, Told};
use gangway_domain::deal::Severity;
use gangway_domain::ids::MovementId;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::instant;
use crate::Api;
use crate::caller::{Caller, Here};
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
    /// What the monthly revenue did, the latest first.
    movements: Vec<MovementOut>,
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
    /// `new`, `expansion`, `contraction` or `churn`.
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
        Self {
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
        /// `new`, `expansion`, `contraction` or `churn`.
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
        }
    }
}

/// Tell something of a customer
///
/// A ticket, how an integration stands, the quality of data, or what the contract did. Told twice it is one.
#[utoipa::path(post, path = "/accounts/{id}/inputs", operation_id = "tell_account_input", tag = "Health",
    params(("id" = String, Path, description = "Id of the account.", example = "acc_01900000000070008000000000000001")),
    request_body(content = ToldIn),
    responses((status = 200, description = "Everything that is known now.", body = InputsOut)))]
pub(crate) async fn tell(
    Here(api, caller, names): Here,
    JsonOf(sent): JsonOf<ToldIn>,
) -> Result<Json<InputsOut>, Problem> {
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
    let inputs = input::remove_movement(&api.app, &caller.actor, names.id("account")?, movement).await?;
    Ok(Json(inputs.into()))
}

/// A file of comma-separated values.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InputFile, example = json!({
    "kind": "movements", "csv": "account,kind,on,amount\nAcme,churn,2027-03-31,1200"
}))]
pub(crate) struct FileIn {
    /// `tickets`, `integrations`, `data-quality` or `movements`.
    kind: String,
    /// The file. Its first line names the columns, one of them `account`: id, id in the CRM, or name.
    csv: String,
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
    let kind = Kind::read(&sent.kind)
        .ok_or_else(|| Problem::field("kind", "must be tickets, integrations, data-quality or movements"))?;
    let brought = input::bring(&api.app, &caller.actor, kind, &sent.csv).await?;
    Ok(Json(BroughtOut { lines: brought.lines, accounts: brought.accounts }))
}
