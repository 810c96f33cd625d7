//! Onboardings: generating one from a handoff, finding and looking at them, moving them on.

pub mod move_on;
pub mod plan;
mod step;
mod view;

use std::sync::Arc;

use gangway_domain::deal::{Blackout, GoLiveTarget, Reading};
use gangway_domain::fact::{Confidence, Fact, Source};
use gangway_domain::ids::{AccountId, HandoffId, OnboardingId};
use gangway_domain::methodology::{Methodology, Sheets};
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::package::{self, BuildOptions, Package};
use gangway_domain::permission::Action;
use gangway_domain::segment::SegmentOverride;
use gangway_store::account::{self, Account};
use gangway_store::activity::Activity;
use gangway_store::handoff::{self, Handoff};
use gangway_store::onboarding::head::Head;
use gangway_store::onboarding::{self, Onboarding};
use gangway_store::task::{self, Task};
use gangway_store::{StoreError, Tx, link, milestone, phase, programme as programmes, workspace};
use jiff::civil::Date;

use crate::activity::{self, About};
use crate::boxed;
use crate::contact;
use crate::document;
use crate::error::AppError;
use crate::input;
use crate::intake::{self, Loaded};
use crate::meeting;
use crate::outcome;
use crate::package::{Formats, PackageError, RenderedFile, contents, render_one_worded};
use crate::people;
use crate::programme::{self, InForce, Text};
use crate::register;
use crate::survey;
use crate::training;
use crate::work;
use crate::{Actor, App, calculate};

pub use crate::portfolio::list;
pub use step::{Step, take};
pub use view::{Plan, Sight, Standing, archive, documents, sight, standing_of, story};

/// Tasks shown as "next".
const NEXT_TASKS: u32 = 8;

/// Entries of the activity log shown with an onboarding.
const STORY: u32 = 50;

/// What a person decides beside the deal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GenerateOptions {
    /// Kickoff, when agreed.
    pub kickoff_on: Option<Date>,
    /// Another segment than the recommended one, with a reason.
    pub segment: Option<SegmentOverride>,
    /// Another wanted go-live than the deal's.
    pub go_live: Option<GoLiveTarget>,
    /// ISO 3166 country whose public holidays the vendor keeps; the customer's when left out.
    pub vendor_country: Option<String>,
    /// Another country of the customer than the deal's.
    pub country: Option<String>,
    /// Closures and freezes beside those of the deal.
    pub closures: Vec<Blackout>,
}

/// An onboarding that was generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Generated {
    /// Its id.
    pub id: OnboardingId,
    /// False when the handoff had one already; then nothing was written.
    pub new: bool,
}

/// Generates the onboarding of a handoff: package, plan, activity and outbox in one transaction.
/// A handoff has one onboarding: asking again finds it.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such handoff, [`AppError::Build`] when no package can be
/// made; or when the database fails.
#[boxed]
pub async fn generate(
    app: &App,
    actor: &Actor,
    handoff: HandoffId,
    options: GenerateOptions,
) -> Result<Generated, AppError> {
    actor.require(Action::PlanOnboarding)?;
    if let Some(id) = existing(app, actor, handoff).await? {
        return Ok(Generated { id, new: false });
    }
    let (handoff, vendor) = load(app, actor, handoff).await?;
    let force = programme::in_force(app, actor.workspace).await?;
    let country = options.vendor_country.clone();
    let methodology = force.methodology.clone();
    let package = build_with(app, actor, methodology, handoff.reading.clone(), vendor, options).await?;
    match insert(app, actor, &handoff, package, Origin { force: &force, country }).await {
        // Someone generated it at the same moment and was faster.
        Err(AppError::Store(StoreError::Conflict(table))) => {
            let id = existing(app, actor, handoff.id)
                .await?
                .ok_or(AppError::Store(StoreError::Conflict(table)))?;
            Ok(Generated { id, new: false })
        }
        outcome => Ok(Generated { id: outcome?, new: true }),
    }
}

