//! Trying a programme on a deal, next to the version in force; nothing is kept.

use gangway_domain::deal::Reading;
use gangway_domain::ids::HandoffId;
use gangway_domain::methodology::Methodology;
use gangway_domain::package::{self, BuildOptions, Difference, Package};
use gangway_domain::permission::Action;
use gangway_domain::programme::Programme;
use gangway_domain::segment::{SegmentOverride, recommend};
use gangway_store::workspace;
use jiff::civil::{Date, date};

use super::draft::judge;
use super::{Which, in_force_with, known, text_with};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::plan::plan;
use crate::{Actor, App, calculate, handoff, intake};

/// A deal that has something for every part of a programme.
pub const SAMPLE: &str = "Customer: Sample Works. Product: Sample Suite. ACV: $40K. Use case: order tracking. \
Stakeholders: COO (sponsor), IT Director, 2 team leads. Users: 120. Sites: 3 plants. Go-live target: 60 days. \
Integration: SAP ERP + Salesforce. SSO: Okta. Data sources: old order system. Country: US.";

/// The day the sample deal is planned on.
const SAMPLE_DAY: Date = date(2027, 1, 4);

/// A deal to try a programme on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deal {
    /// One that was handed over, with its corrections.
    HandedOver(HandoffId),
    /// One that was pasted.
    Text(String),
}

/// What came of a trial.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// The package with the version in force.
    pub before: Package,
    /// The package with the version that was tried.
    pub after: Package,
    /// What differs.
    pub difference: Difference,
    /// The segment the deal is recommended, when it is another than the programme's: what it would get.
    pub recommended: Option<String>,
}

/// Tries a text of a programme on a deal.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Refused`] when the text is no deal,
/// [`AppError::Invalid`] while the programme has mistakes, [`AppError::Build`] when no plan can be made; or
/// when the database fails.
#[boxed]
pub async fn trial(app: &App, actor: &Actor, id: &str, which: Which, deal: Deal) -> Result<Trial, AppError> {
    actor.require(Action::Look)?;
    known(app, id)?;
    let mut tx = app.db.read().await?;
    let text = text_with(app, &mut tx, actor, id, which).await?;
    let force = in_force_with(app, &mut tx, actor.workspace).await?;
    let vendor = workspace::get(&mut tx, actor.workspace).await?.map(|place| place.name).unwrap_or_default();
    let kept = match &deal {
        Deal::HandedOver(id) => {
            let intake::Loaded { mut handoff, deal, .. } = intake::load(&mut tx, actor, *id).await?;
            handoff.reading.deal = deal.deal;
            Some(handoff.reading)
        }
        Deal::Text(_) => None,
    };
    drop(tx);
    let reading = match (kept, deal) {
        (Some(reading), _) => reading,
        (None, Deal::Text(text)) => handoff::read(app, text.into_bytes(), None).await?,
        (None, Deal::HandedOver(id)) => return Err(AppError::missing("handoff", id)),
    };
    let judged = judge(app, id, &text.source).await?;
    let mistakes = "has mistakes: mend them first, then try it";
    let unusable = || AppError::Invalid(vec![Problem::new("programme", mistakes)]);
    if !judged.is_usable() {
        return Err(unusable());
    }
    let programme = judged.programme.ok_or_else(unusable)?;
    let (methodology, today) = (force.methodology.clone(), app.today());
    calculate(move || {
        let laid = laid_over(&methodology, programme);
        compare(&methodology, &laid, reading, vendor, today)
    })
    .await?
}

fn compare(
    before: &Methodology,
    after: &Laid,
    reading: Reading,
    vendor: String,
    today: Date,
) -> Result<Trial, AppError> {
    let options =
        BuildOptions { as_of: today, kickoff_on: None, segment: None, vendor, vendor_country: None };
    let recommended = recommend(&reading.deal, before, None).map_err(package::BuildError::from)?;
    let segment = after.segment.clone();
    let other = recommended.segment != segment;
    let chosen = other.then(|| SegmentOverride { segment, reason: "trial of the programme".to_owned() });
    let options = BuildOptions { segment: chosen, ..options };
    let before = package::build(before, reading.clone(), &options)?;
    let after = package::build(&after.methodology, reading, &options)?;
    let difference = Difference::of(&before, &after);
    Ok(Trial { before, after, difference, recommended: other.then_some(recommended.segment_name) })
}

/// A methodology with one programme in place of another.
pub(super) struct Laid {
    methodology: Methodology,
    segment: String,
}

pub(super) fn laid_over(methodology: &Methodology, programme: Programme) -> Laid {
    let mut methodology = methodology.clone();
    let uses = methodology.segments.segments.iter().find(|segment| segment.programme == programme.id);
    let segment = uses.map_or_else(|| programme.segment.clone(), |segment| segment.id.clone());
    methodology.programmes.insert(programme.id.clone(), programme);
    Laid { methodology, segment }
}

/// Makes the package of a sample deal: what is only wrong when a programme meets a deal shows here, before a
/// real one does. Says what went wrong.
pub(super) fn rehearse(laid: &Laid) -> Option<String> {
    let options = BuildOptions {
        as_of: SAMPLE_DAY,
        kickoff_on: None,
        segment: Some(SegmentOverride { segment: laid.segment.clone(), reason: "rehearsal".to_owned() }),
        vendor: "Our team".to_owned(),
        vendor_country: None,
    };
    plan(&laid.methodology, SAMPLE.as_bytes(), None, &options).err().map(|error| error.to_string())
}
