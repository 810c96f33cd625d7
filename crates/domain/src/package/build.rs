//! From the facts of a deal to the whole package: the one place that knows the order of the steps.

use jiff::civil::Date;
use thiserror::Error;

use super::calendars::{self, Calendars};
use super::dates::{self, Anchors};
use super::expand::{self, Fitted};
use super::first_day::FirstDay;
use super::frame::{Frame, Ground};
use super::judge::Judge;
use super::network::Pace;
use super::people::{self, Cast};
use super::said::Said;
use super::scheduled::{self, Dated};
use super::{
    Activation, GoLive, Handoff, HealthCadence, ImpactPlan, Meeting, Names, OnboardingPlan, OpenQuestion,
    Package, People, PromiseEntry, Raci, Risk, SurveyPlan, TrainingPlan, activation, golive, health, impact,
    kickoff, meetings, network, prepare, promises, questions, risks, training, verdict,
};
use crate::deal::{Deal, Reading};
use crate::fact::Notice;
use crate::fit::{self, Words, list_in_words};
use crate::handoff;
use crate::methodology::Methodology;
use crate::plan::{self, PlanError, PlanSpec, Schedule};
use crate::programme::Programme;
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
    /// A rule of the methodology failed.
    #[error("{file}, `{id}`: {error}")]
    Rule {
        /// Path of the file.
        file: String,
        /// Id of the task, milestone, risk … whose rule it is.
        id: String,
        /// What went wrong.
        error: RuleError,
    },
    /// A dependency is not readable or leads nowhere.
    #[error("programmes/{programme}.toml, `{id}`: {problem}")]
    Link {
        /// Programme id.
        programme: String,
        /// Id of the task or milestone that depends.
        id: String,
        /// What is wrong with the dependency, and what to write.
        problem: String,
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
    let judge = Judge::of_programme(&facts, &programme.id);
    let names = names(deal, &options.vendor);
    let mut words = words(deal, &names);
    words.set("start", if programme.has_kickoff_meeting() { "the kickoff" } else { "the start" });
    let cast = Cast::new(programme, deal);

    let calendars = calendars_around(deal, methodology, options);
    let anchors = dates::anchors(deal, programme, &calendars, options)?;
    let said = Said::new(deal, &methodology.wording, anchors.kickoff_on);
    let tracks = training::track_names(methodology, programme, &judge)?;
    let fitted = expand::fit_programme(programme, deal, &said, &tracks, &judge, &words)?;
    check_marks(programme, &fitted)?;

    let impossible = impossible(programme);
    let (fitted, shortened) = prepare::fit_before_kickoff(programme, fitted, &|fitted| {
        network::network(programme, fitted, &calendars, &anchors, &methodology.golive, Pace::AsSoonAsPossible)
    })
    .map_err(impossible)?;
    let network = |anchors: &Anchors, pace: Pace| {
        network::network(programme, &fitted, &calendars, anchors, &methodology.golive, pace)
    };
    let paced = at_a_pace(&|pace| network(&anchors, pace)).map_err(impossible)?;
    let earlier = kickoff::earlier(&paced.schedule, &anchors, &calendars, &|anchors| {
        network(anchors, Pace::AsSoonAsPossible)
    })
    .map_err(impossible)?;
    let anchors = match go_live_of(&paced) {
        Some(planned) => anchors.aiming_at(planned),
        None => anchors,
    };

    let words = words.with("pilot", fitted.waves.first().map(|wave| wave.words.clone()).unwrap_or_default());
    let ground = Ground {
        methodology,
        programme,
        deal,
        judge: &judge,
        words: &words,
        cast: &cast,
        calendars: &calendars,
        anchors: &anchors,
        said: &said,
    };
    let planned = Planned::keeping_promises(paced, &ground, &fitted, &|pace| network(&anchors, pace))?;
    let dates = verdict::key_dates(&anchors, &planned.plan, &planned.paced.schedule, earlier.as_ref());
    let mut notices = notices(&ground, &planned);
    notices.extend(shortened);
    let Planned { plan, promises, .. } = planned;
    let frame = Frame { ground: &ground, plan: &plan, dates: &dates };
    let parts = Parts::new(&frame, &names, promises, options)?;
    let escalation =
        if programme.has_kickoff_meeting() { methodology.risks.escalations.clone() } else { Vec::new() };
    Ok(Package {
        schema: "gangway.package/1".into(),
        generator: format!("gangway {}", env!("CARGO_PKG_VERSION")),
        as_of: options.as_of,
        raci: parts.raci,
        activation: parts.activation,
        health: parts.health,
        training: parts.training,
        meetings: parts.meetings,
        surveys: parts.surveys,
        governance: programme.governance.clone(),
        escalation,
        names,
        handoff: parts.handoff,
        segmentation,
        dates,
        plan,
        people: parts.people,
        impact_plan: parts.impact_plan,
        go_live: parts.go_live,
        risks: parts.risks,
        questions: parts.questions,
        notices,
        reading,
    })
}

