//! Rules tried on any onboarding at any time: what they say, and every fact they read.

use std::collections::BTreeMap;

use gangway_domain::ids::OnboardingId;
use gangway_domain::methodology::{HealthModel, Methodology};
use gangway_domain::permission::Action;
use gangway_domain::programme::Programme;
use gangway_domain::rule::{
    FactSpec, FactValue, Facts, Gives, Rule, RuleError, Schema, Sheet, Truth, TypedRule,
};
use gangway_store::Timestamp;
use gangway_store::health::{self as rows, history};
use gangway_store::onboarding::head::Head;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};

use super::engine::REVIEW;
use super::facts::days;
use super::trial::now;
use super::{compiled, kept};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::programme::in_force;
use crate::register::onboarding;
use crate::{Actor, App, usage};

/// Facts of usage that no roll-up tells of a day that is over: what was kept of them holds.
const NOT_ROLLED_UP: [&str; 2] = ["pace", "pilot_active_percent"];

/// What a rule says of an onboarding on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Tested {
    /// The onboarding.
    pub head: Head,
    /// The day that was asked for.
    pub on: Date,
    /// When what was known that day was kept; none where it was gathered just now, or nothing was kept yet.
    pub kept_at: Option<Timestamp>,
    /// The day is over, and usage is told as it was by its end, by what was counted.
    pub counted: bool,
    /// What the rule gives.
    pub gives: Gives,
    /// Whether it holds, where it says yes or no.
    pub truth: Option<Truth>,
    /// Its result in words.
    pub result: String,
    /// The facts it reads, in the order it meets them.
    pub facts: Vec<FactRead>,
}

/// A fact as a rule read it.
#[derive(Debug, Clone, PartialEq)]
pub struct FactRead {
    /// Which.
    pub spec: FactSpec,
    /// What it said; none where nobody knew.
    pub value: Option<FactValue>,
    /// The day something was last heard that it rests on; none where it is worked out anew whenever rules look, or where
    /// nobody knows.
    pub heard_on: Option<Date>,
}

/// A rule over the facts of running onboardings, compiled and checked.
///
/// # Errors
/// What is wrong with it, and where: [`RuleError::place`].
pub fn compile_rule(source: &str) -> Result<TypedRule, RuleError> {
    Rule::compile_typed(source, Schema::run())
}

/// What a rule says of an onboarding: by what was known at the end of a day, or by what is known now without one. Facts
/// are kept whenever the health changes, so what was known is what the last change until then rests on, and times that
/// pass by themselves have passed since. Usage is told by its roll-ups, which know every day.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] for a day that is to come, or before anything was
/// kept of the onboarding and any event of its customer; or when the database fails.
#[boxed]
pub async fn test_rule(
    app: &App,
    actor: &Actor,
    rule: &TypedRule,
    id: OnboardingId,
    on: Option<Date>,
) -> Result<Tested, AppError> {
    actor.require(Action::Look)?;
    let today = app.today();
    let known = match on.filter(|on| *on != today) {
        None => {
            let (head, moment) = Box::pin(now(app, actor, id)).await?;
            Known { head, on: today, kept_at: None, counted: false, facts: moment.facts }
        }
        Some(on) if on > today => return Err(wrong_day("is still to come".to_owned())),
        Some(on) => past(app, actor, id, on).await?,
    };
    Ok(tested(rule, known))
}

/// The onboarding a rule is to be tested on.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn subject(app: &App, actor: &Actor, id: OnboardingId) -> Result<Head, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    onboarding(&mut tx, actor, id).await
}

fn wrong_day(message: String) -> AppError {
    AppError::Invalid(vec![Problem::new("day", message)])
}

/// What was known of an onboarding.
struct Known {
    head: Head,
    /// The day that was asked for; the facts are of its end.
    on: Date,
    kept_at: Option<Timestamp>,
    counted: bool,
    facts: Facts,
}

