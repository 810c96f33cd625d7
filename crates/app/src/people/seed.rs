//! The first stakeholders of an onboarding, the people of its package who are contacts, and its first plan of what is
//! said to them.

use std::collections::BTreeSet;

use gangway_domain::ids::{AccountId, ChangeStepId, MessageId, OnboardingId};
use gangway_domain::methodology::{Audience, ChangePhase};
use gangway_domain::package::{Package, Placed, PlannedMessage};
use gangway_domain::people::Grade;
use gangway_store::onboarding::head;
use gangway_store::people::communication::{self, Message, Step};
use gangway_store::people::{self as rows, Stakeholder};
use gangway_store::{Tx, contact};
use jiff::civil::Date;
use serde::Deserialize;

use crate::error::AppError;
use crate::{Actor, App, upkeep};

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

/// Makes the stakeholders of an onboarding and its plan of communication and change.
pub(crate) async fn seed(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    account: AccountId,
    id: OnboardingId,
    start: &Start,
) -> Result<(), AppError> {
    stakeholders(tx, actor, account, id, app.today(), start).await?;
    plan(app, tx, actor, id, start).await
}

/// Makes messages and steps of what the package plans to say.
async fn plan(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: OnboardingId,
    start: &Start,
) -> Result<(), AppError> {
    let Named { audiences, calendar, change, .. } = &start.people;
    let channel = |name: &str| {
        let audience = audiences.iter().find(|audience| audience.name == name);
        audience.map_or_else(|| "E-mail".to_owned(), |audience| audience.channel.clone())
    };
    let messages: Vec<Message> = calendar
        .iter()
        .map(|planned| Message {
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
        })
        .collect();
    let activities = change.iter().flat_map(|phase| phase.activities.iter().map(move |one| (phase, one)));
    let steps: Vec<Step> = (0..)
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
        .collect();
    communication::insert_messages(tx, actor.workspace, &messages).await?;
    communication::insert_steps(tx, actor.workspace, &steps).await?;
    Ok(())
}

/// Makes stakeholders of the people of a package who are contacts; who is known by title only is none yet.
async fn stakeholders(
    tx: &mut Tx,
    actor: &Actor,
    account: AccountId,
    id: OnboardingId,
    since: Date,
    start: &Start,
) -> Result<(), AppError> {
    let mut known = BTreeSet::new();
    let mut all = Vec::new();
    for placed in &start.people.stakeholders {
        if placed.count > 1 {
            continue;
        }
        let found =
            contact::matching(tx, actor.workspace, account, &placed.label, placed.email.as_deref()).await?;
        let Some(contact) = found.filter(|contact| known.insert(contact.id)) else { continue };
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
    rows::insert_all(tx, actor.workspace, &all).await?;
    Ok(())
}

/// Gives onboardings of earlier versions their stakeholders and plans; one that has some is left alone.
pub(crate) async fn backfill(app: &App, actor: &Actor) -> Result<(), AppError> {
    for id in upkeep::onboardings(app, actor).await? {
        let mut tx = app.db.write().await?;
        let known = !rows::of_onboarding(&mut tx, actor.workspace, id).await?.is_empty()
            || !communication::steps(&mut tx, actor.workspace, id).await?.is_empty();
        if known {
            continue;
        }
        let Some(head) = head::get(&mut tx, actor.workspace, id).await? else { continue };
        let Some(start) = head::sections::<Start>(&mut tx, actor.workspace, id).await? else { continue };
        seed(app, &mut tx, actor, head.account_id, id, &start).await?;
        tx.commit().await?;
    }
    Ok(())
}
