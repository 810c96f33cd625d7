//! A champion leaves: recording it, watching it, who takes over.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::identity::Session;
use gangway_app::people::{self, Known, Lost};
use gangway_app::{AppError, Problem};
use gangway_domain::ids::{ContactId, LossId, OnboardingId};
use gangway_domain::people::Loss;
use jiff::civil::Date;

use super::person::{Back, contact_id, page};
use crate::Web;
use crate::extract::{Names, named};
use crate::form::Fields;
use crate::format::{Day, count};
use crate::pages::Choice;
use crate::pages::accounts::account::meanwhile;
use crate::pages::failure::Failure;
use crate::pages::onboarding::read_id;
use crate::pages::onboarding::top::Top;
use crate::session::Signed;

/// The loss of a champion as their page shows it.
pub(super) struct Protocol {
    /// Where it is changed.
    pub address: String,
    pub noticed: Day,
    pub tasks: String,
    pub note: String,
    pub open: bool,
    pub criteria: Vec<Line>,
    pub candidates: Vec<Choice>,
    pub successor: String,
    pub successor_href: String,
    pub version: i64,
}

/// A criterion of escalation.
pub(super) struct Line {
    pub id: String,
    pub text: String,
    pub holds: bool,
    pub from: Option<Day>,
    pub asked: bool,
}

/// A loss for the page of whoever leaves.
pub(super) fn protocol(top: &Top, lost: Lost, people: &[Known]) -> Protocol {
    let Lost { loss, criteria } = lost;
    let (open, next) = match &loss.state {
        Loss::Open { candidate, .. } => (true, *candidate),
        Loss::Closed { successor, .. } => (false, Some(*successor)),
    };
    let nobody = Choice { value: String::new(), label: "Nobody yet".to_owned(), chosen: next.is_none() };
    let others = people.iter().filter(|known| known.facts.contact != loss.contact);
    Protocol {
        address: top.to(&format!("/losses/{}", loss.id)),
        noticed: loss.noticed_on.into(),
        tasks: count(loss.tasks.len(), "task"),
        open,
        criteria: criteria
            .into_iter()
            .map(|one| Line {
                id: one.id,
                text: one.text,
                holds: one.holds,
                from: one.from.map(Day::from),
                asked: one.asked,
            })
            .collect(),
        candidates: std::iter::once(nobody)
            .chain(others.map(|known| Choice {
                value: known.facts.contact.to_string(),
                label: known.facts.name.clone(),
                chosen: Some(known.facts.contact) == next,
            }))
            .collect(),
        successor: next
            .and_then(|next| people.iter().find(|known| known.facts.contact == next))
            .map_or_else(|| "Somebody".to_owned(), |known| known.facts.name.clone()),
        successor_href: next.map(|next| top.to(&format!("/people/{next}"))).unwrap_or_default(),
        note: loss.note,
        version: loss.version,
    }
}

/// Records that a champion leaves.
pub(crate) async fn lose(
    State(web): State<Web>,
    Signed(session): Signed,
    Names((id, who)): Names<(String, String)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let (id, who) = (read_id(id)?, contact_id(&who)?);
    let made = match day(fields.text("leaves_on")) {
        Ok(leaves) => {
            people::lose(&web.app, &session.actor, id, who, leaves, fields.text("loss_note")).await.map(drop)
        }
        Err(error) => Err(error),
    };
    match made {
        Ok(()) => Ok(Redirect::to(&format!("/onboardings/{id}/people/{who}?lost")).into_response()),
        Err(error) => again(&web, &session, id, who, error).await,
    }
}

fn day(text: &str) -> Result<Option<Date>, AppError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse::<Date>()
        .map(Some)
        .map_err(|_| AppError::Invalid(vec![Problem::new("leaves_on", "is not a day")]))
}

/// Says who is meant to take over, and what people see.
pub(crate) async fn watch(
    State(web): State<Web>,
    Signed(session): Signed,
    Names((id, loss)): Names<(String, String)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let (id, loss) = (read_id(id)?, loss_id(&loss)?);
    let who = gone(&web, &session, id, loss).await?;
    let candidate = fields.text("candidate").parse::<ContactId>().ok();
    let said = fields.all("said").map(str::to_owned).collect();
    match people::watch(&web.app, &session.actor, loss, fields.version(), candidate, said).await {
        Ok(_) => Ok(Redirect::to(&format!("/onboardings/{id}/people/{who}?changed")).into_response()),
        Err(error) => again(&web, &session, id, who, error).await,
    }
}

/// Somebody took over.
pub(crate) async fn confirm(
    State(web): State<Web>,
    Signed(session): Signed,
    Names((id, loss)): Names<(String, String)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let (id, loss) = (read_id(id)?, loss_id(&loss)?);
    let who = gone(&web, &session, id, loss).await?;
    let confirmed = match fields.text("candidate").parse::<ContactId>() {
        Ok(next) => {
            people::confirm(&web.app, &session.actor, loss, fields.version(), next).await.map(|_| next)
        }
        Err(_) => Err(AppError::Refusal("say who took over".to_owned())),
    };
    match confirmed {
        Ok(next) => Ok(Redirect::to(&format!("/onboardings/{id}/people/{next}?succeeded")).into_response()),
        Err(error) => again(&web, &session, id, who, error).await,
    }
}

fn loss_id(id: &str) -> Result<LossId, AppError> {
    named("loss", id)
}

/// Whose loss it is.
async fn gone(web: &Web, session: &Session, id: OnboardingId, loss: LossId) -> Result<ContactId, AppError> {
    let all = people::losses(&web.app, &session.actor, id).await?;
    let found = all.into_iter().find(|lost| lost.loss.id == loss).map(|lost| lost.loss.contact);
    found.ok_or_else(|| AppError::NotFound { what: "loss", id: loss.to_string() })
}

/// The page of whoever leaves, with what was wrong.
pub(super) async fn again(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    who: ContactId,
    error: AppError,
) -> Result<Response, Failure> {
    let (status, losing) = meanwhile(error)?;
    page(web, session, id, who, Back::losing(losing), status).await
}
