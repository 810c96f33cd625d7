//! Rollback: how it is done, what triggers it, what was triggered and decided.

use askama::Template;
use gangway_app::identity::Session;
use gangway_app::launch::{self, SignalStep};
use gangway_domain::ids::OnboardingId;
use gangway_domain::launch::{RollbackPlan, Seen, Signal, SignalKind, SignalState};
use gangway_domain::permission::Action;
use gangway_store::launch::Record;
use jiff::civil::Date;

use super::super::read_id;
use super::super::top::{Top, is_over};
use super::{HERE, Kept, answered, tabs};
use crate::Web;
use crate::extract::{Answer, Asked, Posted, named};
use crate::form::Fields;
use crate::format::{moment, signed};
use crate::pages::{Choice, Frame, Tab, render};

/// The end of its address.
const END: &str = "/go-live/rollback";

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
    live: Option<Date>,
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
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    page(&web, &session, read_id(id)?, Kept::opened(&values)).await
}

/// Its plan is written down.
pub(crate) async fn plan(Posted(web, session, onboarding, fields): Posted<String>) -> Answer {
    let id = read_id(onboarding)?;
    let done = launch::plan_rollback(&web.app, &session.actor, id, fields.version(), typed(&fields)).await;
    answered((id, END), ("plan", fields), done.map(|_| "saved"), |kept| page(&web, &session, id, kept)).await
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
pub(crate) async fn raise(Posted(web, session, onboarding, fields): Posted<String>) -> Answer {
    let id = read_id(onboarding)?;
    let (app, actor) = (&web.app, &session.actor);
    let done = if fields.text("deed") == "observe" {
        let number = |name: &str| fields.text(name).trim().parse().ok();
        let seen = Seen {
            availability_percent: number("availability_percent"),
            minutes: number("minutes"),
            failing_percent: number("failing_percent"),
        };
        let made = launch::observe(app, actor, id, seen).await;
        made.map(|made| if made.is_empty() { "noted" } else { "triggered" })
    } else {
        let (trigger, observed) = (fields.text("trigger"), fields.text("observed"));
        launch::raise_signal(app, actor, id, trigger, observed).await.map(|_| "triggered")
    };
    answered((id, END), ("raise", fields), done, |kept| page(&web, &session, id, kept)).await
}

/// It is decided, people are told, it is reviewed.
pub(crate) async fn step(
    Posted(web, session, (onboarding, signal), fields): Posted<(String, String)>,
) -> Answer {
    let id = read_id(onboarding)?;
    let signal = named("rollback", &signal)?;
    let text = fields.text("text").to_owned();
    let step = match fields.text("step") {
        "keep" => SignalStep::Keep(text),
        "told" => SignalStep::Told,
        "review" => SignalStep::Review(text),
        _ => SignalStep::RollBack(text),
    };
    let done = launch::take_signal(&web.app, &session.actor, signal, fields.version(), step).await;
    answered((id, END), ("step", fields), done.map(|_| "saved"), |kept| page(&web, &session, id, kept)).await
}

async fn page(web: &Web, session: &Session, id: OnboardingId, mut kept: Kept) -> Answer {
    let sight = launch::sight(&web.app, &session.actor, id).await?;
    let top = Top::new(session, &sight.head, HERE);
    let rules = &web.app.methodology.golive;
    let came_back = &kept;
    let choice = |kind: SignalKind| {
        move |text: &String| Choice {
            value: text.clone(),
            label: format!("{text} ({})", kind.label().to_lowercase()),
            chosen: came_back.text("raise", "trigger") == text,
        }
    };
    let triggers = rules.rollback_automatic.iter().map(choice(SignalKind::Automatic));
    let triggers: Vec<Choice> =
        triggers.chain(rules.rollback_evaluate.iter().map(choice(SignalKind::Evaluate))).collect();
    let stored = sight.plan.rollback.clone();
    let page = Page {
        frame: top.frame(session, "Rollback").saying(kept.toast.take()),
        pages: tabs(&top, END),
        planned: stored.is_planned(),
        plan: if kept.came_back("plan") { typed(&kept.fields) } else { stored },
        version: sight.version,
        steps: rules.rollback_steps.clone(),
        automatic: rules.rollback_automatic.clone(),
        evaluate: rules.rollback_evaluate.clone(),
        triggers,
        signals: sight.signals.iter().map(|one| view(web, one)).collect(),
        may_edit: session.actor.may(Action::RunOnboarding) && !is_over(&sight.head),
        live: sight.live_on,
        kept,
        top,
    };
    Ok(render(page.kept.status, &page))
}

fn view(web: &Web, one: &Record<Signal>) -> SignalView {
    let zone = &web.app.time_zone;
    let at = |at: jiff::Timestamp| moment(at.into(), zone).words;
    let signal = &one.body;
    let mut next = Vec::new();
    let mut found = None;
    let (word, tone, decided) = match &signal.state {
        SignalState::Raised => ("Decide", "late", None),
        SignalState::Kept { reason, by, at: when } => {
            ("Stayed live", "go", Some(format!("{reason} ({})", signed(by, *when, zone))))
        }
        SignalState::RolledBack { reason, by, at: when, tell_by, review_by, told_at, review } => {
            if told_at.is_none() {
                next.push(format!("Tell people by {}", at(*tell_by)));
            }
            if review.is_none() {
                next.push(format!("Review it without blame by {}", at(*review_by)));
            }
            found.clone_from(review);
            ("Rolled back", "late", Some(format!("{reason} ({})", signed(by, *when, zone))))
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
        who: signed(&signal.by, signal.at, zone),
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
