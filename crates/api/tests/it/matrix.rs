//! Who may do what: every operation × role × scope.

use axum::http::{Method, StatusCode};
use gangway_api::{Operation, operations};
use gangway_domain::permission::{Role, Scope};
use gangway_testkit::{Database, TestApp};

use super::{Answer, Client, client};

/// A path with something that does not exist for every `{…}`.
fn filled(path: &str) -> String {
    path.split('/')
        .map(|part| if part.starts_with('{') { "nothing" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

/// Asks with a body that no operation takes, so that nothing is ever done.
async fn try_it(client: &Client, operation: &Operation) -> Answer {
    let Operation { method, path, .. } = operation;
    let kind: &[(&str, &str)] = if *method == Method::GET { &[] } else { &[("content-type", "image/png")] };
    client.send(method.clone(), &filled(path), kind, "").await
}

#[tokio::test]
async fn every_operation_lets_in_whom_the_matrix_says_and_nobody_else() {
    let database = Database::sqlite().await.unwrap();
    let test = TestApp::on(database.db.clone()).await;
    let all = operations();
    assert!(all.len() >= 410, "the list lost operations: {}", all.len());
    let reaches: [&[Scope]; 5] =
        [&[Scope::Read], &[Scope::Write], &[Scope::Admin], &[Scope::Read, Scope::Write], &Scope::ALL];
    for role in Role::ALL {
        for scopes in reaches {
            let client = client(&test, role, scopes).await;
            for operation in &all {
                let answer = try_it(&client, operation).await;
                let what = format!("{role} with {scopes:?} at {} {}", operation.method, operation.path);
                let may = role.may(operation.needs) && scopes.contains(&operation.needs.scope());
                assert_eq!(answer.status != StatusCode::FORBIDDEN, may, "{what}: {}", answer.text);
                assert!(!answer.status.is_server_error(), "{what}: {}", answer.text);
                if !may {
                    assert_eq!(answer.code(), "forbidden");
                }
            }
        }
    }
    database.remove().await.unwrap();
}

#[tokio::test]
async fn nobody_gets_in_without_a_token_that_works() {
    let database = Database::sqlite().await.unwrap();
    let test = TestApp::on(database.db.clone()).await;
    let known = client(&test, Role::Admin, &Scope::ALL).await;
    for operation in operations() {
        for (token, code) in [
            ("", "token_missing"),
            ("gangway_guess", "token_invalid"),
            (known.token.trim_start_matches("gangway_"), "token_invalid"),
        ] {
            let client = Client { token: token.to_owned(), router: known.router.clone() };
            let answer = try_it(&client, &operation).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{operation:?}");
            assert_eq!(
                (answer.code().as_str(), answer.header("www-authenticate")),
                (code, "Bearer realm=\"Gangway\"")
            );
        }
    }
    let cookie = test.sign_in(Role::Admin).await;
    let nobody = Client { token: String::new(), router: known.router.clone() };
    let answer = nobody.send(Method::GET, "/me", &[("cookie", &cookie)], "").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "a cookie means nothing here");

    assert_eq!(known.get("/me").await.status, StatusCode::OK);
    test.clock.advance_days(31);
    assert_eq!(known.get("/me").await.code(), "token_invalid", "it has ended");
    database.remove().await.unwrap();
}
