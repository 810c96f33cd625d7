//! From the fields of a form to changes of a plan.

use std::collections::BTreeMap;

use gangway_app::work::Begun;
use gangway_app::{Actor, App, AppError, Problem, work};
use gangway_domain::ids::OnboardingId;
use gangway_domain::plan::{CalendarSpec, ClosedSpec, HolidaySpec, LinkSpec};
use gangway_domain::programme::Side;
use gangway_domain::work::{Addition, Because, Change, Origin};
use jiff::civil::{Date, Weekday};

use super::tie;
use crate::form::Fields;

/// Fields that a page of consequences sends again.
const KNOWN: [&str; 44] = [
    "revision",
    "back",
    "one",
    "kind",
    "task",
    "on",
    "started_on",
    "because",
    "by",
    "reason",
    "name",
    "days",
    "days_was",
    "not_before",
    "not_before_was",
    "finish_by",
    "finish_by_was",
    "assignee",
    "side",
    "phase",
    "role",
    "after",
    "before",
    "from",
    "link_kind",
    "lag",
    "milestone",
    "name_was",
    "due",
    "due_was",
    "join",
    "why",
    "calendar",
    "works",
    "country",
    "holiday",
    "closed_from",
    "closed_to",
    "closed_reason",
    "template",
    "start",
    "owner_vendor",
    "owner_customer",
    "owner_joint",
];

/// Fields that say who does what each side has to do.
pub(super) const OWNERS: [(Side, &str); 3] =
    [(Side::Vendor, "owner_vendor"), (Side::Customer, "owner_customer"), (Side::Joint, "owner_joint")];

/// What a form asks for.
pub(super) struct Asked {
    pub revision: Option<i64>,
    pub changes: Vec<Change>,
    pub because: Option<Because>,
}

/// What was sent, to be sent again.
pub(super) fn again(fields: &Fields) -> Vec<(String, String)> {
    let all = |name: &'static str| fields.all(name).map(move |value| (name.to_owned(), value.to_owned()));
    KNOWN.iter().copied().chain(["answers", "met", "criterion"]).flat_map(all).collect()
}

/// Reads a form.
///
/// # Errors
/// [`AppError::Invalid`] with what is wrong, [`AppError::NotFound`] for an assignee nobody knows.
pub(super) async fn read(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    fields: &Fields,
) -> Result<Asked, AppError> {
    let (kind, tasks) = match fields.text("one").split_once(':') {
        Some((kind, task)) => (kind.to_owned(), vec![task.to_owned()]),
        None => (fields.text("kind").to_owned(), fields.all("task").map(str::to_owned).collect::<Vec<_>>()),
    };
    let mut changes = Vec::new();
    match kind.as_str() {
        // Only the days that passed are counted.
        "catch-up" => {}
        "add" => changes.push(addition(app, actor, id, fields).await?),
        "template" => changes.push(template(app, actor, id, fields).await?),
        "link" | "unlink" => changes.push(link(&kind, fields)?),
        "calendar" => changes.push(Change::Calendar { calendar: calendar(app, fields)? }),
        "target" => changes.push(Change::Target { on: day(fields, "on")? }),
        "reach" | "unreach" | "waive" | "confirm" => changes.push(gate(app, &kind, fields)?),
        "milestone" => changes.extend(milestone(fields)?),
        _ => {
            if tasks.is_empty() {
                return Err(invalid("task", "is missing: tick at least one task"));
            }
            let assignee = match kind.as_str() {
                "assign" => work::assignee(app, actor, id, fields.text("assignee")).await?,
                _ => None,
            };
            for task in tasks {
                of_task(app, &kind, task, fields, assignee.as_ref(), &mut changes)?;
            }
        }
    }
    let revision = fields.text("revision").parse().ok();
    Ok(Asked { revision, changes, because: because(fields)? })
}

