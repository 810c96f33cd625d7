//! Lists and plans as files to keep: what a filter shows, every page of it.

use axum::extract::{FromRequestParts, State};
use axum::http::Uri;
use axum::http::request::Parts;
use axum::http::uri::InvalidUri;
use gangway_app::export::{Export, Format};
use gangway_app::{account, contact, intake, onboarding, portfolio, register, work};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};

use super::account::AccountQuery;
use super::contact::ContactQuery;
use super::handoff::HandoffQuery;
use super::onboarding::OnboardingQuery;
use super::to_save;
use crate::Api;
use crate::caller::{Caller, Here};
use crate::input;
use crate::page::bad_query;
use crate::problem::{Answer, Problem};

/// What only a page of a list is asked for.
const PAGED: [&str; 2] = ["limit", "after"];

/// A list as a file: asked for as the list is, in a kind of file, and never page by page.
pub(crate) struct Exported<T> {
    asked: T,
    format: Format,
}

/// In what form.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FileQuery {
    /// `csv` or `xlsx`; csv when left out.
    #[param(example = "csv")]
    kind: Option<String>,
}

impl FileQuery {
    fn format(&self) -> Result<Format, Problem> {
        match self.kind.as_deref() {
            None | Some("csv") => Ok(Format::Csv),
            Some("xlsx") => Ok(Format::Xlsx),
            Some(_) => Err(bad_query("kind", "must be csv or xlsx".to_owned())),
        }
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Exported<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let asked = parts.uri.query().unwrap_or_default().split('&');
        let (of_file, of_list): (Vec<&str>, Vec<&str>) = asked.partition(|pair| name(pair) == "kind");
        if let Some(paged) = of_list.iter().map(|pair| name(pair)).find(|name| PAGED.contains(name)) {
            return Err(bad_query(paged, "is for pages: a file has every line".to_owned()));
        }
        let format = read::<FileQuery>(&of_file)?.format()?;
        Ok(Self { asked: read(&of_list)?, format })
    }
}

/// The name in a pair of a query.
fn name(pair: &str) -> &str {
    pair.split_once('=').map_or(pair, |(name, _)| name)
}

/// These pairs of a query.
fn read<T: DeserializeOwned>(pairs: &[&str]) -> Result<T, Problem> {
    let address = format!("/?{}", pairs.join("&")).parse::<Uri>();
    let unusable = |error: InvalidUri| bad_query("", format!("the query cannot be used: {error}"));
    input::query(&address.map_err(unusable)?)
}

impl<T: IntoParams> IntoParams for Exported<T> {
    fn into_params(place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let of_list = T::into_params(&place);
        let of_list = of_list.into_iter().filter(|parameter| !PAGED.contains(&parameter.name.as_str()));
        FileQuery::into_params(&place).into_iter().chain(of_list).collect()
    }
}

fn file(export: Export) -> Answer {
    let Export { name, media_type, bytes } = export;
    Ok(to_save(&name, media_type, bytes))
}

/// Download onboardings
///
/// The portfolio as a file: all that a filter shows, up to 50,000 lines.
#[utoipa::path(get, path = "/onboardings/export", operation_id = "export_onboardings", tag = "Onboardings",
    params(Exported<OnboardingQuery>),
    responses((status = 200, description = "The file.", content((String = "text/csv"),
        (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
pub(crate) async fn onboardings(
    State(api): State<Api>,
    caller: Caller,
    Exported { asked, format }: Exported<OnboardingQuery>,
) -> Answer {
    let (query, _) = asked.read(&api, &caller)?;
    file(portfolio::export(&api.app, &caller.actor, query, format).await?)
}

/// Download accounts
///
/// All that a filter shows, up to 50,000 lines.
#[utoipa::path(get, path = "/accounts/export", operation_id = "export_accounts", tag = "Accounts",
    params(Exported<AccountQuery>),
    responses((status = 200, description = "The file.", content((String = "text/csv"),
        (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
pub(crate) async fn accounts(
    State(api): State<Api>,
    caller: Caller,
    Exported { asked, format }: Exported<AccountQuery>,
) -> Answer {
    let (query, _) = asked.read()?;
    file(account::export(&api.app, &caller.actor, query, format).await?)
}

/// Download contacts
///
/// All that a filter shows, up to 50,000 lines.
#[utoipa::path(get, path = "/contacts/export", operation_id = "export_contacts", tag = "Contacts",
    params(Exported<ContactQuery>),
    responses((status = 200, description = "The file.", content((String = "text/csv"),
        (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
pub(crate) async fn contacts(
    State(api): State<Api>,
    caller: Caller,
    Exported { asked, format }: Exported<ContactQuery>,
) -> Answer {
    let (query, _) = asked.read()?;
    file(contact::export(&api.app, &caller.actor, query, format).await?)
}

/// Download handoffs
///
/// All that a filter shows, up to 50,000 lines.
#[utoipa::path(get, path = "/handoffs/export", operation_id = "export_handoffs", tag = "Deals",
    params(Exported<HandoffQuery>),
    responses((status = 200, description = "The file.", content((String = "text/csv"),
        (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
pub(crate) async fn handoffs(
    State(api): State<Api>,
    caller: Caller,
    Exported { asked, format }: Exported<HandoffQuery>,
) -> Answer {
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
