//! The form of an entry: as the entry stands, or as it was typed.

use gangway_app::register::{Candidates, Entry};
use gangway_app::{AppError, Problem};
use gangway_domain::deal::Severity;
use gangway_domain::register::{Details, Kind, Level, Owner, Visibility};
use gangway_domain::work::RunningPlan;
use jiff::civil::Date;

use super::super::people;
use crate::Web;
use crate::form::{Fields, Wrong};
use crate::format::capital;
use crate::pages::Choice;

/// Severities as forms send them, the mildest first.
const SEVERITIES: [(&str, Severity); 4] = [
    ("low", Severity::Low),
    ("medium", Severity::Medium),
    ("high", Severity::High),
    ("critical", Severity::Critical),
];

/// What stands on the scales of probability and impact.
const PROBABILITIES: [&str; 5] = ["Hardly", "Rather not", "Perhaps", "Probably", "Nearly certain"];
const IMPACTS: [&str; 5] = ["Hardly felt", "A nuisance", "A week or two", "The go-live", "The whole"];

/// The form.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    pub kind: String,
    pub version: i64,
    pub title: String,
    probability: String,
    impact: String,
    category: String,
    pub mitigation: String,
    pub origin: String,
    severity: String,
    pub blocks: String,
    pub about: String,
    pub options: String,
    pub assumed: String,
    pub task: String,
    owner: String,
    pub owner_name: String,
    pub due_on: String,
    pub shown: bool,
    pub wrong: Wrong,
}

impl Sheet {
    /// For a new entry of a kind.
    pub(super) fn blank(kind: Kind) -> Self {
        Self {
            kind: kind.word().to_owned(),
            probability: "3".to_owned(),
            impact: "3".to_owned(),
            severity: "medium".to_owned(),
            ..Self::default()
        }
    }

    /// Of an entry as it stands.
    pub(super) fn of(entry: &Entry) -> Self {
        let mut sheet = Self {
            version: entry.version,
            title: entry.title.clone(),
            due_on: super::super::field(entry.due_on),
            shown: entry.visibility == Visibility::Customer,
            ..Self::blank(entry.kind())
        };
        match &entry.owner {
            Some(Owner::Person { id }) => sheet.owner = id.to_string(),
            Some(Owner::Contact { id }) => sheet.owner = id.to_string(),
            Some(Owner::Named { name }) => sheet.owner_name.clone_from(name),
            None => {}
        }
        match &entry.details {
            Details::Risk { probability, impact, category, mitigation, origin } => {
                sheet.probability = probability.number().to_string();
                sheet.impact = impact.number().to_string();
                sheet.category = category.clone().unwrap_or_default();
                sheet.mitigation.clone_from(mitigation);
                sheet.origin.clone_from(origin);
            }
            Details::Issue { severity, blocks, about } => {
                sheet.severity = severity_word(*severity).to_owned();
                sheet.blocks = blocks.clone().unwrap_or_default();
                sheet.about.clone_from(about);
            }
            Details::Decision { options, assumed, about } => {
                sheet.options = options.join("\n");
                sheet.assumed.clone_from(assumed);
                sheet.about.clone_from(about);
            }
            Details::Action { about, task } => {
                sheet.about.clone_from(about);
                sheet.task = task.clone().unwrap_or_default();
            }
        }
        sheet
    }

    /// As it was typed.
    pub(super) fn typed(fields: &Fields) -> Self {
        let text = |name: &str| fields.text(name).to_owned();
        Self {
            kind: text("kind"),
            version: fields.version(),
            title: text("title"),
            probability: text("probability"),
            impact: text("impact"),
            category: text("category"),
            mitigation: text("mitigation"),
            origin: text("origin"),
            severity: text("severity"),
            blocks: text("blocks"),
            about: text("about"),
            options: text("options"),
            assumed: text("assumed"),
            task: text("task"),
            owner: text("owner"),
            owner_name: text("owner_name"),
            due_on: text("due_on"),
            shown: !fields.text("shown").is_empty(),
            wrong: Wrong::default(),
        }
    }