fn of_task(
    app: &App,
    kind: &str,
    task: String,
    fields: &Fields,
    assignee: Option<&gangway_domain::work::Assignee>,
    changes: &mut Vec<Change>,
) -> Result<(), AppError> {
    let today = app.today();
    let text = |name: &str| fields.text(name).to_owned();
    let change = match kind {
        "start" => Change::Start { task, on: day(fields, "on")?.unwrap_or(today) },
        "finish" => {
            let started_on = day(fields, "started_on")?;
            Change::Finish { task, on: day(fields, "on")?.unwrap_or(today), started_on }
        }
        "block" => Change::Block {
            task,
            since: day(fields, "on")?.unwrap_or(today),
            because: text("because"),
            by: Some(text("by")).filter(|by| !by.is_empty()),
        },
        "unblock" => Change::Unblock { task },
        "reopen" => Change::Reopen { task },
        "skip" => Change::Skip { task, reason: text("reason") },
        "assign" => Change::Assign { task, assignee: assignee.cloned() },
        "rename" => Change::Rename { task, name: text("name") },
        "move" => Change::Move { task, not_before: day(fields, "not_before")? },
        "remove" => Change::Remove { task, join: fields.text("join") == "1" },
        // One form for days and dates: only what differs is a change.
        "replan" => {
            if fields.text("days") != fields.text("days_was") {
                changes.push(Change::SetDays { task: task.clone(), days: days(fields)? });
            }
            if fields.text("not_before") != fields.text("not_before_was") {
                changes.push(Change::Move { task: task.clone(), not_before: day(fields, "not_before")? });
            }
            if fields.text("finish_by") != fields.text("finish_by_was") {
                changes.push(Change::FinishBy { task: task.clone(), by: day(fields, "finish_by")? });
            }
            return Ok(());
        }
        _ => return Err(invalid("kind", "is no change of a plan")),
    };
    changes.push(change);
    Ok(())
}

async fn addition(app: &App, actor: &Actor, id: OnboardingId, fields: &Fields) -> Result<Change, AppError> {
    let list = |name: &'static str| -> Vec<String> {
        fields.all(name).filter(|code| !code.is_empty()).map(str::to_owned).collect()
    };
    let filled = |name: &str| Some(fields.text(name).to_owned()).filter(|text| !text.is_empty());
    let task = Addition {
        code: None,
        name: fields.text("name").to_owned(),
        side: side(fields.text("side"), "side")?,
        role: filled("role"),
        assignee: work::assignee(app, actor, id, fields.text("assignee")).await?,
        days: days(fields)?,
        not_before: day(fields, "not_before")?,
        finish_by: day(fields, "finish_by")?,
        after: list("after"),
        before: list("before"),
        phase: filled("phase"),
        origin: Origin::Person,
        checklist: Vec::new(),
    };
    Ok(Change::Add { task })
}

/// The tasks of a template.
async fn template(app: &App, actor: &Actor, id: OnboardingId, fields: &Fields) -> Result<Change, AppError> {
    let mut owners = BTreeMap::new();
    for (side, name) in OWNERS {
        if let Some(who) = work::assignee(app, actor, id, fields.text(name)).await? {
            owners.insert(side, who);
        }
    }
    let begun = Begun {
        template: fields.text("template").to_owned(),
        on: day(fields, "start")?,
        after: Some(fields.text("after").to_owned()).filter(|code| !code.is_empty()),
        owners,
    };
    work::from_template(app, actor, id, begun).await
}

fn link(kind: &str, fields: &Fields) -> Result<Change, AppError> {
    let (from, to) = (fields.text("from").to_owned(), fields.text("task").to_owned());
    if from.is_empty() {
        return Err(invalid("from", "is missing"));
    }
    Ok(match kind {
        "link" => {
            let kind = tie::read(fields.text("link_kind"));
            let kind = kind.ok_or_else(|| invalid("link_kind", "is no way to wait: use FS, SS, FF or SF"))?;
            Change::Link { link: LinkSpec { from, to, kind, lag: lag(fields)? } }
        }
        _ => Change::Unlink { from, to },
    })
}

/// Working days between two tasks; none where nothing is said.
fn lag(fields: &Fields) -> Result<i32, AppError> {
    match fields.text("lag").trim() {
        "" => Ok(0),
        text => text.parse().map_err(|_| invalid("lag", "must be a whole number of working days")),
    }
}

fn gate(app: &App, kind: &str, fields: &Fields) -> Result<Change, AppError> {
    let milestone = fields.text("milestone").to_owned();
    Ok(match kind {
        "reach" => Change::Reach { milestone, on: day(fields, "on")?.unwrap_or_else(|| app.today()) },
        "unreach" => Change::Unreach { milestone },
        "waive" => {
            Change::Waive { milestone, reason: fields.text("reason").to_owned(), on: day(fields, "on")? }
        }
        _ => Change::Confirm {
            milestone,
            criterion: fields.text("criterion").to_owned(),
            met: fields.text("met") == "1",
        },
    })
}

/// One form for name and day of a milestone: only what differs is a change.
fn milestone(fields: &Fields) -> Result<Vec<Change>, AppError> {
    let code = || fields.text("milestone").to_owned();
    let mut changes = Vec::new();
    if fields.text("name") != fields.text("name_was") {
        changes.push(Change::RenameMilestone { milestone: code(), name: fields.text("name").to_owned() });
    }
    if fields.text("due") != fields.text("due_was") {
        let on = day(fields, "due")?.ok_or_else(|| invalid("due", "is missing"))?;
        changes.push(Change::SetDue { milestone: code(), on });
    }
    Ok(changes)
}

