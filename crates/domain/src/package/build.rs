//! From the facts of a deal to the whole package: the one place that knows the order of the steps.

use jiff::civil::Date;
use thiserror::Error;

use super::calendars::{self, Calendars};
use super::dates::{self, Anchors, days_between};
use super::expand::{self, Judge};
use super::frame::Frame;
use super::network::Pace;
use super::people::{self, Cast};
use super::scheduled::{Dated, day};
use super::{
    Handoff, KeyDates, Names, OnboardingPlan, Package, activation, golive, health, impact, meetings, network,
    risks, training,
};
use crate::deal::{Deal, Reading};
use crate::fact::Notice;
use crate::fit::{self, Words, list_in_words};
use crate::handoff;
use crate::methodology::Methodology;
use crate::plan::{self, Compression, Feasibility, PlanError, PlanSpec, Schedule};
use crate::rule::RuleError;
use crate::segment::{self, SegmentError, SegmentOverride};

/// What a person decides beside the deal itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildOptions {
    /// Today, in the customer's time zone.
    pub as_of: Date,
    /// Kickoff, when decided already.
    pub kickoff_on: Option<Date>,
    /// Another segment than the recommended one, with a reason.
    pub segment: Option<SegmentOverride>,
    /// Name of the vendor: whoever runs Gangway.
    pub vendor: String,
    /// ISO 3166 country whose public holidays the vendor keeps; the customer's when left out.
    pub vendor_country: Option<String>,
}

/// Why no package could be made. Each is a matter of the methodology or of dates, never of missing
/// facts: those become questions in the package.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum BuildError {
    /// No segment or programme.
    #[error(transparent)]
    Segment(#[from] SegmentError),
    /// A rule of a programme failed.
    #[error("programmes/{programme}.toml, `{id}`: {error}")]
    Rule {
        /// Programme id.
        programme: String,
        /// Id of the task, milestone … whose rule it is.
        id: String,
        /// What went wrong.
        error: RuleError,
    },
    /// A dependency is not readable or leads nowhere.
    #[error("programmes/{programme}.toml, `{id}`: `after = \"{after}\"` does not name a task or milestone")]
    Link {
        /// Programme id.
        programme: String,
        /// Id of the task or milestone that depends.
        id: String,
        /// The dependency as written.
        after: String,
    },
    /// A programme needs a kickoff and a go-live.
    #[error(
        "programmes/{programme}.toml: no task is marked `{mark} = true` (or its `when` excludes this deal)"
    )]
    Unmarked {
        /// Programme id.
        programme: String,
        /// `kickoff` or `go_live`.
        mark: &'static str,
    },
    /// A training track does not exist.
    #[error("programmes/{programme}.toml: there is no training track `{track}`")]
    Track {
        /// Programme id.
        programme: String,
        /// Track id.
        track: String,
    },
    /// A product type without time-to-value targets.
    #[error("programmes/{programme}.toml: benchmarks.toml has no time-to-value targets for `{product_type}`")]
    Benchmark {
        /// Programme id.
        programme: String,
        /// Product type.
        product_type: String,
    },
    /// The health model does not exist.
    #[error("there is no health model `{id}`: add health/{id}.toml")]
    HealthModel {
        /// Model id.
        id: &'static str,
    },
    /// The two sides never work on the same day.
    #[error(
        "within a year from {from} there is no day on which both sides work: check the blackouts of the deal"
    )]
    NoWorkingDays {
        /// From when it was searched.
        from: Date,
    },
    /// The plan cannot be scheduled.
    #[error("programme `{programme}`: {error}")]
    Plan {
        /// Programme id.
        programme: String,
        /// What went wrong.
        error: PlanError,
    },
}

