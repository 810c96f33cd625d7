//! The handoff document that Gangway writes itself, read back.
//!
//! Such a document holds what was said beside what was computed from it: clocks, scores, forecasts, questions. Only what was
//! said is read; the rest is structure, so that a deal does not grow facts by being written and read again.

use gangway_domain::fact::Confidence;

use crate::builder::Builder;
use crate::interpret;
use crate::labels::Field;
use crate::prose;
use crate::source::Passage;
use crate::values::words::fold;

/// Headings that together occur in no other document.
const SIGNS: [&str; 3] = ["# Handoff", "## How complete this handoff is", "## Clocks"];

/// Second-level sections that are computed, folded.
const COMPUTED: [&str; 6] = [
    "segment and programme",
    "still unknown",
    "how complete this handoff is",
    "clocks",
    "what a person should look at",
    "handed over",
];

/// How the sentences begin that stand where nothing is known.
const EMPTY: [&str; 8] = [
    "Not known yet",
    "Nobody is named",
    "Nothing was named",
    "No promises were found",
    "None were written down",
    "Champion, critics and politics are not described",
    "Preferences, resource limits and closed periods are not known",
    "Settle before the kickoff",
];

/// How the lines begin that repeat, below SPICED, what stands elsewhere in the document.
const REPEATED: [&str; 4] = ["In use today: ", "Data kept today in: ", "Wants to be live ", "Considered "];

/// Whether a text is a handoff document written by Gangway.
pub(crate) fn is_own(text: &str) -> bool {
    SIGNS.iter().all(|sign| text.lines().any(|line| line.starts_with(sign)))
}

/// Whether a second-level section holds only what was computed.
pub(crate) fn is_computed(heading: &str) -> bool {
    COMPUTED.contains(&fold(heading).as_str())
}

/// The part of a paragraph or list item that was said and is still to be read; `None` when nothing is left.
pub(crate) fn said<'a>(
    b: &mut Builder<'_>,
    item: Passage<'a>,
    section: Option<Field>,
) -> Option<Passage<'a>> {
    let question = item.text.starts_with('*') && item.text.ends_with("?*");
    // Below the table of people stands what is concluded from it.
    let conclusion = section == Some(Field::Stakeholders);
    if question
        || conclusion
        || EMPTY.iter().chain(&REPEATED).any(|beginning| item.text.starts_with(beginning))
    {
        b.structure(item);
        return None;
    }
    if item.text.starts_with("Nothing goes live from ") {
        prose::read(b, item);
        return None;
    }
    let item = without_place(b, item);
    if let Some(rest) = item.text.strip_prefix("Bought for: ") {
        let (prefix, rest) = item.split_at(item.text.len() - rest.len());
        b.structure(prefix);
        interpret::value(b, Field::UseCases, rest, Confidence::High);
        return None;
    }
    Some(item)
}

/// Without the remark how sure a fact is and where it was found: ` — *stated, line 32*`.
fn without_place<'a>(b: &mut Builder<'_>, item: Passage<'a>) -> Passage<'a> {
    match item.text.rfind(" — *") {
        Some(at) if item.text.ends_with('*') && !item.text.ends_with("**") => {
            let (said, place) = item.split_at(at);
            b.structure(place);
            said.trim()
        }
        _ => item,
    }
}

/// Success criteria are listed under "Impact" too: keep each once, as the criterion.
pub(crate) fn finish(b: &mut Builder<'_>) {
    let criteria: Vec<String> =
        b.deal.success_criteria.iter().map(|criterion| criterion.value.text.clone()).collect();
    b.deal.impact.retain(|impact| !criteria.contains(&impact.value));
}
