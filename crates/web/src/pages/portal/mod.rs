//! The portal of customers: light pages in the guest's language, which need no script.
//!
//! Every page is a route with `Access::Guest` that takes what [`guest`] reads of a request; its template extends
//! `frame.html` and its struct has a [`PortalFrame`]. What fails is a [`Failed`], told in the guest's language by
//! [`told`]; before a portal is open by [`told_outside`].

pub(crate) mod brand;
pub(crate) mod changes;
pub(crate) mod deed;
pub(crate) mod embed;
pub(crate) mod enter;
pub(crate) mod failure;
pub(crate) mod form;
pub(crate) mod guest;
pub(crate) mod home;
pub(crate) mod issues;
pub(crate) mod launch;
pub(crate) mod outcome;
pub(crate) mod plan;
pub(crate) mod sharing;
pub(crate) mod survey;
pub(crate) mod tasks;
pub(crate) mod todo;
pub(crate) mod training;
pub(crate) mod unsubscribe;

use askama::Template;
use axum::extract::{FromRequestParts, Request};
use axum::http::header::{ACCEPT_LANGUAGE, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::portal::{Setting, Visit};
use gangway_app::{AppError, Problem};
use gangway_domain::ids::WorkspaceId;
use gangway_domain::portal::{Language, Resource, Right};
use gangway_domain::refusal::{self, Barrier, Fault};
use jiff::civil::Date;

use crate::form::{Fields, Typed};
use crate::pages::render;
use crate::words::{Values, Words};
use crate::{Web, assets};

/// A place in the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The first page.
    Home,
    /// The plan.
    Plan,
    /// What waits for the guest.
    Todo,
    /// Meetings.
    Meetings,
    /// Documents.
    Documents,
    /// Training.
    Training,
    /// Outcomes.
    Outcomes,
    /// Who takes part.
    People,
    /// None of them.
    Elsewhere,
}

/// A line of the navigation.
pub(crate) struct Way {
    pub label: &'static str,
    pub href: &'static str,
    pub here: bool,
}

/// Around every page of a portal.
pub(crate) struct PortalFrame {
    /// Title in the browser's tab.
    pub title: String,
    /// The style sheet.
    pub style: &'static str,
    /// The sheet with the vendor's accent; empty without one.
    pub brand: String,
    /// The vendor's picture; empty without one.
    pub logo: String,
    /// The vendor, as customers know them.
    pub vendor: String,
    /// The customer; empty before the portal is open.
    pub customer: String,
    /// The guest; empty before the portal is open.
    pub name: String,
    /// Language of the page, for the browser.
    pub language: &'static str,
    /// The navigation; empty before the portal is open.
    pub ways: Vec<Way>,
    /// A colleague of the vendor looks on: forms are left out.
    pub peek: bool,
    /// Whom to write to; empty for nobody.
    pub help: String,
    /// What was just done.
    pub toast: Option<String>,
    words: &'static Words,
    reach: Option<gangway_app::Guest>,
}

