//! Words people changed in a document, laid over what is written from the plan.
//!
//! A changed document is kept with the text it was changed from. When the plan moves, what is written from it moves
//! too; the changes of people and those of the plan are then worked into each other line by line, and where both
//! changed the same lines, the words of people win and the document is said to be apart from the plan.

use std::collections::BTreeMap;

use gangway_domain::portal::Language;

/// Lines of a text the plan's changes are still worked into; the longest of the built-in templates gives a tenth.
const MOST_LINES: usize = 5_000;

/// What people changed, by name of the document's template.
pub type Wordings = BTreeMap<String, Wording>;

/// What people made of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// What was written from the plan when they changed it.
    pub base: String,
    /// What they made of it.
    pub text: String,
}

/// How words of people and plan stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The plan still says what it said when the words were changed.
    Current,
    /// The plan has changed since, and its changes are worked in.
    WorkedIn,
    /// The plan has changed the same lines since: what people wrote stands, and somebody must look.
    Apart,
}

/// A document with the words of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Laid {
    /// Its text.
    pub text: String,
    /// How it stands to the plan.
    pub standing: Standing,
}

impl Wording {
    /// These words over what is written from the plan now.
    #[must_use]
    pub fn over(&self, written: &str) -> Laid {
        let Self { base, text } = self;
        let laid = |text: String, standing| Laid { text, standing };
        let written = tidy(written);
        if written == *base {
            return laid(text.clone(), Standing::Current);
        }
        match merged(base, text, &written) {
            Some(merged) => laid(merged, Standing::WorkedIn),
            None => laid(text.clone(), Standing::Apart),
        }
    }
}

/// Two texts made of one, worked into each other line by line. Nothing where both changed the same lines or lines
/// beside each other, or where what comes of it cannot be read.
#[must_use]
pub fn merged(base: &str, one: &str, other: &str) -> Option<String> {
    // Texts of people can be made so that comparing them takes seconds; every reader would wait for it.
    if [base, one, other].iter().any(|text| text.lines().count() > MOST_LINES) {
        return None;
    }
    let merged = diffy::merge(base, one, other).ok()?;
    // Lines that fit alone need not fit together: a row of a table more, a column less.
    gangway_documents::parse(&merged).is_ok().then_some(merged)
}

/// A text with one kind of line ends, one at its end, and no backslash it can do without, so that a form that sends it
/// back changes nothing.
#[must_use]
pub fn tidy(text: &str) -> String {
    let (frame, body) = halves(text);
    gangway_documents::relax(&joined(&frame, &body))
}

/// Front matter without its marks, and what follows.
#[must_use]
pub fn halves(text: &str) -> (String, String) {
    let text = text.replace("\r\n", "\n");
    let parts = text.strip_prefix("+++\n").and_then(|rest| rest.split_once("\n+++\n"));
    match parts {
        Some((frame, body)) => (frame.trim().to_owned(), body.trim().to_owned()),
        None => (String::new(), text.trim().to_owned()),
    }
}

/// The body in pieces: each block that is drawn by itself, and the text between them.
#[must_use]
pub fn pieces(body: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece: Vec<&str> = Vec::new();
    let mut fence = None;
    let mut take = |piece: &mut Vec<&str>| {
        let text = piece.join("\n");
        piece.clear();
        if !text.trim().is_empty() {
            pieces.push(text.trim_end().trim_start_matches('\n').to_owned());
        }
    };
    for line in body.lines() {
        match &fence {
            None => {
                if let Some(opened) = opens(line) {
                    take(&mut piece);
                    fence = Some(opened);
                }
                piece.push(line);
            }
            Some(opened) => {
                piece.push(line);
                // It ends with at least as many marks, and nothing behind them.
                if line.starts_with(opened) && line.trim_end().chars().all(|c| opened.starts_with(c)) {
                    take(&mut piece);
                    fence = None;
                }
            }
        }
    }
    take(&mut piece);
    pieces
}

/// The marks a drawn block begins with at the edge of the page; inside a list it belongs to the text.
fn opens(line: &str) -> Option<String> {
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let marks: String = line.chars().take_while(|c| *c == mark).collect();
    let behind = line.get(marks.len()..)?;
    (marks.len() >= 3 && !(mark == '`' && behind.contains('`'))).then_some(marks)
}

/// What a piece is: the word its drawn block begins with, and its title. Nothing for text.
#[must_use]
pub fn drawn(piece: &str) -> Option<(&str, &str)> {
    let marks = opens(piece.lines().next()?)?;
    let info = piece.lines().next()?.get(marks.len()..)?.trim();
    let word = info.split_whitespace().next().unwrap_or_default();
    let title = info.split_once("title=\"").and_then(|(_, rest)| rest.split('"').next());
    Some((word, title.unwrap_or_default()))
}

