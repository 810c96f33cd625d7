//! Moving an onboarding to the version of its programme that is in force: what would change is calculated
//! and shown first, and only what was shown is done.

use gangway_domain::ids::OnboardingId;
use gangway_domain::methodology::Sheets;
use gangway_domain::onboarding::{OnboardingState, TransitionError};
use gangway_domain::package::{self, BuildOptions, Difference, Package};
use gangway_domain::permission::Action;
use gangway_domain::segment::SegmentOverride;
use gangway_methodology::Comparison;
use gangway_store::onboarding::head::Head;
use gangway_store::programme::{self as programmes, MadeFrom, Version};
use gangway_store::{Tx, onboarding};

use super::find;
use crate::activity::{self, About};
use crate::boxed;
use crate::error::AppError;
use crate::programme::{self, InForce, Text, in_force_with};
use crate::{Actor, App, calculate, meeting, outcome, survey, training, version, work};

/// The programme of an onboarding, and the one it could be moved to.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// The onboarding.
    pub head: Head,
    /// How often the onboarding was changed: what [`take`] compares.
    pub version: i64,
    /// Where the onboarding stands.
    pub state: OnboardingState,
    /// The programme's id.
    pub programme: String,
    /// Its name when the onboarding was made.
    pub programme_name: String,
    /// The version the onboarding was made from.
    pub made_from: i64,
    /// Its text, when it is kept.
    pub text: Option<Text>,
    /// The version in force that is another; nothing when the onboarding is at it.
    pub newer: Option<Newer>,
    /// Nothing is moved any more: it is over.
    pub is_over: bool,
}

/// Another version than the one an onboarding was made from.
#[derive(Debug, Clone, PartialEq)]
pub struct Newer {
    /// Its number.
    pub number: i64,
    /// Its digest: what [`take`] compares.
    pub digest: String,
    /// Who published it and why; nothing for the built-in one.
    pub published: Option<Version>,
    /// What differs in the programme; nothing when the text before is not kept.
    pub comparison: Option<Comparison>,
    /// What would become of the plan, or why none can be made.
    pub outlook: Result<Outlook, String>,
}

/// What would become of the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    /// What differs.
    pub difference: Difference,
    /// The plan's verdict on the wanted go-live now.
    pub verdict_before: String,
    /// And then.
    pub verdict_after: String,
    /// Tasks in the plan now and then.
    pub tasks: [usize; 2],
}

/// The programme of an onboarding, with what a move would change. Nothing is stored.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn standing(app: &App, actor: &Actor, id: OnboardingId) -> Result<Standing, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let Loaded { onboarding, version, made_from, text, force } = load(app, &mut tx, actor, id).await?;
    let head = super::head(&mut tx, actor, id).await?;
    drop(tx);
    let segmentation = &onboarding.package.segmentation;
    let is_over = is_over(&onboarding.state);
    let newer = match target(&force, &made_from) {
        None => None,
        Some(target) => {
            let before = text.as_ref().map(|text| text.source.clone());
            let after = target.text.source.clone();
            let comparison = calculate(move || before.map(|before| Comparison::of(&before, &after))).await?;
            let outlook = if is_over {
                Err("The onboarding is over: its plan stays as it is.".to_owned())
            } else {
                match rebuilt(&force, &onboarding.package, made_from.vendor_country.clone()).await {
                    Ok(after) => Ok(outlook(&onboarding.package, &after)),
                    Err(error) if error.is_input() => Err(format!("{error}.")),
                    Err(error) => return Err(error),
                }
            };
            let Target { number, text, published } = target;
            Some(Newer {
                number,
                digest: text.digest.clone(),
                published: published.cloned(),
                comparison,
                outlook,
            })
        }
    };
    Ok(Standing {
        head,
        version,
        programme: made_from.programme,
        programme_name: segmentation.programme_name.clone(),
        made_from: made_from.programme_version,
        text,
        newer,
        is_over,
        state: onboarding.state,
    })
}

