//! Workspaces side by side: a token of one finds nothing of what another has, and changes nothing.

use axum::http::{Method, StatusCode};
use gangway_api::{Operation, document, operations};
use gangway_app::usage::import;
use gangway_app::{demo, identity, portal};
use gangway_domain::ids::{OnboardingId, SourceId};
use gangway_domain::permission::{Role, Scope};
use gangway_testkit::{Address, Addresses, Database, Past, TestApp};
use serde_json::{Map, Value as Json, json};

use super::{Answer, Client, admin, full};

/// What every customer of the first workspace is called by.
const MARK: &str = "qxz-";

/// A request that is refused for what it says before anything is looked for.
const REFUSED: [StatusCode; 4] = [
    StatusCode::BAD_REQUEST,
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
    StatusCode::UNPROCESSABLE_ENTITY,
    StatusCode::PRECONDITION_REQUIRED,
];

/// The owner finds nothing there either: the entries of the library are links.
const WITHOUT_A_FILE: [&str; 1] = ["/training-library/{id}/file"];

/// A value a schema of the description takes: its example where it has one.
fn sample(document: &Json, schema: &Json, depth: usize) -> Json {
    let inner = |schema: &Json| if depth > 12 { Json::Null } else { sample(document, schema, depth + 1) };
    if let Some(name) = schema["$ref"].as_str() {
        return inner(document.pointer(name.trim_start_matches('#')).unwrap());
    }
    if let Some(known) = ["example", "default", "const"].iter().find_map(|key| schema.get(*key)) {
        return known.clone();
    }
    for key in ["oneOf", "anyOf", "allOf", "enum"] {
        if let Some(first) = schema[key].as_array().and_then(|all| all.first()) {
            return if key == "enum" { first.clone() } else { inner(first) };
        }
    }
    match schema["type"].as_str().or_else(|| schema["type"][0].as_str()) {
        Some("object") => {
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str);
            let fields = required.map(|name| (name.to_owned(), inner(&schema["properties"][name])));
            Json::Object(fields.collect::<Map<_, _>>())
        }
        Some("array") => json!([inner(&schema["items"])]),
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        Some(_) if schema["format"] == "date" => json!("2027-01-11"),
        Some(_) if schema["format"] == "date-time" => json!("2027-01-11T09:00:00Z"),
        _ => json!("x"),
    }
}

/// What an operation takes, by its description: the kind of its body, and one.
fn body(document: &Json, operation: &Operation) -> Option<(String, String)> {
    let Operation { method, path, .. } = operation;
    let described = &document["paths"][path][method.as_str().to_lowercase()]["requestBody"]["content"];
    let (kind, content) = described.as_object()?.iter().next()?;
    let is_json = kind == "application/json";
    let text = if !is_json {
        "x".to_owned()
    } else if let Some(example) = content.get("example") {
        example.to_string()
    } else {
        sample(document, &content["schema"], 0).to_string()
    };
    Some((kind.clone(), text))
}

async fn ask(client: &Client, document: &Json, operation: &Operation, path: &str) -> Answer {
    let (method, sent) = (operation.method.clone(), body(document, operation));
    let mut headers = Vec::new();
    if method != Method::GET && method != Method::POST {
        headers.push(("if-match", "\"1\""));
    }
    if let Some((kind, _)) = &sent {
        headers.push(("content-type", kind.as_str()));
    }
    let text = sent.as_ref().map_or("", |(_, text)| text.as_str());
    client.send(method, path, &headers, text).await
}

/// What is wrong about an answer to somebody of another workspace; nothing when it is as it should be.
fn fault(operation: &Operation, address: &Address, answer: &Answer) -> Option<&'static str> {
    let status = answer.status;
    if status.is_server_error() {
        return Some("breaks");
    }
    if answer.text.contains(MARK) {
        return Some("tells");
    }
    let may_refuse = operation.method != Method::GET && REFUSED.contains(&status);
    (address.names_a_row && status != StatusCode::NOT_FOUND && !may_refuse).then_some("finds")
}

/// The demo, and what it lacks: a token, links to a report and to an onboarding, an import that was begun.
async fn furnish(test: &TestApp, past: &mut Past) {
    let (app, actor) = (&test.app, &test.actor);
    demo::seed(app).await.unwrap();
    let holder = test.member(Role::Admin).await;
    identity::create_token(app, &holder, "Nightly export", &[Scope::Read], 30).await.unwrap();
    let columns = app.db.columns().await.unwrap();
    past.make_up("report_link", &[], &columns, actor.workspace).await.unwrap();
    let at_work = "customer = 'Kestrel Energy'";
    let found = past.texts("onboarding", "'onb_' || lower(hex(id))", at_work).await.unwrap();
    let onboarding: OnboardingId = found[0].parse().unwrap();
    portal::embed(app, actor, onboarding).await.unwrap();
    let found = past.texts("usage_source", "'src_' || lower(hex(id))", "").await.unwrap();
    let source: SourceId = found[0].parse().unwrap();
    let (name, format) = ("events.csv".to_owned(), "csv".to_owned());
    let wanted = import::Wanted { name, source, format, total_bytes: 10 };
    import::begin(app, actor, &wanted).await.unwrap();
}

