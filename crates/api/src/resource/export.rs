//! Lists and plans as files to keep: what a filter shows, every page of it.

use axum::extract::State;
use gangway_app::export::{Export, Format};
use gangway_app::{account, contact, intake, onboarding, portfolio, register, work};
use serde::Deserialize;
use utoipa::IntoParams;

use super::account::AccountQuery;
use super::contact::ContactQuery;
use super::handoff::HandoffQuery;
use super::onboarding::OnboardingQuery;
use super::to_save;
use crate::Api;
use crate::caller::{Caller, Here};
use crate::input::QueryOf;
use crate::page::bad_query;
use crate::problem::{Answer, Problem};

/// What kind of file.
fn format(kind: Option<&str>) -> Result<Format, Problem> {
    match kind {
        None | Some("csv") => Ok(Format::Csv),
        Some("xlsx") => Ok(Format::Xlsx),
        Some(_) => Err(bad_query("kind", "must be csv or xlsx".to_owned())),
    }
}

fn file(export: Export) -> Answer {
    let Export { name, media_type, bytes } = export;
    Ok(to_save(&name, media_type, bytes))
}

/// Which onboardings, in which order and form.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct OnboardingExport {
    /// `csv` or `xlsx`; csv when left out.
    #[param(example = "csv")]
    kind: Option<String>,
    /// Only this segment (id).
    #[param(example = "mid-market")]
    segment: Option<String>,
    /// Only `planned`, `running`, `completed` or `closed` ones; `open` for those planned or running.
    #[param(example = "running")]
    state: Option<String>,
    /// Only where customer, product or use case contains this, case ignored.
    #[param(example = "acme")]
    search: Option<String>,
    /// Only those of this person (id), of whoever asks (`me`), or of `nobody`.
    #[param(example = "me")]
    owner: Option<String>,
    /// Only those whose deal was handed over by this person (id), or by whoever asks (`me`).
    #[param(example = "me")]
    seller: Option<String>,
    /// Only those whose plan is at this stage today, as in the list.
    #[param(example = "pilot")]
    stage: Option<String>,
    /// Only those of this colour: green, amber or red.
    #[param(example = "red")]
    colour: Option<String>,
    /// Only those whose health has this status.
    #[param(example = "At risk")]
    health: Option<String>,
    /// Only those with an open signal of this severity or a graver one: low, medium, high or critical.
    #[param(example = "high")]
    signals: Option<String>,
    /// Only those whose go-live misses its target.
    late: Option<bool>,
    /// As in the list; kickoff when left out.
    #[param(example = "-late")]
    sort: Option<String>,
}