/// The calendars of both sides from before anything can begin until after everything is over.
fn calendars_around(deal: &Deal, methodology: &Methodology, options: &BuildOptions) -> Calendars {
    let kickoff = options.kickoff_on.or(deal.kickoff_on.as_ref().map(|fact| fact.value));
    let horizon = dates::plus_days(kickoff.map_or(options.as_of, |day| day.min(options.as_of)), -60);
    let until = kickoff.map_or(options.as_of, |day| day.max(options.as_of)).year().saturating_add(2);
    calendars::calendars(deal, methodology, options.vendor_country.as_deref(), true, horizon, until)
}

/// A programme needs a kickoff and a go-live, also after rules have left tasks out.
fn check_marks(programme: &Programme, fitted: &Fitted<'_>) -> Result<(), BuildError> {
    for (mark, found) in [
        ("kickoff", fitted.tasks.iter().any(|task| task.template.kickoff)),
        ("go_live", fitted.tasks.iter().any(|task| task.template.go_live)),
    ] {
        if !found {
            return Err(BuildError::Unmarked { programme: programme.id.clone(), mark });
        }
    }
    Ok(())
}

/// What the engine refuses, with the programme it was made from.
fn impossible(programme: &Programme) -> impl Fn(PlanError) -> BuildError + Copy {
    move |error| BuildError::Plan { programme: programme.id.clone(), error }
}

/// A network with its dates at a pace.
struct Paced {
    pace: Pace,
    spec: PlanSpec,
    schedule: Schedule,
}

impl Paced {
    fn new(network: &dyn Fn(Pace) -> PlanSpec, pace: Pace) -> Result<Self, PlanError> {
        let spec = network(pace);
        let schedule = plan::schedule(&spec)?;
        Ok(Self { pace, spec, schedule })
    }

    fn plan(&self, ground: &Ground<'_>, fitted: &Fitted<'_>) -> Result<OnboardingPlan, BuildError> {
        Dated { ground, fitted, spec: &self.spec, schedule: &self.schedule }.plan()
    }
}

/// The plan that is used, and the promises of the deal tied to it.
struct Planned {
    paced: Paced,
    plan: OnboardingPlan,
    promises: Vec<PromiseEntry>,
}

impl Planned {
    fn new(paced: Paced, ground: &Ground<'_>, fitted: &Fitted<'_>) -> Result<Self, BuildError> {
        let plan = paced.plan(ground, fitted)?;
        let promises = promises::promises(ground, fitted, &plan);
        Ok(Self { paced, plan, promises })
    }

    /// The plan at the pace found. A promise counts more than the programme's pace: as soon as possible where that
    /// keeps more of them.
    fn keeping_promises(
        paced: Paced,
        ground: &Ground<'_>,
        fitted: &Fitted<'_>,
        network: &dyn Fn(Pace) -> PlanSpec,
    ) -> Result<Self, BuildError> {
        let impossible = impossible(ground.programme);
        let mut planned = Self::new(paced, ground, fitted)?;
        if planned.paced.pace == Pace::ByPhase && promises::broken(&planned.promises) > 0 {
            let sooner = Paced::new(network, Pace::AsSoonAsPossible).map_err(impossible)?;
            let sooner = Self::new(sooner, ground, fitted)?;
            if promises::broken(&sooner.promises) < promises::broken(&planned.promises) {
                planned = sooner;
            }
        }
        promises::find_ways(&mut planned.promises, &planned.paced.spec, &planned.plan).map_err(impossible)?;
        Ok(planned)
    }
}