impl PortalFrame {
    /// Around a page of somebody's portal.
    pub(crate) fn new(visit: &Visit, place: Place, title: impl Into<String>) -> Self {
        let words = Words::of(visit.guest.language);
        let way = |at: Place, href: &'static str, key: &str, needs: Resource| {
            let here = place == at;
            visit.guest.may(needs, Right::See).then(|| Way { label: words.say(key), href, here })
        };
        let ways = [
            way(Place::Home, "/portal", "nav.home", Resource::Overview),
            way(Place::Plan, "/portal/plan", "nav.plan", Resource::Plan),
            way(Place::Todo, "/portal/todo", "nav.todo", Resource::OwnTask),
            way(Place::Meetings, "/portal/meetings", "nav.meetings", Resource::Meeting),
            way(Place::Documents, "/portal/documents", "nav.documents", Resource::Document),
            way(Place::Training, "/portal/training", "nav.training", Resource::Training),
            way(Place::Outcomes, "/portal/outcomes", "nav.outcomes", Resource::Outcome),
            way(Place::People, "/portal/people", "nav.people", Resource::People),
        ];
        Self {
            customer: visit.customer.clone(),
            name: visit.name.clone(),
            ways: ways.into_iter().flatten().collect(),
            peek: visit.guest.peek,
            reach: Some(visit.guest),
            ..Self::before(&visit.vendor, &visit.setting, visit.guest.workspace, visit.guest.language, title)
        }
    }

    /// Around a page before the portal is open.
    pub(crate) fn before(
        vendor: &str,
        setting: &Setting,
        workspace: WorkspaceId,
        language: Language,
        title: impl Into<String>,
    ) -> Self {
        let under = |file: &str| format!("/portal/brand/{workspace}/{}/{file}", setting.version);
        let when = |there: bool, file: &str| if there { under(file) } else { String::new() };
        Self {
            vendor: vendor.to_owned(),
            brand: when(!setting.colour.is_empty(), "brand.css"),
            logo: when(setting.has_picture, "logo"),
            help: setting.help_email.clone(),
            ..Self::bare(language, title)
        }
    }

    /// Around a page where nothing is known of anybody.
    pub(crate) fn bare(language: Language, title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            style: assets::portal_style_path(),
            brand: String::new(),
            logo: String::new(),
            vendor: String::new(),
            customer: String::new(),
            name: String::new(),
            language: language.word(),
            ways: Vec::new(),
            peek: false,
            help: String::new(),
            toast: None,
            words: Words::of(language),
            reach: None,
        }
    }

    /// Says what was just done; nothing when there is nothing to say.
    pub(crate) fn saying(self, toast: impl Into<String>) -> Self {
        let toast = toast.into();
        Self { toast: (!toast.is_empty()).then_some(toast), ..self }
    }

    /// What a key says.
    pub(crate) fn say(&self, key: &str) -> &'static str {
        self.words.say(key)
    }

    /// The same with values filled in.
    pub(crate) fn fill(&self, key: &str, values: impl Values) -> String {
        self.words.fill(key, values)
    }

    /// What is wrong with something sent.
    pub(crate) fn told(&self, told: &refusal::Told) -> String {
        self.words.told(told)
    }

    /// A day as the guest writes it.
    pub(crate) fn day(&self, date: &Date) -> String {
        self.words.day(*date)
    }

    /// What a state of a task is called.
    pub(crate) fn say_state(&self, state: &str) -> &'static str {
        self.words.say(match state {
            "started" => "state.started",
            "blocked" => "state.blocked",
            "done" => "state.done",
            "skipped" => "state.skipped",
            _ => "state.open",
        })
    }

    /// What a role of a guest is called.
    pub(crate) fn say_role(&self, role: &str) -> &'static str {
        self.words.say(match role {
            "lead" => "role.lead",
            "sponsor" => "role.sponsor",
            "technical" => "role.technical",
            "member" => "role.member",
            _ => "role.onlooker",
        })
    }

    /// So many minutes.
    pub(crate) fn minutes(&self, minutes: &u32) -> String {
        self.words.fill("meetings.minutes", [("n", minutes.to_string().as_str())])
    }

    /// How many of so many tasks are done.
    pub(crate) fn share(&self, done: &usize, total: &usize) -> String {
        let (done, total) = (done.to_string(), total.to_string());
        self.words.fill("home.of", [("done", done.as_str()), ("total", total.as_str())])
    }

    /// How far a day is from another, in words.
    pub(crate) fn distance(&self, from: &Date, to: &Date) -> String {
        self.words.distance(*from, *to)
    }

    /// Whether the guest reaches that.
    pub(crate) fn may(&self, resource: Resource, right: Right) -> bool {
        self.reach.is_some_and(|guest| guest.may(resource, right))
    }
}

/// The guest behind a page of the portal.
pub(crate) struct Visitor(pub Visit);

impl FromRequestParts<Web> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, Response> {
        let visit = parts.extensions.get::<Visit>().cloned();
        visit.map(Self).ok_or_else(|| Redirect::to("/portal/closed").into_response())
    }
}

#[derive(Template)]
#[template(path = "pages/portal/told.html")]
struct Told {
    frame: PortalFrame,
    title: String,
    lead: String,
    /// There is a first page to go back to.
    way_on: bool,
    /// What was typed, so that nobody has to write it twice.
    typed: Vec<String>,
}

/// A use case that failed for a guest.
pub(crate) struct Failed(AppError);

impl From<AppError> for Failed {
    fn from(error: AppError) -> Self {
        Self(error)
    }
}

