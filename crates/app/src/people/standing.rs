//! How the relationship stands: every stakeholder judged, whether it hangs on enough people, what executives are due.

use gangway_domain::deal::StakeholderRole;
use gangway_domain::ids::OnboardingId;
use gangway_domain::methodology::PeopleRules;
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::people::{
    self, Anchors, Cadence, Due, Gap, Grade, Judged, Milestone, Rhythm, Threading, Voice,
};
use gangway_domain::permission::Action;
use gangway_domain::playbook::ExecutiveEngagement;
use gangway_store::onboarding::head::Head;
use gangway_store::people::{self as rows, loss as losses, touch};
use gangway_store::{Tx, milestone, programme, register};
use jiff::civil::Date;

use super::{Loss, Stakeholder, loss};
use crate::boxed;
use crate::error::AppError;
use crate::register::onboarding;
use crate::{Actor, App};

/// A stakeholder as they stand on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// What is kept of them.
    pub facts: Stakeholder,
    /// Their role as people see it.
    pub role_name: String,
    /// Kind of engagement, and how often.
    pub engagement: String,
    /// The strategy of the grid.
    pub strategy: String,
    /// The day they were last spoken with.
    pub last: Option<Date>,
    /// Whether the rhythm of their role is kept.
    pub cadence: Cadence,
    /// The risk by the rules.
    pub judged: Judged,
}

impl Known {
    /// The risk that counts: what a person said, else the rules.
    #[must_use]
    pub fn risk(&self) -> Grade {
        self.facts.risk.as_ref().map_or(self.judged.risk, |(grade, _)| *grade)
    }

    /// They have left by this day.
    #[must_use]
    pub fn is_gone(&self, today: Date) -> bool {
        self.facts.left_on.is_some_and(|left| left <= today)
    }
}

/// An engagement of executives with what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Engagement {
    /// What it is.
    pub rule: ExecutiveEngagement,
    /// When it is due.
    pub due: Due,
}

/// How the relationship stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The onboarding.
    pub head: Head,
    /// Its stakeholders by name.
    pub people: Vec<Known>,
    /// Whether it hangs on enough people.
    pub threading: Threading,
    /// What executives are due; empty once the onboarding is over.
    pub executive: Vec<Engagement>,
    /// Champions who left, the newest first.
    pub losses: Vec<loss::Lost>,
    /// The day it was looked at.
    pub today: Date,
}

/// How the relationship of an onboarding stands today.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn standing(app: &App, actor: &Actor, id: OnboardingId) -> Result<Standing, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    with_head(app, &mut tx, actor, head).await
}

/// The same of an onboarding that was read already.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn standing_of(app: &App, actor: &Actor, head: &Head) -> Result<Standing, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    with_head(app, &mut tx, actor, head.clone()).await
}

async fn with_head(app: &App, tx: &mut Tx, actor: &Actor, head: Head) -> Result<Standing, AppError> {
    let (rules, today, id) = (&app.methodology.people, app.today(), head.id);
    let over = matches!(head.state, OnboardingState::Completed | OnboardingState::Closed { .. });
    let milestones: Vec<Milestone> = milestone::of_onboarding(tx, actor.workspace, id)
        .await?
        .into_iter()
        .filter(|milestone| milestone.gate || milestone.kind == "value")
        .map(|milestone| Milestone { on: milestone.planned_on, name: milestone.name })
        .collect();
    let days: Vec<Date> = milestones.iter().map(|milestone| milestone.on).collect();
    let last = touch::last(tx, actor.workspace, id).await?;
    let recorded = losses::of_onboarding(tx, actor.workspace, id).await?;
    let stakeholders = rows::of_onboarding(tx, actor.workspace, id).await?;
    // Nobody is late before the kickoff, nor once it is over.
    let look = |facts: Stakeholder| {
        let gap = if over { None } else { gap(&facts, &stakeholders, &recorded, today) };
        let since = facts.since.max(head.kickoff_on);
        let last = last.get(&facts.contact).copied();
        let gone = over || facts.left_on.is_some_and(|left| left <= today);
        let rhythm = Rhythm::of(rules.role(facts.role));
        let cadence = if gone {
            Cadence::default()
        } else {
            people::cadence(rhythm, last, since, &days, rules.milestone_grace_days, today)
        };
        known(rules, facts, last, cadence, gap)
    };
    let people: Vec<Known> = stakeholders.iter().cloned().map(look).collect();
    let least = least_contacts(app, tx, actor, id).await?;
    let voices: Vec<Voice> = people
        .iter()
        .filter(|known| !known.is_gone(today))
        .map(|known| Voice {
            name: known.facts.name.clone(),
            executive: known.facts.role == StakeholderRole::ExecutiveSponsor,
            last: known.last,
        })
        .collect();
    let executive = if over {
        Vec::new()
    } else {
        let anchors = Anchors {
            kickoff_on: head.kickoff_on,
            go_live_on: head.go_live_on,
            milestones,
            risks: grave(app, tx, actor, id).await?,
        };
        let talks = touch::engagements(tx, actor.workspace, id).await?;
        let talks: Vec<people::Talk> =
            talks.into_iter().map(|(kind, on)| people::Talk { kind, on }).collect();
        let due = people::executive(&rules.executive, &talks, &anchors, today);
        rules.executive.iter().cloned().zip(due).map(|(rule, due)| Engagement { rule, due }).collect()
    };
    Ok(Standing {
        losses: recorded.into_iter().map(|lost| loss::judged(app, lost, &stakeholders)).collect(),
        threading: people::threading(&voices, least, rules.live_within_days, today),
        head,
        people,
        executive,
        today,
    })
}