/// What follows from a dated plan, each by a module of its own.
struct Parts {
    impact_plan: ImpactPlan,
    people: People,
    handoff: Handoff,
    risks: Vec<Risk>,
    questions: Vec<OpenQuestion>,
    raci: Raci,
    activation: Activation,
    go_live: GoLive,
    health: HealthCadence,
    training: Vec<TrainingPlan>,
    meetings: Vec<Meeting>,
    surveys: Vec<SurveyPlan>,
}

impl Parts {
    fn new(
        frame: &Frame<'_>,
        names: &Names,
        promises: Vec<PromiseEntry>,
        options: &BuildOptions,
    ) -> Result<Self, BuildError> {
        let impact_plan = impact::impact_plan(frame.ground.deal, names, frame.plan, frame.dates, &promises);
        let people = people::people(frame)?;
        let handoff = handed_over(frame.ground, promises, options);
        let first_day = FirstDay::new(frame, &people, &handoff.promises);
        let risks = risks::risks(&first_day)?;
        let questions = questions::questions(&first_day, options.as_of)?;
        Ok(Self {
            impact_plan,
            risks,
            questions,
            raci: people::raci(frame)?,
            activation: activation::activation(frame)?,
            go_live: golive::go_live(frame)?,
            health: health::health(frame)?,
            training: training::training(frame)?,
            meetings: meetings::meetings(frame),
            surveys: meetings::surveys(frame),
            people,
            handoff,
        })
    }
}

/// What sales hands over, with the agendas of the two meetings about it.
fn handed_over(ground: &Ground<'_>, promises: Vec<PromiseEntry>, options: &BuildOptions) -> Handoff {
    let Ground { methodology, programme, deal, words, .. } = *ground;
    let rules = &methodology.handoff;
    Handoff {
        quality: handoff::assess(deal, methodology.checklists.get(&rules.checklist), rules),
        clocks: handoff::clocks(deal, rules, options.as_of),
        spiced: handoff::spiced(deal),
        internal_meeting: handoff::fill_agenda(methodology.agendas.get("internal-handoff"), words),
        introduction: handoff::fill_agenda(methodology.agendas.get("customer-introduction"), words),
        confirmation: handoff::confirmation(deal, words.get("start"), programme.has_kickoff_meeting()),
        promises,
    }
}

/// The planned day of the go-live that is measured against the wanted one.
fn go_live_of(paced: &Paced) -> Option<Date> {
    paced.schedule.feasibility.as_ref().map(|found| scheduled::day(found.expected))
}

/// The plan at the programme's pace; as soon as possible when that pace misses the target.
fn at_a_pace(network: &dyn Fn(Pace) -> PlanSpec) -> Result<Paced, PlanError> {
    let steady = Paced::new(network, Pace::ByPhase)?;
    if steady.schedule.feasibility.as_ref().is_none_or(|found| found.feasible) {
        return Ok(steady);
    }
    Paced::new(network, Pace::AsSoonAsPossible)
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
        deal.single_sign_on()
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

fn notices(ground: &Ground<'_>, planned: &Planned) -> Vec<Notice> {
    let Ground { calendars, anchors, said, words, .. } = *ground;
    let Planned { paced, plan, .. } = planned;
    let mut notices = calendars.notices.clone();
    notices.extend(anchors.notices.iter().chain(&said.notices).cloned());
    notices.extend(paced.schedule.conflicts.iter().map(|conflict| {
        // The engine knows ids only; people know names.
        let message = paced.spec.tasks.iter().fold(conflict.message.clone(), |message, task| {
            message.replace(&format!("`{}`", task.id), &format!("“{}”", words.fill(&task.name)))
        });
        Notice::warning("schedule_conflict", message)
    }));
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
