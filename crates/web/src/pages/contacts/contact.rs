//! One contact: how to reach them, and what they are to which onboardings.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::contact::{self, Changes};
use gangway_app::identity::Session;
use gangway_domain::ids::ContactId;
use gangway_domain::permission::Action;
use gangway_store::contact::{Contact, Part};

use super::read_id;
use crate::Web;
use crate::extract::{Answer, Asked, Posted};
use crate::form::{Wrong, answered};
use crate::format::{Moment, capital, moment};
use crate::pages::{Frame, Nav, Toast, onboarding, render};

#[derive(Template)]
#[template(path = "pages/contacts/contact.html")]
struct Page {
    frame: Frame,
    contact: Contact,
    since: Moment,
    parts: Vec<Line>,
    may_edit: bool,
    edit: Edit,
}

struct Line {
    href: String,
    customer: String,
    product: String,
    role: String,
    state: String,
    tone: &'static str,
}

/// The form that changes it, as it stands or as it was typed.
#[derive(Default)]
struct Edit {
    version: i64,
    name: String,
    title: String,
    email: String,
    phone: String,
    notes: String,
    wrong: Wrong,
}

/// What was just done, by the word in the address.
fn said(word: &str) -> &'static str {
    match word {
        "saved" => "The contact is changed.",
        "merged" => "Merged: everything of both is here.",
        _ => "",
    }
}

/// One contact. One that was merged leads to the one it became.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let known = read_id(&id)?;
    let seen = match contact::get(&web.app, &session.actor, known).await {
        Err(AppError::NotFound { what, id }) => {
            return match contact::became(&web.app, &session.actor, known).await? {
                Some(now) => Ok(Redirect::permanent(&format!("/contacts/{now}")).into_response()),
                None => Err(AppError::NotFound { what, id }.into()),
            };
        }
        outcome => outcome?,
    };
    let said = said(&values.text("said"));
    Ok(page(&web, &session, seen, None, said, StatusCode::OK))
}

/// Changes what is known of them.
pub(crate) async fn change(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(&id)?;
    let text = |name: &str| fields.text(name).to_owned();
    let some = |name: &str| Some(Some(text(name)).filter(|text| !text.trim().is_empty()));
    let changes = Changes {
        name: Some(text("name")),
        title: some("title"),
        email: some("email"),
        phone: some("phone"),
        notes: some("notes"),
        ..Changes::default()
    };
    answered(
        contact::change(&web.app, &session.actor, id, fields.version(), changes).await,
        |_| Redirect::to(&format!("/contacts/{id}?said=saved")).into_response(),
        |status, wrong| {
            let edit = Edit {
                name: text("name"),
                title: text("title"),
                email: text("email"),
                phone: text("phone"),
                notes: text("notes"),
                wrong,
                ..Edit::default()
            };
            again(&web, &session, id, edit, status)
        },
    )
    .await
}

/// The contact as it is now, with the form that came back.
async fn again(web: &Web, session: &Session, id: ContactId, edit: Edit, status: StatusCode) -> Answer {
    let seen = contact::get(&web.app, &session.actor, id).await?;
    Ok(page(web, session, seen, Some(edit), "", status))
}

fn page(
    web: &Web,
    session: &Session,
    (contact, parts): (Contact, Vec<Part>),
    edit: Option<Edit>,
    said: &'static str,
    status: StatusCode,
) -> Response {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let mut edit = edit.unwrap_or_else(|| Edit {
        name: contact.name.clone(),
        title: text(&contact.title),
        email: text(&contact.email),
        phone: text(&contact.phone),
        notes: text(&contact.notes),
        ..Edit::default()
    });
    edit.version = contact.version;
    let page = Page {
        frame: Frame::of(session, Nav::Contacts, contact.name.clone()).saying(Toast::of(said)),
        since: moment(contact.created_at, &web.app.time_zone),
        parts: parts
            .into_iter()
            .map(|part| Line {
                href: format!("/onboardings/{}", part.onboarding),
                customer: part.customer,
                product: part.product,
                role: part.role_name,
                tone: onboarding::tone(&part.state),
                state: capital(&part.state),
            })
            .collect(),
        may_edit: session.actor.may(Action::EditAccounts),
        edit,
        contact,
    };
    render(status, &page)
}
