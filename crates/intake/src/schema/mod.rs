//! The deal as a file of our own: what a person writes in JSON, TOML or YAML.
//!
//! Values are plain: `acv: 95K USD`, `go_live: 60 days`, lists of strings or of objects. Every text is read with the same
//! readers as free text, so it may be written as people write it.

mod forms;

use schemars::JsonSchema;
use serde::Deserialize;

/// A deal as written in a file. Every key is optional; what is missing is listed in the handoff.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "Gangway deal")]
pub struct DealInput {
    /// Identifier in the system the deal comes from.
    pub external_id: Option<Text>,
    /// Name of the deal.
    pub title: Option<Text>,
    /// Customer's name.
    pub customer: Option<Text>,
    /// Industry.
    pub industry: Option<Text>,
    /// Number of employees.
    pub employees: Option<Text>,
    /// Website.
    pub website: Option<Text>,
    /// Country, as ISO 3166-1 alpha-2 code or name.
    pub country: Option<Text>,
    /// `novice`, `practitioner` or `expert`.
    pub maturity: Option<Text>,
    /// ISO 4217 currency of amounts that name none.
    pub currency: Option<Text>,
    /// Annual contract value: `95K USD`, `95000`, or an object with `amount` and `currency`.
    pub acv: Option<Amount>,
    /// Total contract value; the annual value follows from the term.
    pub tcv: Option<Amount>,
    /// Monthly price; the annual value is twelve times that.
    pub mrr: Option<Amount>,
    /// Contract term in months, or a text such as `3 years`.
    pub term_months: Option<Text>,
    /// Date of signature.
    pub closed_on: Option<Text>,
    /// First day of the contract.
    pub contract_start: Option<Text>,
    /// Products bought.
    pub products: Option<Texts>,
    /// What they will use it for.
    pub use_cases: Option<Texts>,
    /// What they do today.
    pub situation: Option<Texts>,
    /// What hurts.
    pub pain: Option<Texts>,
    /// What changing it is worth to them.
    pub impact: Option<Texts>,
    /// What happens by when, and why then.
    pub critical_event: Option<Texts>,
    /// How and why they decided.
    pub decision: Option<Texts>,
    /// Other solutions they considered.
    pub alternatives: Option<Many<AlternativeInput>>,
    /// What the customer calls success.
    pub success_criteria: Option<Many<SuccessInput>>,
    /// People at the customer: `VP Operations (sponsor)`, `3 plant managers`, or objects.
    pub stakeholders: Option<Many<PersonInput>>,
    /// People on the vendor's side.
    pub team: Option<Many<TeamInput>>,
    /// Expected number of users.
    pub users: Option<Text>,
    /// Sites: `3 plants`, a list of names, or an object.
    pub sites: Option<Many<SitesInput>>,
    /// Date of the kickoff.
    pub kickoff_on: Option<Text>,
    /// Go-live target: a date, or a time from kickoff such as `60 days`.
    pub go_live: Option<Text>,
    /// Date of the first quick win.
    pub quick_win_by: Option<Text>,
    /// Date the return on investment is expected.
    pub roi_by: Option<Text>,
    /// Periods in which nothing goes live: `15 Dec 2026 – 5 Jan 2027`, or objects.
    pub blackouts: Option<Many<BlackoutInput>>,
    /// Systems to integrate.
    pub integrations: Option<Many<IntegrationInput>>,
    /// Data to bring over.
    pub data_sources: Option<Texts>,
    /// Single sign-on provider, or `true`, or `false`.
    pub sso: Option<Text>,
    /// Technical constraints.
    pub constraints: Option<Texts>,
    /// Technical concerns and how they were answered.
    pub concerns: Option<Many<ConcernInput>>,
    /// What sales promised.
    pub promises: Option<Many<PromiseInput>>,
    /// What was said to be out of scope.
    pub non_scope: Option<Texts>,
    /// Risks and red flags.
    pub red_flags: Option<Many<RedFlagInput>>,
    /// Date of the first contact.
    pub first_contact: Option<Text>,
    /// Length of the sales cycle.
    pub sales_cycle: Option<Text>,
    /// Champion, detractor, politics, notable meetings.
    pub relationship: Option<Texts>,
    /// Preferred way of implementing, availability of people.
    pub approach: Option<Texts>,
    /// Anything else.
    pub notes: Option<Texts>,
}

/// The keys of [`DealInput`], for telling a deal file from other text and for suggestions.
pub(crate) const KEYS: &[&str] = &[
    "external_id",
    "title",
    "customer",
    "industry",
    "employees",
    "website",
    "country",
    "maturity",
    "currency",
    "acv",
    "tcv",
    "mrr",
    "term_months",
    "closed_on",
    "contract_start",
    "products",
    "use_cases",
    "situation",
    "pain",
    "impact",
    "critical_event",
    "decision",
    "alternatives",
    "success_criteria",
    "stakeholders",
    "team",
    "users",
    "sites",
    "kickoff_on",
    "go_live",
    "quick_win_by",
    "roi_by",
    "blackouts",
    "integrations",
    "data_sources",
    "sso",
    "constraints",
    "concerns",
    "promises",
    "non_scope",
    "red_flags",
    "first_contact",
    "sales_cycle",
    "relationship",
    "approach",
    "notes",
];

