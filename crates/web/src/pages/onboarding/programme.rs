//! The version of the programme an onboarding was made from, and its move to the one in force.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::onboarding::move_on::{self, Newer, Standing};
use gangway_domain::permission::Action;

use super::read_id;
use super::top::Top;
use crate::Web;
use crate::extract::{Answer, Asked, Posted};
use crate::format::{Moment, moment};
use crate::pages::programmes::changes::{Group, PlanChanges, groups};
use crate::pages::{Frame, Toast, render};

#[derive(Template)]
#[template(path = "pages/onboarding/programme.html")]
struct Page {
    frame: Frame,
    top: Top,
    programme: String,
    name: String,
    made_from: i64,
    version: i64,
    is_over: bool,
    may_move: bool,
    refused: Option<String>,
    newer: Option<NewerView>,
}

struct NewerView {
    number: i64,
    digest: String,
    published: Option<(String, Moment, String)>,
    groups: Vec<Group>,
    compared: bool,
    outlook: Result<Outlook, String>,
}

struct Outlook {
    changes: PlanChanges,
    verdict_before: String,
    verdict_after: String,
    tasks: [usize; 2],
}

/// Where it stands, and what a move would change.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let said = if values.text("said") == "moved" {
        "The onboarding was moved. Its plan and documents follow the newer version now."
    } else {
        ""
    };
    page(&web, &session, id, StatusCode::OK, said, None).await
}

/// Moves it, when onboarding and programme are still what was looked at.
pub(crate) async fn take(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let onboarding = read_id(id.clone())?;
    let version = fields.version();
    match move_on::take(&web.app, &session.actor, onboarding, version, fields.text("digest")).await {
        Ok(_) => Ok(Redirect::to(&format!("/onboardings/{onboarding}/programme?said=moved")).into_response()),
        Err(error @ AppError::Stale { .. }) => {
            let refused = format!("Nothing was moved: {error}. What you see below is calculated anew.");
            page(&web, &session, id, StatusCode::CONFLICT, "", Some(refused)).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn page(
    web: &Web,
    session: &Session,
    id: String,
    status: StatusCode,
    said: &'static str,
    refused: Option<String>,
) -> Answer {
    let id = read_id(id)?;
    let standing = move_on::standing(&web.app, &session.actor, id).await?;
    let Standing { head, version, programme, programme_name, made_from, newer, is_over, .. } = standing;
    let top = Top::new(session, &head, "/programme");
    let page = Page {
        frame: top.frame(session, "Programme").saying(Toast::of(said)),
        top,
        programme,
        name: programme_name,
        made_from,
        version,
        is_over,
        may_move: session.actor.may(Action::PlanOnboarding),
        refused,
        newer: newer.map(|newer| NewerView::new(web, newer)),
    };
    Ok(render(status, &page))
}

impl NewerView {
    fn new(web: &Web, newer: Newer) -> Self {
        let Newer { number, digest, published, comparison, outlook } = newer;
        Self {
            number,
            digest,
            published: published.map(|version| {
                let at = moment(version.published_at, &web.app.time_zone);
                (version.published_by, at, version.note)
            }),
            compared: comparison.is_some(),
            groups: comparison.as_ref().map(groups).unwrap_or_default(),
            outlook: outlook.map(|outlook| Outlook {
                changes: PlanChanges::new(&outlook.difference),
                verdict_before: outlook.verdict_before,
                verdict_after: outlook.verdict_after,
                tasks: outlook.tasks,
            }),
        }
    }
}