/// Makes the package of a deal.
///
/// # Errors
/// When the methodology cannot be applied; see [`BuildError`].
pub fn build(
    methodology: &Methodology,
    reading: Reading,
    options: &BuildOptions,
) -> Result<Package, BuildError> {
    let deal = &reading.deal;
    let segmentation = segment::recommend(deal, methodology, options.segment.as_ref())?;
    let programme = &methodology.programmes[segmentation.programme.as_str()];
    let facts = fit::facts(deal, &methodology.segments, &segmentation.segment);
    let judge = Judge::new(&facts, &programme.id);
    let names = names(deal, &options.vendor);
    let words = words(deal, &names);
    let cast = Cast::new(programme, deal);

    let kickoff = options.kickoff_on.or(deal.kickoff_on.as_ref().map(|fact| fact.value));
    let horizon = dates::plus_days(kickoff.map_or(options.as_of, |day| day.min(options.as_of)), -60);
    let until = kickoff.map_or(options.as_of, |day| day.max(options.as_of)).year().saturating_add(2);
    let calendars =
        calendars::calendars(deal, methodology, options.vendor_country.as_deref(), horizon, until);
    let anchors = dates::anchors(deal, programme, &calendars, options)?;
    let tracks = training::track_names(methodology, programme, &judge)?;
    let fitted = expand::fit_programme(programme, deal, &tracks, &judge, &words)?;
    for (mark, found) in [
        ("kickoff", fitted.tasks.iter().any(|task| task.template.kickoff)),
        ("go_live", fitted.tasks.iter().any(|task| task.template.go_live)),
    ] {
        if !found {
            return Err(BuildError::Unmarked { programme: programme.id.clone(), mark });
        }
    }
    let (spec, schedule) = scheduled(&|pace| {
        network::network(programme, &fitted, &calendars, &anchors, &methodology.golive, pace)
    })
    .map_err(|error| BuildError::Plan { programme: programme.id.clone(), error })?;
    let words = words.with("pilot", fitted.waves.first().map(|wave| wave.words.clone()).unwrap_or_default());
    let dated = Dated {
        programme,
        fitted: &fitted,
        spec: &spec,
        schedule: &schedule,
        anchors: &anchors,
        words: &words,
        judge: &judge,
        cast: &cast,
    };
    let users = deal.users.as_ref().map(|fact| fact.value);
    let plan = dated.plan(&calendars, users)?;
    let dates = key_dates(&anchors, &plan, &schedule);

    let promises = impact::promises(deal, &plan, &dates);
    let impact_plan = impact::impact_plan(deal, &names, &plan, &dates, &promises);
    let frame = Frame {
        methodology,
        programme,
        deal,
        judge: &judge,
        words: &words,
        cast: &cast,
        calendars: &calendars,
        anchors: &anchors,
        plan: &plan,
        dates: &dates,
    };
    let people = people::people(&frame);
    let checklist = methodology.checklists.get(&methodology.handoff.checklist);
    let handoff = Handoff {
        quality: handoff::assess(deal, checklist, &methodology.handoff),
        clocks: handoff::clocks(deal, &methodology.handoff, options.as_of),
        spiced: handoff::spiced(deal),
        internal_meeting: handoff::fill_agenda(methodology.agendas.get("internal-handoff"), &words),
        introduction: handoff::fill_agenda(methodology.agendas.get("customer-introduction"), &words),
        confirmation: handoff::confirmation(deal),
        promises,
    };
    let risks = risks::risks(deal, &plan, &dates, &people, &handoff.promises);
    let questions = risks::questions(&frame, &people, options.as_of);
    let notices = notices(&calendars, &anchors, &schedule, &plan);
    let raci = people::raci(&frame)?;
    let activation = activation::activation(&frame)?;
    let go_live = golive::go_live(&frame)?;
    let health = health::health(&frame)?;
    let training = training::training(&frame)?;
    let meetings = meetings::meetings(&frame);
    let surveys = meetings::surveys(&frame);
    Ok(Package {
        schema: "gangway.package/1".into(),
        generator: format!("gangway {}", env!("CARGO_PKG_VERSION")),
        as_of: options.as_of,
        raci,
        activation,
        health,
        training,
        meetings,
        surveys,
        governance: programme.governance.clone(),
        names,
        handoff,
        segmentation,
        dates,
        plan,
        people,
        impact_plan,
        go_live,
        risks,
        questions,
        notices,
        reading,
    })
}

/// The plan at the programme's pace; as soon as possible when that pace misses the target.
fn scheduled(network: &dyn Fn(Pace) -> PlanSpec) -> Result<(PlanSpec, Schedule), PlanError> {
    let spec = network(Pace::ByPhase);
    let schedule = plan::schedule(&spec)?;
    if schedule.feasibility.as_ref().is_none_or(|found| found.feasible) {
        return Ok((spec, schedule));
    }
    let spec = network(Pace::AsSoonAsPossible);
    let schedule = plan::schedule(&spec)?;
    Ok((spec, schedule))
}

