//! What the portfolio shows.

use askama::Template;
use gangway_app::first_run::Steps;
use gangway_app::identity::Session;
use gangway_app::portfolio::{self, Board, Portfolio};
use gangway_domain::ids::PersonId;
use gangway_domain::permission::Action;
use gangway_store::onboarding::counts::Summary;
use gangway_store::onboarding::list::{Line, OPEN};
use gangway_store::onboarding::now::Next;
use gangway_store::saved_view;
use jiff::civil::Date;

use super::Sent;
use super::ask::{ALL, Ask, Show, URGENT};
use super::board::{self, Column};
use super::steps::{Step, first_steps};
use super::timeline::Timeline;
use super::views::address;
use crate::form::Wrong;
use crate::format::{Day, capital, count, distance, progress};
use crate::pages::order::{Column as Sorted, Head, largest, rising};
use crate::pages::{Choice, Frame, Nav, Part, View};

#[derive(Template)]
#[template(path = "pages/portfolio/portfolio.html")]
pub(super) struct Page {
    frame: Frame,
    /// Nothing at all yet, filters aside.
    empty: bool,
    filtered: bool,
    counts: String,
    late: i64,
    late_href: String,
    warnings: i64,
    search: String,
    segments: Vec<Choice>,
    /// States with their counts, and which of them is shown.
    states: Vec<Part>,
    state: String,
    stages: Vec<Choice>,
    owners: Vec<Choice>,
    late_only: bool,
    sort: String,
    dir: String,
    /// Where the list is in the order it begins with; none when it is.
    urgent: Option<String>,
    show: &'static str,
    view: String,
    clear: String,
    body: Body,
    next: Option<String>,
    paste: Paste,
    /// First steps of a new workspace; none once it has come this far.
    steps: Vec<Step>,
    shows: Vec<View>,
    saved: Vec<Saved>,
    all: String,
    begin: String,
    begin_here: bool,
    current: Current,
    exports: Vec<(&'static str, String)>,
}

/// The onboardings in one of three ways.
enum Body {
    Nothing,
    List { heads: Vec<Head>, rows: Vec<Row> },
    Board(Vec<Column>),
    Timeline(Timeline),
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

