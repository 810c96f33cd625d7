//! Rules in CEL over named facts: one language wherever the methodology decides something.
//!
//! A rule is compiled once and evaluated against [`Facts`]. Errors say where in the expression
//! the problem is. The facts that exist are listed in [`FIT_FACTS`].
//!
//! Rules over a running onboarding are checked against a [`Schema`], which knows every fact by name *and* type
//! ([`Rule::compile_typed`]), and are evaluated over a [`Sheet`], on which facts have places instead of names. What
//! depends on a fact nobody knows is unknown, never false ([`Truth`]).

mod bounds;
mod cache;
mod check;
mod evaluate;
mod known;
mod observed;
mod place;
mod schema;
mod sheet;
mod typed;
mod words;

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use cel::{Context, Program, Value};
use thiserror::Error;

pub use cache::RuleSet;
pub use known::RUN_SCHEMA_FACTS;
pub use place::Place;
pub use schema::{FactSpec, Kind, Schema};
pub use sheet::{Sheet, Truth, Unknown};
pub use typed::{Gives, TypedRule};
pub use words::Words;

/// A value a rule can see.
#[derive(Debug, Clone, PartialEq)]
pub enum FactValue {
    /// A whole number.
    Int(i64),
    /// Yes or no.
    Bool(bool),
    /// Text.
    Text(String),
    /// A list of texts.
    List(Vec<String>),
    /// Values by name: `plan.days_late`.
    Group(BTreeMap<&'static str, FactValue>),
}

impl FactValue {
    /// As CEL sees it.
    fn value(&self) -> Value {
        match self {
            Self::Int(number) => (*number).into(),
            Self::Bool(yes) => (*yes).into(),
            Self::Text(text) => text.clone().into(),
            Self::List(texts) => texts.clone().into(),
            Self::Group(values) => {
                let values: HashMap<&str, Value> =
                    values.iter().map(|(name, value)| (*name, value.value())).collect();
                values.into()
            }
        }
    }
}

/// The facts a rule is evaluated over, by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts(pub BTreeMap<&'static str, FactValue>);

/// Name and meaning of every fact that programme rules (`when`, `days`) may use.
///
/// A rule that names anything else is refused when the methodology is checked.
pub const FIT_FACTS: &[(&str, &str)] = &[
    ("acv", "annual contract value in whole units of the workspace currency; 0 when unknown"),
    ("users", "expected number of users; 0 when unknown"),
    ("integrations", "number of systems to integrate, single sign-on not counted"),
    ("sites", "number of plants, offices or stores; 1 when none are named"),
    ("products", "number of products bought; at least 1"),
    ("use_cases", "number of use cases; at least 1"),
    ("data_sources", "number of data sources to bring over"),
    ("sso", "true when single sign-on is wanted"),
    ("regulated", "true when the industry is regulated (see segments.toml)"),
    ("maturity", "`novice`, `practitioner`, `expert`, or `unknown`"),
    ("segment", "id of the chosen segment"),
    ("promises", "number of promises sales made"),
];

/// Facts that rules of `risks.toml` and `questions.toml` see beside those of [`FIT_FACTS`]: what the
/// plan and the people of the deal look like on the first day.
pub const FIRST_DAY_FACTS: &[(&str, &str)] = &[
    ("go_live_wanted", "true when the customer wants to be live by a certain day"),
    ("days_late", "calendar days by which the planned go-live misses that day; 0 when it does not"),
    ("days_to_spare", "calendar days from the planned go-live to that day; 0 when it is missed"),
    ("tight_tasks", "number of the customer's tasks with at most `tight_slack_days` of slack"),
    ("contacts", "number of people known on the customer's side"),
    ("sponsor_known", "true when an executive sponsor is among them"),
    ("multi_threaded", "true when enough contacts are known (`least_contacts`), an executive among them"),
    ("pilot_named", "true when the deal says at which site the pilot is"),
    ("sso_provider_known", "true when the deal names whom people sign in with"),
];

/// Name and meaning of every fact that rules of `risks.toml` and `questions.toml` may use.
#[must_use]
pub fn first_day_facts() -> Vec<(&'static str, &'static str)> {
    FIT_FACTS.iter().chain(FIRST_DAY_FACTS).copied().collect()
}

/// First names of the facts of a *running* onboarding, which gate criteria and journey triggers use:
/// `usage.active_users >= 5`. Each stands for a group of values computed from what has happened.
pub const RUN_FACTS: &[(&str, &str)] = &[
    (
        "usage",
        "what people do in the product: active_users, activated_percent, days_since_login, core_used_percent …",
    ),
    ("sso", "single sign-on: configured"),
    ("integrations", "systems: total, connected, live, failing, tests_failed, failures"),
    ("data", "migrated data: error_percent, checked, wrong, sources, validated"),
    ("training", "learning: completed_percent, certified_admins"),
    ("issues", "issues of the launch: open_critical, open_high, hours_since_high, trend, last_week"),
    ("pilot", "the pilot: criteria_met, active_percent"),
    ("rollout", "sites: sites_live, sites_total"),
    ("outcomes", "the joint impact plan: defined, without_baseline, verified, sponsor_confirmed"),
    ("people", "contacts: active_contacts, sponsor_days_silent, champion_days_silent, waiting_hours …"),
    ("meetings", "meetings with the customer: held, missed, missed_in_a_row, attended_percent"),
    ("milestones", "ids of milestones: reached, missed"),
    ("plan", "the plan: complete_open, customer_done, percent_on_time, days_late, blocked_days …"),
    ("checklist", "completed share of checklists in percent: golive_percent, handoff_percent"),
    ("surveys", "answers: nps, satisfaction, effort, days_since_answer"),
    (
        "launch",
        "what is prepared for the go-live: rollback_planned, hypercare_planned, message_written, message_sent, decided",
    ),
    ("support", "tickets: tickets_7, usual_7, open, open_urgent"),
    ("contract", "what was signed: value, mrr, mrr_change_percent, days_to_renewal, churned"),
    ("observed", "what people saw: mood, engagement, system, kinds"),
    ("health", "the health score as it was last: score, status, change_7_percent"),
    ("onboarding", "the onboarding: segment, phase, touch, days_since_kickoff, days_since_live"),
];

/// Name and meaning of every fact that rules of rollback triggers may use; what nobody measured is not there.
pub const SEEN_FACTS: &[(&str, &str)] = &[
    ("availability_percent", "availability of the product in percent"),
    ("minutes", "for how many minutes"),
    ("failing_percent", "share of users in percent who cannot complete the core workflow"),
];

/// A rule that could not be compiled or evaluated.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("rule `{source_text}`: {message}")]
pub struct RuleError {
    /// The text of the rule.
    pub source_text: String,
    /// What is wrong, with the place inside the expression where CEL gives one.
    pub message: String,
}

/// A compiled rule.
pub struct Rule {
    source: String,
    program: Program,
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Rule").field(&self.source).finish()
    }
}

