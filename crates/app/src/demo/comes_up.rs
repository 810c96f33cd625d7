//! Work that comes up in the stories told in full: a check that repeats, and a template.

use std::collections::BTreeMap;

use gangway_domain::calendar::WeekdayName;
use gangway_domain::programme::Side;
use gangway_domain::work::{Assignee, Because, Rhythm, Series, SeriesEnd};
use jiff::ToSpan;

use super::script::Scene;
use crate::error::AppError;
use crate::work::{self, Begun};

/// Calendar days the go-live must be away for something to repeat until then.
const LONG_ENOUGH: i64 = 14;

/// The data of the outage desk is looked at every week until the go-live.
pub(super) async fn weekly_check(scene: &Scene<'_>) -> Result<(), AppError> {
    let Scene { app, who, id, .. } = *scene;
    let plan = work::sight(app, who, id).await?.stored.plan;
    let today = app.today();
    let is_far = plan.promise().go_live >= today.saturating_add(LONG_ENOUGH.days());
    let end = match plan.ground.go_live.clone().filter(|_| is_far) {
        Some(code) => SeriesEnd::With { code },
        None => SeriesEnd::Times { times: 4 },
    };
    let series = Series {
        name: "Weekly data-quality check".to_owned(),
        side: Side::Vendor,
        role: "Integration engineer".to_owned(),
        assignee: owner(scene),
        days: 1,
        phase: None,
        rhythm: Rhythm::Weeks { every: 1, on: WeekdayName::Thursday },
        starts_on: today,
        end,
    };
    work::repeat(app, who, id, series).await?;
    Ok(())
}

/// An integration stands still; what is done about it comes from a template.
pub(super) async fn recovery(scene: &Scene<'_>, why: &str) -> Result<(), AppError> {
    let Scene { app, who, id, .. } = *scene;
    let begun = Begun {
        template: "recover-blocked-integration".to_owned(),
        on: None,
        after: None,
        owners: owner(scene).map(|who| (Side::Vendor, who)).into_iter().collect::<BTreeMap<_, _>>(),
    };
    let change = match work::from_template(app, who, id, begun).await {
        Ok(change) => change,
        // A methodology of one's own may have other templates.
        Err(AppError::NotFound { .. }) => return Ok(()),
        Err(error) => return Err(error),
    };
    let because = Because { summary: why.to_owned(), side: Side::Customer };
    work::change_because(app, who, id, None, vec![change], Some(because)).await?;
    Ok(())
}

/// Jonas Feld, who implements.
fn owner(scene: &Scene<'_>) -> Option<Assignee> {
    let known = scene.team.iter().find(|person| person.name == "Jonas Feld")?;
    Some(Assignee::Person { id: known.id, name: known.name.clone() })
}