async fn past(app: &App, actor: &Actor, id: OnboardingId, on: Date) -> Result<Known, AppError> {
    let mut tx = app.db.read().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    // What stands now may have been looked at again since it changed last.
    let standing = rows::get(&mut tx, actor.workspace, id).await?.filter(|one| one.on <= on);
    let judged = match standing {
        Some(standing) => Some(standing),
        None => history::on_day(&mut tx, actor.workspace, id, on).await?,
    };
    let at = end_of(on, app.clock.now());
    let used = usage::facts::of_account(app, &mut tx, actor.workspace, head.account_id, at).await?;
    if judged.is_none() && !tells_of_use(used.as_ref()) {
        let first = history::first_day(&mut tx, actor.workspace, id).await?;
        return Err(wrong_day(first.map_or_else(
            || "is before anything was kept of this onboarding".to_owned(),
            |first| format!("is before anything was kept of this onboarding: that began on {first}"),
        )));
    }
    let (kept_at, counted) = (judged.as_ref().map(|judged| judged.at), used.is_some());
    let known = judged.map(|judged| {
        let passed = days(judged.on, on);
        kept::facts_of(&judged.facts).later(Schema::run(), passed)
    });
    Ok(Known { head, on, kept_at, counted, facts: with_usage(known.unwrap_or_default(), used) })
}

/// Whether there was any use until then.
fn tells_of_use(used: Option<&FactValue>) -> bool {
    matches!(used, Some(FactValue::Group(fields)) if fields.contains_key("days_since_use"))
}

/// The last second of a day (UTC), as usage is counted by; now where that is still to come.
fn end_of(day: Date, now: jiff::Timestamp) -> jiff::Timestamp {
    let next = day.tomorrow().and_then(|next| next.to_zoned(TimeZone::UTC));
    let end = next.and_then(|next| next.timestamp().saturating_sub(SignedDuration::from_secs(1)));
    end.map_or(now, |end| end.min(now))
}

/// The facts with those of usage as roll-ups tell them.
fn with_usage(mut facts: Facts, used: Option<FactValue>) -> Facts {
    let Some(FactValue::Group(used)) = used else { return facts };
    let mut fields = match facts.0.remove("usage") {
        Some(FactValue::Group(fields)) => fields,
        _ => BTreeMap::new(),
    };
    fields.retain(|field, _| NOT_ROLLED_UP.contains(field));
    fields.extend(used);
    facts.0.insert("usage", FactValue::Group(fields));
    facts
}

fn tested(rule: &TypedRule, known: Known) -> Tested {
    let schema = Schema::run();
    let Known { head, on, kept_at, counted, facts } = known;
    let sheet = Sheet::new(schema, &facts);
    let heard = |spec: &FactSpec| {
        let days = sheet.number(spec.observed_by()?)?;
        Some(on.saturating_sub(days.clamp(0, 36_500).days()))
    };
    let read = |name: &&'static str| {
        let spec = *schema.find(name)?;
        let value = sheet.get(name).cloned();
        let heard_on = value.as_ref().and_then(|_| heard(&spec));
        Some(FactRead { spec, value, heard_on })
    };
    Tested {
        gives: rule.gives(),
        truth: (rule.gives() == Gives::YesNo).then(|| rule.truth(&sheet)),
        result: rule.shown(&sheet),
        facts: rule.uses().iter().filter_map(read).collect(),
        head,
        on,
        kept_at,
        counted,
    }
}

/// A rule the methodology has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownRule {
    /// Where it stands, as one word: `signal:declining-usage`.
    pub id: String,
    /// What it belongs to.
    pub group: String,
    /// What it decides.
    pub name: String,
    /// Its text.
    pub source: String,
}

impl KnownRule {
    fn new(id: String, group: &str, name: String, source: &str) -> Self {
        Self { id, group: group.to_owned(), name, source: source.to_owned() }
    }
}

