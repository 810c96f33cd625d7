//! What a document that escalates and a plan to save a customer or to part tell: the signals, what is at stake, what
//! was done about it by whom, and until when it must be decided.

use std::collections::BTreeSet;

use gangway_domain::deal::StakeholderRole;
use gangway_domain::escalation::State;
use gangway_domain::ids::{OnboardingId, SignalId};
use gangway_domain::intervention::{ActionTaken, EscalationFacts, Outcome, SignalRow, Stakes, save_or_exit};
use gangway_domain::methodology::SaveOrExitRules;
use gangway_domain::report::{Facts, Kind};
use gangway_domain::work::{RunningTask, TaskState};
use gangway_store::Tx;
use gangway_store::escalation::Escalation;
use gangway_store::health::{self, Judged};
use gangway_store::intervention::{self, Ended, Intervention, Query};
use gangway_store::onboarding::head::Head;
use gangway_store::signal::{self, Signal};
use gangway_store::work::Stored;
use jiff::civil::Date;

use super::facts::{day, who_of};
use crate::error::AppError;
use crate::{Actor, App};

/// Interventions that are told of, the newest.
const INTERVENTIONS: u32 = 30;

/// What is known of an onboarding in trouble beside its plan and its register.
pub(super) struct Trouble {
    signals: Vec<Signal>,
    interventions: Vec<Intervention>,
    raised: Vec<Escalation>,
    judged: Option<Judged>,
}

/// What the rows of an onboarding say, with what was escalated.
pub(super) async fn read(
    tx: &mut Tx,
    actor: &Actor,
    id: OnboardingId,
    raised: Vec<Escalation>,
) -> Result<Trouble, AppError> {
    let query = Query { onboarding: Some(id), limit: INTERVENTIONS, ..Query::default() };
    Ok(Trouble {
        signals: signal::open_of(tx, actor.workspace, id).await?,
        interventions: intervention::page(tx, actor.workspace, &query).await?,
        raised,
        judged: health::get(tx, actor.workspace, id).await?,
    })
}

impl Trouble {
    /// Lays what such a report tells beside the other facts.
    pub(super) fn tell(
        &self,
        app: &App,
        actor: &Actor,
        kind: Kind,
        (head, stored): (&Head, &Stored),
        facts: &mut Facts,
    ) -> Result<(), AppError> {
        let told = self.told(app, actor, (head, stored), facts);
        if kind == Kind::SaveOrExit {
            facts.save_or_exit = Some(save_or_exit(self.rules(app)?, told));
        } else {
            facts.escalation = Some(told);
        }
        Ok(())
    }

    /// What the playbook that runs says of saving or parting, else the first that says anything.
    fn rules<'a>(&self, app: &'a App) -> Result<&'a SaveOrExitRules, AppError> {
        let playbooks = &app.methodology.interventions;
        let own = self.running().find_map(|one| playbooks.get(&one.playbook)?.save_or_exit.as_ref());
        let any = || playbooks.values().find_map(|playbook| playbook.save_or_exit.as_ref());
        let none = "no playbook says what a plan to save a customer or to part holds";
        own.or_else(any).ok_or_else(|| AppError::Refusal(none.to_owned()))
    }

    fn told(
        &self,
        app: &App,
        actor: &Actor,
        (head, stored): (&Head, &Stored),
        facts: &Facts,
    ) -> EscalationFacts {
        let value = head.acv.as_ref().map(ToString::to_string).unwrap_or_default();
        let stakes = Stakes {
            value: value.clone(),
            go_live: facts.dates.go_live,
            wanted: facts.dates.wanted,
            blocked: facts.blocked.len(),
            people: deciding(app, facts),
        };
        let mut told = EscalationFacts {
            customer: facts.customer.clone(),
            value,
            phase: phase(stored),
            day: facts.as_of,
            by: actor.own_name().to_owned(),
            to: self.addressee(app),
            owner: self.running().next().map(|one| one.owner.clone()).unwrap_or_default(),
            health: self.judged.as_ref().map(in_words).unwrap_or_default(),
            signals: self.signals.iter().map(|one| self.row(app, one)).collect(),
            impact: stakes.impact(),
            actions: self.actions(app, stored),
            next_steps: self.running().flat_map(|one| planned(stored, one)).collect(),
            decision_by: self.decision_by(app, facts.as_of),
        };
        told.sort_signals();
        told
    }

    /// What goes on, the newest first.
    fn running(&self) -> impl Iterator<Item = &Intervention> {
        self.interventions.iter().filter(|one| one.ended.is_none())
    }

    /// Whoever is asked by what was escalated highest, else whoever owns the playbook that runs.
    fn addressee(&self, app: &App) -> String {
        let open = self.raised.iter().filter(|one| one.state.is_open());
        if let Some(highest) = open.max_by_key(|one| one.level) {
            return highest.path.clone();
        }
        let playbooks = &app.methodology.interventions;
        self.running().find_map(|one| Some(playbooks.get(&one.playbook)?.owner.clone())).unwrap_or_default()
    }

    fn row(&self, app: &App, one: &Signal) -> SignalRow {
        let taken = one.body.acknowledged_by.as_ref().map(|by| format!("taken up by {by}"));
        SignalRow {
            name: one.name.clone(),
            first_noticed: one.body.raised_at.to_zoned(app.time_zone.clone()).date(),
            severity: one.body.severity,
            count: one.body.count,
            words: line(&one.body.words),
            action: self.about(one.id).or(taken).unwrap_or_default(),
        }
    }

    /// The newest playbook that was begun about a signal.
    fn about(&self, signal: SignalId) -> Option<String> {
        let found = self.interventions.iter().find(|one| one.signals.contains(&signal))?;
        Some(format!("playbook {}, {}", found.name, found.owner))
    }

    /// What was done, the earliest first.
    fn actions(&self, app: &App, stored: &Stored) -> Vec<ActionTaken> {
        let begun = self.interventions.iter().flat_map(|one| {
            let begun = ActionTaken {
                action: line(&format!("{}: {}", one.name, one.reason)),
                owner: one.owner.clone(),
                result: one.ended.as_ref().map(result).unwrap_or_default(),
                on: Some(day(app, one.started_at)),
            };
            std::iter::once(begun).chain(done(stored, one))
        });
        let raised = self.raised.iter().map(|one| ActionTaken {
            action: format!("Escalated to level {}: {}", one.level, one.title),
            owner: one.raised_by.clone(),
            result: match &one.state {
                State::Raised => "not taken up yet".to_owned(),
                State::Acknowledged { by, .. } => format!("taken up by {by}"),
                State::Answered { answer, .. } => line(answer),
                State::Resolved { how, .. } => line(how),
            },
            on: Some(day(app, one.raised_at)),
        });
        let mut all: Vec<ActionTaken> = begun.chain(raised).collect();
        all.sort_by_key(|one| one.on);
        all
    }

    /// The first clock that runs out; today when it has.
    fn decision_by(&self, app: &App, today: Date) -> Option<Date> {
        let asked = self.raised.iter().filter(|one| one.state.answered_at().is_none());
        // A playbook without a clock is due when it begins.
        let begun = self.running().filter(|one| one.due_at != one.started_at);
        let clocks = asked.map(|one| one.respond_by).chain(begun.map(|one| one.due_at));
        clocks.map(|at| day(app, at).max(today)).min()
    }
}

