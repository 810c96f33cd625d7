//! What was bought, by whom, why, and what was said on the way: the facts of a won deal.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fact::{Fact, Notice, Span};
use crate::money::Money;

/// Everything known about a won deal. Every value is a [`Fact`]; nothing is required, and
/// [`crate::handoff::assess`] lists what is missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Deal {
    /// Identifier in the system the deal came from (CRM object id), for upserts.
    pub external_id: Option<Fact<String>>,
    /// Name of the deal in that system.
    pub title: Option<Fact<String>>,

    /// Customer's name.
    pub customer: Option<Fact<String>>,
    /// Industry, as written.
    pub industry: Option<Fact<String>>,
    /// Number of employees.
    pub employees: Option<Fact<u32>>,
    /// Website of the customer.
    pub website: Option<Fact<String>>,
    /// ISO 3166-1 alpha-2 country of the customer (upper case): chooses the holidays.
    pub country: Option<Fact<String>>,
    /// How experienced the customer is with this kind of product.
    pub maturity: Option<Fact<Maturity>>,

    /// Annual contract value.
    pub acv: Option<Fact<Money>>,
    /// Length of the contract in months.
    pub term_months: Option<Fact<u32>>,
    /// Date of signature (close).
    pub closed_on: Option<Fact<Date>>,
    /// First day of the contract.
    pub contract_start: Option<Fact<Date>>,
    /// Products bought.
    pub products: Vec<Fact<String>>,
    /// What they will use it for.
    pub use_cases: Vec<Fact<String>>,

    /// SPICED: what they do today.
    pub situation: Vec<Fact<String>>,
    /// SPICED: what hurts.
    pub pain: Vec<Fact<String>>,
    /// SPICED: what it is worth to them to change it.
    pub impact: Vec<Fact<String>>,
    /// SPICED: what happens by when, and why then.
    pub critical_event: Vec<Fact<String>>,
    /// SPICED: how and why they decided.
    pub decision: Vec<Fact<String>>,
    /// Other solutions they considered.
    pub alternatives: Vec<Fact<Alternative>>,

    /// What the customer said success looks like.
    pub success_criteria: Vec<Fact<SuccessCriterion>>,

    /// People at the customer.
    pub stakeholders: Vec<Fact<Stakeholder>>,
    /// People on the vendor's side.
    pub team: Vec<Fact<TeamMember>>,

    /// Expected number of users of the product.
    pub users: Option<Fact<u32>>,
    /// Plants, offices, stores … to roll out to.
    pub sites: Option<Fact<Sites>>,

    /// Kickoff, when agreed already.
    pub kickoff_on: Option<Fact<Date>>,
    /// When they want to be live.
    pub go_live: Option<Fact<GoLiveTarget>>,
    /// Date of the first quick win they expect.
    pub quick_win_by: Option<Fact<Date>>,
    /// Date the return on investment is expected.
    pub roi_by: Option<Fact<Date>>,
    /// Periods in which nothing may go live or nobody is there.
    pub blackouts: Vec<Fact<Blackout>>,

    /// Systems to integrate.
    pub integrations: Vec<Fact<Integration>>,
    /// Data to bring over.
    pub data_sources: Vec<Fact<String>>,
    /// Single sign-on: provider, `yes` when only that was said, or `no`.
    pub sso: Option<Fact<String>>,
    /// Technical constraints.
    pub constraints: Vec<Fact<String>>,
    /// Technical concerns raised, and how they were answered.
    pub concerns: Vec<Fact<Concern>>,

    /// What sales promised.
    pub promises: Vec<Fact<Promise>>,
    /// What was explicitly said to be out of scope.
    pub non_scope: Vec<Fact<String>>,
    /// Risks and red flags.
    pub red_flags: Vec<Fact<RedFlag>>,

    /// First contact in the sales cycle.
    pub first_contact: Option<Fact<Date>>,
    /// Length of the sales cycle as written.
    pub sales_cycle: Option<Fact<String>>,
    /// Champion, detractor, politics, notable meetings.
    pub relationship: Vec<Fact<String>>,
    /// Preferred way of implementing, availability of the customer's people.
    pub approach: Vec<Fact<String>>,
    /// Anything else worth knowing.
    pub notes: Vec<Fact<String>>,
}

impl Deal {
    /// The single sign-on people will use: nothing when it was not spoken of, or said not to be wanted.
    #[must_use]
    pub fn single_sign_on(&self) -> Option<&Fact<String>> {
        self.sso.as_ref().filter(|fact| !fact.value.eq_ignore_ascii_case("no"))
    }
}

/// How experienced the customer is with this kind of product [000].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Maturity {
    /// New to it; wants to be taught.
    Novice,
    /// Has used something like it.
    Practitioner,
    /// Knows it well; wants to get started.
    Expert,
}

/// Another solution considered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Alternative {
    /// Its name.
    pub name: String,
    /// Why it was not chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_not: Option<String>,
}

