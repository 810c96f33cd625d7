//! What the address of the portfolio asks for: the state of the page is its address.

use axum::http::Uri;
use axum::response::Response;
use gangway_app::identity::Session;
use gangway_app::{AppError, portfolio};
use gangway_domain::methodology::Light;
use gangway_store::onboarding::list::{Direction, OPEN, Query, SortBy};

use super::LINES;
use crate::Web;
use crate::extract::Values;
use crate::pages::address;

/// The word of the order that needs none in the address.
pub(super) const URGENT: &str = "urgent";

/// The fields of an address.
const FIELDS: [&str; 15] = [
    "q", "segment", "state", "stage", "owner", "seller", "colour", "health", "signals", "late", "sort",
    "dir", "show", "view", "after",
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

/// What the address asks for. Empty fields ask for nothing; what is so anyway is empty.
#[derive(Debug, Clone, Default)]
pub(super) struct Ask {
    pub q: String,
    pub segment: String,
    /// A state, [`OPEN`] or [`ALL`]; empty for [`OPEN`], which is what the day begins with.
    pub state: String,
    pub stage: String,
    pub owner: String,
    /// Who handed the deal over.
    pub seller: String,
    /// `green`, `amber` or `red`.
    pub colour: String,
    /// A status of health.
    pub health: String,
    /// What open signals are at least: `low`, `medium`, `high` or `critical`.
    pub signals: String,
    pub late: bool,
    pub sort: String,
    /// `desc`, or empty.
    pub dir: String,
    pub show: Show,
    /// The saved view it began with.
    pub view: String,
    pub after: String,
}

impl Ask {
    pub(super) fn new(values: &Values) -> Self {
        let word = values.text("show");
        let show = Show::ALL.into_iter().map(|(show, ..)| show).find(|show| show.word() == word);
        // A word of none of those that are known asks for nothing.
        let one_of = |field: &str, known: &[&str]| {
            Some(values.text(field)).filter(|word| known.contains(&word.as_str())).unwrap_or_default()
        };
        let asked = Self {
            q: values.text("q").trim().to_owned(),
            segment: values.text("segment"),
            state: one_of("state", &["planned", "running", "completed", "closed", ALL]),
            stage: values.text("stage"),
            owner: values.text("owner"),
            seller: values.text("seller"),
            colour: one_of("colour", &Light::ALL.map(Light::word)),
            health: values.text("health").trim().to_owned(),
            signals: one_of("signals", &portfolio::SIGNALS.map(|(_, word, _)| word)),
            late: values.text("late") == "1",
            sort: one_of("sort", &SortBy::WORDS.map(|(word, _)| word)),
            dir: one_of("dir", &["desc"]),
            show: show.unwrap_or_default(),
            view: values.text("view"),
            after: values.text("after"),
        };
        let sort = if asked.sort == asked.first_order() { String::new() } else { asked.sort.clone() };
        Self { sort, ..asked }
    }

    /// What a kept filter asks for.
    pub(super) fn of_query(query: &str) -> Self {
        let uri: Uri = format!("/onboardings?{query}").parse().unwrap_or_default();
        Values::of(&uri).map_or_else(Self::default, |values| Self::new(&values))
    }

    /// Leads to the short address when the one asked for says more than there is to say.
    pub(super) fn shortened(&self, values: &Values) -> Option<Response> {
        address::shortened(values, &FIELDS, &self.address())
    }

    /// The state shown: a state, [`OPEN`] or [`ALL`].
    pub(super) fn shown_state(&self) -> &str {
        if self.state.is_empty() { OPEN } else { &self.state }
    }

    /// The order it is in: a word of [`SortBy::WORDS`].
    pub(super) fn order(&self) -> &str {
        let known = SortBy::WORDS.iter().find(|(word, _)| *word == self.sort);
        known.map_or(self.first_order(), |(word, _)| word)
    }

    /// The order it begins with. A picture of time begins with what comes first.
    fn first_order(&self) -> &'static str {
        if self.show == Show::Timeline { "kickoff" } else { URGENT }
    }

    /// Something besides the state narrows the list down.
    pub(super) fn filters(&self) -> bool {
        !self.q.is_empty() || self.chosen() > 0
    }

    /// How many filters besides the state and the search narrow the list down.
    pub(super) fn chosen(&self) -> usize {
        let fields = [&self.segment, &self.stage, &self.owner, &self.seller, &self.colour];
        let fields = fields.into_iter().chain([&self.health, &self.signals]);
        fields.filter(|field| !field.is_empty()).count() + usize::from(self.late)
    }

    /// The same way of showing, in the same state, without what narrows it down.
    pub(super) fn cleared(&self) -> String {
        let Self { state, sort, dir, show, .. } = self.clone();
        Self { state, sort, dir, show, ..Self::default() }.address()
    }

    fn fields(&self) -> [(&'static str, &str); 13] {
        [
            ("q", self.q.as_str()),
            ("segment", &self.segment),
            ("state", if self.shown_state() == OPEN { "" } else { &self.state }),
            ("stage", &self.stage),
            ("owner", &self.owner),
            ("seller", &self.seller),
            ("colour", &self.colour),
            ("health", &self.health),
            ("signals", &self.signals),
            ("late", if self.late { "1" } else { "" }),
            ("sort", if self.sort == self.first_order() { "" } else { &self.sort }),
            ("dir", if self.dir == "desc" { "desc" } else { "" }),
            ("show", self.show.word()),
        ]
    }

    /// What stands behind the `?` without place and name of a view: what is kept under a name.
    pub(super) fn query(&self) -> String {
        address::query(&self.fields())
    }

    /// The address of the page. It always has a `?`, so that it is never taken for the bare one, which begins
    /// with the view a person has chosen.
    pub(super) fn address(&self) -> String {
        let mut fields = self.fields().to_vec();
        fields.extend([("view", self.view.as_str()), ("after", self.after.as_str())]);
        if fields.iter().all(|(_, value)| value.is_empty()) {
            fields.push(("state", OPEN));
        }
        address::address("/onboardings", &fields)
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
            seller: portfolio::handed_over_by(&session.actor, &self.seller)?,
            light: Light::read(&self.colour),
            health: filled(&self.health),
            signals: portfolio::signals(&self.signals),
            sort: SortBy::WORDS
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
        assert_eq!(view.address(), "/onboardings?view=viw_1");
        assert_eq!(ask.with(|ask| ask.late = false), "/onboardings?q=a%26b&show=board");
        assert_eq!(ask.cleared(), "/onboardings?show=board");
        assert_eq!((ask.chosen(), ask.filters()), (1, true));
    }

    #[test]
    fn what_is_so_anyway_stands_in_no_address() {
        for (asked, short) in [
            ("q=&segment=&state=&stage=&owner=&seller=&sort=&dir=&show=&view=", "state=open"),
            ("state=open&sort=urgent&dir=asc", "state=open"),
            ("state=open&sort=kickoff&show=timeline", "show=timeline"),
            ("q=&sort=kickoff&dir=desc&state=all", "state=all&sort=kickoff&dir=desc"),
            ("sort=luck&dir=up&show=mirror&late=yes", "state=open"),
            ("q=+acme+&seller=me&late=1&after=onb_1", "q=acme&seller=me&late=1&after=onb_1"),
            ("colour=blue&state=open", "state=open"),
            ("q=&late=1&colour=red&sort=colour&dir=desc", "colour=red&late=1&sort=colour&dir=desc"),
            ("health=At+risk&signals=high&sort=health&q=", "health=At%20risk&signals=high&sort=health"),
            ("health=&signals=loud", "state=open"),
        ] {
            let uri: Uri = format!("/onboardings?{asked}").parse().unwrap();
            let values = Values::of(&uri).unwrap();
            let ask = Ask::new(&values);
            assert_eq!(ask.address(), format!("/onboardings?{short}"), "{asked}");
            assert_eq!(ask.shortened(&values).is_some(), !asked.contains("after"), "{asked}");
            // The short one is as short as it gets.
            let uri: Uri = ask.address().parse().unwrap();
            let values = Values::of(&uri).unwrap();
            assert!(Ask::new(&values).shortened(&values).is_none(), "{short}");
        }
    }
}
