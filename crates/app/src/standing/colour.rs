//! The colour of an onboarding: what the rules give today, what a person put in its place, kept where the portfolio
//! lists it.

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use gangway_domain::methodology::Light;
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::permission::Action;
use gangway_domain::report::{Overridden, ReportColour};
use gangway_domain::standing::Colour;
use gangway_store::onboarding::head::Head;
use gangway_store::{register as entries, standing as rows};

use crate::activity::{self, About};
use crate::boxed;
use crate::error::AppError;
use crate::identity::none_of;
use crate::register::needed_prose;
use crate::work::{self, Sight};
use crate::{Actor, App, Door};

pub use gangway_store::standing::Kept;

/// Onboardings looked up at once.
const BATCH: u32 = 100;

/// The colour of an onboarding: of today; as it was last for what is over, and none where it never had one.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn colour(app: &App, actor: &Actor, id: OnboardingId) -> Result<Option<Kept>, AppError> {
    actor.require(Action::Look)?;
    let sight = work::sight(app, actor, id).await?;
    colour_of_sight(app, actor, &sight).await
}

/// The same of what was read already. What is kept is brought up to what is seen, so that the portfolio says the same.
///
/// # Errors
/// As [`colour`].
#[boxed]
pub async fn colour_of_sight(app: &App, actor: &Actor, sight: &Sight) -> Result<Option<Kept>, AppError> {
    actor.require(Action::Look)?;
    let (workspace, id) = (actor.workspace, sight.head.id);
    let mut tx = app.db.read().await?;
    let kept = rows::get(&mut tx, workspace, id).await?;
    if is_over(&sight.head) {
        return Ok(kept);
    }
    let register = entries::of_onboarding(&mut tx, workspace, id).await?;
    let besides = super::besides(app, &mut tx, actor, id).await?;
    drop(tx);
    let computed = super::seen(app, sight, &register, besides)?.colour;
    match kept {
        Some(kept) if kept.made_on == sight.today && kept.colour.computed == computed => Ok(Some(kept)),
        kept => keep(app, workspace, sight, kept, computed).await,
    }
}

/// Keeps what the rules gave; colleagues and programs hear of it when another colour counts now.
async fn keep(
    app: &App,
    workspace: WorkspaceId,
    sight: &Sight,
    before: Option<Kept>,
    computed: Colour,
) -> Result<Option<Kept>, AppError> {
    let id = sight.head.id;
    let version = before.as_ref().map_or(0, |kept| kept.version);
    let overridden = before.as_ref().and_then(|kept| kept.colour.overridden.clone());
    let now = Kept { made_on: sight.today, colour: ReportColour { computed, overridden }, version };
    let mut tx = app.db.write().await?;
    if !rows::keep(&mut tx, workspace, id, &now, version).await? {
        // Somebody chose one in the same moment: theirs stands.
        return Ok(rows::get(&mut tx, workspace, id).await?);
    }
    if let Some(before) = before.filter(|before| before.colour.light() != now.colour.light()) {
        let why = now.colour.because();
        let summary = format!(
            "{} instead of {}: {}",
            now.colour.light().label(),
            before.colour.light().label().to_lowercase(),
            why.first().map_or("nothing stands against it any more", String::as_str),
        );
        let system = Actor::system("Gangway", workspace, Door::Job);
        activity::record(app, &mut tx, &system, CHANGED, About::of(&sight.head), summary).await?;
    }
    tx.commit().await?;
    Ok(Some(now))
}

/// The kind of event that says that another colour counts.
const CHANGED: &str = "onboarding.colour_changed";

/// Puts a colour in place of what the rules give, with a reason, or leaves it to the rules again. With a version, only
/// what is still as it was looked at.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] when a colour has no reason,
/// [`AppError::Stale`] when somebody else chose meanwhile, [`AppError::Refusal`] when the onboarding is over; or when
/// the database fails.
#[boxed]
pub async fn choose(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    version: Option<i64>,
    chosen: Option<(Light, String)>,
) -> Result<Kept, AppError> {
    actor.require(Action::RunOnboarding)?;
    let overridden = overridden(actor, chosen)?;
    let sight = work::sight(app, actor, id).await?;
    let kept = colour_of_sight(app, actor, &sight).await?;
    let Some(kept) = kept.filter(|_| !is_over(&sight.head)) else {
        return Err(AppError::Refusal("the onboarding is over: its colour stays as it is".to_owned()));
    };
    let stale = |version| AppError::Stale { what: "colour", version };
    if version.is_some_and(|version| version != kept.version) {
        return Err(stale(kept.version));
    }
    if kept.colour.overridden == overridden {
        return Ok(kept);
    }
    let summary = match &overridden {
        Some(chosen) => format!("Made it {}: {}", chosen.light.label().to_lowercase(), chosen.reason),
        None => {
            format!("Left the colour to the rules: {}", kept.colour.computed.light.label().to_lowercase())
        }
    };
    let colour = ReportColour { computed: kept.colour.computed.clone(), overridden };
    let now = Kept { made_on: kept.made_on, colour, version: kept.version + 1 };
    let mut tx = app.db.write().await?;
    if !rows::keep(&mut tx, actor.workspace, id, &now, kept.version).await? {
        return Err(stale(kept.version + 1));
    }
    activity::record(app, &mut tx, actor, CHANGED, About::of(&sight.head), summary).await?;
    tx.commit().await?;
    Ok(now)
}

/// A colour with the reason it cannot be without, as the actor chooses it; none leaves it to the rules.
pub(crate) fn overridden(
    actor: &Actor,
    chosen: Option<(Light, String)>,
) -> Result<Option<Overridden>, AppError> {
    let mut problems = Vec::new();
    let overridden = chosen.map(|(light, reason)| Overridden {
        light,
        reason: needed_prose("reason", &reason, &mut problems),
        by: actor.name.clone(),
    });
    none_of(problems)?;
    Ok(overridden)
}

/// What a person put in place of the rules, if anybody did: reports begin with it.
pub(crate) async fn chosen(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
) -> Result<Option<Overridden>, AppError> {
    let mut tx = app.db.read().await?;
    Ok(rows::get(&mut tx, actor.workspace, id).await?.and_then(|kept| kept.colour.overridden))
}

/// Brings the colours of a workspace to today where they are of another day.
pub(crate) async fn renew_all(app: &App, workspace: WorkspaceId) -> Result<(), AppError> {
    let actor = Actor::system("Gangway", workspace, Door::Job);
    let mut after = None;
    loop {
        let mut tx = app.db.read().await?;
        let due = rows::due(&mut tx, workspace, app.today(), after, BATCH).await?;
        drop(tx);
        let Some(last) = due.last() else { return Ok(()) };
        after = Some(*last);
        for id in due {
            match colour(app, &actor, id).await {
                // Removed meanwhile, or a plan that cannot be scheduled.
                Ok(_) | Err(AppError::NotFound { .. } | AppError::Refusal(_)) => {}
                Err(error) => return Err(error),
            }
        }
    }
}

fn is_over(head: &Head) -> bool {
    matches!(head.state, OnboardingState::Completed | OnboardingState::Closed { .. })
}
