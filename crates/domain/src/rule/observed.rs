//! How old what a fact says is.

use super::schema::FactSpec;

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
}

#[cfg(test)]
mod tests {
    use super::super::schema::{Kind, Schema};

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
}
