//! Outcomes: those of onboardings that were completed were agreed at the kickoff, measured, confirmed by the customer;
//! those of two that run are on their way.

use gangway_domain::ids::OnboardingId;
use gangway_domain::outcome::{Amount, Evidence, Status};
use jiff::civil::Date;

use super::{Lived, actor, back, on, working_day};
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

/// What shows a figure.
#[derive(Clone, Copy)]
enum Shown {
    Nothing,
    Words(&'static str),
    Link(&'static str),
}

/// What the customer says to it in the end: by whom, in which words.
#[derive(Clone, Copy)]
enum Heard {
    Nothing,
    Yes(&'static str, &'static str),
    No(&'static str, &'static str),
}

/// An outcome of an onboarding that runs, as far as it has come.
struct Way {
    /// The goal; without one, it is the first outcome of the plan.
    goal: Option<&'static str>,
    metric: &'static str,
    unit: &'static str,
    /// Where it stood before, and where it should get to.
    figures: [&'static str; 2],
    /// Calendar days ago it was agreed, and by whom.
    agreed: (i32, &'static str),
    /// What was measured, the oldest first: calendar days ago, figure, note, what shows it.
    readings: &'static [(i32, &'static str, &'static str, Shown)],
    heard: Heard,
}

/// What figures are read from.
const DEPOT_ONE: &str = "https://kestrel-energy.example/outages/depot-one";
const CONTROL_ROOM: &str = "Outage report of the control room, all calls of the week";
const DEVICES: &str = "List of devices with the day of their maps, looked through at the depot";
const PROTOCOL: &str = "Protocol of the rehearsal, kept by quality";
const REHEARSAL: &str = "https://bluefin-foods.example/quality/rehearsal-2";

/// Place of the story, who runs it, its outcomes.
const ON_THE_WAY: [(usize, &str, [Way; 2]); 2] = [
    (
        1,
        "Ines Okafor",
        [
            Way {
                goal: None,
                metric: "Minutes from the call until the crew is there",
                unit: "minutes",
                figures: ["52", "38"],
                agreed: (63, "Victor Lane"),
                readings: &[
                    (37, "51", "First month, before anybody worked with it", Shown::Nothing),
                    (20, "47", "Depot one with the new dispatch", Shown::Link(DEPOT_ONE)),
                    (6, "43", "Both depots of the pilot", Shown::Words(CONTROL_ROOM)),
                ],
                heard: Heard::Nothing,
            },
            Way {
                goal: Some("Crews of the pilot depot find the plan of the line also without a network"),
                metric: "Tablets of the pilot depot with maps of its lines",
                unit: "%",
                figures: ["0", "100"],
                agreed: (56, "Amara Diallo"),
                readings: &[
                    (27, "60", "The older tablets take no maps yet", Shown::Nothing),
                    (13, "100", "The older tablets were replaced", Shown::Words(DEVICES)),
                ],
                heard: Heard::Yes("Amara Diallo", "Every crew had its line on the screen in the storm."),
            },
        ],
    ),
    (
        2,
        "Jonas Feld",
        [
            Way {
                goal: None,
                metric: "Hours until a recall is traced",
                unit: "hours",
                figures: ["96", "2"],
                agreed: (40, "Dana Whitfield"),
                readings: &[
                    (24, "60", "Rehearsal with half of the lots in the product", Shown::Words(PROTOCOL)),
                    (9, "14", "Rehearsal with all lots of plant one", Shown::Link(REHEARSAL)),
                ],
                heard: Heard::Nothing,
            },
            Way {
                goal: Some("The morning meeting of both plants begins with the trace report"),
                metric: "Plants whose morning meeting begins with it",
                unit: "plants",
                figures: ["0", "2"],
                agreed: (33, "Marcus Hale"),
                readings: &[(8, "1", "Plant one reads it every day", Shown::Nothing)],
                heard: Heard::No("Marcus Hale", "Plant two still asks for figures of its own."),
            },
        ],
    ),
];

/// Lets the outcomes of two onboardings that run be agreed, measured and talked over; `lived` are the onboardings in the
/// order of their stories.
pub(super) async fn join(app: &App, lived: &[Lived]) -> Result<(), AppError> {
    for (place, manager, ways) in &ON_THE_WAY {
        let Some(story) = lived.get(*place) else { continue };
        for way in ways {
            go(app, &actor(manager), story.onboarding, way).await?;
        }
    }
    Ok(())
}

/// A working day so long ago, never later than today.
fn ago(app: &App, days: i32) -> Date {
    working_day(back(app.today(), days)).min(app.today())
}

async fn go(app: &App, who: &Actor, id: OnboardingId, way: &Way) -> Result<(), AppError> {
    let (days, by) = way.agreed;
    let then = on(app, ago(app, days), 11);
    let known = outcome::of_onboarding(&then, who, id).await?.outcomes;
    let Some(first) = known.first() else { return Ok(()) };
    let [baseline, target] = way.figures.map(|figure| figure.parse::<Amount>().ok());
    let (metric, unit) = (way.metric.to_owned(), way.unit.to_owned());
    let draft = Draft { metric, unit, direction: None, baseline, target, ..Draft::of(first) };
    let one = match way.goal {
        None => outcome::change(&then, who, first.id, first.version, draft).await?,
        Some(goal) => {
            let proof = "Counted in the weekly call of both project leads".to_owned();
            let (confirms, promises) = (by.to_owned(), Vec::new());
            let draft = Draft { goal: goal.to_owned(), proof, confirms, promises, rung: None, ..draft };
            let draft = Draft { first_value: false, full_value: false, ..draft };
            outcome::add(&then, who, id, draft).await?
        }
    };
    let mut last = outcome::agree(&then, who, one.id, one.version, by).await?;
    for (days, figure, note, shown) in way.readings {
        let day = ago(app, *days);
        let evidence = match *shown {
            Shown::Nothing => None,
            Shown::Words(text) => Some(Evidence::Words { text: text.to_owned() }),
            Shown::Link(url) => Some(Evidence::Link { url: url.to_owned() }),
        };
        let value = figure.parse().ok();
        let new = NewMeasurement { on: day, value, holds: false, note: (*note).to_owned(), evidence };
        last = outcome::measure(&on(app, day, 16), who, last.id, new).await?.0;
    }
    let later = on(app, ago(app, 5), 10);
    let said = |by: &str, words: &str| Said { by: by.to_owned(), words: words.to_owned() };
    match way.heard {
        Heard::Nothing => {}
        Heard::Yes(by, words) => {
            outcome::confirm(&later, who, last.id, last.version, said(by, words)).await?;
        }
        Heard::No(by, words) => {
            outcome::decline(&later, who, last.id, last.version, said(by, words)).await?;
        }
    }
    Ok(())
}
