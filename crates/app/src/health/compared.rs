//! A model of health over the history of the whole workspace, beside what people saw then.

use std::collections::BTreeMap;
use std::sync::Arc;

use gangway_domain::health::backtest::{self, ScoreTest, Scored};
use gangway_domain::health::{Assessment, InputState, Model, Models};
use gangway_domain::ids::{AccountId, OnboardingId};
use gangway_domain::methodology::HealthModel;
use gangway_domain::permission::Action;
use gangway_domain::rule::{Schema, Sheet};
use gangway_store::health::history::{self, Then};
use gangway_store::health::known;
use jiff::civil::Date;

use super::past::{Against, BELOW, left_on, watched};
use super::{kept, trial};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::{Actor, App, calculate};

/// Changes of health that are judged again at once.
const AT_ONCE: u32 = 500;

/// Changes of health that are judged again at most.
const MOST: usize = 20_000;

/// Longest time that is looked back on, in days.
const LONGEST: i32 = 550;

/// What is to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The model (id), of those in force; where there is a text, it is of the model of that text.
    pub model: String,
    /// A draft as TOML; empty for the model in force.
    pub draft: String,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// What is to be foretold.
    pub against: Against,
    /// How many days ahead counts as foretold.
    pub horizon_days: u32,
}

/// What came out on one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// 0 to 100; none where too little is known.
    pub score: Option<u32>,
    /// What counts.
    pub status: String,
}

/// An onboarding as it stood at the end of the time, and as the model says it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The onboarding.
    pub onboarding: OnboardingId,
    /// The customer.
    pub customer: String,
    /// Segment as people see it.
    pub segment: String,
    /// The day of the change that stood at the end.
    pub on: Date,
    /// As people saw it.
    pub then: Found,
    /// As the model says.
    pub now: Found,
}

impl Pair {
    /// By how many points the score is another; none where one side has none.
    #[must_use]
    pub fn moved(&self) -> Option<i64> {
        self.then.score.zip(self.now.score).map(|(then, now)| i64::from(now) - i64::from(then))
    }

    /// Whether what counts is another.
    #[must_use]
    pub fn is_other_band(&self) -> bool {
        self.then.status != self.now.status
    }
}

/// A model over the history of a workspace.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// The model: name and version.
    pub model: String,
    /// Its statuses, from best to worst.
    pub statuses: Vec<String>,
    /// What is allowed in it and probably not wanted, such as inputs that say little alone.
    pub warnings: Vec<String>,
    /// Inputs that did not count, since they never count alone: name, and in how many onboardings at the end.
    pub alone: Vec<(String, usize)>,
    /// The onboardings the model is for, those that moved most first.
    pub pairs: Vec<Pair>,
    /// Changes that were judged again.
    pub changes: usize,
    /// Changes of which no facts are kept, so that nobody can judge them again.
    pub without_facts: usize,
    /// Whether there were more changes than are judged again at most.
    pub is_cut: bool,
    /// Onboardings that were watched for what happened.
    pub watched: usize,
    /// What scores foretold as people saw them.
    pub then: ScoreTest,
    /// What those of the model would have foretold.
    pub now: ScoreTest,
}

/// What a model says of every onboarding it is for, over the changes of health from a day to a day, beside what was found
/// then; and what either would have foretold. A draft takes the place of the model in force with its id. Nothing is kept.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] for a draft that cannot be used, a model there is none of, or days in no
/// order; or when the database fails.
#[boxed]
pub async fn compare(app: &App, actor: &Actor, asked: &Comparison) -> Result<Compared, AppError> {
    actor.require(Action::Look)?;
    if asked.to < asked.from || (asked.to - asked.from).get_days() > LONGEST {
        return Err(invalid("from", format!("must lie before the last day, at most {LONGEST} days")));
    }
    let (id, models) = chosen(app, asked)?;
    let gathered = Box::pin(gather(app, actor, asked, &id, &models)).await?;
    let foretold = Box::pin(foretold(app, actor, asked, &gathered)).await?;
    let model = models.get(&id).ok_or_else(|| AppError::missing("model", &id))?;
    Ok(laid_out(model, gathered, foretold))
}

