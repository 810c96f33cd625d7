//! Meetings with dates and agendas, and surveys at their moments.

use jiff::civil::{Date, Weekday};

use super::calendars;
use super::dates::{every_weeks, plus_days};
use super::frame::{Frame, Ground};
use super::people::moment;
use super::{Meeting, SurveyPlan};
use crate::handoff::fill_item;
use crate::programme::MeetingTemplate;

/// Proposed start of every meeting, local time of the customer: late enough for travel, early
/// enough for every European and American time zone pair to share part of the day.
const PROPOSED_START: &str = "10:00";

/// The meetings of a programme in order of date.
pub(super) fn meetings(frame: &Frame<'_>) -> Vec<Meeting> {
    let Frame { ground: Ground { programme, cast, words, .. }, plan, .. } = frame;
    let kickoff_task = plan.tasks.iter().find(|task| task.kickoff).map(|task| task.id.as_str());
    let mut meetings: Vec<Meeting> = programme
        .meetings
        .iter()
        .filter_map(|template| {
            let (on, then) = days(template, frame)?;
            let roles: Vec<_> = template.roles.iter().map(|id| cast.role(id)).collect();
            Some(Meeting {
                id: template.id.clone(),
                title: words.fill(&template.title),
                on,
                then,
                at: PROPOSED_START.to_owned(),
                minutes: template.minutes,
                participants: template.roles.iter().map(|id| cast.label(id)).collect(),
                invite: roles.iter().filter_map(|role| role.email.clone()).collect(),
                with_customer: template.with_customer,
                purpose: words.fill(&template.purpose),
                agenda: template.agenda.iter().map(|item| fill_item(item, words)).collect(),
                kickoff: template.at.as_deref().is_some_and(|at| at == "kickoff" || Some(at) == kickoff_task),
            })
        })
        .collect();
    meetings.sort_by(|a, b| (a.on, &a.id).cmp(&(b.on, &b.id)));
    meetings
}

/// First day and further days of a meeting. A day on which not both work moves to the next on which both do.
fn days(template: &MeetingTemplate, frame: &Frame<'_>) -> Option<(Date, Vec<Date>)> {
    let Frame { ground: Ground { anchors, calendars, .. }, plan, .. } = frame;
    let joint = |day: Date| calendars::next_joint_day(&calendars.specs, day, None).unwrap_or(day);
    let Some(weeks) = template.every_weeks else {
        let at = template.at.as_deref()?;
        return Some((joint(moment(at, plan, anchors)?), Vec::new()));
    };
    let last_phase = template.until.as_deref();
    let last = plan
        .phases
        .iter()
        .filter(|phase| last_phase.is_none_or(|until| phase.id == until))
        .map(|phase| phase.finish)
        .max()
        .or_else(|| plan.phases.iter().map(|phase| phase.finish).max())?;
    let mut all: Vec<Date> = every_weeks(anchors.kickoff_on, weeks, last).into_iter().map(joint).collect();
    all.dedup();
    let first = if all.is_empty() { return None } else { all.remove(0) };
    Some((first, all))
}

/// The surveys of a programme at their moments, moved off weekends.
pub(super) fn surveys(frame: &Frame<'_>) -> Vec<SurveyPlan> {
    let Frame { ground: Ground { methodology, programme, anchors, .. }, plan, .. } = frame;
    let mut surveys: Vec<SurveyPlan> = programme
        .surveys
        .iter()
        .filter_map(|used| {
            let survey = methodology.surveys.get(&used.survey)?;
            let after = plan.tasks.iter().find(|task| task.id == used.after).map(|task| task.finish);
            let day = plus_days(after.or_else(|| moment(&used.after, plan, anchors))?, i64::from(used.days));
            let on = match day.weekday() {
                Weekday::Saturday => plus_days(day, 2),
                Weekday::Sunday => plus_days(day, 1),
                _ => day,
            };
            Some(SurveyPlan {
                survey: survey.id.clone(),
                title: survey.title.clone(),
                audience: survey.audience.clone(),
                on,
                target_response_percent: survey.target_response_percent,
                questions: survey.questions.clone(),
            })
        })
        .collect();
    surveys.sort_by(|a, b| (a.on, &a.survey).cmp(&(b.on, &b.survey)));
    surveys
}
