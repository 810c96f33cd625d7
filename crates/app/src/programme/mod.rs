//! Programmes of a workspace: in force, drafted, published, compared and tried.
//!
//! What the installation runs with is "built in". A workspace lays published versions over it; the newest
//! of each programme is in force for new onboardings. Onboardings keep the text they were made from.

mod deal;
mod draft;
mod publish;
mod sheets;
mod shelf;

use gangway_domain::permission::Action;
use gangway_domain::programme::Programme;
use gangway_methodology::{Comparison, read_programme};
use gangway_store::Tx;
use gangway_store::programme::{self, Draft, Version};

use crate::boxed;
use crate::error::AppError;
use crate::{Actor, App, calculate};

pub use deal::{Deal, SAMPLE, Trial, trial};
pub use draft::{
    Deed, Drafted, Meanwhile, Put, Saved, Wrong, begin, change, check, discard, draft, plain, put,
};
pub use publish::{back_to_built_in, publish};
pub(crate) use sheets::{
    KeptSheets, backfill, backfill_training, keep_sheets, of_origin, sheets_of, training_of,
};
pub(crate) use shelf::in_force_with;
pub use shelf::{InForce, Shelf, Text, in_force};

/// One of the texts a programme has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Which {
    /// What the installation runs with.
    BuiltIn,
    /// What new onboardings are made from.
    InForce,
    /// A version the workspace published.
    Number(i64),
    /// What the team works on.
    Draft,
}

impl Which {
    /// The word in addresses and the API.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::BuiltIn => "built-in".to_owned(),
            Self::InForce => "in-force".to_owned(),
            Self::Number(number) => number.to_string(),
            Self::Draft => "draft".to_owned(),
        }
    }

    /// The text of this word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        match word {
            "built-in" => Some(Self::BuiltIn),
            "in-force" => Some(Self::InForce),
            "draft" => Some(Self::Draft),
            number => number.parse().ok().filter(|number| *number > 0).map(Self::Number),
        }
    }

    /// What people call it.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::BuiltIn => "Built-in".to_owned(),
            Self::InForce => "In force".to_owned(),
            Self::Number(number) => format!("Version {number}"),
            Self::Draft => "Draft".to_owned(),
        }
    }
}

/// A programme in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The programme in force.
    pub programme: Programme,
    /// The version the workspace published; nothing when it is the built-in one.
    pub version: Option<Version>,
    /// What is new, gone and other than in the built-in one.
    pub changed: [usize; 3],
    /// Its draft.
    pub draft: Option<Draft>,
    /// Onboardings made from it, in any version, that are not over.
    pub onboardings: i64,
}

/// The programmes, in order of their files.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Line>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let force = in_force_with(app, &mut tx, actor.workspace).await?;
    let mut drafts = programme::drafts(&mut tx, actor.workspace).await?;
    let used = programme::used(&mut tx, actor.workspace).await?;
    drop(tx);
    let shelf = app.shelf.clone();
    let made = calculate(move || {
        let programmes = force.methodology.programmes.values();
        let line = programmes.map(|programme| {
            let id = programme.id.as_str();
            let counts = |version: &Version| {
                let built_in = shelf.built_in(id).filter(|text| text.digest != version.digest);
                let (Some(built_in), Some(text)) = (built_in, force.text(id)) else { return [0; 3] };
                Comparison::of(&built_in.source, &text.source).counts()
            };
            let version = force.version(id);
            Line {
                programme: programme.clone(),
                changed: version.map_or([0; 3], counts),
                version: version.cloned(),
                draft: None,
                onboardings: used
                    .iter()
                    .filter(|used| used.programme == id)
                    .map(|used| used.onboardings)
                    .sum(),
            }
        });
        line.collect::<Vec<_>>()
    });
    let mut lines = made.await?;
    for line in &mut lines {
        let at = drafts.iter().position(|draft| draft.programme == line.programme.id);
        line.draft = at.map(|at| drafts.swap_remove(at));
    }
    Ok(lines)
}

