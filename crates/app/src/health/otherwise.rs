//! What an onboarding's health and signals would be if facts were others. Nothing is kept.

use std::collections::BTreeSet;

use gangway_domain::deal::Severity;
use gangway_domain::health::{self as domain, Model, Moment, OpenSignal, WhatIf};
use gangway_domain::ids::OnboardingId;
use gangway_domain::methodology::HealthStatus;
use gangway_domain::permission::Action;
use gangway_domain::rule::{FactValue, Facts, RuleError, Schema, Sheet, Truth};
use gangway_domain::signal::Watch;
use gangway_store::onboarding::head::Head;

use super::engine::{Compiled, compiled};
use super::still_judged;
use super::trial::{no_model, now};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::none_of;
use crate::{Actor, App};

/// Facts that are changed at once at most.
const CHANGED: usize = 30;

/// A fact that is to be another; none where nobody is to know it.
type Change = (String, Option<FactValue>);

/// An onboarding as it is, and as it would be.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// The onboarding.
    pub head: Head,
    /// The name of the model that judges it.
    pub model: String,
    /// Statuses of the model, best first.
    pub statuses: Vec<HealthStatus>,
    /// What is known of it now.
    pub facts: Facts,
    /// Names of the facts the model reads.
    pub of_model: BTreeSet<&'static str>,
    /// Names of the facts computed signals read.
    pub of_signals: BTreeSet<&'static str>,
    /// The health of both, and what moves it.
    pub found: WhatIf,
    /// Computed signals that are open, hold now, or would hold.
    pub signals: Vec<TriedSignal>,
}

/// A kind of signal before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TriedSignal {
    /// Its kind (id).
    pub kind: String,
    /// Name people see.
    pub name: String,
    /// How grave it is.
    pub severity: Severity,
    /// Whether one is open now.
    pub is_open: bool,
    /// Whether its rule holds now.
    pub before: Truth,
    /// Whether it would hold.
    pub after: Truth,
    /// What would be seen, or is; empty where its rule holds neither now nor then.
    pub words: String,
}

/// What the health would be if facts were others: each named, with what it would say, and taken away with nothing.
/// Signals that would be raised count as open; those that are open stay so, since signals end with time.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] for a fact there is none of or a value it
/// cannot have, [`AppError::Refusal`] when the onboarding was closed or no model is for such a one; or when the database
/// fails.
#[boxed]
pub async fn try_out(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    changes: &[(String, String)],
) -> Result<Trial, AppError> {
    actor.require(Action::Look)?;
    let (head, before) = Box::pin(now(app, actor, id)).await?;
    still_judged(&head)?;
    let engine = compiled(app)?;
    tried(app, &engine, head, &before, changes)
}

fn tried(
    app: &App,
    engine: &Compiled,
    head: Head,
    before: &Moment,
    changes: &[(String, String)],
) -> Result<Trial, AppError> {
    let schema = Schema::run();
    let changes = read(changes, schema)?;
    let model = engine.models.select(&Sheet::new(schema, &before.facts)).ok_or_else(no_model)?;
    let after = changed(model, &engine.watch, before, &changes, schema)
        .map_err(|error| invalid(format!("cannot be used: {}", error.message)))?;
    let rules = engine.watch.kinds().filter_map(|kind| engine.watch.rule(kind));
    Ok(Trial {
        head,
        model: format!("{} version {}", model.name(), model.version()),
        statuses: model.statuses().to_vec(),
        facts: before.facts.clone(),
        of_model: model.inputs().flat_map(|(_, uses)| uses.iter().copied()).collect(),
        of_signals: rules.flat_map(|rule| rule.uses().iter().copied()).collect(),
        found: domain::compare(model, before, &after, schema),
        signals: signals(app, &engine.watch, before, &after, schema),
    })
}

fn invalid(message: String) -> AppError {
    AppError::Invalid(vec![Problem::new("facts", message)])
}

/// What was written for facts, read as what they are. What is wrong is told at each fact.
fn read(changes: &[(String, String)], schema: &Schema) -> Result<Vec<Change>, AppError> {
    if changes.len() > CHANGED {
        return Err(invalid(format!("are more than {CHANGED}")));
    }
    let (mut read, mut problems) = (Vec::new(), Vec::new());
    for (name, text) in changes {
        match value(name, text, schema) {
            Ok(value) => read.push((name.clone(), value)),
            Err(problem) => problems.push(problem),
        }
    }
    none_of(problems)?;
    Ok(read)
}

