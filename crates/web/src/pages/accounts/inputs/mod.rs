//! What other systems and people tell of one account: support, integrations, data, the contract; and forms to add to it
//! and to correct it.

mod lines;
mod sheet;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::identity::Session;
use gangway_app::input::{self, Inputs};
use gangway_domain::ids::AccountId;
use gangway_domain::permission::Action;

use self::lines::{IntegrationLine, MovementLine, QualityLine, RenewalLine, SourceLine, TicketLine};
use self::sheet::{Choices, Sheets, mistaken, told};
use super::read_id;
use crate::Web;
use crate::extract::{Answer, Asked, Posted};
use crate::form::{Wrong, answered};
use crate::pages::{Frame, Nav, Toast, render};

pub(crate) use self::lines::{Figure, figures};

#[derive(Template)]
#[template(path = "pages/accounts/inputs/inputs.html")]
struct Page {
    frame: Frame,
    address: String,
    name: String,
    may_edit: bool,
    figures: Vec<Figure>,
    /// Open tickets by severity.
    open: Vec<(&'static str, usize)>,
    tickets: Vec<TicketLine>,
    integrations: Vec<IntegrationLine>,
    sources: Vec<SourceLine>,
    measured: Vec<QualityLine>,
    movements: Vec<MovementLine>,
    renewal: Option<RenewalLine>,
    sheets: Sheets,
    choices: Choices,
    /// What is wrong with something that belongs to no form.
    wrong: Wrong,
}

/// What was just done, by the word in the address.
fn said(word: &str) -> &'static str {
    match word {
        "saved" => "Saved.",
        "removed" => "Taken back.",
        _ => "",
    }
}

/// The page; with `correct` in its address, a form holds what is to be corrected.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let inputs = input::of_account(&web.app, &session.actor, read_id(&id)?).await?;
    let sheets = Sheets::correcting(&inputs, &values);
    let page = view(&web, &session, inputs, sheets, Wrong::default(), said(&values.text("said")));
    Ok(render(StatusCode::OK, &page))
}

/// Keeps what a form tells.
pub(crate) async fn tell(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(&id)?;
    let done = match told(&fields, &web.app.time_zone, web.app.clock.now()) {
        Ok(told) => Box::pin(input::tell(&web.app, &session.actor, id, told)).await,
        Err(error) => Err(error),
    };
    answered(
        done,
        |_| Redirect::to(&format!("/accounts/{id}/inputs?said=saved")).into_response(),
        |status, wrong| again(&web, &session, id, status, Sheets::typed(&fields, wrong), Wrong::default()),
    )
    .await
}

/// Takes back what was told by mistake.
pub(crate) async fn remove(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(&id)?;
    let done = match mistaken(&fields) {
        Ok(what) => Box::pin(input::take_back(&web.app, &session.actor, id, what)).await,
        Err(error) => Err(error),
    };
    answered(
        done,
        |_| Redirect::to(&format!("/accounts/{id}/inputs?said=removed")).into_response(),
        |status, wrong| again(&web, &session, id, status, Sheets::default(), wrong),
    )
    .await
}

/// The page as it is now, with a form that came back.
async fn again(
    web: &Web,
    session: &Session,
    id: AccountId,
    status: StatusCode,
    sheets: Sheets,
    wrong: Wrong,
) -> Answer {
    let inputs = input::of_account(&web.app, &session.actor, id).await?;
    Ok(render(status, &view(web, session, inputs, sheets, wrong, "")))
}

fn view(
    web: &Web,
    session: &Session,
    inputs: Inputs,
    sheets: Sheets,
    wrong: Wrong,
    said: &'static str,
) -> Page {
    let zone = &web.app.time_zone;
    let account = &inputs.account.account;
    let address = format!("/accounts/{}", account.id);
    let at = format!("{address}/inputs");
    Page {
        frame: Frame::of(session, Nav::Accounts, format!("Support and contract · {}", account.name))
            .live([account.id])
            .saying(Toast::of(said)),
        name: account.name.clone(),
        may_edit: session.actor.may(Action::EditAccounts),
        figures: figures(&inputs),
        open: lines::open_by_severity(&inputs),
        tickets: inputs.tickets.iter().map(|one| TicketLine::new(one, &at, inputs.today, zone)).collect(),
        integrations: inputs.integrations.iter().map(|one| IntegrationLine::new(one, &at, zone)).collect(),
        sources: lines::sources(&inputs),
        measured: inputs.quality_past.iter().map(|one| QualityLine::new(one, &at)).collect(),
        movements: inputs.movements.iter().map(|one| MovementLine::new(one, &at)).collect(),
        renewal: inputs.renewal.as_ref().map(|one| RenewalLine::new(one, &at, inputs.today)),
        choices: Choices::new(&sheets),
        address,
        sheets,
        wrong,
    }
}
