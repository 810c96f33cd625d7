//! The document a deal was read from, marked where each fact was found.

use std::ops::Range;

use gangway_domain::correction::Effective;
use gangway_domain::deal::Reading;
use gangway_domain::fact::{Level, Source};

/// A piece of the document, in order: text, and where marks begin and end. Marks are nested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// A mark begins.
    Open(Mark),
    /// Words.
    Text(String),
    /// The latest mark that is open ends.
    Close,
}

/// What a passage is marked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// A fact was found here: its key.
    Fact(String),
    /// It was not understood: which of the reading's unread texts.
    Unread(usize),
    /// A notice is about it: which of the reading's notices.
    Notice(usize),
}

/// Marks a document. `text` is what the reading was made of.
#[must_use]
pub fn mark(text: &str, reading: &Reading, deal: &Effective) -> Vec<Piece> {
    let mut passages: Vec<(Range<usize>, Mark)> = Vec::new();
    let originals = gangway_domain::correction::apply(&reading.deal, &[]).unwrap_or_else(|_| deal.clone());
    for fact in &originals.facts {
        let place = match &fact.source {
            Source::Text { span, .. } => Some(span.start..span.end),
            Source::Field { path } => locate(text, path),
            Source::Person { .. } | Source::Derived { .. } => None,
        };
        passages.extend(place.map(|place| (place, Mark::Fact(fact.key.to_string()))));
    }
    for (index, unread) in reading.unread.iter().enumerate() {
        let place = match (&unread.span, &unread.path) {
            (Some(span), _) => Some(span.start..span.end),
            (None, Some(path)) => locate(text, path),
            (None, None) => None,
        };
        passages.extend(place.map(|place| (place, Mark::Unread(index))));
    }
    for (index, notice) in
        reading.notices.iter().enumerate().filter(|(_, notice)| notice.level == Level::Warning)
    {
        passages.extend(notice.span.map(|span| (span.start..span.end, Mark::Notice(index))));
    }
    passages.retain(|(place, _)| place.start < place.end && text.get(place.clone()).is_some());
    // Outer marks first; what is marked in full before what is only remarked on.
    passages.sort_by(|(a, first), (b, second)| {
        a.start.cmp(&b.start).then(b.end.cmp(&a.end)).then_with(|| first.cmp(second))
    });
    pieces(text, passages)
}

/// Nests the passages: one that begins inside of another ends with it at the latest.
fn pieces(text: &str, passages: Vec<(Range<usize>, Mark)>) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(passages.len() * 3 + 1);
    let mut open: Vec<usize> = Vec::new();
    let mut at = 0;
    let mut write = |pieces: &mut Vec<Piece>, to: usize| {
        if let Some(words) = text.get(at..to).filter(|words| !words.is_empty()) {
            pieces.push(Piece::Text(words.to_owned()));
        }
        at = at.max(to);
    };
    for (place, mark) in passages {
        while let Some(end) = open.pop_if(|end| *end <= place.start) {
            write(&mut pieces, end);
            pieces.push(Piece::Close);
        }
        write(&mut pieces, place.start);
        pieces.push(Piece::Open(mark));
        open.push(open.last().map_or(place.end, |outer| place.end.min(*outer)));
    }
    while let Some(end) = open.pop() {
        write(&mut pieces, end);
        pieces.push(Piece::Close);
    }
    write(&mut pieces, text.len());
    pieces
}

/// Where the field of a payload stands in its text: the line of the last name of its path, looked
/// for after the names before it. The same for JSON, TOML, YAML and XML; `None` when a name is not there.
fn locate(text: &str, path: &str) -> Option<Range<usize>> {
    let mut from = 0;
    let mut found = None;
    for name in path.split('.') {
        let (name, index) = match name.split_once('[') {
            Some((name, index)) => (name, index.trim_end_matches(']').parse::<usize>().ok()),
            None => (name, None),
        };
        if !name.is_empty() {
            let at = word(text, from, name)?;
            from = at + name.len();
            found = Some(at);
        }
        if let Some(index) = index.filter(|_| found.is_some()) {
            let item = items(text, from).nth(index);
            found = item.or(found);
            from = item.unwrap_or(from);
        }
    }
    let at = found?;
    let start = text.get(..at)?.rfind('\n').map_or(0, |newline| newline + 1);
    let end = text.get(at..)?.find('\n').map_or(text.len(), |newline| at + newline);
    let line = text.get(start..end)?;
    let indent = line.len() - line.trim_start().len();
    Some(start + indent..start + line.trim_end().len())
}

