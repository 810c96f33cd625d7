//! What colleagues do, told to open pages as server-sent events.
//!
//! `hello` says which entry of the activity log came last, `change` is one more, `stale` means that more was
//! missed than is worth telling. Browsers come back with the last id they had, and with the count of usage their page
//! was made at. `usage` names an account whose users
//! did something in the product, `events` says that messages of sources came in, to whoever asks for it.

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
use gangway_app::usage::debugger::{self, Seen};
use gangway_app::{App, activity, live};
use gangway_domain::ids::AccountId;
use gangway_store::activity::Activity;
use serde::Serialize;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use tokio::time::{Instant, Interval, MissedTickBehavior};

use crate::Web;
use crate::extract::Values;
use crate::pages::failure::{self, Failure};
use crate::session::{self, Signed};

/// How long messages of sources are gathered before a page hears of them, so that thousands a second are some few news.
const GATHERED: Duration = Duration::from_millis(250);

/// The same of usage for a page that shows all accounts.
const GATHERED_OF_ALL: Duration = Duration::from_secs(1);

/// Accounts one page may ask about; it shows one.
const MOST_ACCOUNTS: usize = 20;

/// An account whose users did something, as pages are told; `usage` where some of all did.
#[derive(Serialize)]
struct Used {
    account: String,
}

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
    let usage = live::usage(&web.app, &session.actor)?;
    // Only the page that shows them asks, and only for whom it opens.
    let events = if values.has("events") { debugger::watch(&web.app, &session.actor).ok() } else { None };
    let mut waiting = VecDeque::new();
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok().map(str::to_owned));
    match last.unwrap_or_else(|| values.text("after")).parse() {
        Ok(last) => match live::missed(&web.app, &session.actor, last).await? {
            Some(missed) => waiting.extend(missed.into_iter().map(Arc::new).map(Told::Change)),
            None => waiting.push_back(Told::Stale),
        },
        Err(_) => waiting.push_back(Told::Hello),
    }
    let about = values.text("about");
    let is_about_all = about.split(' ').any(|word| word == "usage");
    let about: Vec<_> = about.split(' ').filter_map(|id| id.parse().ok()).take(MOST_ACCOUNTS).collect();
    // Usage has no log to be told again from: a page says up to where it knows.
    if let Ok(used) = values.text("used").parse() {
        let asked = (!is_about_all).then_some(about.as_slice());
        if live::used_since(&web.app, &session.actor, used, asked)? {
            waiting.push_back(Told::Used(about.first().copied().filter(|_| !is_about_all)));
        }
    }
    let open = Open {
        about,
        is_about_all,
        usage_due: None,
        events_due: None,
        app: web.app.clone(),
        session,
        secret,
        news,
        usage,
        events,
        closing: web.closing.subscribe(),
        waiting,
        pulse: pulse(web.limits.pulse),
    };
    let events = stream::unfold(open, |mut open| async move { open.next().await.map(|event| (event, open)) });
    Ok(Sse::new(events).into_response())
}

enum Told {
    Hello,
    Change(Arc<Activity>),
    Stale,
    /// Of this account, or of some of all.
    Used(Option<AccountId>),
    Events,
}

/// What an open stream waits for.
enum Woken {
    Closing,
    Pulse,
    News(Result<Arc<Activity>, RecvError>),
    Usage(Result<AccountId, RecvError>),
    UsageDue,
    Events,
    EventsDue,
}

/// A stream under way.
struct Open {
    app: App,
    session: Session,
    secret: Secret,
    news: Receiver<Arc<Activity>>,
    usage: Receiver<AccountId>,
    events: Option<Receiver<Arc<Seen>>>,
    /// The accounts the page shows.
    about: Vec<AccountId>,
    /// It shows all of them.
    is_about_all: bool,
    /// When the page is told what was gathered for it.
    usage_due: Option<Instant>,
    events_due: Option<Instant>,
    closing: watch::Receiver<bool>,
    waiting: VecDeque<Told>,
    pulse: Interval,
}

/// Wakes up this often, first after that time; whatever else is to be told does not put it off.
fn pulse(every: Duration) -> Interval {
    let mut pulse = tokio::time::interval_at(Instant::now() + every, every);
    pulse.set_missed_tick_behavior(MissedTickBehavior::Delay);
    pulse
}

impl Open {
    /// The next event; none when the stream ends: with the session, or with the server.
    async fn next(&mut self) -> Option<Result<Event, Infallible>> {
        if let Some(told) = self.waiting.pop_front() {
            return self.event(told).await.map(Ok);
        }
        loop {
            let told = match self.woken().await {
                Woken::Closing
                | Woken::News(Err(RecvError::Closed))
                | Woken::Usage(Err(RecvError::Closed)) => {
                    return None;
                }
                Woken::Pulse => {
                    return self.still_signed_in().await.then(|| Ok(Event::default().comment("")));
                }
                Woken::News(Ok(entry)) => Told::Change(entry),
                Woken::News(Err(RecvError::Lagged(_))) => Told::Stale,
                Woken::Usage(Ok(account)) if self.about.contains(&account) => Told::Used(Some(account)),
                // Whoever lags behind may have missed what the page shows.
                Woken::Usage(used) => {
                    if self.is_about_all || (used.is_err() && !self.about.is_empty()) {
                        self.usage_due = self.usage_due.or_else(|| Some(Instant::now() + GATHERED_OF_ALL));
                    }
                    continue;
                }
                Woken::Events => {
                    self.events_due = self.events_due.or_else(|| Some(Instant::now() + GATHERED));
                    continue;
                }
                Woken::UsageDue => {
                    self.usage_due = None;
                    Told::Used(None)
                }
                Woken::EventsDue => {
                    self.events_due = None;
                    Told::Events
                }
            };
            return self.event(told).await.map(Ok);
        }
    }

    /// What happens first. Each of these can be waited for anew without losing anything.
    async fn woken(&mut self) -> Woken {
        tokio::select! {
            biased;
            _ = self.closing.wait_for(|closing| *closing) => Woken::Closing,
            _ = self.pulse.tick() => Woken::Pulse,
            news = self.news.recv() => Woken::News(news),
            () = reached(self.usage_due) => Woken::UsageDue,
            () = reached(self.events_due) => Woken::EventsDue,
            used = self.usage.recv() => Woken::Usage(used),
            () = came(self.events.as_mut()) => Woken::Events,
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
            Told::Used(account) => {
                let account = account.map_or_else(|| "usage".to_owned(), |id| id.to_string());
                Event::default().event("usage").json_data(Used { account })
            }
            Told::Events => Ok(Event::default().event("events").data("-")),
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

/// Waits until this instant; for ever without one.
async fn reached(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}

/// Waits until a message came in; for ever where nobody asked, or when there will be none.
async fn came(events: Option<&mut Receiver<Arc<Seen>>>) {
    let Some(events) = events else { return std::future::pending().await };
    if matches!(events.recv().await, Err(RecvError::Closed)) {
        std::future::pending::<()>().await;
    }
}
