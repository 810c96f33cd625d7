//! Problems after the go-live, as the customer reports and sees them: the issues of hypercare, without what the team
//! writes to itself about them. Their clocks run from the moment somebody reports one.

use gangway_domain::launch::{Issue, IssueState, Severity};
use gangway_domain::portal::{Language, Resource, Right};
use gangway_domain::refusal::{Barrier, Fault, Told};
use gangway_domain::work::live_on;
use gangway_store::launch::{self as rows, Record};
use gangway_store::onboarding::head::Head;
use gangway_store::{Tx, work, workspace};
use jiff::civil::Date;
use serde::Serialize;

use super::letters;
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::none_of;
use crate::launch::{self, IssueDraft};
use crate::mail::{self, Letter, verbatim};
use crate::{Actor, App, Guest, register};

/// Longest line that says what is wrong, in characters.
const LONGEST_TITLE: usize = 300;

/// Longest text about it, in characters.
const LONGEST_DETAILS: usize = 4_000;

/// Problems after the go-live, as a guest sees them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IssuesPage {
    /// Whether they may report one: it is live, and the weeks of close support go on.
    pub may_report: bool,
    /// Within how long each severity is answered, the gravest first.
    pub clocks: Vec<IssueClock>,
    /// What was reported, the newest first.
    pub issues: Vec<IssueLine>,
}

/// Within how long problems of a severity are answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IssueClock {
    /// `critical`, `high`, `medium` or `low`.
    pub severity: &'static str,
    /// Calendar minutes.
    pub minutes: u32,
}

/// A problem somebody reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IssueLine {
    /// Its number, from 1.
    pub number: i64,
    /// What is wrong, one line.
    pub title: String,
    /// `critical`, `high`, `medium` or `low`.
    pub severity: &'static str,
    /// `open`, `answered` or `resolved`.
    pub state: &'static str,
    /// How people get on until it is solved; may be empty.
    pub workaround: String,
    /// Who reported it.
    pub by: String,
    /// When.
    pub on: Date,
}

/// What a guest says of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reported<'a> {
    /// What is wrong, one line.
    pub title: &'a str,
    /// More about it; may be empty.
    pub details: &'a str,
    /// How grave: `critical`, `high`, `medium` or `low`.
    pub severity: &'a str,
}

/// The problems of an onboarding.
///
/// # Errors
/// [`AppError::NotForGuest`]; or when the database fails.
#[boxed]
pub async fn guest_issues(app: &App, actor: &Actor) -> Result<IssuesPage, AppError> {
    let guest = actor.require_guest(Resource::Issue, Right::See)?;
    let mut tx = app.db.read().await?;
    let all: Vec<Record<Issue>> = rows::of_onboarding(&mut tx, guest.workspace, guest.onboarding).await?;
    let head = register::onboarding(&mut tx, actor, guest.onboarding).await?;
    let is_open = !head.state.is_over() && barred(&mut tx, guest).await?.is_none();
    let severities = app.methodology.golive.severities.iter();
    let clock = |severity: &Severity| {
        let mut known = severities.clone();
        let known = known.find(|one| one.name.eq_ignore_ascii_case(severity.word()))?;
        Some(IssueClock { severity: severity.word(), minutes: known.response_minutes })
    };
    Ok(IssuesPage {
        may_report: is_open && guest.may(Resource::Issue, Right::Do),
        clocks: Severity::ALL.iter().filter_map(clock).collect(),
        issues: all.into_iter().map(|one| line(app, one)).collect(),
    })
}

fn line(app: &App, one: Record<Issue>) -> IssueLine {
    let issue = one.body;
    IssueLine {
        number: one.number,
        severity: issue.severity.word(),
        state: match issue.state {
            IssueState::Open => "open",
            IssueState::Answered { .. } => "answered",
            IssueState::Resolved { .. } => "resolved",
        },
        on: issue.raised_at.to_zoned(app.time_zone.clone()).date(),
        title: issue.title,
        workaround: issue.workaround,
        by: issue.reported_by,
    }
}