fn invalid(field: &'static str, message: String) -> AppError {
    AppError::Invalid(vec![Problem::new(field, message)])
}

/// The id of the model, and all models as they would be with it.
fn chosen(app: &App, asked: &Comparison) -> Result<(String, Arc<Models>), AppError> {
    let mut all = app.methodology.health.clone();
    let id = if asked.draft.trim().is_empty() {
        asked.model.clone()
    } else {
        let draft = trial::model(&asked.draft)?;
        let id = draft.id().to_owned();
        // By the name of its file, since that is what the models in force are kept by.
        let known = all.iter().find(|(_, known)| known.id == id);
        let place = known.map_or_else(|| id.clone(), |(at, _)| at.clone());
        all.insert(place, draft.source().clone());
        id
    };
    if !all.values().any(|model| model.id == id) {
        let ids: Vec<&str> = all.values().map(|model| model.id.as_str()).collect();
        return Err(invalid("model", format!("must be one of {}", ids.join(", "))));
    }
    let models = Models::compile(&all, Schema::run()).map_err(|errors| {
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        invalid("model", format!("cannot be used: {}", told.join("; ")))
    })?;
    Ok((id, Arc::new(models)))
}

/// A change that was judged again.
struct Again {
    was: Pair,
    /// Inputs that did not count, since they never count alone.
    alone: Vec<String>,
}

/// What was gathered of the history.
#[derive(Default)]
struct Gathered {
    /// How each stood at the end.
    last: BTreeMap<OnboardingId, Again>,
    /// The first day of each.
    first: BTreeMap<OnboardingId, Date>,
    /// Scores as people saw them, and as the model says.
    then: Vec<Scored>,
    now: Vec<Scored>,
    changes: usize,
    without_facts: usize,
    is_cut: bool,
}

async fn gather(
    app: &App,
    actor: &Actor,
    asked: &Comparison,
    id: &str,
    models: &Arc<Models>,
) -> Result<Gathered, AppError> {
    let mut tx = app.db.read().await?;
    let mut all = Gathered::default();
    let (mut after, mut read) = (None, 0);
    loop {
        let rows = history::between(&mut tx, actor.workspace, asked.from, asked.to, after, AT_ONCE).await?;
        let Some(last) = rows.last() else { return Ok(all) };
        after = Some((last.onboarding, last.number));
        read += rows.len();
        let (models, id) = (models.clone(), id.to_owned());
        let (again, without) = calculate(move || judged(&models, &id, rows)).await?;
        all.without_facts += without;
        all.take(again);
        if read >= MOST {
            all.is_cut = true;
            return Ok(all);
        }
    }
}

impl Gathered {
    /// Changes in their order.
    fn take(&mut self, again: Vec<Again>) {
        self.changes += again.len();
        for one in again {
            let Pair { onboarding, on, then, now, .. } = &one.was;
            self.first.entry(*onboarding).or_insert(*on);
            let scored = |score: u32| Scored { entity: onboarding.to_string(), day: *on, score };
            self.then.extend(then.score.map(scored));
            self.now.extend(now.score.map(scored));
            self.last.insert(*onboarding, one);
        }
    }
}

/// Changes judged by the model where it is that of the onboarding, or was; and of how many no facts are kept.
fn judged(models: &Models, id: &str, rows: Vec<Then>) -> (Vec<Again>, usize) {
    let (mut all, mut without) = (Vec::with_capacity(rows.len()), 0);
    for row in rows {
        let moment = kept::moment_of(row.on, &row.facts);
        if moment.facts.0.is_empty() {
            without += usize::from(row.model == id);
            continue;
        }
        let sheet = Sheet::new(Schema::run(), &moment.facts);
        let Some(model) = models.select(&sheet).filter(|model| model.id() == id || row.model == id) else {
            continue;
        };
        let found = model.score(&sheet, &moment.signals, moment.by_hand.as_ref(), moment.day);
        all.push(Again { alone: alone(&found), was: pair(row, found) });
    }
    (all, without)
}

