//! A package made by hand: small, complete, the same every time.
//!
//! Tests of the store and of pages use it, so that they fail for their own reasons only, not
//! because a programme or a holiday changed.

use gangway_domain::deal::{
    CountedFrom, Deal, DealFormat, Integration, Promise, PromisePeriod, Reading, RedFlag, Severity,
};
use gangway_domain::fact::{Confidence, Fact, Notice};
use gangway_domain::methodology::{GoLiveRules, HealthApplies, HealthModel, TimeToValue};
use gangway_domain::money::{Currency, Money};
use gangway_domain::package::*;
use gangway_domain::plan::{LinkKind, LinkSpec};
use gangway_domain::programme::{MilestoneKind, Rollout, Side, Stage};
use jiff::ToSpan;
use jiff::civil::{Date, date};

/// The kickoff of every sample: a Monday.
pub const KICKOFF: Date = date(2027, 1, 11);

/// What a sample is about.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Customer.
    pub customer: String,
    /// Product.
    pub product: String,
    /// Segment (id).
    pub segment: String,
    /// Annual value in whole dollars.
    pub acv: i64,
    /// Kickoff.
    pub kickoff: Date,
    /// Days by which go-live misses its target; negative when it is early.
    pub late: i32,
    /// Handoff quality.
    pub quality: u32,
    /// Number of tasks in each phase.
    pub tasks_per_phase: u32,
}

impl Default for Sample {
    fn default() -> Self {
        Self {
            customer: "Acme Manufacturing".to_owned(),
            product: "Enterprise platform".to_owned(),
            segment: "mid-market".to_owned(),
            acv: 95_000,
            kickoff: KICKOFF,
            late: 0,
            quality: 72,
            tasks_per_phase: 3,
        }
    }
}

/// Phases: id, name, stage, first and last day from kickoff.
const PHASES: [(&str, &str, Stage, i32, i32); 5] = [
    ("prepare", "Handoff and preparation", Stage::Handoff, -7, -1),
    ("align", "Kickoff and alignment", Stage::Kickoff, 0, 11),
    ("connect", "Integration and data", Stage::Configure, 14, 25),
    ("pilot", "Pilot", Stage::Pilot, 28, 46),
    ("launch", "Rollout and go-live", Stage::GoLive, 49, 74),
];

impl Sample {
    /// A sample about this customer.
    #[must_use]
    pub fn of(customer: &str) -> Self {
        Self { customer: customer.to_owned(), ..Self::default() }
    }

    fn day(&self, from_kickoff: i32) -> Date {
        self.kickoff.saturating_add(from_kickoff.days())
    }

    /// What reading its deal gave.
    #[must_use]
    pub fn reading(&self) -> Reading {
        let field = |path: &str| path.to_owned();
        let deal = Deal {
            customer: Some(Fact::field(self.customer.clone(), field("customer"))),
            industry: Some(Fact::field("manufacturing".to_owned(), field("industry"))),
            country: Some(Fact::field("US".to_owned(), field("country"))),
            acv: Some(Fact::field(Money::major(self.acv, Currency::usd()), field("acv"))),
            products: vec![Fact::field(self.product.clone(), field("product"))],
            use_cases: vec![Fact::field("supply chain visibility".to_owned(), field("use_case"))],
            integrations: vec![Fact::field(
                Integration { system: "SAP ERP".to_owned(), detail: None },
                field("integrations.0"),
            )],
            promises: vec![Fact::field(
                Promise {
                    text: "First dashboard in 30 days".to_owned(),
                    by: None,
                    who: None,
                    within: Some(PromisePeriod { days: 30, from: CountedFrom::Kickoff }),
                },
                field("promises.0"),
            )],
            red_flags: vec![Fact::field(
                RedFlag {
                    text: "IT is short of people".to_owned(),
                    severity: Some(Severity::High),
                    mitigation: None,
                },
                field("red_flags.0"),
            )],
            ..Deal::default()
        };
        Reading {
            format: DealFormat::Json,
            deal,
            unread: Vec::new(),
            notices: vec![Notice::warning(
                "date_guessed",
                "The kickoff was taken as the next Monday; please confirm it.",
            )],
        }
    }

