//! Customers as the product knows them, and which account each of them is.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::AppError;
use gangway_app::account::book;
use gangway_app::identity::Session;
use gangway_app::usage::group::{self, Group, Which};
use gangway_domain::ids::{AccountId, UsageGroupId};
use gangway_domain::permission::Action;
use gangway_store::account::list::Query;
use jiff::tz::TimeZone;

use super::pages;
use super::seen::group_name;
use crate::Web;
use crate::extract::{Answer, Asked, Posted, named};
use crate::form::{Wrong, answered};
use crate::format::{Moment, moment};
use crate::pages::{Frame, Nav, Tab, Toast, render};

pub(super) const PATH: &str = "/adoption/customers";

/// Customers on a page.
const SHOWN: u32 = 50;

#[derive(Template)]
#[template(path = "pages/usage/customers.html")]
struct Page {
    frame: Frame,
    pages: Vec<Tab>,
    lines: Vec<Line>,
    only_unmatched: bool,
    may_edit: bool,
    may_connect: bool,
    next: String,
    wrong: Wrong,
}

struct Line {
    id: String,
    name: String,
    external_id: String,
    /// Name and address of its account.
    account: Option<(String, String)>,
    by: &'static str,
    users: i64,
    last: Moment,
    version: i64,
    /// Nobody says which customer these users belong to: there is nothing to match.
    nobodys: bool,
}

/// The customers.
pub(crate) async fn show(Asked(web, session, (), values): Asked) -> Answer {
    let said = match values.text("said").as_str() {
        "assigned" => "Saved. What it did counts for the account, the past included.",
        _ => "",
    };
    let asked = Wanted {
        only_unmatched: values.text("which") == "unmatched",
        after: values.text("after").parse().ok(),
    };
    page(&web, &session, &asked, said, Wrong::default(), StatusCode::OK).await
}

/// What an address asks for.
#[derive(Default)]
struct Wanted {
    only_unmatched: bool,
    after: Option<UsageGroupId>,
}

/// Says which account a customer of the product is; an empty name takes it away.
pub(crate) async fn assign(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id: UsageGroupId = named("customer of the product", &id)?;
    let account = account_of(&web, &session, fields.text("account").trim()).await;
    let done = match account {
        Ok(account) => group::assign(&web.app, &session.actor, id, Some(fields.version()), account).await,
        Err(error) => Err(error),
    };
    answered(
        done,
        |_| Redirect::to(&format!("{PATH}?said=assigned")).into_response(),
        |status, wrong| async move { page(&web, &session, &Wanted::default(), "", wrong, status).await },
    )
    .await
}

/// The account somebody typed: its id, or its name as it is listed.
async fn account_of(web: &Web, session: &Session, text: &str) -> Result<Option<AccountId>, AppError> {
    if text.is_empty() {
        return Ok(None);
    }
    if let Ok(id) = text.parse() {
        return Ok(Some(id));
    }
    let query = Query { search: Some(text.to_owned()), limit: SHOWN, ..Query::default() };
    let (found, _) = book::list(&web.app, &session.actor, query).await?;
    let exact = found.iter().find(|line| line.name.to_lowercase() == text.to_lowercase());
    match (exact, found.as_slice()) {
        (Some(line), _) => Ok(Some(line.id)),
        (None, [line]) => Ok(Some(line.id)),
        (None, others) => {
            let why = match others {
                [] => "is none of this workspace",
                _ => "may be one of several: write its whole name",
            };
            Err(AppError::Refusal(format!("the account “{text}” {why}")))
        }
    }
}

async fn page(
    web: &Web,
    session: &Session,
    asked: &Wanted,
    said: &str,
    wrong: Wrong,
    status: StatusCode,
) -> Answer {
    let which = if asked.only_unmatched { Which::Unmatched } else { Which::All };
    let (groups, more) = group::list(&web.app, &session.actor, which, asked.after, SHOWN).await?;
    let zone = &web.app.time_zone;
    let last = groups.last().filter(|_| more).map(|group| group.id);
    let only = if asked.only_unmatched { "which=unmatched&" } else { "" };
    let page = Page {
        frame: Frame::of(session, Nav::Adoption, "Customers in the product")
            .live(["usage"])
            .saying(Toast::of(said)),
        pages: pages(PATH),
        lines: groups.into_iter().map(|group| Line::new(group, zone)).collect(),
        only_unmatched: asked.only_unmatched,
        may_edit: session.actor.may(Action::EditAccounts),
        may_connect: session.actor.may(Action::ManageIntegrations),
        next: last.map(|id| format!("{PATH}?{only}after={id}")).unwrap_or_default(),
        wrong,
    };
    Ok(render(status, &page))
}

impl Line {
    fn new(group: Group, zone: &TimeZone) -> Self {
        let name = group_name(&group.name, &group.external_id);
        let account = group.account.map(|id| {
            (group.account_name.clone().unwrap_or_else(|| id.to_string()), format!("/accounts/{id}/usage"))
        });
        Self {
            id: group.id.to_string(),
            nobodys: group.external_id.is_empty(),
            external_id: group.external_id,
            by: match group.matched_by.as_deref() {
                Some("external-id") => "by the same id",
                Some("domain") => "by the domain of mail addresses",
                Some("name") => "by the same name",
                Some(_) => "by a person",
                None => "",
            },
            users: group.users,
            last: moment(group.last_at, zone),
            version: group.version,
            account,
            name,
        }
    }
}
