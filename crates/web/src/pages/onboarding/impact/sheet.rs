//! The form of an outcome.

use gangway_app::outcome::{Draft, Outcome};
use gangway_app::{AppError, Problem};
use gangway_domain::outcome::{Amount, Direction};
use gangway_domain::package::PromiseEntry;
use jiff::civil::Date;

use crate::Web;
use crate::form::{Fields, Wrong};
use crate::pages::Choice;

/// What was typed.
#[derive(Default)]
pub(super) struct Sheet {
    pub version: String,
    pub goal: String,
    pub metric: String,
    pub unit: String,
    pub direction: String,
    pub baseline: String,
    pub target: String,
    pub by_on: String,
    pub proof: String,
    pub confirms: String,
    pub rung: String,
    pub first_value: bool,
    pub full_value: bool,
    pub promises: Vec<String>,
    pub wrong: Wrong,
}

/// What it offers.
pub(super) struct Choices {
    pub directions: Vec<Choice>,
    pub rungs: Vec<Choice>,
    pub promises: Vec<Choice>,
}

impl Sheet {
    /// Of an outcome that is not there yet.
    pub(super) fn blank(by: Date) -> Self {
        Self { by_on: by.to_string(), ..Self::default() }
    }

    /// Of an outcome.
    pub(super) fn of(one: &Outcome) -> Self {
        let figure = |amount: Option<Amount>| amount.map(|amount| amount.to_string()).unwrap_or_default();
        Self {
            version: one.version.to_string(),
            goal: one.goal.clone(),
            metric: one.metric.clone(),
            unit: one.unit.clone(),
            direction: one.direction.word().to_owned(),
            baseline: figure(one.baseline),
            target: figure(one.target),
            by_on: one.by.to_string(),
            proof: one.proof.clone(),
            confirms: one.confirms.clone(),
            rung: one.rung.map(|rung| rung.to_string()).unwrap_or_default(),
            first_value: one.first_value,
            full_value: one.full_value,
            promises: one.promises.clone(),
            wrong: Wrong::default(),
        }
    }

    pub(super) fn typed(fields: &Fields) -> Self {
        let text = |name: &str| fields.text(name).to_owned();
        Self {
            version: text("version"),
            goal: text("goal"),
            metric: text("metric"),
            unit: text("unit"),
            direction: text("direction"),
            baseline: text("baseline"),
            target: text("target"),
            by_on: text("by_on"),
            proof: text("proof"),
            confirms: text("confirms"),
            rung: text("rung"),
            first_value: !fields.text("first_value").is_empty(),
            full_value: !fields.text("full_value").is_empty(),
            promises: fields.all("promise").map(str::to_owned).collect(),
            wrong: Wrong::default(),
        }
    }

    /// What it says; what is no figure or day is told with its field.
    pub(super) fn read(&self) -> Result<Draft, AppError> {
        let mut problems = Vec::new();
        let baseline = figure("baseline", &self.baseline, &mut problems);
        let target = figure("target", &self.target, &mut problems);
        let by = day("by", &self.by_on, &mut problems);
        if !problems.is_empty() {
            return Err(AppError::Invalid(problems));
        }
        Ok(Draft {
            goal: self.goal.clone(),
            metric: self.metric.clone(),
            unit: self.unit.clone(),
            direction: self.direction.parse().ok(),
            baseline,
            target,
            by: by.unwrap_or(Date::MIN),
            proof: self.proof.clone(),
            confirms: self.confirms.clone(),
            rung: self.rung.parse().ok(),
            first_value: self.first_value,
            full_value: self.full_value,
            promises: self.promises.clone(),
        })
    }

    pub(super) fn choices(&self, web: &Web, promises: &[PromiseEntry]) -> Choices {
        let choice = |value: String, label: String, chosen: bool| Choice { value, label, chosen };
        let from_figures = choice(String::new(), "From the figures".to_owned(), self.direction.is_empty());
        let directions = Direction::ALL
            .iter()
            .map(|one| choice(one.word().to_owned(), one.label().to_owned(), self.direction == one.word()));
        let none = choice(String::new(), "None yet".to_owned(), self.rung.is_empty());
        let rungs = web.app.methodology.value.ladder.iter().filter_map(|rung| {
            let level = rung.level?.to_string();
            let chosen = self.rung == level;
            Some(choice(level.clone(), format!("{level} · {}", rung.name), chosen))
        });
        let promised = promises.iter().map(|entry| {
            let chosen = self.promises.contains(&entry.id);
            choice(entry.id.clone(), format!("{} {}", entry.id, entry.text), chosen)
        });
        Choices {
            directions: std::iter::once(from_figures).chain(directions).collect(),
            rungs: std::iter::once(none).chain(rungs).collect(),
            promises: promised.collect(),
        }
    }
}

/// A figure, or nothing; what is no figure is told.
pub(super) fn figure(field: &'static str, text: &str, problems: &mut Vec<Problem>) -> Option<Amount> {
    if text.trim().is_empty() {
        return None;
    }
    match text.parse() {
        Ok(amount) => Some(amount),
        Err(error) => {
            let error: gangway_domain::outcome::InvalidAmount = error;
            problems.push(Problem::new(field, error.to_string()));
            None
        }
    }
}

/// A day; what is none is told.
pub(super) fn day(field: &'static str, text: &str, problems: &mut Vec<Problem>) -> Option<Date> {
    let read = text.trim().parse().ok();
    if read.is_none() {
        problems.push(Problem::new(field, "is not a day"));
    }
    read
}