/// Days of the week: the word in forms, the label, the day.
pub(in crate::pages::onboarding) const WEEK: [(&str, &str, Weekday); 7] = [
    ("monday", "Monday", Weekday::Monday),
    ("tuesday", "Tuesday", Weekday::Tuesday),
    ("wednesday", "Wednesday", Weekday::Wednesday),
    ("thursday", "Thursday", Weekday::Thursday),
    ("friday", "Friday", Weekday::Friday),
    ("saturday", "Saturday", Weekday::Saturday),
    ("sunday", "Sunday", Weekday::Sunday),
];

/// Most periods off in one calendar, and most days off by themselves.
const MOST_OFF: usize = 200;

/// The calendar of a party: ticked days of the week, public holidays, periods off in rows.
fn calendar(app: &App, fields: &Fields) -> Result<CalendarSpec, AppError> {
    let works: Vec<&str> = fields.all("works").collect();
    let off = WEEK.iter().filter(|(word, ..)| !works.contains(word));
    let holidays = match fields.text("country") {
        // As they are, but for those whose tick was taken away.
        "" => fields.all("holiday").map(holiday).collect::<Result<Vec<_>, _>>()?,
        "none" => Vec::new(),
        code => work::holidays(app, code).ok_or_else(|| invalid("country", "has no public holidays here"))?,
    };
    let closed = closed(fields)?;
    if holidays.len() > MOST_OFF || closed.len() > MOST_OFF {
        return Err(invalid("calendar", "has too many days off"));
    }
    let weekend = off.map(|(.., day)| *day).collect();
    Ok(CalendarSpec { id: fields.text("calendar").to_owned(), weekend, holidays, closed })
}

/// `2027-05-01 Labour Day`.
fn holiday(text: &str) -> Result<HolidaySpec, AppError> {
    let (date, name) = text.split_once(' ').unwrap_or((text, ""));
    let date = date.parse().map_err(|_| invalid("holiday", "must be a day such as 2027-01-31"))?;
    Ok(HolidaySpec { date, name: name.to_owned() })
}

/// The periods off, a row each; rows without a first day are none, and without a last one it is that day.
fn closed(fields: &Fields) -> Result<Vec<ClosedSpec>, AppError> {
    let (mut ends, mut reasons) = (fields.all("closed_to"), fields.all("closed_reason"));
    let mut found = Vec::new();
    for from in fields.all("closed_from") {
        let (to, reason) = (ends.next().unwrap_or("").trim(), reasons.next().unwrap_or("").trim());
        let day = |text: &str| {
            text.parse::<Date>().map_err(|_| invalid("period", "has a day that is none: write 2027-01-31"))
        };
        match (from.trim(), to) {
            ("", "") if reason.is_empty() => {}
            ("", _) => return Err(invalid("period", "needs its first day")),
            (from, to) => {
                if reason.chars().count() > 200 {
                    return Err(invalid("reason", "is longer than 200 characters"));
                }
                let from = day(from)?;
                let to = if to.is_empty() { from } else { day(to)? };
                found.push(ClosedSpec { from, to, reason: reason.to_owned() });
            }
        }
    }
    found.sort_by_key(|period| (period.from, period.to));
    Ok(found)
}

/// Why it is done and who answers for it, when somebody says so.
fn because(fields: &Fields) -> Result<Option<Because>, AppError> {
    let summary = fields.text("why").split_whitespace().collect::<Vec<_>>().join(" ");
    if summary.chars().count() > 300 {
        return Err(invalid("why", "is longer than 300 characters"));
    }
    match fields.text("answers") {
        "" => Ok(None),
        word => Ok(Some(Because { summary, side: side(word, "answers")? })),
    }
}

pub(super) fn side(word: &str, field: &'static str) -> Result<Side, AppError> {
    Side::read(word).ok_or_else(|| invalid(field, "is missing"))
}

fn days(fields: &Fields) -> Result<u32, AppError> {
    fields.text("days").trim().parse().map_err(|_| invalid("days", "must be a whole number of working days"))
}

fn day(fields: &Fields, name: &'static str) -> Result<Option<Date>, AppError> {
    match fields.text(name).trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| invalid(name, "must be a day such as 2027-01-31")),
    }
}

pub(super) fn invalid(field: &'static str, message: &str) -> AppError {
    AppError::Invalid(vec![Problem::new(field, message)])
}
