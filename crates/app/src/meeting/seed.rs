//! The first meetings of an onboarding: those of its package, one for each day of a series.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use gangway_domain::ids::{AccountId, MeetingId, OnboardingId};
use gangway_domain::meeting::{Clock, Invitee, Slot, Status};
use gangway_domain::package::{Meeting as Planned, Package};
use gangway_domain::programme::Side;
use gangway_store::meeting::{self, Meeting};
use gangway_store::membership::Member;
use gangway_store::onboarding::head;
use gangway_store::{Tx, contact, membership};
use jiff::civil::Date;
use serde::Deserialize;

use super::people::{Guest, Known};
use crate::error::AppError;
use crate::package::zone_name;
use crate::upkeep::{self, Batch, Begun, Lack};
use crate::{Actor, App};

/// What of a package becomes meetings.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Start {
    meetings: Vec<Planned>,
    people: Team,
    reading: Said,
}

#[derive(Debug, Clone, Deserialize)]
struct Team {
    team: Vec<Colleague>,
}

#[derive(Debug, Clone, Deserialize)]
struct Colleague {
    role: String,
    person: Option<String>,
    email: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct Said {
    deal: Country,
}

#[derive(Debug, Clone, Deserialize)]
struct Country {
    #[serde(default)]
    country: Option<Value>,
}

#[derive(Debug, Clone, Deserialize)]
struct Value {
    value: String,
}

impl Start {
    /// Of a whole package.
    pub(crate) fn of(package: &Package) -> Self {
        let team = package.people.team.iter().map(|line| Colleague {
            role: line.role.clone(),
            person: line.person.clone(),
            email: line.email.clone(),
        });
        let country = package.reading.deal.country.as_ref();
        Self {
            meetings: package.meetings.clone(),
            people: Team { team: team.collect() },
            reading: Said {
                deal: Country { country: country.map(|fact| Value { value: fact.value.clone() }) },
            },
        }
    }

    fn zone(&self) -> Option<String> {
        zone_name(&self.reading.deal.country.as_ref()?.value).map(str::to_owned)
    }

    /// A participant of a meeting: the person in brackets behind the role, else the role.
    fn guest(&self, label: &str) -> Guest {
        let role = label.split(" (").next().unwrap_or(label);
        let ours = self.people.team.iter().find(|one| {
            one.role == role || one.person.as_deref().is_some_and(|person| label.contains(person))
        });
        Guest {
            name: label.to_owned(),
            email: ours.and_then(|one| one.email.clone()),
            side: Some(if ours.is_some() { Side::Vendor } else { Side::Customer }),
        }
    }
}

/// Which of the meetings of a package is the kickoff.
#[derive(Debug, Deserialize)]
struct Kickoffs {
    meetings: Vec<MaybeKickoff>,
}

#[derive(Debug, Deserialize)]
struct MaybeKickoff {
    id: String,
    #[serde(default)]
    kickoff: bool,
}

/// Whether a meeting is the kickoff of its package.
pub(super) async fn is_kickoff(
    tx: &mut Tx,
    actor: &Actor,
    id: OnboardingId,
    meeting: &Meeting,
) -> Result<bool, AppError> {
    let Some((code, _)) = meeting.code.as_deref().and_then(|code| code.rsplit_once('#')) else {
        return Ok(false);
    };
    let known = head::sections::<Kickoffs>(tx, actor.workspace, id).await?;
    let mut meetings = known.into_iter().flat_map(|known| known.meetings);
    Ok(meetings.any(|one| one.kickoff && one.id == code))
}

/// Makes meetings of those of packages; people find out only when they are invited.
pub(crate) async fn seed(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    all: &[Begun<'_, Start>],
) -> Result<(), AppError> {
    let members: Arc<[Member]> = membership::of_workspace(tx, actor.workspace).await?.into();
    let contacts = contact::of_accounts(tx, actor.workspace, &upkeep::accounts(all)).await?;
    let mut meetings = Vec::new();
    for (id, account, start) in all {
        let theirs = contacts.get(account).cloned().unwrap_or_default();
        meetings.extend(rows(app, &Known::among(members.clone(), theirs), *id, start));
    }
    meeting::insert_all(tx, actor.workspace, &meetings).await?;
    Ok(())
}

/// Puts the meetings of another package in place of those nobody has touched, from today on. What people moved,
/// were invited to or have held stays.
pub(crate) async fn reseed(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    account: AccountId,
    id: OnboardingId,
    start: &Start,
) -> Result<(), AppError> {
    let today = app.today();
    meeting::delete_untouched(tx, actor.workspace, id, today).await?;
    let stay: BTreeSet<String> = meeting::of_onboarding(tx, actor.workspace, id)
        .await?
        .into_iter()
        .filter_map(|one| one.code)
        .collect();
    let known = Known::of(tx, actor, account).await?;
    let mut rows = rows(app, &known, id, start);
    rows.retain(|row| row.slot.on >= today && row.code.as_ref().is_none_or(|code| !stay.contains(code)));
    meeting::insert_all(tx, actor.workspace, &rows).await?;
    Ok(())
}

/// The meetings of a package, one for each day of a series.
fn rows(app: &App, known: &Known, id: OnboardingId, start: &Start) -> Vec<Meeting> {
    let zone = start.zone();
    let mut rows = Vec::new();
    // The same few come to most of them: each is looked for once.
    let mut found: BTreeMap<&str, Invitee> = BTreeMap::new();
    for planned in &start.meetings {
        let mut people = Vec::with_capacity(planned.participants.len());
        for label in &planned.participants {
            let person = found.entry(label).or_insert_with(|| known.find(&start.guest(label)));
            people.push(person.clone());
        }
        let days = std::iter::once(&planned.on).chain(&planned.then);
        for (index, day) in days.enumerate() {
            rows.push(row(app, id, planned, index, *day, zone.clone(), people.clone()));
        }
    }
    rows
}

fn row(
    app: &App,
    id: OnboardingId,
    planned: &Planned,
    index: usize,
    day: Date,
    zone: Option<String>,
    people: Vec<Invitee>,
) -> Meeting {
    Meeting {
        id: MeetingId::fresh(&*app.ids),
        onboarding: id,
        code: Some(format!("{}#{index}", planned.id)),
        title: planned.title.clone(),
        purpose: planned.purpose.clone(),
        slot: Slot { on: day, starts: starts(&planned.at), minutes: planned.minutes.max(15), zone },
        place: String::new(),
        with_customer: planned.with_customer,
        agenda: planned.agenda.clone(),
        people,
        notes: String::new(),
        status: Status::Planned,
        sequence: 0,
        invited_at: None,
        created_at: app.now(),
        version: 1,
    }
}

/// The proposed time; ten o'clock where a package of an earlier version says none.
fn starts(text: &str) -> Clock {
    text.parse().unwrap_or_else(|_| Clock::ten())
}

/// Gives onboardings of earlier versions their meetings; one that has those of its package is left alone.
pub(crate) async fn backfill(app: &App, actor: &Actor) -> Result<(), AppError> {
    let mut after = None;
    while let Some(batch) = upkeep::next(app, actor.workspace, Lack::Meetings, &mut after).await? {
        let Batch { mut tx, of } = batch;
        let starts = head::sections_of::<Start>(&mut tx, actor.workspace, &upkeep::ids(&of)).await?;
        seed(app, &mut tx, actor, &upkeep::begun(&of, &starts)).await?;
        tx.commit().await?;
    }
    Ok(())
}
