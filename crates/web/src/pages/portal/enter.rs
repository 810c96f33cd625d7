//! Before the portal: the page behind a link, with one button; codes; and the page when it is closed.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::identity::Secret;
use gangway_app::portal::{self, Door, Outside, Visit};
use gangway_domain::ids::WorkspaceId;
use gangway_domain::portal::Language;

use super::guest::GuestHere;
use super::{Failed, PortalFrame, spoken};
use crate::Web;
use crate::extract::{Names, Values};
use crate::form::Fields;
use crate::pages::render;
use crate::session::{self, Client};

/// In the address of the page without a portal: the workspace whose portal was closed.
const OF: &str = "of";

#[derive(Template)]
#[template(path = "pages/portal/enter.html")]
struct Page {
    frame: PortalFrame,
    secret: String,
    door: Door,
    /// A code was just sent, if there was somebody to send it to.
    sent: bool,
    /// What is wrong with the code.
    wrong: String,
}

#[derive(Template)]
#[template(path = "pages/portal/closed.html")]
struct Closed {
    frame: PortalFrame,
    title: String,
    lead: String,
    /// The workspace whose portal it was; empty where nobody knows.
    of: String,
    /// The address that was typed.
    email: String,
    /// A link was just sent, if there was somebody to send it to.
    sent: bool,
    /// What is wrong with the address.
    wrong: String,
    /// What was typed when the portal was closed already.
    typed: Vec<String>,
}

impl Closed {
    /// The page with a title and a lead, by their keys.
    fn saying(outside: Option<Outside>, asked: Language, title: &str, lead: &str) -> Self {
        let of = outside.as_ref().map(|known| known.workspace.to_string()).unwrap_or_default();
        let frame = around(outside, asked);
        let (title, lead) = (frame.say(title).to_owned(), frame.say(lead).to_owned());
        let frame = PortalFrame { title: title.clone(), ..frame };
        let (email, wrong) = (String::new(), String::new());
        Self { frame, title, lead, of, email, sent: false, wrong, typed: Vec::new() }
    }

    /// The page when no portal is open.
    fn without_portal(outside: Option<Outside>, asked: Language) -> Self {
        Self::saying(outside, asked, "enter.closed", "enter.closed_lead")
    }
}

/// The page behind a link. Opening it uses nothing up and opens nothing: mail scanners open links too. Whoever's portal
/// is open in this browser already goes on to where the link leads.
pub(crate) async fn show(
    State(web): State<Web>,
    Names(secret): Names<String>,
    inside: Option<Extension<Visit>>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    if let Some(Extension(visit)) = inside.filter(|inside| !inside.guest.peek) {
        let door = portal::door(&web.app, &Secret::from_holder(&secret)).await;
        if let Some(door) = door.ok().filter(|door| door.opens && door.access == visit.access) {
            return Ok(Redirect::to(&door.leads_to).into_response());
        }
    }
    page(&web, StatusCode::OK, secret, false, String::new(), &headers).await
}

