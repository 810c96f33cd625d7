//! Backup, restore, moving, checking, getting back in.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::{gangway, run};

/// A server that is stopped when the test is through with it.
struct Server {
    child: Child,
    address: String,
    /// Where the first admin is made.
    setup: String,
}

impl Server {
    fn start(folder: &Path, more: &[&str]) -> Self {
        Self::logging(folder, more, Stdio::null())
    }

    /// The same with a place for its log.
    fn logging(folder: &Path, more: &[&str], log: Stdio) -> Self {
        let mut command = gangway(folder);
        command.args(["serve", "--port", "0"]).args(more).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let address = first.rsplit("http://").next().unwrap().trim().to_owned();
        let second = lines.next().unwrap().unwrap();
        let setup = format!("/setup{}", second.split("/setup").nth(1).unwrap_or_default());
        Self { child, address, setup }
    }

    fn get(&self, path: &str) -> String {
        get(&self.address, path)
    }

    fn set_up(&self) {
        let code = self.setup.split("code=").nth(1).unwrap();
        let form = format!(
            "code={code}&workspace=Northbeam&name=Ines&email=ines%40example.com&password=correct+horse+battery"
        );
        let answer = ask(&self.address, "POST /setup", "", &form);
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    }

    /// Asked to stop, it stops by itself.
    fn stop(mut self) {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(asked.success());
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
    }
}

fn get(address: &str, path: &str) -> String {
    ask(address, &format!("GET {path}"), "", "")
}

/// Sends a request with these headers, each with the end of its line, and a form.
fn ask(address: &str, what: &str, headers: &str, form: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "{what} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{headers}content-type: \
         application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
        form.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn out(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = run(folder, arguments);
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.code(), text)
}

