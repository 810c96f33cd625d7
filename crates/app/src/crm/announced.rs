//! Deals HubSpot announces by their numbers: each is fetched later, and handed over when it is won.
//!
//! A job for each deal of a message does it. Its id says the deal and when the last of its events happened, so that a
//! message that comes twice is worked off once; that a deal becomes one handoff, however many events tell of it, is
//! seen to where it is picked.

use std::collections::BTreeMap;
use std::time::Duration;

use gangway_domain::ids::{JobId, WorkspaceId};
use gangway_jobs::{Claimed, Effects, Failure, Later, Policy, Report, Verdict, Work};
use gangway_store::job::{self, Job};
use gangway_store::{StoreError, Tx};
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{DEAL, pick};
use crate::activity::{self, About};
use crate::crm_hook::Crm;
use crate::error::AppError;
use crate::{Actor, App, Door};

/// The kind of job that fetches one.
pub(super) const JOB: &str = "hubspot-deal";

/// HubSpot's number of the kind of objects that deals are.
const DEALS: &str = "0-3";

/// HubSpot works out a little after the event that a deal is won: one said to be won is looked at so often.
const LOOKS: i64 = 3;

/// What the job knows.
#[derive(Debug, Deserialize)]
struct Task {
    /// The number of the deal.
    deal: String,
    /// The event said that it was won.
    won: bool,
}

/// What events say of one deal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Said {
    /// When the last of them happened, in milliseconds.
    at: Option<i64>,
    /// One of them says that it was won.
    won: bool,
}

/// Has the deals of a message fetched, and says which they are: those that something happened to and that were not deleted.
pub(crate) async fn fetch_later(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    message: &[u8],
) -> Result<Vec<String>, AppError> {
    let text = gangway_intake::decoded(message).unwrap_or_default();
    let deals = announced(&serde_json::from_str::<Value>(&text).unwrap_or_default());
    let now = app.now();
    let job = |(deal, said): (&String, &Said)| {
        let name = |at: i64| format!("HubSpot deal {deal}, event of {at}");
        let id = said.at.map(|at| JobId::from_uuid(Uuid::new_v5(&Uuid::NAMESPACE_URL, name(at).as_bytes())));
        Job {
            id: id.unwrap_or_else(|| JobId::fresh(&*app.ids)),
            kind: JOB.to_owned(),
            payload: serde_json::json!({ "deal": deal, "won": said.won }),
            run_at: now,
            created_at: now,
        }
    };
    let jobs: Vec<Job> = deals.iter().map(job).collect();
    job::plan_all(tx, workspace, &jobs).await?;
    Ok(deals.into_keys().collect())
}

/// The deals of a message, each once.
fn announced(message: &Value) -> BTreeMap<String, Said> {
    let events = message.as_array().map_or(std::slice::from_ref(message), Vec::as_slice);
    let mut deals: BTreeMap<String, Said> = BTreeMap::new();
    for event in events.iter().filter_map(Value::as_object).filter(|event| is_of_deal(event)) {
        let Some(deal) = event.get("objectId").and_then(number) else { continue };
        let said = deals.entry(deal).or_default();
        said.at = said.at.max(event.get("occurredAt").and_then(Value::as_i64));
        said.won |= says_won(event);
    }
    deals
}

/// Something happened to a deal that is still there.
fn is_of_deal(event: &Map<String, Value>) -> bool {
    let text = |key: &str| event.get(key).and_then(Value::as_str).unwrap_or_default();
    let Some((of, what)) = text("subscriptionType").split_once('.') else { return false };
    // Newer subscriptions name the kind of object by its number.
    let is_deal = of == "deal" || of == "object" && text("objectTypeId") == DEALS;
    is_deal && !what.to_ascii_lowercase().ends_with("deletion")
}

/// Stages of other pipelines have numbers for names: what they mean is seen when the deal is fetched.
fn says_won(event: &Map<String, Value>) -> bool {
    let text = |key: &str| event.get(key).and_then(Value::as_str).unwrap_or_default();
    matches!(
        (text("propertyName"), text("propertyValue")),
        ("dealstage", "closedwon") | ("hs_is_closed_won", "true")
    )
}

