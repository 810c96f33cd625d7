//! Pages of documents as they were made last, so that whoever reads one again does not wait for it.
//!
//! Each is kept with a digest of what it was made from. Whatever changes gives another digest: nothing has to be thrown
//! away when something does, and no process has to hear of what others changed.

use std::collections::BTreeMap;
use std::fmt::{self, Debug, Write};
use std::sync::{Arc, Mutex, PoisonError};

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use sha2::{Digest, Sha256};

/// Bytes of pages that are kept at most: a few hundred documents.
const MOST: usize = 16 * 1024 * 1024;

/// Whose page it is, and the name of the document.
pub(super) type Whose = (WorkspaceId, OnboardingId, String);

/// Pages of documents, as many as there is room for: those that nobody read for longest go first.
#[derive(Debug, Default)]
pub struct Pages(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    pages: BTreeMap<Whose, Page>,
    /// Bytes of all of them.
    bytes: usize,
    /// Counts what was read or kept.
    turn: u64,
}

#[derive(Debug)]
struct Page {
    made_of: Seal,
    html: Arc<str>,
    /// The turn in which it was read last.
    read: u64,
}

impl Pages {
    /// The page, when it was made of this.
    pub(super) fn get(&self, whose: &Whose, made_of: &Seal) -> Option<Arc<str>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.turn += 1;
        let turn = kept.turn;
        let page = kept.pages.get_mut(whose).filter(|page| page.made_of == *made_of)?;
        page.read = turn;
        Some(page.html.clone())
    }

    /// Keeps a page in place of the one before.
    pub(super) fn keep(&self, whose: Whose, made_of: Seal, html: &str) {
        self.keep_within(MOST, whose, made_of, html);
    }

    fn keep_within(&self, most: usize, whose: Whose, made_of: Seal, html: &str) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.turn += 1;
        kept.forget(&whose);
        if html.len() > most {
            return;
        }
        kept.bytes += html.len();
        let page = Page { made_of, html: html.into(), read: kept.turn };
        kept.pages.insert(whose, page);
        while kept.bytes > most {
            let oldest = kept.pages.iter().min_by_key(|(_, page)| page.read).map(|(whose, _)| whose.clone());
            let Some(oldest) = oldest else { break };
            kept.forget(&oldest);
        }
    }
}

impl Kept {
    fn forget(&mut self, whose: &Whose) {
        if let Some(page) = self.pages.remove(whose) {
            self.bytes -= page.html.len();
        }
    }
}

/// A digest of what a page is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seal(Vec<u8>);

impl Seal {
    /// Of values that say all they hold where they are debugged, as those do that derive it.
    pub(super) fn of(values: &impl Debug) -> Self {
        let mut sum = Sum(Sha256::new());
        // Nothing can fail that writes into a digest.
        let _ = write!(sum, "{values:?}");
        Self(sum.0.finalize().to_vec())
    }
}

struct Sum(Sha256);

impl Write for Sum {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whose(workspace: u128, onboarding: u128, name: &str) -> Whose {
        let id = uuid::Uuid::from_u128;
        (WorkspaceId::from(id(workspace)), OnboardingId::from(id(onboarding)), name.to_owned())
    }

    fn read(pages: &Pages, whose: &Whose, made_of: &Seal) -> Option<String> {
        pages.get(whose, made_of).map(|html| html.to_string())
    }

    #[test]
    fn a_page_is_found_by_whom_it_is_for_and_what_it_was_made_of() {
        let pages = Pages::default();
        let (ours, first, second) = (whose(1, 1, "handoff"), Seal::of(&("plan", 1)), Seal::of(&("plan", 2)));
        pages.keep(ours.clone(), first.clone(), "ours");
        assert_eq!(read(&pages, &ours, &first).as_deref(), Some("ours"));
        assert_eq!(read(&pages, &ours, &second), None, "the plan is another");
        for other in [whose(2, 1, "handoff"), whose(1, 2, "handoff"), whose(1, 1, "kickoff-deck")] {
            assert_eq!(read(&pages, &other, &first), None, "{other:?}");
        }
        pages.keep(ours.clone(), second.clone(), "newer");
        assert_eq!(read(&pages, &ours, &first), None, "one page is kept of each document");
        assert_eq!(read(&pages, &ours, &second).as_deref(), Some("newer"));
    }

    #[test]
    fn what_nobody_read_for_longest_makes_room() {
        let (pages, seal) = (Pages::default(), Seal::of(&1));
        let [one, two, three] = ["one", "two", "three"].map(|name| whose(1, 1, name));
        pages.keep_within(10, one.clone(), seal.clone(), "12345");
        pages.keep_within(10, two.clone(), seal.clone(), "12345");
        assert_eq!(read(&pages, &one, &seal).as_deref(), Some("12345"));
        pages.keep_within(10, three.clone(), seal.clone(), "123");
        assert_eq!(read(&pages, &two, &seal), None);
        assert!(read(&pages, &one, &seal).is_some() && read(&pages, &three, &seal).is_some());
        // One that takes more than there is room for is made each time, and throws nothing out.
        pages.keep_within(10, two.clone(), seal.clone(), "12345678901");
        assert_eq!(read(&pages, &two, &seal), None);
        assert!(read(&pages, &one, &seal).is_some());
        // In place of a shorter one, a page counts once.
        pages.keep_within(10, three.clone(), seal.clone(), "12345");
        assert!(read(&pages, &one, &seal).is_some() && read(&pages, &three, &seal).is_some());
        assert_eq!(pages.0.lock().unwrap().bytes, 10);
    }
}
