//! Models over what has been, and over what might be.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Assessment, Model, Move, OpenSignal, Override, explain};
use crate::rule::{FactValue, Facts, RuleError, Schema, Sheet};

/// A day of a customer as it was.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// The day.
    pub day: Date,
    /// What was known.
    pub facts: Facts,
    /// Signals that were open.
    pub signals: Vec<OpenSignal>,
    /// A person's word.
    pub by_hand: Option<Override>,
}

/// What models say of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Replayed {
    /// The day.
    pub day: Date,
    /// One of each model, in their order.
    pub assessments: Vec<Assessment>,
}

/// Models side by side over days that have been. History is read, never written.
#[must_use]
pub fn replay(models: &[&Model], history: &[Moment], schema: &Schema) -> Vec<Replayed> {
    let day = |moment: &Moment| {
        let sheet = Sheet::new(schema, &moment.facts);
        let by_hand = moment.by_hand.as_ref();
        let assessments =
            models.iter().map(|model| model.score(&sheet, &moment.signals, by_hand, moment.day)).collect();
        Replayed { day: moment.day, assessments }
    };
    history.iter().map(day).collect()
}

/// What a score would be if facts were others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WhatIf {
    /// As it is.
    pub before: Assessment,
    /// As it would be.
    pub after: Assessment,
    /// What would move it.
    pub moves: Vec<Move>,
}

/// What a model would say on a day if facts were others; a fact changed to none is not known.
///
/// # Errors
/// When a change names no fact there is, or is not of its kind.
pub fn what_if(
    model: &Model,
    now: &Moment,
    changes: &[(String, Option<FactValue>)],
    schema: &Schema,
) -> Result<WhatIf, RuleError> {
    let then = Moment { facts: changed(&now.facts, changes, schema)?, ..now.clone() };
    Ok(compare(model, now, &then, schema))
}

/// Facts with some of them others; a fact changed to none is taken away.
///
/// # Errors
/// When a change names no fact there is, or is not of its kind.
pub fn changed(
    facts: &Facts,
    changes: &[(String, Option<FactValue>)],
    schema: &Schema,
) -> Result<Facts, RuleError> {
    let mut facts = facts.clone();
    for (name, to) in changes {
        facts = schema.change(&facts, name, to.clone())?;
    }
    Ok(facts)
}

/// What a model says of two moments, with what moves the score from the first to the second.
#[must_use]
pub fn compare(model: &Model, before: &Moment, after: &Moment, schema: &Schema) -> WhatIf {
    let score = |moment: &Moment| {
        let sheet = Sheet::new(schema, &moment.facts);
        model.score(&sheet, &moment.signals, moment.by_hand.as_ref(), moment.day)
    };
    let (before, after) = (score(before), score(after));
    let moves = explain(&before, &after);
    WhatIf { before, after, moves }
}
