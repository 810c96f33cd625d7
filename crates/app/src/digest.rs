//! The daily mail: one a day for each person at the hour they chose, or their workspace did, when there is something to
//! say.
//!
//! A job for each workspace and hour at which somebody wants it does it, and plans the next one when it is settled; its
//! id says the minute, so that processes that plan the same round plan it once. What is sent is a row for each person
//! and day, written in the transaction that queues the mail: whatever crashes or runs twice, nobody gets two.

mod clock;
mod line;

use std::time::Duration;

use gangway_domain::digest::{Group, Item, Part, Rhythm, Wishes, grouped};
use gangway_domain::ids::{JobId, MilestoneId, PersonId, TaskId, WorkspaceId};
use gangway_domain::permission::Action;
use gangway_jobs::{Claimed, Failure, Later, Policy, Report, Work};
use gangway_store::digest as rows;
use gangway_store::job::Job;
use gangway_store::membership::{self, Member};
use gangway_store::work::{duty, mine};
use gangway_store::{Timestamp, Tx, upkeep, workspace};
use jiff::ToSpan;
use jiff::civil::Date;
use uuid::Uuid;

pub(crate) use self::clock::checked as checked_clock;
use self::clock::{Clock, checked};
use self::line::{of_entry, of_task, said};
use crate::boxed;
use crate::error::AppError;
use crate::launch::{self, LateClock};
use crate::people::{self, Untold};
use crate::{Actor, App, activity, calculate, job, mail, package, signal};

/// The kind of job that writes the mails of a workspace.
pub const JOB: &str = "digest";

/// The hour at which they are sent where nobody said another, not even the configuration.
pub const HOUR: i8 = 7;

/// Name of the template.
const TEMPLATE: &str = "digest";

/// Most lines of each kind.
const LINES: u32 = 60;

/// Days of work told ahead, today included.
const AHEAD: i64 = 7;

/// Days ahead at which gates are told.
const GATES_AHEAD: i64 = 14;

/// Mentions of so many days are told in somebody's first mail.
const FIRST: i64 = 7;

/// Longest text of a comment in the mail, in characters.
const SAID: usize = 140;

/// Last days shown to whoever asks what they got.
const SHOWN: u32 = 7;

/// Ids of these jobs begin with it, so that they can be told from any other: `digest` in ASCII.
const MARK: u128 = 0x6469_6765_7374 << 80;

/// What somebody's mail says, and when they get it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    /// How often they want it.
    pub rhythm: Rhythm,
    /// The hour at which it is sent.
    pub hour: i8,
    /// On the clock of this zone.
    pub zone: String,
    /// What of hour and zone they chose themselves.
    pub own: (Option<i8>, Option<String>),
    /// The last days on which they got one, the newest first.
    pub sent_on: Vec<Date>,
    /// What it would say now.
    pub groups: Vec<Group>,
    /// The day it was looked at.
    pub on: Date,
}

/// What the mail of whoever asks would say now, and when they get it.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever is nobody in particular; or when the database fails.
#[boxed]
pub async fn get(app: &App, actor: &Actor) -> Result<Digest, AppError> {
    actor.require(Action::Look)?;
    let person = actor.person.ok_or(AppError::Forbidden(Action::OwnAccess))?;
    let mut tx = app.db.read().await?;
    let house = Clock::of_workspace(app, &mut tx, actor.workspace).await?;
    let wishes = rows::wishes(&mut tx, actor.workspace).await?.remove(&person).unwrap_or_default();
    let clock = house.for_wishes(&wishes);
    let today = clock.today(app.clock.now());
    Ok(Digest {
        rhythm: wishes.rhythm,
        hour: clock.hour,
        zone: clock.name(),
        own: (wishes.hour, wishes.zone),
        sent_on: rows::days(&mut tx, actor.workspace, person, SHOWN).await?,
        groups: gathered(app, &mut tx, actor.workspace, person, today).await?,
        on: today,
    })
}

/// Says how often whoever asks wants the mail; the hour stays.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
pub async fn set_rhythm(app: &App, actor: &Actor, rhythm: Rhythm) -> Result<(), AppError> {
    let person = actor.person.ok_or(AppError::Forbidden(Action::OwnAccess))?;
    let mut tx = app.db.read().await?;
    let known = rows::wishes(&mut tx, actor.workspace).await?.remove(&person).unwrap_or_default();
    drop(tx);
    wish(app, actor, Wishes { rhythm, ..known }).await
}

