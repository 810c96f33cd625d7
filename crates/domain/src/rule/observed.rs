//! How old what a fact says is.

use super::schema::{FactSpec, Schema};
use super::{FactValue, Facts};

impl FactSpec {
    /// The fact that says for how many days nothing newer has been heard of this one; none where a fact is worked out
    /// anew from the plan, the register or the calendar whenever rules look.
    #[must_use]
    pub fn observed_by(&self) -> Option<&'static str> {
        let field = self.field();
        // A time that has passed is as old as the moment it is looked at.
        if field.starts_with("days_since") || field.starts_with("hours_since") {
            return None;
        }
        match (self.group(), field) {
            ("usage", "logins") => Some("usage.days_since_login"),
            ("usage", _) => Some("usage.days_since_use"),
            ("integrations", _) => Some("integrations.days_since_check"),
            ("data", _) => Some("data.days_since_check"),
            ("support", _) => Some("support.days_since_import"),
            ("surveys", "nps" | "satisfaction" | "effort") => Some("surveys.days_since_answer"),
            ("meetings", _) => Some("meetings.days_since_last"),
            ("people", "response_hours") => Some("people.days_since_contact"),
            ("observed", "engagement") => Some("observed.engagement_days"),
            ("observed", "mood") => Some("observed.mood_days"),
            ("observed", "system") => Some("observed.system_days"),
            _ => None,
        }
    }

    /// By how much a day that passes changes a number when nothing newer is heard: what tells how long ago something was
    /// grows, what tells how long it is until something shrinks; 0 for everything else.
    #[must_use]
    pub fn grows_daily(&self) -> i64 {
        let field = self.field();
        match self.unit {
            "days" if field.starts_with("days_since") || field.ends_with("_days_silent") => 1,
            "days" if self.group() == "observed" => 1,
            "days" if field.starts_with("days_to_") => -1,
            "hours" if field.starts_with("hours_since") => 24,
            _ => 0,
        }
    }
}

impl Facts {
    /// The same facts so many days later, when nothing newer was heard: see [`FactSpec::grows_daily`].
    #[must_use]
    pub fn later(mut self, schema: &Schema, days: i64) -> Self {
        for spec in schema.facts() {
            let more = spec.grows_daily().saturating_mul(days);
            let Some(FactValue::Group(fields)) = self.0.get_mut(spec.group()) else { continue };
            if let Some(FactValue::Int(number)) = fields.get_mut(spec.field()) {
                *number = number.saturating_add(more);
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::schema::{Kind, Schema};
    use super::super::{FactValue, Facts};

    #[test]
    fn what_tells_an_age_is_a_number_of_days_there_is() {
        let schema = Schema::run();
        for spec in schema.facts() {
            let Some(age) = spec.observed_by() else { continue };
            let age = schema.find(age);
            assert!(
                age.is_some_and(|age| age.kind == Kind::Number && age.unit == "days"),
                "{}: {age:?}",
                spec.name
            );
            assert_ne!(age, Some(spec), "{} is its own age", spec.name);
        }
    }

    #[test]
    fn what_is_heard_has_an_age_and_what_is_worked_out_has_none() {
        let age = |name: &str| Schema::run().find(name).and_then(|spec| spec.observed_by());
        assert_eq!(age("observed.mood"), Some("observed.mood_days"));
        assert_eq!(age("usage.active_users"), Some("usage.days_since_use"));
        assert_eq!(age("usage.days_since_use"), None);
        assert_eq!(age("plan.days_late"), None);
    }

    #[test]
    fn only_times_move_with_the_calendar() {
        let number = FactValue::Int;
        let group = |fields: &[(&'static str, i64)]| {
            FactValue::Group(fields.iter().map(|(name, value)| (*name, number(*value))).collect())
        };
        let facts = Facts(BTreeMap::from([
            ("contract", group(&[("days_to_renewal", 30), ("mrr", 500)])),
            ("issues", group(&[("hours_since_high", 2)])),
            ("observed", group(&[("mood", 3), ("mood_days", 1)])),
            ("people", group(&[("champion_days_silent", 4), ("waiting_hours", 9)])),
            ("plan", group(&[("days_late", 6)])),
        ]));
        let wanted = Facts(BTreeMap::from([
            ("contract", group(&[("days_to_renewal", 20), ("mrr", 500)])),
            ("issues", group(&[("hours_since_high", 242)])),
            ("observed", group(&[("mood", 3), ("mood_days", 11)])),
            ("people", group(&[("champion_days_silent", 14), ("waiting_hours", 9)])),
            ("plan", group(&[("days_late", 6)])),
        ]));
        assert_eq!(facts.clone().later(Schema::run(), 10), wanted);
        assert_eq!(facts.clone().later(Schema::run(), 0), facts);
    }
}
