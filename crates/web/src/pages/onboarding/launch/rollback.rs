//! Rollback: how it is done, what triggers it, what was triggered and decided.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::launch::{self, SignalStep};
use gangway_domain::ids::OnboardingId;
use gangway_domain::launch::{RollbackPlan, Seen, Signal, SignalKind, SignalState};
use gangway_domain::permission::Action;
use gangway_store::launch::Record;

use super::super::read_id;
use super::super::top::Top;
use super::{HERE, Kept, back, launch_id, tabs, toast, version};
use crate::Web;
use crate::extract::{Names, Values};
use crate::form::Fields;
use crate::format::moment;
use crate::pages::failure::Failure;
use crate::pages::{Choice, Frame, Tab, Toast, render};
use crate::session::Signed;

#[derive(Template)]
#[template(path = "pages/onboarding/launch/rollback.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    kept: Kept,
    plan: RollbackPlan,
    planned: bool,
    version: i64,
    steps: Vec<String>,
    automatic: Vec<String>,
    evaluate: Vec<String>,
    triggers: Vec<Choice>,
    signals: Vec<SignalView>,
    may_edit: bool,
}

struct SignalView {
    id: String,
    version: i64,
    trigger: String,
    observed: String,
    who: String,
    kind: &'static str,
    automatic: bool,
    word: &'static str,
    tone: &'static str,
    decided: Option<String>,
    /// What must still happen, by when.
    next: Vec<String>,
    review: Option<String>,
    raised: bool,
    to_tell: bool,
    to_review: bool,
}

/// The rollback.
pub(crate) async fn show(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(id): Names<String>,
    values: Values,
) -> Result<Response, Failure> {
    page(&web, &session, read_id(id)?, Kept::default(), toast(&values.text("said")), StatusCode::OK).await
}

/// Its plan is written down.
pub(crate) async fn plan(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(onboarding): Names<String>,
    fields: Fields,
) -> Result<Response, Failure> {
    let id = read_id(onboarding.clone())?;
    let done = launch::plan_rollback(&web.app, &session.actor, id, version(&fields), typed(&fields)).await;
    answered(&web, &session, id, &onboarding, ("plan", "saved"), fields, done.map(|_| ())).await
}

fn typed(fields: &Fields) -> RollbackPlan {
    let text = |name: &str| fields.text(name).to_owned();
    RollbackPlan {
        decider: text("decider"),
        deputy: text("deputy"),
        steps: text("steps"),
        impact: text("impact"),
        recovery: text("recovery"),
        message: text("message"),
    }
}

/// A trigger is set off, by its words or by what was seen.
pub(crate) async fn raise(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(onboarding): Names<String>,
    fields: Fields,
) -> Result<Response, Failure> {
    let id = read_id(onboarding.clone())?;
    let (app, actor) = (&web.app, &session.actor);
    let (done, said) = if fields.text("deed") == "observe" {
        let number = |name: &str| fields.text(name).trim().parse().ok();
        let seen = Seen {
            availability_percent: number("availability_percent"),
            minutes: number("minutes"),
            failing_percent: number("failing_percent"),
        };
        let made = launch::observe(app, actor, id, seen).await;
        let said = if made.as_ref().is_ok_and(|made| !made.is_empty()) { "triggered" } else { "noted" };
        (made.map(|_| ()), said)
    } else {
        let (trigger, observed) = (fields.text("trigger"), fields.text("observed"));
        (launch::raise_signal(app, actor, id, trigger, observed).await.map(|_| ()), "triggered")
    };
    answered(&web, &session, id, &onboarding, ("raise", said), fields, done).await
}

