//! Pages of documents as they were made last, so that whoever reads one again does not wait for it.
//!
//! Each is kept with a digest of what it was made from. Whatever changes gives another digest: nothing has to be thrown
//! away when something does, and no process has to hear of what others changed.

use std::fmt::{self, Debug, Write};
use std::sync::Arc;

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use gangway_store::recent::Recent;
use sha2::{Digest, Sha256};

/// Bytes of pages that are kept at most: a few hundred documents.
const MOST: usize = 16 * 1024 * 1024;

/// Whose page it is, and the name of the document.
pub(super) type Whose = (WorkspaceId, OnboardingId, String);

/// Pages of documents, as many as there is room for: those that nobody read for longest go first.
#[derive(Debug)]
pub struct Pages(Recent<Whose, Page>);

#[derive(Debug, Clone)]
struct Page {
    made_of: Seal,
    html: Arc<str>,
}

impl Default for Pages {
    fn default() -> Self {
        Self(Recent::with_room_for(MOST))
    }
}

impl Pages {
    /// The page, when it was made of this.
    pub(super) fn get(&self, whose: &Whose, made_of: &Seal) -> Option<Arc<str>> {
        self.0.get(whose, |page| page.made_of == *made_of).map(|page| page.html)
    }

    /// Keeps a page in place of the one before.
    pub(super) fn keep(&self, whose: Whose, made_of: Seal, html: &str) {
        let page = Page { made_of, html: html.into() };
        self.0.put(whose, page, html.len(), |_| false);
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
    fn pages_take_the_room_of_their_bytes() {
        let (pages, seal) = (Pages::default(), Seal::of(&1));
        let [one, two] = ["one", "two"].map(|name| whose(1, 1, name));
        pages.keep(one.clone(), seal.clone(), &"1".repeat(MOST));
        assert!(read(&pages, &one, &seal).is_some());
        pages.keep(two.clone(), seal.clone(), "2");
        assert_eq!(read(&pages, &one, &seal), None, "it took all there is");
        assert_eq!(read(&pages, &two, &seal).as_deref(), Some("2"));
    }
}
