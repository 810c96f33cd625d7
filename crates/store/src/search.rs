//! Search: every word of what can be found, folded, in one table that both databases read by ranges.
//!
//! A prefix is a range of words, and every range begins with the workspace, so that a workspace pays
//! only for its own rows and can reach no others. Rows are written by the modules of what is found, in
//! the transaction that changes it.

use gangway_domain::ids::WorkspaceId;
use gangway_domain::words::words;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::value::{Value, args};

sql! {
    "search";
    FORGET = "DELETE FROM search_entry WHERE workspace_id = $1 AND kind = $2 AND id = $3";
    ENTRY = "INSERT INTO search_entry (workspace_id, kind, id, title, detail) VALUES ($1, $2, $3, $4, $5)";
    WORD = "INSERT INTO search_word (workspace_id, kind, word, id, field) VALUES ($1, $2, $3, $4, $5)";
    // How frequent a word is, as far as it matters.
    PROBE = "SELECT COUNT(*) FROM (SELECT 1 FROM search_word
                                   WHERE workspace_id = $1 AND kind = $2 AND word >= $3 AND word < $4 LIMIT 1000) few";
    // One range for the rarest word, backwards through the key; the others are looked up in what it finds.
    // The typed use of a parameter comes before its `IS NULL`, or PostgreSQL cannot tell what it is.
    FIND = "SELECT w.id, w.word, w.field
            FROM search_word w
            WHERE w.workspace_id = $1 AND w.kind = $2 AND w.word >= $3 AND w.word < $4
              AND (EXISTS (SELECT 1 FROM search_word b
                           WHERE b.workspace_id = w.workspace_id AND b.kind = w.kind AND b.id = w.id
                             AND b.word >= $5 AND b.word < $6) OR $5 IS NULL)
              AND (EXISTS (SELECT 1 FROM search_word b
                           WHERE b.workspace_id = w.workspace_id AND b.kind = w.kind AND b.id = w.id
                             AND b.word >= $7 AND b.word < $8) OR $7 IS NULL)
              AND (EXISTS (SELECT 1 FROM search_word b
                           WHERE b.workspace_id = w.workspace_id AND b.kind = w.kind AND b.id = w.id
                             AND b.word >= $9 AND b.word < $10) OR $9 IS NULL)
            ORDER BY w.word DESC, w.id DESC LIMIT $11";
    SHOW = "SELECT title, detail FROM search_entry WHERE workspace_id = $1 AND kind = $2 AND id = $3";
    FIELDS = "SELECT word, field FROM search_word WHERE workspace_id = $1 AND kind = $2 AND id = $3";
}

/// Words of a question that are looked at; further ones narrow nothing down.
pub const WORDS: usize = 4;

/// Rows looked at before the best are chosen.
const CANDIDATES: u32 = 120;

/// Words kept of one entry.
const MOST_WORDS: usize = 80;

/// A kind of thing that can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An onboarding.
    Onboarding,
    /// An account.
    Account,
    /// A contact.
    Contact,
    /// A handoff.
    Handoff,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Onboarding => "onboarding",
            Self::Account => "account",
            Self::Contact => "contact",
            Self::Handoff => "handoff",
        }
    }
}

/// Something that can be found.
#[derive(Debug, Clone)]
pub(crate) struct Entry<'a> {
    pub kind: Kind,
    pub id: Uuid,
    pub title: &'a str,
    /// A line below the title.
    pub detail: String,
    /// What it is found by: name of the field, its text. The first is what it is called.
    pub fields: &'a [(&'static str, &'a str)],
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its id, without prefix.
    pub id: Uuid,
    /// What it is called.
    pub title: String,
    /// A line below the title.
    pub detail: String,
    /// The fields in which the words stand, in the order of the words.
    pub fields: Vec<String>,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    word: String,
    field: String,
}

/// Makes something findable by its words as they are now.
pub(crate) async fn put(tx: &mut Tx, workspace: WorkspaceId, entry: Entry<'_>) -> Result<(), StoreError> {
    let Entry { kind, id, title, detail, fields } = entry;
    forget(tx, workspace, kind, id).await?;
    tx.run(ENTRY, args![workspace, kind.word(), id, title, detail]).await?;
    let mut rows: Vec<Vec<Value>> = Vec::new();
    for (field, text) in fields {
        for word in words(text) {
            if rows.len() < MOST_WORDS {
                rows.push(args![workspace, kind.word(), word, id, *field]);
            }
        }
    }
    tx.insert_all(WORD, rows).await
}

