//! What the portfolio shows.

use askama::Template;
use gangway_app::first_run::Steps;
use gangway_app::identity::Session;
use gangway_app::portfolio::{Board, Portfolio};
use gangway_domain::permission::Action;
use gangway_store::onboarding::counts::{Facets, Summary};
use gangway_store::saved_view;

use super::Sent;
use super::ask::{ALL, Ask, Show, URGENT};
use super::board::{self, Column};
use super::filters::Filters;
use super::saved::{Current, Saved};
use super::steps::{Step, first_steps};
use super::table::{self, Row};
use super::timeline::Timeline;
use crate::format::count;
use crate::pages::order::Head;
use crate::pages::{Frame, Nav, View};

#[derive(Template)]
#[template(path = "pages/portfolio/portfolio.html")]
pub(super) struct Page {
    frame: Frame,
    /// Nothing at all yet, filters aside.
    empty: bool,
    lead: Lead,
    narrowed: Filters,
    /// How many lines, cards or bars there are on the page, and of how many.
    shown: usize,
    fitting: i64,
    /// Where the list is in the order it begins with; none when it is.
    urgent: Option<String>,
    body: Body,
    next: Option<String>,
    paste: Paste,
    /// They may make an onboarding of a deal they paste.
    may_paste: bool,
    may_hand_over: bool,
    /// First steps of a new workspace; none once it has come this far.
    steps: Vec<Step>,
    shows: Vec<View>,
    saved: Vec<Saved>,
    begin: String,
    begin_here: bool,
    current: Current,
    exports: Vec<(&'static str, String)>,
}

/// What stands under the heading: the whole portfolio in a sentence.
struct Lead {
    counts: String,
    late: i64,
    late_href: String,
    warnings: i64,
}

/// The onboardings in one of three ways.
enum Body {
    Nothing(Nothing),
    List { heads: Vec<Head>, rows: Vec<Row> },
    Board(Vec<Column>),
    Timeline(Timeline),
}

/// Why nothing is shown, and what can be done about it.
struct Nothing {
    title: &'static str,
    text: &'static str,
    /// The way on: what it is called, where it leads.
    way: &'static str,
    href: String,
}

/// What was found, before it is made a page.
pub(super) enum Shown {
    Lines(Portfolio),
    Board(Board),
}

impl Shown {
    pub(super) fn summary(&self) -> &Summary {
        match self {
            Self::Lines(portfolio) => &portfolio.summary,
            Self::Board(board) => &board.summary,
        }
    }

    fn facets(&self) -> &Facets {
        match self {
            Self::Lines(portfolio) => &portfolio.facets,
            Self::Board(board) => &board.facets,
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Lines(portfolio) => portfolio.page.lines.len(),
            Self::Board(board) => board.columns.iter().map(|column| column.cards.len()).sum(),
        }
    }
}

/// The form for a new deal, with what was typed.
#[derive(Default)]
pub(super) struct Paste {
    pub text: String,
    pub problem: Option<String>,
}

impl Page {
    pub(super) fn new(
        session: &Session,
        shown: Shown,
        views: Vec<saved_view::View>,
        (steps, bands): (Option<Steps>, &[String]),
        ask: &Ask,
        sent: Sent,
    ) -> Self {
        let Sent { paste, view } = sent;
        let summary = shown.summary();
        Self {
            frame: Frame::of(session, Nav::Onboardings, "Onboardings").live_on_all(),
            empty: summary.all == 0,
            lead: Lead::new(summary, ask),
            narrowed: Filters::new(shown.facets(), session, ask, bands),
            fitting: shown.facets().shown,
            urgent: (ask.order() != URGENT)
                .then(|| ask.with(|ask| (ask.sort, ask.dir) = (URGENT.to_owned(), String::new()))),
            next: next(&shown, ask),
            shown: shown.len(),
            body: Body::new(shown, ask, bands),
            paste,
            may_paste: session.actor.may(Action::HandOver) && session.actor.may(Action::PlanOnboarding),
            may_hand_over: session.actor.may(Action::HandOver),
            steps: first_steps(session, steps),
            shows: Show::ALL
                .map(|(show, label, icon)| View {
                    label,
                    icon,
                    href: ask.with(|ask| ask.show = show),
                    here: ask.show == show,
                })
                .into(),
            begin: Ask::default().address(),
            begin_here: ask.view.is_empty(),
            current: Current::new(session, &views, ask, view),
            saved: views.into_iter().map(|view| Saved::new(view, session, ask)).collect(),
            exports: exports(session, ask),
        }
    }
}

impl Lead {
    fn new(summary: &Summary, ask: &Ask) -> Self {
        Self {
            counts: count(usize::try_from(summary.open).unwrap_or(0), "open onboarding"),
            late: summary.late,
            late_href: Ask { late: true, show: ask.show, ..Ask::default() }.address(),
            warnings: summary.warnings,
        }
    }
}

/// Where the next page is.
fn next(shown: &Shown, ask: &Ask) -> Option<String> {
    let Shown::Lines(portfolio) = shown else { return None };
    let after = portfolio.page.next.as_ref()?.to_string();
    Some(Ask { after, ..ask.clone() }.address())
}

/// The files of what is shown, for those who may take them.
fn exports(session: &Session, ask: &Ask) -> Vec<(&'static str, String)> {
    if !session.actor.may(Action::Export) {
        return Vec::new();
    }
    let file = |ending: &str| format!("/onboardings/export.{ending}?{}", ask.query());
    vec![("Excel workbook (.xlsx)", file("xlsx")), ("Comma-separated (.csv)", file("csv"))]
}

impl Body {
    fn new(shown: Shown, ask: &Ask, bands: &[String]) -> Self {
        if shown.len() == 0 {
            return Self::Nothing(Nothing::new(ask));
        }
        match shown {
            Shown::Board(board) => Self::Board(board::columns(board, ask, bands)),
            Shown::Lines(Portfolio { page, today, .. }) if ask.show == Show::Timeline => {
                Timeline::new(&page.lines, today, bands)
                    .map_or_else(|| Self::Nothing(Nothing::new(ask)), Self::Timeline)
            }
            Shown::Lines(Portfolio { page, today, .. }) => {
                let rows = page.lines.into_iter().map(|line| Row::new(line, today, bands)).collect();
                Self::List { heads: table::heads(ask), rows }
            }
        }
    }
}

impl Nothing {
    fn new(ask: &Ask) -> Self {
        if ask.filters() {
            return Self {
                title: "Nothing matches",
                text: "No onboarding in this state fits these filters.",
                way: "Clear the filters",
                href: ask.cleared(),
            };
        }
        let (title, text) = match ask.shown_state() {
            "planned" => (
                "Nothing is planned",
                "An onboarding is planned from the day it is made until its kickoff was held.",
            ),
            "running" => (
                "Nothing is running",
                "An onboarding runs once somebody says on its page that the kickoff was held.",
            ),
            "completed" => (
                "Nothing is completed yet",
                "An onboarding is completed on its page, when everything is reached.",
            ),
            "closed" => (
                "Nothing is closed",
                "An onboarding is closed on its page, with a reason, when it ends before it is complete.",
            ),
            _ => ("Nothing is open", "Start an onboarding from a won deal above."),
        };
        let href = Ask { state: ALL.to_owned(), show: ask.show, ..Ask::default() }.address();
        Self { title, text, way: "Show all onboardings", href }
    }
}
