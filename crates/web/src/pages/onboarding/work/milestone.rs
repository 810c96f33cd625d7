//! One milestone or gate: what must be true, what is missing, and passing or waiving it.

use askama::Template;
use axum::http::StatusCode;
use gangway_app::work::{self, MilestoneSight};
use gangway_domain::ids::{MilestoneId, TaskId};
use gangway_domain::permission::Action;
use gangway_domain::work::Verdict;

use super::belongs;
use super::said::toast;
use super::talk::TalkView;
use crate::extract::{Answer, Asked, named};
use crate::format::Day;
use crate::pages::onboarding::evidence::evidence;
use crate::pages::onboarding::read_id;
use crate::pages::onboarding::top::{Top, is_over};
use crate::pages::{Frame, render};

#[derive(Template)]
#[template(path = "pages/onboarding/work/milestone.html")]
struct Page {
    frame: Frame,
    top: Top,
    here: String,
    revision: i64,
    code: String,
    name: String,
    gate: bool,
    state: (&'static str, &'static str),
    planned: Day,
    due: Day,
    agreed: Option<Day>,
    reached: Option<Day>,
    waived: Option<(String, Day, String)>,
    criteria: Vec<Criterion>,
    /// What must be done before: its name, and where it is.
    waits_for: Vec<(String, String)>,
    is_open: bool,
    /// Who answers for it; empty where only other milestones lead to it.
    who: String,
    talk: TalkView,
    today: String,
    may_change: bool,
    may_waive: bool,
}

struct Criterion {
    text: String,
    state: (&'static str, &'static str),
    /// Who said so, and when.
    said: Option<(String, Day)>,
    /// No rule can tell: a person says it.
    asks: bool,
    met: bool,
    /// Where what its rule asks for comes to be: the page's name, its address.
    place: Option<(&'static str, String)>,
}

/// One milestone.
pub(crate) async fn show(Asked(web, session, (id, milestone), values): Asked<(String, String)>) -> Answer {
    let id = read_id(id)?;
    let milestone: MilestoneId = named("milestone", &milestone)?;
    let sight = work::milestone(&web.app, &session.actor, milestone).await?;
    belongs(&sight.head, id, "milestone", milestone)?;
    work::seen(&web.app, &session.actor, &milestone.to_string()).await?;
    let MilestoneSight { head, revision, milestone: one, facts, check, waits, answer, talk, today } = sight;
    let top = Top::new(&session, &head, "/plan");
    let runs = session.actor.may(Action::RunOnboarding) && !is_over(&head);
    let is_open = check.is_open();
    let rule_of = |text: &str| {
        let known = one.criteria.iter().find(|criterion| criterion.text == text);
        known.and_then(|criterion| criterion.rule.as_deref())
    };
    let criteria = check.criteria.into_iter().map(|known| Criterion {
        state: match (known.verdict, known.is_met()) {
            (_, true) => ("Met", "done"),
            (Verdict::Unknown, false) => ("To confirm", "soon"),
            (_, false) => ("Not met", "late"),
        },
        met: known.is_met(),
        asks: known.verdict == Verdict::Unknown,
        said: known.said.map(|said| (said.by, said.on.into())),
        place: rule_of(&known.text).and_then(|rule| evidence(rule, &top)),
        text: known.text,
    });
    let criteria: Vec<Criterion> = criteria.collect();
    let page = Page {
        frame: top.frame(&session, &one.name).saying(toast(&values)),
        here: top.to(&format!("/milestones/{milestone}")),
        revision,
        state: match (one.reached_on.is_some(), one.waived.is_some(), is_open) {
            (true, ..) => ("Reached", "done"),
            (false, true, _) => ("Waived", "off"),
            (false, false, true) => ("Ready", "go"),
            (false, false, false) if one.gate => ("Closed", "soon"),
            _ => ("Ahead", ""),
        },
        gate: one.gate,
        planned: one.planned.into(),
        due: one.due.into(),
        agreed: facts.baseline.map(Day::from),
        reached: one.reached_on.map(Day::from),
        criteria,
        waits_for: waits
            .into_iter()
            .map(|(name, id)| {
                let folder = if id.parse::<TaskId>().is_ok() { "tasks" } else { "milestones" };
                (name, top.to(&format!("/{folder}/{id}")))
            })
            .collect(),
        is_open,
        who: answer.join(", "),
        talk: TalkView::new(&web, talk, milestone.to_string()),
        today: today.to_string(),
        may_change: runs,
        may_waive: runs && one.holds() && session.actor.may(Action::WaiveGates),
        waived: one.waived.map(|waived| (waived.by, waived.on.into(), waived.reason)),
        code: one.code,
        name: one.name,
        top,
    };
    Ok(render(StatusCode::OK, &page))
}
