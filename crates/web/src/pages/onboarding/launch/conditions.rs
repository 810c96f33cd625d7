//! Items that are not ready when a go with conditions is decided: who settles each by when, or why it need not be ready.

use gangway_app::launch::{ConditionDraft, Sight, WaiverDraft};
use gangway_domain::launch::Item;

use super::{Kept, day};
use crate::form::Fields;

/// Most rows of items that are looked through for what was typed.
const ROWS: usize = 100;

/// An item that is not ready: who settles it by when, or why it need not be.
pub(super) struct OpenSheet {
    pub place: usize,
    pub id: String,
    pub text: String,
    pub owner: String,
    pub by: String,
    pub waiver: String,
}

/// Conditions of items that are not ready: those somebody settles by a day.
pub(super) fn settled_later(fields: &Fields) -> impl Iterator<Item = ConditionDraft> {
    let owners = fields.all("open_owner").chain(std::iter::repeat(""));
    let days = fields.all("open_by").chain(std::iter::repeat(""));
    let rows = fields.all("open_item").zip(owners.zip(days));
    rows.filter(|(_, (owner, by))| !(owner.trim().is_empty() && by.is_empty())).map(|(item, (owner, by))| {
        ConditionDraft {
            text: String::new(),
            owner: owner.to_owned(),
            by: day(by),
            items: vec![item.to_owned()],
        }
    })
}

/// Items that are not ready and need not be, each with why.
pub(super) fn waivers(fields: &Fields) -> Vec<WaiverDraft> {
    let rows = fields.all("open_item").zip(fields.all("open_waiver"));
    rows.filter(|(_, reason)| !reason.trim().is_empty())
        .map(|(item, reason)| WaiverDraft { item: item.to_owned(), reason: reason.to_owned() })
        .collect()
}

/// Items that are not ready, each with what was typed of it.
pub(super) fn open_items(sight: &Sight, kept: &Kept) -> Vec<OpenSheet> {
    let open = sight.readiness.iter().flat_map(|group| &group.items).filter(|item| !item.is_ready());
    let sheet = |(place, item): (usize, &Item)| {
        // Items may have become ready since: what was typed belongs to the item, not to the row.
        let row = (0..ROWS).find(|row| kept.text_at("decide", "open_item", *row) == item.id);
        let typed = |name: &str| row.map_or("", |row| kept.text_at("decide", name, row)).to_owned();
        OpenSheet {
            place: place + 1,
            id: item.id.clone(),
            text: item.text.clone(),
            owner: typed("open_owner"),
            by: typed("open_by"),
            waiver: typed("open_waiver"),
        }
    };
    open.enumerate().map(sheet).collect()
}
