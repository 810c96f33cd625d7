//! What the portfolio shows.

use askama::Template;
use gangway_app::first_run::Steps;
use gangway_app::identity::Session;
use gangway_app::portfolio::Portfolio;
use gangway_domain::permission::Action;
use gangway_store::onboarding::list::Line;
use jiff::civil::Date;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Ask, SORTS};
use crate::format::{Day, capital, count, distance, progress};
use crate::pages::{Choice, Frame, Nav};

#[derive(Template)]
#[template(path = "pages/portfolio/portfolio.html")]
pub(super) struct Page {
    frame: Frame,
    /// Nothing at all yet, filters aside.
    empty: bool,
    filtered: bool,
    counts: String,
    late: i64,
    warnings: i64,
    search: String,
    segments: Vec<Choice>,
    states: Vec<Choice>,
    sort: String,
    dir: String,
    columns: Vec<Column>,
    rows: Vec<Row>,
    next: Option<String>,
    paste: Paste,
    /// First steps of a new workspace; none once it has come this far.
    steps: Vec<Step>,
}

/// A first step. It ticks itself.
struct Step {
    number: usize,
    text: &'static str,
    why: &'static str,
    href: &'static str,
    go: &'static str,
    done: bool,
}

/// The first steps somebody can take, until all are done.
fn first_steps(session: &Session, steps: Option<Steps>) -> Vec<Step> {
    let Some(Steps { colleague, handoff, onboarding, token }) = steps else { return Vec::new() };
    let all = [
        (
            Action::ManageTeam,
            "Invite a colleague",
            "Onboarding is done by several people; each sees their part.",
            "/settings/team#invite",
            "Invite",
            colleague,
        ),
        (
            Action::HandOver,
            "Hand over a won deal",
            "Paste it as you have it: one line, a document, or what the CRM sent.",
            "/onboardings#deal",
            "Paste",
            handoff,
        ),
        (
            Action::PlanOnboarding,
            "Generate its onboarding",
            "Plan, people, documents and dates, made from the deal in a second.",
            "/onboardings#deal",
            "Generate",
            onboarding,
        ),
        (
            Action::OwnAccess,
            "Make an API token",
            "Let your CRM or a script hand over deals by itself.",
            "/settings/tokens#new",
            "Make one",
            token,
        ),
    ];
    let steps: Vec<Step> = all
        .into_iter()
        .filter(|(action, ..)| session.actor.may(*action))
        .enumerate()
        .map(|(place, (_, text, why, href, go, done))| Step { number: place + 1, text, why, href, go, done })
        .collect();
    if steps.iter().all(|step| step.done) { Vec::new() } else { steps }
}

/// The form for a new deal, with what was typed.
#[derive(Default)]
pub(super) struct Paste {
    pub text: String,
    pub problem: Option<String>,
}

/// A column head that sorts.
struct Column {
    label: &'static str,
    href: String,
    /// As `aria-sort` says it; empty when the list is not in its order.
    order: &'static str,
    number: bool,
}

struct Row {
    href: String,
    customer: String,
    product: String,
    use_case: String,
    segment: String,
    value: String,
    state: String,
    state_class: &'static str,
    phase: String,
    progress: u32,
    kickoff: Day,
    kickoff_distance: String,
    go_live: Day,
    wanted: Option<Day>,
    late_days: i64,
    finish: Day,
    quality: i64,
    quality_class: &'static str,
    warnings: i64,
}

impl Page {
    pub(super) fn new(
        session: &Session,
        portfolio: Portfolio,
        steps: Option<Steps>,
        ask: &Ask,
        paste: Paste,
    ) -> Self {
        let Portfolio { page, summary, today, .. } = portfolio;
        let next = page.next.map(|cursor| address(ask, &ask.sort, &ask.dir, &cursor.to_string()));
        Self {
            frame: Frame::of(session, Nav::Onboardings, "Onboardings"),
            empty: summary.all == 0,
            filtered: ![&ask.q, &ask.segment, &ask.state].iter().all(|field| field.trim().is_empty()),
            counts: count(usize::try_from(summary.all).unwrap_or(0), "onboarding"),
            late: summary.late,
            warnings: summary.warnings,
            search: ask.q.clone(),
            segments: summary
                .segments
                .into_iter()
                .map(|(id, name, number)| Choice {
                    chosen: id == ask.segment,
                    label: format!("{name} ({number})"),
                    value: id,
                })
                .collect(),
            states: ["planned", "running", "completed", "closed"]
                .map(|state| Choice {
                    value: state.to_owned(),
                    label: capital(state),
                    chosen: state == ask.state,
                })
                .into(),
            sort: ask.sort.clone(),
            dir: ask.dir.clone(),
            columns: columns(ask),
            rows: page.lines.into_iter().map(|line| Row::new(line, today)).collect(),
            next,
            paste,
            steps: first_steps(session, steps),
        }
    }
}

/// Heads in the order of the table; those with a word of [`SORTS`] sort.
fn columns(ask: &Ask) -> Vec<Column> {
    let current = if ask.sort.is_empty() { "kickoff" } else { ask.sort.as_str() };
    SORTS
        .iter()
        .map(|(word, _)| {
            let ascending = ask.dir != "desc";
            let here = *word == current;
            let (label, number) = match *word {
                "customer" => ("Customer", false),
                "kickoff" => ("Kickoff", false),
                "go-live" => ("Go-live", false),
                "finish" => ("Finish", false),
                "late" => ("Late", true),
                _ => ("Handoff", true),
            };
            Column {
                label,
                href: address(ask, word, if here && ascending { "desc" } else { "asc" }, ""),
                order: match (here, ascending) {
                    (true, true) => "ascending",
                    (true, false) => "descending",
                    (false, _) => "",
                },
                number,
            }
        })
        .collect()
}

/// The address of the same list in another order or at another place.
fn address(ask: &Ask, sort: &str, dir: &str, after: &str) -> String {
    let parts: Vec<String> = [
        ("q", ask.q.as_str()),
        ("segment", &ask.segment),
        ("state", &ask.state),
        ("sort", sort),
        ("dir", dir),
        ("after", after),
    ]
    .iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)))
    .collect();
    format!("/onboardings?{}", parts.join("&"))
}

impl Row {
    fn new(line: Line, today: Date) -> Self {
        let over = matches!(line.state.as_str(), "completed" | "closed");
        Self {
            href: format!("/onboardings/{}", line.id),
            segment: line.segment_name,
            value: line.acv.map_or_else(|| "—".to_owned(), |money| money.to_string()),
            state_class: match line.state.as_str() {
                "running" => "go",
                "completed" => "done",
                "closed" => "off",
                _ => "soon",
            },
            phase: match (over, line.phase) {
                (true, _) => "—".to_owned(),
                (false, Some(phase)) => phase,
                (false, None) => "Not started".to_owned(),
            },
            progress: if over { 100 } else { progress(line.starts_on, line.finish_on, today) },
            state: capital(&line.state),
            kickoff: line.kickoff_on.into(),
            kickoff_distance: distance(today, line.kickoff_on),
            go_live: line.go_live_on.into(),
            wanted: line.go_live_target.map(Day::from),
            late_days: line.late_days,
            finish: line.finish_on.into(),
            quality: line.document_score,
            quality_class: match line.document_score {
                ..50 => "bad",
                50..70 => "fair",
                _ => "good",
            },
            warnings: line.warnings,
            customer: line.customer,
            product: line.product,
            use_case: line.use_case,
        }
    }
}
