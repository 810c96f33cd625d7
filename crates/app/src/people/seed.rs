//! The first stakeholders of an onboarding, the people of its package who are contacts, and its first plan of what is
//! said to them.

use std::collections::BTreeSet;

use gangway_domain::ids::{ChangeStepId, MessageId, OnboardingId};
use gangway_domain::methodology::{Audience, ChangePhase};
use gangway_domain::package::{Package, Placed, PlannedMessage};
use gangway_domain::people::Grade;
use gangway_store::Tx;
use gangway_store::onboarding::head;
use gangway_store::people::communication::{self, Message, Step};
use gangway_store::people::{self as rows, Stakeholder};
use jiff::civil::Date;
use serde::Deserialize;

use crate::contact::Known;
use crate::error::AppError;
use crate::upkeep::{self, Batch, Begun, Lack};
use crate::{Actor, App};

/// What of a package becomes stakeholders.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Start {
    people: Named,
}

#[derive(Debug, Clone, Deserialize)]
struct Named {
    stakeholders: Vec<Placed>,
    audiences: Vec<Audience>,
    calendar: Vec<PlannedMessage>,
    change: Vec<ChangePhase>,
}

impl Start {
    /// Of a whole package.
    pub(crate) fn of(package: &Package) -> Self {
        let people = &package.people;
        Self {
            people: Named {
                stakeholders: people.stakeholders.clone(),
                audiences: people.audiences.clone(),
                calendar: people.calendar.clone(),
                change: people.change.clone(),
            },
        }
    }
}

/// Makes the stakeholders of onboardings and their plans of communication and change.
pub(crate) async fn seed(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    all: &[Begun<'_, Start>],
) -> Result<(), AppError> {
    let known = Known::of_accounts(tx, actor.workspace, &upkeep::accounts(all)).await?;
    let (mut people, mut messages, mut steps) = (Vec::new(), Vec::new(), Vec::new());
    for (id, account, start) in all {
        if let Some(known) = known.get(account) {
            people.extend(stakeholders(known, *id, app.today(), start));
        }
        messages.extend(messages_of(app, *id, start));
        steps.extend(steps_of(app, *id, start));
    }
    communication::insert_messages(tx, actor.workspace, &messages).await?;
    communication::insert_steps(tx, actor.workspace, &steps).await?;
    rows::insert_all(tx, actor.workspace, &people).await?;
    Ok(())
}

/// What the package plans to say.
fn messages_of(app: &App, id: OnboardingId, start: &Start) -> Vec<Message> {
    let Named { audiences, calendar, .. } = &start.people;
    let channel = |name: &str| {
        let audience = audiences.iter().find(|audience| audience.name == name);
        audience.map_or_else(|| "E-mail".to_owned(), |audience| audience.channel.clone())
    };
    let message = |planned: &PlannedMessage| Message {
        id: MessageId::fresh(&*app.ids),
        onboarding: id,
        on: planned.on,
        audience: planned.audience.clone(),
        message: planned.message.clone(),
        channel: channel(&planned.audience),
        owner: planned.owner.clone(),
        sent: None,
        seeded: true,
        version: 1,
    };
    calendar.iter().map(message).collect()
}

/// The steps by which the package manages the change.
fn steps_of(app: &App, id: OnboardingId, start: &Start) -> Vec<Step> {
    let phases = start.people.change.iter();
    let activities = phases.flat_map(|phase| phase.activities.iter().map(move |one| (phase, one)));
    (0..)
        .zip(activities)
        .map(|(position, (phase, activity))| Step {
            id: ChangeStepId::fresh(&*app.ids),
            onboarding: id,
            phase: phase.name.clone(),
            position,
            activity: activity.clone(),
            focus: phase.focus.clone(),
            done: None,
            version: 1,
        })
        .collect()
}

/// Stakeholders of the people of a package who are contacts; who is known by title only is none yet.
fn stakeholders(known: &Known, id: OnboardingId, since: Date, start: &Start) -> Vec<Stakeholder> {
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for placed in &start.people.stakeholders {
        if placed.count > 1 {
            continue;
        }
        let found = known.matching(&placed.label, placed.email.as_deref()).cloned();
        let Some(contact) = found.filter(|contact| seen.insert(contact.id)) else { continue };
        let grade = |word: &str| word.parse().unwrap_or(Grade::Medium);
        all.push(Stakeholder {
            onboarding: id,
            contact: contact.id,
            name: contact.name,
            title: contact.title,
            email: contact.email,
            role: placed.role,
            power: grade(&placed.power),
            interest: grade(&placed.interest),
            sentiment: None,
            engagement: None,
            risk: None,
            champion: None,
            notes: placed.notes.clone(),
            left_on: None,
            since,
            version: 1,
        });
    }
    all
}

/// Gives onboardings of earlier versions their stakeholders and plans; one that has some is left alone.
pub(crate) async fn backfill(app: &App, actor: &Actor) -> Result<(), AppError> {
    let mut after = None;
    while let Some(batch) = upkeep::next(app, actor.workspace, Lack::Stakeholders, &mut after).await? {
        let Batch { mut tx, of } = batch;
        let starts = head::sections_of::<Start>(&mut tx, actor.workspace, &upkeep::ids(&of)).await?;
        seed(app, &mut tx, actor, &upkeep::begun(&of, &starts)).await?;
        tx.commit().await?;
    }
    Ok(())
}
