//! The go-live of one onboarding: readiness and decision, pilot, rollout with its messages, hypercare, rollback.

mod conditions;
pub(crate) mod hypercare;
pub(crate) mod pilot;
pub(crate) mod readiness;
pub(crate) mod rollback;
pub(crate) mod rollout;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::launch::Said;
use gangway_app::{AppError, Problem};
use gangway_domain::ids::OnboardingId;
use jiff::civil::Date;

use super::top::Top;
use crate::extract::{Answer, Values};
use crate::form::{Fields, meanwhile};
use crate::format::sentence;
use crate::pages::{Tab, Toast};

/// Its pages: what they are called, the end of their address.
const PAGES: &[(&str, &str)] = &[
    ("Readiness", "/go-live"),
    ("Pilot", "/go-live/pilot"),
    ("Rollout", "/go-live/rollout"),
    ("Hypercare", "/go-live/hypercare"),
    ("Rollback", "/go-live/rollback"),
    ("Transition", "/transition"),
    ("Closing", "/closing"),
];

/// The tab of the onboarding they all belong to.
pub(super) const HERE: &str = "/go-live";

/// The pages as tabs of their own.
pub(super) fn tabs(top: &Top, here: &str) -> Vec<Tab> {
    top.pages(PAGES, here)
}

/// What a page shows besides what is known: what was just done, or what was typed into a form that came back and
/// why.
#[derive(Default)]
pub(super) struct Kept {
    deed: &'static str,
    fields: Fields,
    said: Option<String>,
    toast: Option<Toast>,
    status: StatusCode,
}

impl Kept {
    /// Nothing came back: the page is opened, and its address says what was just done.
    fn opened(values: &Values) -> Self {
        Self { toast: toast(&values.text("said")), ..Self::default() }
    }

    /// What a form would do is shown, with what was typed into it. Nothing was done, and says so: scripts show the
    /// answer to a form only when it leads on or is refused.
    fn tried(deed: &'static str, fields: Fields) -> Self {
        Self { deed, fields, status: StatusCode::UNPROCESSABLE_ENTITY, ..Self::default() }
    }

    /// A use case refused: what to say, with what was typed. What is no refusal goes on as it is.
    fn refused(deed: &'static str, fields: Fields, error: AppError) -> Result<Self, AppError> {
        let all = match &error {
            AppError::Invalid(problems) => Some(told(deed, problems)),
            _ => None,
        };
        let (status, wrong) = meanwhile(error)?;
        Ok(Self { deed, fields, said: all.or_else(|| wrong.summary()), toast: None, status })
    }

    /// What was typed there; empty when another form came back, or none.
    pub(super) fn text(&self, deed: &str, name: &str) -> &str {
        if self.deed == deed { self.fields.text(name) } else { "" }
    }

    /// The same, or something else when nothing was typed.
    pub(super) fn text_or<'a>(&'a self, deed: &str, name: &str, other: &'a str) -> &'a str {
        if self.deed == deed { self.fields.text(name) } else { other }
    }

    /// What was typed into the field at this place among those that share a name.
    pub(super) fn text_at(&self, deed: &str, name: &str, place: usize) -> &str {
        if self.deed == deed { self.fields.all(name).nth(place).unwrap_or_default() } else { "" }
    }

    /// What is wrong with this form.
    pub(super) fn wrong(&self, deed: &str) -> Option<String> {
        self.said.clone().filter(|_| self.deed == deed)
    }

    /// This form came back, so it is shown unfolded.
    pub(super) fn came_back(&self, deed: &str) -> bool {
        self.deed == deed && self.said.is_some()
    }
}

