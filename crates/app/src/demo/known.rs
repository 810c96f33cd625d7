//! What is known of a customer on a day that was never lived: facts that agree with each other and of which the models of
//! health make about the score that is wanted.

use std::collections::BTreeMap;

use gangway_domain::rule::{FactValue, Facts};
use gangway_store::health::known::Ground;
use jiff::civil::Date;

/// Core features of the invented product.
const FEATURES: i64 = 5;

/// Outcomes that were agreed.
const OUTCOMES: i64 = 4;

/// The facts of a day on which the customer is to look so healthy, 0 to 100.
pub(super) fn facts(ground: &Ground, on: Date, wanted: i64) -> Facts {
    let mut all = BTreeMap::from([
        ("onboarding", onboarding(ground, on)),
        ("usage", usage(wanted)),
        ("support", support(wanted)),
        ("surveys", surveys(wanted)),
        ("plan", plan(wanted)),
        ("outcomes", numbers(&[("defined", OUTCOMES), ("verified", (wanted + 12) / 25)])),
        ("contract", contract(wanted)),
        ("people", people(wanted)),
    ]);
    if ground.segment != "self-serve" {
        all.insert("meetings", numbers(&[("attended_percent", wanted), ("days_since_last", 5)]));
    }
    Facts(all)
}

fn onboarding(ground: &Ground, on: Date) -> FactValue {
    let phase = if ground.state == "completed" && on > ground.go_live_on { "adopted" } else { "onboarding" };
    let days = |from: Date, to: Date| FactValue::Int(i64::from((to - from).get_days()));
    FactValue::Group(BTreeMap::from([
        ("segment", text(&ground.segment)),
        ("touch", text(&ground.touch)),
        ("phase", text(phase)),
        ("days_since_kickoff", days(ground.kickoff_on, on)),
        ("days_to_go_live", days(on, ground.go_live_on)),
    ]))
}

fn usage(wanted: i64) -> FactValue {
    let used = (wanted + 10) * FEATURES / 100;
    let (pace, days_since_login, core_tasks) = match wanted {
        70.. => ("on-track", 2, 14),
        45..70 => ("behind", 10, 2),
        _ => ("stuck", 20, 0),
    };
    let counts = [
        ("core_features_total", FEATURES),
        ("core_features_used", used),
        ("core_features_unused", FEATURES - used),
        ("core_used_percent", used * 100 / FEATURES),
        ("activated_percent", wanted),
        ("active_days_per_week", used.max(1)),
        ("days_since_use", 2),
        ("days_since_login", days_since_login),
        ("setup_percent", wanted),
        ("core_tasks", core_tasks),
        ("advanced_used", wanted / 40),
        ("weeks_falling", (100 - wanted) / 30),
        ("repeated_errors", (100 - wanted) / 20),
    ];
    let mut fields = BTreeMap::from(counts.map(|(name, number)| (name, FactValue::Int(number))));
    fields.insert("pace", text(pace));
    FactValue::Group(fields)
}

fn support(wanted: i64) -> FactValue {
    let urgent = i64::from(wanted < 50);
    let open = (100 - 25 * urgent - wanted) / 5;
    numbers(&[("open", open), ("open_urgent", urgent), ("days_since_import", 1)])
}

fn surveys(wanted: i64) -> FactValue {
    numbers(&[
        ("satisfaction", (wanted + 12) / 25 + 1),
        ("nps", 2 * wanted - 100),
        ("effort", (112 - wanted) / 25 + 1),
        ("days_since_answer", 10),
    ])
}

fn plan(wanted: i64) -> FactValue {
    let late = (100 - wanted) / 5;
    numbers(&[("percent_on_time", wanted), ("days_late", late), ("blocked_days", (100 - wanted) / 15)])
}

fn contract(wanted: i64) -> FactValue {
    let change = (wanted - 80).clamp(-30, 15);
    FactValue::Group(BTreeMap::from([
        ("churned", FactValue::Bool(false)),
        ("mrr_change_percent", FactValue::Int(change)),
    ]))
}

fn people(wanted: i64) -> FactValue {
    let (champion, hours) = match wanted {
        75.. => ("advocate", 20),
        60..75 => ("neutral", 40),
        45..60 => ("neutral", 64),
        30..45 => ("neutral", 100),
        _ => ("absent", 150),
    };
    FactValue::Group(BTreeMap::from([
        ("champion_state", text(champion)),
        ("response_hours", FactValue::Int(hours)),
        ("days_since_contact", FactValue::Int((100 - wanted) / 5 + 1)),
        ("sponsor_days_silent", FactValue::Int(105 - wanted)),
    ]))
}

fn numbers(fields: &[(&'static str, i64)]) -> FactValue {
    FactValue::Group(fields.iter().map(|(name, number)| (*name, FactValue::Int(*number))).collect())
}

fn text(text: &str) -> FactValue {
    FactValue::Text(text.to_owned())
}

#[cfg(test)]
mod tests {
    use gangway_domain::ids::AccountId;
    use gangway_domain::rule::Schema;
    use jiff::ToSpan;
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn every_fact_is_one_rules_may_use() {
        let kickoff_on = date(2027, 1, 4);
        let ground = Ground {
            account: AccountId::from(Uuid::nil()),
            customer: "Acme".to_owned(),
            segment: "smb".to_owned(),
            segment_name: "SMB".to_owned(),
            touch: "low".to_owned(),
            programme: "standard".to_owned(),
            state: "running".to_owned(),
            value: None,
            kickoff_on,
            go_live_on: kickoff_on.saturating_add(60.days()),
            owner: None,
        };
        for wanted in [8, 50, 98] {
            assert_eq!(Schema::run().strays(&facts(&ground, kickoff_on, wanted)), Vec::<String>::new());
        }
    }
}
