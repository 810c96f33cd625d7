//! The first steps of a new workspace.

use gangway_app::first_run::Steps;
use gangway_app::identity::Session;
use gangway_domain::permission::Action;

/// A first step. It ticks itself.
pub(super) struct Step {
    pub number: usize,
    pub text: &'static str,
    pub why: &'static str,
    pub href: &'static str,
    pub go: &'static str,
    pub done: bool,
}

/// The first steps somebody can take, until all are done.
pub(super) fn first_steps(session: &Session, steps: Option<Steps>) -> Vec<Step> {
    let Some(Steps { colleague, handoff, onboarding, token }) = steps else { return Vec::new() };
    let all = [
        (
            Action::ManageTeam,
            "Invite a colleague",
            "Onboarding is done by several people; each sees their part.",
            "/settings/team#invite",
            "Invite",
            colleague,
        ),
        (
            Action::HandOver,
            "Hand over a won deal",
            "Paste it as you have it: one line, a document, or what the CRM sent.",
            "/handoffs/new",
            "Paste",
            handoff,
        ),
        (
            Action::PlanOnboarding,
            "Generate its onboarding",
            "Plan, people, documents and dates, made from the deal in a second.",
            "/handoffs",
            "Generate",
            onboarding,
        ),
        (
            Action::OwnAccess,
            "Make an API token",
            "Let your CRM or a script hand over deals by itself.",
            "/settings/tokens#new",
            "Make one",
            token,
        ),
    ];
    let steps: Vec<Step> = all
        .into_iter()
        .filter(|(action, ..)| session.actor.may(*action))
        .enumerate()
        .map(|(place, (_, text, why, href, go, done))| Step { number: place + 1, text, why, href, go, done })
        .collect();
    if steps.iter().all(|step| step.done) { Vec::new() } else { steps }
}
