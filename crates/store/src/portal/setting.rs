//! How the portals of a workspace look.

use gangway_domain::ids::WorkspaceId;
use gangway_domain::portal::Language;
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::value::{args, read};

sql! {
    "portal::setting";
    GET = "SELECT name, colour, logo <> '' AS has_picture, greeting, help_email, language, frame_ancestors, reminds, version
           FROM portal_setting WHERE workspace_id = $1";
    PICTURE = "SELECT logo FROM portal_setting WHERE workspace_id = $1";
    INSERT = "INSERT INTO portal_setting
                (workspace_id, name, colour, logo, greeting, help_email, language, frame_ancestors, reminds, version)
              VALUES ($1, $2, $3, COALESCE($4, ''), $5, $6, $7, $8, $9, 1)
              ON CONFLICT (workspace_id) DO NOTHING";
    CHANGE = "UPDATE portal_setting
              SET name = $2, colour = $3, logo = COALESCE($4, logo), greeting = $5, help_email = $6, language = $7,
                  frame_ancestors = $8, reminds = $9, version = version + 1
              WHERE workspace_id = $1 AND version = $10";
}

/// How the portals of a workspace look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// What customers know the vendor as; empty for the name of the workspace.
    pub name: String,
    /// The accent, `#rrggbb`; empty for Gangway's.
    pub colour: String,
    /// There is a picture; not written.
    pub has_picture: bool,
    /// A sentence on the first page; may be empty.
    pub greeting: String,
    /// Whom customers write to; may be empty.
    pub help_email: String,
    /// The language of those whose own is not known.
    pub language: Language,
    /// Sites that may show an embedded status, separated by spaces.
    pub frame_ancestors: String,
    /// Reminders are mailed to contacts.
    pub reminds: bool,
    /// Counts changes, from 1; 0 when nobody has said anything.
    pub version: i64,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            name: String::new(),
            colour: String::new(),
            has_picture: false,
            greeting: String::new(),
            help_email: String::new(),
            language: Language::En,
            frame_ancestors: String::new(),
            reminds: true,
            version: 0,
        }
    }
}

#[derive(FromRow)]
struct Row {
    name: String,
    colour: String,
    has_picture: bool,
    greeting: String,
    help_email: String,
    language: String,
    frame_ancestors: String,
    reminds: bool,
    version: i64,
}

/// How the portals of a workspace look; as they come when nobody has said anything.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId) -> Result<Setting, StoreError> {
    let row: Option<Row> = tx.optional(GET, args![workspace]).await?;
    let Some(row) = row else { return Ok(Setting::default()) };
    Ok(Setting {
        name: row.name,
        colour: row.colour,
        has_picture: row.has_picture,
        greeting: row.greeting,
        help_email: row.help_email,
        language: read("portal setting", &row.language)?,
        frame_ancestors: row.frame_ancestors,
        reminds: row.reminds,
        version: row.version,
    })
}

/// The picture portals of a workspace show, as `data:` address; nothing without one. It is large, and only its own
/// address needs it.
///
/// # Errors
/// When the database fails.
pub async fn picture(tx: &mut Tx, workspace: WorkspaceId) -> Result<Option<String>, StoreError> {
    let row: Option<(String,)> = tx.optional(PICTURE, args![workspace]).await?;
    Ok(row.map(|(picture,)| picture).filter(|picture| !picture.is_empty()))
}

/// Keeps how they look, in place of the version it says it was; the picture stays when none is given, and an empty one
/// takes it away. False when it is not that version any more.
///
/// # Errors
/// When the database fails.
pub async fn save(
    tx: &mut Tx,
    workspace: WorkspaceId,
    setting: &Setting,
    picture: Option<&str>,
) -> Result<bool, StoreError> {
    let mut row = args![
        workspace,
        &setting.name,
        &setting.colour,
        picture.map(str::to_owned),
        &setting.greeting,
        &setting.help_email,
        setting.language.word(),
        &setting.frame_ancestors,
        setting.reminds,
    ];
    if setting.version == 0 {
        return Ok(tx.run(INSERT, row).await? == 1);
    }
    row.extend(args![setting.version]);
    Ok(tx.run(CHANGE, row).await? == 1)
}
