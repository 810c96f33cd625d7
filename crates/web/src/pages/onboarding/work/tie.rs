//! How one task waits for another: which ends are tied together, and how many days lie between.

use gangway_domain::plan::{LinkKind, LinkSpec};

use crate::format::count;
use crate::pages::Choice;

/// Each kind: its word in forms, what it is called, what it means in a form.
const KINDS: [(LinkKind, &str, &str, &str); 4] = [
    (LinkKind::FinishStart, "FS", "finish to start", "Begins when that is done"),
    (LinkKind::StartStart, "SS", "start to start", "Begins when that has begun"),
    (LinkKind::FinishFinish, "FF", "finish to finish", "Is done when that is done"),
    (LinkKind::StartFinish, "SF", "start to finish", "Is done when that has begun"),
];

/// The kinds to choose from.
pub(super) fn kinds() -> Vec<Choice> {
    KINDS.map(|(_, word, _, meaning)| Choice::of(word, meaning, "FS")).into()
}

/// The kind a word names; the usual one for an empty word.
pub(super) fn read(word: &str) -> Option<LinkKind> {
    match word {
        "" => Some(LinkKind::FinishStart),
        word => KINDS.iter().find(|known| known.1 == word).map(|known| known.0),
    }
}

/// How two tasks are tied, in words; nothing where the one simply follows the other.
pub(super) fn in_words(link: &LinkSpec) -> String {
    let name = KINDS.iter().find(|known| known.0 == link.kind).map_or("", |known| known.2);
    let days = |number: u32| count(usize::try_from(number).unwrap_or(0), "working day");
    match (link.kind, link.lag) {
        (LinkKind::FinishStart, 0) => String::new(),
        (_, 0) => name.to_owned(),
        (_, lag @ 1..) => format!("{name}, {} between", days(lag.unsigned_abs())),
        (LinkKind::FinishStart, lag) => format!("{name}, {} of overlap", days(lag.unsigned_abs())),
        (_, lag) => format!("{name}, up to {} earlier", days(lag.unsigned_abs())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_are_read_and_told() {
        let told = |word: &str, lag: i32| {
            let kind = read(word).unwrap();
            in_words(&LinkSpec { from: "a".to_owned(), to: "b".to_owned(), kind, lag })
        };
        assert_eq!(told("", 0), "");
        assert_eq!(told("FS", 1), "finish to start, 1 working day between");
        assert_eq!(told("FS", -2), "finish to start, 2 working days of overlap");
        assert_eq!(told("SS", 0), "start to start");
        assert_eq!(told("FF", 3), "finish to finish, 3 working days between");
        assert_eq!(read("sideways"), None);
        assert_eq!(kinds().iter().filter(|kind| kind.chosen).count(), 1);
    }
}