fn names(deal: &Deal, vendor: &str) -> Names {
    let products: Vec<String> = deal.products.iter().map(|fact| fact.value.clone()).collect();
    let use_cases: Vec<String> = deal.use_cases.iter().map(|fact| fact.value.clone()).collect();
    Names {
        customer: deal.customer.as_ref().map_or_else(|| "the customer".into(), |fact| fact.value.clone()),
        product: if products.is_empty() { "the product".into() } else { list_in_words(&products) },
        use_case: list_in_words(&use_cases),
        vendor: vendor.to_owned(),
    }
}

/// What placeholders of the methodology stand for in this deal.
fn words(deal: &Deal, names: &Names) -> Words {
    let mut words = Words::default();
    words.set("customer", names.customer.clone());
    words.set("product", names.product.clone());
    words.set("vendor", names.vendor.clone());
    words.set(
        "use_case",
        if names.use_case.is_empty() {
            "the goal agreed at the kickoff".into()
        } else {
            names.use_case.clone()
        },
    );
    let sites = deal.sites.as_ref().map(|fact| &fact.value).filter(|sites| sites.count > 1);
    words.set(
        "sites",
        sites.map_or_else(
            || "all users".into(),
            |sites| format!("all {} {}", sites.count, fit::plural(&sites.noun, sites.count)),
        ),
    );
    words.set("site", sites.map_or_else(|| "group".into(), |sites| sites.noun.clone()));
    words.set(
        "users",
        deal.users.as_ref().map_or_else(|| "the agreed number of".into(), |fact| fact.value.to_string()),
    );
    words.set(
        "integrations",
        if deal.integrations.is_empty() {
            "no other systems".into()
        } else {
            list_in_words(&deal.integrations.iter().map(|fact| fact.value.system.clone()).collect::<Vec<_>>())
        },
    );
    words.set(
        "sso",
        deal.sso
            .as_ref()
            .filter(|fact| !fact.value.eq_ignore_ascii_case("yes"))
            .map_or_else(|| "single sign-on".into(), |fact| fact.value.clone()),
    );
    let sponsor = deal
        .stakeholders
        .iter()
        .map(|fact| &fact.value)
        .find(|person| person.role == crate::deal::StakeholderRole::ExecutiveSponsor);
    words.set(
        "sponsor",
        sponsor.map_or_else(|| "the executive sponsor".into(), crate::deal::Stakeholder::label),
    );
    let goal = deal.success_criteria.first().map(|fact| fact.value.text.trim_end_matches('.').to_owned());
    words.set("goal", goal.unwrap_or_else(|| "the agreed goal".into()));
    words
}

fn key_dates(anchors: &Anchors, plan: &OnboardingPlan, schedule: &Schedule) -> KeyDates {
    let go_live_on =
        plan.tasks.iter().find(|task| task.go_live).map_or(anchors.kickoff_on, |task| task.finish);
    let first_value = plan.milestones.iter().find(|milestone| milestone.first_value);
    KeyDates {
        starts_on: plan.tasks.iter().map(|task| task.start).min().unwrap_or(anchors.starts_on),
        kickoff_on: anchors.kickoff_on,
        kickoff_because: anchors.kickoff_because.clone(),
        go_live_on,
        go_live_target: anchors.target,
        go_live_because: anchors.target_because.clone(),
        first_value_on: first_value.map(|milestone| milestone.planned),
        finish_on: day(schedule.finish),
        complete_by: plan.complete.by,
        verdict: verdict(anchors, go_live_on, schedule.feasibility.as_ref()),
        options: schedule
            .feasibility
            .iter()
            .flat_map(|feasibility| &feasibility.compressions)
            .map(|compression| in_words(compression, plan))
            .collect(),
        feasibility: schedule.feasibility.clone(),
    }
}