/// Makes something unfindable; its words go with it.
pub(crate) async fn forget(
    tx: &mut Tx,
    workspace: WorkspaceId,
    kind: Kind,
    id: Uuid,
) -> Result<(), StoreError> {
    tx.run(FORGET, args![workspace, kind.word(), id]).await?;
    Ok(())
}

/// What has a word beginning with each of `asked` (folded words, as [`gangway_domain::words::words`] makes
/// them), the best first: whole words before beginnings, names before other fields, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn find(
    tx: &mut Tx,
    workspace: WorkspaceId,
    kind: Kind,
    asked: &[String],
    limit: usize,
) -> Result<Vec<Found>, StoreError> {
    let mut sorted: Vec<(i64, &String)> = Vec::new();
    for word in asked.iter().take(WORDS) {
        let frequency = match asked.len() {
            // One word is looked for however frequent it is.
            1 => 1,
            _ => frequency(tx, workspace, kind, word).await?,
        };
        if frequency == 0 {
            return Ok(Vec::new());
        }
        sorted.push((frequency, word));
    }
    sorted.sort_by_key(|(frequency, word)| (*frequency, std::cmp::Reverse(word.chars().count())));
    let Some(((_, rarest), others)) = sorted.split_first() else { return Ok(Vec::new()) };
    let mut best: Vec<(u8, Uuid)> = Vec::new();
    // Words that are just this one come first: a frequent beginning must not hide them.
    let whole = format!("{rarest}\u{1}");
    for (from, to) in [((*rarest).clone(), whole.clone()), (whole, after(rarest))] {
        if best.len() >= limit {
            break;
        }
        let mut args = args![workspace, kind.word(), from, to];
        for place in 0..WORDS - 1 {
            let word = others.get(place).map(|(_, word)| *word);
            args.push(Value::Text(word.cloned()));
            args.push(Value::Text(word.map(|word| after(word))));
        }
        args.push(Value::from(CANDIDATES));
        let rows: Vec<Row> = tx.all(FIND, args).await?;
        for Row { id, word, field } in rows {
            let rank = u8::from(word != **rarest) * 2 + u8::from(field != "name");
            match best.iter_mut().find(|(_, known)| *known == id) {
                Some((known, _)) => *known = rank.min(*known),
                None => best.push((rank, id)),
            }
        }
    }
    best.sort_by_key(|(rank, id)| (*rank, std::cmp::Reverse(*id)));
    let mut found = Vec::new();
    for (_, id) in best.into_iter().take(limit) {
        found.extend(show(tx, workspace, kind, id, asked).await?);
    }
    Ok(found)
}

/// How many words of this kind begin with one, up to a thousand.
async fn frequency(tx: &mut Tx, workspace: WorkspaceId, kind: Kind, word: &str) -> Result<i64, StoreError> {
    tx.single_number(PROBE, args![workspace, kind.word(), word, after(word)]).await
}

/// The first text that comes after all that begin with this word.
fn after(word: &str) -> String {
    format!("{word}\u{10FFFF}")
}

async fn show(
    tx: &mut Tx,
    workspace: WorkspaceId,
    kind: Kind,
    id: Uuid,
    asked: &[String],
) -> Result<Option<Found>, StoreError> {
    let shown: Option<(String, String)> = tx.optional(SHOW, args![workspace, kind.word(), id]).await?;
    let Some((title, detail)) = shown else { return Ok(None) };
    let known: Vec<(String, String)> = tx.all(FIELDS, args![workspace, kind.word(), id]).await?;
    let mut fields: Vec<String> = Vec::new();
    for asked in asked.iter().take(WORDS) {
        let mut matching: Vec<&str> = known
            .iter()
            .filter(|(word, _)| word.starts_with(asked.as_str()))
            .map(|(_, field)| field.as_str())
            .collect();
        // What it is called explains itself, whatever else says the same.
        matching.sort_by_key(|field| (*field != "name", *field));
        if let Some(field) = matching.first().filter(|field| !fields.iter().any(|known| known == *field)) {
            fields.push((*field).to_owned());
        }
    }
    Ok(Some(Found { id, title, detail, fields }))
}
