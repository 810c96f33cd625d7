//! Sends one delivery to its endpoint, and writes down what came of it.

use std::time::Duration;

use gangway_domain::ids::DeliveryId;
use gangway_jobs::{Claimed, Effects, Failure, Later, Policy, Report, Verdict, Work};
use gangway_store::delivery::{self, Attempt, Became, Delivery};
use gangway_store::webhook::{self, Endpoint};
use gangway_store::{StoreError, Timestamp, Tx};
use jiff::SignedDuration;
use reqwest::{Client, Response, StatusCode, Url};
use serde::Deserialize;
use thiserror::Error;
use tokio::time::Instant;

use super::network::Reach;
use super::{JOB, SigningSecret, TEST};
use crate::App;
use crate::outbound::{guarded, literal};

/// How long an endpoint may take; the specification recommends 15 to 30 seconds.
const TIMEOUT: Duration = Duration::from_secs(20);

/// How long until there is a connection.
const CONNECT: Duration = Duration::from_secs(10);

/// As much of an answer as is kept, bytes.
const KEPT: usize = 2048;

/// An endpoint to which nothing has arrived for this long is switched off.
const PATIENCE: SignedDuration = SignedDuration::from_hours(5 * 24);

/// Nothing can be sent at all.
#[derive(Debug, Error)]
#[error("webhooks cannot be sent: {0}")]
pub struct SenderError(#[from] reqwest::Error);

/// Sends webhooks.
#[derive(Clone)]
pub struct Sender {
    app: App,
    client: Client,
    reach: Reach,
}

/// What the job knows.
#[derive(Deserialize)]
struct Task {
    delivery: DeliveryId,
}

impl Sender {
    /// Sends to the public internet, and to what else may be reached.
    ///
    /// # Errors
    /// When this machine's certificates cannot be read.
    pub fn new(app: App, reach: Reach) -> Result<Self, SenderError> {
        let client = guarded(&reach).timeout(TIMEOUT).connect_timeout(CONNECT).build()?;
        Ok(Self { app, client, reach })
    }

    async fn attempt(&self, job: &Claimed) -> Result<Report, StoreError> {
        let Ok(Task { delivery: id }) = serde_json::from_value(job.payload.clone()) else {
            return Ok(Report::failed(Failure::Never("the job cannot be read".to_owned())));
        };
        let mut tx = self.app.db.read().await?;
        // Removed with its endpoint meanwhile: nothing is left to be done.
        let Some(delivery) = delivery::get(&mut tx, job.workspace, id).await? else {
            return Ok(Report::done());
        };
        let Some(endpoint) = webhook::get(&mut tx, job.workspace, delivery.endpoint).await? else {
            return Ok(Report::done());
        };
        drop(tx);
        let at = self.app.clock.now();
        let begun = Instant::now();
        let answer = match endpoint.disabled_at {
            Some(_) if delivery.kind != TEST => Answer::never("the webhook is switched off"),
            _ => self.post(&endpoint, &delivery, at).await,
        };
        let millis = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
        let result = answer.result();
        let Answer { status, problem, text, gone, .. } = answer;
        let attempt = Attempt { number: 0, at: at.into(), millis, status, problem, answer: text };
        Ok(Report { result, effects: Some(effects(job, endpoint, id, attempt, gone)) })
    }

    /// Signs and sends. The time in the signature is that of this try.
    async fn post(&self, endpoint: &Endpoint, delivery: &Delivery, at: jiff::Timestamp) -> Answer {
        let Ok(url) = Url::parse(&endpoint.url) else {
            return Answer::never("the address cannot be read");
        };
        // A number in place of a name is not looked up, so that nothing else would check it.
        if let Some(address) = literal(&url)
            && let Err(private) = self.reach.check(address)
        {
            return Answer::never(&private.to_string());
        }
        let Some(signatures) = self.signatures(endpoint, delivery, at) else {
            return Answer::later("the secret cannot be opened: has the installation's key changed?");
        };
        let sent = self
            .client
            .post(url)
            .header("content-type", "application/json")
            .header("webhook-id", delivery.event.to_string())
            .header("webhook-timestamp", at.as_second().to_string())
            .header("webhook-signature", signatures)
            .body(delivery.body.clone())
            .send()
            .await;
        match sent {
            Ok(response) => Answer::of(response).await,
            Err(error) => Answer::later(&reason(&error)),
        }
    }

    fn signatures(&self, endpoint: &Endpoint, delivery: &Delivery, at: jiff::Timestamp) -> Option<String> {
        let place = endpoint.id.to_string();
        let sign = |sealed: &str| {
            let secret = SigningSecret::from_bytes(self.app.vault.open(&place, sealed)?);
            Some(secret.sign(&delivery.event.to_string(), at.as_second(), &delivery.body))
        };
        let now = sign(&endpoint.secret)?;
        let overlaps = endpoint.previous_until.is_some_and(|until| until > Timestamp::from(at));
        let before = endpoint.previous_secret.as_deref().filter(|_| overlaps).and_then(sign);
        Some(before.map_or_else(|| now.clone(), |before| format!("{now} {before}")))
    }
}

impl Work for Sender {
    fn kind(&self) -> &'static str {
        JOB
    }

    /// The schedule of the specification: ten tries over three days.
    fn policy(&self) -> Policy {
        let hours = |hours: u64| Duration::from_hours(hours);
        Policy::waits([
            Duration::from_secs(5),
            Duration::from_mins(5),
            Duration::from_mins(30),
            hours(2),
            hours(5),
            hours(10),
            hours(14),
            hours(20),
            hours(24),
        ])
    }

    fn run<'a>(&'a self, job: &'a Claimed) -> Later<'a, Report> {
        Box::pin(async move {
            self.attempt(job).await.unwrap_or_else(|error| Report::failed(Failure::Later(error.to_string())))
        })
    }
}

