//! What colleagues do, told to open pages as server-sent events.
//!
//! `hello` says which entry of the activity log came last, `change` is one more, `stale` means that more was
//! missed than is worth telling. Browsers come back with the last id they had.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::sse::Event;
use axum::response::{IntoResponse, Response, Sse};
use futures_util::stream;
use gangway_app::identity::{self, Secret, Session};
use gangway_app::{App, activity, live};
use gangway_store::activity::Activity;
use serde::Serialize;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;

use crate::Web;
use crate::extract::Values;
use crate::pages::failure::{self, Failure};
use crate::session::{self, Signed};

/// A deed, as pages are told.
#[derive(Serialize)]
struct Change<'a> {
    kind: &'a str,
    account: Option<String>,
    onboarding: Option<String>,
    by: &'a str,
    /// The reader did it, here or in another tab.
    mine: bool,
    summary: &'a str,
}

/// The stream. Asked for by a browser's `EventSource` only; for all others there is nothing to see.
pub(crate) async fn stream(
    State(web): State<Web>,
    Signed(session): Signed,
    headers: HeaderMap,
    values: Values,
) -> Result<Response, Failure> {
    let wants = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let secret = session::cookie(&web, &headers);
    let (Some(secret), true) = (secret, wants.is_some_and(|accept| accept.contains("text/event-stream")))
    else {
        return Ok(failure::page(
            StatusCode::NOT_ACCEPTABLE,
            "This address is for pages, not for people",
            "Open pages hear here what colleagues do.",
        ));
    };
    // Joined first, so that nothing falls between what was missed and what comes.
    let news = live::watch(&web.app, &session.actor).await?;
    let mut waiting = VecDeque::new();
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok().map(str::to_owned));
    match last.unwrap_or_else(|| values.text("after")).parse() {
        Ok(last) => match live::missed(&web.app, &session.actor, last).await? {
            Some(missed) => waiting.extend(missed.into_iter().map(Arc::new).map(Told::Change)),
            None => waiting.push_back(Told::Stale),
        },
        Err(_) => waiting.push_back(Told::Hello),
    }
    let open = Open {
        app: web.app.clone(),
        session,
        secret,
        news,
        closing: web.closing.subscribe(),
        waiting,
        pulse: web.limits.pulse,
    };
    let events = stream::unfold(open, |mut open| async move { open.next().await.map(|event| (event, open)) });
    Ok(Sse::new(events).into_response())
}

enum Told {
    Hello,
    Change(Arc<Activity>),
    Stale,
}

/// A stream under way.
struct Open {
    app: App,
    session: Session,
    secret: Secret,
    news: Receiver<Arc<Activity>>,
    closing: watch::Receiver<bool>,
    waiting: VecDeque<Told>,
    pulse: Duration,
}

impl Open {
    /// The next event; none when the stream ends: with the session, or with the server.
    async fn next(&mut self) -> Option<Result<Event, Infallible>> {
        if let Some(told) = self.waiting.pop_front() {
            return self.event(told).await.map(Ok);
        }
        enum Woken {
            Closing,
            News(Result<Arc<Activity>, RecvError>),
            Pulse,
        }
        let woken = tokio::select! {
            biased;
            _ = self.closing.wait_for(|closing| *closing) => Woken::Closing,
            news = self.news.recv() => Woken::News(news),
            () = tokio::time::sleep(self.pulse) => Woken::Pulse,
        };
        match woken {
            Woken::News(Ok(entry)) => self.event(Told::Change(entry)).await.map(Ok),
            Woken::News(Err(RecvError::Lagged(_))) => self.event(Told::Stale).await.map(Ok),
            Woken::Closing | Woken::News(Err(RecvError::Closed)) => None,
            Woken::Pulse => self.still_signed_in().await.then(|| Ok(Event::default().comment(""))),
        }
    }

    async fn event(&self, told: Told) -> Option<Event> {
        let event = match &told {
            Told::Change(entry) => {
                Event::default().event("change").id(entry.id.to_string()).json_data(Change {
                    kind: &entry.kind,
                    account: entry.account.map(|id| id.to_string()),
                    onboarding: entry.onboarding.map(|id| id.to_string()),
                    by: &entry.actor,
                    mine: entry.person.is_some() && entry.person == self.session.actor.person,
                    summary: &entry.summary,
                })
            }
            Told::Hello | Told::Stale => {
                let name = if matches!(told, Told::Hello) { "hello" } else { "stale" };
                let event = Event::default().event(name).data("-");
                let newest = activity::newest(&self.app, &self.session.actor).await.ok()?;
                Ok(newest.map_or(event.clone(), |id| event.id(id.to_string())))
            }
        };
        event.ok()
    }

    /// In the same workspace, and still allowed to look.
    async fn still_signed_in(&self) -> bool {
        match identity::authenticate(&self.app, &self.secret).await {
            Ok(Some(now)) => {
                let (was, now) = (&self.session.actor, now.actor);
                now.workspace == was.workspace && now.may(gangway_domain::permission::Action::Look)
            }
            _ => false,
        }
    }
}