/// Says how often and when whoever asks wants the mail.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] for an hour or a zone there is none of; or when the database fails.
#[boxed]
pub async fn wish(app: &App, actor: &Actor, wishes: Wishes) -> Result<(), AppError> {
    actor.require(Action::OwnAccess)?;
    let person = actor.person.ok_or(AppError::Forbidden(Action::OwnAccess))?;
    checked(wishes.hour, wishes.zone.as_deref())?;
    let mut tx = app.db.write().await?;
    if membership::get(&mut tx, actor.workspace, person).await?.is_none() {
        return Err(AppError::missing("member", person));
    }
    let known = rows::wishes(&mut tx, actor.workspace).await?.remove(&person).unwrap_or_default();
    if known == wishes {
        return Ok(());
    }
    rows::wish(&mut tx, actor.workspace, person, &wishes).await?;
    let clock = Clock::of_workspace(app, &mut tx, actor.workspace).await?.for_wishes(&wishes);
    let summary =
        format!("Gets the daily mail: {}, {}", wishes.rhythm.label().to_lowercase(), clock.in_words());
    activity::audit(app, &mut tx, actor, "access.digest_changed", summary).await?;
    plan(app, &mut tx, actor.workspace).await?;
    tx.commit().await?;
    Ok(())
}

/// The hour at which the mail is sent to whoever chose none, and the zone of its clock; whether the workspace chose the
/// zone itself.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn clock(app: &App, actor: &Actor) -> Result<(i8, String, bool), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let chosen = rows::clock(&mut tx, actor.workspace).await?.is_some_and(|(_, zone)| zone.is_some());
    let clock = Clock::of_workspace(app, &mut tx, actor.workspace).await?;
    Ok((clock.hour, clock.name(), chosen))
}

/// Says at which hour the mail is sent to whoever chose none; without a zone, on the clock of the installation's.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] for an hour or a zone there is none of; or when the database fails.
#[boxed]
pub async fn set_clock(app: &App, actor: &Actor, hour: i8, zone: Option<String>) -> Result<(), AppError> {
    actor.require(Action::ManageWorkspace)?;
    checked(Some(hour), zone.as_deref())?;
    let mut tx = app.db.write().await?;
    rows::set_clock(&mut tx, actor.workspace, hour, zone).await?;
    let clock = Clock::of_workspace(app, &mut tx, actor.workspace).await?;
    let summary = format!("The daily mail is sent {}", clock.in_words());
    activity::audit(app, &mut tx, actor, "workspace.digest_changed", summary).await?;
    plan(app, &mut tx, actor.workspace).await?;
    tx.commit().await?;
    Ok(())
}

