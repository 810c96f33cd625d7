//! Values bound to a statement, typed so that even a NULL says what it would have been.

use std::fmt::Display;
use std::str::FromStr;

use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use uuid::Uuid;

use crate::error::StoreError;
use crate::time::{Day, Timestamp};

/// An argument of a statement.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    /// An id.
    Id(Option<Uuid>),
    /// Text.
    Text(Option<String>),
    /// A whole number.
    Int(Option<i64>),
    /// Yes or no.
    Bool(bool),
    /// An instant.
    At(Option<Timestamp>),
    /// A day.
    Day(Option<Day>),
    /// JSON: TEXT on SQLite, JSONB on PostgreSQL.
    Json(Json),
    /// Neither yes nor no; only copied rows can hold it.
    NoBool,
    /// No JSON; only copied rows can hold it.
    NoJson,
}

/// Collects arguments: `args![workspace, name, at]`.
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$(crate::value::Value::from($value)),*] };
}
pub(crate) use args;

/// The arguments of a statement from those of its parts, in their order.
pub(crate) fn joined<const PARTS: usize>(parts: [Vec<Value>; PARTS]) -> Vec<Value> {
    parts.into_iter().flatten().collect()
}

/// Binds arguments to a query of either database.
macro_rules! bind {
    ($query:expr, $args:expr) => {{
        let mut query = $query;
        for value in $args {
            query = match value {
                crate::value::Value::Id(id) => query.bind(id),
                crate::value::Value::Text(text) => query.bind(text),
                crate::value::Value::Int(number) => query.bind(number),
                crate::value::Value::Bool(yes) => query.bind(yes),
                crate::value::Value::At(at) => query.bind(at),
                crate::value::Value::Day(day) => query.bind(day),
                crate::value::Value::Json(json) => query.bind(sqlx::types::Json(json)),
                crate::value::Value::NoBool => query.bind(None::<bool>),
                crate::value::Value::NoJson => query.bind(None::<sqlx::types::Json<serde_json::Value>>),
            };
        }
        query
    }};
}
pub(crate) use bind;

macro_rules! from {
    ($($type:ty => |$value:ident| $make:expr;)*) => {$(
        impl From<$type> for Value {
            fn from($value: $type) -> Self {
                $make
            }
        }
    )*};
}

from! {
    Uuid => |id| Self::Id(Some(id));
    Option<Uuid> => |id| Self::Id(id);
    String => |text| Self::Text(Some(text));
    &str => |text| Self::Text(Some(text.to_owned()));
    &String => |text| Self::Text(Some(text.clone()));
    Option<String> => |text| Self::Text(text);
    &Option<String> => |text| Self::Text(text.clone());
    i64 => |number| Self::Int(Some(number));
    Option<i64> => |number| Self::Int(number);
    u32 => |number| Self::Int(Some(i64::from(number)));
    i32 => |number| Self::Int(Some(i64::from(number)));
    Option<u32> => |number| Self::Int(number.map(i64::from));
    bool => |yes| Self::Bool(yes);
    Timestamp => |at| Self::At(Some(at));
    Option<Timestamp> => |at| Self::At(at);
    jiff::Timestamp => |at| Self::At(Some(at.into()));
    Date => |date| Self::Day(Some(date.into()));
    Option<Date> => |date| Self::Day(date.map(Day::from));
    Json => |json| Self::Json(json);
    gangway_domain::ids::WorkspaceId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::AccountId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::HandoffId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::OnboardingId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::TaskId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::ContactId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::ViewId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::MilestoneId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::CommentId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::AttachmentId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::CheckId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::TouchId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::ResistanceId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::LossId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::MessageId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::ChangeStepId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::SeriesId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::ActivityId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::EventId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::PersonId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::InvitationId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::TokenId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::HookId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::JobId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::WebhookId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::LaunchId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::PortalAccessId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::DeliveryId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::OutcomeId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::MeasurementId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::SurveyId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::SourceId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::FeatureId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::UsageGroupId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::UsageUserId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::RefusedId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::ids::ImportId => |id| Self::Id(Some(id.uuid()));
    gangway_domain::permission::Role => |role| Self::Text(Some(role.word().to_owned()));
    Option<gangway_domain::ids::PersonId> => |id| Self::Id(id.map(gangway_domain::ids::PersonId::uuid));
    Option<gangway_domain::ids::AccountId> => |id| Self::Id(id.map(gangway_domain::ids::AccountId::uuid));
    Option<gangway_domain::ids::ContactId> => |id| Self::Id(id.map(gangway_domain::ids::ContactId::uuid));
    Option<gangway_domain::ids::OnboardingId> => |id| Self::Id(id.map(gangway_domain::ids::OnboardingId::uuid));
}

/// JSON of something that is made of plain data.
pub(crate) fn json<T: serde::Serialize>(what: &'static str, value: &T) -> Result<Json, StoreError> {
    serde_json::to_value(value).map_err(|error| StoreError::corrupt(what, error))
}

/// The word an enum without data is written as.
pub(crate) fn word<T: serde::Serialize>(what: &'static str, value: &T) -> Result<String, StoreError> {
    match json(what, value)? {
        Json::String(word) => Ok(word),
        other => Err(StoreError::corrupt(what, format_args!("{other} is not a word"))),
    }
}

/// The enum without data a word stands for.
pub(crate) fn unword<T: DeserializeOwned>(what: &'static str, word: String) -> Result<T, StoreError> {
    serde_json::from_value(Json::String(word)).map_err(|error| StoreError::corrupt(what, error))
}

/// What the text of a column says.
pub(crate) fn read<T: FromStr<Err: Display>>(what: &'static str, text: &str) -> Result<T, StoreError> {
    text.parse::<T>().map_err(|error| StoreError::corrupt(what, error))
}