    /// Its package.
    #[must_use]
    pub fn package(&self) -> Package {
        let reading = self.reading();
        Package {
            schema: "gangway.package/1".to_owned(),
            generator: "gangway test".to_owned(),
            as_of: self.day(-7),
            names: Names {
                customer: self.customer.clone(),
                product: self.product.clone(),
                use_case: "supply chain visibility".to_owned(),
                vendor: "Northbeam Software".to_owned(),
            },
            handoff: self.handoff(),
            segmentation: self.segmentation(),
            dates: self.dates(),
            plan: self.plan(),
            raci: Raci { columns: Vec::new(), rows: Vec::new() },
            people: people(),
            activation: activation(),
            impact_plan: ImpactPlan {
                north_star: "Every plant sees its supply chain the same day".to_owned(),
                first_impact: "First dashboard used in the weekly review".to_owned(),
                outcomes: Vec::new(),
                milestones: Vec::new(),
            },
            go_live: GoLive {
                rollout: Rollout::default(),
                readiness: Vec::new(),
                approvals: Vec::new(),
                rules: GoLiveRules::default(),
                hypercare_until: self.day(88),
                pilot_users: Some([5, 15]),
            },
            health: health(),
            training: Vec::new(),
            meetings: Vec::new(),
            governance: Vec::new(),
            escalation: Vec::new(),
            surveys: Vec::new(),
            risks: vec![Risk {
                text: "IT is short of people".to_owned(),
                severity: Severity::High,
                mitigation: "Book the integration weeks with the IT director now".to_owned(),
                owner: "Implementation manager".to_owned(),
                origin: "red flag of the handoff".to_owned(),
                category: None,
            }],
            questions: vec![OpenQuestion {
                text: "Who signs off the go-live?".to_owned(),
                ask: "Executive sponsor".to_owned(),
                of_customer: true,
                by: self.day(0),
                why: "Nobody can decide the go-live otherwise".to_owned(),
                assumed: None,
            }],
            notices: Vec::new(),
            reading,
        }
    }

    fn handoff(&self) -> Handoff {
        let agenda = |title: &str| MeetingAgenda {
            title: title.to_owned(),
            attendees: vec!["Account executive".to_owned()],
            purpose: "Nobody asks the customer twice".to_owned(),
            minutes: 45,
            items: Vec::new(),
        };
        Handoff {
            quality: Quality {
                score: self.quality / 2,
                document_score: self.quality,
                ready: self.quality >= 70,
                items: vec![
                    QualityItem {
                        group: "People".to_owned(),
                        text: "An executive sponsor is named".to_owned(),
                        state: ItemState::Missing,
                        because: "no stakeholder has that role".to_owned(),
                    },
                    QualityItem {
                        group: "Commercial".to_owned(),
                        text: "The value of the contract is known".to_owned(),
                        state: ItemState::Met,
                        because: "acv".to_owned(),
                    },
                ],
            },
            clocks: vec![Clock {
                id: "first-contact".to_owned(),
                name: "First contact".to_owned(),
                hours: 48,
                from: "close".to_owned(),
                due: Some(self.day(-5)),
                owner: "CSM".to_owned(),
                overdue: false,
            }],
            spiced: vec![SpicedPart {
                name: "Situation".to_owned(),
                question: "What do they do today?".to_owned(),
                known: Vec::new(),
            }],
            promises: vec![PromiseEntry {
                id: "P1".to_owned(),
                text: "First dashboard in 30 days".to_owned(),
                by: Some(self.day(30)),
                by_because: Some("30 days after the kickoff".to_owned()),
                milestone: Some("first-dashboard".to_owned()),
                task: None,
                kept_if: Vec::new(),
                kept_at: "First dashboard built".to_owned(),
                on_time: Some(true),
                place: "promises.0".to_owned(),
            }],
            internal_meeting: agenda("Internal handoff"),
            introduction: agenda("Introduction"),
            confirmation: Vec::new(),
        }
    }

    fn segmentation(&self) -> Segmentation {
        let name = match self.segment.as_str() {
            "enterprise" => "Enterprise",
            "mid-market" => "Mid-Market",
            "smb" => "SMB",
            _ => "Self-Serve",
        };
        Segmentation {
            segment: self.segment.clone(),
            segment_name: name.to_owned(),
            touch: "medium".to_owned(),
            touch_words: "A named CSM and a shared team".to_owned(),
            programme: self.segment.clone(),
            programme_name: format!("{name} onboarding"),
            programme_version: 1,
            methodology: "0f".repeat(32),
            by_value: Some(self.segment.clone()),
            reasons: vec![Reason {
                facet: "value".to_owned(),
                pull: 2,
                text: format!("${} a year is {name}", self.acv),
                neutral: false,
            }],
            overridden: None,
            meetings: "weekly".to_owned(),
            duration_days: [60, 90],
            resources: "CSM, implementation manager".to_owned(),
            personalization: "adapted".to_owned(),
        }
    }

    fn dates(&self) -> KeyDates {
        KeyDates {
            starts_on: self.day(-7),
            kickoff_on: self.day(0),
            kickoff_because: "as written".to_owned(),
            go_live_on: self.day(59),
            go_live_target: Some(self.day(59 - self.late)),
            go_live_because: "60 days after kickoff".to_owned(),
            first_value_on: Some(self.day(30)),
            finish_on: self.day(74),
            complete_by: self.day(90),
            feasibility: None,
            verdict: if self.late > 0 {
                format!("Go-live is planned {} days after the date the customer wants.", self.late)
            } else {
                "Go-live meets the date the customer wants.".to_owned()
            },
            options: if self.late > 0 {
                vec!["Run the pilot in 10 days instead of 15".to_owned()]
            } else {
                Vec::new()
            },
        }
    }

