//! A won deal picked from the CRM.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::crm::{self, WonDeal};
use gangway_app::crm_hook::Crm;
use gangway_app::identity::Session;
use gangway_domain::permission::Action;

use super::new::KNOWN;
use crate::Web;
use crate::extract::{Answer, Asked, Posted};
use crate::form::Wrong;
use crate::format::Day;
use crate::pages::{Frame, Nav, render};

#[derive(Template)]
#[template(path = "pages/handoffs/pick.html")]
struct Page {
    frame: Frame,
    crm: Crm,
    search: String,
    deals: Vec<Line>,
    wrong: Wrong,
    /// What the CRM must allow, for when it does not answer.
    needed: String,
    may_connect: bool,
}

struct Line {
    id: String,
    name: String,
    customer: String,
    amount: String,
    closed: Option<Day>,
    /// Where its handoff is, when it was handed over.
    handoff: Option<String>,
}

impl From<WonDeal> for Line {
    fn from(deal: WonDeal) -> Self {
        let WonDeal { id, name, customer, amount, closed_on, handoff } = deal;
        Self {
            id,
            name: if name.is_empty() { "Deal without a name".to_owned() } else { name },
            customer,
            amount: amount.map(|amount| amount.to_string()).unwrap_or_default(),
            closed: closed_on.map(Day::from),
            handoff: handoff.map(|id| format!("/handoffs/{id}")),
        }
    }
}

/// The latest won deals.
pub(crate) async fn show(Asked(web, session, crm, values): Asked<String>) -> Answer {
    let crm: Crm = crm.parse()?;
    page(&web, &session, crm, StatusCode::OK, values.text("q"), Wrong::default()).await
}

/// Hands one over.
pub(crate) async fn create(Posted(web, session, crm, fields): Posted<String>) -> Answer {
    let crm: Crm = crm.parse()?;
    match crm::pick(&web.app, &session.actor, crm, fields.text("deal")).await {
        Ok((handoff, new)) => {
            let known = if new { String::new() } else { format!("?{KNOWN}=1") };
            Ok(Redirect::to(&format!("/handoffs/{handoff}{known}")).into_response())
        }
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            page(&web, &session, crm, status, fields.text("q").to_owned(), wrong).await
        }
    }
}

async fn page(
    web: &Web,
    session: &Session,
    crm: Crm,
    status: StatusCode,
    search: String,
    wrong: Wrong,
) -> Answer {
    let (status, deals, wrong) = match crm::won(&web.app, &session.actor, crm, &search).await {
        Ok(deals) => (status, deals, wrong),
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            (status, Vec::new(), wrong)
        }
    };
    let page = Page {
        frame: Frame::of(session, Nav::Handoffs, format!("Won deals of {}", crm.label())),
        crm,
        search,
        deals: deals.into_iter().map(Line::from).collect(),
        wrong,
        needed: crm::needed(crm).join(", "),
        may_connect: session.actor.may(Action::ManageIntegrations),
    };
    Ok(render(status, &page))
}
