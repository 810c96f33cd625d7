//! What no fact may exceed: lengths of texts, sizes of groups, and characters that nobody sees.
//!
//! Every way a value can arrive ends here once, whatever its format, before the whole is judged.

use gangway_domain::deal::{Deal, Unread};
use gangway_domain::fact::{Fact, Notice, Source};

use crate::builder::Builder;
use crate::decode::{is_bidi_control, is_stripped};
use crate::source::place_of;

/// Longest name: customer, product, person, title, system, site; in characters.
const NAME_CHARS: usize = 200;
/// Longest free text: a criterion, a promise, a note; in characters.
const TEXT_CHARS: usize = 2_000;
/// Longest excerpt of text that was not understood, in characters.
const UNREAD_CHARS: usize = 2_000;
/// More pieces of text that was not understood than this are a dump; how many more there are is said.
const MAX_UNREAD: usize = 200;
/// Longest remark, in characters.
const NOTICE_CHARS: usize = 1_000;
/// The largest group of people of one title; more is a slip of the keyboard.
const MAX_PEOPLE: u32 = 100_000;
/// The most sites anybody rolls out to; more is a slip of the keyboard.
pub(crate) const MAX_SITES: u32 = 10_000;

/// Brings every text and every group of a deal within its limits, telling what was changed and where.
pub(crate) fn apply(b: &mut Builder<'_>) {
    let mut deal = std::mem::take(&mut b.deal);
    let mut limiter = Limiter { b };
    limiter.names(&mut deal);
    limiter.texts(&mut deal);
    limiter.people(&mut deal);
    b.deal = deal;
}

/// Cuts what stays unread to a list of excerpts and says how much more there was.
pub(crate) fn bound_unread(unread: &mut Vec<Unread>) -> Vec<Notice> {
    unread.retain(|piece| !piece.text.chars().all(is_stripped));
    let beyond = unread.len().saturating_sub(MAX_UNREAD);
    let next = unread
        .get(MAX_UNREAD)
        .and_then(|piece| piece.span)
        .map(|span| format!(", from line {} on", span.line));
    unread.truncate(MAX_UNREAD);
    let too_many = (beyond > 0).then(|| {
        Notice::warning(
            "unread_more",
            format!(
                "… and {} more passages that were not understood{}. They are not listed here; their text stays in the original.",
                thousands(beyond),
                next.unwrap_or_default(),
            ),
        )
    });
    cut_unread(unread).into_iter().chain(too_many).collect()
}

/// `12,345`.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let first = (digits.len() + 2) % 3 + 1;
    let (head, tail) = digits.split_at(first.min(digits.len()));
    let groups = tail.as_bytes().chunks(3).map(|group| String::from_utf8_lossy(group).into_owned());
    std::iter::once(head.to_owned()).chain(groups).collect::<Vec<_>>().join(",")
}

/// Cuts what stays unread to excerpts.
fn cut_unread(unread: &mut [Unread]) -> Option<Notice> {
    let (mut cut, mut more) = (0_usize, 0_usize);
    let mut first = None;
    for piece in unread.iter_mut() {
        strip(&mut piece.text);
        if let Some(path) = &mut piece.path {
            strip(path);
            split_off(path, NAME_CHARS);
        }
        if let Some(rest) = split_off(&mut piece.text, UNREAD_CHARS) {
            cut += 1;
            more += rest.chars().count();
            let place = match (piece.span, &piece.path) {
                (Some(span), _) => Some(format!("line {}, column {}", span.line, span.column)),
                (None, path) => path.as_ref().map(|path| format!("`{path}`")),
            };
            first = first.or(place);
        }
    }
    (cut > 0).then(|| {
        let first = first
            .map_or_else(String::new, |place: String| format!(" The first that is cut begins at {place}."));
        Notice::warning(
            "unread_cut",
            format!("Of {cut} passages that were not understood only the first {UNREAD_CHARS} characters are listed; {more} further characters are only in the original.{first}"),
        )
    })
}

