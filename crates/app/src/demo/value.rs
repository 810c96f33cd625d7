//! Outcomes of onboardings that were completed: agreed at the kickoff, measured, confirmed by the customer.

use gangway_domain::ids::OnboardingId;
use gangway_domain::outcome::{Amount, Evidence, Status};
use jiff::civil::Date;

use crate::error::AppError;
use crate::outcome::{self, Draft, NewMeasurement, Said};
use crate::{Actor, App};

/// What is said of the two measurements.
const MEASURED: [&str; 2] = ["First weeks after the go-live", "A month after it, the target is there"];

/// Proves the outcomes of an onboarding, on days up to the one `app` stands on.
pub(super) async fn prove(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    days: [Date; 2],
) -> Result<(), AppError> {
    let known = outcome::of_onboarding(app, actor, id).await?.outcomes;
    for one in known {
        let by = one.confirms.split([',', '(']).next().unwrap_or_default().trim().to_owned();
        let by = if by.is_empty() { "The sponsor".to_owned() } else { by };
        let mut draft = Draft::of(&one);
        if draft.metric.is_empty() {
            draft.metric = "Share of the work that runs through the product".to_owned();
        }
        let has_figures = draft.target.is_some();
        if !has_figures {
            (draft.unit, draft.direction) = ("%".to_owned(), None);
            (draft.baseline, draft.target) = (None, "80".parse().ok());
        }
        let one = outcome::change(app, actor, one.id, one.version, draft).await?;
        let one = outcome::agree(app, actor, one.id, one.version, &by).await?;
        let Some(target) = one.target else { continue };
        // Half of the way, then all of it.
        let half = one
            .baseline
            .map_or(target.thousandths() / 2, |from| (from.thousandths() + target.thousandths()) / 2);
        let figures = [Amount::from_thousandths(half), target];
        let mut last = one;
        for ((note, on), value) in MEASURED.iter().zip(days).zip(figures) {
            let evidence = Some(Evidence::Words {
                text: "Report of the product, seen together in the weekly call".to_owned(),
            });
            let new =
                NewMeasurement { on, value: Some(value), holds: true, note: (*note).to_owned(), evidence };
            last = outcome::measure(app, actor, last.id, new).await?.0;
        }
        if last.status(Date::MIN) == Status::Reached {
            let said = Said { by, words: "That is what we bought it for.".to_owned() };
            outcome::confirm(app, actor, last.id, last.version, said).await?;
        }
    }
    Ok(())
}
