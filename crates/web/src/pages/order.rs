//! Lists that are searched, narrowed down and sorted by their address, and the heads of tables that do the last. What is
//! asked for is part of the address, so that it can be kept and sent.

use std::fmt::Display;
use std::str::FromStr;

use axum::response::Response;
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_domain::permission::Action;
use gangway_store::onboarding::list::{Direction, InvalidCursor};

use super::address::{self, filled};
use crate::extract::Values;

/// A list: where it is, and what its address can ask for beside a search.
pub(crate) struct List<S: 'static, const N: usize> {
    /// Where it is.
    pub path: &'static str,
    /// What narrows it down.
    pub filters: &'static [Filter],
    /// The columns that sort it, with what each sorts by; it is in order of the first unless asked otherwise.
    pub columns: [(Column, S); N],
}

/// A field that narrows a list down.
pub(crate) struct Filter {
    name: &'static str,
    /// What it can say; anything when there are none.
    words: &'static [&'static str],
}

impl Filter {
    /// One that says what people call something.
    pub(crate) const fn any(name: &'static str) -> Self {
        Self { name, words: &[] }
    }

    /// One that chooses among these; another word asks for nothing.
    pub(crate) const fn one_of(name: &'static str, words: &'static [&'static str]) -> Self {
        Self { name, words }
    }

    fn read(&self, values: &Values) -> String {
        let said = values.text(self.name);
        if self.words.is_empty() || self.words.contains(&said.as_str()) { said } else { String::new() }
    }
}

/// What the address of a list asks for. Empty fields ask for nothing; what is so anyway is empty.
#[derive(Clone)]
pub(crate) struct Ask<S: 'static, const N: usize> {
    list: &'static List<S, N>,
    /// What is searched for.
    pub q: String,
    /// What each filter says, in the order of the list's.
    narrowed: Vec<String>,
    sort: String,
    dir: String,
    after: String,
}