/// Makes a remark that quotes the input fit to be shown.
pub(crate) fn bound_notice(notice: &mut Notice) {
    strip(&mut notice.message);
    if split_off(&mut notice.message, NOTICE_CHARS).is_some() {
        notice.message.push('…');
    }
}

/// Tells that characters nobody sees were removed from a value.
pub(crate) fn tell_stripped(b: &mut Builder<'_>, found: Stripped, place: &str) {
    if found.control {
        b.push_notice(Notice::warning(
            "control_characters",
            format!("{place}: invisible control characters were removed; check the words around them."),
        ));
    }
    if found.bidi {
        b.push_notice(Notice::warning(
            "bidi_override",
            format!("{place}: characters that change the reading direction were removed; they can make text look like something else. Check names and amounts there."),
        ));
    }
}

/// Which characters were taken out of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stripped {
    control: bool,
    bidi: bool,
}

/// Removes characters nobody sees, and tells which kinds there were.
pub(crate) fn strip(text: &mut String) -> Option<Stripped> {
    if !text.chars().any(is_stripped) {
        return None;
    }
    let bidi = text.chars().any(is_bidi_control);
    let control = text.chars().any(|c| is_stripped(c) && !is_bidi_control(c));
    text.retain(|c| !is_stripped(c));
    Some(Stripped { control, bidi })
}

/// Cuts a text after so many characters; what was cut off.
fn split_off(text: &mut String, chars: usize) -> Option<String> {
    if text.len() <= chars {
        return None;
    }
    let (at, _) = text.char_indices().nth(chars)?;
    let rest = text.split_off(at);
    text.truncate(text.trim_end().len());
    Some(rest)
}

struct Limiter<'a, 'c> {
    b: &'a mut Builder<'c>,
}

impl Limiter<'_, '_> {
    fn names(&mut self, deal: &mut Deal) {
        for (field, fact) in [
            ("the deal's id", &mut deal.external_id),
            ("the deal's name", &mut deal.title),
            ("the customer's name", &mut deal.customer),
            ("the industry", &mut deal.industry),
            ("the website", &mut deal.website),
            ("the country", &mut deal.country),
            ("the single sign-on provider", &mut deal.sso),
            ("the length of the sales cycle", &mut deal.sales_cycle),
        ] {
            if let Some(Fact { value, source, .. }) = fact {
                self.limit(field, NAME_CHARS, value, source);
            }
        }
        for Fact { value, source, .. } in &mut deal.products {
            self.limit("the product's name", NAME_CHARS, value, source);
        }
        for Fact { value, source, .. } in &mut deal.team {
            self.limit("the colleague's name", NAME_CHARS, &mut value.name, source);
            self.limit("the colleague's role", NAME_CHARS, &mut value.role, source);
            self.limit_some("the colleague's address", NAME_CHARS, &mut value.email, source);
        }
        if let Some(Fact { value, source, .. }) = &mut deal.sites {
            self.limit("the word for a site", NAME_CHARS, &mut value.noun, source);
            for name in &mut value.names {
                self.limit("the site's name", NAME_CHARS, name, source);
            }
        }
    }