fn pair(row: Then, found: Assessment) -> Pair {
    Pair {
        onboarding: row.onboarding,
        customer: row.customer,
        segment: row.segment,
        on: row.on,
        then: Found { score: row.score.and_then(|score| u32::try_from(score).ok()), status: row.status },
        now: Found { score: found.score, status: found.status },
    }
}

/// Inputs that did not count, since they never count alone.
fn alone(found: &Assessment) -> Vec<String> {
    let of = |component: &gangway_domain::health::ComponentScore| {
        let alone = component.inputs.iter().filter(|input| input.state == InputState::VanityOnly);
        alone.map(|input| format!("{}: {}", component.name, input.name)).collect::<Vec<String>>()
    };
    found.components.iter().flat_map(of).collect()
}

/// What the scores of both sides foretold, and how many were watched.
async fn foretold(
    app: &App,
    actor: &Actor,
    asked: &Comparison,
    gathered: &Gathered,
) -> Result<(usize, ScoreTest, ScoreTest), AppError> {
    let mut tx = app.db.read().await?;
    let past = known::past(&mut tx, actor.workspace, asked.to).await?;
    let left = left_on(&mut tx, actor.workspace, asked.from).await?;
    drop(tx);
    // Who left later is not known to have left within this time.
    let left = |account: &AccountId| left.get(account).copied().filter(|day| *day <= asked.to);
    let watch = |one: &known::Past| {
        let first = *gathered.first.get(&one.id)?;
        let from = first.max(asked.from);
        watched(one, left(&one.account), asked.against, from, asked.to)
    };
    let watched: Vec<backtest::Watched> = past.iter().filter_map(watch).collect();
    let (then, now) = (gathered.then.clone(), gathered.now.clone());
    let horizon = asked.horizon_days.clamp(7, 365);
    calculate(move || {
        let test = |scored: &[Scored]| backtest::scores(&watched, scored, horizon, BELOW);
        (watched.len(), test(&then), test(&now))
    })
    .await
}

fn laid_out(model: &Model, gathered: Gathered, foretold: (usize, ScoreTest, ScoreTest)) -> Compared {
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    let mut pairs = Vec::with_capacity(gathered.last.len());
    for one in gathered.last.into_values() {
        for name in one.alone {
            *counted.entry(name).or_default() += 1;
        }
        pairs.push(one.was);
    }
    // Whose score came or went has moved most.
    let moved = |pair: &Pair| match (pair.then.score, pair.now.score) {
        (None, None) => 0,
        (Some(then), Some(now)) => then.abs_diff(now),
        (None, Some(_)) | (Some(_), None) => 101,
    };
    pairs.sort_by_key(|pair| (std::cmp::Reverse(moved(pair)), !pair.is_other_band()));
    let mut alone: Vec<(String, usize)> = counted.into_iter().collect();
    alone.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let (watched, then, now) = foretold;
    Compared {
        model: format!("{} version {}", model.name(), model.version()),
        statuses: model.statuses().iter().map(|one| one.name.clone()).collect(),
        warnings: model.warnings().iter().map(|one| one.message.clone()).collect(),
        alone,
        pairs,
        changes: gathered.changes,
        without_facts: gathered.without_facts,
        is_cut: gathered.is_cut,
        watched,
        then,
        now,
    }
}

/// The text of a model in force, to make a draft of; none where its file is not found.
///
/// # Errors
/// [`AppError::Forbidden`].
pub fn model_text(app: &App, actor: &Actor, id: &str) -> Result<Option<String>, AppError> {
    actor.require(Action::Look)?;
    let library = app.shelf.library();
    let files = library.paths().filter(|path| path.starts_with("health/") && path.ends_with(".toml"));
    let is_it = |text: &&str| toml::from_str::<HealthModel>(text).is_ok_and(|model| model.id == id);
    Ok(files.filter_map(|path| library.text(path)).find(is_it).map(str::to_owned))
}