/// A programme with its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its id.
    pub id: String,
    /// What it is called, also when the text asked for cannot be read.
    pub name: String,
    /// The text that was asked for.
    pub text: Text,
    /// The same, read; nothing when it is no programme (a draft may be).
    pub programme: Option<Programme>,
    /// Every version published, newest first; the first is in force.
    pub history: Vec<Version>,
    /// The number of the built-in one.
    pub built_in: u32,
    /// What the team works on.
    pub draft: Option<Draft>,
    /// What is new, gone and other in the one in force than in the built-in one.
    pub changed: [usize; 3],
    /// Onboardings that are not over, by the version they were made from.
    pub used: Vec<(i64, i64)>,
}

impl Shown {
    /// The version in force; nothing when it is the built-in one.
    #[must_use]
    pub fn in_force(&self) -> Option<&Version> {
        self.history.first()
    }
}

/// One programme, in one of its texts.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn get(app: &App, actor: &Actor, id: &str, which: Which) -> Result<Shown, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let force = in_force_with(app, &mut tx, actor.workspace).await?;
    let known = force.methodology.programmes.get(id).ok_or_else(|| missing(id))?;
    let text = text_with(app, &mut tx, actor, id, which).await?;
    let programme = match which {
        Which::InForce => Some(known.clone()),
        _ => read_programme(&text.source),
    };
    let history = programme::versions(&mut tx, actor.workspace, id).await?;
    let draft = programme::draft(&mut tx, actor.workspace, id).await?;
    let used = programme::used(&mut tx, actor.workspace).await?;
    let built_in = app.shelf.built_in(id);
    let changed = match (&built_in, force.text(id)) {
        (Some(built_in), Some(text)) if built_in.digest != text.digest => {
            Comparison::of(&built_in.source, &text.source).counts()
        }
        _ => [0; 3],
    };
    Ok(Shown {
        id: id.to_owned(),
        name: known.name.clone(),
        text,
        programme,
        history,
        built_in: app.methodology.programmes.get(id).map_or(0, |programme| programme.version),
        draft,
        changed,
        used: used
            .into_iter()
            .filter(|used| used.programme == id)
            .map(|used| (used.programme_version, used.onboardings))
            .collect(),
    })
}

/// One of the texts of a programme.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn text(app: &App, actor: &Actor, id: &str, which: Which) -> Result<Text, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    text_with(app, &mut tx, actor, id, which).await
}

pub(crate) async fn text_with(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: &str,
    which: Which,
) -> Result<Text, AppError> {
    let workspace = actor.workspace;
    match which {
        Which::BuiltIn => app.shelf.built_in(id).ok_or_else(|| missing(id)),
        Which::InForce => {
            let force = in_force_with(app, tx, workspace).await?;
            force.text(id).cloned().ok_or_else(|| missing(id))
        }
        Which::Number(number) => {
            let versions = programme::versions(tx, workspace, id).await?;
            let found = versions.into_iter().find(|version| version.number == number);
            let absent = || AppError::missing("version", number);
            let digest = found.ok_or_else(absent)?.digest;
            let source = programme::source(tx, workspace, id, &digest).await?;
            Ok(Text { source: source.ok_or_else(absent)?, digest })
        }
        Which::Draft => {
            let draft = programme::draft(tx, workspace, id).await?;
            draft.map(|draft| Text::new(draft.source)).ok_or_else(|| no_draft(id))
        }
    }
}

/// What one text of a programme does differently from another.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn compare(
    app: &App,
    actor: &Actor,
    id: &str,
    from: Which,
    to: Which,
) -> Result<Comparison, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    known(app, id)?;
    let from = text_with(app, &mut tx, actor, id, from).await?.source;
    let to = text_with(app, &mut tx, actor, id, to).await?.source;
    drop(tx);
    calculate(move || Comparison::of(&from, &to)).await
}

/// There is such a programme.
fn known(app: &App, id: &str) -> Result<(), AppError> {
    if app.methodology.programmes.contains_key(id) { Ok(()) } else { Err(missing(id)) }
}

fn missing(id: &str) -> AppError {
    AppError::missing("programme", short(id))
}

fn no_draft(id: &str) -> AppError {
    AppError::missing("draft of", short(id))
}

fn short(id: &str) -> String {
    id.chars().take(60).collect()
}
