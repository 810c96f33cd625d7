//! What a deal can say, as people see it: fields in groups, each with the parts a form asks for.

/// A group of facts, in the order people look at them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Who they are.
    Customer,
    /// What they pay.
    Money,
    /// When what happens.
    Dates,
    /// What they bought it for and how far it reaches.
    Scope,
    /// Who takes part.
    People,
    /// Situation, pain, impact, critical event, decision.
    Spiced,
    /// What sales promised.
    Promises,
    /// What may go wrong.
    RedFlags,
    /// Systems, data, sign-on.
    Technical,
    /// How it came about, and whatever else.
    Background,
}

impl Group {
    /// Every group in order.
    pub const ALL: [Self; 10] = [
        Self::Customer,
        Self::Money,
        Self::Dates,
        Self::Scope,
        Self::People,
        Self::Spiced,
        Self::Promises,
        Self::RedFlags,
        Self::Technical,
        Self::Background,
    ];

    /// What people call it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Customer => "Customer",
            Self::Money => "Money",
            Self::Dates => "Dates",
            Self::Scope => "Scope and success",
            Self::People => "People",
            Self::Spiced => "SPICED",
            Self::Promises => "Promises",
            Self::RedFlags => "Red flags",
            Self::Technical => "Technical",
            Self::Background => "Background",
        }
    }
}

/// How a part is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A few words.
    Text,
    /// A sentence or more.
    Long,
    /// A day.
    Day,
    /// A whole number.
    Count,
    /// One of these: word, label.
    Choice(&'static [(&'static str, &'static str)]),
}

/// A part of a fact, with a form field of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Name in forms, the API and deal files; `value` when the fact is one value.
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// How it is asked for.
    pub kind: Kind,
    /// An example of what to write; empty when it needs none.
    pub example: &'static str,
}

/// A field of a deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Name in [`gangway_domain::deal::Deal`], deal files and the API.
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// What the reader calls it when it tells a contradiction; empty when it tells none.
    pub told_as: &'static str,
    /// The group it is shown in.
    pub group: Group,
    /// Whether there may be several.
    pub many: bool,
    /// Its parts.
    pub parts: &'static [Part],
}

impl Field {
    /// The field of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        FIELDS.iter().find(|field| field.name == name)
    }

    /// The fact is one value, not an object of several.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        matches!(self.parts, [part] if part.name == "value")
    }
}

const MATURITY: &[(&str, &str)] = &[
    ("novice", "Novice: new to it"),
    ("practitioner", "Practitioner: has used something like it"),
    ("expert", "Expert: wants to get started"),
];

const SEVERITY: &[(&str, &str)] =
    &[("low", "Low"), ("medium", "Medium"), ("high", "High"), ("critical", "Critical")];

const ROLES: &[(&str, &str)] = &[
    ("executive_sponsor", "Executive sponsor"),
    ("project_lead", "Project lead"),
    ("champion", "Champion"),
    ("technical_lead", "Technical lead"),
    ("business_owner", "Business owner"),
    ("it_security", "IT security"),
    ("end_user", "End user"),
    ("detractor", "Detractor"),
    ("other", "Other"),
];

macro_rules! part {
    ($name:literal, $label:literal, $kind:expr) => {
        part!($name, $label, $kind, "")
    };
    ($name:literal, $label:literal, $kind:expr, $example:literal) => {
        Part { name: $name, label: $label, kind: $kind, example: $example }
    };
}

macro_rules! fields {
    ($($group:ident: $($name:literal $many:literal $label:literal $told_as:literal [$($part:expr),+];)+)+) => {
        /// Every field, in the order it is shown.
        pub const FIELDS: &[Field] = &[$($(Field {
            name: $name,
            label: $label,
            told_as: $told_as,
            group: Group::$group,
            many: $many,
            parts: &[$($part),+],
        }),+),+];
    };
}

use Kind::{Choice, Count, Day, Long, Text};