/// Sponsors and champions, with where they stand.
fn deciding(app: &App, facts: &Facts) -> Vec<String> {
    let roles = [StakeholderRole::ExecutiveSponsor, StakeholderRole::Champion];
    let roles = roles.map(|role| app.methodology.people.role_name(role));
    let of_note = facts.people.iter().filter(|person| roles.contains(&person.role.as_str()));
    let told = of_note.map(|person| match person.stands.as_str() {
        "" => format!("{} ({})", person.name, person.role),
        stands => format!("{} ({}): {stands}", person.name, person.role),
    });
    told.collect()
}

/// The first phase in which something is left to do.
fn phase(stored: &Stored) -> String {
    let open = stored.plan.tasks.iter().filter(|task| !task.state.is_over() && !task.is_recurring());
    let left: BTreeSet<&str> = open.map(|task| task.phase.as_str()).collect();
    let open = stored.plan.phases.iter().find(|phase| left.contains(phase.code.as_str()));
    open.map_or_else(|| "Everything planned is done".to_owned(), |phase| phase.name.clone())
}

fn in_words(judged: &Judged) -> String {
    match judged.score {
        Some(score) => format!("{score} of 100, {}", judged.status),
        None => judged.status.clone(),
    }
}

/// The tasks an intervention put into the plan, each with who does it.
fn steps<'a>(stored: &'a Stored, one: &'a Intervention) -> impl Iterator<Item = (&'a RunningTask, String)> {
    let of_it =
        stored.plan.tasks.iter().filter(move |task| {
            stored.tasks.get(&task.code).is_some_and(|facts| one.tasks.contains(&facts.id))
        });
    of_it.map(move |task| {
        let who = who_of(task);
        // What nobody was given is done by whoever answers for the whole.
        (task, if who.is_empty() { one.owner.clone() } else { who })
    })
}

/// Those that are done.
fn done<'a>(stored: &'a Stored, one: &'a Intervention) -> impl Iterator<Item = ActionTaken> {
    steps(stored, one).filter_map(|(task, owner)| {
        let TaskState::Done { finished_on, .. } = task.state else { return None };
        let (action, result) = (task.name.clone(), "done".to_owned());
        Some(ActionTaken { action, owner, result, on: Some(finished_on) })
    })
}

/// Those that are not over, in words.
fn planned<'a>(stored: &'a Stored, one: &'a Intervention) -> impl Iterator<Item = String> {
    steps(stored, one).filter(|(task, _)| !task.state.is_over()).map(|(task, who)| {
        let by = task.finish.strftime("%-d %b %Y");
        format!("{} ({who}, by {by})", task.name)
    })
}

/// How an intervention ended, and what was learned.
fn result(ended: &Ended) -> String {
    let known = ended.outcome.parse::<Outcome>();
    let word = known.map_or(ended.outcome.as_str(), |outcome| outcome.label());
    if ended.learned.is_empty() { word.to_owned() } else { line(&format!("{word}: {}", ended.learned)) }
}

/// It stands in a table, whose rows are lines.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