/// The package that [`generate`] would make; nothing is stored.
pub(crate) async fn preview(
    app: &App,
    actor: &Actor,
    handoff: HandoffId,
    options: GenerateOptions,
) -> Result<Package, AppError> {
    let (handoff, vendor) = load(app, actor, handoff).await?;
    build(app, actor, handoff.reading.clone(), vendor, options).await
}

async fn existing(app: &App, actor: &Actor, handoff: HandoffId) -> Result<Option<OnboardingId>, AppError> {
    let mut tx = app.db.read().await?;
    Ok(onboarding::id_by_handoff(&mut tx, actor.workspace, handoff).await?)
}

/// The handoff with its deal as it stands, and the name the vendor goes by.
async fn load(app: &App, actor: &Actor, id: HandoffId) -> Result<(Handoff, String), AppError> {
    let mut tx = app.db.read().await?;
    let Loaded { mut handoff, deal, .. } = intake::load(&mut tx, actor, id).await?;
    handoff.reading.deal = deal.deal;
    let workspace = workspace::get(&mut tx, actor.workspace)
        .await?
        .ok_or_else(|| AppError::missing("workspace", actor.workspace))?;
    Ok((handoff, workspace.name))
}

/// The package of a deal with the methodology in force in the actor's workspace.
pub(crate) async fn build(
    app: &App,
    actor: &Actor,
    reading: Reading,
    vendor: String,
    options: GenerateOptions,
) -> Result<Package, AppError> {
    let methodology = programme::in_force(app, actor.workspace).await?.methodology.clone();
    build_with(app, actor, methodology, reading, vendor, options).await
}

async fn build_with(
    app: &App,
    actor: &Actor,
    methodology: Arc<Methodology>,
    mut reading: Reading,
    vendor: String,
    options: GenerateOptions,
) -> Result<Package, AppError> {
    let GenerateOptions { kickoff_on, segment, go_live, vendor_country, country, closures } = options;
    let deal = &mut reading.deal;
    if let Some(go_live) = go_live {
        deal.go_live = Some(decided(actor, go_live));
    }
    if let Some(country) = country {
        deal.country = Some(decided(actor, country));
    }
    deal.blackouts.extend(closures.into_iter().map(|closure| decided(actor, closure)));
    let options = BuildOptions { as_of: app.today(), kickoff_on, segment, vendor, vendor_country };
    Ok(calculate(move || package::build(&methodology, reading, &options)).await??)
}

/// A fact that a person decided when the onboarding was planned.
fn decided<T>(actor: &Actor, value: T) -> Fact<T> {
    let reason = Some("decided when the onboarding was planned".to_owned());
    Fact { value, source: Source::Person { who: actor.name.clone(), reason }, confidence: Confidence::High }
}

/// What an onboarding was made from, kept so that it can be planned again.
struct Origin<'a> {
    force: &'a InForce,
    country: Option<String>,
}

impl Origin<'_> {
    async fn keep(self, app: &App, tx: &mut Tx, actor: &Actor, row: &Onboarding) -> Result<(), AppError> {
        let id = &row.package.segmentation.programme;
        let Some(Text { source, digest }) = self.force.text(id) else { return Ok(()) };
        programmes::keep(tx, actor.workspace, id, digest, source, app.now()).await?;
        programmes::made_from(tx, actor.workspace, row.id, digest, self.country).await?;
        Ok(())
    }
}

