//! Meetings with dates and agendas, and surveys at their moments.

use jiff::civil::{Date, Weekday};

use super::calendars;
use super::dates::{every_weeks, plus_days};
use super::frame::{Frame, Ground};
use super::people::moment;
use super::{Meeting, SurveyPlan};
use crate::handoff::fill_item;
use crate::programme::{MeetingTemplate, Programme};

/// Proposed start of the first meeting of a day, local time of the customer, minutes after midnight: late
/// enough for travel, early enough for every European and American time zone pair to share part of the day.
const FIRST_START: u32 = 10 * 60;
/// Noon and the hour after it, left free by whatever begins after another meeting.
const NOON: [u32; 2] = [12 * 60, 13 * 60];
/// Meetings begin on the half hour.
const STEP: u32 = 30;
/// Nothing is proposed to end later.
const LAST_END: u32 = 17 * 60;

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
                at: clock(FIRST_START),
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
    one_after_the_other(&mut meetings, programme);
    meetings.sort_by(|a, b| (a.on, &a.at, &a.id).cmp(&(b.on, &b.at, &b.id)));
    meetings
}

/// Moves meetings that share a day behind each other, since the same people sit in most of them. A series
/// keeps one time, so series are placed first, the most frequent at the beginning of the day.
fn one_after_the_other(meetings: &mut [Meeting], programme: &Programme) {
    let rank = |meeting: &Meeting| {
        let place = programme.meetings.iter().position(|template| template.id == meeting.id);
        let weeks = place.and_then(|place| programme.meetings.get(place)?.every_weeks);
        (weeks.is_none(), weeks, meeting.on, place)
    };
    let mut order: Vec<usize> = (0..meetings.len()).collect();
    order.sort_by_key(|index| rank(&meetings[*index]));
    let days = |meeting: &Meeting| -> Vec<Date> {
        std::iter::once(meeting.on).chain(meeting.then.iter().copied()).collect()
    };
    // First and last minute of what stands already, with its days.
    let mut placed: Vec<(u32, u32, Vec<Date>)> = Vec::new();
    for index in order {
        let mine = days(&meetings[index]);
        let length = meetings[index].minutes;
        let mut start = FIRST_START;
        while let Some(until) = placed
            .iter()
            .filter(|(_, _, theirs)| theirs.iter().any(|day| mine.contains(day)))
            .filter(|(from, until, _)| *from < start.saturating_add(length) && start < *until)
            .map(|(_, until, _)| *until)
            .max()
        {
            start = until.div_ceil(STEP) * STEP;
            if start < NOON[1] && NOON[0] < start.saturating_add(length) {
                start = NOON[1];
            }
        }
        if start.saturating_add(length) > LAST_END {
            start = FIRST_START;
        }
        meetings[index].at = clock(start);
        placed.push((start, start.saturating_add(length), mine));
    }
}

/// `09:30`.
fn clock(minutes: u32) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// First day and further days of a meeting. A day on which not both work moves to the next on which both do.
fn days(template: &MeetingTemplate, frame: &Frame<'_>) -> Option<(Date, Vec<Date>)> {
    let Frame { ground: Ground { anchors, calendars, .. }, plan, .. } = frame;
    let joint = |day: Date| calendars::next_joint_day(&calendars.specs, day, None).unwrap_or(day);
    let Some(weeks) = template.every_weeks else {
        let at = template.at.as_deref()?;
        let first = joint(moment(at, plan, anchors)?);
        let then = if template.daily { every_day(at, first, frame) } else { Vec::new() };
        return Some((first, then));
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

/// The days after the first on which both sides work, up to the end of a task.
fn every_day(task: &str, first: Date, frame: &Frame<'_>) -> Vec<Date> {
    let Frame { ground: Ground { calendars, .. }, plan, .. } = frame;
    let Some(task) = plan.tasks.iter().find(|planned| planned.id == task) else { return Vec::new() };
    std::iter::successors(Some(first), |day| {
        calendars::next_joint_day(&calendars.specs, plus_days(*day, 1), None)
    })
    .skip(1)
    .take_while(|day| *day <= task.finish)
    .collect()
}

/// The surveys of a programme at their moments, moved off weekends.
pub(super) fn surveys(frame: &Frame<'_>) -> Vec<SurveyPlan> {
    let Frame { ground: Ground { methodology, programme, anchors, .. }, plan, .. } = frame;
    let mut surveys: Vec<SurveyPlan> = programme
        .surveys
        .iter()
        .filter_map(|used| {
            let survey = methodology.survey(programme, &used.survey)?;
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
