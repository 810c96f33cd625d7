//! Saved views on the page: as tabs, and what can be done about the one it began with.

use gangway_app::identity::Session;
use gangway_domain::permission::Action;
use gangway_store::saved_view;

use super::ask::Ask;
use super::views::address;
use crate::form::Wrong;

/// A saved view as a tab.
pub(super) struct Saved {
    pub name: String,
    pub href: String,
    pub here: bool,
    pub first: bool,
    /// Whose it is, when it is shared.
    pub by: Option<String>,
}

/// The view the page began with, and what can be done about it.
pub(super) struct Current {
    /// Its id; empty without one.
    pub id: String,
    pub name: String,
    pub shared: bool,
    pub first: bool,
    /// The filter is not what was kept.
    pub changed: bool,
    pub may_change: bool,
    pub may_share: bool,
    pub query: String,
    /// The form came back.
    pub open: bool,
    pub wrong: Wrong,
}

impl Saved {
    pub(super) fn new(view: saved_view::View, session: &Session, ask: &Ask) -> Self {
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
    pub(super) fn new(
        session: &Session,
        views: &[saved_view::View],
        ask: &Ask,
        sent: Option<(String, Wrong)>,
    ) -> Self {
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
            changed: view.is_some_and(|view| Ask::of_query(&view.query).query() != query),
            may_change: view
                .is_some_and(|view| may_share || (!view.shared && Some(view.person) == session.actor.person)),
            may_share,
            query,
            open,
            wrong,
        }
    }
}
