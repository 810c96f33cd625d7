//! What the address of the portfolio asks for: the state of the page is its address.

use gangway_app::identity::Session;
use gangway_app::{AppError, portfolio};
use gangway_store::onboarding::list::{Direction, OPEN, Query, SortBy};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::LINES;
use crate::Web;
use crate::extract::Values;

/// The word of the order that needs none in the address.
pub(super) const URGENT: &str = "urgent";

/// What a person can sort by: word in the address, order. All but the last are columns.
pub(super) const SORTS: [(&str, SortBy); 7] = [
    ("customer", SortBy::Customer),
    ("kickoff", SortBy::Kickoff),
    ("go-live", SortBy::GoLive),
    ("finish", SortBy::Finish),
    ("late", SortBy::Late),
    ("quality", SortBy::Quality),
    (URGENT, SortBy::Urgency),
];

/// The word for every state.
pub(super) const ALL: &str = "all";

/// How the onboardings are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Show {
    #[default]
    List,
    Board,
    Timeline,
}

impl Show {
    pub(super) const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::List, "List", "list"),
        (Self::Board, "Board", "board"),
        (Self::Timeline, "Timeline", "gantt"),
    ];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::List => "",
            Self::Board => "board",
            Self::Timeline => "timeline",
        }
    }
}

/// What the address asks for. Empty fields are what a form sends for "any".
#[derive(Debug, Clone, Default)]
pub(super) struct Ask {
    pub q: String,
    pub segment: String,
    /// A state, [`OPEN`] or [`ALL`]; empty for [`OPEN`], which is what the day begins with.
    pub state: String,
    pub stage: String,
    pub owner: String,
    pub late: bool,
    pub sort: String,
    pub dir: String,
    pub show: Show,
    /// The saved view it began with.
    pub view: String,
    pub after: String,
}

impl Ask {
    pub(super) fn new(values: &Values) -> Self {
        let word = values.text("show");
        Self {
            q: values.text("q").trim().to_owned(),
            segment: values.text("segment"),
            state: values.text("state"),
            stage: values.text("stage"),
            owner: values.text("owner"),
            late: values.text("late") == "1",
            sort: values.text("sort"),
            dir: values.text("dir"),
            show: Show::ALL
                .into_iter()
                .map(|(show, ..)| show)
                .find(|show| show.word() == word)
                .unwrap_or_default(),
            view: values.text("view"),
            after: values.text("after"),
        }
    }

    /// The state shown: a state, [`OPEN`] or [`ALL`].
    pub(super) fn shown_state(&self) -> &str {
        if self.state.is_empty() { OPEN } else { &self.state }
    }

    /// The order it is in: a word of [`SORTS`]. A picture of time begins with what comes first.
    pub(super) fn order(&self) -> &str {
        let known = SORTS.iter().find(|(word, _)| *word == self.sort);
        let other = if self.show == Show::Timeline { "kickoff" } else { URGENT };
        known.map_or(other, |(word, _)| word)
    }

    /// Something besides the state narrows the list down.
    pub(super) fn filters(&self) -> bool {
        self.late || ![&self.q, &self.segment, &self.stage, &self.owner].iter().all(|field| field.is_empty())
    }

    /// What stands behind the `?` without place and name of a view: what is kept under a name.
    pub(super) fn query(&self) -> String {
        let parts: Vec<String> = [
            ("q", self.q.as_str()),
            ("segment", &self.segment),
            ("state", if self.shown_state() == OPEN { "" } else { &self.state }),
            ("stage", &self.stage),
            ("owner", &self.owner),
            ("late", if self.late { "1" } else { "" }),
            ("sort", &self.sort),
            ("dir", &self.dir),
            ("show", self.show.word()),
        ]
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)))
        .collect();
        parts.join("&")
    }

    /// The address of the page. It always has a `?`, so that it is never taken for the bare one, which begins
    /// with the view a person has chosen.
    pub(super) fn address(&self) -> String {
        let mut address = format!("/onboardings?{}", self.query());
        for (name, value) in [("view", &self.view), ("after", &self.after)] {
            if !value.is_empty() {
                let joint = if address.ends_with('?') { "" } else { "&" };
                address.push_str(&format!("{joint}{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)));
            }
        }
        if address.ends_with('?') { format!("{address}state={OPEN}") } else { address }
    }

    /// The same in another way, from its beginning.
    pub(super) fn with(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut ask = Self { after: String::new(), ..self.clone() };
        change(&mut ask);
        ask.address()
    }

    /// As the use case understands it.
    pub(super) fn to_query(&self, web: &Web, session: &Session) -> Result<Query, AppError> {
        let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let after = filled(&self.after).map(|cursor| cursor.parse()).transpose().map_err(AppError::Cursor)?;
        let stage =
            match self.stage.as_str() {
                "" => None,
                word => Some(portfolio::at(word).ok_or_else(|| AppError::NotFound {
                    what: "stage",
                    id: word.chars().take(60).collect(),
                })?),
            };
        Ok(Query {
            segment: filled(&self.segment),
            state: Some(self.shown_state().to_owned()).filter(|state| state != ALL),
            search: filled(&self.q),
            owner: portfolio::whose(&session.actor, &self.owner)?,
            late_only: self.late,
            stage,
            sort: SORTS
                .iter()
                .find(|(word, _)| *word == self.order())
                .map_or_else(SortBy::default, |(_, sort)| *sort),
            direction: if self.dir == "desc" { Direction::Descending } else { Direction::Ascending },
            after,
            limit: LINES,
            today: web.app.today(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_with_what_is_open_and_urgent() {
        let ask = Ask::default();
        assert_eq!((ask.shown_state(), ask.order()), (OPEN, URGENT));
        assert_eq!(Ask { sort: "luck".to_owned(), ..Ask::default() }.order(), URGENT);
        assert_eq!(Ask { show: Show::Timeline, ..Ask::default() }.order(), "kickoff");
    }

    #[test]
    fn an_address_holds_what_was_asked() {
        let ask = Ask { q: "a&b".to_owned(), late: true, show: Show::Board, ..Ask::default() };
        assert_eq!(ask.query(), "q=a%26b&late=1&show=board");
        assert_eq!(Ask::default().address(), "/onboardings?state=open");
        let all = Ask { state: ALL.to_owned(), ..Ask::default() };
        assert_eq!(all.address(), "/onboardings?state=all");
        let view = Ask { view: "viw_1".to_owned(), ..Ask::default() };
        assert_eq!(view.address(), "/onboardings?view=viw%5F1");
        assert_eq!(ask.with(|ask| ask.late = false), "/onboardings?q=a%26b&show=board");
    }
}
