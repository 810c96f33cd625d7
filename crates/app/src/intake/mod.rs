//! Intake as a conversation: what was read from a deal beside its document, corrected and confirmed
//! by people, until an onboarding is made of it.

mod clock;
pub mod document;
mod edit;
mod export;
pub mod field;
mod form;
mod plan;
pub mod value;

use gangway_domain::correction::{self, Correction, Effective};
use gangway_domain::deal::Deal;
use gangway_domain::handoff::assess;
use gangway_domain::ids::HandoffId;
use gangway_domain::methodology::Methodology;
use gangway_domain::package::{self, BuildOptions, OpenQuestion, Quality};
use gangway_domain::permission::Action;
use gangway_intake::ReadContext;
use gangway_store::correction::Made;
use gangway_store::handoff::{self, Handoff};
use gangway_store::onboarding::list::Direction;
use gangway_store::review::{self, Cursor, Line, Query, Review, State};
use gangway_store::{Tx, account, workspace};
use jiff::civil::Date;

use crate::boxed;
use crate::error::AppError;
use crate::plan::workspace_currency;
use crate::programme::in_force_with;
use crate::{Actor, App, calculate};

pub use clock::{ResponseClock, restart, stop, stopped};
pub use edit::{Act, Edit, confirm, edit, undo};
pub use export::export;
pub use form::deal_file;
pub use plan::{Choices, generate, options, outlook};

/// Lines on one page of the list.
pub const LINES: u32 = 50;

/// The handoffs of a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handoffs {
    /// The lines in the order asked for.
    pub lines: Vec<Line>,
    /// Where the next page starts.
    pub next: Option<Cursor>,
    /// How many there are in each state; of those one person handed over when only theirs were asked for.
    pub counts: Vec<(State, i64)>,
}

/// The handoffs of the actor's workspace that a query asks for.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Cursor`]; or when the database fails.
#[boxed]
pub async fn list(app: &App, actor: &Actor, query: &Query) -> Result<Handoffs, AppError> {
    actor.require(Action::Look)?;
    // As the names of customers are kept: without legal form and punctuation.
    let query = Query { search: query.search.as_deref().map(crate::account::name_key), ..query.clone() };
    let mut tx = app.db.read().await?;
    let (lines, next) = review::list(&mut tx, actor.workspace, &query).await?;
    let counts = review::counts(&mut tx, actor.workspace, query.seller).await?;
    Ok(Handoffs { lines, next, counts })
}

/// The newest handoffs, as many as fit on a page.
#[must_use]
pub fn newest() -> Query {
    Query { direction: Direction::Descending, limit: LINES, ..Query::default() }
}

/// Everything about one handoff.
#[derive(Debug, Clone, PartialEq)]
pub struct Reviewed {
    /// The handoff as it was read.
    pub handoff: Handoff,
    /// Who handed it over, who confirmed it, where it stands.
    pub review: Review,
    /// The customer's name, as the account has it.
    pub customer: String,
    /// The deal as it stands.
    pub deal: Effective,
    /// Every correction, those taken back among them.
    pub corrections: Vec<Made>,
    /// The document with its marks; empty when the deal was no text.
    pub document: Vec<document::Piece>,
    /// How complete it is.
    pub quality: Quality,
    /// What is missing and whom to ask.
    pub questions: Vec<Question>,
    /// Why no plan can be made of it as it stands.
    pub obstacle: Option<String>,
    /// The response clocks.
    pub clocks: Vec<ResponseClock>,
    /// The day it was looked at.
    pub today: Date,
}

/// A question with the field that answers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What is asked, whom, why.
    pub asked: OpenQuestion,
    /// Name of the field, when one field answers it.
    pub field: Option<&'static str>,
}