pub(crate) fn is_key(key: &str) -> bool {
    KEYS.contains(&key)
}

/// A value written as text, number, boolean or date; kept as its text.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
#[schemars(with = "Scalar")]
pub struct Text(pub String);

/// What [`Text`] accepts.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "describes the accepted values in the JSON Schema")]
enum Scalar {
    Text(String),
    Number(f64),
    Flag(bool),
}

/// One text or a list of texts.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
#[schemars(with = "OneOrMore")]
pub struct Texts {
    /// The texts.
    pub items: Vec<String>,
    /// A single text was given without a list; it may hold several.
    pub single: bool,
}

/// What [`Texts`] accepts.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "describes the accepted values in the JSON Schema")]
enum OneOrMore {
    One(Scalar),
    More(Vec<Scalar>),
}

/// An amount of money as text, number or object.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
#[schemars(untagged)]
pub enum Amount {
    /// `95K USD`, or a number in the deal's currency.
    Text(Text),
    /// `{ amount: 95000, currency: USD }`.
    Full(AmountInput),
}

/// An amount with its currency.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AmountInput {
    /// The amount, as number or text.
    pub amount: Text,
    /// ISO 4217 currency code.
    pub currency: Option<Text>,
}

/// An entry written as text or as an object.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
#[schemars(untagged)]
pub enum Entry<T> {
    /// In words.
    Text(String),
    /// In full.
    Full(T),
}

/// One entry or a list of them.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
#[schemars(with = "EntryOrList<T>")]
pub struct Many<T> {
    /// The entries.
    pub items: Vec<Entry<T>>,
    /// A single entry was given without a list.
    pub single: bool,
}

/// What [`Many`] accepts.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "describes the accepted values in the JSON Schema")]
enum EntryOrList<T> {
    One(Entry<T>),
    List(Vec<Entry<T>>),
}

macro_rules! inputs {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
            #[serde(default, deny_unknown_fields)]
            pub struct $name {
                $($(#[$field_doc])* pub $field: Option<$type>,)*
            }
        )*
    };
}

inputs! {
    /// Another solution considered.
    AlternativeInput {
        /// Its name.
        name: Text,
        /// Why it was not chosen.
        why_not: Text,
    }
    /// One thing the customer calls success.
    SuccessInput {
        /// In the customer's words.
        text: Text,
        /// What is measured.
        metric: Text,
        /// Where it stands today.
        baseline: Text,
        /// What it should become.
        target: Text,
        /// By when.
        by: Text,
    }
    /// A person or a counted group at the customer.
    PersonInput {
        /// Name.
        name: Text,
        /// Title.
        title: Text,
        /// What they are to the project, e.g. `executive_sponsor`, `champion`.
        role: Text,
        /// How many people this stands for.
        count: Text,
        /// E-mail address.
        email: Text,
        /// Notes.
        notes: Text,
    }
    /// A person on the vendor's side.
    TeamInput {
        /// Name.
        name: Text,
        /// Role id, e.g. `ae`, `csm`.
        role: Text,
        /// E-mail address.
        email: Text,
    }
    /// Places to roll out to.
    SitesInput {
        /// How many.
        count: Text,
        /// What one is called: `plant`, `office`.
        noun: Text,
        /// Their names.
        names: Texts,
    }
    /// A period in which nothing goes live, both days included.
    BlackoutInput {
        /// First day.
        from: Text,
        /// Last day.
        to: Text,
        /// Why.
        reason: Text,
    }
    /// A system to integrate.
    IntegrationInput {
        /// Its name.
        system: Text,
        /// Version, direction, frequency.
        detail: Text,
    }
    /// A technical concern and its answer.
    ConcernInput {
        /// What worried them.
        text: Text,
        /// How it was addressed.
        answer: Text,
    }
    /// Something sales promised.
    PromiseInput {
        /// What.
        text: Text,
        /// By when.
        by: Text,
        /// To whom, or by whom.
        who: Text,
    }
    /// A risk seen during the sale.
    RedFlagInput {
        /// What.
        text: Text,
        /// `low`, `medium`, `high` or `critical`.
        severity: Text,
        /// Suggested approach.
        mitigation: Text,
    }
}

/// The JSON Schema of a deal file.
#[must_use]
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(DealInput).to_value()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_keys_is_the_schema() {
        let schema = json_schema();
        let mut named: Vec<&str> =
            schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        let mut listed = KEYS.to_vec();
        named.sort_unstable();
        listed.sort_unstable();
        assert_eq!(named, listed);
    }
}
