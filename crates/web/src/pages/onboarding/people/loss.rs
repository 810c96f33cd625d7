//! A champion leaves: recording it, watching it, who takes over.
use axum::response::{IntoResponse, Redirect};
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::people::{self, Known, Lost};
use gangway_domain::ids::{ContactId, LossId, OnboardingId};
use gangway_domain::people::Loss;

use super::person::{Back, contact_id, page};
use crate::Web;
use crate::extract::{Answer, Posted, named};
use crate::form::{answered, day_or_none};
use crate::format::{Day, count};
use crate::pages::Choice;
use crate::pages::onboarding::read_id;
use crate::pages::onboarding::top::Top;

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
    let chosen = next.map(|next| next.to_string()).unwrap_or_default();
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
        candidates: std::iter::once(Choice::of("", "Nobody yet", &chosen))
            .chain(others.map(|one| Choice::of(one.facts.contact.to_string(), &one.facts.name, &chosen)))
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
pub(crate) async fn lose(Posted(web, session, (id, who), fields): Posted<(String, String)>) -> Answer {
    let (id, who) = (read_id(id)?, contact_id(&who)?);
    let made = match day_or_none("leaves_on", fields.text("leaves_on")) {
        Ok(leaves) => {
            people::lose(&web.app, &session.actor, id, who, leaves, fields.text("loss_note")).await.map(drop)
        }
        Err(error) => Err(error),
    };
    done(&web, &session, (id, who), made, |()| format!("{who}?lost")).await
}

/// Says who is meant to take over, and what people see.
pub(crate) async fn watch(Posted(web, session, (id, loss), fields): Posted<(String, String)>) -> Answer {
    let (id, loss) = (read_id(id)?, loss_id(&loss)?);
    let who = gone(&web, &session, id, loss).await?;
    let candidate = fields.text("candidate").parse::<ContactId>().ok();
    let said = fields.all("said").map(str::to_owned).collect();
    let kept = people::watch(&web.app, &session.actor, loss, fields.version(), candidate, said).await;
    done(&web, &session, (id, who), kept, |_| format!("{who}?changed")).await
}

/// Somebody took over.
pub(crate) async fn confirm(Posted(web, session, (id, loss), fields): Posted<(String, String)>) -> Answer {
    let (id, loss) = (read_id(id)?, loss_id(&loss)?);
    let who = gone(&web, &session, id, loss).await?;
    let confirmed = match fields.text("candidate").parse::<ContactId>() {
        Ok(next) => {
            people::confirm(&web.app, &session.actor, loss, fields.version(), next).await.map(|_| next)
        }
        Err(_) => Err(AppError::Refusal("say who took over".to_owned())),
    };
    done(&web, &session, (id, who), confirmed, |next| format!("{next}?succeeded")).await
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

/// On to somebody of the people, or to whoever leaves with what was wrong.
async fn done<T>(
    web: &Web,
    session: &Session,
    (id, who): (OnboardingId, ContactId),
    done: Result<T, AppError>,
    to: impl FnOnce(T) -> String,
) -> Answer {
    answered(
        done,
        |done| Redirect::to(&format!("/onboardings/{id}/people/{}", to(done))).into_response(),
        |status, losing| page(web, session, id, who, Back::losing(losing), status),
    )
    .await
}