async fn insert(
    app: &App,
    actor: &Actor,
    handoff: &Handoff,
    package: Package,
    origin: Origin<'_>,
) -> Result<OnboardingId, AppError> {
    let workspace = actor.workspace;
    let row = Onboarding {
        id: OnboardingId::fresh(&*app.ids),
        account_id: handoff.account_id,
        handoff_id: handoff.id,
        state: OnboardingState::Planned,
        package,
        created_at: app.now(),
    };
    let Package { plan, segmentation, handoff: assessed, dates, names, .. } = &row.package;
    let mut tx = app.db.write().await?;
    let owner = actor.person.filter(|_| actor.may(Action::RunOnboarding));
    onboarding::insert(&mut tx, workspace, &row, owner).await?;
    let force = origin.force;
    origin.keep(app, &mut tx, actor, &row).await?;
    phase::insert_all(&mut tx, workspace, row.id, &plan.phases).await?;
    task::insert_all(&mut tx, workspace, row.id, &*app.ids, &plan.tasks).await?;
    milestone::insert_all(&mut tx, workspace, row.id, &*app.ids, &plan.milestones).await?;
    link::insert_all(&mut tx, workspace, row.id, &plan.links).await?;
    let deal = &row.package.reading.deal;
    contact::keep_people(app, &mut tx, actor, handoff.account_id, Some(row.id), deal).await?;
    input::note_deal(app, &mut tx, actor, handoff.account_id, row.id, deal).await?;
    people::seed(app, &mut tx, actor, &[(row.id, handoff.account_id, &people::Start::of(&row.package))])
        .await?;
    register::seed(app, &mut tx, actor, &[(row.id, handoff.account_id, &register::Start::of(&row.package))])
        .await?;
    work::begin(app, &mut tx, actor, row.id, &row.package).await?;
    meeting::seed(app, &mut tx, actor, &[(row.id, handoff.account_id, &meeting::Start::of(&row.package))])
        .await?;
    let programme = force.methodology.programmes.get(&segmentation.programme);
    let sheets = Sheets::of(&force.methodology, programme);
    programme::keep_sheets(app, &mut tx, workspace, row.id, &sheets).await?;
    survey::seed(app, &mut tx, actor, row.id, &survey::Start::of(&row.package), &sheets).await?;
    outcome::seed(app, &mut tx, actor, &[(row.id, &outcome::Start::of(&row.package))]).await?;
    let uses = programme.map_or(&[][..], |programme| programme.training.as_slice());
    training::seed(app, &mut tx, actor, row.id, &row.package.training, uses).await?;
    let score = assessed.quality.document_score;
    handoff::assess(&mut tx, workspace, handoff.id, &segmentation.segment, score).await?;
    let about = About { account: Some(handoff.account_id), onboarding: Some(row.id) };
    let summary = format!(
        "Generated the onboarding of {} with {} (version {}): {} tasks, go-live {}",
        names.customer,
        segmentation.programme_name,
        segmentation.programme_version,
        plan.tasks.len(),
        dates.go_live_on.strftime("%-d %b %Y"),
    );
    activity::record(app, &mut tx, actor, "onboarding.generated", about, summary).await?;
    tx.commit().await?;
    Ok(row.id)
}

/// Everything about one onboarding.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// The onboarding with its package.
    pub onboarding: Onboarding,
    /// The customer.
    pub account: Account,
    /// Tasks not over yet by the plan, those that start first first.
    pub next: Vec<Task>,
    /// What happened, newest first.
    pub story: Vec<Activity>,
    /// The files its package has: path inside the package, and what people call it.
    pub files: Vec<(String, String)>,
    /// The day it was looked at.
    pub today: Date,
}

/// One onboarding.
///
/// # Errors
/// [`AppError::NotFound`] when the workspace has none of this id; or when the database fails.
#[boxed]
pub async fn get(app: &App, actor: &Actor, id: OnboardingId) -> Result<Overview, AppError> {
    actor.require(Action::Look)?;
    let today = app.today();
    let mut tx = app.db.read().await?;
    let mut onboarding = find(&mut tx, actor, id).await?;
    onboarding.package =
        as_it_runs(app, &mut tx, actor, id, (onboarding.account_id, onboarding.package)).await?;
    let account = account::get(&mut tx, actor.workspace, onboarding.account_id)
        .await?
        .ok_or_else(|| AppError::missing("account", onboarding.account_id))?;
    let next = task::open_from(&mut tx, actor.workspace, id, today, NEXT_TASKS).await?;
    let story =
        gangway_store::activity::of_onboarding(&mut tx, actor.workspace, id, onboarding.account_id, STORY)
            .await?;
    let files = contents(&onboarding.package, &Formats::all());
    Ok(Overview { onboarding, account, next, story, files, today })
}

