//! The forecast of an onboarding as its pages show it: dates, the promise, what the risk hangs on, and how it changed.

mod picture;

use gangway_app::forecast::{self, Kept, Past};
use gangway_app::work::Sight;
use gangway_app::{Actor, AppError};
use gangway_domain::plan::forecast::Driver;
use jiff::civil::Date;

use super::top::address;
use crate::Web;
use crate::format::{Day, count, thousands};
use crate::pages::failure::Failure;
pub(crate) use picture::{Line, Spread};

/// Days of the history in the picture.
const PAST: u32 = 90;

/// Tasks named.
const NAMED: usize = 5;

/// Per cent: below it, P80 passes the promise.
const CERTAIN: i64 = 80;

/// The panel.
pub(crate) struct Panel {
    pub planned: Day,
    pub p50: Day,
    pub p80: Day,
    pub finish_p80: Day,
    pub promised: Day,
    pub kept_percent: i64,
    /// The tone of the chance that the promise is kept.
    pub tone: &'static str,
    /// Why to worry.
    pub warning: Option<String>,
    pub drivers: Vec<Row>,
    pub spread: Option<Spread>,
    pub line: Option<Line>,
    /// Where the figures come from.
    pub basis: Vec<String>,
    pub runs: String,
    pub made: Day,
    /// The plan was changed since; a new one is being made.
    pub outdated: bool,
    /// P50 and P80 as dates, for pictures of the plan.
    pub days: (Date, Date),
}

/// A task the risk hangs on.
pub(crate) struct Row {
    pub name: String,
    pub href: String,
    pub side: &'static str,
    pub why: String,
}

impl Panel {
    /// The forecast of a plan that was read already; none when there is none, and none can be made.
    pub(crate) async fn load(web: &Web, actor: &Actor, sight: &Sight) -> Result<Option<Self>, Failure> {
        let (kept, is_current) = match forecast::at_a_glance(&web.app, actor, sight).await {
            Ok((Some(kept), is_current)) => (kept, is_current),
            // A plan that cannot be scheduled has other troubles, and its page says so.
            Ok((None, _)) | Err(AppError::Refusal(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let past = forecast::history_of(&web.app, actor, &sight.head, PAST).await?;
        Ok(Some(Self::new(&kept, &past, sight, is_current)))
    }

    fn new(kept: &Kept, past: &[Past], sight: &Sight, is_current: bool) -> Self {
        let dates = kept.dates;
        let drivers = kept.detail.drivers.iter().filter_map(|driver| Row::new(driver, sight));
        Self {
            planned: dates.planned_on.into(),
            p50: dates.p50_on.into(),
            p80: dates.p80_on.into(),
            finish_p80: dates.finish_p80_on.into(),
            promised: dates.promised_on.into(),
            kept_percent: dates.kept_percent,
            tone: match dates.kept_percent {
                ..50 => "bad",
                50..CERTAIN => "fair",
                _ => "good",
            },
            warning: warning(&dates),
            drivers: drivers.take(NAMED).collect(),
            spread: Spread::new(&kept.spread, &dates),
            line: Line::new(past),
            basis: forecast::basis_in_words(kept),
            runs: thousands(kept.runs),
            made: dates.made_on.into(),
            outdated: !is_current,
            days: (dates.p50_on, dates.p80_on),
        }
    }
}

impl Row {
    fn new(driver: &Driver, sight: &Sight) -> Option<Self> {
        let id = sight.stored.tasks.get(&driver.task)?.id;
        let task = sight.stored.plan.task(&driver.task)?;
        Some(Self {
            name: task.name.clone(),
            href: format!("{}/tasks/{id}", address(&sight.head)),
            side: match driver.owner {
                gangway_domain::programme::Side::Vendor => "vendor",
                gangway_domain::programme::Side::Customer => "customer",
                gangway_domain::programme::Side::Joint => "joint",
            },
            why: format!(
                "decides the date in {:.0} % of the runs; {:.1} working days left on average",
                driver.criticality * 100.0,
                driver.mean_days
            ),
        })
    }
}

fn warning(dates: &Past) -> Option<String> {
    let days = usize::try_from(dates.days_past()).ok().filter(|days| *days > 0)?;
    Some(format!(
        "With 80 % certainty the go-live comes by {}, {} after the promised {}.",
        Day::from(dates.p80_on).words,
        count(days, "day"),
        Day::from(dates.promised_on).words,
    ))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_forecast_warns_when_p80_passes_the_promise() {
        let mut dates = Past {
            made_on: date(2027, 1, 11),
            planned_on: date(2027, 3, 12),
            p50_on: date(2027, 3, 20),
            p80_on: date(2027, 4, 2),
            finish_p50_on: date(2027, 4, 20),
            finish_p80_on: date(2027, 5, 3),
            promised_on: date(2027, 4, 1),
            kept_percent: 78,
        };
        let said =
            "With 80 % certainty the go-live comes by 2 Apr 2027, 1 day after the promised 1 Apr 2027.";
        assert_eq!(warning(&dates).as_deref(), Some(said));
        dates.promised_on = dates.p80_on;
        assert_eq!(warning(&dates), None);
    }
}
