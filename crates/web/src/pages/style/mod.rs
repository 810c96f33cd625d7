//! The living style page: every component in every state, made by the same templates as the pages.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::{Choice, Frame, Nav, Part, Tab, View, render};
use crate::format::Day;
use crate::pages::order::Head;
use crate::pages::programmes::changes::{DateLine, Delta, Group, Item, PlanChanges, PlanLine};
use crate::session::Signed;

#[derive(Template)]
#[template(path = "pages/style/style.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    parts: Vec<Part>,
    views: Vec<View>,
    exports: [(&'static str, &'static str); 2],
    choices: Vec<Choice>,
    colours: [(&'static str, &'static str); 12],
    icons: [&'static str; 24],
    day: Day,
    changes: Vec<Group>,
    plans: PlanChanges,
    heads: [Head; 3],
}

/// Every colour by the name of its token, with the class that shows it.
const COLOURS: [(&str, &str); 12] = [
    ("ground", ""),
    ("panel", "panel-colour"),
    ("sunken", "sunken-colour"),
    ("ink", "ink-colour"),
    ("muted", "muted-colour"),
    ("accent", "accent-colour"),
    ("good", "good-colour"),
    ("warn", "warn-colour"),
    ("bad", "bad-colour"),
    ("vendor", "vendor-colour"),
    ("customer", "customer-colour"),
    ("joint", "joint-colour"),
];

/// Every icon of the sprite.
const ICONS: [&str; 24] = [
    "onboardings",
    "handoffs",
    "accounts",
    "programmes",
    "reports",
    "settings",
    "team",
    "key",
    "menu",
    "close",
    "leave",
    "plus",
    "check",
    "fine",
    "warning",
    "info",
    "clock",
    "flag",
    "gantt",
    "list",
    "board",
    "document",
    "download",
    "search",
];

/// Every component.
pub(crate) async fn show(Signed(session): Signed) -> Response {
    let part =
        |label: &str, count, here| Part { label: label.to_owned(), count, href: "/style".to_owned(), here };
    let tab = |label, here| Tab { label, href: "/style".to_owned(), here };
    let view = |label, icon, here| View { label, icon, href: "/style".to_owned(), here };
    let choice =
        |label: &str, chosen| Choice { value: label.to_lowercase(), label: label.to_owned(), chosen };
    let page = Page {
        frame: Frame::of(&session, Nav::Elsewhere, "Style"),
        parts: vec![part("Open", 32, true), part("Completed", 8, false), part("All", 40, false)],
        tabs: vec![tab("Overview", true), tab("Handoff", false), tab("Plan", false)],
        views: vec![view("Gantt", "gantt", true), view("List", "list", false), view("Board", "board", false)],
        exports: [("Excel workbook (.xlsx)", "/style"), ("Comma-separated (.csv)", "/style")],
        choices: vec![choice("Vendor", false), choice("Customer", true), choice("Joint", false)],
        colours: COLOURS,
        icons: ICONS,
        day: jiff::civil::date(2027, 3, 12).into(),
        changes: changes(),
        plans: plans(),
        heads: heads(),
    };
    render(StatusCode::OK, &page)
}

/// Differences of two versions.
fn changes() -> Vec<Group> {
    let item =
        |what, name: &str, word, tone, deltas| Item { what, name: name.to_owned(), word, tone, deltas };
    let delta = |label: &str, from: &[&str], to: &[&str]| Delta {
        label: label.to_owned(),
        from: from.iter().map(|text| (*text).to_owned()).collect(),
        to: to.iter().map(|text| (*text).to_owned()).collect(),
    };
    let items = vec![
        item("Task", "Data inventory", "Changed", "soon", vec![delta("Working days", &["4"], &["6"])]),
        item("Task", "Security review", "New", "go", vec![delta("Side", &[], &["customer"])]),
        item("Gate", "Access granted", "Gone", "late", Vec::new()),
    ];
    vec![Group { title: "Discovery".to_owned(), items }]
}

/// What differs between two plans.
fn plans() -> PlanChanges {
    let day = |month, day| Some(jiff::civil::date(2027, month, day).into());
    let date = |what, before, after, moves: &str, tone| DateLine {
        what,
        before,
        after,
        moves: moves.to_owned(),
        tone,
    };
    let line = |what, name: &str, (word, tone), before: &str, after: &str| PlanLine {
        what,
        name: name.to_owned(),
        phase: "Discovery".to_owned(),
        word,
        tone,
        before: before.to_owned(),
        after: after.to_owned(),
        details: String::new(),
    };
    PlanChanges {
        dates: vec![
            date("Kickoff", day(1, 11), day(1, 11), "", ""),
            date("Go-live", day(3, 12), day(3, 19), "5 working days later", "late"),
            date("First value", None, day(2, 26), "new", "go"),
        ],
        lines: vec![
            line("Task", "Security review", ("New", "go"), "", "18 – 22 Jan 2027"),
            line("Task", "Data inventory", ("Moved", "soon"), "12 – 15 Jan 2027", "12 – 19 Jan 2027"),
        ],
        counts: "Tasks: 1 new, 1 at other days.".to_owned(),
    }
}

/// Heads of a table in the order of its first column.
fn heads() -> [Head; 3] {
    let head = |label, order, number| Head { label, href: "/style".to_owned(), order, number };
    [head("Task", "ascending", false), head("Side", "", false), head("Days", "", true)]
}

#[cfg(test)]
mod tests {
    use super::{COLOURS, ICONS};

    #[test]
    fn every_icon_of_the_sprite_is_shown_and_there() {
        let sprite = include_str!("../../../assets/icons.svg");
        assert_eq!(sprite.matches("<symbol").count(), ICONS.len());
        for icon in ICONS {
            assert!(sprite.contains(&format!("id=\"{icon}\"")), "{icon}");
        }
    }

    #[test]
    fn every_colour_is_a_token() {
        let tokens = include_str!("../../../assets/css/tokens.css");
        for (token, _) in COLOURS {
            assert!(tokens.contains(&format!("--{token}: light-dark(")), "{token}");
        }
    }
}