/// How often an onboarding was changed, from 1: what [`take`] compares.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn version(app: &App, actor: &Actor, id: OnboardingId) -> Result<i64, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let version = onboarding::version(&mut tx, actor.workspace, id).await?;
    version.ok_or_else(|| AppError::missing("onboarding", id))
}

async fn find(tx: &mut Tx, actor: &Actor, id: OnboardingId) -> Result<Onboarding, AppError> {
    onboarding::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("onboarding", id))
}

/// A package with the dates, the people and the matrix of who does what as they are now: what documents are made of.
pub(crate) async fn as_it_runs(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: OnboardingId,
    (account, package): (AccountId, Package),
) -> Result<Package, AppError> {
    let present = people::Present::read(tx, actor, account, id).await?;
    as_it_runs_with(app, tx, actor, id, package, present).await
}

/// The same with the people there are now, who were read before.
pub(crate) async fn as_it_runs_with(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: OnboardingId,
    package: Package,
    present: people::Present,
) -> Result<Package, AppError> {
    let package = work::live(tx, actor, id, package).await?;
    Ok(present.put_into(package, &app.methodology.people, app.today()))
}

async fn head(tx: &mut Tx, actor: &Actor, id: OnboardingId) -> Result<Head, AppError> {
    onboarding::head::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("onboarding", id))
}

/// One file of an onboarding's package, rendered now from its snapshot.
///
/// # Errors
/// [`AppError::NotFound`] when the workspace has no such onboarding or the package no such file,
/// [`AppError::Render`] when the file cannot be made; or when the database fails.
#[boxed]
pub async fn file(app: &App, actor: &Actor, id: OnboardingId, path: &str) -> Result<RenderedFile, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let Onboarding { account_id, package, .. } = find(&mut tx, actor, id).await?;
    let package = as_it_runs(app, &mut tx, actor, id, (account_id, package)).await?;
    let wordings = document::wordings(&mut tx, actor, id).await?;
    let language = document::language(&mut tx, actor).await?;
    drop(tx);
    let (methodology, wanted) = (app.methodology.clone(), path.to_owned());
    let made = calculate(move || render_one_worded(&package, &methodology, &wanted, &wordings, language));
    match made.await? {
        Err(PackageError::UnknownFile(path)) => Err(AppError::missing("document", path)),
        outcome => Ok(outcome?),
    }
}

/// The kickoff was held: the onboarding runs, and the kickoff is done in its plan, on the day it was planned for or
/// today if that is to come. Gives the number by which [`work::undo`] takes both back; none when the kickoff was done
/// in the plan before.
///
/// # Errors
/// [`AppError::Transition`] when it is not merely planned, [`AppError::NotFound`] when the workspace
/// has no such onboarding, [`AppError::Refusal`] when a gate holds the kickoff; or when the database fails.
#[boxed]
pub async fn kick_off(app: &App, actor: &Actor, id: OnboardingId) -> Result<Option<i64>, AppError> {
    kick_off_on(app, actor, id, None).await
}

/// The same on a day that somebody names, today at the latest.
///
/// # Errors
/// As [`kick_off`]; also [`AppError::Refusal`] when the day is in the future.
#[boxed]
pub async fn kick_off_on(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    on: Option<Date>,
) -> Result<Option<i64>, AppError> {
    step::taken(app, actor, id, Step::KickOff, None, on).await.map(|(_, batch)| batch)
}

/// Everything its definition of complete names is reached.
///
/// # Errors
/// [`AppError::Transition`] when it is not running; otherwise as [`kick_off`].
#[boxed]
pub async fn complete(app: &App, actor: &Actor, id: OnboardingId) -> Result<(), AppError> {
    take(app, actor, id, Step::Complete, None).await.map(drop)
}

/// A person with authority ends it before it is complete.
///
/// # Errors
/// [`AppError::Invalid`] without a reason, [`AppError::Transition`] when it is over already; otherwise as
/// [`kick_off`].
#[boxed]
pub async fn close(app: &App, actor: &Actor, id: OnboardingId, reason: &str) -> Result<(), AppError> {
    take(app, actor, id, Step::Close { reason: reason.to_owned() }, None).await.map(drop)
}
