//! Heads of tables by which lists are sorted. The order is part of the address, so that it can be kept and sent.

use gangway_store::onboarding::list::Direction;

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
    pub(crate) fn shorten(&self, first: &str, sort: &mut String, dir: &mut String) {
        if self.word == first {
            sort.clear();
        }
        if self.is_falling(dir) == self.falling {
            dir.clear();
        }
    }

    /// Which comes first: as the address says, or as the column begins.
    pub(crate) fn direction(&self, dir: &str) -> Direction {
        if self.is_falling(dir) { Direction::Descending } else { Direction::Ascending }
    }

    /// Whether the largest comes first: as the address says, or as the column begins.
    pub(crate) fn is_falling(&self, dir: &str) -> bool {
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
}
