//! Two contacts that are one person: chosen, compared, merged.

use std::collections::BTreeSet;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::contact::{self, Preview};
use gangway_app::identity::Session;
use gangway_domain::ids::ContactId;
use gangway_domain::permission::Action;
use gangway_store::contact::{Contact, Query};

use super::read_id;
use crate::Web;
use crate::extract::{Answer, Asked, Posted};
use crate::form::Wrong;
use crate::format::count;
use crate::pages::accounts::merge::{Compare, Row, Side, overtaken, wanted};
use crate::pages::{Frame, Nav, render};

/// Contacts offered for a search.
const OFFERED: u32 = 12;

#[derive(Template)]
#[template(path = "pages/contacts/choose.html")]
struct Choose {
    frame: Frame,
    id: ContactId,
    name: String,
    search: String,
    offered: Vec<Contact>,
}

/// Whom to merge with, or what merging with them would do.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let id = read_id(&id)?;
    let other = values.text("with");
    if other.is_empty() {
        return choose(&web, &session, id, values.text("q")).await;
    }
    let preview = contact::preview(&web.app, &session.actor, id, read_id(&other)?).await?;
    Ok(compare(&session, preview, &BTreeSet::new(), Wrong::default(), StatusCode::OK))
}

async fn choose(web: &Web, session: &Session, id: ContactId, search: String) -> Answer {
    let (known, _) = contact::get(&web.app, &session.actor, id).await?;
    let searched = !search.trim().is_empty();
    let query = Query {
        // Without a search, colleagues are the likeliest.
        account: (!searched).then_some(known.account_id),
        search: searched.then(|| search.trim().to_owned()),
        limit: OFFERED,
        ..Query::default()
    };
    let found = contact::list(&web.app, &session.actor, &query).await?.lines;
    let page = Choose {
        frame: Frame::of(session, Nav::Contacts, format!("Merge {}", known.name)),
        id,
        name: known.name,
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
    let Preview { stays, goes, fields, moves } = preview;
    let mut consequences = vec![match moves.len() {
        0 => format!("{} takes part in no onboarding: nothing moves.", goes.name),
        parts => {
            format!("{} of {} in onboardings move to {}.", count(parts, "role"), goes.name, stays.name)
        }
    }];
    if stays.account_id != goes.account_id {
        consequences.push(format!("{} stays a contact of {}.", stays.name, stays.account));
    }
    consequences
        .push(format!("{} is no contact of its own any more. Its links lead to {}.", goes.name, stays.name));
    consequences.push("This cannot be taken back.".to_owned());
    let page = Compare {
        frame: Frame::of(session, Nav::Contacts, format!("Merge {} into {}", goes.name, stays.name)),
        place: "contacts",
        noun: "contact",
        consequences,
        stays: Side { id: stays.id.to_string(), name: stays.name, version: stays.version },
        goes: Side { id: goes.id.to_string(), name: goes.name, version: goes.version },
        rows: fields.into_iter().map(|field| Row::new(field, taken)).collect(),
        may_edit: session.actor.may(Action::EditAccounts),
        wrong,
    };
    render(status, &page)
}

/// Merges them as chosen.
pub(crate) async fn create(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let (stays, goes) = (read_id(&id)?, read_id(fields.text("goes"))?);
    let wanted = wanted(&fields, stays, goes, &["name", "title", "email", "phone", "notes"]);
    match contact::merge(&web.app, &session.actor, &wanted).await {
        Ok(_) => Ok(Redirect::to(&format!("/contacts/{stays}?said=merged")).into_response()),
        Err(error) => {
            let (status, wrong) = overtaken(error)?;
            let preview = contact::preview(&web.app, &session.actor, stays, goes).await?;
            Ok(compare(&session, preview, &wanted.take, wrong, status))
        }
    }
}

/// They are not the same: they are not named as duplicates again.
pub(crate) async fn tell_apart(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let (one, other) = (read_id(&id)?, read_id(fields.text("other"))?);
    contact::are_different(&web.app, &session.actor, one, other).await?;
    Ok(Redirect::to("/contacts/duplicates?said=apart").into_response())
}
