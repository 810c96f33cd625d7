//! The facts an onboarding's health and signals are judged by: what every part of the product knows of it, laid
//! together under the names of the schema. What nobody knows is not there.

mod inputs;
mod people;
mod plan;

use std::collections::{BTreeMap, BTreeSet};

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use gangway_domain::rule::{FactValue, Facts, Schema};
use gangway_store::health::{known, observation};
use gangway_store::{Timestamp, Tx};
use jiff::civil::Date;
use serde_json::Value as Json;

use crate::error::AppError;
use crate::{App, launch, outcome, survey, training, usage};

pub(crate) use inputs::facts_in as of_inputs;

/// What people of the team rate from 1 to 5: id, and what it is.
pub const OBSERVED: [(&str, &str); 3] = [
    ("engagement", "How much the customer takes part"),
    ("mood", "How content the customer seems"),
    ("system", "How well the system works for them"),
];

/// Observations read for the latest of each kind.
const LOOKED_AT: u32 = 60;

/// Facts by group and field.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheaf(BTreeMap<&'static str, BTreeMap<&'static str, FactValue>>);

impl Sheaf {
    /// Adds a number.
    pub(super) fn number(&mut self, group: &'static str, field: &'static str, value: i64) {
        self.put(group, field, FactValue::Int(value));
    }

    /// Adds a number that may not be known.
    pub(super) fn maybe(&mut self, group: &'static str, field: &'static str, value: Option<i64>) {
        if let Some(value) = value {
            self.number(group, field, value);
        }
    }

    /// Adds a text.
    pub(super) fn text(&mut self, group: &'static str, field: &'static str, value: &str) {
        self.put(group, field, FactValue::Text(value.to_owned()));
    }

    /// Adds a fact.
    pub(super) fn put(&mut self, group: &'static str, field: &'static str, value: FactValue) {
        self.0.entry(group).or_default().insert(field, value);
    }

    /// Adds a whole group, beside what is known of it already.
    fn group(&mut self, group: &'static str, value: Option<FactValue>) {
        if let Some(FactValue::Group(fields)) = value {
            self.0.entry(group).or_default().extend(fields);
        }
    }

    /// Adds all facts.
    fn extend(&mut self, facts: Facts) {
        for (group, value) in facts.0 {
            self.group(group, Some(value));
        }
    }

    fn done(self) -> Facts {
        Facts(self.0.into_iter().map(|(group, fields)| (group, FactValue::Group(fields))).collect())
    }
}

impl From<Facts> for Sheaf {
    fn from(facts: Facts) -> Self {
        let mut sheaf = Self::default();
        sheaf.extend(facts);
        sheaf
    }
}

/// The groups that follow from the customer's account: what events and other systems tell.
const OF_ACCOUNT: [&str; 5] = ["usage", "integrations", "data", "support", "contract"];

/// Everything that is known of an onboarding on a day, but how healthy it was before.
pub(super) async fn gathered(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
    ground: &known::Ground,
    today: Date,
) -> Result<Facts, AppError> {
    let mut sheaf = Sheaf::default();
    plan::add(tx, workspace, id, today, &mut sheaf).await?;
    sheaf.group("outcomes", outcome::facts_in(tx, workspace, id).await?);
    sheaf.group("training", training::facts_in(tx, workspace, id).await?);
    sheaf.extend(launch::facts_in(tx, workspace, id).await?);
    sheaf.group("surveys", survey::facts_in(tx, workspace, id).await?);
    people::add(tx, workspace, id, ground, today, &mut sheaf).await?;
    said(app, tx, workspace, id, today, &mut sheaf).await?;
    sheaf.text("onboarding", "segment", &ground.segment);
    sheaf.text("onboarding", "touch", &ground.touch);
    sheaf.text("onboarding", "phase", if ground.state == "completed" { "adopted" } else { "onboarding" });
    sheaf.number("onboarding", "days_since_kickoff", days(ground.kickoff_on, today));
    sheaf.number("onboarding", "days_to_go_live", days(today, ground.go_live_on));
    of_account(app, tx, workspace, id, ground, today, &mut sheaf).await?;
    Ok(sheaf.done())
}

/// The same facts with only what events and other systems tell read anew.
pub(super) async fn renewed(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
    ground: &known::Ground,
    facts: Facts,
    today: Date,
) -> Result<Facts, AppError> {
    let mut sheaf = Sheaf::from(facts);
    sheaf.0.retain(|group, _| !OF_ACCOUNT.contains(group));
    of_account(app, tx, workspace, id, ground, today, &mut sheaf).await?;
    Ok(sheaf.done())
}