impl Rule {
    /// Compiles a CEL expression.
    ///
    /// # Errors
    /// When the text is not valid CEL, or names a fact not in `known`.
    pub fn compile(source: &str, known: &[(&str, &str)]) -> Result<Self, RuleError> {
        let fail = |message: String| RuleError { source_text: source.to_owned(), message };
        let program = Program::compile(source).map_err(|error| fail(error.to_string()))?;
        let references = program.references();
        if let Some(unknown) =
            references.variables().into_iter().find(|name| !known.iter().any(|(fact, _)| fact == name))
        {
            let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            return Err(fail(format!("there is no fact `{unknown}`; the facts are {}", names.join(", "))));
        }
        Ok(Self { source: source.to_owned(), program })
    }

    /// Compiles a CEL expression whose facts are known by name and type.
    ///
    /// What typed rules may say is told at [`TypedRule`].
    ///
    /// # Errors
    /// When the text is not valid CEL, names a fact the schema does not hold (with the nearest that it holds), or
    /// uses one as what it is not.
    pub fn compile_typed(source: &str, schema: &Schema) -> Result<TypedRule, RuleError> {
        TypedRule::compile(source, schema)
    }

    /// Evaluates to yes or no.
    ///
    /// # Errors
    /// When a fact is missing or the result is not a boolean.
    pub fn test(&self, facts: &Facts) -> Result<bool, RuleError> {
        match self.evaluate(facts)? {
            Value::Bool(yes) => Ok(yes),
            other => Err(self.fail(format!("must give true or false, gave {other:?}"))),
        }
    }

    /// Evaluates to a whole number.
    ///
    /// # Errors
    /// When a fact is missing or the result is not a whole number.
    pub fn number(&self, facts: &Facts) -> Result<i64, RuleError> {
        match self.evaluate(facts)? {
            Value::Int(number) => Ok(number),
            Value::UInt(number) => i64::try_from(number).map_err(|_| self.fail("is too large".to_owned())),
            other => Err(self.fail(format!("must give a whole number, gave {other:?}"))),
        }
    }

    fn evaluate(&self, facts: &Facts) -> Result<Value, RuleError> {
        let mut context = Context::default();
        for (name, value) in &facts.0 {
            context.add_variable_from_value(*name, value.value());
        }
        self.program.execute(&context).map_err(|error| self.fail(error.to_string()))
    }

    fn fail(&self, message: String) -> RuleError {
        RuleError { source_text: self.source.clone(), message }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        Facts(BTreeMap::from([
            ("users", FactValue::Int(900)),
            ("sso", FactValue::Bool(true)),
            ("maturity", FactValue::Text("novice".into())),
        ]))
    }

    #[test]
    fn decides_and_counts() {
        let when = Rule::compile("sso && maturity == 'novice'", FIT_FACTS).unwrap();
        assert!(when.test(&facts()).unwrap());
        let days = Rule::compile("users > 500 ? 2 + users / 300 : 2", FIT_FACTS).unwrap();
        assert_eq!(days.number(&facts()).unwrap(), 5);
    }

    #[test]
    fn refuses_facts_that_do_not_exist_and_says_which_do() {
        let error = Rule::compile("user_count > 3", FIT_FACTS).unwrap_err();
        assert!(error.message.contains("user_count") && error.message.contains("users"), "{error}");
    }

    #[test]
    fn refuses_the_wrong_type() {
        let rule = Rule::compile("users", FIT_FACTS).unwrap();
        assert!(rule.test(&facts()).unwrap_err().message.contains("true or false"));
    }

    #[test]
    fn refuses_what_is_not_cel() {
        assert!(Rule::compile("users >", FIT_FACTS).is_err());
        assert!(Rule::compile("", FIT_FACTS).is_err());
    }
}
