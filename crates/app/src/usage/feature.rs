//! Features of the product: what a workspace says of them, else what the methodology does.

use gangway_domain::ids::FeatureId;
use gangway_domain::permission::Action;
use gangway_domain::usage::ANY;
use gangway_store::Tx;
use gangway_store::usage::{feature as rows, view};

pub use gangway_domain::usage::Feature as InUse;
pub use gangway_store::usage::feature::Feature;

use crate::activity;
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::programme::in_force_with;
use crate::{Actor, App, version};

/// Features of a workspace: each has a bit of its own in what is kept of an account.
const MOST: usize = 60;

/// Events of a feature.
const MOST_EVENTS: usize = 50;

/// Names of events that are offered.
const OFFERED: u32 = 500;

/// Characters of a name, a code, an event.
const LONGEST: usize = 255;

/// What is asked of a feature.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Id in words; made from the name when it is none.
    pub code: Option<String>,
    /// Name people see.
    pub name: String,
    /// What it is; may be empty.
    pub description: String,
    /// Events that show its use.
    pub events: Vec<String>,
    /// Whether it counts for adoption.
    pub core: bool,
    /// Whether it goes beyond the core.
    pub advanced: bool,
}

/// The workspace's own features, in order. While there are none, those of the methodology hold.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Feature>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    Ok(rows::of_workspace(&mut tx, actor.workspace).await?)
}

/// The features that hold.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn in_use(app: &App, actor: &Actor) -> Result<Vec<InUse>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let force = in_force_with(app, &mut tx, actor.workspace).await?;
    super::facts::features(&mut tx, actor.workspace, &force.methodology.usage).await
}

/// One feature of the workspace's own.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn get(app: &App, actor: &Actor, id: FeatureId) -> Result<Feature, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    known(&mut tx, actor, id).await
}

/// Names of events that came in, those most customers did first.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn event_names(app: &App, actor: &Actor) -> Result<Vec<String>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    Ok(view::names(&mut tx, actor.workspace, OFFERED).await?)
}

/// Makes the methodology's features the workspace's own, to be changed, when it has none.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Refusal`] when it has features; or when the database fails.
#[boxed]
pub async fn adopt(app: &App, actor: &Actor) -> Result<Vec<Feature>, AppError> {
    actor.require(Action::DraftProgrammes)?;
    let mut tx = app.db.write().await?;
    if !rows::of_workspace(&mut tx, actor.workspace).await?.is_empty() {
        return Err(AppError::Refusal("the workspace has features of its own already".to_owned()));
    }
    let force = in_force_with(app, &mut tx, actor.workspace).await?;
    for (position, rule) in (0_i64..).zip(&force.methodology.usage.features) {
        let feature = Feature {
            id: FeatureId::fresh(&*app.ids),
            code: rule.id.clone(),
            name: rule.name.clone(),
            description: rule.description.clone(),
            events: rule.events.clone(),
            core: rule.core,
            advanced: rule.advanced,
            position,
            version: 1,
        };
        rows::insert(&mut tx, actor.workspace, &feature).await.map_err(AppError::overtaken)?;
    }
    let summary = "Took over the features of the methodology".to_owned();
    activity::audit(app, &mut tx, actor, "usage.feature_changed", summary).await?;
    let features = rows::of_workspace(&mut tx, actor.workspace).await?;
    tx.commit().await?;
    Ok(features)
}

/// Adds a feature. From the first one on, those of the methodology hold no more.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn add(app: &App, actor: &Actor, wanted: &Wanted) -> Result<Feature, AppError> {
    actor.require(Action::DraftProgrammes)?;
    let Checked { code, name, description, events } = checked(wanted)?;
    let mut tx = app.db.write().await?;
    let others = rows::of_workspace(&mut tx, actor.workspace).await?;
    if others.len() >= MOST {
        let full = format!("cannot be added: a workspace has at most {MOST} features");
        return Err(AppError::Invalid(vec![Problem::new("name", full)]));
    }
    is_free(&others, &code, None)?;
    let feature = Feature {
        id: FeatureId::fresh(&*app.ids),
        code,
        name,
        description,
        events,
        core: wanted.core,
        advanced: wanted.advanced,
        position: others.iter().map(|other| other.position + 1).max().unwrap_or(0),
        version: 1,
    };
    rows::insert(&mut tx, actor.workspace, &feature).await.map_err(AppError::overtaken)?;
    let summary = format!("Added the feature {}", feature.name);
    activity::audit(app, &mut tx, actor, "usage.feature_changed", summary).await?;
    tx.commit().await?;
    Ok(feature)
}