/// The owner finds everything there is: the addresses are right.
async fn owner_finds(test: &TestApp, document: &Json, addresses: &Addresses) -> Vec<String> {
    let client = admin(test).await;
    let (mut wrong, mut count) = (Vec::new(), 0);
    for operation in operations().into_iter().filter(|operation| operation.method == Method::GET) {
        let Some(address) = addresses.of(&operation.path) else { continue };
        let is_asked = address.names_a_row && address.is_real;
        if !is_asked || WITHOUT_A_FILE.contains(&operation.path.as_str()) {
            continue;
        }
        count += 1;
        let answer = ask(&client, document, &operation, &address.path).await;
        if !answer.status.is_success() {
            wrong.push(format!("the owner does not find {}: {}", operation.path, answer.status));
        }
    }
    assert!(count > 75, "only {count} were asked for");
    wrong
}

/// Asks for everything as a token of the other workspace.
async fn stranger_asks(client: &Client, document: &Json, addresses: &Addresses) -> Vec<String> {
    let (mut wrong, mut looked, mut in_vain) = (Vec::new(), 0, 0);
    for operation in operations() {
        let what = format!("{} {}", operation.method, operation.path);
        let Some(address) = addresses.of(&operation.path) else {
            wrong.push(format!("nothing is known to stand for the parts of {what}"));
            continue;
        };
        // What names no row changes only what is the stranger's own.
        if operation.method != Method::GET && !address.names_a_row {
            continue;
        }
        let answer = ask(client, document, &operation, &address.path).await;
        looked += usize::from(address.names_a_row);
        in_vain += usize::from(address.names_a_row && answer.status == StatusCode::NOT_FOUND);
        if let Some(fault) = fault(&operation, &address, &answer) {
            wrong.push(format!("{what} {fault}: {} {}", answer.status, answer.text));
        }
    }
    assert!(looked > 250, "only {looked} addresses named a row");
    assert!(in_vain * 2 > looked, "{in_vain} of {looked} were looked for");
    wrong
}

/// What is named in a body is as foreign as what is named in an address.
async fn stranger_names(client: &Client, addresses: &Addresses) {
    let id = |route: &str| addresses.of(route).unwrap().path.rsplit('/').next().unwrap().to_owned();
    let (handoff, account, contact) = (id("/handoffs/{id}"), id("/accounts/{id}"), id("/contacts/{id}"));
    let own = client.onboard(&gangway_testkit::deal("Globex")).await;
    for (path, body) in [
        ("/onboardings".to_owned(), json!({ "handoff": handoff })),
        ("/contacts".to_owned(), json!({ "account": account, "name": "Eve" })),
        (format!("/onboardings/{own}/stakeholders"), json!({ "contact": contact, "role": "champion" })),
    ] {
        let answer = client.json(Method::POST, &path, &[], &body).await;
        let refused = [StatusCode::NOT_FOUND, StatusCode::UNPROCESSABLE_ENTITY].contains(&answer.status);
        assert!(refused && !answer.text.contains(MARK), "{path}: {} {}", answer.status, answer.text);
    }
}

#[tokio::test]
async fn nobody_finds_or_changes_what_is_another_workspaces() {
    let database = Database::sqlite().await.unwrap();
    let test = TestApp::on(database.db.clone()).await;
    let mut past = Past::to(&database.url).await.unwrap();
    furnish(&test, &mut past).await;
    let document = document();
    let mut addresses = Addresses::read(&mut past, &full::rows()).await.unwrap();
    let mut wrong = owner_finds(&test, &document, &addresses).await;
    for (table, column) in
        [("onboarding", "customer"), ("account", "name"), ("contact", "name"), ("task", "name")]
    {
        assert!(past.write(table, column, "", &format!("{MARK}{table}")).await.unwrap() > 0, "{table}");
    }
    let (columns, own) = (database.db.columns().await.unwrap(), test.actor.workspace);
    addresses.make_up(&mut past, &columns, own).await.unwrap();
    let stranger = admin(&test.elsewhere("Southlight").await).await;
    let before = past.all_of(&columns, own).await.unwrap();
    assert!(before["activity"].len() > 100 && before["task"].len() > 1000, "all of it is looked at");

    wrong.extend(stranger_asks(&stranger, &document, &addresses).await);
    stranger_names(&stranger, &addresses).await;
    let after = past.all_of(&columns, own).await.unwrap();
    let changed = before.keys().filter(|table| before[*table] != after[*table]);
    wrong.extend(changed.map(|table| format!("rows of {table} were changed")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    database.remove().await.unwrap();
}