/// The rules over running onboardings in force in a workspace: of signals, models of health, the weekly review,
/// milestones, and full value, by what they belong to.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn rules(app: &App, actor: &Actor) -> Result<Vec<KnownRule>, AppError> {
    actor.require(Action::Look)?;
    let programmes = in_force(app, actor.workspace).await?;
    let methodology = &app.methodology;
    let mut all = of_signals(methodology);
    all.extend(methodology.health.values().flat_map(of_model));
    all.extend(of_review(methodology));
    all.extend(programmes.methodology.programmes.values().flat_map(of_milestones));
    let full = &methodology.usage.full_value.rule;
    if !full.is_empty() {
        all.push(KnownRule::new("full-value".to_owned(), "Activation", "Full value".to_owned(), full));
    }
    Ok(all)
}

fn of_signals(methodology: &Methodology) -> Vec<KnownRule> {
    let kinds = methodology.signals.values();
    let rule = |kind: &gangway_domain::methodology::SignalKind| {
        let when = kind.when.as_deref()?;
        Some(KnownRule::new(format!("signal:{}", kind.id), "Signals", kind.name.clone(), when))
    };
    kinds.filter_map(rule).collect()
}

fn of_model(model: &HealthModel) -> Vec<KnownRule> {
    let mut all = Vec::new();
    if let Some(when) = &model.applies.when {
        let id = format!("model:{}:applies", model.id);
        all.push(KnownRule::new(id, &model.name, "Whose model it is".to_owned(), when));
    }
    for component in &model.components {
        for input in &component.measures {
            let id = format!("model:{}:{}:{}", model.id, component.id, input.id);
            let name = format!("{}: {}", component.name, input.name);
            all.push(KnownRule::new(id, &model.name, name, &input.score));
        }
    }
    all
}

fn of_review(methodology: &Methodology) -> Vec<KnownRule> {
    let Some(review) = methodology.checklists.get(REVIEW) else { return Vec::new() };
    let items = review.groups.iter().flat_map(|group| &group.items);
    let rule = |item: &gangway_domain::methodology::ChecklistItem| {
        let rule = item.rule.as_deref()?;
        Some(KnownRule::new(format!("review:{}", item.id), "Weekly review", item.text.clone(), rule))
    };
    items.filter_map(rule).collect()
}

fn of_milestones(programme: &Programme) -> Vec<KnownRule> {
    let group = format!("Milestones: {}", programme.name);
    let mut all = Vec::new();
    for milestone in &programme.milestones {
        for (number, criterion) in milestone.criteria.iter().enumerate() {
            let Some(rule) = &criterion.rule else { continue };
            let id = format!("milestone:{}:{}:{number}", programme.id, milestone.id);
            all.push(KnownRule::new(id, &group, format!("{}: {}", milestone.name, criterion.text), rule));
        }
    }
    all
}

/// A fact of the schema, with who reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactEntry {
    /// The fact.
    pub spec: FactSpec,
    /// The fact that says how many days ago something was last heard of it; none where it is worked out anew.
    pub aged_by: Option<&'static str>,
    /// Models whose inputs read it: model, input, and for how many days it counts in full; none for always.
    pub in_models: Vec<(String, String, Option<u32>)>,
    /// Names of the computed signals whose rules read it.
    pub in_signals: Vec<String>,
}

/// Every fact rules may use, with what it is, how long it counts, and who reads it.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Crashed`].
pub fn fact_book(app: &App, actor: &Actor) -> Result<Vec<FactEntry>, AppError> {
    actor.require(Action::Look)?;
    let engine = compiled(app)?;
    let entry = |spec: &FactSpec| {
        let mut in_models = Vec::new();
        for model in engine.models.iter() {
            let reading = model.inputs().filter(|(_, uses)| uses.contains(&spec.name));
            in_models.extend(
                reading.map(|(input, _)| (model.name().to_owned(), input.name.clone(), input.valid_days)),
            );
        }
        let reads =
            |kind: &&str| engine.watch.rule(kind).is_some_and(|rule| rule.uses().contains(&spec.name));
        let kinds = engine.watch.kinds().filter(reads);
        let named = kinds.filter_map(|kind| app.methodology.signals.get(kind).map(|kind| kind.name.clone()));
        FactEntry { spec: *spec, aged_by: spec.observed_by(), in_models, in_signals: named.collect() }
    };
    Ok(Schema::run().facts().iter().map(entry).collect())
}