    fn plan(&self) -> OnboardingPlan {
        let tasks = self.tasks();
        let links = tasks
            .windows(2)
            .map(|pair| LinkSpec {
                from: pair[0].id.clone(),
                to: pair[1].id.clone(),
                kind: LinkKind::FinishStart,
                lag: 0,
            })
            .collect();
        OnboardingPlan {
            phases: PHASES
                .iter()
                .map(|(id, name, stage, from, to)| PlanPhase {
                    id: (*id).to_owned(),
                    name: (*name).to_owned(),
                    stage: *stage,
                    goal: format!("{name} is done"),
                    start: self.day(*from),
                    finish: self.day(*to),
                    weeks: if *from < 0 {
                        "Before kickoff".to_owned()
                    } else {
                        format!("From week {}", from / 7 + 1)
                    },
                    customer: "Takes part".to_owned(),
                    deliverables: Vec::new(),
                    tasks: self.tasks_per_phase,
                })
                .collect(),
            critical_path: tasks.iter().filter(|task| task.critical).map(|task| task.id.clone()).collect(),
            tasks,
            milestones: self.milestones(),
            links,
            calendars: Vec::new(),
            complete: CompleteDefinition {
                value: vec!["first-dashboard".to_owned()],
                technical: vec!["connected".to_owned()],
                by: self.day(90),
            },
            rollout: Vec::new(),
        }
    }

    fn tasks(&self) -> Vec<PlanTask> {
        let mut tasks = Vec::new();
        for (phase, name, _, from, to) in PHASES {
            for number in 0..self.tasks_per_phase {
                let offset = i32::try_from(number).unwrap_or(0) % 3 * 3;
                let (start, finish) =
                    (self.day((from + offset).min(to)), self.day((from + offset + 2).min(to)));
                tasks.push(PlanTask {
                    id: format!("{phase}-{number}"),
                    phase: phase.to_owned(),
                    name: format!("{name}: step {}", number + 1),
                    owner: [Side::Vendor, Side::Customer, Side::Joint][number as usize % 3],
                    role: "implementation-manager".to_owned(),
                    role_name: "Implementation manager".to_owned(),
                    assignee: None,
                    days: 3,
                    start,
                    finish,
                    late_start: start,
                    late_finish: finish,
                    slack: i64::from(number % 2) * 4,
                    free_slack: 0,
                    critical: number % 2 == 0,
                    week: "W1D1".to_owned(),
                    after: Vec::new(),
                    deliverable: None,
                    note: None,
                    kickoff: phase == "align" && number == 0,
                    go_live: phase == "launch" && number == 0,
                });
            }
        }
        tasks
    }

    fn milestones(&self) -> Vec<PlanMilestone> {
        let milestone = |id: &str, phase: &str, name: &str, kind, gate, day: u32| PlanMilestone {
            id: id.to_owned(),
            phase: phase.to_owned(),
            name: name.to_owned(),
            kind,
            gate,
            first_value: id == "first-dashboard",
            day,
            due: self.day(day.cast_signed()),
            planned: self.day(day.cast_signed()),
            late_by: 0,
            criteria: vec![GateCriterion { text: format!("{name}, shown to the sponsor"), rule: None }],
            evidence: None,
            celebrate: None,
            critical: gate,
        };
        vec![
            milestone("connected", "align", "Systems connected", MilestoneKind::Technical, true, 14),
            milestone("first-dashboard", "connect", "First dashboard built", MilestoneKind::Value, true, 30),
            milestone("live", "launch", "Live everywhere", MilestoneKind::Technical, true, 59),
        ]
    }
}

fn people() -> People {
    People {
        stakeholders: vec![Placed {
            label: "VP Operations".to_owned(),
            title: None,
            role: gangway_domain::deal::StakeholderRole::ExecutiveSponsor,
            role_name: "Executive sponsor".to_owned(),
            count: 1,
            email: None,
            power: "high".to_owned(),
            interest: "high".to_owned(),
            strategy: "Manage closely".to_owned(),
            engagement: "Monthly review".to_owned(),
            notes: None,
            confidence: Confidence::High,
        }],
        gaps: vec![RoleGap { role: "Champion".to_owned(), why: "Somebody must carry it inside".to_owned() }],
        threading: "One contact is known; three are safer.".to_owned(),
        multi_threaded: false,
        team: Vec::new(),
        audiences: Vec::new(),
        calendar: Vec::new(),
        change: Vec::new(),
        phase_messages: Vec::new(),
    }
}

fn activation() -> Activation {
    Activation {
        time_to_value: TimeToValue {
            name: "Integration platform".to_owned(),
            first_login_hours: 24,
            setup_hours: 72,
            first_value_hours: 720,
            full_value_hours: 2160,
        },
        clocks: Vec::new(),
        targets: Vec::new(),
    }
}

fn health() -> HealthCadence {
    HealthCadence {
        model: HealthModel {
            id: "onboarding".to_owned(),
            version: 1,
            name: "Onboarding health".to_owned(),
            components: Vec::new(),
            statuses: Vec::new(),
            min_coverage_percent: 50,
            applies: HealthApplies::default(),
            caps: Vec::new(),
        },
        reviews: Vec::new(),
        review: Vec::new(),
        signals: Vec::new(),
        interventions: Vec::new(),
        metrics: Vec::new(),
    }
}