/// Changes a feature. What was counted shows its use from the first event on, also of events named only now.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Stale`]; or when the database
/// fails.
#[boxed]
pub async fn change(
    app: &App,
    actor: &Actor,
    id: FeatureId,
    seen: Option<i64>,
    wanted: &Wanted,
) -> Result<Feature, AppError> {
    actor.require(Action::DraftProgrammes)?;
    let Checked { code, name, description, events } = checked(wanted)?;
    let mut tx = app.db.write().await?;
    let before = known(&mut tx, actor, id).await?;
    let seen = seen.unwrap_or(before.version);
    version::fresh("feature", before.version, seen)?;
    let code = if wanted.code.is_some() { code } else { before.code.clone() };
    is_free(&rows::of_workspace(&mut tx, actor.workspace).await?, &code, Some(id))?;
    let (core, advanced) = (wanted.core, wanted.advanced);
    let mut feature = Feature { code, name, description, events, core, advanced, ..before };
    let done = rows::change(&mut tx, actor.workspace, &feature).await.map_err(AppError::overtaken)?;
    feature.version = version::after("feature", seen, done)?;
    let summary = format!("Changed the feature {}", feature.name);
    activity::audit(app, &mut tx, actor, "usage.feature_changed", summary).await?;
    tx.commit().await?;
    Ok(feature)
}

/// Removes a feature; its events stay counted.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Stale`]; or when the database fails.
#[boxed]
pub async fn remove(app: &App, actor: &Actor, id: FeatureId, seen: Option<i64>) -> Result<(), AppError> {
    actor.require(Action::DraftProgrammes)?;
    let mut tx = app.db.write().await?;
    let before = known(&mut tx, actor, id).await?;
    let seen = seen.unwrap_or(before.version);
    version::fresh("feature", before.version, seen)?;
    let done = rows::delete(&mut tx, actor.workspace, id, seen).await?;
    version::after("feature", seen, done)?;
    let summary = format!("Removed the feature {}", before.name);
    activity::audit(app, &mut tx, actor, "usage.feature_changed", summary).await?;
    tx.commit().await?;
    Ok(())
}

async fn known(tx: &mut Tx, actor: &Actor, id: FeatureId) -> Result<Feature, AppError> {
    rows::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("feature", id))
}

fn is_free(others: &[Feature], code: &str, own: Option<FeatureId>) -> Result<(), AppError> {
    if others.iter().any(|other| other.code == code && Some(other.id) != own) {
        let taken = format!("`{code}` is another feature's already");
        return Err(AppError::Invalid(vec![Problem::new("code", taken)]));
    }
    Ok(())
}

struct Checked {
    code: String,
    name: String,
    description: String,
    events: Vec<String>,
}

fn checked(wanted: &Wanted) -> Result<Checked, AppError> {
    let mut problems = Vec::new();
    let text = |text: &str| text.trim().to_owned();
    let (name, description) = (text(&wanted.name), text(&wanted.description));
    if name.is_empty() || name.chars().count() > LONGEST {
        problems.push(Problem::new("name", format!("must have 1 to {LONGEST} characters")));
    }
    if description.chars().count() > 2_000 {
        problems.push(Problem::new("description", "must have at most 2000 characters"));
    }
    let code = code_of(wanted.code.as_deref().filter(|code| !code.trim().is_empty()).unwrap_or(&name));
    if code.is_empty() {
        problems.push(Problem::new("code", "must have letters or digits"));
    }
    let mut events: Vec<String> = Vec::new();
    for event in wanted.events.iter().map(|event| event.trim()).filter(|event| !event.is_empty()) {
        if event == ANY || event.chars().count() > LONGEST {
            let message = format!("`{}` is no name of an event", event.chars().take(60).collect::<String>());
            problems.push(Problem::new("events", message));
        } else if !events.iter().any(|known| known.to_lowercase() == event.to_lowercase()) {
            events.push(event.to_owned());
        }
    }
    if events.is_empty() || events.len() > MOST_EVENTS {
        problems.push(Problem::new("events", format!("must be 1 to {MOST_EVENTS}")));
    }
    if wanted.core && wanted.advanced {
        problems.push(Problem::new("advanced", "goes beyond the core: a feature cannot be both"));
    }
    if problems.is_empty() {
        Ok(Checked { code, name, description, events })
    } else {
        Err(AppError::Invalid(problems))
    }
}

/// Small letters and digits, joined by hyphens.
fn code_of(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").chars().take(60).collect()
}
