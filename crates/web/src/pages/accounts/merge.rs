//! Two accounts that are one: chosen, compared, merged.

use std::collections::BTreeSet;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::account::book;
use gangway_app::account::merge::{self, Preview};
use gangway_app::identity::Session;
use gangway_app::merging::{Field, Merge};
use gangway_domain::ids::AccountId;
use gangway_domain::permission::Action;
use gangway_store::account::list::{Line, Query};

use super::read_id;
use crate::Web;
use crate::extract::{Answer, Asked, Posted};
use crate::form::{Fields, Wrong, meanwhile};
use crate::format::count;
use crate::pages::{Frame, Nav, render};

/// Accounts offered for a search.
const OFFERED: u32 = 12;

#[derive(Template)]
#[template(path = "pages/accounts/choose.html")]
struct Choose {
    frame: Frame,
    address: String,
    name: String,
    search: String,
    offered: Vec<Line>,
}

/// The page of a merge, of accounts and of contacts.
#[derive(Template)]
#[template(path = "pages/accounts/merge.html")]
pub(crate) struct Compare {
    pub frame: Frame,
    pub place: &'static str,
    pub noun: &'static str,
    pub stays: Side,
    pub goes: Side,
    pub rows: Vec<Row>,
    /// What will happen, one sentence each.
    pub consequences: Vec<String>,
    pub may_edit: bool,
    pub wrong: Wrong,
}

/// One of the two.
pub(crate) struct Side {
    pub id: String,
    pub name: String,
    pub version: i64,
}

/// One field of both.
pub(crate) struct Row {
    pub name: &'static str,
    pub label: &'static str,
    pub stays: Option<String>,
    pub goes: Option<String>,
    pub differs: bool,
    /// The one that goes wins.
    pub taken: bool,
}

impl Row {
    pub(crate) fn new(field: Field, taken: &BTreeSet<String>) -> Self {
        let differs = field.differs();
        let takes =
            (differs && taken.contains(field.name)) || (field.stays.is_none() && field.goes.is_some());
        Self {
            name: field.name,
            label: field.label,
            differs,
            taken: takes,
            stays: field.stays,
            goes: field.goes,
        }
    }
}

/// Whom to merge with, or what merging with them would do.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let id = read_id(&id)?;
    let other = values.text("with");
    if other.is_empty() {
        return choose(&web, &session, id, values.text("q")).await;
    }
    let preview = merge::preview(&web.app, &session.actor, id, read_id(&other)?).await?;
    Ok(compare(&session, preview, &BTreeSet::new(), Wrong::default(), StatusCode::OK))
}

async fn choose(web: &Web, session: &Session, id: AccountId, search: String) -> Answer {
    let account = book::get(&web.app, &session.actor, id).await?.account;
    // Without a search, what begins the same is the likeliest.
    let first = account.name.split_whitespace().next().unwrap_or_default().to_owned();
    let wanted = if search.trim().is_empty() { first } else { search.trim().to_owned() };
    let query = Query { search: Some(wanted), limit: OFFERED, ..Query::default() };
    let found = book::browse(&web.app, &session.actor, query).await?.lines;
    let page = Choose {
        frame: Frame::of(session, Nav::Accounts, format!("Merge {}", account.name)),
        address: format!("/accounts/{id}"),
        name: account.name,
        search,
        offered: found.into_iter().filter(|line| line.id != id).collect(),
    };
    Ok(render(StatusCode::OK, &page))
}

fn compare(
    session: &Session,
    preview: Preview,
    taken: &BTreeSet<String>,
    wrong: Wrong,
    status: StatusCode,
) -> Response {
    let Preview { stays, goes, fields, has: _, moves } = preview;
    let number = |number: i64, noun: &str| count(usize::try_from(number).unwrap_or(0), noun);
    let (one, other) = (stays.account.name.clone(), goes.account.name.clone());
    let page = Compare {
        frame: Frame::of(session, Nav::Accounts, format!("Merge {other} into {one}")),
        place: "accounts",
        noun: "account",
        consequences: vec![
            format!(
                "{}, {} and {} of {other} move to {one}, with everything that happened.",
                number(moves.onboardings, "onboarding"),
                number(moves.handoffs, "handoff"),
                number(moves.contacts, "contact"),
            ),
            "Onboardings in lists take the name that is kept; documents already made keep theirs.".to_owned(),
            format!(
                "{other} is no account of its own any more. Its links lead to {one}, and so do later deals under its name."
            ),
            "This cannot be taken back.".to_owned(),
        ],
        stays: Side { id: stays.account.id.to_string(), name: one, version: stays.version },
        goes: Side { id: goes.account.id.to_string(), name: other, version: goes.version },
        rows: fields.into_iter().map(|field| Row::new(field, taken)).collect(),
        may_edit: session.actor.may(Action::EditAccounts),
        wrong,
    };
    render(status, &page)
}

/// What a form wants merged.
pub(crate) fn wanted<Id>(fields: &Fields, stays: Id, goes: Id, names: &[&str]) -> Merge<Id> {
    let number = |name: &str| fields.text(name).parse().unwrap_or(0);
    let (stays_version, goes_version) = (number("stays_version"), number("goes_version"));
    Merge { stays, stays_version, goes, goes_version, take: taken(fields, names) }
}

/// The fields a form lets the one that goes win.
fn taken(fields: &Fields, names: &[&str]) -> BTreeSet<String> {
    names
        .iter()
        .filter(|name| fields.text(&format!("take-{name}")) == "goes")
        .map(|name| (*name).to_owned())
        .collect()
}

/// Merges them as chosen.
pub(crate) async fn create(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let (stays, goes) = (read_id(&id)?, read_id(fields.text("goes"))?);
    let wanted = wanted(&fields, stays, goes, &["name", "industry", "country", "website", "external_id"]);
    match merge::merge(&web.app, &session.actor, &wanted).await {
        Ok(_) => Ok(Redirect::to(&format!("/accounts/{stays}?said=merged")).into_response()),
        Err(error) => {
            let (status, wrong) = overtaken(error)?;
            let preview = merge::preview(&web.app, &session.actor, stays, goes).await?;
            Ok(compare(&session, preview, &wanted.take, wrong, status))
        }
    }
}

/// What to say when either changed since it was looked at.
pub(crate) fn overtaken(error: AppError) -> Result<(StatusCode, Wrong), AppError> {
    match error {
        AppError::Stale { .. } => Ok((
            StatusCode::CONFLICT,
            Wrong::whole(
                "One of the two was changed meanwhile, and nothing was merged. Both stand here as they are now: \
                 look again, then merge.",
            ),
        )),
        error => meanwhile(error),
    }
}

/// They are not the same: they are not named as duplicates again.
pub(crate) async fn tell_apart(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let (one, other) = (read_id(&id)?, read_id(fields.text("other"))?);
    merge::are_different(&web.app, &session.actor, one, other).await?;
    Ok(Redirect::to("/accounts/duplicates?said=apart").into_response())
}
