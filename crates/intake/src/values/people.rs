//! People in a line of text: names, titles, roles in brackets or after a dash, counted groups.

use std::ops::Range;

use gangway_domain::deal::{Stakeholder, StakeholderRole};

use super::list::{Separators, split};
use super::number::count_at;
use super::roles::{is_exactly_role, is_job_title, is_title, said_role, suggested_role};
use super::words::fold;

/// A person or group in text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) stakeholder: Stakeholder,
    /// The role was said, not concluded from the title.
    pub(crate) role_said: bool,
    pub(crate) range: Range<usize>,
}

/// Two to four capitalised words without a title among them.
pub(crate) fn is_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let particle = |word: &str| {
        matches!(
            word,
            "van"
                | "von"
                | "de"
                | "der"
                | "den"
                | "di"
                | "da"
                | "del"
                | "la"
                | "le"
                | "du"
                | "bin"
                | "al"
                | "zu"
        )
    };
    (1..=5).contains(&words.len())
        && words.iter().all(|word| {
            particle(word)
                || (word.starts_with(char::is_uppercase) && !word.contains(|c: char| c.is_ascii_digit()))
        })
        && words.first().is_some_and(|word| !particle(word) || words.len() > 1)
        && !is_title(text)
}

/// The people of a list such as `VP Operations (sponsor), IT Director, 3 plant managers`.
pub(crate) fn read(text: &str) -> Vec<Person> {
    let mut people: Vec<Person> = Vec::new();
    for range in split(text, Separators::Words) {
        let Some(item) = text.get(range.clone()) else {
            continue;
        };
        let person = one(item, range.start);
        let last = people.last_mut().filter(|last| {
            text.get(last.range.end..range.start).is_some_and(|between| between.trim() == ",")
        });
        if let Some(last) = last
            && last.takes_in(item, &person)
        {
            last.range.end = range.end;
            continue;
        }
        people.push(person);
    }
    people
}

impl Person {
    /// Whether what follows behind a comma says more about this person, who then has it.
    fn takes_in(&mut self, item: &str, next: &Self) -> bool {
        let (known, more) = (&mut self.stakeholder, &next.stakeholder);
        let fits = more.name.is_none()
            && more.count == 1
            && known.count == 1
            && (more.email.is_none() || known.email.is_none());
        if !fits {
            return false;
        }
        if is_phone(item) || (known.name.is_some() && is_remark(item)) {
            add_note(&mut known.notes, item);
            return true;
        }
        let title = more.title.as_deref().unwrap_or_default();
        let is_settled = self.role_said && !known.title.as_deref().is_some_and(is_job_title);
        if title.is_empty() {
            // "Jane Doe, VP Operations, jane@x.com": an address by itself is that of whoever stands before it.
        } else if known.name.is_some()
            && more.role != StakeholderRole::EndUser
            && more.notes.is_none()
            && is_exactly_role(title)
            && (!is_job_title(title) || known.title.is_some())
            && (!is_settled || known.role == more.role)
        {
            // "Jane Doe, VP Operations, sponsor": the role of whoever stands before it.
            known.role = more.role;
            self.role_said = true;
        } else if known.name.is_some() && known.title.is_none() {
            // "Jane Doe, VP Operations": a bare name followed by a bare title is one person.
            if !self.role_said {
                known.role = more.role;
            }
            self.role_said |= next.role_said;
            known.title.clone_from(&more.title);
            known.notes = known.notes.take().or_else(|| more.notes.clone());
        } else {
            return false;
        }
        known.email = known.email.take().or_else(|| more.email.clone());
        true
    }
}

/// One person or group; `start` is added to the range.
pub(crate) fn one(item: &str, start: usize) -> Person {
    let (pieces, email) = pieces(item.trim());
    let mut draft = Draft::new(email);
    let mut is_first = true;
    for piece in pieces {
        if let Some(piece) = draft.without_address(piece) {
            draft.take(piece, std::mem::replace(&mut is_first, false));
        }
    }
    draft.finish(item, start)
}

