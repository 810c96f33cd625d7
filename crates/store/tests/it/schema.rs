//! One SQL text, one schema: what both databases must agree on.

use std::collections::BTreeSet;
use std::path::Path;

use gangway_store::statements;
use gangway_testkit::{Database, for_each_database};

#[tokio::test]
async fn both_databases_understand_every_statement() {
    let all = statements();
    assert!(all.len() > 30, "the registry lost statements: {}", all.len());
    for_each_database(|db| async move {
        for statement in statements() {
            let outcome = db.prepare(&statement).await;
            assert!(outcome.is_ok(), "{}: {:?}\n{}", statement.name, outcome, statement.sql);
        }
    })
    .await;
}

#[test]
fn every_statement_is_scoped_by_workspace() {
    for statement in statements() {
        let scoped = match statement.name {
            // The workspace itself is named by its own id.
            "workspace::INSERT" | "workspace::GET" | "workspace::RENAME" | "workspace::LOCK"
            | "workspace::REMOVE" => true,
            // People belong to the installation, and so does the way in: these name a person or the
            // digest of a secret only its holder has.
            name if ["person::", "session::", "password_reset::", "used_sign_in::"]
                .iter()
                .any(|module| name.starts_with(module)) =>
            {
                true
            }
            // For whoever has a shell on the machine.
            "workspace::ALL" => true,
            // The queue belongs to the installation: counted and cleared as a whole.
            "job::DEPTH" | "job::GIVEN_UP" | "job::NEXT" | "job::PRUNE" => true,
            // Each workspace is then brought up to date by itself.
            "upkeep::WORKSPACES" => true,
            // A log belongs to the installation, and so does how far it was counted.
            "usage::roll::CURSOR" | "usage::roll::LOCK_CURSOR" | "usage::roll::MOVE_CURSOR" | "usage::roll::FOLLOW" => {
                true
            }
            // Whoever sends events holds the write key, and knows no workspace.
            "usage::source::BY_DIGEST" => true,
            "membership::OF_PERSON"
            | "invitation::BY_DIGEST"
            | "api_token::HOLDER"
            | "api_token::DELETE_OF_PERSON"
            | "crm_hook::BY_ID"
            // Whoever holds the secret of a link may read what it opens, and knows no workspace.
            | "report::BY_LINK"
            // Whoever holds a certificate may ask about its number.
            | "training::result::BY_NUMBER"
            | "portal::BY_DIGEST"
            // Whoever asks for a way into the portal knows their address, and no workspace.
            | "portal::OF_EMAIL"
            | "portal::link::BY_DIGEST"
            // The cookie of a guest names their session, which names the workspace.
            | "portal::session::INSERT"
            | "portal::session::OPEN"
            | "portal::session::TOUCH"
            | "portal::session::DELETE"
            | "portal::session::DELETE_EXPIRED" => true,
            _ if statement.sql.starts_with("INSERT") => {
                statement.sql.replace(['\n', ' '], "").contains("(workspace_id,")
            }
            // Or every row that is changed says its whole key, the workspace first.
            _ => {
                statement.sql.contains("workspace_id = $1")
                    || (statement.sql.contains(" (workspace_id, ")
                        && statement.sql.contains("UNION ALL SELECT $1, "))
            }
        };
        assert!(scoped, "{} reaches beyond its workspace:\n{}", statement.name, statement.sql);
    }
}

#[test]
fn statements_have_names_of_their_own() {
    let all = statements();
    let names: BTreeSet<&str> = all.iter().map(|statement| statement.name).collect();
    assert_eq!(names.len(), all.len());
}

#[test]
fn migrations_have_the_same_names() {
    let names = |kind: &str| -> BTreeSet<String> {
        std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(kind))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

/// What belongs to a workspace is tied to it, directly or through what it belongs to, by keys that delete along.
#[test]
fn every_table_of_a_workspace_goes_with_it() {
    let mut tables = 0;
    for kind in ["sqlite", "postgres"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(kind);
        for file in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            for table in text.split("CREATE TABLE ").skip(1) {
                let table = table.split("\n)").next().unwrap();
                if !table.contains("workspace_id") {
                    continue;
                }
                let tied = |line: &str| {
                    ["workspace_id", "REFERENCES", "ON DELETE CASCADE"].iter().all(|part| line.contains(part))
                };
                assert!(table.lines().any(tied), "{kind}: {table}");
                tables += 1;
            }
        }
    }
    assert!(tables > 60, "the migrations were not understood: {tables}");
}

#[tokio::test]
async fn both_schemas_have_the_same_columns() {
    let sqlite = Database::sqlite().await.unwrap();
    let postgres = Database::postgres().await.unwrap();
    let (one, other) = (sqlite.db.columns().await.unwrap(), postgres.db.columns().await.unwrap());
    sqlite.remove().await.unwrap();
    postgres.remove().await.unwrap();
    assert!(one.len() > 80, "the introspection lost columns: {}", one.len());
    assert_eq!(one, other);
    let kinds: BTreeSet<&str> = one.iter().map(|column| column.kind.as_str()).collect();
    assert_eq!(kinds, BTreeSet::from(["bool", "day", "id", "int", "json", "text", "time"]));
}

#[tokio::test]
async fn opening_twice_changes_nothing() {
    let database = Database::sqlite().await.unwrap();
    let again = gangway_store::Db::open(&database.url).await.unwrap();
    assert_eq!(again.columns().await.unwrap(), database.db.columns().await.unwrap());
    again.close().await;
    database.remove().await.unwrap();
}

#[tokio::test]
async fn an_unknown_address_is_refused_without_its_password() {
    let error = gangway_store::Db::open("mysql://root:secret@db/gangway").await.unwrap_err().to_string();
    assert!(error.contains("mysql") && !error.contains("secret"), "{error}");
}