    fn texts(&mut self, deal: &mut Deal) {
        for (field, list) in [
            ("the use case", &mut deal.use_cases),
            ("the situation", &mut deal.situation),
            ("the pain", &mut deal.pain),
            ("the impact", &mut deal.impact),
            ("the critical event", &mut deal.critical_event),
            ("the decision", &mut deal.decision),
            ("the data source", &mut deal.data_sources),
            ("the constraint", &mut deal.constraints),
            ("the exclusion", &mut deal.non_scope),
            ("the relationship", &mut deal.relationship),
            ("the approach", &mut deal.approach),
            ("the note", &mut deal.notes),
        ] {
            for Fact { value, source, .. } in list {
                self.limit(field, TEXT_CHARS, value, source);
            }
        }
        for Fact { value, source, .. } in &mut deal.alternatives {
            self.limit("the alternative's name", NAME_CHARS, &mut value.name, source);
            self.limit_some("the reason against the alternative", TEXT_CHARS, &mut value.why_not, source);
        }
        for Fact { value, source, .. } in &mut deal.success_criteria {
            self.limit("the success criterion", TEXT_CHARS, &mut value.text, source);
            self.limit_some("the criterion's metric", TEXT_CHARS, &mut value.metric, source);
            self.limit_some("the criterion's baseline", TEXT_CHARS, &mut value.baseline, source);
            self.limit_some("the criterion's target", TEXT_CHARS, &mut value.target, source);
        }
        for Fact { value, source, .. } in &mut deal.blackouts {
            self.limit_some("the blackout's reason", TEXT_CHARS, &mut value.reason, source);
        }
        for Fact { value, source, .. } in &mut deal.integrations {
            self.limit("the system's name", NAME_CHARS, &mut value.system, source);
            self.limit_some("the integration's detail", TEXT_CHARS, &mut value.detail, source);
        }
        for Fact { value, source, .. } in &mut deal.concerns {
            self.limit("the concern", TEXT_CHARS, &mut value.text, source);
            self.limit_some("the answer to the concern", TEXT_CHARS, &mut value.answer, source);
        }
        for Fact { value, source, .. } in &mut deal.promises {
            self.limit("the promise", TEXT_CHARS, &mut value.text, source);
            self.limit_some("who promised", NAME_CHARS, &mut value.who, source);
        }
        for Fact { value, source, .. } in &mut deal.red_flags {
            self.limit("the red flag", TEXT_CHARS, &mut value.text, source);
            self.limit_some("the red flag's mitigation", TEXT_CHARS, &mut value.mitigation, source);
        }
    }

    /// A group of an absurd size is kept as one entry: that there are such people is known, how many is not.
    fn people(&mut self, deal: &mut Deal) {
        for Fact { value, source, .. } in &mut deal.stakeholders {
            self.limit_some("the person's name", NAME_CHARS, &mut value.name, source);
            self.limit_some("the person's title", NAME_CHARS, &mut value.title, source);
            self.limit_some("the person's address", NAME_CHARS, &mut value.email, source);
            self.limit_some("the remark about the person", TEXT_CHARS, &mut value.notes, source);
            if value.count > MAX_PEOPLE {
                let message = format!(
                    "{}: {} people of one title ({}) cannot be right; they are kept as one entry, correct the number",
                    place_of(source),
                    if value.count == u32::MAX { "billions of".to_owned() } else { value.count.to_string() },
                    value.title.as_deref().or(value.name.as_deref()).unwrap_or("no title"),
                );
                value.count = 1;
                self.b.push_notice(Notice {
                    span: span_of(source),
                    ..Notice::warning("absurd_count", message)
                });
            }
        }
    }

    fn limit_some(&mut self, field: &str, chars: usize, text: &mut Option<String>, source: &mut Source) {
        if let Some(text) = text {
            self.limit(field, chars, text, source);
        }
    }

    fn limit(&mut self, field: &str, chars: usize, text: &mut String, source: &mut Source) {
        if let Source::Field { path } = source {
            strip(path);
            split_off(path, NAME_CHARS);
        }
        if let Some(found) = strip(text) {
            tell_stripped(self.b, found, &place_of(source));
        }
        let Some(rest) = split_off(text, chars) else {
            return;
        };
        let message = format!(
            "{}: {field} has {} characters; the first {chars} are kept and the rest stays unread",
            place_of(source),
            chars + rest.chars().count(),
        );
        let span = span_of(source);
        self.b.push_notice(Notice { span, ..Notice::warning("text_cut", message) });
        let path = match source {
            Source::Field { path } => Some(path.clone()),
            _ => None,
        };
        self.b.unread.push(Unread { text: rest, span, path });
    }
}

/// The place in the text where a fact was found, if it was text.
pub(crate) fn span_of(source: &Source) -> Option<gangway_domain::fact::Span> {
    match source {
        Source::Text { span, .. } => Some(*span),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn large_numbers_are_grouped() {
        for (number, expected) in [
            (0, "0"),
            (12, "12"),
            (999, "999"),
            (1_000, "1,000"),
            (12_345, "12,345"),
            (9_876_543, "9,876,543"),
        ] {
            assert_eq!(thousands(number), expected);
        }
    }
}
