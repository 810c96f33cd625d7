//! The facts an onboarding's health and signals are judged by: what every part of the product knows of it, laid
//! together under the names of the schema. What nobody knows is not there.

mod inputs;
mod people;
mod plan;

use std::collections::{BTreeMap, BTreeSet};

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use gangway_domain::rule::{FactValue, Facts, Schema};
use gangway_store::health::known::{self, Ground};
use gangway_store::health::observation::{self, Observation};
use gangway_store::survey::counts;
use gangway_store::usage::milestone::Subject;
use gangway_store::{Timestamp, Tx};
use jiff::civil::Date;
use serde_json::Value as Json;

use super::waiting;
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

/// Facts of onboardings while they are gathered.
pub(super) type Sheaves = BTreeMap<OnboardingId, Sheaf>;

/// Everything that is known of onboardings on a day, but how healthy they were before, with few statements for all of
/// them. Of those whose facts are `known` only what events and other systems tell is read anew. `used` says what was
/// made of usage.
pub(super) async fn gathered(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    grounds: &BTreeMap<OnboardingId, Ground>,
    known: BTreeMap<OnboardingId, Facts>,
    used: BTreeMap<OnboardingId, FactValue>,
) -> Result<BTreeMap<OnboardingId, Facts>, AppError> {
    let today = app.today();
    let mut sheaves: Sheaves = grounds.keys().map(|id| (*id, Sheaf::default())).collect();
    let anew: Vec<OnboardingId> = grounds.keys().filter(|id| !known.contains_key(id)).copied().collect();
    if !anew.is_empty() {
        Box::pin(everything(app, tx, workspace, &anew, grounds, &mut sheaves)).await?;
    }
    for (id, facts) in known {
        let mut sheaf = Sheaf::from(facts);
        sheaf.0.retain(|group, _| !OF_ACCOUNT.contains(group));
        sheaves.insert(id, sheaf);
    }
    for (id, used) in used {
        if let Some(sheaf) = sheaves.get_mut(&id) {
            sheaf.group("usage", Some(used));
        }
    }
    Box::pin(inputs::add(app, tx, workspace, grounds, today, &mut sheaves)).await?;
    Ok(sheaves.into_iter().map(|(id, sheaf)| (id, sheaf.done())).collect())
}

/// Everything that is known of one onboarding now, but how healthy it was before.
pub(super) async fn of_one(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
    ground: Ground,
) -> Result<Facts, AppError> {
    let used = usage::facts::facts_in(app, tx, workspace, id).await?;
    let used = used.map(|used| (id, used)).into_iter().collect();
    let grounds = BTreeMap::from([(id, ground)]);
    let mut facts = Box::pin(gathered(app, tx, workspace, &grounds, BTreeMap::new(), used)).await?;
    Ok(facts.remove(&id).unwrap_or_default())
}

/// What usage sees of an onboarding.
pub(super) fn subject(id: OnboardingId, ground: &Ground) -> Subject {
    Subject {
        id,
        account: ground.account,
        customer: ground.customer.clone(),
        segment: ground.segment.clone(),
        segment_name: ground.segment_name.clone(),
        programme: ground.programme.clone(),
        kickoff_on: ground.kickoff_on,
    }
}

/// Adds what neither events nor other systems tell.
async fn everything(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[OnboardingId],
    grounds: &BTreeMap<OnboardingId, Ground>,
    sheaves: &mut Sheaves,
) -> Result<(), AppError> {
    let today = app.today();
    Box::pin(plan::add(tx, workspace, ids, today, sheaves)).await?;
    Box::pin(of_others(tx, workspace, ids, sheaves)).await?;
    Box::pin(people::add(tx, workspace, ids, grounds, today, sheaves)).await?;
    let asked = Box::pin(waiting::read(app, tx, workspace, ids)).await?;
    Box::pin(said(app, tx, workspace, ids, sheaves)).await?;
    for id in ids {
        let (Some(ground), Some(sheaf)) = (grounds.get(id), sheaves.get_mut(id)) else { continue };
        waiting::add(app, &asked, *id, sheaf);
        sheaf.text("onboarding", "segment", &ground.segment);
        sheaf.text("onboarding", "touch", &ground.touch);
        let phase = if ground.state == "completed" { "adopted" } else { "onboarding" };
        sheaf.text("onboarding", "phase", phase);
        sheaf.number("onboarding", "days_since_kickoff", days(ground.kickoff_on, today));
        sheaf.number("onboarding", "days_to_go_live", days(today, ground.go_live_on));
    }
    Ok(())
}

/// Adds what gates see, too.
async fn of_others(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[OnboardingId],
    sheaves: &mut Sheaves,
) -> Result<(), AppError> {
    let mut outcomes = outcome::facts_of(tx, workspace, ids).await?;
    let mut training = training::facts_of(tx, workspace, ids).await?;
    let mut launch = launch::facts_of(tx, workspace, ids).await?;
    let mut surveys = survey::facts_of(tx, workspace, ids).await?;
    for id in ids {
        let Some(sheaf) = sheaves.get_mut(id) else { continue };
        sheaf.group("outcomes", outcomes.remove(id));
        sheaf.group("training", training.remove(id));
        sheaf.extend(launch.remove(id).unwrap_or_default());
        sheaf.group("surveys", surveys.remove(id));
    }
    Ok(())
}

/// Adds what surveys and the team said, and when.
async fn said(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[OnboardingId],
    sheaves: &mut Sheaves,
) -> Result<(), AppError> {
    let answered = known::answered_of(tx, workspace, ids).await?;
    let surveys = counts::of_onboardings(tx, workspace, ids).await?;
    let mut seen = observation::latest_of(tx, workspace, LOOKED_AT, ids).await?;
    let mut kinds = gangway_store::signal::observed(tx, workspace, ids).await?;
    for id in ids {
        let Some(sheaf) = sheaves.get_mut(id) else { continue };
        if let Some(at) = answered.get(id) {
            sheaf.number("surveys", "days_since_answer", days(day(app, *at), app.today()).max(0));
        }
        let surveys = surveys.get(id).map_or(&[][..], Vec::as_slice);
        let (asked, answered) = surveys
            .iter()
            .fold((0, 0), |(asked, answered), one| (asked + one.asked, answered + one.answered));
        sheaf.maybe("surveys", "response_percent", (answered * 100).checked_div(asked));
        observed(app, seen.remove(id).unwrap_or_default(), sheaf);
        sheaf.put("observed", "kinds", FactValue::List(kinds.remove(id).unwrap_or_default()));
    }
    Ok(())
}

/// The latest of each kind of observation; they stand in order, the newest first.
fn observed(app: &App, all: Vec<Observation>, sheaf: &mut Sheaf) {
    let mut seen = BTreeSet::new();
    for one in all {
        let fields = match one.component.as_str() {
            "engagement" => ("engagement", "engagement_days"),
            "mood" => ("mood", "mood_days"),
            "system" => ("system", "system_days"),
            _ => continue,
        };
        if seen.insert(fields.0) {
            sheaf.number("observed", fields.0, one.rating);
            sheaf.number("observed", fields.1, days(day(app, one.at), app.today()).max(0));
        }
    }
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