/// One handoff.
///
/// # Errors
/// [`AppError::NotFound`] when the workspace has none of this id; or when the database fails.
#[boxed]
pub async fn get(app: &App, actor: &Actor, id: HandoffId) -> Result<Reviewed, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let Loaded { handoff, review, corrections, deal } = load(&mut tx, actor, id).await?;
    let customer = account::get(&mut tx, actor.workspace, handoff.account_id)
        .await?
        .map_or_else(String::new, |account| account.name);
    let vendor =
        workspace::get(&mut tx, actor.workspace).await?.map_or_else(String::new, |workspace| workspace.name);
    let stopped = review::clocks(&mut tx, actor.workspace, id).await?;
    let methodology = in_force_with(app, &mut tx, actor.workspace).await?.methodology.clone();
    drop(tx);
    let today = app.today();
    let clocks = clock::of(&deal.deal, &methodology, stopped, today);
    let (mut reading, standing) = (handoff.reading.clone(), deal.clone());
    let source = handoff.source.clone();
    let (document, quality, questions, obstacle) = calculate(move || {
        let document = source.map(|text| shown_text(&text)).unwrap_or_default();
        let document = document::mark(&document, &reading, &standing);
        reading.deal = standing.deal;
        let quality = quality(&reading.deal, &methodology);
        let options =
            BuildOptions { as_of: today, kickoff_on: None, segment: None, vendor, vendor_country: None };
        match package::build(&methodology, reading, &options) {
            Ok(package) => (document, quality, questions(package.questions, &methodology), None),
            Err(error) => (document, quality, Vec::new(), Some(error.to_string())),
        }
    })
    .await?;
    Ok(Reviewed {
        handoff,
        review,
        customer,
        deal,
        corrections,
        document,
        quality,
        questions,
        obstacle,
        clocks,
        today,
    })
}

/// A handoff with its corrections.
/// A deal as it stands: as it was read, with every correction since.
#[derive(Debug, Clone, PartialEq)]
pub struct Corrected {
    /// The deal.
    pub deal: Deal,
    /// How many corrections were ever made.
    pub version: i64,
    /// Somebody has confirmed it.
    pub confirmed: bool,
}

/// The deal of a handoff as it stands.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn deal(app: &App, actor: &Actor, id: HandoffId) -> Result<Corrected, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let Loaded { review, deal, .. } = load(&mut tx, actor, id).await?;
    Ok(Corrected { deal: deal.deal, version: review.version, confirmed: review.confirmed.is_some() })
}

pub(crate) struct Loaded {
    pub handoff: Handoff,
    pub review: Review,
    pub corrections: Vec<Made>,
    pub deal: Effective,
}

pub(crate) async fn load(tx: &mut Tx, actor: &Actor, id: HandoffId) -> Result<Loaded, AppError> {
    let missing = || AppError::missing("handoff", id);
    let handoff = handoff::get(tx, actor.workspace, id).await?.ok_or_else(missing)?;
    let review = review::get(tx, actor.workspace, id).await?.ok_or_else(missing)?;
    let corrections = gangway_store::correction::of_handoff(tx, actor.workspace, id).await?;
    let deal = standing(&handoff, &corrections)?;
    Ok(Loaded { handoff, review, corrections, deal })
}

fn standing(handoff: &Handoff, corrections: &[Made]) -> Result<Effective, AppError> {
    let made: Vec<Correction> = corrections.iter().map(|made| made.correction.clone()).collect();
    correction::apply(&handoff.reading.deal, &made).map_err(|error| {
        let reason = error.to_string();
        AppError::Store(gangway_store::StoreError::Corrupt { what: "correction", reason })
    })
}

/// How complete a deal is, by the checklist of the methodology.
pub(crate) fn quality(deal: &Deal, methodology: &Methodology) -> Quality {
    let checklist = methodology.checklists.get(&methodology.handoff.checklist);
    assess(deal, checklist, &methodology.handoff)
}

fn read_context(app: &App) -> ReadContext {
    ReadContext {
        today: app.today(),
        default_currency: workspace_currency(&app.methodology),
        date_order: None,
    }
}

/// The text that spans point into; a payload that came in one line is broken into lines.
fn shown_text(source: &str) -> String {
    let text = gangway_intake::decoded(source.as_bytes()).unwrap_or_default();
    if text.trim_start().starts_with(['{', '['])
        && text.trim().lines().count() == 1
        && let Ok(value) = serde_json::from_str::<serde_json::Value>(&text)
    {
        return serde_json::to_string_pretty(&value).unwrap_or(text);
    }
    text
}

/// The questions, each with the field that answers it: by the part of the deal its rule names.
fn questions(asked: Vec<OpenQuestion>, methodology: &Methodology) -> Vec<Question> {
    let rules = &methodology.questions.questions;
    let field_of = |asked: &OpenQuestion| {
        let rule = rules.iter().find(|rule| rule.text == asked.text)?;
        let part = rule.answered_by.as_deref().unwrap_or(&rule.id);
        let name = match part {
            "timeline" => "go_live",
            "value" => "acv",
            "identity-provider" => "sso",
            part => part,
        };
        field::Field::named(name).map(|field| field.name)
    };
    asked.into_iter().map(|asked| Question { field: field_of(&asked), asked }).collect()
}