/// What an endpoint answered, or why it did not.
struct Answer {
    status: Option<i64>,
    problem: Option<String>,
    text: String,
    /// Trying again makes no sense.
    never: bool,
    /// It does not want to hear from us any more (410).
    gone: bool,
}

impl Answer {
    fn later(problem: &str) -> Self {
        Self {
            status: None,
            problem: Some(problem.to_owned()),
            text: String::new(),
            never: false,
            gone: false,
        }
    }

    fn never(problem: &str) -> Self {
        Self { never: true, ..Self::later(problem) }
    }

    async fn of(mut response: Response) -> Self {
        let status = response.status();
        let mut bytes = Vec::new();
        while bytes.len() < KEPT
            && let Ok(Some(piece)) = response.chunk().await
        {
            bytes.extend_from_slice(&piece);
        }
        bytes.truncate(KEPT);
        let text =
            String::from_utf8_lossy(&bytes).chars().filter(|c| !c.is_control() || *c == '\n').collect();
        let problem = (!status.is_success()).then(|| {
            if status.is_redirection() {
                format!(
                    "it answered {}, which leads elsewhere; give the address it leads to",
                    status.as_u16()
                )
            } else {
                format!("it answered {}", status.as_u16())
            }
        });
        let gone = status == StatusCode::GONE;
        Self { status: Some(status.as_u16().into()), problem, text, never: gone, gone }
    }

    fn result(&self) -> Result<(), Failure> {
        match &self.problem {
            None => Ok(()),
            Some(problem) if self.never => Err(Failure::Never(problem.clone())),
            Some(problem) => Err(Failure::Later(problem.clone())),
        }
    }
}

/// Writes the try down; switches the endpoint off when it is gone, or nothing has arrived for days.
fn effects(job: &Claimed, endpoint: Endpoint, id: DeliveryId, attempt: Attempt, gone: bool) -> Effects {
    let workspace = job.workspace;
    Box::new(move |tx: &mut Tx, verdict| {
        Box::pin(async move {
            let at = attempt.at;
            let became = match verdict {
                Verdict::Done => Became::Delivered(at),
                Verdict::Again(next) => Became::Again(next),
                Verdict::GivenUp => Became::Failed(at),
            };
            delivery::settle(tx, workspace, id, &attempt, became).await?;
            if verdict == Verdict::Done {
                return webhook::works(tx, workspace, endpoint.id).await;
            }
            webhook::fails(tx, workspace, endpoint.id, at).await?;
            let why = if gone {
                Some("it answered that it is gone (410)")
            } else {
                is_hopeless(&endpoint, at).then_some("nothing has arrived there for five days")
            };
            if why.is_some() {
                webhook::disable(tx, workspace, endpoint.id, at, why).await?;
            }
            Ok(())
        })
    })
}

fn is_hopeless(endpoint: &Endpoint, at: Timestamp) -> bool {
    let instant = |at: Timestamp| jiff::Timestamp::try_from(at).ok();
    match (endpoint.failing_since.and_then(instant), instant(at)) {
        (Some(since), Some(at)) => at.duration_since(since) >= PATIENCE,
        _ => false,
    }
}

/// What went wrong, without the address: paths and queries can hold keys.
fn reason(error: &reqwest::Error) -> String {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(known) = cause {
        if let Some(private) = known.downcast_ref::<super::Private>() {
            return private.to_string();
        }
        cause = known.source();
    }
    if error.is_timeout() {
        "it took longer than 20 seconds".to_owned()
    } else if error.is_connect() {
        "no connection: the name is unknown, nothing listens there, or its certificate is not accepted"
            .to_owned()
    } else {
        "the connection broke".to_owned()
    }
}