/// Opens the portal for whoever presses the button.
pub(crate) async fn open(
    State(web): State<Web>,
    Names(secret): Names<String>,
    client: Client,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    match portal::open(&web.app, &Secret::from_holder(&secret), &client.agent).await {
        Ok(opened) => Ok(session::open_portal(&web, Some(&opened.secret), &opened.leads_to)),
        Err(AppError::LinkEnded) => {
            page(&web, StatusCode::GONE, secret, false, String::new(), &headers).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Sends a code to the address an ended link was for.
pub(crate) async fn again(
    State(web): State<Web>,
    Names(secret): Names<String>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    match portal::send_again(&web.app, &Secret::from_holder(&secret)).await {
        Ok(()) => page(&web, StatusCode::OK, secret, true, String::new(), &headers).await,
        Err(AppError::LinkEnded) => gone(&web, &secret, &headers).await,
        Err(error) => Err(error.into()),
    }
}

/// Opens the portal with a code.
pub(crate) async fn code(
    State(web): State<Web>,
    Names(secret): Names<String>,
    client: Client,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, Failed> {
    let held = Secret::from_holder(&secret);
    match portal::enter_code(&web.app, &held, fields.text("code"), &client.agent).await {
        Ok(opened) => Ok(session::open_portal(&web, Some(&opened.secret), &opened.leads_to)),
        Err(AppError::Invalid(_)) => {
            page(
                &web,
                StatusCode::UNPROCESSABLE_ENTITY,
                secret,
                true,
                "enter.code_wrong".to_owned(),
                &headers,
            )
            .await
        }
        Err(AppError::LinkEnded) => gone(&web, &secret, &headers).await,
        Err(error) => Err(error.into()),
    }
}

async fn page(
    web: &Web,
    status: StatusCode,
    secret: String,
    sent: bool,
    wrong: String,
    headers: &HeaderMap,
) -> Result<Response, Failed> {
    let door = match portal::door(&web.app, &Secret::from_holder(&secret)).await {
        Ok(door) => door,
        Err(AppError::LinkEnded) => return gone(web, &secret, headers).await,
        Err(error) => return Err(error.into()),
    };
    let frame = PortalFrame::before(&door.vendor, &door.setting, door.workspace, door.language, "");
    let title = frame.fill("enter.title", [("vendor", door.vendor.as_str())]);
    let wrong = if wrong.is_empty() { wrong } else { frame.say("enter.code_wrong").to_owned() };
    Ok(render(status, &Page { frame: PortalFrame { title, ..frame }, secret, door, sent, wrong }))
}

/// A link that works no more, in the frame of the portal it led to, where that is known.
pub(super) async fn gone(web: &Web, secret: &str, headers: &HeaderMap) -> Result<Response, Failed> {
    let outside = portal::behind_link(&web.app, &Secret::from_holder(secret)).await?;
    Ok(gone_page(outside, spoken(headers)))
}

/// The same where nobody knows whose portal it could be; in a language.
pub(super) fn gone_of_nobody(language: Language) -> Response {
    gone_page(None, language)
}

fn gone_page(outside: Option<Outside>, asked: Language) -> Response {
    render(StatusCode::GONE, &Closed::saying(outside, asked, "enter.gone", "enter.gone_way"))
}

/// Around a page where no portal is open: as the portal looked, where it is known whose it was. In the language that is
/// asked for, unless it was made for somebody.
pub(super) fn around(outside: Option<Outside>, asked: Language) -> PortalFrame {
    match outside {
        Some(Outside { vendor, setting, workspace, language }) => {
            PortalFrame::before(&vendor, &setting, workspace, language.unwrap_or(asked), "")
        }
        None => PortalFrame::bare(asked, ""),
    }
}

/// Whose portal was open in this browser: the address says it after it was closed, the cookie after it ended.
async fn left(web: &Web, values: &Values, headers: &HeaderMap) -> Result<Option<Outside>, AppError> {
    if let Ok(workspace) = values.text(OF).parse::<WorkspaceId>() {
        return portal::of_workspace(&web.app, workspace).await;
    }
    match session::guest_cookie(web, headers) {
        Some(secret) => portal::behind_cookie(&web.app, &secret).await,
        None => Ok(None),
    }
}

/// The page when no portal is open in this browser.
pub(crate) async fn closed(
    State(web): State<Web>,
    values: Values,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let outside = left(&web, &values, &headers).await?;
    Ok(render(StatusCode::OK, &Closed::without_portal(outside, spoken(&headers))))
}

/// The same as an answer to something that was sent, with what was typed.
pub(super) fn closed_page(status: StatusCode, language: Language, typed: Vec<String>) -> Response {
    render(status, &Closed { typed, ..Closed::without_portal(None, language) })
}

/// Mails a way in to an address, and says the same whether or not anybody has access under it.
pub(crate) async fn send_link(
    State(web): State<Web>,
    client: Client,
    values: Values,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, Failed> {
    let email = fields.text("email").trim().to_owned();
    let outside = left(&web, &values, &headers).await?;
    let page = Closed { email, ..Closed::without_portal(outside, spoken(&headers)) };
    match portal::send_link(&web.app, &page.email, &client.from).await {
        Ok(()) => Ok(render(StatusCode::OK, &Closed { sent: true, ..page })),
        Err(AppError::Invalid(_)) => {
            let wrong = page.frame.say("enter.link_wrong").to_owned();
            Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &Closed { wrong, ..page }))
        }
        Err(error) => Err(error.into()),
    }
}

/// Closes the portal in this browser; a colleague who looked on goes back to the team's page.
pub(crate) async fn close(
    GuestHere(web, visit, ()): GuestHere,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    if let Some(secret) = session::guest_cookie(&web, &headers) {
        portal::close(&web.app, &secret).await?;
    }
    let to = if visit.guest.peek {
        format!("/onboardings/{}/portal", visit.guest.onboarding)
    } else {
        format!("/portal/closed?{OF}={}", visit.guest.workspace)
    };
    Ok(session::open_portal(&web, None, &to))
}