/// What is said of one person, piece by piece, and an address at the end.
fn pieces(item: &str) -> (Vec<&str>, Option<String>) {
    let mut rest = item;
    let mut email = None;
    // An address without marks at the end: "Carmen Ruiz (gerente) carmen@x.com".
    if let Some((head, address)) = rest
        .rsplit_once(' ')
        .filter(|(_, last)| is_email(last) && !last.starts_with('<') && !last.ends_with([')', ']', '>']))
    {
        email = Some(bare_address(address).to_owned());
        rest = head.trim_end_matches([',', ' ', '-', '–', '—']);
    }
    // Take out brackets from the end: "Jane Doe (VP, sponsor) <jane@x.com>".
    let mut brackets: Vec<&str> = Vec::new();
    while let Some((head, inner)) = bracket_at_end(rest) {
        brackets.push(inner);
        rest = head;
    }
    let mut pieces: Vec<&str> = Vec::new();
    for separator in [" – ", " — ", " - ", ": ", " / ", ", "] {
        if rest.contains(separator) {
            let mut parts = rest.split(separator).map(str::trim).filter(|piece| !piece.is_empty());
            pieces.extend(parts.next());
            pieces.extend(parts.flat_map(apart));
            break;
        }
    }
    if pieces.is_empty() && !rest.is_empty() {
        pieces.push(rest);
    }
    for inner in brackets.iter().rev() {
        for part in inner.split([',', ';', '|']).map(str::trim) {
            if is_phone(part) {
                pieces.push(part);
            } else {
                let parts = part.split('/').map(str::trim).filter(|piece| !piece.is_empty());
                pieces.extend(parts.flat_map(apart));
            }
        }
    }
    (pieces, email)
}

/// What stands before the brackets at the end of a text, and in them with the brackets they hold.
fn bracket_at_end(text: &str) -> Option<(&str, &str)> {
    let marks = [('(', ')'), ('[', ']'), ('<', '>')];
    let (open, close) = marks.into_iter().find(|&(_, close)| text.ends_with(close))?;
    let mut depth = 0_usize;
    for (at, c) in text.char_indices().rev() {
        if c == close {
            depth += 1;
        } else if c == open {
            depth -= 1;
            if depth == 0 {
                let inner = text.get(at + 1..text.len() - 1)?;
                return Some((text.get(..at)?.trim(), inner.trim()));
            }
        }
    }
    None
}

/// A piece taken apart where every part says what somebody is or how to reach them; else the piece, which may be a
/// remark.
fn apart(piece: &str) -> Vec<&str> {
    for separator in [", ", " - ", " – ", " — "] {
        let parts = piece.split(separator).map(str::trim).filter(|part| !part.is_empty());
        let parts: Vec<&str> = parts.collect();
        let is_plain =
            |part: &str| is_exactly_role(part) || is_phone(part) || part.split_whitespace().any(is_email);
        if parts.len() > 1
            && parts.iter().any(|part| is_plain(part))
            && parts.iter().all(|part| is_plain(part) || is_title(part))
        {
            return parts;
        }
    }
    vec![piece]
}

/// A person as far as the pieces have been taken.
struct Draft {
    stakeholder: Stakeholder,
    /// The role that was said.
    role: Option<StakeholderRole>,
    /// The role was said by a job title: a role said by itself counts more.
    is_by_job: bool,
    notes: Vec<String>,
}

impl Draft {
    fn new(email: Option<String>) -> Self {
        let role = StakeholderRole::Other;
        let stakeholder = Stakeholder { name: None, title: None, role, count: 1, email, notes: None };
        Self { stakeholder, role: None, is_by_job: false, notes: Vec::new() }
    }