    fn owners(&self) -> &[(PersonId, String, i64)] {
        match self {
            Self::Lines(portfolio) => &portfolio.owners,
            Self::Board(board) => &board.owners,
        }
    }
}

/// The form for a new deal, with what was typed.
#[derive(Default)]
pub(super) struct Paste {
    pub text: String,
    pub problem: Option<String>,
}

/// A saved view as a tab.
struct Saved {
    name: String,
    href: String,
    here: bool,
    first: bool,
    /// Whose it is, when it is shared.
    by: Option<String>,
}

/// The view the page began with, and what can be done about it.
struct Current {
    /// Its id; empty without one.
    id: String,
    name: String,
    shared: bool,
    first: bool,
    /// The filter is not what was kept.
    changed: bool,
    may_change: bool,
    may_share: bool,
    query: String,
    /// The form came back.
    open: bool,
    wrong: Wrong,
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
    /// How much of the plan's days is over, while that means something.
    progress: Option<u32>,
    owner: Option<String>,
    /// What comes next, when, and whether that is over.
    next: Option<(&'static str, String, bool)>,
    kickoff: Day,
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
        shown: Shown,
        views: Vec<saved_view::View>,
        steps: Option<Steps>,
        ask: &Ask,
        sent: Sent,
    ) -> Self {
        let summary = shown.summary().clone();
        let owners = owners(shown.owners(), session, ask);
        let Sent { paste, view } = sent;
        let mut next = None;
        let body = match shown {
            Shown::Board(board) if board.columns.iter().all(|column| column.count == 0) => Body::Nothing,
            Shown::Board(board) => Body::Board(board::columns(board, ask)),
            Shown::Lines(Portfolio { page, today, .. }) => {
                next = page.next.map(|cursor| Ask { after: cursor.to_string(), ..ask.clone() }.address());
                if page.lines.is_empty() {
                    Body::Nothing
                } else if ask.show == Show::Timeline {
                    Timeline::new(&page.lines, today).map_or(Body::Nothing, Body::Timeline)
                } else {
                    let rows = page.lines.into_iter().map(|line| Row::new(line, today)).collect();
                    Body::List { heads: sorted_heads(ask), rows }
                }
            }
        };
        let choice = |value: &str, label: String, chosen: &str| Choice {
            value: value.to_owned(),
            chosen: value == chosen,
            label,
        };
        let stages = std::iter::once((portfolio::NOT_BEGUN, "Not begun"))
            .chain(portfolio::STAGES.iter().map(|(_, word, name)| (*word, *name)));
        let export = |ending: &str| format!("/onboardings/export.{ending}?{}", ask.query());
        let may_export = session.actor.may(Action::Export);
        Self {
            frame: Frame::of(session, Nav::Onboardings, "Onboardings").live_on_all(),
            empty: summary.all == 0,
            filtered: ask.filters(),
            counts: count(usize::try_from(summary.in_state(OPEN)).unwrap_or(0), "open onboarding"),
            late: summary.late,
            late_href: Ask { late: true, show: ask.show, ..Ask::default() }.address(),
            warnings: summary.warnings,
            search: ask.q.clone(),
            segments: summary
                .segments
                .iter()
                .map(|(id, name, number)| choice(id, format!("{name} ({number})"), &ask.segment))
                .collect(),
            states: states(&summary, ask),
            state: ask.state.clone(),
            stages: stages.map(|(word, name)| choice(word, name.to_owned(), &ask.stage)).collect(),
            owners,
            late_only: ask.late,
            sort: ask.sort.clone(),
            dir: ask.dir.clone(),
            urgent: (ask.order() != URGENT).then(|| ask.with(|ask| (ask.sort, ask.dir) = Default::default())),
            show: ask.show.word(),
            view: ask.view.clone(),
            clear: Ask { show: ask.show, state: ask.state.clone(), ..Ask::default() }.address(),
            body,
            next,
            paste,
            steps: first_steps(session, steps),
            shows: Show::ALL
                .map(|(show, label, icon)| View {
                    label,
                    icon,
                    href: ask.with(|ask| ask.show = show),
                    here: ask.show == show,
                })
                .into(),
            all: Ask { state: ALL.to_owned(), show: ask.show, ..Ask::default() }.address(),
            begin: Ask::default().address(),
            begin_here: ask.view.is_empty(),
            current: Current::new(session, &views, ask, view),
            saved: views.into_iter().map(|view| Saved::new(view, session, ask)).collect(),
            exports: if may_export {
                vec![("Excel workbook (.xlsx)", export("xlsx")), ("Comma-separated (.csv)", export("csv"))]
            } else {
                Vec::new()
            },
        }
    }
}

/// The states as tabs; whoever changes the state keeps the other filters.
fn states(summary: &Summary, ask: &Ask) -> Vec<Part> {
    [OPEN, "planned", "running", "completed", "closed", ALL]
        .map(|state| Part {
            label: capital(state),
            count: if state == ALL { summary.all } else { summary.in_state(state) },
            href: ask.with(|ask| state.clone_into(&mut ask.state)),
            here: ask.shown_state() == state,
        })
        .into()
}

/// Everybody who runs an onboarding, whoever asks first.
fn owners(known: &[(PersonId, String, i64)], session: &Session, ask: &Ask) -> Vec<Choice> {
    let choice =
        |value: &str, label: String| Choice { value: value.to_owned(), chosen: ask.owner == value, label };
    let me = known.iter().find(|(id, ..)| Some(*id) == session.actor.person);
    let mut choices =
        vec![choice("me", me.map_or("Mine".to_owned(), |(.., count)| format!("Mine ({count})")))];
    choices.extend(
        known
            .iter()
            .filter(|(id, _, count)| *count > 0 || ask.owner == id.to_string())
            .map(|(id, name, count)| choice(&id.to_string(), format!("{name} ({count})"))),
    );
    choices.push(choice("nobody", "Nobody".to_owned()));
    choices
}

impl Saved {
    fn new(view: saved_view::View, session: &Session, ask: &Ask) -> Self {
        let own = Some(view.person) == session.actor.person;
        Self {
            href: address(&view),
            here: view.id.to_string() == ask.view,
            first: view.is_default,
            by: (view.shared && !own).then_some(view.person_name),
            name: view.name,
        }
    }
}

impl Current {
    fn new(session: &Session, views: &[saved_view::View], ask: &Ask, sent: Option<(String, Wrong)>) -> Self {
        let may_share = session.actor.may(Action::ShareViews);
        let query = ask.query();
        let view = views.iter().find(|view| view.id.to_string() == ask.view);
        let open = sent.is_some();
        let (typed, wrong) = sent.unzip();
        let (typed, wrong) = (typed, wrong.unwrap_or_default());
        Self {
            id: view.map_or_else(String::new, |view| view.id.to_string()),
            name: typed.unwrap_or_else(|| view.map_or_else(String::new, |view| view.name.clone())),
            shared: view.is_some_and(|view| view.shared),
            first: view.is_some_and(|view| view.is_default),
            changed: view.is_some_and(|view| view.query != query),
            may_change: view
                .is_some_and(|view| may_share || (!view.shared && Some(view.person) == session.actor.person)),
            may_share,
            query,
            open,
            wrong,
        }
    }
}

/// The columns that sort, in the order of the table.
const COLUMNS: [Sorted; 6] = [
    rising("customer", "Customer"),
    rising("kickoff", "Kickoff"),
    rising("go-live", "Go-live"),
    rising("finish", "Finish"),
    largest("late", "Late"),
    Sorted { word: "quality", label: "Handoff", number: true, falling: false },
];

/// Where a list is in order of a column.
fn sorted_heads(ask: &Ask) -> Vec<Head> {
    let head = |column: &Sorted| {
        column.head(ask.order(), ask.dir == "desc", |sort, dir| {
            ask.with(|ask| (ask.sort, ask.dir) = (sort.to_owned(), dir.to_owned()))
        })
    };
    COLUMNS.iter().map(head).collect()
}

impl Row {
    fn new(line: Line, today: Date) -> Self {
        let over = matches!(line.state.as_str(), "completed" | "closed");
        let (next, next_on) = line.dates().next(&line.state, today);
        let next = match next {
            Next::Kickoff => "Kickoff",
            Next::GoLive => "Go-live",
            Next::FirstValue => "First value",
            Next::Finish => "Finish",
        };
        Self {
            next: (!over).then(|| (next, distance(today, next_on), next_on < today)),
            href: format!("/onboardings/{}", line.id),
            segment: line.segment_name,
            value: line.acv.map_or_else(|| "—".to_owned(), |money| money.to_string()),
            state_class: match line.state.as_str() {
                "running" => "go",
                "completed" => "done",
                "closed" => "off",
                _ => "soon",
            },
            progress: (!over && line.phase.is_some())
                .then(|| progress(line.starts_on, line.finish_on, today)),
            phase: match (line.state.as_str(), line.phase) {
                ("completed", _) => "All of it".to_owned(),
                ("closed", _) => "—".to_owned(),
                (_, Some(phase)) => phase,
                (_, None) => "Not begun".to_owned(),
            },
            owner: line.owner,
            state: capital(&line.state),
            kickoff: line.kickoff_on.into(),
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