/// The text from front matter without its marks and what follows.
#[must_use]
pub fn joined(frame: &str, body: &str) -> String {
    let (frame, body) = (frame.replace("\r\n", "\n"), body.replace("\r\n", "\n"));
    // One empty line between pieces, so that a form with a field for each of them gives the same back.
    let body = pieces(body.trim()).join("\n\n");
    if frame.trim().is_empty() {
        format!("{body}\n")
    } else {
        format!("+++\n{}\n+++\n\n{body}\n", frame.trim())
    }
}

/// The text of an e-mail with another subject and body; what else its front matter says stays.
#[must_use]
pub fn reworded(text: &str, subject: &str, body: &str) -> String {
    let (frame, _) = halves(&email(subject, ""));
    let key = |line: &str| line.split_once('=').map(|(key, _)| key.trim().to_owned());
    let mut lines: Vec<String> = frame.lines().map(str::to_owned).collect();
    let (before, _) = halves(text);
    let others = before.lines().filter(|line| !matches!(key(line).as_deref(), Some("title" | "subject")));
    lines.extend(others.map(str::to_owned));
    joined(&lines.join("\n"), body)
}

/// Front matter without its marks with another title; what else it says stays.
#[must_use]
pub fn titled(frame: &str, title: &str) -> String {
    let ours = format!("title = {}", serde_json::Value::String(title.to_owned()));
    let is_title = |line: &str| line.split_once('=').is_some_and(|(key, _)| key.trim() == "title");
    let mut lines: Vec<&str> = frame.lines().collect();
    match lines.iter().position(|line| is_title(line)) {
        Some(at) => {
            lines.splice(at..=at, [ours.as_str()]);
        }
        None => lines.insert(0, &ours),
    }
    lines.join("\n")
}

/// An e-mail as one text: its subject in the front matter.
#[must_use]
pub fn email(subject: &str, body: &str) -> String {
    joined(&framed(subject), body)
}

/// The same in a language, which its front matter says where it is not English.
pub(super) fn email_in(language: Language, subject: &str, body: &str) -> String {
    match language {
        Language::En => email(subject, body),
        other => joined(&format!("{}\nlang = \"{}\"", framed(subject), other.word()), body),
    }
}