fn verdict(anchors: &Anchors, go_live_on: Date, feasibility: Option<&Feasibility>) -> String {
    let day = days_between(anchors.kickoff_on, go_live_on);
    match (anchors.target, feasibility) {
        (Some(target), Some(found)) if found.feasible => {
            let buffer = match found.buffer {
                0 => "with no day to spare".to_owned(),
                days => format!("with {} to spare", calendar_days(days)),
            };
            format!("Go-live on {} (day {day}) meets the wanted {} {buffer}.", on(go_live_on), on(target))
        }
        (Some(target), Some(found)) => format!(
            "As planned, go-live falls on {} (day {day}): {} after the wanted {}.{}",
            on(go_live_on),
            calendar_days(found.shortfall),
            on(target),
            beyond_reach(found)
        ),
        _ => format!("Go-live is planned for {} (day {day}); no wanted date is known.", on(go_live_on)),
    }
}

/// How far the changes proposed go when they do not suffice; empty when they do.
fn beyond_reach(found: &Feasibility) -> String {
    let target = day(found.target);
    match found.best.map(day) {
        None => " No change of the plan moves it forward.".to_owned(),
        Some(best) if best > target => format!(
            " Even with all of the changes proposed here go-live would be on {}, {} late: agree on another date or a smaller scope.",
            on(best),
            calendar_days(days_between(target, best))
        ),
        Some(_) => String::new(),
    }
}

fn on(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

fn calendar_days(count: i64) -> String {
    if count == 1 { "1 calendar day".to_owned() } else { format!("{count} calendar days") }
}

fn in_words(compression: &Compression, plan: &OnboardingPlan) -> String {
    let name = |id: &str| {
        plan.tasks
            .iter()
            .find(|task| task.id == id)
            .map(|task| task.name.as_str())
            .or_else(|| plan.milestones.iter().find(|m| m.id == id).map(|milestone| milestone.name.as_str()))
            .unwrap_or(id)
            .to_owned()
    };
    let days = |count: i64| fit::counted(count, "day");
    match compression {
        Compression::Shorten { task, from, to, gains } => format!(
            "Do “{}” in {} instead of {} working days: go-live comes {} earlier.",
            name(task),
            to,
            from,
            days(*gains)
        ),
        Compression::Overlap { from, to, days: overlap, gains } => format!(
            "Start “{}” {} before “{}” is done: go-live comes {} earlier.",
            name(to),
            days(i64::from(*overlap)),
            name(from),
            days(*gains)
        ),
        Compression::StartEarlier { days: earlier, gains } => format!(
            "Hold the kickoff {} earlier: go-live comes {} earlier.",
            fit::counted(i64::from(*earlier), "working day"),
            days(*gains)
        ),
    }
}

fn notices(
    calendars: &Calendars,
    anchors: &Anchors,
    schedule: &Schedule,
    plan: &OnboardingPlan,
) -> Vec<Notice> {
    let mut notices = calendars.notices.clone();
    notices.extend(anchors.notices.iter().cloned());
    notices.extend(
        schedule
            .conflicts
            .iter()
            .map(|conflict| Notice::warning("schedule_conflict", conflict.message.clone())),
    );
    let late: Vec<String> = plan
        .milestones
        .iter()
        .filter(|milestone| milestone.gate && milestone.late_by > 0)
        .map(|gate| format!("“{}” {}", gate.name, fit::counted(gate.late_by, "day")))
        .collect();
    if !late.is_empty() {
        let message = format!("Gates planned after the day they are due: {}.", list_in_words(&late));
        notices.push(Notice::warning("gates_late", message));
    }
    notices
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::plan::Point;

    fn late_by_nine(best: Option<Date>) -> Feasibility {
        Feasibility {
            target: Point::Day(date(2026, 3, 11)),
            expected: Point::Day(date(2026, 3, 20)),
            feasible: false,
            shortfall: 9,
            buffer: 0,
            compressions: Vec::new(),
            best: best.map(Point::Day),
        }
    }

    #[test]
    fn a_date_out_of_reach_is_called_that() {
        assert_eq!(
            beyond_reach(&late_by_nine(Some(date(2026, 3, 12)))),
            " Even with all of the changes proposed here go-live would be on 12 March 2026, 1 calendar day late: agree on another date or a smaller scope."
        );
        assert_eq!(beyond_reach(&late_by_nine(Some(date(2026, 3, 11)))), "");
        assert_eq!(beyond_reach(&late_by_nine(None)), " No change of the plan moves it forward.");
    }
}
