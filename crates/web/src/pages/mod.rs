//! The pages.

pub(crate) mod access;
pub(crate) mod accounts;
pub(crate) mod address;
pub(crate) mod contacts;
pub(crate) mod document;
pub(crate) mod failure;
pub(crate) mod feedback;
pub(crate) mod handoffs;
pub(crate) mod late;
pub(crate) mod my_work;
pub(crate) mod onboarding;
pub(crate) mod order;
pub(crate) mod portal;
pub(crate) mod portfolio;
pub(crate) mod programmes;
pub(crate) mod saved;
pub(crate) mod search;
pub(crate) mod settings;
pub(crate) mod signals;
pub(crate) mod style;
pub(crate) mod undo;
pub(crate) mod usage;
pub(crate) mod workload;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use gangway_app::identity::Session;
use gangway_domain::permission::Role;

use crate::assets;
use crate::format::initials;

/// A place in the main navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nav {
    /// What waits for whoever is signed in.
    MyWork,
    /// The onboardings.
    Onboardings,
    /// Early warnings.
    Signals,
    /// Who has how much to do.
    Workload,
    /// How the product is used.
    Adoption,
    /// Deals handed over.
    Handoffs,
    /// What onboardings are made from.
    Programmes,
    /// The customers.
    Accounts,
    /// Their people.
    Contacts,
    /// Team, own access, audit trail.
    Settings,
    /// None of them.
    Elsewhere,
}

/// What the frame around every page needs.
pub(crate) struct Frame {
    /// Title in the browser's tab.
    pub title: String,
    /// Address of the style sheet.
    pub style: &'static str,
    /// Where the page belongs.
    pub nav: Nav,
    /// Who is signed in.
    pub who: Option<Who>,
    /// What stands in the search box.
    pub asked: String,
    /// Ids of what the page shows, separated by spaces, or `*` for everything: it is fetched again when something
    /// happens to them.
    pub live: String,
    /// The newest entry of the activity log the page shows; what comes after is told to it. Empty on the answer to a
    /// form: it is told too, and never fetched again.
    pub live_after: String,
    /// Up to where the page knows what customers use.
    pub live_used: u64,
    /// What was just done.
    pub toast: Option<Toast>,
}

/// What was just done, and how to take it back.
#[derive(Debug, Default)]
pub(crate) struct Toast {
    pub text: String,
    pub undo: Option<Undo>,
}

/// A form that takes something back.
#[derive(Debug)]
pub(crate) struct Undo {
    /// Where it is sent.
    pub action: String,
    /// What is sent along.
    pub fields: Vec<(&'static str, String)>,
}

impl Toast {
    /// Says it; nothing when there is nothing to say.
    pub(crate) fn of(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self { text: text.to_owned(), undo: None })
    }
}

/// Who is signed in, as the frame shows it.
pub(crate) struct Who {
    pub name: String,
    pub initials: String,
    pub role: &'static str,
    /// Where their handoffs are: account executives begin with their own.
    pub handoffs: &'static str,
    pub workspace: String,
    pub workspace_id: String,
    /// The other workspaces they belong to: id, name, role there.
    pub elsewhere: Vec<(String, String, &'static str)>,
}

impl Frame {
    /// Around a page for nobody in particular.
    pub(crate) fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            style: assets::style_path(),
            nav: Nav::Elsewhere,
            who: None,
            live: String::new(),
            live_after: String::new(),
            live_used: 0,
            toast: None,
            asked: String::new(),
        }
    }

    /// Around a page for somebody who has signed in.
    pub(crate) fn of(session: &Session, nav: Nav, title: impl Into<String>) -> Self {
        let name = session.actor.name.clone();
        let who = Who {
            initials: initials(&name),
            name,
            role: session.role.label(),
            handoffs: if session.role == Role::Ae { "/handoffs?seller=me" } else { "/handoffs" },
            workspace: session.workspace_name.clone(),
            workspace_id: session.actor.workspace.to_string(),
            elsewhere: session
                .elsewhere
                .iter()
                .map(|place| (place.workspace.to_string(), place.name.clone(), place.role.label()))
                .collect(),
        };
        let live_after = session.news.map_or_else(String::new, |id| id.to_string());
        Self { nav, who: Some(who), live_after, live_used: session.used, ..Self::new(title) }
    }

    /// Shows these, and is fetched again when something happens to them.
    pub(crate) fn live(self, ids: impl IntoIterator<Item = impl std::fmt::Display>) -> Self {
        let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
        Self { live: ids.join(" "), ..self }
    }

    /// Shows everything of the workspace, or a part of it anything may change.
    pub(crate) fn live_on_all(self) -> Self {
        self.live(["*"])
    }

    /// Says what was just done.
    pub(crate) fn saying(self, toast: Option<Toast>) -> Self {
        Self { toast, ..self }
    }

    /// With what was searched for.
    pub(crate) fn searching(self, asked: &str) -> Self {
        Self { asked: asked.to_owned(), ..self }
    }

    fn at(&self, nav: Nav) -> bool {
        self.nav == nav
    }
}

/// One of several pages of one thing.
pub(crate) struct Tab {
    pub label: &'static str,
    pub href: String,
    /// It is the page shown.
    pub here: bool,
}

/// One of several parts of a list, with how many are in it.
pub(crate) struct Part {
    pub label: String,
    pub count: i64,
    pub href: String,
    /// It is the part shown.
    pub here: bool,
}

/// One of several ways to see the same thing.
pub(crate) struct View {
    pub label: &'static str,
    pub icon: &'static str,
    pub href: String,
    pub here: bool,
}

/// One value of a field that offers several.
pub(crate) struct Choice {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

impl Choice {
    /// One value of a field of which this is chosen.
    pub(crate) fn of(value: impl Into<String>, label: impl Into<String>, chosen: &str) -> Self {
        let value = value.into();
        Self { chosen: value == chosen, value, label: label.into() }
    }
}

/// A page from its template.
pub(crate) fn render(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a template failed");
            (StatusCode::INTERNAL_SERVER_ERROR, "This page could not be made.").into_response()
        }
    }
}
