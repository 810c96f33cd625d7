//! The few routes beside the tables of operations and pages: each is listed here with who may use it, and a route that
//! is not fails.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::http::{Method, Request};
use gangway_api::Api;
use gangway_testkit::{Database, TestApp};

use super::ask;
use super::usage::track;

/// A route that no table makes.
struct Door {
    /// Where it is made, and as what.
    made: (&'static str, &'static str),
    /// An address of it; none for what is served on an address of its own.
    address: Option<(Method, &'static str)>,
    /// What somebody gets who has no secret.
    status: u16,
    /// Who may use it.
    who: &'static str,
}

const fn door(
    made: (&'static str, &'static str),
    address: Option<(Method, &'static str)>,
    status: u16,
    who: &'static str,
) -> Door {
    Door { made, address, status, who }
}

const UNKNOWN_HOOK: &str = "/hooks/hubspot/hok_00000000000000000000000000000009";
const UNKNOWN_SECRET: &str = "/hooks/salesforce/hok_00000000000000000000000000000009/guess";

static DOORS: [Door; 9] = [
    door(
        ("api/src/lib.rs", "\"/openapi.json\""),
        Some((Method::GET, "/api/v1/openapi.json")),
        200,
        "everybody: it says nothing about anyone",
    ),
    door(("api/src/lib.rs", "\"/docs\""), Some((Method::GET, "/api/docs")), 308, "everybody"),
    door(("api/src/lib.rs", "\"/docs/\""), Some((Method::GET, "/api/docs/")), 200, "everybody"),
    door(
        ("api/src/lib.rs", "\"/docs/{file}\""),
        Some((Method::GET, "/api/docs/swagger-initializer.js")),
        200,
        "everybody: files of the page",
    ),
    door(
        ("api/src/lib.rs", "\"/hubspot/{id}\""),
        Some((Method::POST, UNKNOWN_HOOK)),
        404,
        "whoever signs with the secret of the address",
    ),
    door(
        ("api/src/lib.rs", "\"/salesforce/{id}/{secret}\""),
        Some((Method::POST, UNKNOWN_SECRET)),
        404,
        "whoever knows the secret in the address",
    ),
    door(
        ("api/src/ingest/mod.rs", "\"/{kind}\""),
        Some((Method::POST, "/v1/track")),
        401,
        "whoever has the write key of a source",
    ),
    door(
        ("api/src/ingest/mod.rs", "\"/projects/{key}/settings\""),
        Some((Method::GET, "/v1/projects/guess/settings")),
        401,
        "whoever has the write key of a source",
    ),
    door(
        ("web/src/measure.rs", "\"/metrics\""),
        None,
        0,
        "whoever reaches the address of measurements, which is not the public one",
    ),
];

/// What makes the routes of a table: the authorisation matrix of the pages holds those.
const TABLES: [(&str, &str); 1] = [("web/src/routes/mod.rs", "$path")];

/// The source files under a folder.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
}

/// Every place in the sources at which a route is made: the file, and the path that is given.
fn made() -> BTreeSet<(String, String)> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    for room in ["api", "web", "cli"] {
        sources(&crates.join(room).join("src"), &mut files);
    }
    let mut all = BTreeSet::new();
    for file in files {
        let name = file.strip_prefix(crates).unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&file).unwrap();
        for begin in [".route(", ".route_service(", ".nest_service("] {
            let given = text.split(begin).skip(1).map(|rest| rest.split(',').next().unwrap().trim());
            all.extend(given.map(|given| (name.clone(), given.to_owned())));
        }
    }
    all
}

#[test]
fn every_route_is_in_a_table_or_listed_here() {
    let listed = DOORS.iter().map(|door| door.made).chain(TABLES);
    let listed: BTreeSet<(String, String)> =
        listed.map(|(file, path)| (file.to_owned(), path.to_owned())).collect();
    assert_eq!(made(), listed, "a route beside the tables: say here who may use it");
    assert!(DOORS.iter().all(|door| !door.who.is_empty()));
}

#[tokio::test]
async fn without_a_secret_nobody_gets_further_than_is_said() {
    let database = Database::sqlite().await.unwrap();
    let test = TestApp::on(database.db.clone()).await;
    let router = Api::new(test.app.clone()).router();
    for Door { made, address, status, who } in &DOORS {
        let Some((method, path)) = address else { continue };
        let message = track("Report Exported", "m-1").to_string();
        let request = Request::builder().method(method.clone()).uri(*path).body(Body::from(message)).unwrap();
        let answer = ask(&router, request).await;
        assert_eq!(answer.status.as_u16(), *status, "{made:?}, for {who}: {}", answer.text);
    }
    database.remove().await.unwrap();
}