/// What was written for a fact; none where nobody is to know it.
fn value(name: &str, text: &str, schema: &Schema) -> Result<Option<FactValue>, Problem> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let found = schema.read(name, text);
    let Some(spec) = schema.find(name) else {
        let said = found.err().map_or_else(String::new, |error| error.message);
        return Err(Problem::new("facts", format!("cannot be read: {said}")));
    };
    let value = found.map_err(|error| Problem::new(spec.name, error.message))?;
    match spec.wrong(&value) {
        Some(wrong) => Err(Problem::new(spec.name, wrong)),
        None => Ok(Some(value)),
    }
}

/// The moment with other facts, and with what follows of them: another score is a fact, too, and signals are raised.
fn changed(
    model: &Model,
    watch: &Watch,
    before: &Moment,
    changes: &[Change],
    schema: &Schema,
) -> Result<Moment, RuleError> {
    let mut after = Moment { facts: domain::changed(&before.facts, changes, schema)?, ..before.clone() };
    if changes.is_empty() {
        return Ok(after);
    }
    let follows = of_score(&domain::compare(model, before, &after, schema), &before.facts, schema);
    // What somebody says of the score itself counts more than what follows.
    let follows: Vec<Change> =
        follows.into_iter().filter(|(name, _)| !changes.iter().any(|(said, _)| said == name)).collect();
    after.facts = domain::changed(&after.facts, &follows, schema)?;
    let raised = raised(watch, before, &after, schema);
    after.signals.extend(raised);
    Ok(after)
}

/// The facts about the score as they would be; none where it stays.
fn of_score(found: &WhatIf, facts: &Facts, schema: &Schema) -> Vec<Change> {
    let WhatIf { before, after, .. } = found;
    if (before.score, &before.status) == (after.score, &after.status) {
        return Vec::new();
    }
    let number = |name: &str, value: i64| (name.to_owned(), Some(FactValue::Int(value)));
    let mut follows = vec![("health.status".to_owned(), Some(FactValue::Text(after.status.clone())))];
    let Some(score) = after.score.map(i64::from) else {
        let gone = ["health.score", "health.change_7", "health.change_7_percent"];
        follows.extend(gone.map(|name| (name.to_owned(), None)));
        return follows;
    };
    follows.push(number("health.score", score));
    let sheet = Sheet::new(schema, facts);
    if let Some((was, change)) = sheet.number("health.score").zip(sheet.number("health.change_7")) {
        let week_ago = was - change;
        follows.push(number("health.change_7", score - week_ago));
        if week_ago > 0 {
            follows.push(number("health.change_7_percent", (score - week_ago) * 100 / week_ago));
        }
    }
    follows
}

/// Signals whose rules would hold and do not hold now, and of whose kind none is open.
fn raised(watch: &Watch, before: &Moment, after: &Moment, schema: &Schema) -> Vec<OpenSignal> {
    let (sheet, other) = (Sheet::new(schema, &before.facts), Sheet::new(schema, &after.facts));
    let pairs = watch.judge(&sheet).into_iter().zip(watch.judge(&other));
    pairs
        .filter(|(now, then)| !now.truth.is_yes() && then.truth.is_yes())
        .filter(|(_, then)| !before.signals.iter().any(|one| one.kind == then.kind))
        .map(|(_, then)| OpenSignal { kind: then.kind.to_owned(), severity: then.severity })
        .collect()
}

/// What people call a kind of signal.
fn name_of(app: &App, kind: &str) -> String {
    app.methodology.signals.get(kind).map_or_else(|| kind.to_owned(), |known| known.name.clone())
}

fn signals(app: &App, watch: &Watch, before: &Moment, after: &Moment, schema: &Schema) -> Vec<TriedSignal> {
    let (sheet, other) = (Sheet::new(schema, &before.facts), Sheet::new(schema, &after.facts));
    let pairs = watch.judge(&sheet).into_iter().zip(watch.judge(&other));
    let mut all: Vec<TriedSignal> = pairs
        .map(|(now, then)| TriedSignal {
            kind: then.kind.to_owned(),
            name: name_of(app, then.kind),
            severity: then.severity,
            is_open: before.signals.iter().any(|one| one.kind == then.kind),
            words: if then.words.is_empty() { now.words } else { then.words },
            before: now.truth,
            after: then.truth,
        })
        .filter(|one| one.is_open || one.before.is_yes() || one.after.is_yes())
        .collect();
    // What would be another stands first, then the gravest.
    all.sort_by_key(|one| (one.before == one.after, std::cmp::Reverse(one.severity)));
    all
}