async fn of_account(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
    ground: &known::Ground,
    today: Date,
    sheaf: &mut Sheaf,
) -> Result<(), AppError> {
    sheaf.group("usage", usage::facts::facts_in(app, tx, workspace, id).await?);
    inputs::add(app, tx, workspace, ground, today, sheaf).await
}

/// What surveys and the team said, and when.
async fn said(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
    today: Date,
    sheaf: &mut Sheaf,
) -> Result<(), AppError> {
    if let Some(at) = known::answered(tx, workspace, id).await? {
        sheaf.number("surveys", "days_since_answer", days(day(app, at), today).max(0));
    }
    let surveys = gangway_store::survey::of_onboarding(tx, workspace, id).await?;
    let (asked, answered) =
        surveys.iter().fold((0, 0), |(asked, answered), one| (asked + one.asked, answered + one.answered));
    sheaf.maybe("surveys", "response_percent", (answered * 100).checked_div(asked));
    let mut seen = BTreeSet::new();
    for one in observation::latest(tx, workspace, id, LOOKED_AT).await? {
        let fields = match one.component.as_str() {
            "engagement" => ("engagement", "engagement_days"),
            "mood" => ("mood", "mood_days"),
            "system" => ("system", "system_days"),
            _ => continue,
        };
        if seen.insert(fields.0) {
            sheaf.number("observed", fields.0, one.rating);
            sheaf.number("observed", fields.1, days(day(app, one.at), today).max(0));
        }
    }
    let open = gangway_store::signal::open_of(tx, workspace, id).await?;
    let kinds = open.into_iter().filter(|signal| !signal.computed).map(|signal| signal.body.kind);
    sheaf.put("observed", "kinds", FactValue::List(kinds.collect()));
    Ok(())
}

/// Calendar days from one day to another.
pub(super) fn days(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

/// The day of an instant in the workspace's time zone.
pub(super) fn day(app: &App, at: Timestamp) -> Date {
    let at = jiff::Timestamp::try_from(at).unwrap_or_else(|_| app.clock.now());
    at.to_zoned(app.time_zone.clone()).date()
}

/// A count as facts hold it.
pub(super) fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Facts as they are kept: one value for each whole name.
pub(super) fn kept(facts: &Facts) -> Json {
    let mut all = serde_json::Map::new();
    for (group, value) in &facts.0 {
        let FactValue::Group(fields) = value else { continue };
        for (field, value) in fields {
            let value = match value {
                FactValue::Int(number) => Json::from(*number),
                FactValue::Bool(yes) => Json::from(*yes),
                FactValue::Text(text) => Json::from(text.clone()),
                FactValue::List(texts) => Json::from(texts.clone()),
                FactValue::Group(_) => continue,
            };
            all.insert(format!("{group}.{field}"), value);
        }
    }
    Json::Object(all)
}

/// Facts as they were kept. What the schema does not know any more is left out.
pub(super) fn read(kept: &Json) -> Facts {
    let schema = Schema::run();
    let mut sheaf = Sheaf::default();
    for (name, value) in kept.as_object().into_iter().flatten() {
        let Some(spec) = schema.find(name) else { continue };
        let value = match value {
            Json::Number(number) => number.as_i64().map(FactValue::Int),
            Json::Bool(yes) => Some(FactValue::Bool(*yes)),
            Json::String(text) => Some(FactValue::Text(text.clone())),
            Json::Array(all) => {
                Some(FactValue::List(all.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect()))
            }
            Json::Null | Json::Object(_) => None,
        };
        if let Some(value) = value.filter(|value| spec.kind.fits(value)) {
            sheaf.put(spec.group(), spec.field(), value);
        }
    }
    sheaf.done()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_come_back_as_they_were_kept() {
        let mut sheaf = Sheaf::default();
        sheaf.number("usage", "active_users", 12);
        sheaf.text("onboarding", "segment", "smb");
        sheaf.put("launch", "decided", FactValue::Bool(true));
        sheaf.put("milestones", "reached", FactValue::List(vec!["kickoff".to_owned()]));
        let facts = sheaf.done();
        let json = kept(&facts);
        assert_eq!(json["usage.active_users"], 12);
        assert_eq!(read(&json), facts);
    }

    #[test]
    fn what_the_schema_does_not_know_is_left_out() {
        let json = serde_json::json!({ "usage.active_users": "many", "weather.rain": 3, "usage.logins": 4 });
        let facts = read(&json);
        assert_eq!(kept(&facts), serde_json::json!({ "usage.logins": 4 }));
    }
}