#[test]
fn a_backup_of_a_running_installation_is_restored_whole_or_not_at_all() {
    let place = tempfile::tempdir().unwrap();
    let here = place.path();
    let server = Server::start(here, &[]);
    server.set_up();
    assert!(server.get("/readyz").ends_with("ready\n"));
    let (code, text) = out(here, &["backup", "kept.db"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("secret.key"), "{text}");
    assert_eq!(out(here, &["backup", "kept.db"]).0, Some(4), "nothing is overwritten");
    let (code, text) = out(here, &["restore", "--force", "kept.db"]);
    assert_eq!(code, Some(4));
    assert!(text.contains("in use"), "{text}");
    server.stop();

    assert!(out(here, &["admin", "list"]).1.contains("ines@example.com"));
    let (code, text) = out(here, &["restore", "kept.db"]);
    assert_eq!(code, Some(4));
    assert!(text.contains("--force"), "{text}");
    for (name, bytes) in
        [("text.db", &b"no database"[..]), ("cut.db", &std::fs::read(here.join("kept.db")).unwrap()[..9000])]
    {
        std::fs::write(here.join(name), bytes).unwrap();
        let (code, text) = out(here, &["restore", "--force", name]);
        assert_eq!(code, Some(3), "{name}: {text}");
        assert!(out(here, &["admin", "list"]).1.contains("ines@example.com"), "it stays as it was");
    }
    assert_eq!(out(here, &["restore", "--data", "other", "kept.db"]).0, Some(0));
    assert!(out(here, &["admin", "list", "--data", "other"]).1.contains("ines@example.com"));
    assert_eq!(out(here, &["restore", "--force", "kept.db"]).0, Some(0));
    assert!(out(here, &["admin", "list"]).1.contains("ines@example.com"));
    assert!(!here.join("data/gangway.db.partial").exists());
}

#[test]
fn whoever_has_a_shell_gets_people_back_in() {
    let place = tempfile::tempdir().unwrap();
    let here = place.path();
    assert_eq!(out(here, &["admin", "list"]).0, Some(4), "there is no database yet");
    let server = Server::start(here, &[]);
    server.set_up();
    let (code, text) = out(here, &["admin", "reset-link", "INES@example.com"]);
    assert_eq!(code, Some(0), "{text}");
    let path = format!("/reset/{}", text.trim().rsplit("/reset/").next().unwrap());
    assert!(server.get(&path).contains("password"));
    assert_eq!(out(here, &["admin", "reset-link", "nobody@example.com"]).0, Some(3));
    assert!(out(here, &["admin", "promote", "ines@example.com"]).1.contains("Ines is admin"));
    let (code, text) = out(here, &["admin", "unlink", "ines@example.com"]);
    assert_eq!(code, Some(3), "{text}");
    assert!(text.contains("ines@example.com is linked to no account of an identity provider"), "{text}");
    assert_eq!(out(here, &["admin", "unlink", "nobody@example.com"]).0, Some(3));
    assert!(out(here, &["admin", "--help"]).1.contains("gangway admin unlink ines@example.com"));
    let (code, text) = out(here, &["admin", "new-workspace", "NORTHBEAM", "--admin", "ines@example.com"]);
    assert_eq!(code, Some(3), "{text}");
    assert!(text.contains("is that of another workspace here"), "{text}");
    server.stop();
}

#[test]
fn the_doctor_says_what_is_wrong_and_what_to_do() {
    let place = tempfile::tempdir().unwrap();
    let here = place.path();
    let (code, text) = out(here, &["doctor"]);
    assert_eq!(code, Some(0), "{text}");
    for line in [
        "ok    database",
        "ok    events",
        "ok    proxies",
        "warn  mail",
        "set mail.smtp_url",
        "warn  public URL",
        "ok    clock",
    ] {
        assert!(text.contains(line), "{line}:\n{text}");
    }
    std::fs::write(
        here.join("gangway.toml"),
        "public_url = 'nowhere'\n[mail]\nsmtp_url = 'smtp://127.0.0.1:1'\n",
    )
    .unwrap();
    let (code, text) = out(here, &["doctor"]);
    assert_eq!(code, Some(3), "{text}");
    for line in ["FAIL  public URL", "FAIL  mail", "cannot be reached", "read from gangway.toml"] {
        assert!(text.contains(line), "{line}:\n{text}");
    }
    for (proxies, line) in
        [("", "warn  proxies"), ("'127.0.0.1'", "ok    proxies"), ("'0.0.0.0/0'", "FAIL  proxies")]
    {
        let text = format!("public_url = 'https://onboarding.example.com'\ntrusted_proxies = [{proxies}]\n");
        std::fs::write(here.join("gangway.toml"), text).unwrap();
        let text = out(here, &["doctor"]).1;
        assert!(text.contains(line), "{line}:\n{text}");
    }
    std::fs::write(here.join("gangway.toml"), "[mail]\nsmtp = 'x'\n").unwrap();
    let (code, text) = out(here, &["doctor"]);
    assert_eq!(code, Some(3));
    assert!(text.contains("gangway.toml, line 2: unknown field `smtp`"), "{text}");
}

#[test]
fn measurements_are_on_an_address_of_their_own() {
    let place = tempfile::tempdir().unwrap();
    // A port nobody has now; taken by the server a moment later.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("127.0.0.1:{port}");
    let server = Server::start(place.path(), &["--metrics", &address, "--log-format", "json"]);
    server.get("/onboardings/onb_00000000000000000000000000000009");
    assert!(server.get("/metrics").starts_with("HTTP/1.1 404"), "not on the public address");
    let text = get(&address, "/metrics");
    for line in [
        "gangway_http_requests_total{method=\"GET\",route=\"/onboardings/{id}\",status=\"303\"} 1",
        "gangway_http_request_duration_seconds_bucket{method=\"GET\",route=\"/onboardings/{id}\",le=\"0.001\"}",
        "gangway_jobs_waiting{kind=\"mail\"} 0",
        "gangway_db_connections{state=\"open\"}",
    ] {
        assert!(text.contains(line), "{line}:\n{text}");
    }
    server.stop();
}

#[test]
fn the_log_is_lines_of_json_without_anybodys_secret() {
    let place = tempfile::tempdir().unwrap();
    let kept = place.path().join("log");
    let log = std::fs::File::create(&kept).unwrap();
    // Every request, not only what went wrong.
    let more = ["--log-format", "json", "--log-filter", "info,sqlx=warn,tower_http=debug"];
    let server = Server::logging(place.path(), &more, log.into());
    server.set_up();
    let at = server.address.clone();
    ask(&at, "POST /sign-in", "", "email=ines%40example.com&password=guessed-in-a-form");
    ask(&at, "POST /sign-in", "", "email=ines%40example.com&password=correct+horse+battery");
    ask(&at, "GET /onboardings?q=asked-in-a-query", "cookie: gangway=sent-in-a-cookie\r\n", "");
    ask(&at, "GET /api/v1/me", "authorization: Bearer gangway_sent-as-a-token\r\n", "");
    ask(&at, "POST /v1/track", "authorization: Basic c2VudC1hcy1hLWtleTo=\r\n", "{}");
    ask(&at, "GET /v1/projects/key-in-a-path/settings", "", "");
    let hook = "hok_00000000000000000000000000000009";
    ask(&at, &format!("POST /hooks/salesforce/{hook}/secret-in-a-path"), "", "");
    for path in
        ["/reset", "/join", "/portal", "/portal/do", "/survey", "/unsubscribe", "/shared/reports", "/embed"]
    {
        ask(&at, &format!("GET {path}/secret-in-a-path"), "", "");
    }
    ask(&at, "POST /reset/secret-in-a-path", "", "password=chosen-in-a-form");
    let code = server.setup.split("code=").nth(1).unwrap().to_owned();
    server.stop();

    let text = std::fs::read_to_string(&kept).unwrap();
    let mut paths = Vec::new();
    for line in text.lines() {
        let entry: serde_json::Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(entry["timestamp"].is_string() && entry["level"].is_string(), "{line}");
        paths.extend(entry["span"]["path"].as_str().map(str::to_owned));
    }
    for path in ["/sign-in", "/onboardings", "/reset/{secret}", "/portal/{secret}", "/survey/{token}"] {
        assert!(paths.iter().any(|known| known == path), "{path} was not logged:\n{text}");
    }
    for secret in [
        "correct+horse",
        "correct horse",
        "in-a-form",
        "in-a-query",
        "in-a-cookie",
        "sent-as-a-token",
        "c2VudC1hcy1hLWtleTo",
        "sent-as-a-key",
        "in-a-path",
        code.as_str(),
    ] {
        assert!(!text.contains(secret), "{secret} is in the log:\n{text}");
    }
}
