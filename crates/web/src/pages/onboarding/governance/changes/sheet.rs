//! The forms of a change request: what it says, and one change of the plan at a time.

use gangway_app::change_request::{ChangeRequest, Draft};
use gangway_app::{AppError, Problem};
use gangway_domain::change_request::{Priority, Recommendation};
use gangway_domain::money::{Currency, Money};
use gangway_domain::programme::Side;
use gangway_domain::work::{Addition, Change, Origin};

use crate::form::{Fields, Wrong, day};
use crate::format::capital;
use crate::pages::Choice;

/// Who may have asked, the likeliest first.
const SIDES: [Side; 3] = [Side::Customer, Side::Vendor, Side::Joint];

/// What a request says.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    pub version: i64,
    pub title: String,
    pub description: String,
    pub justification: String,
    pub requested_by: String,
    side: String,
    priority: String,
    pub cost: String,
    pub currency: String,
    pub risk: String,
    recommendation: String,
    pub wrong: Wrong,
}

impl Sheet {
    /// For a new request.
    pub(super) fn blank(currency: &str) -> Self {
        Self {
            side: "customer".to_owned(),
            priority: "medium".to_owned(),
            currency: currency.to_owned(),
            ..Self::default()
        }
    }

    /// Of a request as it stands.
    pub(super) fn of(request: &ChangeRequest, currency: &str) -> Self {
        let (cost, currency) = match request.cost {
            Some(cost) => (cost.digits(), cost.currency.code().to_owned()),
            None => (String::new(), currency.to_owned()),
        };
        Self {
            version: request.version,
            title: request.title.clone(),
            description: request.description.clone(),
            justification: request.justification.clone(),
            requested_by: request.requested_by.clone(),
            side: request.side.word().to_owned(),
            priority: request.priority.word().to_owned(),
            cost,
            currency,
            risk: request.risk.clone(),
            recommendation: request.recommendation.map_or("", Recommendation::word).to_owned(),
            wrong: Wrong::default(),
        }
    }

    /// As it was typed.
    pub(super) fn typed(fields: &Fields) -> Self {
        let text = |name: &str| fields.text(name).to_owned();
        Self {
            version: fields.version(),
            title: text("title"),
            description: text("description"),
            justification: text("justification"),
            requested_by: text("requested_by"),
            side: text("side"),
            priority: text("priority"),
            cost: text("cost"),
            currency: text("currency"),
            risk: text("risk"),
            recommendation: text("recommendation"),
            wrong: Wrong::default(),
        }
    }

    /// What was typed, with these changes of the plan.
    pub(super) fn draft(&self, changes: Vec<Change>) -> Result<Draft, AppError> {
        let cost = match self.cost.trim() {
            "" => None,
            text => Some(money(text, &self.currency)?),
        };
        Ok(Draft {
            title: self.title.clone(),
            description: self.description.clone(),
            justification: self.justification.clone(),
            requested_by: self.requested_by.clone(),
            side: side(&self.side),
            requested_on: None,
            priority: self.priority.parse().unwrap_or(Priority::Medium),
            changes,
            cost,
            risk: self.risk.clone(),
            recommendation: self.recommendation.parse().ok(),
        })
    }

    /// The sides to choose from.
    pub(super) fn sides(&self) -> Vec<Choice> {
        SIDES.map(|one| Choice::of(one.word(), capital(one.word()), &self.side)).into()
    }

    /// The priorities to choose from.
    pub(super) fn priorities(&self) -> Vec<Choice> {
        Priority::ALL.map(|one| Choice::of(one.word(), capital(one.word()), &self.priority)).into()
    }

    /// The recommendations to choose from.
    pub(super) fn recommendations(&self) -> Vec<Choice> {
        let none = Choice::of("", "None yet", &self.recommendation);
        let each = Recommendation::ALL.map(|one| Choice::of(one.word(), one.label(), &self.recommendation));
        std::iter::once(none).chain(each).collect()
    }
}

/// An amount as people write it, in its currency.
fn money(text: &str, code: &str) -> Result<Money, AppError> {
    let invalid =
        |field: &'static str, message: String| AppError::Invalid(vec![Problem::new(field, message)]);
    if code.trim().is_empty() {
        return Err(invalid("currency", "is missing: say which, such as USD".to_owned()));
    }
    let currency: Currency = code.parse().map_err(|_| {
        invalid("currency", "is none that Gangway knows: use a code such as USD, EUR or JPY".to_owned())
    })?;
    Money::typed(text, currency).ok_or_else(|| {
        let example = Money::major(2500, currency).digits();
        invalid("cost", format!("is not an amount such as {example}"))
    })
}

fn side(word: &str) -> Side {
    Side::read(word).unwrap_or(Side::Joint)
}

/// One change of the plan, as it was typed.
pub(super) fn change(fields: &Fields) -> Result<Change, AppError> {
    let text = |name: &str| fields.text(name).trim().to_owned();
    let invalid = |field: &'static str, message: &str| AppError::Invalid(vec![Problem::new(field, message)]);
    let task = text("task");
    let named = || {
        if task.is_empty() { Err(invalid("task", "is missing: choose one")) } else { Ok(task.clone()) }
    };
    let days = || text("days").parse::<u32>().map_err(|_| invalid("days", "is not a number"));
    let day = || day("day", fields.text("day"));
    Ok(match fields.text("change") {
        "days" => Change::SetDays { task: named()?, days: days()? },
        "move" => Change::Move { task: named()?, not_before: Some(day()?) },
        "skip" => Change::Skip { task: named()?, reason: text("words") },
        "target" => Change::Target { on: Some(day()?) },
        _ => Change::Add {
            task: Addition {
                code: None,
                name: text("words"),
                side: side(fields.text("owner")),
                role: None,
                assignee: None,
                days: days()?,
                not_before: None,
                finish_by: None,
                after: if task.is_empty() { Vec::new() } else { vec![task.clone()] },
                before: Vec::new(),
                phase: None,
                origin: Origin::Person,
                checklist: Vec::new(),
            },
        },
    })
}

#[cfg(test)]
mod tests {
    use gangway_app::AppError;

    use super::money;

    #[test]
    fn a_cost_is_read_in_its_currency() {
        for (text, code, minor) in [("2500", "usd", 250_000), ("2500", " JPY ", 2500), ("2.5", "KWD", 2500)] {
            assert_eq!(money(text, code).unwrap().minor, minor, "{text} {code}");
        }
        for (text, code, said) in [
            ("x", "USD", "is not an amount such as 2500.00"),
            ("0.5", "JPY", "is not an amount such as 2500"),
            ("1", "", "is missing: say which, such as USD"),
            ("1", "XXX", "is none that Gangway knows: use a code such as USD, EUR or JPY"),
        ] {
            let Err(AppError::Invalid(problems)) = money(text, code) else { panic!("{text} {code}") };
            assert_eq!(problems[0].message, said, "{text} {code}");
        }
    }
}
