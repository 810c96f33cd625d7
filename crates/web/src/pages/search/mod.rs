//! Search: a page of everything that was found, and a few lines for whoever is still typing.

use crate::extract::{Answer, Asked};
use crate::pages::{Frame, Nav, render};
use askama::Template;
use axum::http::StatusCode;
use gangway_app::identity::Session;
use gangway_app::search::{self, EACH, Hit};
use gangway_domain::permission::Action;
use gangway_domain::words::words;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Lines of suggestions.
const SUGGESTED: usize = 8;

/// Commands among them.
const COMMANDS_SHOWN: usize = 3;

/// Where one can go, with who may: words it is found by beside its name, address.
const COMMANDS: [(&str, &str, &str, Option<Action>); 16] = [
    ("New handoff", "hand over deal create", "/handoffs/new", Some(Action::HandOver)),
    ("Onboardings", "portfolio list all", "/onboardings?state=open", Some(Action::Look)),
    ("My onboardings", "mine owner", "/onboardings?owner=me", Some(Action::Look)),
    ("Late onboardings", "delayed risk", "/onboardings?late=1", Some(Action::Look)),
    ("Board by stage", "onboardings kanban", "/onboardings?show=board", Some(Action::Look)),
    ("Timeline of onboardings", "gantt calendar", "/onboardings?show=timeline", Some(Action::Look)),
    ("Handoffs", "deals review", "/handoffs", Some(Action::Look)),
    ("Accounts", "customers companies", "/accounts", Some(Action::Look)),
    ("Contacts", "people stakeholders", "/contacts", Some(Action::Look)),
    ("Possible duplicates", "merge accounts", "/accounts/duplicates", Some(Action::EditAccounts)),
    ("Settings → Team", "invite colleague people", "/settings/team", Some(Action::Look)),
    ("Settings → My access", "password name sessions sign", "/settings/me", None),
    ("Settings → API tokens", "key", "/settings/tokens", Some(Action::OwnAccess)),
    ("Settings → Webhooks", "endpoints events", "/settings/webhooks", Some(Action::ManageIntegrations)),
    (
        "Settings → Integrations",
        "hubspot salesforce crm",
        "/settings/integrations",
        Some(Action::ManageIntegrations),
    ),
    ("Settings → Audit trail", "log activity", "/settings/audit", Some(Action::ReadAudit)),
];

/// A command as a link.
struct Command {
    name: &'static str,
    href: &'static str,
}

/// The commands somebody may follow whose words begin with all that was asked.
fn commands(session: &Session, asked: &str) -> Vec<Command> {
    let asked = words(asked);
    COMMANDS
        .iter()
        .filter(|(.., needs)| needs.is_none_or(|action| session.actor.may(action)))
        .filter(|(name, more, ..)| {
            let known = words(&format!("{name} {more}"));
            asked.iter().all(|asked| known.iter().any(|word| word.starts_with(asked.as_str())))
        })
        .map(|(name, _, href, _)| Command { name, href })
        .collect()
}

struct Group {
    name: &'static str,
    hits: Vec<Line>,
    /// There may be more than are shown.
    full: bool,
}

struct Line {
    title: String,
    detail: String,
    href: String,
    /// `found in title, account`; empty when it is the name.
    because: String,
}

impl Line {
    fn new(hit: Hit) -> Self {
        let because = if hit.because.is_empty() {
            String::new()
        } else {
            format!("found in {}", hit.because.join(", "))
        };
        Self { title: hit.title, detail: hit.detail, href: hit.href, because }
    }
}

#[derive(Template)]
#[template(path = "pages/search/search.html")]
struct Page {
    frame: Frame,
    asked: String,
    groups: Vec<Group>,
    commands: Vec<Command>,
    found: usize,
}

/// Everything that was found, in groups.
pub(crate) async fn show(Asked(web, session, (), values): Asked) -> Answer {
    let asked = values.text("q").trim().to_owned();
    let hits = search::find(&web.app, &session.actor, &asked, EACH).await?;
    let found = hits.len();
    let mut groups: Vec<(search::Group, Vec<Hit>)> = Vec::new();
    for hit in hits {
        match groups.last_mut() {
            Some((group, hits)) if *group == hit.group => hits.push(hit),
            _ => groups.push((hit.group, vec![hit])),
        }
    }
    let page = Page {
        frame: Frame::of(&session, Nav::Elsewhere, "Search").searching(&asked),
        commands: if asked.is_empty() { Vec::new() } else { commands(&session, &asked) },
        groups: groups
            .into_iter()
            .map(|(group, hits)| Group {
                name: group.label(),
                full: hits.len() >= EACH,
                hits: hits.into_iter().map(Line::new).collect(),
            })
            .collect(),
        found,
        asked,
    };
    Ok(render(StatusCode::OK, &page))
}

#[derive(Template)]
#[template(path = "pages/search/suggestions.html")]
struct Suggestions {
    commands: Vec<Command>,
    hits: Vec<Suggested>,
    /// Where all is shown; empty when nothing was asked.
    all: String,
}

struct Suggested {
    kind: &'static str,
    line: Line,
}

/// At most eight lines, as a piece of HTML: for a palette that opens while somebody types.
pub(crate) async fn suggest(Asked(web, session, (), values): Asked) -> Answer {
    let asked = values.text("q").trim().to_owned();
    let mut commands = commands(&session, &asked);
    let hits = search::find(&web.app, &session.actor, &asked, 3).await?;
    let (shown, all) = if asked.is_empty() {
        (SUGGESTED, String::new())
    } else {
        let all = format!("/search?q={}", utf8_percent_encode(&asked, NON_ALPHANUMERIC));
        (if hits.is_empty() { SUGGESTED - 1 } else { COMMANDS_SHOWN }, all)
    };
    commands.truncate(shown);
    let left = SUGGESTED - commands.len() - usize::from(!all.is_empty());
    let hits =
        hits.into_iter().take(left).map(|hit| Suggested { kind: singular(hit.group), line: Line::new(hit) });
    let page = Suggestions { hits: hits.collect(), commands, all };
    Ok(render(StatusCode::OK, &page))
}

fn singular(group: search::Group) -> &'static str {
    match group {
        search::Group::Onboardings => "Onboarding",
        search::Group::Accounts => "Account",
        search::Group::Contacts => "Contact",
        search::Group::Handoffs => "Handoff",
        search::Group::Documents => "Document",
        search::Group::Programmes => "Programme",
        search::Group::People => "Team",
    }
}