/// Why nothing can be reported now; nothing when it can.
async fn barred(tx: &mut Tx, guest: &Guest) -> Result<Option<Barrier>, AppError> {
    let stored = work::get(tx, guest.workspace, guest.onboarding).await?;
    if stored.is_none_or(|stored| live_on(&stored.plan).is_none()) {
        return Ok(Some(Barrier::NotLive));
    }
    let launch = rows::plan(tx, guest.workspace, guest.onboarding).await?;
    let is_over = launch.is_some_and(|(plan, _)| plan.hypercare.ended.is_some());
    Ok(is_over.then_some(Barrier::HypercareOver))
}

/// Reports a problem: its clocks begin, and whoever runs the onboarding gets mail.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::Invalid`], [`AppError::TooMany`], [`AppError::Barred`] before the go-live,
/// after hypercare and when the onboarding is over; [`AppError::Overtaken`] when somebody else reported one in the same
/// moment; or when the database fails.
pub async fn report_issue(app: &App, actor: &Actor, said: Reported<'_>) -> Result<(), AppError> {
    let guest = *actor.require_guest(Resource::Issue, Right::Do)?;
    let draft = checked(actor, said)?;
    letters::counted(app, &guest, "issue")?;
    let mut tx = app.db.write().await?;
    let head = register::going(&mut tx, actor, guest.onboarding).await?;
    if let Some(barrier) = barred(&mut tx, &guest).await? {
        return Err(AppError::Barred(barrier));
    }
    let made = launch::raise_in(app, &mut tx, actor, &head, draft).await?;
    tell(app, &mut tx, actor, &head, &made).await?;
    tx.commit().await?;
    Ok(())
}

fn checked(actor: &Actor, said: Reported<'_>) -> Result<IssueDraft, AppError> {
    let mut problems = Vec::new();
    let title = said.title.split_whitespace().collect::<Vec<_>>().join(" ");
    let details = said.details.trim().to_owned();
    if title.is_empty() {
        problems.push(Problem::of("title", Fault::Missing));
    } else if title.chars().any(char::is_control) {
        problems.push(Problem::of("title", Fault::Unseen));
    } else if title.chars().count() > LONGEST_TITLE {
        problems.push(Problem::of("title", Told::from(Fault::TooLong).with("n", LONGEST_TITLE)));
    }
    if details.chars().count() > LONGEST_DETAILS {
        problems.push(Problem::of("details", Told::from(Fault::TooLong).with("n", LONGEST_DETAILS)));
    }
    let severity = said.severity.parse::<Severity>();
    if severity.is_err() {
        problems.push(Problem::of("severity", Fault::Missing));
    }
    none_of(problems)?;
    Ok(IssueDraft {
        title,
        details,
        severity: severity.map_err(|_| AppError::missing("severity", said.severity))?,
        area: String::new(),
        workaround: String::new(),
        reported_by: actor.name.clone(),
    })
}

/// Tells whoever runs the onboarding by mail (the address for help where nobody does), with the time until which it is to be answered.
async fn tell(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    made: &Record<Issue>,
) -> Result<(), AppError> {
    let Some(to) = mail::answered_by(tx, actor.workspace, head.id).await? else { return Ok(()) };
    let vendor = workspace::get(tx, actor.workspace).await?.map(|known| known.name).unwrap_or_default();
    let issue = &made.body;
    let until = issue.answer_by.to_zoned(app.time_zone.clone()).strftime("%-d %b %Y, %H:%M %Z").to_string();
    let mut text = format!(
        "{} ({}) reports a problem, {}: {}\n\nIt is to be answered by {until}.",
        verbatim(&actor.name),
        verbatim(&head.customer),
        issue.severity.label().to_lowercase(),
        verbatim(&issue.title)
    );
    if !issue.details.is_empty() {
        text.push_str(&format!("\n\n{}", verbatim(&issue.details)));
    }
    let link = app.link(&format!("/onboardings/{}/go-live/hypercare", head.id));
    let letter = Letter {
        to,
        subject: format!("{} ({}): {}", head.customer, issue.severity.label(), issue.title),
        text,
        action: Some(("Open it".to_owned(), link)),
        vendor,
        language: Language::En,
    };
    mail::send(app, tx, actor.workspace, &letter).await
}
