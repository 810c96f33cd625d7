//! The customer's people in running onboardings: who was spoken with and how they speak of it, who was forgotten,
//! a champion who leaves, people who resist.

use gangway_domain::deal::StakeholderRole;
use gangway_domain::people::{Channel, Grade, Relation, RelationKind, Sentiment};
use jiff::ToSpan;

use super::course::Course;
use super::script::{self, Scene};
use super::{back, on, speaker, working_day};
use crate::error::AppError;
use crate::people::{self, Activity, Changes, Draft, Noticed, Stakeholder, Talk};
use crate::{Actor, App};

/// Of so many onboardings, one has a champion with whom nobody has spoken since the kickoff.
const NEGLECTED: usize = 7;
/// Of so many onboardings, one has a technical lead who speaks against it.
const AGAINST: usize = 6;
/// Activities of change management that are done, where any is.
const STEPS: usize = 2;

/// What is told of a talk, by role.
fn said(role: StakeholderRole) -> (Channel, &'static str) {
    match role {
        StakeholderRole::ExecutiveSponsor => {
            (Channel::Call, "Fifteen minutes on the goal: it still holds; wants one page a month, no more.")
        }
        StakeholderRole::ProjectLead => {
            (Channel::Meeting, "Went through the open tasks of next week; people on their side are named.")
        }
        StakeholderRole::Champion => {
            (Channel::Chat, "Showed the first screens to two colleagues; they asked when they can have it.")
        }
        StakeholderRole::TechnicalLead => {
            (Channel::Email, "Sent the questions about access; two are answered, one waits for a colleague.")
        }
        StakeholderRole::ItSecurity => (
            Channel::Call,
            "Explained where data is kept and who sees it; they send their list of questions.",
        ),
        _ => (Channel::Email, "Told what comes next and when it concerns them."),
    }
}

/// Speaks with the people of an onboarding that runs, as it was on its days.
pub(super) async fn meet(app: &App, course: &Course<'_>) -> Result<(), AppError> {
    let Course { team, place, manager, id, kickoff } = *course;
    let (today, who) = (app.today(), speaker(team, manager));
    let people = people::relations(app, &who, id).await?.people;
    for (index, one) in people.iter().enumerate() {
        let is_champion = one.role == StakeholderRole::Champion;
        let is_neglected = is_champion && place % NEGLECTED == 3;
        let ago = i32::try_from(1 + (place + 2 * index) % 6).unwrap_or(1);
        let day = if is_neglected { kickoff } else { back(today, ago) };
        let then = on(app, working_day(day).max(kickoff).min(today), 14);
        let (channel, note) = said(one.role);
        let is_sponsor = one.role == StakeholderRole::ExecutiveSponsor;
        let engagement = is_sponsor.then(|| "progress".to_owned());
        let talk = Talk { on: then.today(), channel, engagement, note: note.to_owned() };
        people::touch(&then, &who, id, one.contact, talk).await?;
        judge(&then, &who, one, place, is_neglected).await?;
    }
    if script::is_told(place) { tie(app, &who, &people).await } else { Ok(()) }
}

/// How somebody speaks of it, where that is plain.
async fn judge(
    app: &App,
    who: &Actor,
    one: &Stakeholder,
    place: usize,
    is_neglected: bool,
) -> Result<(), AppError> {
    let (sentiment, engagement) = match one.role {
        StakeholderRole::Champion if is_neglected => (Sentiment::Neutral, Grade::Low),
        StakeholderRole::Champion => (Sentiment::Positive, Grade::High),
        StakeholderRole::ExecutiveSponsor => (Sentiment::Positive, Grade::Medium),
        StakeholderRole::TechnicalLead if place % AGAINST == 5 => (Sentiment::Negative, Grade::Low),
        StakeholderRole::TechnicalLead => (Sentiment::Neutral, Grade::Medium),
        _ => return Ok(()),
    };
    let phases = &app.methodology.people.champion;
    let phase = phases.get(1).or(phases.first()).map(|phase| phase.id.clone());
    let changes = Changes {
        sentiment: Some(Some(sentiment)),
        engagement: Some(Some(engagement)),
        champion: (one.role == StakeholderRole::Champion).then_some(phase),
        ..Changes::default()
    };
    people::change(app, who, one.onboarding, one.contact, one.version, changes).await?;
    Ok(())
}

