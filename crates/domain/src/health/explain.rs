//! What moved a score.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Assessment, ComponentScore, InputScore, Points};

/// Why an input gives other points than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "HealthCause")]
pub enum Cause {
    /// Its value is another.
    Value,
    /// There is data where there was none.
    Data,
    /// There is no data any more.
    Gone,
    /// It is older or newer than it was, with the same value.
    Age,
    /// Others came or went, or the model is another, so that its share is another.
    Weight,
}

impl Cause {
    /// In words.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Value => "value changed",
            Self::Data => "new data",
            Self::Gone => "no data any more",
            Self::Age => "age changed",
            Self::Weight => "share of the weight changed",
        }
    }
}

/// One reason why a score is another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HealthMove")]
pub struct Move {
    /// The component (id).
    pub component: String,
    /// The input (id).
    pub input: String,
    /// Names of both as people see them.
    pub name: String,
    /// By how much it moved the raw score.
    pub points: Points,
    /// Why.
    pub cause: Cause,
    /// Its score before, when it had one.
    pub from: Option<u32>,
    /// Its score now, when it has one.
    pub to: Option<u32>,
    /// What it is now, with its values; what it was where it is gone.
    pub words: String,
}

/// What moved the raw score from one assessment to the next, the largest first. The points add up to the difference.
#[must_use]
pub fn explain(before: &Assessment, after: &Assessment) -> Vec<Move> {
    let mut moves: Vec<Move> = Vec::new();
    for (component, input) in inputs(after) {
        moves.extend(step(component, find(before, &component.id, &input.id), Some(input)));
    }
    for (component, input) in inputs(before) {
        if find(after, &component.id, &input.id).is_none() {
            moves.extend(step(component, Some(input), None));
        }
    }
    moves.sort_by_key(|one| std::cmp::Reverse(one.points.0.abs()));
    moves
}

fn inputs(assessment: &Assessment) -> impl Iterator<Item = (&ComponentScore, &InputScore)> {
    assessment
        .components
        .iter()
        .flat_map(|component| component.inputs.iter().map(move |input| (component, input)))
}

fn find<'a>(assessment: &'a Assessment, component: &str, input: &str) -> Option<&'a InputScore> {
    let component = assessment.components.iter().find(|one| one.id == component)?;
    component.inputs.iter().find(|one| one.id == input)
}

fn step(component: &ComponentScore, before: Option<&InputScore>, after: Option<&InputScore>) -> Option<Move> {
    let counted =
        |input: Option<&InputScore>| input.filter(|input| input.state.counts()).and_then(|input| input.score);
    let points = |input: Option<&InputScore>| input.map_or(Points::ZERO, |input| input.points);
    let fresh = |input: Option<&InputScore>| input.map(|input| input.fresh_percent);
    let change = points(after) - points(before);
    let (from, to) = (counted(before), counted(after));
    if change == Points::ZERO && from == to {
        return None;
    }
    let cause = match (from, to) {
        (None, Some(_)) => Cause::Data,
        (Some(_), None) => Cause::Gone,
        (from, to) if from != to => Cause::Value,
        _ if fresh(before) != fresh(after) => Cause::Age,
        _ => Cause::Weight,
    };
    let shown = after.or(before)?;
    Some(Move {
        component: component.id.clone(),
        input: shown.id.clone(),
        name: format!("{}: {}", component.name, shown.name),
        points: change,
        cause,
        from,
        to,
        words: shown.words.clone(),
    })
}
