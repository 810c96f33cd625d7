//! `docs/api.md`: what it tells people to type works, in the order it tells it.

use axum::body::Body;
use axum::http::{Method, Request};
use gangway_testkit::{Database, TestApp};

use super::{Answer, Client, admin, ask};

const PAGE: &str = include_str!("../../../../docs/api.md");

/// The `curl` commands of the page.
fn commands() -> Vec<String> {
    PAGE.split("```sh\n")
        .skip(1)
        .flat_map(|part| {
            part.split("```")
                .next()
                .unwrap()
                .replace("\\\n", " ")
                .lines()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .filter(|line| line.starts_with("curl "))
        .collect()
}

/// The words of a command as a shell splits them, with its variables filled in.
fn words(command: &str, variables: &[(&str, &str)]) -> Vec<String> {
    let fill = |text: &str| {
        variables.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("${name}"), value))
    };
    let (mut words, mut word, mut quote, mut begun) = (Vec::new(), String::new(), None, false);
    let mut quoted = String::new();
    for c in command.chars() {
        match (quote, c) {
            (None, '\'' | '"') => (quote, begun) = (Some(c), true),
            (Some(open), c) if open == c => {
                word.push_str(&if open == '"' { fill(&quoted) } else { quoted.clone() });
                quoted.clear();
                quote = None;
            }
            (Some(_), c) => quoted.push(c),
            (None, ' ') => {
                if begun {
                    words.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            (None, c) => {
                word.push(c);
                begun = true;
            }
        }
    }
    if begun {
        words.push(word);
    }
    words
}

/// Does what `curl` does with these words.
async fn curl(api: &Client, words: &[String]) -> Answer {
    let (mut method, mut address, mut body) = (None, String::new(), None);
    let mut headers = Vec::new();
    let mut rest = words.iter().skip(1);
    while let Some(word) = rest.next() {
        match word.as_str() {
            "-s" | "-sOJ" => {}
            "-X" => method = rest.next().map(|name| name.parse::<Method>().unwrap()),
            "-H" => headers.push(rest.next().unwrap().split_once(": ").unwrap()),
            "--data" | "--data-binary" => body = rest.next().cloned(),
            option if option.starts_with('-') => panic!("{option} is not known to this test"),
            _ => address.clone_from(word),
        }
    }
    let usual = if body.is_some() { Method::POST } else { Method::GET };
    let path = address.strip_prefix("http://gangway.test").unwrap_or_else(|| panic!("{address}"));
    let mut request = Request::builder().method(method.unwrap_or(usual)).uri(path);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    ask(&api.router, request.body(Body::from(body.unwrap_or_default())).unwrap()).await
}

#[tokio::test]
async fn what_the_page_says_works() {
    let database = Database::sqlite().await.unwrap();
    let test = TestApp::on(database.db.clone()).await;
    let api = admin(&test).await;
    let (mut handoff, mut onboarding) = (String::new(), String::new());
    let commands = commands();
    assert!(commands.len() >= 12, "{commands:?}");
    for command in commands {
        let variables = [
            ("GANGWAY", "http://gangway.test"),
            ("TOKEN", api.token.as_str()),
            ("HANDOFF", &handoff),
            ("ONBOARDING", &onboarding),
        ];
        let answer = curl(&api, &words(&command, &variables)).await;
        assert!(answer.status.is_success(), "{command}\n{} {}", answer.status, answer.text);
        let id = || answer.json()["id"].as_str().unwrap().to_owned();
        if command.contains("/handoffs\" ") && command.contains("--data") {
            handoff = id();
        } else if command.contains("/onboardings\" ") {
            onboarding = id();
        }
    }
    database.remove().await.unwrap();
}

#[test]
fn the_page_lists_the_codes_that_answers_have() {
    let sources = [
        include_str!("../../src/caller.rs"),
        include_str!("../../src/etag.rs"),
        include_str!("../../src/input.rs"),
        include_str!("../../src/once.rs"),
        include_str!("../../src/page.rs"),
    ];
    for source in sources {
        for quoted in source.split('"').skip(1).step_by(2) {
            let code = quoted.contains('_') && quoted.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            if code && !["external_id", "body_incomplete", "address_invalid"].contains(&quoted) {
                assert!(PAGE.contains(&format!("`{quoted}`")), "{quoted} is not told");
            }
        }
    }
}