/// It is decided, people are told, it is reviewed.
pub(crate) async fn step(
    State(web): State<Web>,
    Signed(session): Signed,
    Names((onboarding, signal)): Names<(String, String)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let id = read_id(onboarding.clone())?;
    let signal = launch_id("rollback", &signal)?;
    let text = fields.text("text").to_owned();
    let step = match fields.text("step") {
        "keep" => SignalStep::Keep(text),
        "told" => SignalStep::Told,
        "review" => SignalStep::Review(text),
        _ => SignalStep::RollBack(text),
    };
    let done = launch::take_signal(&web.app, &session.actor, signal, version(&fields), step).await;
    answered(&web, &session, id, &onboarding, ("step", "saved"), fields, done.map(|_| ())).await
}

async fn answered(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    onboarding: &str,
    (deed, said): (&'static str, &str),
    fields: Fields,
    done: Result<(), AppError>,
) -> Result<Response, Failure> {
    match done {
        Ok(()) => Ok(back(onboarding, "/go-live/rollback", said)),
        Err(error) => {
            let (status, kept) = Kept::refused(deed, fields, error)?;
            page(web, session, id, kept, None, status).await
        }
    }
}

async fn page(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    kept: Kept,
    toast: Option<Toast>,
    status: StatusCode,
) -> Result<Response, Failure> {
    let sight = launch::sight(&web.app, &session.actor, id).await?;
    let top = Top::new(session, &sight.head, HERE);
    let rules = &web.app.methodology.golive;
    let choice = |kind: SignalKind| {
        move |text: &String| Choice {
            value: text.clone(),
            label: format!("{text} ({})", kind.label().to_lowercase()),
            chosen: false,
        }
    };
    let triggers = rules.rollback_automatic.iter().map(choice(SignalKind::Automatic));
    let triggers = triggers.chain(rules.rollback_evaluate.iter().map(choice(SignalKind::Evaluate)));
    let stored = sight.plan.rollback.clone();
    let page = Page {
        frame: top.frame(session, "Rollback").saying(toast),
        pages: tabs(&top, "/go-live/rollback"),
        planned: stored.is_planned(),
        plan: if kept.came_back("plan") { typed(&kept.fields) } else { stored },
        version: sight.version,
        steps: rules.rollback_steps.clone(),
        automatic: rules.rollback_automatic.clone(),
        evaluate: rules.rollback_evaluate.clone(),
        triggers: triggers.collect(),
        signals: sight.signals.iter().map(|one| view(web, one)).collect(),
        may_edit: session.actor.may(Action::RunOnboarding),
        kept,
        top,
    };
    Ok(render(status, &page))
}

fn view(web: &Web, one: &Record<Signal>) -> SignalView {
    let at = |at: jiff::Timestamp| moment(at.into(), &web.app.time_zone).words;
    let signal = &one.body;
    let mut next = Vec::new();
    let mut found = None;
    let (word, tone, decided) = match &signal.state {
        SignalState::Raised => ("Decide", "late", None),
        SignalState::Kept { reason, by, at: when } => {
            ("Stayed live", "go", Some(format!("{reason} ({by}, {})", at(*when))))
        }
        SignalState::RolledBack { reason, by, at: when, tell_by, review_by, told_at, review } => {
            if told_at.is_none() {
                next.push(format!("Tell people by {}", at(*tell_by)));
            }
            if review.is_none() {
                next.push(format!("Review it without blame by {}", at(*review_by)));
            }
            found.clone_from(review);
            ("Rolled back", "late", Some(format!("{reason} ({by}, {})", at(*when))))
        }
    };
    let (to_tell, to_review) = match &signal.state {
        SignalState::RolledBack { told_at, review, .. } => (told_at.is_none(), review.is_none()),
        SignalState::Raised | SignalState::Kept { .. } => (false, false),
    };
    SignalView {
        id: one.id.to_string(),
        version: one.version,
        trigger: signal.trigger.clone(),
        observed: signal.observed.clone(),
        who: format!("{}, {}", signal.by, at(signal.at)),
        kind: signal.kind.label(),
        automatic: signal.kind == SignalKind::Automatic,
        word,
        tone,
        decided,
        next,
        review: found,
        raised: signal.state == SignalState::Raised,
        to_tell,
        to_review,
    }
}
