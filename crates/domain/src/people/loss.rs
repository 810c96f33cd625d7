//! The champion leaves: what is done, what is escalated, when it is over [004, champion loss].

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::stakeholder::later;
use super::{Grade, Sentiment};
use crate::ids::ContactId;
use crate::methodology::{LossCriterion, LossWatch};

/// Where the protocol stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Loss {
    /// Nobody has taken over yet.
    Open {
        /// Whoever is meant to take over, when somebody is named.
        #[serde(default)]
        candidate: Option<ContactId>,
        /// Criteria a person said hold (ids).
        #[serde(default)]
        said: Vec<String>,
    },
    /// Somebody took over.
    Closed {
        /// Who.
        successor: ContactId,
        /// When.
        on: Date,
    },
}

/// A step the protocol does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum LossError {
    /// It is over.
    #[error("this champion has a successor already")]
    Over,
    /// The one who leaves cannot take over.
    #[error("whoever leaves cannot be their own successor")]
    Oneself,
}

impl Loss {
    /// It begins.
    #[must_use]
    pub fn begin() -> Self {
        Self::Open { candidate: None, said: Vec::new() }
    }

    /// Somebody is meant to take over, and what people say holds is said.
    ///
    /// # Errors
    /// When it is over, or the candidate is whoever leaves.
    pub fn watch(
        self,
        gone: ContactId,
        candidate: Option<ContactId>,
        said: Vec<String>,
    ) -> Result<Self, LossError> {
        match self {
            Self::Closed { .. } => Err(LossError::Over),
            Self::Open { .. } if candidate == Some(gone) => Err(LossError::Oneself),
            Self::Open { .. } => Ok(Self::Open { candidate, said }),
        }
    }

    /// A successor is confirmed.
    ///
    /// # Errors
    /// When it is over, or the successor is whoever leaves.
    pub fn confirm(self, gone: ContactId, successor: ContactId, on: Date) -> Result<Self, LossError> {
        match self {
            Self::Closed { .. } => Err(LossError::Over),
            Self::Open { .. } if successor == gone => Err(LossError::Oneself),
            Self::Open { .. } => Ok(Self::Closed { successor, on }),
        }
    }

    /// It is not over.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Open { .. })
    }
}

/// Whoever is meant to take over, as they stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Successor {
    /// How they speak of it.
    pub sentiment: Option<Sentiment>,
    /// How much they take part.
    pub engagement: Option<Grade>,
}

/// What the criteria are judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened<'a> {
    /// The day the loss was recorded.
    pub noticed_on: Date,
    /// Whoever is meant to take over.
    pub candidate: Option<Successor>,
    /// A sponsor leaves or has left.
    pub sponsor_leaves: bool,
    /// Criteria a person said hold (ids).
    pub said: &'a [String],
}

/// A criterion of escalation and whether it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    /// Id.
    pub id: String,
    /// In words.
    pub text: String,
    /// It holds: leadership is told.
    pub holds: bool,
    /// The day from which it holds if nothing changes.
    pub from: Option<Date>,
    /// A person says whether it holds.
    pub asked: bool,
}

/// Which criteria hold.
#[must_use]
pub fn criteria(rules: &[LossCriterion], happened: &Happened<'_>, today: Date) -> Vec<Criterion> {
    rules
        .iter()
        .map(|rule| {
            let from = (rule.watch == LossWatch::NoSuccessor && happened.candidate.is_none())
                .then(|| later(happened.noticed_on, rule.after_days.saturating_add(1)));
            let holds = match rule.watch {
                LossWatch::NoSuccessor => from.is_some_and(|from| today >= from),
                LossWatch::SuccessorAgainst => happened.candidate.is_some_and(|successor| {
                    successor.sentiment == Some(Sentiment::Negative)
                        || successor.engagement == Some(Grade::Low)
                }),
                LossWatch::SponsorLeaves => happened.sponsor_leaves,
                LossWatch::Said => happened.said.contains(&rule.id),
            };
            Criterion {
                id: rule.id.clone(),
                text: rule.text.clone(),
                holds,
                from: from.filter(|_| !holds),
                asked: rule.watch == LossWatch::Said,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use uuid::Uuid;

    fn rule(id: &str, watch: LossWatch) -> LossCriterion {
        LossCriterion { id: id.to_owned(), text: id.to_owned(), watch, after_days: 7 }
    }

    fn rules() -> Vec<LossCriterion> {
        vec![
            rule("none", LossWatch::NoSuccessor),
            rule("against", LossWatch::SuccessorAgainst),
            rule("pause", LossWatch::Said),
            rule("sponsor", LossWatch::SponsorLeaves),
        ]
    }

    fn holding(happened: &Happened<'_>, today: Date) -> Vec<String> {
        criteria(&rules(), happened, today).into_iter().filter(|one| one.holds).map(|one| one.id).collect()
    }

    #[test]
    fn a_week_without_a_successor_is_escalated() {
        let noticed_on = date(2027, 2, 1);
        let alone = Happened { noticed_on, candidate: None, sponsor_leaves: false, said: &[] };
        assert!(holding(&alone, date(2027, 2, 8)).is_empty(), "the week is not over");
        assert_eq!(criteria(&rules(), &alone, noticed_on)[0].from, Some(date(2027, 2, 9)));
        assert_eq!(holding(&alone, date(2027, 2, 9)), ["none"]);
        let named = Happened { candidate: Some(Successor::default()), ..alone };
        assert!(holding(&named, date(2027, 3, 1)).is_empty());
    }

    #[test]
    fn the_other_criteria_follow_from_what_is_known() {
        let hostile = Successor { sentiment: Some(Sentiment::Negative), engagement: None };
        let said = ["pause".to_owned()];
        let happened = Happened {
            noticed_on: date(2027, 2, 1),
            candidate: Some(hostile),
            sponsor_leaves: true,
            said: &said,
        };
        assert_eq!(holding(&happened, date(2027, 2, 1)), ["against", "pause", "sponsor"]);
    }

    #[test]
    fn it_ends_with_a_successor_once() {
        let who = |number| ContactId::from_uuid(Uuid::from_u128(number));
        let (gone, next, day) = (who(1), who(2), date(2027, 2, 3));
        assert_eq!(Loss::begin().confirm(gone, gone, day), Err(LossError::Oneself));
        let closed = Loss::begin().confirm(gone, next, day).unwrap();
        assert_eq!(closed, Loss::Closed { successor: next, on: day });
        assert_eq!(closed.clone().watch(gone, None, Vec::new()), Err(LossError::Over));
        assert_eq!(closed.confirm(gone, next, day), Err(LossError::Over));
        let json = serde_json::to_value(Loss::begin()).unwrap();
        assert_eq!(json, serde_json::json!({ "state": "open", "candidate": null, "said": [] }));
    }
}
