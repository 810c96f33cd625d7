//! JSON Schemas of what goes into the engine and what comes out.

use gangway_domain::plan::{PlanSpec, Schedule};
use serde_json::Value;

/// JSON Schema (2020-12) of a plan, `gangway.plan/1`.
#[must_use]
pub fn plan_schema() -> Value {
    titled(schemars::schema_for!(PlanSpec), "Gangway plan, version 1")
}

/// JSON Schema (2020-12) of a schedule.
#[must_use]
pub fn schedule_schema() -> Value {
    titled(schemars::schema_for!(Schedule), "Gangway schedule, version 1")
}

fn titled(mut schema: schemars::Schema, title: &str) -> Value {
    schema.insert("title".to_owned(), Value::from(title));
    schema.to_value()
}