fn known(
    rules: &PeopleRules,
    facts: Stakeholder,
    last: Option<Date>,
    cadence: Cadence,
    gap: Option<Gap>,
) -> Known {
    let rule = rules.role(facts.role);
    Known {
        role_name: rules.role_name(facts.role).to_owned(),
        engagement: rule
            .map(|rule| format!("{}, {}", rule.engagement, rule.frequency.to_lowercase()))
            .unwrap_or_default(),
        strategy: people::strategy_of(rule, facts.power, facts.interest),
        last,
        cadence,
        judged: people::judge(&rules.risk, cadence, facts.sentiment, facts.engagement, gap),
        facts,
    }
}

/// Whether they are a champion who leaves and whom nobody has replaced: what the newest protocol says; without one,
/// whether there is another champion who stays.
fn gap(one: &Stakeholder, all: &[Stakeholder], recorded: &[Loss], today: Date) -> Option<Gap> {
    let left_on = one.left_on?;
    let is_champion = |who: &Stakeholder| who.role == StakeholderRole::Champion || who.champion.is_some();
    let stays = |who: &&Stakeholder| who.contact != one.contact && who.left_on.is_none();
    let is_open = match recorded.iter().find(|loss| loss.contact == one.contact) {
        Some(newest) => newest.state.is_open(),
        None => is_champion(one) && !all.iter().filter(stays).any(is_champion),
    };
    is_open.then_some(if left_on <= today { Gap::Here } else { Gap::Ahead })
}

/// Risks of the most exposed band that are open.
async fn grave(app: &App, tx: &mut Tx, actor: &Actor, id: OnboardingId) -> Result<Vec<Milestone>, AppError> {
    let Some(from) = app.methodology.governance.bands.last().map(|band| i64::from(band.from)) else {
        return Ok(Vec::new());
    };
    let entries = register::of_onboarding(tx, actor.workspace, id).await?;
    let grave = entries
        .into_iter()
        .filter(|entry| entry.kind() == gangway_domain::register::Kind::Risk && entry.status.is_open())
        .filter(|entry| entry.details.exposure().is_some_and(|exposure| exposure >= from));
    Ok(grave
        .map(|entry| {
            let at = jiff::Timestamp::try_from(entry.opened_at).unwrap_or_default();
            Milestone { on: at.to_zoned(app.time_zone.clone()).date(), name: entry.title }
        })
        .collect())
}

/// Least number of live contacts: of the programme, else of every onboarding.
async fn least_contacts(app: &App, tx: &mut Tx, actor: &Actor, id: OnboardingId) -> Result<u32, AppError> {
    let made_from = programme::of_onboarding(tx, actor.workspace, id).await?;
    let own = made_from
        .and_then(|made_from| app.methodology.programmes.get(&made_from.programme))
        .and_then(|programme| programme.least_contacts);
    Ok(own.unwrap_or(app.methodology.people.least_contacts))
}

/// What the overview of a running onboarding says of its people: sentences, the gravest first.
#[must_use]
pub fn warnings(standing: &Standing) -> Vec<String> {
    if standing.head.state != OnboardingState::Running {
        return Vec::new();
    }
    let mut said = Vec::new();
    for lost in standing.losses.iter().filter(|lost| lost.loss.state.is_open()) {
        said.push(format!("{} leaves, and nobody has taken over as champion.", lost.loss.name));
        let holding = lost.criteria.iter().filter(|criterion| criterion.holds);
        said.extend(holding.map(|criterion| format!("Escalate to leadership: {}.", criterion.text)));
    }
    said.extend(standing.threading.missing.iter().cloned());
    let late = standing.executive.iter().filter(|engagement| engagement.due.late > 0);
    said.extend(late.map(|engagement| {
        let Engagement { rule, due } = engagement;
        let days = if due.late == 1 { "day" } else { "days" };
        format!("{} for the executive sponsor is {} {days} overdue.", rule.kind, due.late)
    }));
    said
}
