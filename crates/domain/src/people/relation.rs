//! Who reports to, works with and influences whom.

use thiserror::Error;

use super::words;
use crate::ids::ContactId;

words! {
    /// How two people stand to each other.
    RelationKind: "relation" {
        /// The first reports to the second.
        ReportsTo = "reports-to", "reports to";
        /// They work together; said of one pair once.
        WorksWith = "works-with", "works with";
        /// The first influences the second.
        Influences = "influences", "influences";
    }
}

/// A relation between two contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Relation {
    /// From whom.
    pub from: ContactId,
    /// How.
    pub kind: RelationKind,
    /// To whom.
    pub to: ContactId,
}

/// A relation that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RelationError {
    /// Somebody and themselves.
    #[error("nobody stands in a relation to themselves")]
    Oneself,
    /// It is known.
    #[error("this is known already")]
    Known,
    /// Somebody reports to one person.
    #[error("somebody reports to one person: take the other line away first")]
    SecondLine,
    /// The lines would lead back; the people along them, from the first up.
    #[error("the lines of reporting would lead round in a circle")]
    Circle(Vec<ContactId>),
}

impl Relation {
    /// The form it is kept in: pairs that work together stand in the order of their ids.
    #[must_use]
    pub fn tidy(self) -> Self {
        if self.kind == RelationKind::WorksWith && self.to < self.from {
            return Self { from: self.to, to: self.from, ..self };
        }
        self
    }

    /// Whether it can stand beside those that are known.
    ///
    /// # Errors
    /// Which reason there is against it.
    pub fn fits(self, known: &[Self]) -> Result<(), RelationError> {
        if self.from == self.to {
            return Err(RelationError::Oneself);
        }
        let new = self.tidy();
        if known.contains(&new) {
            return Err(RelationError::Known);
        }
        if new.kind != RelationKind::ReportsTo {
            return Ok(());
        }
        let above = |who: ContactId| {
            known
                .iter()
                .find(|line| line.kind == RelationKind::ReportsTo && line.from == who)
                .map(|line| line.to)
        };
        if above(new.from).is_some() {
            return Err(RelationError::SecondLine);
        }
        let mut way = vec![new.from, new.to];
        let mut at = new.to;
        // Known lines have no circle, so this ends at a top or at the one who was to get a line.
        while let Some(next) = above(at) {
            if next == new.from {
                return Err(RelationError::Circle(way));
            }
            if way.contains(&next) {
                break;
            }
            way.push(next);
            at = next;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn who(number: u128) -> ContactId {
        ContactId::from_uuid(Uuid::from_u128(number))
    }

    fn line(from: u128, to: u128) -> Relation {
        Relation { from: who(from), kind: RelationKind::ReportsTo, to: who(to) }
    }

    #[test]
    fn reporting_never_leads_round() {
        let known = [line(1, 2), line(2, 3)];
        assert_eq!(line(3, 4).fits(&known), Ok(()));
        assert_eq!(line(3, 1).fits(&known), Err(RelationError::Circle(vec![who(3), who(1), who(2)])));
        assert_eq!(line(2, 1).fits(&[line(1, 2)]), Err(RelationError::Circle(vec![who(2), who(1)])));
        assert_eq!(line(1, 1).fits(&known), Err(RelationError::Oneself));
        assert_eq!(line(1, 2).fits(&known), Err(RelationError::Known));
        assert_eq!(line(1, 3).fits(&known), Err(RelationError::SecondLine));
    }

    #[test]
    fn working_together_is_said_once_and_influence_goes_both_ways() {
        let together = |from, to| Relation { from: who(from), kind: RelationKind::WorksWith, to: who(to) };
        assert_eq!(together(2, 1).tidy(), together(1, 2));
        assert_eq!(together(2, 1).fits(&[together(1, 2)]), Err(RelationError::Known));
        let influence = |from, to| Relation { from: who(from), kind: RelationKind::Influences, to: who(to) };
        assert_eq!(influence(2, 1).fits(&[influence(1, 2)]), Ok(()));
    }
}