/// Download onboardings
///
/// The portfolio as a file: all that a filter shows, up to 50,000 lines.
#[utoipa::path(get, path = "/onboardings/export", operation_id = "export_onboardings", tag = "Onboardings",
    params(OnboardingExport),
    responses((status = 200, description = "The file.", content((String = "text/csv"),
        (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
pub(crate) async fn onboardings(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<OnboardingExport>,
) -> Answer {
    let OnboardingExport {
        kind,
        segment,
        state,
        search,
        owner,
        seller,
        stage,
        colour,
        health,
        signals,
        late,
        sort,
    } = query;
    let format = format(kind.as_deref())?;
    let (limit, after) = (None, None);
    let asked = OnboardingQuery {
        segment,
        state,
        search,
        owner,
        seller,
        stage,
        colour,
        health,
        signals,
        late,
        sort,
        limit,
        after,
    };
    let (query, _) = asked.read(&api, &caller)?;
    file(portfolio::export(&api.app, &caller.actor, query, format).await?)
}

/// Which accounts, in which order and form.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AccountExport {
    /// `csv` or `xlsx`; csv when left out.
    #[param(example = "csv")]
    kind: Option<String>,
    /// Only those whose name or website contains this, as in the list.
    #[param(example = "acme")]
    name: Option<String>,
    /// Only those of this industry, as it is written there.
    #[param(example = "Manufacturing")]
    industry: Option<String>,
    /// true for those with onboardings that are planned or running, false for those without.
    open: Option<bool>,
    /// As in the list; added when left out.
    #[param(example = "-activity")]
    sort: Option<String>,
}

/// Download accounts
///
/// All that a filter shows, up to 50,000 lines.
#[utoipa::path(get, path = "/accounts/export", operation_id = "export_accounts", tag = "Accounts",
    params(AccountExport),
    responses((status = 200, description = "The file.", content((String = "text/csv"),
        (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
pub(crate) async fn accounts(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<AccountExport>,
) -> Answer {
    let AccountExport { kind, name, industry, open, sort } = query;
    let format = format(kind.as_deref())?;
    let asked = AccountQuery { name, external_id: None, industry, open, sort, limit: None, after: None };
    let (query, _) = asked.read()?;
    file(account::export(&api.app, &caller.actor, query, format).await?)
}

/// Which contacts, in which order and form.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ContactExport {
    /// `csv` or `xlsx`; csv when left out.
    #[param(example = "csv")]
    kind: Option<String>,
    /// Only those found by this, as in the list.
    #[param(example = "dana")]
    search: Option<String>,
    /// Only people of this account.
    account: Option<String>,
    /// Only those with this role in an onboarding.
    role: Option<String>,
    /// As in the list; name when left out.
    #[param(example = "name")]
    sort: Option<String>,
}

/// Download contacts
///
/// All that a filter shows, up to 50,000 lines.
#[utoipa::path(get, path = "/contacts/export", operation_id = "export_contacts", tag = "Contacts",
    params(ContactExport),
    responses((status = 200, description = "The file.", content((String = "text/csv"),
        (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
pub(crate) async fn contacts(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<ContactExport>,
) -> Answer {
    let ContactExport { kind, search, account, role, sort } = query;
    let format = format(kind.as_deref())?;
    let (external_id, limit, after) = (None, None, None);
    let (query, _) = ContactQuery { search, account, external_id, role, sort, limit, after }.read()?;
    file(contact::export(&api.app, &caller.actor, query, format).await?)
}

/// Which handoffs, in which order and form.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct HandoffExport {
    /// `csv` or `xlsx`; csv when left out.
    #[param(example = "csv")]
    kind: Option<String>,
    /// Only those of this account.
    #[param(example = "acc_01900000000070008000000000000001")]
    account: Option<String>,
    /// Only where the customer's name contains this; case and accents are ignored.
    #[param(example = "acme")]
    search: Option<String>,
    /// Only those that are in `review`, `confirmed`, or have their onboarding (`made`).
    #[param(example = "review")]
    state: Option<String>,
    /// Only those handed over by this person (id), or by whoever asks (`me`).
    #[param(example = "me")]
    seller: Option<String>,
    /// As in the list; -accepted when left out.
    #[param(example = "-quality")]
    sort: Option<String>,
}

/// Download handoffs
///
/// All that a filter shows, up to 50,000 lines.
#[utoipa::path(get, path = "/handoffs/export", operation_id = "export_handoffs", tag = "Deals",
    params(HandoffExport),
    responses((status = 200, description = "The file.", content((String = "text/csv"),
        (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
pub(crate) async fn handoffs(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<HandoffExport>,
) -> Answer {
    let HandoffExport { kind, account, search, state, seller, sort } = query;
    let format = format(kind.as_deref())?;
    let asked = HandoffQuery { account, search, state, seller, sort, limit: None, after: None };
    let (query, _) = asked.read(&caller)?;
    file(intake::export(&api.app, &caller.actor, query, format).await?)
}

/// Download the package of an onboarding
///
/// All its files in one archive, made now.
#[utoipa::path(get, path = "/onboardings/{id}/package.zip", operation_id = "export_package", tag = "Onboardings",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The archive.", content((String = "application/zip")))))]
pub(crate) async fn package(Here(api, caller, names): Here) -> Answer {
    let (name, bytes) = onboarding::archive(&api.app, &caller.actor, names.id("onboarding")?).await?;
    Ok(to_save(&name, "application/zip", bytes))
}

/// Download the plan of an onboarding
///
/// Its tasks and milestones as comma-separated values, phase by phase.
#[utoipa::path(get, path = "/onboardings/{id}/plan.csv", operation_id = "export_plan", tag = "Plan",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The file.", content((String = "text/csv")))))]
pub(crate) async fn plan(Here(api, caller, names): Here) -> Answer {
    file(work::plan_file(&api.app, &caller.actor, names.id("onboarding")?).await?)
}

/// Download the register of an onboarding
///
/// Its entries as comma-separated values, the open ones first.
#[utoipa::path(get, path = "/onboardings/{id}/register.csv", operation_id = "export_register", tag = "Governance",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The file.", content((String = "text/csv")))))]
pub(crate) async fn register_entries(Here(api, caller, names): Here) -> Answer {
    file(register::entries_file(&api.app, &caller.actor, names.id("onboarding")?).await?)
}
