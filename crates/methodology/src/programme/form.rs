//! What people change of a programme without writing TOML: its parts, their fields, what is typed into them.

use std::collections::BTreeMap;

/// A part of a programme that has a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Name, summary, days of the whole.
    Head,
    /// One role.
    Role,
    /// One phase.
    Phase,
    /// One task.
    Task,
    /// One milestone or gate.
    Milestone,
    /// The definition of complete.
    Complete,
    /// What one survey asks in the programme's own words.
    Questionnaire,
}

/// How a field is written in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text that must be there.
    Text,
    /// Text that may be left out.
    Maybe,
    /// A whole number.
    Number,
    /// A whole number or a rule.
    Amount,
    /// Two whole numbers, the smaller one first.
    Range,
    /// Yes or left out.
    Flag,
    /// Predecessors: rows of id, kind of link, working days in between.
    Links,
    /// Names: rows of one.
    Names,
    /// Criteria: rows of words, rule, condition.
    Criteria,
    /// Questions: rows of words, kind, choices with `|` between them, id.
    Questions,
}

/// A field of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its key in the file.
    pub key: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// How it is written.
    pub kind: Kind,
}

/// What stands in a field, or was typed into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// One text.
    One(String),
    /// Rows of texts.
    Rows(Vec<Vec<String>>),
}

/// The fields of a part by key.
pub type Values = BTreeMap<&'static str, Input>;

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Key of the field.
    pub key: &'static str,
    /// The rest of the sentence that begins with the field: `is missing`.
    pub message: String,
}

const fn field(key: &'static str, label: &'static str, kind: Kind) -> Field {
    Field { key, label, kind }
}

const HEAD: &[Field] = &[
    field("name", "Name", Kind::Text),
    field("summary", "Summary", Kind::Text),
    field("duration_days", "Usual duration", Kind::Range),
    field("go_live_day", "Go-live day", Kind::Number),
    field("complete_day", "Complete by day", Kind::Number),
    field("lead_days", "Preparation before kickoff", Kind::Number),
];

const ROLE: &[Field] = &[field("name", "Name", Kind::Text), field("does", "What the role does", Kind::Maybe)];

const PHASE: &[Field] = &[
    field("name", "Name", Kind::Text),
    field("goal", "Goal", Kind::Text),
    field("weeks", "Weeks", Kind::Range),
    field("customer", "What the customer does", Kind::Maybe),
    field("deliverables", "Handed over", Kind::Names),
];

const TASK: &[Field] = &[
    field("name", "Name", Kind::Text),
    field("phase", "Phase", Kind::Text),
    field("owner", "Side", Kind::Text),
    field("role", "Role", Kind::Text),
    field("days", "Working days", Kind::Amount),
    field("after", "Comes after", Kind::Links),
    field("when", "Only when", Kind::Maybe),
    field("for_each", "Repeated for", Kind::Maybe),
    field("chain", "One after the other", Kind::Flag),
    field("deliverable", "Leaves behind", Kind::Maybe),
    field("note", "How to do it well", Kind::Maybe),
];

const MILESTONE: &[Field] = &[
    field("name", "Name", Kind::Text),
    field("phase", "Phase", Kind::Text),
    field("kind", "Kind", Kind::Text),
    field("gate", "Gate", Kind::Flag),
    field("after", "Comes after", Kind::Links),
    field("day", "Due on day", Kind::Number),
    field("criteria", "Criteria", Kind::Criteria),
    field("evidence", "Proved by", Kind::Maybe),
    field("celebrate", "Celebrated", Kind::Maybe),
    field("when", "Only when", Kind::Maybe),
];

const COMPLETE: &[Field] = &[
    field("value", "Value milestones", Kind::Names),
    field("technical", "Technical milestones", Kind::Names),
];

const QUESTIONNAIRE: &[Field] = &[
    field("title", "Title", Kind::Text),
    field("audience", "Who is asked", Kind::Text),
    field("roles", "Roles that are asked", Kind::Names),
    field("target_response_percent", "Answers aimed at", Kind::Number),
    field("question", "Questions", Kind::Questions),
];

impl Part {
    /// Every part.
    pub const ALL: [Self; 7] = [
        Self::Head,
        Self::Role,
        Self::Phase,
        Self::Task,
        Self::Milestone,
        Self::Complete,
        Self::Questionnaire,
    ];

    /// Its fields in the order people fill them in.
    #[must_use]
    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::Head => HEAD,
            Self::Role => ROLE,
            Self::Phase => PHASE,
            Self::Task => TASK,
            Self::Milestone => MILESTONE,
            Self::Complete => COMPLETE,
            Self::Questionnaire => QUESTIONNAIRE,
        }
    }

    /// The word in addresses, which is its name in the file too.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Role => "role",
            Self::Phase => "phase",
            Self::Task => "task",
            Self::Milestone => "milestone",
            Self::Complete => "complete",
            Self::Questionnaire => "questionnaire",
        }
    }

    /// The part of this word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.word() == word)
    }

    /// Whether there are several in a programme, each with an id.
    #[must_use]
    pub fn has_id(self) -> bool {
        !matches!(self, Self::Head | Self::Complete)
    }
}