impl<S: Copy + 'static, const N: usize> Ask<S, N> {
    /// Asks for nothing but the list.
    pub(crate) fn whole(list: &'static List<S, N>) -> Self {
        Self {
            list,
            q: String::new(),
            narrowed: vec![String::new(); list.filters.len()],
            sort: String::new(),
            dir: String::new(),
            after: String::new(),
        }
    }

    /// What an address asks for.
    pub(crate) fn new(list: &'static List<S, N>, values: &Values) -> Self {
        let asked = Self {
            list,
            q: values.text("q").trim().to_owned(),
            narrowed: list.filters.iter().map(|filter| filter.read(values)).collect(),
            sort: values.text("sort"),
            dir: values.text("dir"),
            after: values.text("after"),
        };
        asked.shortest()
    }

    /// Without what is so anyway.
    fn shortest(mut self) -> Self {
        let (column, _) = self.order();
        column.shorten(self.list.columns[0].0.word, &mut self.sort, &mut self.dir);
        self
    }

    /// The column it is in order of.
    fn order(&self) -> &'static (Column, S) {
        let columns = &self.list.columns;
        columns.iter().find(|(column, _)| column.word == self.sort).unwrap_or(&columns[0])
    }

    /// What the list is in order of.
    pub(crate) fn sort(&self) -> S {
        self.order().1
    }

    /// Which end of it comes first.
    pub(crate) fn direction(&self) -> Direction {
        self.order().0.direction(&self.dir)
    }

    /// What is searched for, if anything is.
    pub(crate) fn search(&self) -> Option<String> {
        filled(&self.q)
    }

    /// What a filter says; empty when it says nothing.
    pub(crate) fn filter(&self, name: &str) -> &str {
        let mut named = self.list.filters.iter().zip(&self.narrowed);
        named.find(|(filter, _)| filter.name == name).map_or("", |(_, said)| said.as_str())
    }

    /// The place the page begins after.
    ///
    /// # Errors
    /// [`AppError::Cursor`] when it is none.
    pub(crate) fn place<C: FromStr<Err = InvalidCursor>>(&self) -> Result<Option<C>, AppError> {
        filled(&self.after).map(|place| place.parse::<C>()).transpose().map_err(AppError::Cursor)
    }

    /// Something narrows the list down.
    pub(crate) fn narrows(&self) -> bool {
        !(self.q.is_empty() && self.narrowed.iter().all(String::is_empty))
    }

    /// Its fields, the empty ones among them.
    fn fields(&self) -> Vec<(&'static str, &str)> {
        let filters = self.list.filters.iter().zip(&self.narrowed);
        let narrowed = filters.map(|(filter, said)| (filter.name, said.as_str()));
        let end = [("sort", self.sort.as_str()), ("dir", self.dir.as_str()), ("after", self.after.as_str())];
        std::iter::once(("q", self.q.as_str())).chain(narrowed).chain(end).collect()
    }

    /// The address of the page.
    pub(crate) fn address(&self) -> String {
        self.at(self.list.path)
    }

    /// The same lines somewhere else.
    pub(crate) fn at(&self, path: &str) -> String {
        address::address(path, &self.fields())
    }

    /// Leads to the short address when the one asked for says more than there is to say.
    pub(crate) fn shortened(&self, values: &Values) -> Option<Response> {
        let names: Vec<&str> = self.fields().into_iter().map(|(name, _)| name).collect();
        address::shortened(values, &names, &self.address())
    }

    /// The same from its beginning.
    pub(crate) fn at_the_beginning(&self) -> Self {
        Self { after: String::new(), ..self.clone() }
    }

    /// The page that begins after a place.
    pub(crate) fn next(&self, place: Option<impl Display>) -> Option<String> {
        place.map(|place| Self { after: place.to_string(), ..self.clone() }.address())
    }

    /// The same with a filter that says this.
    pub(crate) fn narrowed_by(&self, name: &str, said: &str) -> String {
        let mut ask = self.at_the_beginning();
        for (filter, kept) in self.list.filters.iter().zip(&mut ask.narrowed) {
            if filter.name == name {
                said.clone_into(kept);
            }
        }
        ask.address()
    }

    /// The same without the search.
    pub(crate) fn unsearched(&self) -> String {
        Self { q: String::new(), ..self.at_the_beginning() }.address()
    }

    /// The same order without anything that narrows the list down.
    pub(crate) fn cleared(&self) -> String {
        Self { sort: self.sort.clone(), dir: self.dir.clone(), ..Self::whole(self.list) }.address()
    }

    /// What the form of the list carries along beside its own fields: the order, and these filters.
    pub(crate) fn along(&self, filters: &[&str]) -> Vec<(&'static str, String)> {
        let is_carried = |name: &str| matches!(name, "sort" | "dir") || filters.contains(&name);
        let carried = self.fields().into_iter().filter(|&(name, said)| is_carried(name) && !said.is_empty());
        carried.map(|(name, said)| (name, said.to_owned())).collect()
    }

    /// The files of what is shown, for those who may take them.
    pub(crate) fn exports(&self, session: &Session) -> Vec<(&'static str, String)> {
        if !session.actor.may(Action::Export) {
            return Vec::new();
        }
        let whole = self.at_the_beginning();
        let file = |ending: &str| whole.at(&format!("{}/export.{ending}", self.list.path));
        vec![("Excel workbook (.xlsx)", file("xlsx")), ("Comma-separated (.csv)", file("csv"))]
    }

    /// The heads of the columns that sort.
    pub(crate) fn heads(&self) -> [Head; N] {
        let (current, _) = self.order();
        let falling = current.is_falling(&self.dir);
        let sorted = |sort: &'static str, dir: &'static str| {
            let (sort, dir) = (sort.to_owned(), dir.to_owned());
            Self { sort, dir, ..self.at_the_beginning() }.shortest().address()
        };
        self.list.columns.each_ref().map(|(column, _)| column.head(current.word, falling, sorted))
    }
}

/// A column a list can be sorted by.
pub(crate) struct Column {
    /// The word in the address.
    pub word: &'static str,
    /// What stands in the head.
    pub label: &'static str,
    /// Numbers stand in it.
    pub number: bool,
    /// The largest comes first when it is chosen.
    pub falling: bool,
}

/// A column of text, dates in the past or names: the smallest first.
pub(crate) const fn rising(word: &'static str, label: &'static str) -> Column {
    Column { word, label, number: false, falling: false }
}

/// A column of numbers, of which the largest matters most.
pub(crate) const fn largest(word: &'static str, label: &'static str) -> Column {
    Column { word, label, number: true, falling: true }
}

/// A column of instants, of which the latest matters most.
pub(crate) const fn latest(word: &'static str, label: &'static str) -> Column {
    Column { word, label, number: false, falling: true }
}

/// A column head that sorts.
pub(crate) struct Head {
    pub label: &'static str,
    pub href: String,
    /// As `aria-sort` says it; empty when the list is not in its order.
    pub order: &'static str,
    pub number: bool,
}

impl Column {
    /// The head, on a list in order of `current`; `address` gives the list in order of a word and a direction,
    /// `asc` or `desc`.
    pub(crate) fn head(
        &self,
        current: &str,
        falling: bool,
        address: impl Fn(&'static str, &'static str) -> String,
    ) -> Head {
        let here = self.word == current;
        // Chosen again, it turns round.
        let next = if here { !falling } else { self.falling };
        Head {
            label: self.label,
            href: address(self.word, if next { "desc" } else { "asc" }),
            order: match (here, falling) {
                (true, true) => "descending",
                (true, false) => "ascending",
                (false, _) => "",
            },
            number: self.number,
        }
    }