/// Moves an onboarding to the version in force, if both are still what was looked at. Gives the version of
/// the onboarding afterwards, and what changed.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Stale`] when the onboarding changed or another
/// version was published, [`AppError::Transition`] when it is over, [`AppError::Build`] when no plan can be
/// made; or when the database fails.
#[boxed]
pub async fn take(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    version: i64,
    digest: &str,
) -> Result<(i64, Difference), AppError> {
    actor.require(Action::PlanOnboarding)?;
    let mut tx = app.db.read().await?;
    let Loaded { onboarding, version: known, made_from, force, .. } = load(app, &mut tx, actor, id).await?;
    drop(tx);
    version::fresh("onboarding", known, version)?;
    if is_over(&onboarding.state) {
        let from = onboarding.state.to_string();
        let to = "moved to another version of its programme";
        return Err(TransitionError { from, to }.into());
    }
    let target = target(&force, &made_from).filter(|target| target.text.digest == digest);
    let Some(Target { number, text, .. }) = target else {
        let number = force.methodology.programmes.get(&made_from.programme).map_or(0, |known| known.version);
        return Err(AppError::Stale { what: "programme", version: i64::from(number) });
    };
    let before = onboarding.package;
    let country = made_from.vendor_country.clone();
    let after = rebuilt(&force, &before, country.clone()).await?;
    let difference = Difference::of(&before, &after);
    let mut tx = app.db.write().await?;
    let workspace = actor.workspace;
    // Nobody published another version while the plan was made.
    let now = in_force_with(app, &mut tx, workspace).await?;
    if now.text(&made_from.programme) != Some(text) {
        let number = now.methodology.programmes.get(&made_from.programme).map_or(0, |known| known.version);
        return Err(AppError::Stale { what: "programme", version: i64::from(number) });
    }
    let done = work::replanned(app, &mut tx, actor, (id, version), &after).await?;
    version::after("onboarding", version, done)?;
    let meetings = meeting::Start::of(&after);
    meeting::reseed(app, &mut tx, actor, onboarding.account_id, id, &meetings).await?;
    let programme = force.methodology.programmes.get(&made_from.programme);
    let uses = programme.map_or(&[][..], |programme| programme.training.as_slice());
    training::seed(app, &mut tx, actor, id, &after.training, uses).await?;
    let sheets = Sheets::of(&force.methodology, programme);
    programme::keep_sheets(app, &mut tx, workspace, id, &sheets).await?;
    survey::reseed(app, &mut tx, actor, id, &survey::Start::of(&after), &sheets).await?;
    outcome::replanned(&mut tx, actor, id, &before, &after).await?;
    programmes::keep(&mut tx, workspace, &made_from.programme, &text.digest, &text.source, app.now()).await?;
    programmes::made_from(&mut tx, workspace, id, &text.digest, country).await?;
    let [added, removed, moved] = difference.task_counts();
    let day = |date: jiff::civil::Date| date.strftime("%-d %b %Y").to_string();
    let go_live = if before.dates.go_live_on == after.dates.go_live_on {
        format!("go-live stays on {}", day(after.dates.go_live_on))
    } else {
        format!("go-live {} → {}", day(before.dates.go_live_on), day(after.dates.go_live_on))
    };
    let summary = format!(
        "Moved from version {} to version {number} of {}: {added} tasks added, {removed} removed, {moved} at \
         other days; {go_live}",
        made_from.programme_version, after.segmentation.programme_name,
    );
    let about = About { account: Some(onboarding.account_id), onboarding: Some(id) };
    activity::record(app, &mut tx, actor, "onboarding.replanned", about, summary).await?;
    let now = onboarding::version(&mut tx, workspace, id).await?.unwrap_or(version + 1);
    tx.commit().await?;
    Ok((now, difference))
}

struct Loaded {
    onboarding: onboarding::Onboarding,
    version: i64,
    made_from: MadeFrom,
    text: Option<Text>,
    force: std::sync::Arc<InForce>,
}

async fn load(app: &App, tx: &mut Tx, actor: &Actor, id: OnboardingId) -> Result<Loaded, AppError> {
    let missing = || AppError::missing("onboarding", id);
    let onboarding = find(tx, actor, id).await?;
    let version = onboarding::version(tx, actor.workspace, id).await?.ok_or_else(missing)?;
    let made_from = programmes::of_onboarding(tx, actor.workspace, id).await?.ok_or_else(missing)?;
    let text = match &made_from.programme_digest {
        Some(digest) => {
            let source = programmes::source(tx, actor.workspace, &made_from.programme, digest).await?;
            source.map(|source| Text { source, digest: digest.clone() })
        }
        None => None,
    };
    let force = in_force_with(app, tx, actor.workspace).await?;
    Ok(Loaded { onboarding, version, made_from, text, force })
}

fn is_over(state: &OnboardingState) -> bool {
    matches!(state, OnboardingState::Completed | OnboardingState::Closed { .. })
}

struct Target<'a> {
    number: i64,
    text: &'a Text,
    published: Option<&'a Version>,
}

/// The version in force, when the onboarding was made from another.
fn target<'a>(force: &'a InForce, made_from: &MadeFrom) -> Option<Target<'a>> {
    let id = made_from.programme.as_str();
    let text = force.text(id)?;
    let number = i64::from(force.methodology.programmes.get(id)?.version);
    let is_same = match &made_from.programme_digest {
        Some(digest) => *digest == text.digest,
        None => made_from.programme_version == number,
    };
    (!is_same).then(|| Target { number, text, published: force.version(id) })
}

/// The package made again from the same deal on the same ground: day, kickoff, segment, holidays. What differs
/// is what the programme says.
async fn rebuilt(
    force: &InForce,
    before: &Package,
    vendor_country: Option<String>,
) -> Result<Package, AppError> {
    let methodology = force.methodology.clone();
    let segmentation = &before.segmentation;
    let overridden = segmentation.overridden.as_ref().map(|given| given.reason.clone());
    let segment = segmentation.segment.clone();
    let chosen = |reason: String| Some(SegmentOverride { segment: segment.clone(), reason });
    let options = BuildOptions {
        as_of: before.as_of,
        kickoff_on: Some(before.dates.kickoff_on),
        segment: overridden.and_then(&chosen),
        vendor: before.names.vendor.clone(),
        vendor_country,
    };
    let kept =
        BuildOptions { segment: chosen("kept when its programme changed".to_owned()), ..options.clone() };
    let wanted = segmentation.segment.clone();
    let (reading, dates) = (before.reading.clone(), before.dates.clone());
    let made = calculate(move || {
        let made = package::build(&methodology, reading.clone(), &options)?;
        // A methodology that recommends another segment now does not change what was decided then.
        let mut made = if made.segmentation.segment == wanted {
            made
        } else {
            package::build(&methodology, reading, &kept)?
        };
        made.dates.kickoff_because = dates.kickoff_because;
        Ok::<_, package::BuildError>(made)
    });
    Ok(made.await??)
}

fn outlook(before: &Package, after: &Package) -> Outlook {
    Outlook {
        difference: Difference::of(before, after),
        verdict_before: before.dates.verdict.clone(),
        verdict_after: after.dates.verdict.clone(),
        tasks: [before.plan.tasks.len(), after.plan.tasks.len()],
    }
}