/// Plans the next mails of every workspace; those that are planned already stay.
///
/// # Errors
/// When the database fails.
#[boxed]
pub async fn schedule(app: &App) -> Result<(), AppError> {
    let mut tx = app.db.write().await?;
    for workspace in upkeep::workspaces(&mut tx).await? {
        plan(app, &mut tx, workspace).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Plans the next mails of one workspace.
pub(crate) async fn plan(app: &App, tx: &mut Tx, workspace: WorkspaceId) -> Result<(), AppError> {
    let next = next(app, tx, workspace, app.clock.now()).await?;
    Ok(rows::plan(tx, workspace, &next).await?)
}

/// The job of the next time it is the hour for anybody. The workspace's own hour is always among them, so that there
/// is always a next one.
async fn next(app: &App, tx: &mut Tx, workspace: WorkspaceId, now: jiff::Timestamp) -> Result<Job, AppError> {
    let house = Clock::of_workspace(app, tx, workspace).await?;
    let own = rows::wishes(tx, workspace).await?;
    let own = own.values().filter(|wishes| wishes.rhythm != Rhythm::Never);
    let at = own.map(|wishes| house.for_wishes(wishes).after(now)).fold(house.after(now), Ord::min);
    Ok(round(app, at))
}

/// The job of a round.
fn round(app: &App, at: jiff::Timestamp) -> Job {
    let minute = u128::try_from(at.as_second() / 60).unwrap_or(0);
    Job {
        id: JobId::from_uuid(Uuid::from_u128(MARK | minute)),
        kind: JOB.to_owned(),
        payload: serde_json::json!({ "at": at }),
        run_at: at.into(),
        created_at: app.now(),
    }
}

/// When a round was planned for; those of earlier versions were planned for a day.
fn planned(payload: &serde_json::Value, now: jiff::Timestamp) -> jiff::Timestamp {
    let at = payload.get("at").and_then(|at| at.as_str()?.parse().ok());
    at.unwrap_or_else(|| now.saturating_add((-24_i64).hours()).unwrap_or(jiff::Timestamp::MIN))
}

/// Writes the mails of a workspace.
#[derive(Debug, Clone)]
pub struct Digests {
    app: App,
}

impl Digests {
    /// Over this app.
    #[must_use]
    pub fn new(app: App) -> Self {
        Self { app }
    }

    /// Writes them for everybody whose hour came since the round was planned: after a day on which nothing ran there is
    /// one mail, of the day it is now.
    async fn write(
        &self,
        workspace: WorkspaceId,
        planned: jiff::Timestamp,
        now: jiff::Timestamp,
    ) -> Result<(), AppError> {
        let mut tx = self.app.db.read().await?;
        let members = membership::of_workspace(&mut tx, workspace).await?;
        let mut wishes = rows::wishes(&mut tx, workspace).await?;
        let house = Clock::of_workspace(&self.app, &mut tx, workspace).await?;
        let vendor = workspace::get(&mut tx, workspace).await?.map(|known| known.name).unwrap_or_default();
        drop(tx);
        let mut each = job::Each::default();
        for member in members {
            let wishes = wishes.remove(&member.person).unwrap_or_default();
            let clock = house.for_wishes(&wishes);
            let today = clock.today(now);
            if (planned..=now).contains(&clock.on(today)) && wishes.rhythm.is_due(today) {
                let told = self.tell(workspace, &vendor, &member, wishes.rhythm, today).await;
                each.saw("daily mail", &member.person, told);
            }
        }
        // The round may be that of an hour somebody chose for themselves; customers hear at the workspace's.
        let today = house.today(now);
        if (planned..=now).contains(&house.on(today)) {
            each.saw("reminders", &workspace, crate::portal::remind(&self.app, workspace, today).await);
        }
        each.end()
    }

    /// The next round after this one.
    async fn next(&self, workspace: WorkspaceId, now: jiff::Timestamp) -> Result<Job, AppError> {
        let mut tx = self.app.db.read().await?;
        next(&self.app, &mut tx, workspace, now).await
    }

    /// Writes one, unless there is nothing to say or it was written already.
    async fn tell(
        &self,
        workspace: WorkspaceId,
        vendor: &str,
        member: &Member,
        rhythm: Rhythm,
        today: Date,
    ) -> Result<(), AppError> {
        let app = &self.app;
        // Whoever is named while this is written is told of it in the next one.
        let seen_at = app.now();
        let mut tx = app.db.read().await?;
        let groups = gathered(app, &mut tx, workspace, member.person, today).await?;
        drop(tx);
        if groups.is_empty() {
            return Ok(());
        }
        let lines = lines(&groups);
        let facts = facts(app, member, rhythm, today, &groups);
        let (methodology, vendor) = (app.methodology.clone(), vendor.to_owned());
        let rendered = calculate(move || package::letter(&methodology, TEMPLATE, &vendor, &facts)).await??;
        let mut tx = app.db.write().await?;
        if rows::claim(&mut tx, workspace, member.person, today, seen_at, lines).await? {
            mail::send_rendered(app, &mut tx, workspace, &member.email, &rendered).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

impl Work for Digests {
    fn kind(&self) -> &'static str {
        JOB
    }

    /// Six attempts over about an hour and a half: a mail of the morning is of no use in the evening.
    fn policy(&self) -> Policy {
        Policy::doubling(Duration::from_mins(1), Duration::from_hours(1), 6)
    }

    fn run<'a>(&'a self, claimed: &'a Claimed) -> Later<'a, Report> {
        Box::pin(async move {
            let now = self.app.clock.now();
            let result =
                self.write(claimed.workspace, planned(&claimed.payload, now), now).await.map_err(|error| {
                    tracing::error!(%error, "the daily mails of a workspace were not written");
                    Failure::Later("the mails could not be written; the log says more".to_owned())
                });
            // A database that fails now may work when the round is settled: in an hour, rather than never again.
            let next = self.next(claimed.workspace, now).await.unwrap_or_else(|error| {
                tracing::error!(%error, "the hours of the daily mails could not be read");
                round(&self.app, now.saturating_add(1.hour()).unwrap_or(jiff::Timestamp::MAX))
            });
            let effects = job::followed_by(claimed.workspace, next);
            Report { result, effects: Some(effects) }
        })
    }
}

fn lines(groups: &[Group]) -> u32 {
    let lines: usize = groups.iter().flat_map(|group| &group.parts).map(|(_, lines)| lines.len()).sum();
    u32::try_from(lines).unwrap_or(u32::MAX)
}

/// What the template is told.
fn facts(app: &App, member: &Member, rhythm: Rhythm, today: Date, groups: &[Group]) -> serde_json::Value {
    let of = |wanted: Part| -> usize {
        let parts = groups.iter().flat_map(|group| &group.parts);
        parts.filter(|(part, _)| *part == wanted).map(|(_, lines)| lines.len()).sum()
    };
    let all = lines(groups);
    let told: Vec<serde_json::Value> = groups
        .iter()
        .map(|group| {
            let parts: Vec<serde_json::Value> = group
                .parts
                .iter()
                .map(|(part, lines)| {
                    let line = |item: &Item| {
                        serde_json::json!({ "name": item.name, "note": item.note, "link": app.link(&item.path) })
                    };
                    serde_json::json!({ "title": part.title(), "lines": lines.iter().map(line).collect::<Vec<_>>() })
                })
                .collect();
            serde_json::json!({ "customer": group.customer, "parts": parts })
        })
        .collect();
    let every = match rhythm {
        Rhythm::Daily => "every day",
        Rhythm::Weekly => "on Mondays",
        Rhythm::Never => "never",
    };
    serde_json::json!({ "digest": {
        "name": member.name,
        "on": today,
        "overdue": of(Part::Overdue),
        "today": of(Part::Today),
        "lines": all,
        "groups": told,
        "rhythm": every,
        "my_work": app.link("/my-work"),
        "settings": app.link("/settings/me#digest"),
    }})
}

/// What there is to say to somebody on a day.
async fn gathered(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    today: Date,
) -> Result<Vec<Group>, AppError> {
    let end = today.saturating_add((AHEAD - 1).days());
    let mut items = Vec::new();
    for task in mine::tasks(tx, workspace, person, end, LINES).await? {
        let part = match task.finishes_on {
            finish if finish < today => Part::Overdue,
            _ if task.status == "blocked" => Part::Waiting,
            finish if finish == today => Part::Today,
            finish if finish <= end => Part::Week,
            _ => continue,
        };
        items.push(of_task(task, part));
    }
    for late in launch::overdue(app, tx, workspace, person, today).await? {
        let LateClock { onboarding, customer, name, note, on, path, .. } = late;
        items.push(Item { onboarding, customer, part: Part::Overdue, name, note, on, path });
    }
    for task in mine::waiting_for_customers(tx, workspace, person, today, LINES).await? {
        items.push(of_task(task, Part::Waiting));
    }
    // Those that became tasks are among them, and are left out afterwards.
    let entries = duty::entries(tx, workspace, person, end, LINES * 4).await?;
    let most = usize::try_from(LINES).unwrap_or(usize::MAX);
    items.extend(entries.into_iter().filter_map(|entry| of_entry(entry, today)).take(most));
    let since = match rows::last(tx, workspace, person).await? {
        Some(last) => last,
        None => {
            let first = app.clock.now().saturating_add((-FIRST * 24).hours());
            Timestamp::from(first.unwrap_or(jiff::Timestamp::MIN))
        }
    };
    for mention in mine::mentions(tx, workspace, person, LINES).await? {
        if mention.at <= since {
            continue;
        }
        let page = match mention.on_task {
            true => format!("tasks/{}", TaskId::from_uuid(mention.subject)),
            false => format!("milestones/{}", MilestoneId::from_uuid(mention.subject)),
        };
        let mut name: String = mention.said.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.chars().count() > SAID {
            name = format!("{}…", name.chars().take(SAID).collect::<String>());
        }
        items.push(Item {
            path: format!("/onboardings/{}/{page}#comments", mention.onboarding),
            onboarding: mention.onboarding,
            customer: mention.customer,
            part: Part::Mention,
            name,
            note: mention.by,
            on: today,
        });
    }
    let by = today.saturating_add(GATES_AHEAD.days());
    for gate in rows::gates(tx, workspace, person, by, LINES).await? {
        items.push(Item {
            path: format!("/onboardings/{}/milestones/{}", gate.onboarding, gate.id),
            onboarding: gate.onboarding,
            customer: gate.customer,
            part: Part::Gate,
            name: gate.name,
            note: said(gate.planned_on),
            on: gate.planned_on,
        });
    }
    // One line for all of them: the inbox ranks the rest.
    if let Some((count, first)) = signal::for_person(app, tx, workspace, person).await? {
        let name = &first.waiting.signal.name;
        items.push(Item {
            path: if count == 1 {
                format!("/signals/{}", first.waiting.signal.id)
            } else {
                "/signals?mine=yes".to_owned()
            },
            onboarding: first.waiting.signal.onboarding,
            customer: first.waiting.customer,
            part: Part::Signal,
            name: if count == 1 { name.clone() } else { format!("{count} signals wait; first: {name}") },
            note: first.waiting.signal.body.words,
            on: today,
        });
    }
    for Untold { onboarding, customer, criteria } in people::untold(app, tx, workspace, person).await? {
        items.push(Item {
            onboarding,
            customer,
            part: Part::Signal,
            name: "The champion leaves: leadership must be told".to_owned(),
            note: if criteria == 1 { "1 reason".to_owned() } else { format!("{criteria} reasons") },
            on: today,
            path: format!("/onboardings/{onboarding}/escalations"),
        });
    }
    Ok(grouped(items))
}
