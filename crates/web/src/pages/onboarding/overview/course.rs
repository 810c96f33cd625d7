//! What an overview says before anything else: how the onboarding ended; or how late it is, why, and what comes next.

use gangway_app::identity::Session;
use gangway_app::transition::{self, Closing};
use gangway_app::work::{self, Sight};
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::transition::Ending;
use gangway_domain::work::{Lateness, held, lateness};
use gangway_store::onboarding::head::Head;
use gangway_store::work::ledger::Line;
use jiff::civil::Date;

use super::super::ending::clocks;
use super::{Next, days, slack};
use crate::Web;
use crate::format::{Day, count, distance, moment, thousands};
use crate::pages::failure::Failure;

/// Entries of the ledger that are looked through for what moved the go-live.
const ENTRIES: u32 = 200;

/// Reasons, and tasks that are late, that are shown.
const SHOWN: usize = 5;

/// How an onboarding ended.
pub(super) struct Ended {
    pub label: &'static str,
    pub tone: &'static str,
    pub said: String,
    /// Who closed it and when; empty for those that ended before that was kept.
    pub signed: String,
    pub clocks: Vec<(&'static str, String, String)>,
    pub lessons: String,
}

impl Ended {
    pub(super) async fn load(web: &Web, session: &Session, head: &Head) -> Result<Self, Failure> {
        let sight = transition::of_onboarding(&web.app, &session.actor, head.id).await?;
        let lessons = transition::lessons_of(&web.app, &session.actor, head.id).await?.lessons;
        let (label, tone) = outcome(sight.closing.as_ref(), &head.state);
        let signed = |closing: &Closing| {
            format!("{}, {}", closing.closed_by, moment(closing.closed_at, &web.app.time_zone).words)
        };
        Ok(Self {
            label,
            tone,
            said: sight.closing.as_ref().map(|closing| closing.said.clone()).unwrap_or_default(),
            signed: sight.closing.as_ref().map(signed).unwrap_or_default(),
            clocks: clocks(&sight.moments),
            lessons: match lessons.len() {
                0 => "No lesson was written down".to_owned(),
                many => count(many, "lesson"),
            },
        })
    }
}

/// What an ending is called, and the tone of its tag.
fn outcome(closing: Option<&Closing>, state: &OnboardingState) -> (&'static str, &'static str) {
    match (closing.map(|closing| closing.ending), state) {
        (Some(ending @ Ending::Successful), _) => (ending.label(), "done"),
        (Some(ending @ Ending::Partly), _) => (ending.label(), "soon"),
        (Some(ending @ Ending::Stopped), _) => (ending.label(), "off"),
        (None, OnboardingState::Completed) => ("Completed", "done"),
        (None, _) => ("Closed", "off"),
    }
}

/// A go-live that is late.
pub(super) struct Late {
    pub said: String,
    /// What moved it: the words of the ledger and by how much, the most first.
    pub why: Vec<(String, String)>,
    /// What should be further by today and is not; empty when nothing is.
    pub behind: String,
    /// The planned day itself has passed: nothing else is true about when it comes.
    pub is_past: bool,
}

impl Late {
    /// None when it is not late.
    pub(super) async fn load(web: &Web, session: &Session, sight: &Sight) -> Result<Option<Self>, Failure> {
        let agreed = sight.baselines.last().map(|agreed| agreed.go_live_on);
        let Some(late) = lateness(&sight.stored.plan, agreed, sight.today) else { return Ok(None) };
        let lines = work::entries_of(&web.app, &session.actor, sight, ENTRIES).await?;
        let behind = match sight.behind() {
            0 => String::new(),
            1 => "1 task or gate should be further by today than it is.".to_owned(),
            many => format!("{} tasks and gates should be further by today than they are.", thousands(many)),
        };
        Ok(Some(Self { said: said(&late), why: why(lines), behind, is_past: late.is_past }))
    }
}

fn said(late: &Lateness) -> String {
    let day = |date: Date| Day::from(date).words;
    let by = days(i32::try_from(late.days).unwrap_or(i32::MAX));
    if late.is_past {
        format!(
            "The go-live was planned for {} and has not happened: it is {by} after the promised {}.",
            day(late.planned_on),
            day(late.promised_on)
        )
    } else {
        let (planned, promised) = (day(late.planned_on), day(late.promised_on));
        format!("The go-live comes on {planned}, {by} after the promised {promised}.")
    }
}

/// What moved the go-live later and was not taken back, the most first.
fn why(lines: Vec<Line>) -> Vec<(String, String)> {
    let later = |line: &Line| (line.after.go_live - line.before.go_live).get_days();
    let mut moved: Vec<Line> =
        lines.into_iter().filter(|line| line.undone_by.is_none() && later(line) > 0).collect();
    moved.sort_by_key(|line| std::cmp::Reverse(later(line)));
    let shown = moved.into_iter().take(SHOWN);
    shown
        .map(|line| {
            let by = format!("{} later, {}", days(later(&line)), line.side.word());
            (line.summary, by)
        })
        .collect()
}

/// Tasks whose last day has passed and that nothing holds, the oldest first.
pub(super) fn overdue(sight: &Sight) -> Vec<Next> {
    let plan = &sight.stored.plan;
    let held = held(plan);
    let mut late: Vec<_> = plan
        .tasks
        .iter()
        .filter(|task| task.is_overdue(sight.today) && !held.contains_key(task.code.as_str()))
        .filter_map(|task| Some((task, sight.stored.tasks.get(&task.code)?.id)))
        .collect();
    late.sort_by_key(|(task, _)| (task.finish, task.start));
    let shown = late.into_iter().take(SHOWN).map(|(task, id)| Next {
        end: format!("/tasks/{id}"),
        name: task.name.clone(),
        who: task.assignee.as_ref().map_or_else(|| task.role.clone(), |who| who.name().to_owned()),
        side: task.side.word().to_owned(),
        start: task.start.into(),
        when: format!("was to end {}", distance(sight.today, task.finish)),
        slack: slack(task.slack),
        critical: task.critical,
        late: true,
    });
    shown.collect()
}
