//! A package with the people of a running onboarding: its stakeholders and who does what, as they were changed since it
//! was generated.

use super::people::engagement;
use super::{Package, Placed, Raci, RaciColumn, RaciLine};
use crate::deal::StakeholderRole;
use crate::fact::Confidence;
use crate::methodology::PeopleRules;
use crate::people::{Grade, Matrix, strategy_of};

/// A stakeholder as people know them now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Present {
    /// Name.
    pub name: String,
    /// Title.
    pub title: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Role.
    pub role: StakeholderRole,
    /// How much they can decide.
    pub power: Grade,
    /// How much it matters to them.
    pub interest: Grade,
    /// Notes, for the vendor's own documents only.
    pub notes: Option<String>,
}

impl Present {
    /// Their place on the grid, in the words of the methodology. A person has said their role, so it is sure.
    #[must_use]
    pub fn placed(self, rules: &PeopleRules) -> Placed {
        let Self { name, title, email, role, power, interest, notes } = self;
        let rule = rules.role(role);
        Placed {
            label: name,
            title,
            role,
            role_name: rule.map_or_else(|| super::role_in_words(role).to_owned(), |rule| rule.name.clone()),
            count: 1,
            email,
            power: power.word().to_owned(),
            interest: interest.word().to_owned(),
            strategy: strategy_of(rule, power, interest),
            engagement: rule.map(engagement).unwrap_or_default(),
            notes,
            confidence: Confidence::High,
        }
    }
}

impl Package {
    /// The package with these stakeholders; roles they fill are no gaps any more.
    #[must_use]
    pub fn with_stakeholders(mut self, stakeholders: Vec<Placed>) -> Self {
        let has = |person: &Placed, role: &str| {
            let words = [super::person_in_words(person.role), super::role_in_words(person.role)];
            words.contains(&role) || person.role_name == role
        };
        let filled = |role: &str| stakeholders.iter().any(|person| has(person, role));
        self.people.gaps.retain(|gap| !filled(&gap.role));
        self.people.stakeholders = stakeholders;
        self
    }

    /// The package with this matrix of who does what.
    #[must_use]
    pub fn with_matrix(mut self, matrix: Matrix) -> Self {
        let columns = matrix.columns.into_iter();
        let rows = matrix.rows.into_iter();
        self.raci = Raci {
            columns: columns
                .map(|column| RaciColumn { role: column.role, person: column.person, side: column.side })
                .collect(),
            rows: rows.map(|row| RaciLine { activity: row.activity, cells: row.cells }).collect(),
        };
        self
    }
}
