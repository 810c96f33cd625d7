//! No path leads out: of a package, or of the files that are kept with a task.

use axum::http::{Method, StatusCode};
use gangway_testkit::{TestApp, deal, for_each_database};

use super::admin;

#[tokio::test]
async fn no_path_leads_out_of_a_package() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let id = api.onboard(&deal("Acme")).await;
        let inside = api.get(&format!("/onboardings/{id}/files/emails%2Fwelcome.txt")).await;
        assert_eq!(inside.status, StatusCode::OK, "a path of two parts is one: {}", inside.text);
        for path in [
            "..",
            "../../../etc/passwd",
            "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
            "..%2f..%2f..%2fetc%2fpasswd",
            "..%5c..%5csecret.key",
            "%2fetc%2fpasswd",
            "/etc/passwd",
            "C:%5cWindows%5cwin.ini",
            "emails%2f..%2f..%2fsecret.key",
            "emails%2f..%2fpackage.json",
            "%252e%252e%252fsecret.key",
            "%00",
            "package.json%00.pdf",
            "package.json%00",
            "%ff%fe",
        ] {
            let answer = api.get(&format!("/onboardings/{id}/files/{path}")).await;
            let refused = matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST);
            assert!(refused, "{path}: {} {}", answer.status, answer.text);
            assert!(!answer.text.contains("root:"), "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_name_of_a_file_is_no_path() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let id = api.onboard(&deal("Acme")).await;
        let tasks = api.get(&format!("/onboardings/{id}/tasks")).await.json();
        let folder = format!("/work/{}/attachments", tasks["items"][0]["id"].as_str().unwrap());
        let kind = [("content-type", "application/octet-stream")];
        for (sent, kept) in [
            ("..%2f..%2fetc%2fpasswd", "passwd"),
            ("%2fetc%2fshadow", "shadow"),
            ("..%5c..%5cboot.ini", "boot.ini"),
            ("%252e%252e%252fkey", "%2e%2e%2fkey"),
            ("a%22b%3b%20filename=c.exe", "a\"b; filename=c.exe"),
        ] {
            let put = api.send(Method::PUT, &format!("{folder}/{sent}"), &kind, "x").await;
            assert_eq!(put.status, StatusCode::CREATED, "{sent}: {}", put.text);
            assert_eq!(put.json()["name"], kept, "{sent}");
            let href = put.header("location").strip_prefix("/api/v1").unwrap().to_owned();
            let said = api.get(&href).await.header("content-disposition").to_owned();
            let name = said.strip_prefix("attachment; filename=\"").and_then(|rest| rest.strip_suffix('"'));
            let name = name.unwrap_or_else(|| panic!("{sent}: {said}"));
            assert!(!name.contains(['/', '\\', '"']), "{sent}: {said}");
        }
        for sent in [
            "..%2f..",
            "..%2f.",
            "a%2f",
            "a%5c..",
            "%00",
            "notes%00.txt",
            "notes%0d%0aX-Injected:%201.txt",
            "%20",
        ] {
            let put = api.send(Method::PUT, &format!("{folder}/{sent}"), &kind, "x").await;
            let refused = matches!(put.status, StatusCode::UNPROCESSABLE_ENTITY | StatusCode::BAD_REQUEST);
            assert!(refused, "{sent}: {} {}", put.status, put.text);
        }
        assert_eq!(api.get(&folder).await.json()["items"].as_array().unwrap().len(), 5);
    })
    .await;
}