    /// What was typed as an entry holds it.
    pub(super) fn read(&self, kind: Kind) -> Result<Read, AppError> {
        let mut problems = Vec::new();
        let mut level = |field: &'static str, text: &str| {
            let level = text.parse::<i64>().ok().and_then(|number| Level::try_from(number).ok());
            if level.is_none() {
                problems.push(Problem::new(field, "must be between 1 and 5"));
            }
            level
        };
        let details = match kind {
            Kind::Risk => {
                let (probability, impact) =
                    (level("probability", &self.probability), level("impact", &self.impact));
                probability.zip(impact).map(|(probability, impact)| Details::Risk {
                    probability,
                    impact,
                    category: some(&self.category),
                    mitigation: self.mitigation.clone(),
                    origin: self.origin.clone(),
                })
            }
            Kind::Issue => Some(Details::Issue {
                severity: SEVERITIES
                    .iter()
                    .find(|(word, _)| *word == self.severity)
                    .map_or(Severity::Medium, |(_, severity)| *severity),
                blocks: some(&self.blocks),
                about: self.about.clone(),
            }),
            Kind::Decision => Some(Details::Decision {
                options: self.options.lines().map(str::to_owned).collect(),
                assumed: self.assumed.clone(),
                about: self.about.clone(),
            }),
            Kind::Action => Some(Details::Action { about: self.about.clone(), task: some(&self.task) }),
        };
        let due_on = match self.due_on.trim() {
            "" => None,
            text => {
                let day: Option<Date> = text.parse().ok();
                if day.is_none() {
                    problems.push(Problem::new("due_on", "is not a day"));
                }
                day
            }
        };
        match details {
            Some(details) if problems.is_empty() => Ok(Read {
                title: self.title.clone(),
                details,
                // A name that was typed counts more than what stood in the list.
                owner: Owner::read(&self.owner_name).or_else(|| Owner::read(&self.owner)),
                due_on,
                visibility: if self.shown { Visibility::Customer } else { Visibility::Internal },
            }),
            _ => Err(AppError::Invalid(problems)),
        }
    }

    /// The probabilities to choose from.
    pub(super) fn probabilities(&self) -> Vec<Choice> {
        scale(&PROBABILITIES, &self.probability)
    }

    /// The impacts to choose from.
    pub(super) fn impacts(&self) -> Vec<Choice> {
        scale(&IMPACTS, &self.impact)
    }

    /// The severities to choose from.
    pub(super) fn severities(&self) -> Vec<Choice> {
        SEVERITIES.iter().map(|(word, _)| Choice::of(*word, capital(word), &self.severity)).collect()
    }

    /// Everything else there is to choose from.
    pub(super) fn choices(&self, web: &Web, candidates: &Candidates, plan: Option<&RunningPlan>) -> Choices {
        let mut owners = vec![Choice::of("", "Nobody yet", &self.owner)];
        owners.extend(people(candidates, std::slice::from_ref(&self.owner), |_| true));
        let known = &web.app.methodology.risks.categories;
        let known = known.iter().map(|one| Choice::of(&one.id, &one.name, &self.category));
        let categories = std::iter::once(Choice::of("", "None", &self.category)).chain(known).collect();
        Choices { owners, categories, tasks: self.tasks(plan) }
    }

    /// The tasks an issue can block: those that are not over, and the one it is said to block.
    fn tasks(&self, plan: Option<&RunningPlan>) -> Vec<Choice> {
        let of_plan = plan.map_or(&[][..], |plan| plan.tasks.as_slice());
        let fits = of_plan.iter().filter(|task| !task.state.is_over() || task.code == self.blocks);
        let mut tasks = vec![Choice::of("", "None", &self.blocks)];
        tasks.extend(fits.map(|task| Choice::of(&task.code, &task.name, &self.blocks)));
        // Saving something else does not take away what is kept.
        if !tasks.iter().any(|task| task.chosen) {
            tasks.push(Choice::of(&self.blocks, "A task that has left the plan", &self.blocks));
        }
        tasks
    }
}

/// What a form offers.
pub(super) struct Choices {
    pub owners: Vec<Choice>,
    pub categories: Vec<Choice>,
    pub tasks: Vec<Choice>,
}

/// What was typed, read.
pub(super) struct Read {
    pub title: String,
    pub details: Details,
    pub owner: Option<Owner>,
    pub due_on: Option<Date>,
    pub visibility: Visibility,
}

fn some(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn scale(words: &[&str], chosen: &str) -> Vec<Choice> {
    (1..)
        .zip(words)
        .map(|(number, word)| Choice::of(number.to_string(), format!("{number} · {word}"), chosen))
        .collect()
}

/// The word of a severity.
pub(super) fn severity_word(severity: Severity) -> &'static str {
    SEVERITIES.iter().find(|(_, known)| *known == severity).map_or("medium", |(word, _)| word)
}