/// Who reports to whom.
async fn tie(app: &App, who: &Actor, people: &[Stakeholder]) -> Result<(), AppError> {
    let find = |role: StakeholderRole| people.iter().find(|one| one.role == role);
    let lead = find(StakeholderRole::ProjectLead);
    let lines = [
        (lead, RelationKind::ReportsTo, find(StakeholderRole::ExecutiveSponsor)),
        (find(StakeholderRole::Champion), RelationKind::ReportsTo, lead),
        (find(StakeholderRole::TechnicalLead), RelationKind::WorksWith, lead),
    ];
    for (from, kind, to) in lines {
        if let (Some(from), Some(to)) = (from, to) {
            let relation = Relation { from: from.contact, kind, to: to.contact };
            people::relate(app, who, from.onboarding, relation).await?;
        }
    }
    Ok(())
}

/// Whoever wanted it most leaves in two weeks.
pub(super) async fn lose_champion(scene: &Scene<'_>) -> Result<(), AppError> {
    let Scene { app, who, id, .. } = *scene;
    let people = people::relations(app, who, id).await?.people;
    let Some(champion) = people.iter().find(|one| one.role == StakeholderRole::Champion) else {
        return Ok(());
    };
    let leaves_on = app.today().saturating_add(14.days());
    let note = "Moves to the control room in another state; told us before it was announced.";
    people::lose(app, who, id, champion.contact, Some(leaves_on), note).await?;
    Ok(())
}

/// A group keeps away, and somebody speaks against it until their concern is taken up.
pub(super) async fn resist(scene: &Scene<'_>) -> Result<(), AppError> {
    let Scene { app, who, id, .. } = *scene;
    let group = Noticed {
        who: "Reception of the two clinics that left the last tool".to_owned(),
        signal: "passive".to_owned(),
        kind: "experience".to_owned(),
        concern: "The last tool was switched off after four months; nobody wants to learn another in vain."
            .to_owned(),
        ..Noticed::default()
    };
    people::notice(app, who, id, group).await?;
    let ward = Noticed {
        who: "Ward managers".to_owned(),
        signal: "active".to_owned(),
        kind: "practical".to_owned(),
        concern: "Slots that open at short notice cannot be filled from the ward.".to_owned(),
        actions: "Show the call list for short notice; let one ward try it for a week.".to_owned(),
        ..Noticed::default()
    };
    let noticed = people::notice(app, who, id, ward).await?;
    let how = "The ward that tried it fills three slots a day from the list and told the others.";
    people::resolve(app, who, noticed.id, noticed.version, Some(how)).await?;
    Ok(())
}

/// Ticks what the communication plan wanted to be said by the day of the scene, and the first steps of change.
pub(super) async fn tick(scene: &Scene<'_>) -> Result<(), AppError> {
    let Scene { app, who, id, .. } = *scene;
    let known = people::communication(app, who, id).await?;
    let today = known.today;
    for one in known.messages {
        let words = [&one.audience, &one.message, &one.channel, &one.owner];
        if one.on > today || one.sent.is_some() || words.iter().any(|text| text.trim().is_empty()) {
            continue;
        }
        let draft = Draft {
            on: one.on,
            audience: one.audience,
            message: one.message,
            channel: one.channel,
            owner: one.owner,
            sent: true,
        };
        people::change_message(app, who, one.id, one.version, draft).await?;
    }
    for step in known.steps.into_iter().take(STEPS) {
        if step.done.is_some() || step.focus.trim().is_empty() {
            continue;
        }
        let done = Activity { phase: step.phase, activity: step.activity, focus: step.focus, done: true };
        people::change_step(app, who, step.id, step.version, done).await?;
    }
    Ok(())
}
