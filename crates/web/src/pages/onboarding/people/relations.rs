//! How the customer's people stand to each other: a map for each champion and sponsor, a list, a form.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::identity::Session;
use gangway_app::people::{self, Relations, Stakeholder};
use gangway_app::{AppError, Problem};
use gangway_domain::deal::StakeholderRole;
use gangway_domain::ids::{ContactId, OnboardingId};
use gangway_domain::people::{Relation, RelationKind};
use gangway_domain::permission::Action;

use super::tabs;
use crate::Web;
use crate::extract::{Answer, Asked, Posted};
use crate::form::Wrong;
use crate::format::initials;
use crate::pages::onboarding::read_id;
use crate::pages::onboarding::top::Top;
use crate::pages::{Choice, Frame, Tab, Toast, Undo, render};

/// Width of somebody on a map, units of the picture.
const WIDTH: i32 = 190;
/// Height a row of a map takes.
const ROW: i32 = 46;
/// Where the three columns begin.
const COLUMNS: [i32; 3] = [4, 234, 464];
/// Room above a column for what it is.
const HEAD: i32 = 26;

#[derive(Template)]
#[template(path = "pages/onboarding/people/relations.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    maps: Vec<Map>,
    lines: Vec<Line>,
    may_edit: bool,
    who: Vec<Choice>,
    kinds: Vec<Choice>,
    whom: Vec<Choice>,
    wrong: Wrong,
}

/// A relation in the list.
struct Line {
    from: String,
    how: &'static str,
    to: String,
    /// What is sent to take it back.
    value: String,
}

/// Who stands around one person.
struct Map {
    name: String,
    /// In words, for those who cannot see it.
    summary: String,
    /// Where the picture begins: columns in which nobody stands are left out.
    left: i32,
    width: i32,
    height: i32,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    captions: Vec<Caption>,
}

struct Node {
    x: i32,
    y: i32,
    name: String,
    initials: String,
    href: String,
    /// `centre`, or nothing.
    class: &'static str,
}

struct Edge {
    x1: i32,
    y1: i32,
    x2: i32,
    y2: i32,
}

struct Caption {
    x: i32,
    y: i32,
    text: &'static str,
}

/// The relations.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let id = read_id(id)?;
    let toast = if values.has("related") {
        let undo = Undo {
            action: format!("/onboardings/{id}/people/relations/removal"),
            fields: vec![("relation", values.text("related"))],
        };
        Some(Toast { text: "Added.".to_owned(), undo: Some(undo) })
    } else if values.has("gone") {
        Some(Toast { text: "Taken back.".to_owned(), undo: again(id, &values.text("gone")) })
    } else {
        None
    };
    page(&web, &session, id, <[String; 3]>::default(), Wrong::default(), toast, StatusCode::OK).await
}

