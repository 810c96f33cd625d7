//! One contact: how to reach them, and what they are to which onboardings.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::contact::{self, Changes};
use gangway_app::identity::Session;
use gangway_domain::permission::Action;
use gangway_store::contact::{Contact, Part};

use super::read_id;
use crate::Web;
use crate::extract::{Names, Values};
use crate::form::{Fields, Wrong};
use crate::format::{Moment, capital, moment};
use crate::pages::accounts::account::meanwhile;
use crate::pages::failure::Failure;
use crate::pages::{Frame, Nav, Toast, render};
use crate::session::Signed;

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
pub(crate) async fn show(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(id): Names<String>,
    values: Values,
) -> Result<Response, Failure> {
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
pub(crate) async fn change(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(id): Names<String>,
    fields: Fields,
) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let text = |name: &str| fields.text(name).to_owned();
    let some = |name: &str| Some(Some(text(name)).filter(|text| !text.trim().is_empty()));
    let changes = Changes {
        name: Some(text("name")),
        title: some("title"),
        email: some("email"),
        phone: some("phone"),
        notes: some("notes"),
    };
    let version = fields.version();
    match contact::change(&web.app, &session.actor, id, version, changes).await {
        Ok(_) => Ok(Redirect::to(&format!("/contacts/{id}?said=saved")).into_response()),
        Err(AppError::NotFound { what, id }) => Err(AppError::NotFound { what, id }.into()),
        Err(error) => {
            let (status, wrong) = meanwhile(error)?;
            let seen = contact::get(&web.app, &session.actor, id).await?;
            let edit = Edit {
                version: seen.0.version,
                name: text("name"),
                title: text("title"),
                email: text("email"),
                phone: text("phone"),
                notes: text("notes"),
                wrong,
            };
            Ok(page(&web, &session, seen, Some(edit), "", status))
        }
    }
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
                tone: match part.state.as_str() {
                    "running" => "go",
                    "completed" => "done",
                    "closed" => "off",
                    _ => "soon",
                },
                state: capital(&part.state),
            })
            .collect(),
        may_edit: session.actor.may(Action::EditAccounts),
        edit: edit.unwrap_or_else(|| Edit {
            version: contact.version,
            name: contact.name.clone(),
            title: text(&contact.title),
            email: text(&contact.email),
            phone: text(&contact.phone),
            notes: text(&contact.notes),
            ..Edit::default()
        }),
        contact,
    };
    render(status, &page)
}
