//! Every answer the other tests get is one the description tells.

use std::sync::LazyLock;

use axum::http::Method;
use gangway_api::{Operation, document, operations};
use serde_json::Value as Json;

use super::{Answer, schema};

static DOCUMENT: LazyLock<Json> = LazyLock::new(document);
static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(operations);

/// The operation that answers at this path, which may have a query.
fn operation(method: &Method, path: &str) -> Option<&'static Operation> {
    let parts: Vec<&str> = path.split('?').next().unwrap_or_default().split('/').collect();
    let fits = |operation: &&Operation| {
        let known: Vec<&str> = operation.path.split('/').collect();
        let same = |(known, part): (&&str, &&str)| known.starts_with('{') || known == part;
        operation.method == *method && known.len() == parts.len() && known.iter().zip(&parts).all(same)
    };
    // What is written out goes before what varies, as in the router.
    OPERATIONS.iter().filter(fits).min_by_key(|operation| operation.path.matches('{').count())
}

/// Fails when the operation that answered is not described as answering so, or its JSON is not as its schema says.
pub(crate) fn check(method: &Method, path: &str, answer: &Answer) {
    let Some(Operation { path, .. }) = operation(method, path) else { return };
    let what = format!("{method} {path} answers {}", answer.status);
    let answers = &DOCUMENT["paths"][path][method.as_str().to_lowercase()]["responses"];
    let described = answers.get(answer.status.as_str());
    let mut described = described.unwrap_or_else(|| panic!("{what}: that is not described"));
    if let Some(reference) = described["$ref"].as_str() {
        described = DOCUMENT.pointer(reference.trim_start_matches('#')).unwrap();
    }
    let kind = answer.header("content-type");
    if !["application/json", "application/problem+json"].contains(&kind) {
        return;
    }
    let known = described["content"].get(kind).unwrap_or_else(|| panic!("{what} with {kind}, not described"));
    if let Err(wrong) = schema::check(&DOCUMENT, &known["schema"], &answer.json()) {
        panic!("{what}, not as described: {wrong}");
    }
}

#[test]
fn an_operation_is_found_by_what_is_asked() {
    let path = |method: Method, path: &str| operation(&method, path).map(|known| known.path.as_str());
    assert_eq!(path(Method::GET, "/accounts?limit=1"), Some("/accounts"));
    assert_eq!(path(Method::GET, "/accounts/acc_1"), Some("/accounts/{id}"));
    assert_eq!(
        path(Method::PUT, "/accounts/by-external-id/7"),
        Some("/accounts/by-external-id/{external_id}")
    );
    assert_eq!(path(Method::DELETE, "/me"), None);
    assert_eq!(path(Method::GET, "/nothing"), None);
}

/// What use cases can refuse, beside what holds for every operation.
#[test]
fn what_an_operation_refuses_is_described() {
    for (method, path, statuses) in [
        ("post", "/contacts", &["404", "409", "422"][..]),
        ("post", "/onboardings", &["404", "409", "422"]),
        ("patch", "/contacts/{id}", &["404", "412", "422", "428"]),
        ("patch", "/views/{id}", &["404", "412", "422", "428"]),
        ("patch", "/tasks/{id}", &["404", "409", "412", "422", "428"]),
        ("patch", "/milestones/{id}", &["404", "409", "412", "422", "428"]),
        ("patch", "/register/{id}", &["404", "409", "412", "422", "428"]),
        ("delete", "/register/{id}", &["404", "409", "412"]),
        ("delete", "/meetings/{id}", &["404", "409", "412"]),
        ("delete", "/views/{id}", &["404", "412"]),
        ("patch", "/webhooks/{id}", &["404", "412", "422", "428"]),
        ("delete", "/webhooks/{id}", &["404", "412"]),
        ("patch", "/members/{id}", &["404", "409", "412", "422"]),
        ("delete", "/members/{id}", &["404", "409"]),
        ("put", "/profile/password", &["403", "422", "429"]),
        ("delete", "/profile/sessions/{id}", &["404"]),
        ("post", "/profile/leaving", &["409", "422"]),
        ("delete", "/workspace", &["400", "422"]),
        ("put", "/accounts/by-external-id/{external_id}", &["412", "422"]),
        ("put", "/contacts/by-external-id/{external_id}", &["404", "412", "422"]),
        ("put", "/programmes/{id}/draft", &["404", "409", "412", "422"]),
        ("post", "/programmes/{id}/built-in", &["404", "412", "422"]),
        ("post", "/programmes/{id}/publication", &["404", "412", "422", "428"]),
        ("put", "/crm-connections/{crm}", &["404", "422", "502"]),
        ("get", "/crm-connections/{crm}/deals", &["404", "502"]),
        ("post", "/crm-connections/{crm}/deals/{id}/handoff", &["404", "422", "502"]),
    ] {
        for status in statuses {
            let answer = &DOCUMENT["paths"][path][method]["responses"][status];
            let told = format!("#/components/responses/{status}");
            assert_eq!(answer["$ref"], told.as_str(), "{method} {path}");
        }
    }
    let put = &DOCUMENT["paths"]["/crm-connections/{crm}"]["put"]["responses"];
    assert!(put.get("412").is_none(), "it has no version");
}