/// Says how two people stand to each other.
pub(crate) async fn relate(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let typed = ["from", "kind", "to"].map(|name| fields.text(name).to_owned());
    let [from, kind, to] = &typed;
    let made = match read(from, kind, to) {
        Some(relation) => people::relate(&web.app, &session.actor, id, relation).await,
        None => Err(AppError::Invalid(vec![Problem::new("to", "is missing")])),
    };
    match made {
        Ok(made) => {
            let address = format!("/onboardings/{id}/people/relations?related={}", value(made));
            Ok(Redirect::to(&address).into_response())
        }
        Err(AppError::Invalid(problems)) => {
            let said: Vec<String> = problems.into_iter().map(|problem| problem.message).collect();
            let wrong = Wrong::whole(format!("This {}.", said.join(", and ")));
            page(&web, &session, id, typed, wrong, None, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            page(&web, &session, id, typed, wrong, None, status).await
        }
    }
}

/// Takes back how two people stand to each other.
pub(crate) async fn unrelate(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let text = fields.text("relation");
    let Some(relation) = sent(text) else {
        return Err(AppError::NotFound { what: "relation", id: text.chars().take(60).collect() }.into());
    };
    people::unrelate(&web.app, &session.actor, id, relation).await?;
    let there = format!("/onboardings/{id}/people/relations?gone={}", value(relation));
    Ok(Redirect::to(&there).into_response())
}

/// The form that says it again.
fn again(id: OnboardingId, gone: &str) -> Option<Undo> {
    let Relation { from, kind, to } = sent(gone)?;
    Some(Undo {
        action: format!("/onboardings/{id}/people/relations"),
        fields: vec![("from", from.to_string()), ("kind", kind.word().to_owned()), ("to", to.to_string())],
    })
}

/// A relation as forms send it back, read.
fn sent(text: &str) -> Option<Relation> {
    let parts: Vec<&str> = text.split('.').collect();
    match parts.as_slice() {
        [from, kind, to] => read(from, kind, to),
        _ => None,
    }
}

fn read(from: &str, kind: &str, to: &str) -> Option<Relation> {
    let from = from.parse::<ContactId>().ok()?;
    let kind = kind.parse::<RelationKind>().ok()?;
    Some(Relation { from, kind, to: to.parse::<ContactId>().ok()? })
}

/// A relation as forms send it back.
fn value(relation: Relation) -> String {
    format!("{}.{}.{}", relation.from, relation.kind.word(), relation.to)
}

async fn page(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    typed: [String; 3],
    wrong: Wrong,
    toast: Option<Toast>,
    status: StatusCode,
) -> Answer {
    let Relations { head, people, lines } = people::relations(&web.app, &session.actor, id).await?;
    let top = Top::new(session, &head, "/people");
    let [from, kind, to] = typed;
    let name = |who: ContactId| {
        people
            .iter()
            .find(|one| one.contact == who)
            .map_or_else(|| "Somebody".to_owned(), |one| one.name.clone())
    };
    let choices = |chosen: &str| -> Vec<Choice> {
        let choice = |one: &Stakeholder| Choice::of(one.contact.to_string(), &one.name, chosen);
        people.iter().map(choice).collect()
    };
    // Nobody has a relation to themselves: the form begins with two people.
    let second = people.get(1).map(|one| one.contact.to_string()).unwrap_or_default();
    let page = Page {
        frame: top.frame(session, "Relations").saying(toast),
        pages: tabs(&top, "/people/relations"),
        maps: people
            .iter()
            .filter(|one| matches!(one.role, StakeholderRole::Champion | StakeholderRole::ExecutiveSponsor))
            .filter(|one| lines.iter().any(|line| line.from == one.contact || line.to == one.contact))
            .map(|one| map(one, &people, &lines, &top))
            .collect(),
        lines: lines
            .iter()
            .map(|line| Line {
                from: name(line.from),
                how: line.kind.label(),
                to: name(line.to),
                value: value(*line),
            })
            .collect(),
        may_edit: session.actor.may(Action::RunOnboarding) && people.len() > 1,
        who: choices(&from),
        kinds: RelationKind::ALL.iter().map(|one| Choice::of(one.word(), one.label(), &kind)).collect(),
        whom: choices(&if to.is_empty() { second } else { to }),
        wrong,
        top,
    };
    Ok(render(status, &page))
}

/// Who stands around one person: their line above, those they influence and are influenced by beside, those they
/// work with and who report to them below.
fn map(one: &Stakeholder, people: &[Stakeholder], lines: &[Relation], top: &Top) -> Map {
    let who = one.contact;
    let find = |id: ContactId| people.iter().find(|other| other.contact == id);
    let boss = |id: ContactId| {
        lines.iter().find(|line| line.kind == RelationKind::ReportsTo && line.from == id).map(|line| line.to)
    };
    let mut above = Vec::new();
    let mut at = who;
    while let Some(next) = boss(at).filter(|next| *next != who && !above.contains(next)) {
        above.push(next);
        at = next;
    }
    let of = |kind: RelationKind, outward: bool| -> Vec<ContactId> {
        let mine = lines.iter().filter(|line| line.kind == kind);
        mine.filter_map(|line| match (line.from == who, line.to == who) {
            (true, _) if outward => Some(line.to),
            (_, true) if !outward => Some(line.from),
            _ => None,
        })
        .collect()
    };
    let (influenced, influences) = (of(RelationKind::Influences, false), of(RelationKind::Influences, true));
    let reports = of(RelationKind::ReportsTo, false);
    let mut together = of(RelationKind::WorksWith, true);
    together.extend(of(RelationKind::WorksWith, false));

    let rows = |number: usize| i32::try_from(number).unwrap_or(0) * ROW;
    let centre_y = HEAD + rows(above.len());
    let below_y = centre_y + rows(influenced.len().max(influences.len()).max(1)) + HEAD;
    let [left, middle, right] = COLUMNS;
    let mut map = Map {
        name: one.name.clone(),
        summary: format!(
            "{} and whom they report to, work with and influence; the table below says the same.",
            one.name
        ),
        left: 0,
        width: 0,
        height: 0,
        nodes: Vec::new(),
        edges: Vec::new(),
        captions: Vec::new(),
    };
    let half = (ROW - 12) / 2;
    let mut put = |ids: &[ContactId], x: i32, from_y: i32, text: &'static str, caption_y: i32| {
        if !ids.is_empty() && !text.is_empty() {
            map.captions.push(Caption { x, y: caption_y, text });
        }
        for (row, known) in (0..).zip(ids.iter().filter_map(|id| find(*id))) {
            let y = from_y + row * ROW;
            let (x1, x2) = if x == left {
                (middle, x + WIDTH)
            } else if x == right {
                (middle + WIDTH, x)
            } else {
                (middle + WIDTH / 2, x + WIDTH / 2)
            };
            map.edges.push(Edge { x1, y1: centre_y + half, x2, y2: y + half });
            map.nodes.push(Node {
                x,
                y,
                name: short(&known.name),
                initials: initials(&known.name),
                href: top.to(&format!("/people/{}", known.contact)),
                class: "",
            });
        }
    };
    above.reverse();
    put(&above, middle, HEAD, "Reports to", HEAD - 8);
    put(&influenced, left, centre_y, "Influenced by", centre_y - 8);
    put(&influences, right, centre_y, "Influences", centre_y - 8);
    put(&together, left, below_y, "Works with", below_y - 8);
    put(&reports, middle, below_y, "Report to them", below_y - 8);
    map.nodes.push(Node {
        x: middle,
        y: centre_y,
        name: short(&one.name),
        initials: initials(&one.name),
        href: top.to(&format!("/people/{who}")),
        class: "centre",
    });
    let (x, y) = (|node: &Node| node.x, |node: &Node| node.y);
    map.left = map.nodes.iter().map(x).min().unwrap_or(middle) - 4;
    map.width = map.nodes.iter().map(x).max().unwrap_or(middle) + WIDTH + 4 - map.left;
    map.height = map.nodes.iter().map(y).max().unwrap_or(centre_y) + ROW;
    map
}

/// As much of a name as fits.
fn short(name: &str) -> String {
    if name.chars().count() <= 19 {
        return name.to_owned();
    }
    let cut: String = name.chars().take(18).collect();
    format!("{}…", cut.trim_end())
}