    /// Takes out of an address in its order what is so anyway: the word of the first column, and the direction it
    /// begins with.
    fn shorten(&self, first: &str, sort: &mut String, dir: &mut String) {
        if self.word == first {
            sort.clear();
        }
        if self.is_falling(dir) == self.falling {
            dir.clear();
        }
    }

    /// Which comes first: as the address says, or as the column begins.
    fn direction(&self, dir: &str) -> Direction {
        if self.is_falling(dir) { Direction::Descending } else { Direction::Ascending }
    }

    /// Whether the largest comes first: as the address says, or as the column begins.
    fn is_falling(&self, dir: &str) -> bool {
        match dir {
            "asc" => false,
            "desc" => true,
            _ => self.falling,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_turns_its_own_order_and_begins_another() {
        let (name, open) = (rising("name", "Name"), largest("open", "Open"));
        let head = |column: &Column| {
            let head = column.head("name", false, |sort, dir| format!("{sort} {dir}"));
            (head.href, head.order)
        };
        assert_eq!(head(&name), ("name desc".to_owned(), "ascending"));
        assert_eq!(head(&open), ("open desc".to_owned(), ""));
        assert!(open.is_falling("") && !open.is_falling("asc"));
        assert!(!name.is_falling("") && name.is_falling("desc"));
    }

    #[test]
    fn an_address_says_what_is_not_so_anyway() {
        let (name, open) = (rising("name", "Name"), largest("open", "Open"));
        let short = |column: &Column, dir: &str| {
            let (mut sort, mut dir) = (column.word.to_owned(), dir.to_owned());
            column.shorten("name", &mut sort, &mut dir);
            format!("{sort} {dir}")
        };
        assert_eq!([short(&name, "asc"), short(&name, "desc")], [" ", " desc"]);
        assert_eq!([short(&open, "asc"), short(&open, "desc")], ["open asc", "open "]);
    }

    static LIST: List<u8, 2> = List {
        path: "/things",
        filters: &[Filter::any("kind"), Filter::one_of("open", &["yes", "no"])],
        columns: [(rising("name", "Name"), 1), (largest("size", "Size"), 2)],
    };

    fn asked(query: &str) -> Ask<u8, 2> {
        Ask::new(&LIST, &Values::of(&format!("/things{query}").parse().unwrap()).unwrap())
    }

    #[test]
    fn what_is_so_anyway_stands_in_no_address() {
        for (long, short) in [
            ("?q=&kind=&open=&sort=&dir=", ""),
            ("?q=+a%26b+&open=perhaps&sort=name&dir=asc", "?q=a%26b"),
            ("?sort=luck&dir=desc", "?dir=desc"),
            ("?dir=desc&sort=size&open=no&kind=big", "?kind=big&open=no&sort=size"),
            ("?after=7~x&sort=size&dir=asc", "?sort=size&dir=asc&after=7~x"),
        ] {
            assert_eq!(asked(long).address(), format!("/things{short}"), "{long}");
        }
    }

    #[test]
    fn a_list_says_what_is_asked_and_where_it_goes_on() {
        let ask = asked("?q=a&open=yes&sort=size&after=7~x");
        assert_eq!((ask.search().as_deref(), ask.filter("open"), ask.filter("kind")), (Some("a"), "yes", ""));
        assert_eq!((ask.sort(), ask.direction(), ask.narrows()), (2, Direction::Descending, true));
        assert_eq!(ask.cleared(), "/things?sort=size");
        assert_eq!(ask.unsearched(), "/things?open=yes&sort=size");
        assert_eq!(ask.narrowed_by("kind", "big"), "/things?q=a&kind=big&open=yes&sort=size");
        assert_eq!(ask.next(Some("9~y")).as_deref(), Some("/things?q=a&open=yes&sort=size&after=9~y"));
        assert_eq!(ask.at_the_beginning().at("/file"), "/file?q=a&open=yes&sort=size");
        assert_eq!(ask.along(&[]), [("sort", "size".to_owned())]);
        assert_eq!(ask.along(&["open"]), [("open", "yes".to_owned()), ("sort", "size".to_owned())]);
        let [name, size] = ask.heads();
        assert_eq!((name.href.as_str(), name.order), ("/things?q=a&open=yes", ""));
        assert_eq!(size.href, "/things?q=a&open=yes&sort=size&dir=asc");
        assert_eq!((size.order, size.number), ("descending", true));
        assert_eq!(Ask::whole(&LIST).address(), "/things");
    }
}