/// One thing the customer calls success.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SuccessCriterion {
    /// In the customer's words.
    pub text: String,
    /// What is measured.
    pub metric: Option<String>,
    /// Where it stands today.
    pub baseline: Option<String>,
    /// What it should become.
    pub target: Option<String>,
    /// By when.
    pub by: Option<Date>,
}

/// What a stakeholder is to the project [004, stakeholder roles].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StakeholderRole {
    /// Ultimate authority, owns the budget.
    ExecutiveSponsor,
    /// Drives the project day by day on the customer's side.
    ProjectLead,
    /// Wants it to succeed and says so.
    Champion,
    /// Systems, integration, data.
    TechnicalLead,
    /// Owns the process and its numbers.
    BusinessOwner,
    /// Compliance, access, security.
    ItSecurity,
    /// Uses the product daily.
    EndUser,
    /// Against it, or doubtful.
    Detractor,
    /// Known by name or title only.
    Other,
}

/// A person or a counted group of people at the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stakeholder {
    /// Name, when known; many handoffs know only the title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Title, e.g. `VP Operations`, `plant managers`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What they are to the project.
    pub role: StakeholderRole,
    /// How many people this stands for (3 for "3 plant managers").
    #[serde(default = "one")]
    pub count: u32,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Notes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

fn one() -> u32 {
    1
}

impl Stakeholder {
    /// What to call them: the name, else the title (with its count), else the role.
    #[must_use]
    pub fn label(&self) -> String {
        match (&self.name, &self.title) {
            (Some(name), _) => name.clone(),
            (None, Some(title)) if self.count > 1 => format!("{} {title}", self.count),
            (None, Some(title)) => title.clone(),
            (None, None) => format!("{:?}", self.role),
        }
    }
}

/// A person on the vendor's side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamMember {
    /// Name.
    pub name: String,
    /// Role id as used by programmes, e.g. `ae`, `csm`, `onboarding-manager`.
    pub role: String,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// Places to roll out to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sites {
    /// How many.
    pub count: u32,
    /// What they are called, singular: `plant`, `office`, `store`.
    pub noun: String,
    /// Their names, when known; may be fewer than `count`.
    #[serde(default)]
    pub names: Vec<String>,
}

/// When the customer wants to be live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum GoLiveTarget {
    /// On a date.
    On {
        /// The date.
        date: Date,
    },
    /// So many calendar days after kickoff.
    Within {
        /// Calendar days from kickoff.
        days: u32,
    },
}

/// A period in which nothing goes live. Both days are included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Blackout {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Why, when said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A system to integrate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Integration {
    /// Its name, e.g. `SAP ERP`.
    pub system: String,
    /// Version, edition, direction, frequency: whatever was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// A technical concern and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Concern {
    /// What worried them.
    pub text: String,
    /// How it was addressed in sales.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

/// Something sales promised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// What.
    pub text: String,
    /// By when, when said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Date>,
    /// To whom, or by whom, when said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// Within which period, when no day was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<PromisePeriod>,
}

/// A period something is promised within.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PromisePeriod {
    /// Calendar days.
    pub days: u32,
    /// What they are counted from.
    pub from: CountedFrom,
}

/// What the days of a promised period are counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CountedFrom {
    /// The kickoff, also where nothing was said.
    Kickoff,
    /// The first day of the contract.
    ContractStart,
    /// The day the contract was signed.
    Signature,
}

/// How grave a red flag is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth a note.
    Low,
    /// Worth a plan.
    Medium,
    /// Worth acting on now.
    High,
    /// Threatens the whole.
    Critical,
}

/// A risk seen during the sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RedFlag {
    /// What.
    pub text: String,
    /// How grave, when said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Suggested approach, when said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mitigation: Option<String>,
}

/// Text that was read but not understood. It is kept and shown, never dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unread {
    /// The words.
    pub text: String,
    /// Where they stand; for structured payloads, `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// Path of the field in a structured payload.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// The form a deal came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DealFormat {
    /// One line or paragraph of `Label: value.` sentences.
    Summary,
    /// One `key: value` a line.
    KeyValue,
    /// A filled Markdown handoff document.
    Markdown,
    /// JSON of our own deal schema.
    Json,
    /// TOML of our own deal schema.
    Toml,
    /// YAML of our own deal schema.
    Yaml,
    /// A HubSpot deal object or webhook.
    Hubspot,
    /// A Salesforce Opportunity, REST or outbound message.
    Salesforce,
}

/// What reading a deal gives: the facts, what was not understood, and what a person should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reading {
    /// The form the input was read as.
    pub format: DealFormat,
    /// The facts.
    pub deal: Deal,
    /// Text that was not understood, in order.
    pub unread: Vec<Unread>,
    /// Contradictions, absurd values, guesses.
    pub notices: Vec<Notice>,
}