/// What fields are called in a sentence that says what is wrong with them; fields not named here by their own name.
const CALLED: &[(&str, &str)] = &[
    ("availability_percent", "A figure"),
    ("conditions", "Conditions"),
    ("from", "The first day"),
    ("go_live_on", "The day of the go-live"),
    ("hour", "The hour"),
    ("how", "How it was resolved"),
    ("note", "The note"),
    ("notes", "What was said in the sync"),
    ("observed", "What was seen"),
    ("on", "The day"),
    ("people", "The people"),
    ("reason", "The reason"),
    ("sync_at", "The time of the daily sync"),
    ("text", "The text"),
    ("title", "What is wrong"),
    ("to", "The last day"),
    ("verdict", "The decision"),
    ("waived", "Reasons why items need not be ready"),
    ("zone", "The time zone"),
];

/// What is wrong with the fields of a form, one sentence each.
fn told(deed: &str, problems: &[Problem]) -> String {
    let called = |field: &'static str| match (deed, field) {
        ("message", "to") => "The list of readers",
        ("feedback", "text") => "What was said",
        ("step", "text") => "The reason",
        _ => CALLED.iter().find(|(known, _)| *known == field).map_or(field, |(_, name)| *name),
    };
    let mut all: Vec<String> = Vec::with_capacity(problems.len());
    for problem in problems {
        let sentence = sentence(&format!("{} {}", called(problem.field), problem.message));
        // Several lines of a list may lack the same.
        if !all.contains(&sentence) {
            all.push(sentence);
        }
    }
    all.join(" ")
}

/// Where a form leads: on to the end of an address, where it is said what was done, or to its page again with what
/// was typed.
async fn answered<F: Future<Output = Answer>>(
    (id, end): (OnboardingId, &str),
    (deed, fields): (&'static str, Fields),
    done: Result<&str, AppError>,
    again: impl FnOnce(Kept) -> F,
) -> Answer {
    match done {
        Ok(said) => Ok(back(id, end, said)),
        Err(error) => again(Kept::refused(deed, fields, error)?).await,
    }
}

/// What somebody says of an item, a criterion or an approval.
fn said(fields: &Fields) -> Result<Said, AppError> {
    let text = |name: &str| fields.text(name).to_owned();
    Ok(Said { yes: fields.either("said", "yes", "no")?, note: text("note"), by: text("by") })
}

/// The lines somebody typed, without empty ones.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// The parts of such a line, `Dana Whitfield | Planner`; empty where it ends before.
fn parts<const N: usize>(line: &str) -> [&str; N] {
    let mut parts = line.split('|').map(str::trim);
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}

/// A day somebody typed; none when it is none.
fn day(text: &str) -> Option<Date> {
    text.trim().parse().ok()
}

/// Back to a page, which says what was done.
fn back(id: OnboardingId, end: &str, said: &str) -> Response {
    let (path, place) = match end.split_once('#') {
        Some((path, place)) => (path, format!("#{place}")),
        None => (end, String::new()),
    };
    Redirect::to(&format!("/onboardings/{id}{path}?said={said}{place}")).into_response()
}

/// What was just done, in words.
fn toast(said: &str) -> Option<Toast> {
    Toast::of(match said {
        "saved" => "Saved.",
        "ticked" => "Noted. The readiness counts it from now on.",
        "approved" => "The approval is recorded.",
        "withdrawn" => "The approval is taken back.",
        "go" => "Decided: go. The waves may start.",
        "conditional" => "Decided: go, with conditions.",
        "no-go" => "Decided: no go. The reason stays with it.",
        "refused" => "Refused: the facts are against it. What speaks against it is recorded.",
        "met" => "The condition is met.",
        "planned" => "Planned.",
        "begun" => "The pilot has begun.",
        "judged" => "The verdict is recorded.",
        "noted" => "Noted.",
        "moved" => "The wave has moved.",
        "written" => "Written from the facts. Read it before it goes out.",
        "sent" => "Sent. It is on its way.",
        "released" => "Released. It goes out by itself at its time.",
        "held" => "Held. It goes out when you let it go again.",
        "let-go" => "Recorded. The go-live may be done in the plan.",
        "raised" => "Reported. The clock runs.",
        "ended" => "Hypercare has ended.",
        "triggered" => "The trigger is raised: decide.",
        _ => "",
    })
}