fn number(value: &Value) -> Option<String> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return None,
    };
    super::is_id(&text).then_some(text)
}

/// Fetches deals HubSpot announced.
#[derive(Clone)]
pub struct Fetcher {
    app: App,
}

impl Fetcher {
    /// Fetches with the connections of this app.
    #[must_use]
    pub fn new(app: App) -> Self {
        Self { app }
    }

    async fn fetch(&self, claimed: &Claimed) -> Report {
        let Ok(Task { deal, won }) = serde_json::from_value(claimed.payload.clone()) else {
            return Report::failed(Failure::Never("the job cannot be read".to_owned()));
        };
        let crm = Crm::Hubspot;
        let actor = Actor::system(crm.label(), claimed.workspace, Door::Webhook);
        let failure = match pick(&self.app, &actor, crm, &deal).await {
            Ok(_) => return Report::done(),
            Err(AppError::NotFound { what, .. }) if what == DEAL && won && claimed.attempts < LOOKS => {
                Failure::Later(format!("deal {deal}: HubSpot does not call it won yet"))
            }
            // It is not won or gone, or so is the connection.
            Err(AppError::NotFound { .. }) => return Report::done(),
            Err(error @ AppError::Refused(_)) => Failure::Never(format!("deal {deal}: {error}")),
            Err(error) => Failure::Later(format!("deal {deal}: {error}")),
        };
        let (Failure::Later(problem) | Failure::Never(problem)) = &failure;
        let effects = tell(&self.app, actor, problem.clone());
        Report::failed(failure).with(effects)
    }
}

impl Work for Fetcher {
    fn kind(&self) -> &'static str {
        JOB
    }

    /// Seven tries over a day.
    fn policy(&self) -> Policy {
        Policy::waits([
            Duration::from_secs(30),
            Duration::from_mins(2),
            Duration::from_mins(15),
            Duration::from_hours(1),
            Duration::from_hours(6),
            Duration::from_hours(17),
        ])
    }

    fn run<'a>(&'a self, job: &'a Claimed) -> Later<'a, Report> {
        Box::pin(self.fetch(job))
    }
}

/// What is given up is told to people, who can pick the deal themselves.
fn tell(app: &App, actor: Actor, problem: String) -> Effects {
    let app = app.clone();
    Box::new(move |tx: &mut Tx, verdict| {
        Box::pin(async move {
            if verdict != Verdict::GivenUp {
                return Ok(());
            }
            let summary = format!("HubSpot announced a deal that could not be fetched ({problem})");
            let told = activity::record(&app, tx, &actor, "handoff.announced", About::default(), summary);
            told.await.map_err(|error| match error {
                AppError::Store(error) => error,
                other => StoreError::Corrupt { what: "entry of the log", reason: other.to_string() },
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_message_names_each_deal_once() {
        let message = json!([
            { "subscriptionType": "deal.propertyChange", "objectId": 7, "occurredAt": 20, "propertyName": "dealstage", "propertyValue": "closedwon" },
            { "subscriptionType": "deal.propertyChange", "objectId": 7, "occurredAt": 10, "propertyName": "amount", "propertyValue": "5" },
            { "subscriptionType": "object.creation", "objectTypeId": "0-3", "objectId": "8" },
            { "subscriptionType": "object.creation", "objectTypeId": "0-1", "objectId": 9 },
            { "subscriptionType": "contact.creation", "objectId": 10 },
            { "subscriptionType": "deal.deletion", "objectId": 11 },
            { "subscriptionType": "deal.privacyDeletion", "objectId": 12 },
            { "subscriptionType": "deal.creation", "objectId": "13/../owners" },
            { "subscriptionType": "deal.associationChange", "fromObjectId": 14 },
        ]);
        let expected = BTreeMap::from([
            ("7".to_owned(), Said { at: Some(20), won: true }),
            ("8".to_owned(), Said { at: None, won: false }),
        ]);
        assert_eq!(announced(&message), expected);
        assert_eq!(announced(&message[0]).len(), 1, "one event without a list");
        assert!(announced(&json!(["deal", 7, null])).is_empty());
    }
}