    /// Takes the address out of a piece; nothing when it says nothing else.
    fn without_address<'a>(&mut self, piece: &'a str) -> Option<&'a str> {
        let mut rest = piece;
        if let Some(word) = piece.split_whitespace().find(|word| is_email(word)) {
            self.stakeholder.email.get_or_insert_with(|| bare_address(word).to_owned());
            rest = piece.strip_suffix(word).or_else(|| piece.strip_prefix(word)).unwrap_or(piece).trim();
        }
        let is_empty = rest.is_empty() || MAIL_WORDS.contains(&fold(rest).as_str());
        (!is_empty).then_some(rest)
    }

    fn take(&mut self, piece: &str, is_first: bool) {
        let is_phone = is_phone(piece);
        if is_first && !is_phone && self.take_group(piece) {
            return;
        }
        // A role in brackets or after a dash is short; more words are remarks.
        if !is_first
            && piece.split_whitespace().count() <= 4
            && let Some(role) = said_role(piece)
            && self.take_role(role, piece)
        {
            return;
        }
        let person = &mut self.stakeholder;
        if is_first && is_name(piece) {
            person.name = Some(piece.to_owned());
        } else if person.title.is_none() && (is_first || is_title(piece)) {
            person.title = Some(piece.to_owned());
        } else if person.name.is_none() && person.count == 1 && is_name(piece) {
            person.name = Some(piece.to_owned());
        } else {
            self.notes.push(piece.to_owned());
        }
    }

    /// `3 plant managers`, `12x nurses`.
    fn take_group(&mut self, piece: &str) -> bool {
        let Some(number) = count_at(piece, 0).filter(|n| n.range.end < piece.len()) else { return false };
        let after = piece.get(number.range.end..).unwrap_or("");
        let count = number.value.as_u32_or_max();
        if count == 0 || !after.starts_with([' ', '\u{a0}', 'x', '×']) {
            return false;
        }
        self.stakeholder.count = count;
        self.stakeholder.title = Some(after.trim_start_matches(['x', '×']).trim().to_owned());
        true
    }

    /// Takes words that say a role; false where one was said already and they can only be a title or a remark.
    fn take_role(&mut self, role: StakeholderRole, words: &str) -> bool {
        let is_exact = is_exactly_role(words);
        let is_job = is_exact && is_job_title(words);
        match self.role {
            None => {
                self.role = Some(role);
                self.is_by_job = is_job;
                if (is_job || !is_exact) && self.stakeholder.title.is_none() {
                    self.stakeholder.title = Some(words.to_owned());
                }
                true
            }
            // "Project manager, sponsor": what somebody is here counts more than what they are called.
            Some(known) if is_exact && !is_job => {
                if self.is_by_job {
                    self.role = Some(role);
                    self.is_by_job = false;
                } else if known != role {
                    self.notes.push(format!("also {words}"));
                }
                true
            }
            Some(_) => false,
        }
    }

    fn finish(mut self, item: &str, start: usize) -> Person {
        let person = &mut self.stakeholder;
        // "Sponsor: Jane Doe" leaves the role as title.
        if person.name.is_some()
            && self.role.is_none()
            && let Some(title) = person.title.take_if(|title| is_exactly_role(title))
        {
            self.role = said_role(&title);
            person.title = Some(title).filter(|title| is_job_title(title));
        }
        person.notes = (!self.notes.is_empty()).then(|| self.notes.join("; "));
        person.role =
            self.role.unwrap_or_else(|| suggested_role(person.title.as_deref().unwrap_or(""), person.count));
        if person.name.is_none() && person.title.is_none() && person.email.is_none() {
            person.title = Some(item.trim().to_owned());
        }
        let range = start..start + item.len();
        Person { role_said: self.role.is_some(), stakeholder: self.stakeholder, range }
    }
}

fn add_note(notes: &mut Option<String>, note: &str) {
    let notes = notes.get_or_insert_default();
    if !notes.is_empty() {
        notes.push_str("; ");
    }
    notes.push_str(note);
}

/// Words at the head of a remark that no title has there, folded.
const REMARKING: &[&str] = &[
    "about",
    "until",
    "from",
    "against",
    "towards",
    "in",
    "on",
    "with",
    "since",
    "uber",
    "bis",
    "gegen",
    "gegenuber",
    "ab",
    "seit",
    "mit",
    "im",
    "am",
];

/// `sceptical about reports`, `on leave until May`: small words that tell of somebody, and neither title nor role.
fn is_remark(text: &str) -> bool {
    let folded = fold(text);
    let mut words = folded.split(' ');
    let (Some(first), Some(second), Some(_)) = (words.next(), words.next(), words.next()) else {
        return false;
    };
    text.starts_with(char::is_lowercase)
        && !is_title(first)
        && [first, second].iter().any(|word| REMARKING.contains(word))
}

/// An address without the marks around it.
fn bare_address(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// Words before a mail address, folded.
const MAIL_WORDS: [&str; 6] = ["mail", "email", "e mail", "mailto", "courriel", "correo"];

/// Words before a telephone number, folded.
const PHONE_WORDS: [&str; 10] =
    ["", "tel", "telefon", "telephone", "phone", "mobile", "mobil", "handy", "cell", "movil"];

/// `+49 30 1234567`, `tel. 555-0100-22`: six digits or more, and nothing else but marks.
fn is_phone(text: &str) -> bool {
    let at = text.find(|c: char| c.is_ascii_digit() || matches!(c, '+' | '(')).unwrap_or(text.len());
    let (word, number) = text.split_at(at);
    let is_mark = |c: char| matches!(c, ' ' | '\u{a0}' | '+' | '-' | '–' | '/' | '(' | ')' | '.');
    PHONE_WORDS.contains(&fold(word).as_str())
        && (6..=17).contains(&number.chars().filter(char::is_ascii_digit).count())
        && number.chars().all(|c| c.is_ascii_digit() || is_mark(c))
}

/// Something@somewhere.tld.
pub(crate) fn is_email(text: &str) -> bool {
    let text = text.trim_matches(|c: char| !c.is_alphanumeric());
    text.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty()
            && host.contains('.')
            && !host.starts_with('.')
            && !host.contains('@')
            && !text.contains(char::is_whitespace)
    })
}