fields! {
    Customer:
        "customer" false "Customer" "The customer" [part!("value", "Customer", Text)];
        "industry" false "Industry" "The industry" [part!("value", "Industry", Text)];
        "country" false "Country" "The country" [part!("value", "Country", Text, "DE or Germany")];
        "website" false "Website" "The website" [part!("value", "Website", Text)];
        "employees" false "Employees" "The number of employees" [part!("value", "Employees", Count)];
        "maturity" false "Maturity" "The maturity" [part!("value", "Maturity", Choice(MATURITY))];
        "title" false "Name of the deal" "The deal's name" [part!("value", "Name of the deal", Text)];
        "external_id" false "Id in the CRM" "The deal's id" [part!("value", "Id in the CRM", Text)];
    Money:
        "acv" false "Annual value" "The annual contract value" [part!("value", "Annual value", Text, "95K USD")];
        "term_months" false "Contract term" "The contract term" [part!("value", "Contract term", Text, "36 months")];
    Dates:
        "closed_on" false "Signed on" "The signature date" [part!("value", "Signed on", Day)];
        "contract_start" false "Contract starts" "The contract start" [part!("value", "Contract starts", Day)];
        "kickoff_on" false "Kickoff agreed" "The kickoff" [part!("value", "Kickoff agreed", Day)];
        "go_live" false "Wanted go-live" "The go-live target"
            [part!("value", "Wanted go-live", Text, "2027-03-15, or 60 days after kickoff")];
        "quick_win_by" false "Quick win by" "The quick win" [part!("value", "Quick win by", Day)];
        "roi_by" false "Return on investment by" "The return on investment"
            [part!("value", "Return on investment by", Day)];
        "blackouts" true "Closure or freeze" "" [
            part!("from", "First day", Day), part!("to", "Last day", Day),
            part!("reason", "Reason", Text, "plant shutdown")];
        "first_contact" false "First contact" "The first contact" [part!("value", "First contact", Day)];
        "sales_cycle" false "Sales cycle" "The sales cycle" [part!("value", "Sales cycle", Text, "5 months")];
    Scope:
        "products" true "Product" "" [part!("value", "Product", Text)];
        "use_cases" true "Use case" "" [part!("value", "Use case", Text)];
        "users" false "Users" "The number of users" [part!("value", "Users", Count)];
        "sites" false "Sites" "The number of sites" [
            part!("count", "How many", Count), part!("noun", "What one is called", Text, "plant"),
            part!("names", "Names, with commas between", Text)];
        "success_criteria" true "Success criterion" "" [
            part!("text", "In the customer's words", Long), part!("metric", "What is measured", Text),
            part!("baseline", "Where it stands today", Text), part!("target", "What it should become", Text),
            part!("by", "By when", Day)];
        "non_scope" true "Out of scope" "" [part!("value", "Out of scope", Long)];
    People:
        "stakeholders" true "Person at the customer" "" [
            part!("name", "Name", Text), part!("title", "Title", Text, "VP Operations"),
            part!("role", "Role in the project", Choice(ROLES)), part!("count", "How many people", Count),
            part!("email", "Mail address", Text), part!("notes", "Notes", Long)];
        "team" true "Person on our side" "" [
            part!("name", "Name", Text), part!("role", "Role", Text, "csm, ae or onboarding-manager"),
            part!("email", "Mail address", Text)];
    Spiced:
        "situation" true "Situation" "" [part!("value", "What they do today", Long)];
        "pain" true "Pain" "" [part!("value", "What hurts", Long)];
        "impact" true "Impact" "" [part!("value", "What changing it is worth", Long)];
        "critical_event" true "Critical event" "" [part!("value", "What happens by when, and why then", Long)];
        "decision" true "Decision" "" [part!("value", "How and why they decided", Long)];
        "alternatives" true "Alternative" "" [
            part!("name", "Name", Text), part!("why_not", "Why it was not chosen", Long)];
    Promises:
        "promises" true "Promise" "" [
            part!("text", "What was promised", Long), part!("by", "By when", Day),
            part!("who", "To whom, or by whom", Text)];
    RedFlags:
        "red_flags" true "Red flag" "" [
            part!("text", "What may go wrong", Long), part!("severity", "How grave", Choice(SEVERITY)),
            part!("mitigation", "Suggested approach", Long)];
    Technical:
        "integrations" true "Integration" "" [
            part!("system", "System", Text, "SAP ERP"),
            part!("detail", "Version, direction, frequency", Text)];
        "data_sources" true "Data to bring over" "" [part!("value", "Data to bring over", Text)];
        "sso" false "Single sign-on" "" [part!("value", "Identity provider, or yes", Text, "Okta")];
        "constraints" true "Constraint" "" [part!("value", "Constraint", Long)];
        "concerns" true "Technical concern" "" [
            part!("text", "What worried them", Long), part!("answer", "How it was answered", Long)];
    Background:
        "relationship" true "Relationship" "" [part!("value", "Relationship", Long)];
        "approach" true "Approach" "" [part!("value", "Preferred way of implementing", Long)];
        "notes" true "Note" "" [part!("value", "Note", Long)];
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use gangway_domain::correction::is_list;
    use gangway_domain::deal::Deal;

    use super::FIELDS;

    #[test]
    fn every_field_of_a_deal_can_be_seen_and_corrected() {
        let deal = serde_json::to_value(Deal::default()).unwrap_or_default();
        let known: BTreeSet<&str> =
            deal.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        let shown: BTreeSet<&str> = FIELDS.iter().map(|field| field.name).collect();
        assert_eq!(shown, known);
        for field in FIELDS {
            assert_eq!(is_list(field.name), Some(field.many), "{}", field.name);
        }
    }
}