/// The front matter of an e-mail.
fn framed(subject: &str) -> String {
    let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
    let quoted = serde_json::Value::String(subject);
    format!("title = {quoted}\nsubject = {quoted}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "+++\ntitle = \"Plan\"\n+++\n\n# Plan\n\nGo-live is on 5 May.\n\nWe train twelve people.\n\nSee you soon.\n";

    fn changed(from: &str, to: &str) -> String {
        assert!(BASE.contains(from));
        BASE.replace(from, to)
    }

    #[test]
    fn words_stand_as_written_while_the_plan_stands() {
        let text = changed("See you soon.", "See you on Monday.");
        let laid = Wording { base: BASE.to_owned(), text: text.clone() }.over(BASE);
        assert_eq!(laid, Laid { text, standing: Standing::Current });
    }

    #[test]
    fn a_title_changes_and_the_rest_of_the_front_matter_stays() {
        let frame = "kind = \"document\"\ntitle = \"Status\"\nmeta = [[\"As of\", \"5 May\"]]";
        assert_eq!(
            titled(frame, "Status, \"week 2\""),
            "kind = \"document\"\ntitle = \"Status, \\\"week 2\\\"\"\nmeta = [[\"As of\", \"5 May\"]]"
        );
        assert_eq!(titled("", "Status"), "title = \"Status\"");
    }

    #[test]
    fn what_the_plan_changes_elsewhere_is_worked_in() {
        let wording = Wording { base: BASE.to_owned(), text: changed("See you soon.", "See you on Monday.") };
        let laid = wording.over(&changed("5 May", "12 May"));
        assert_eq!(laid.standing, Standing::WorkedIn);
        assert_eq!(laid.text, changed("5 May", "12 May").replace("See you soon.", "See you on Monday."));
    }

    #[test]
    fn the_words_of_people_win_where_the_plan_changes_the_same_line() {
        let text = changed("Go-live is on 5 May.", "We go live on 5 May, before the audit.");
        let laid = Wording { base: BASE.to_owned(), text: text.clone() }.over(&changed("5 May", "12 May"));
        assert_eq!(laid, Laid { text, standing: Standing::Apart });
    }

    #[test]
    fn two_people_meet_only_where_they_changed_the_same_lines() {
        let mine = changed("We train twelve people.", "We train nine people.");
        let theirs = changed("See you soon.", "See you on Monday.");
        let both = mine.replace("See you soon.", "See you on Monday.");
        assert_eq!(merged(BASE, &mine, &theirs), Some(both.clone()));
        assert_eq!(merged(BASE, &theirs, &mine), Some(both));
        assert_eq!(merged(BASE, &mine, &mine), Some(mine.clone()), "the same change is one change");
        assert_eq!(merged(BASE, &mine, BASE), Some(mine.clone()));
        assert_eq!(merged(BASE, &mine, &changed("twelve", "ten")), None);
        let long = "a line\n".repeat(MOST_LINES + 1);
        assert_eq!(merged(BASE, &long, BASE), None, "comparing would take too long");
    }

    #[test]
    fn what_does_not_fit_together_is_never_shown() {
        // People removed a column of a table that the plan gave another row.
        let table = |rows: &str| format!("# T\n\n```raci\n{rows}\n```\n");
        let base = table(
            "{\"columns\": [\"A\", \"B\"],\n\n\n\"rows\": [\n{\"activity\": \"x\", \"cells\": [\"R\", \"A\"]}]}",
        );
        let text =
            table("{\"columns\": [\"A\"],\n\n\n\"rows\": [\n{\"activity\": \"x\", \"cells\": [\"R\"]}]}");
        let now = table(
            "{\"columns\": [\"A\", \"B\"],\n\n\n\"rows\": [{\"activity\": \"y\", \"cells\": [\"R\", \"A\"]},\n{\"activity\": \"x\", \"cells\": [\"R\", \"A\"]}]}",
        );
        let laid = Wording { base: tidy(&base), text: tidy(&text) }.over(&now);
        assert_eq!(laid.standing, Standing::Apart);
        assert_eq!(laid.text, text);
    }

    #[test]
    fn a_form_sends_back_what_it_was_given() {
        for text in [BASE, "# No front matter\n\nText.\n", "+++\ntitle = \"Only\"\n+++\n\n\n"] {
            let once = tidy(text);
            let (frame, body) = halves(&once);
            let sent = joined(&frame.replace('\n', "\r\n"), &body.replace('\n', "\r\n"));
            assert_eq!(sent, once);
            assert_eq!(tidy(&sent), once);
        }
        assert_eq!(halves(BASE).0, "title = \"Plan\"");
    }

    #[test]
    fn drawn_blocks_are_pieces_of_their_own() {
        let body = "Before.\n```cards title=\"In short\"\n[1]\n```\nBetween,\n\nthem.\n\n\n````callout tone=warning\nSee\n```\ncode\n```\n````\n- item\n  ```\n  inside\n  ```\n";
        let found = pieces(body);
        let callout = "````callout tone=warning\nSee\n```\ncode\n```\n````";
        assert_eq!(
            found,
            [
                "Before.",
                "```cards title=\"In short\"\n[1]\n```",
                "Between,\n\nthem.",
                callout,
                "- item\n  ```\n  inside\n  ```"
            ]
        );
        assert_eq!(drawn(&found[1]), Some(("cards", "In short")));
        assert_eq!(drawn(callout), Some(("callout", "")));
        assert_eq!(drawn(&found[0]), None);
        assert_eq!(pieces(&found.join("\n\n")), found);
        assert_eq!(pieces("```cards\n[1]"), ["```cards\n[1]"], "one that never ends");
        assert!(pieces(" \n\n").is_empty());
    }

    #[test]
    fn rewording_a_mail_keeps_what_else_stands_above_it() {
        let before = "+++\ntitle = \"Old\"\nsubject = \"Old\"\npreheader = \"What to bring\"\n+++\n\nText\n";
        let after = "+++\ntitle = \"New\"\nsubject = \"New\"\npreheader = \"What to bring\"\n+++\n\nWords\n";
        assert_eq!(reworded(before, "New", "Words"), after);
        assert_eq!(reworded(before, "Old", "Text"), tidy(before));
    }

    #[test]
    fn a_subject_is_one_line_and_cannot_leave_its_quotes() {
        let text = email("Hello \"you\"\r\n+++\nfooter", "Text");
        assert_eq!(
            text,
            "+++\ntitle = \"Hello \\\"you\\\" +++ footer\"\nsubject = \"Hello \\\"you\\\" +++ footer\"\n+++\n\nText\n"
        );
    }
}