/// What is left with an answer for [`told`] to say in the guest's language.
#[derive(Clone)]
enum Why {
    /// The words of a key.
    Key(&'static str),
    /// The state of something does not allow it.
    Barred(Barrier),
    /// Something sent cannot be used.
    Wrong(Vec<Problem>),
}

impl Why {
    fn words(&self, words: &Words) -> String {
        match self {
            Self::Key(key) => words.say(key).to_owned(),
            Self::Barred(barrier) => words.barrier(*barrier).to_owned(),
            Self::Wrong(problems) => {
                let all: Vec<String> = problems.iter().map(|problem| words.problem(problem)).collect();
                words.fill("fail.invalid", [("what", all.join("; "))])
            }
        }
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let Self(error) = self;
        let (status, why) = match error {
            AppError::NotForGuest | AppError::Forbidden(_) => {
                (StatusCode::FORBIDDEN, Why::Key("fail.refused"))
            }
            AppError::NotFound { .. } => (StatusCode::NOT_FOUND, Why::Key("fail.missing")),
            AppError::LinkEnded => (StatusCode::GONE, Why::Key("enter.gone_lead")),
            AppError::TooMany { .. } => (StatusCode::TOO_MANY_REQUESTS, Why::Key("fail.often")),
            AppError::Stale { .. } | AppError::Overtaken | AppError::Overlap(_) => {
                (StatusCode::CONFLICT, Why::Key("fail.stale"))
            }
            AppError::Barred(barrier) => (StatusCode::UNPROCESSABLE_ENTITY, Why::Barred(barrier)),
            AppError::Invalid(problems) if !problems.is_empty() => {
                (StatusCode::UNPROCESSABLE_ENTITY, Why::Wrong(problems))
            }
            // The words of other errors are the team's: they name what the vendor does alone, and gates' criteria.
            error if error.is_input() => (StatusCode::UNPROCESSABLE_ENTITY, Why::Key("fail.not_now")),
            error => {
                tracing::error!(code = error.code(), %error, "request failed");
                (StatusCode::INTERNAL_SERVER_ERROR, Why::Key("fail.broken"))
            }
        };
        let mut response = failed(status, PortalFrame::bare(Language::En, ""), &why, false, &[]);
        response.extensions_mut().insert(why);
        response
    }
}

fn failed(status: StatusCode, frame: PortalFrame, why: &Why, way_on: bool, typed: &[String]) -> Response {
    let title = frame.say("fail.title").to_owned();
    let lead = why.words(frame.words);
    let frame = PortalFrame { title: title.clone(), ..frame };
    render(status, &Told { frame, title, lead, way_on, typed: typed.to_vec() })
}

/// What a field that asks for yes or no says; anything else is neither, so nobody agrees by mistake.
fn is_yes(fields: &Fields, name: &'static str) -> Result<bool, AppError> {
    match fields.text(name) {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(AppError::Invalid(vec![Problem::of(name, Fault::YesOrNo)])),
    }
}

/// Says in the guest's language what went wrong, with what they typed; answers that are well stay as they are.
pub(crate) fn told(visit: &Visit, typed: &Typed, response: Response) -> Response {
    match response.extensions().get::<Why>().cloned() {
        Some(why) => {
            let frame = PortalFrame::new(visit, Place::Elsewhere, "");
            failed(response.status(), frame, &why, true, typed.texts())
        }
        None => response,
    }
}

/// The same where no portal is open: in the language a link was made for, or the one the browser asks for.
pub(crate) fn told_outside(language: Language, typed: &[String], response: Response) -> Response {
    told_in(PortalFrame::bare(language, ""), typed, response)
}

/// The same in a frame, in its language.
pub(crate) fn told_in(frame: PortalFrame, typed: &[String], response: Response) -> Response {
    match response.extensions().get::<Why>().cloned() {
        Some(why) => failed(response.status(), frame, &why, false, typed),
        None => response,
    }
}

/// The language a browser asks for, as far as portals speak it.
pub(crate) fn spoken(headers: &HeaderMap) -> Language {
    let asked = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let first = asked.and_then(|asked| asked.get(..2)).map(str::to_ascii_lowercase);
    first.and_then(|word| word.parse().ok()).unwrap_or(Language::En)
}

/// No portal is open: to the page that says so; or, when something was sent, a page on which what was typed is not lost.
pub(crate) async fn closed_to(request: Request) -> Response {
    if request.method() == Method::GET || request.method() == Method::HEAD {
        return (StatusCode::SEE_OTHER, [(LOCATION, "/portal/closed")]).into_response();
    }
    let language = spoken(request.headers());
    // Of a file, or of too much, nothing can be shown again.
    let typed = Fields::of(request).await.map(|fields| fields.prose()).unwrap_or_default();
    enter::closed_page(StatusCode::UNAUTHORIZED, language, typed)
}