/// The next place of a name that is not a part of a longer one.
fn word(text: &str, from: usize, name: &str) -> Option<usize> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut at = from;
    loop {
        let found = at + text.get(at..)?.find(name)?;
        let before = text.get(..found)?.chars().next_back();
        let after = text.get(found + name.len()..)?.chars().next();
        if !before.is_some_and(is_part) && !after.is_some_and(is_part) {
            return Some(found);
        }
        at = found + name.len();
    }
}

/// Where the entries of a list that begins soon after `from` stand: lines that follow, those
/// that only open or close brackets left out.
fn items(text: &str, from: usize) -> impl Iterator<Item = usize> {
    let rest = text.get(from..).unwrap_or_default();
    let mut at = from;
    let lines = rest.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line)
    });
    lines.skip(1).filter_map(|(start, line)| {
        let words = line.trim_start();
        let is_item = words.starts_with(['"', '-', '\'']) && words.trim().len() > 1;
        is_item.then_some(start + line.len() - words.len())
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fact(name: &str) -> Mark {
        Mark::Fact(name.to_owned())
    }

    fn shown(pieces: &[Piece]) -> String {
        pieces
            .iter()
            .map(|piece| match piece {
                Piece::Open(_) => "[".to_owned(),
                Piece::Text(text) => text.clone(),
                Piece::Close => "]".to_owned(),
            })
            .collect()
    }

    #[test]
    fn marks_nest_and_those_that_cross_are_cut() {
        let text = "ACV 95K for 3 plants";
        let marks = vec![(0..20, fact("a")), (4..7, fact("b")), (4..7, fact("c")), (12..20, fact("d"))];
        assert_eq!(shown(&pieces(text, marks)), "[ACV [[95K]] for [3 plants]]");
        assert_eq!(
            shown(&pieces(text, vec![(0..7, fact("a")), (4..11, fact("b"))])),
            "[ACV [95K]] for 3 plants"
        );
    }

    #[test]
    fn fields_of_payloads_are_found_in_their_text() {
        let json = "{\n  \"amount_old\": 1,\n  \"properties\": {\n    \"amount\": \"95000\"\n  },\n  \"notes\": [\n    \"a\",\n    \"b\"\n  ]\n}";
        let at = |path: &str| locate(json, path).map(|place| &json[place]);
        assert_eq!(at("properties.amount"), Some("\"amount\": \"95000\""));
        assert_eq!(at("notes[1]"), Some("\"b\""));
        assert_eq!(at("properties.nothing"), None);
        let yaml = "customer: Acme\npromises:\n  - text: x\n";
        assert_eq!(locate(yaml, "customer").map(|place| &yaml[place]), Some("customer: Acme"));
        assert_eq!(locate(yaml, "promises[0]").map(|place| &yaml[place]), Some("- text: x"));
    }

    proptest! {
        /// However marks lie, the text stays whole and every mark that begins ends.
        #[test]
        fn the_text_stays_whole(
            text in "[a-zä\n ]{0,40}",
            marks in prop::collection::vec((0..45_usize, 0..45_usize), 0..12),
        ) {
            let mut marks: Vec<(Range<usize>, Mark)> = marks
                .into_iter()
                .map(|(a, b)| (a.min(b)..a.max(b), Mark::Unread(a)))
                .filter(|(place, _)| place.start < place.end && text.get(place.clone()).is_some())
                .collect();
            marks.sort_by(|(a, _), (b, _)| a.start.cmp(&b.start).then(b.end.cmp(&a.end)));
            let count = marks.len();
            let pieces = pieces(&text, marks);
            let mut depth = 0_i32;
            let mut words = String::new();
            for piece in &pieces {
                match piece {
                    Piece::Open(_) => depth += 1,
                    Piece::Close => depth -= 1,
                    Piece::Text(part) => words.push_str(part),
                }
                prop_assert!(depth >= 0);
            }
            prop_assert_eq!((words, depth), (text, 0));
            prop_assert_eq!(pieces.iter().filter(|piece| matches!(piece, Piece::Open(_))).count(), count);
        }
    }
}
