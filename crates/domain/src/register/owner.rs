//! Who answers for an entry of the register.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::{ContactId, PersonId};

/// Who answers for an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", rename_all = "snake_case")]
#[schemars(rename = "RegisterOwner")]
pub enum Owner {
    /// Somebody of the workspace.
    Person {
        /// Who.
        id: PersonId,
    },
    /// Somebody at the customer.
    Contact {
        /// Who.
        id: ContactId,
    },
    /// A name or role nobody is known for yet.
    Named {
        /// The name.
        name: String,
    },
}

impl Owner {
    /// Reads `per_…`, `con_…` or a name; nothing when there is nothing to read.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        Some(if let Ok(id) = text.parse::<PersonId>() {
            Self::Person { id }
        } else if let Ok(id) = text.parse::<ContactId>() {
            Self::Contact { id }
        } else {
            Self::Named { name: text.to_owned() }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_are_people_contacts_or_names() {
        let id = "con_00000000000000000000000000000007";
        assert_eq!(Owner::read(id), Some(Owner::Contact { id: id.parse().unwrap() }));
        assert_eq!(Owner::read("  IT lead "), Some(Owner::Named { name: "IT lead".to_owned() }));
        assert_eq!(Owner::read("  "), None);
    }
}
