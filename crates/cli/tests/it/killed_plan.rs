//! The server killed in the middle of changing a plan: what was acknowledged is there after the next start, what was
//! not is there whole or not at all.

use std::collections::BTreeSet;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gangway_app::onboarding::{self, GenerateOptions};
use gangway_app::{SystemClock, handoff, identity, work};
use gangway_domain::ids::OnboardingId;
use gangway_domain::permission::{Role, Scope};
use gangway_domain::work::reschedule;
use gangway_store::Db;
use gangway_store::work::ledger::Line;
use gangway_testkit::{Database, TestApp, deal};
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value as Json, json};

use super::served::{Dice, Server};

/// How often the server is killed.
const KILLS: usize = 8;

/// Longest wait for an answer nobody interrupts.
const PATIENCE: Duration = Duration::from_secs(120);

#[tokio::test]
async fn a_plan_on_sqlite_survives_a_server_that_is_killed() {
    survives(Database::sqlite().await.unwrap(), 0x2545_f491_4f6c_dd1d).await;
}

#[tokio::test]
async fn a_plan_on_postgresql_survives_a_server_that_is_killed() {
    survives(Database::postgres().await.unwrap(), 0x9e37_79b9_7f4a_7c15).await;
}

async fn survives(database: Database, seed: u64) {
    let (id, mut driver) = prepare(&database, seed).await;
    let place = tempfile::tempdir().unwrap();
    let mut server = Server::start(place.path(), &database.url);
    for kill in 1..=KILLS {
        for _ in 0..=driver.dice.below(3) {
            driver.change(&server);
        }
        let open = driver.change_without_patience(&server);
        drop(server);
        // Not before: a server that loses a connection stops by itself what it does for it.
        drop(open);
        database.disconnect().await.unwrap();
        server = Server::start(place.path(), &database.url);
        check(&database.url, id, &driver.acknowledged, kill).await;
    }
    drop(server);
    assert!(driver.acknowledged.len() >= KILLS, "{:?}", driver.acknowledged);
    assert!(driver.unanswered > 0, "the server was never killed at work");
    database.disconnect().await.unwrap();
    database.remove().await.unwrap();
}

/// An onboarding, and somebody with a token who changes its plan. The machine's clock counts, as for the server.
async fn prepare(database: &Database, seed: u64) -> (OnboardingId, Driver) {
    let mut test = TestApp::on(database.db.clone()).await;
    test.app.clock = Arc::new(SystemClock);
    let (app, actor) = (&test.app, &test.actor);
    let accepted = handoff::accept(app, actor, deal("Acme").into_bytes(), None).await.unwrap();
    let made = onboarding::generate(app, actor, accepted.handoff, GenerateOptions::default()).await.unwrap();
    let member = test.member(Role::Admin).await;
    let token = identity::create_token(app, &member, "test", &Scope::ALL, 30).await.unwrap().token;
    let plan = work::sight(app, actor, made.id).await.unwrap().stored.plan;
    let driver = Driver {
        path: format!("/api/v1/onboardings/{}/plan-changes", made.id),
        token: token.reveal().to_owned(),
        first_day: plan.ground.starts_on,
        tasks: plan.tasks.into_iter().map(|task| task.code).collect(),
        dice: Dice(seed),
        acknowledged: Vec::new(),
        taken: Vec::new(),
        unanswered: 0,
    };
    test.app.db.close().await;
    (made.id, driver)
}

/// Somebody who changes a plan again and again.
struct Driver {
    path: String,
    token: String,
    first_day: Date,
    tasks: Vec<String>,
    dice: Dice,
    /// Numbers of the changes the server said it has made.
    acknowledged: Vec<i64>,
    /// How long the answers took.
    taken: Vec<Duration>,
    /// Changes whose answer was not waited for.
    unanswered: usize,
}

impl Driver {
    /// Makes changes, or takes the last ones back, and waits for the answer.
    fn change(&mut self, server: &Server) {
        let begun = Instant::now();
        let answer = self.send(server, PATIENCE).expect("an answer in time");
        self.taken.push(begun.elapsed());
        self.hear(&answer);
    }

    /// The same, and waits only until the server is at work or has just answered; gives the connection it is asked over.
    fn change_without_patience(&mut self, server: &Server) -> Option<TcpStream> {
        self.taken.sort();
        let usual = self.taken[self.taken.len() / 2];
        let patience = usual * u32::try_from(self.dice.below(120)).unwrap() / 100;
        match self.send(server, patience) {
            Ok(answer) => {
                self.hear(&answer);
                None
            }
            Err(open) => {
                self.unanswered += 1;
                Some(open)
            }
        }
    }

    fn hear(&mut self, answer: &str) {
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        match head.split(' ').nth(1) {
            Some("200") => {
                let told: Json =
                    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}"));
                self.acknowledged.push(told["number"].as_i64().unwrap());
            }
            // The plan does not allow it, as when what is to be taken back was changed again since.
            Some("409" | "422") => {}
            _ => panic!("{answer}"),
        }
    }

    /// What is sent next: the way and the text.
    fn choose(&mut self) -> (String, String) {
        if let Some(last) = self.acknowledged.last()
            && self.dice.below(3) == 0
        {
            return (format!("{}/{last}/undo", self.path), String::new());
        }
        let first = self.dice.below(self.tasks.len());
        let many = 1 + self.dice.below(6);
        let changes: Vec<Json> = (first..first + many).map(|at| self.one(at % self.tasks.len())).collect();
        (self.path.clone(), json!({ "changes": changes }).to_string())
    }

    fn one(&mut self, at: usize) -> Json {
        let task = self.tasks[at].clone();
        match self.dice.below(3) {
            0 => json!({ "kind": "set-days", "task": task, "days": 1 + self.dice.below(20) }),
            1 => {
                let name = format!("Work {}", self.dice.below(1_000));
                json!({ "kind": "rename", "task": task, "name": name })
            }
            _ => {
                let days = i64::try_from(self.dice.below(60)).unwrap();
                let day = self.first_day.saturating_add(days.days());
                json!({ "kind": "move", "task": task, "not_before": day })
            }
        }
    }

    /// The whole answer, or the connection over which it did not come in time.
    fn send(&mut self, server: &Server, patience: Duration) -> Result<String, TcpStream> {
        let (path, text) = self.choose();
        let mut stream = TcpStream::connect(&server.address).unwrap();
        let (length, token) = (text.len(), &self.token);
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             authorization: Bearer {token}\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\n\r\n{text}"
        )
        .unwrap();
        let begun = Instant::now();
        let mut answer = Vec::new();
        let mut part = [0; 8_192];
        loop {
            let left = patience.saturating_sub(begun.elapsed());
            if left.is_zero() {
                return Err(stream);
            }
            stream.set_read_timeout(Some(left)).unwrap();
            match stream.read(&mut part) {
                Ok(0) => return Ok(String::from_utf8(answer).unwrap()),
                Ok(read) => answer.extend_from_slice(&part[..read]),
                // The time is up.
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }
}

/// What must be true of the database, however often the server was killed.
async fn check(url: &str, id: OnboardingId, acknowledged: &[i64], kills: usize) {
    let test = TestApp::on(Db::connect(url).await.unwrap()).await;
    let sight = work::sight(&test.app, &test.actor, id).await.unwrap();
    let plan = &sight.stored.plan;
    let mut fresh = plan.clone();
    reschedule(&mut fresh, plan.ground.as_of).unwrap();
    // No row keeps these.
    for (fresh, kept) in fresh.tasks.iter_mut().zip(&plan.tasks) {
        (fresh.late_start, fresh.late_finish) = (kept.late_start, kept.late_finish);
        fresh.free_slack = kept.free_slack;
    }
    assert_eq!(fresh, *plan, "the dates are those of a schedule from scratch");

    let lines = ledger(&test, id).await;
    let promise = plan.promise();
    let last = lines.last().unwrap();
    assert_eq!(last.after, promise, "the ledger ends with the dates of the plan");
    assert_eq!((sight.head.go_live_on, sight.head.finish_on), (promise.go_live, promise.finish));
    for (place, line) in (1_i64..).zip(&lines) {
        assert_eq!(line.number, place, "no number is left out");
    }
    for pair in lines.windows(2) {
        let [one, next] = pair else { unreachable!("windows of two") };
        assert_eq!(one.after, next.before, "number {} begins where {} ends", next.number, one.number);
    }

    let batches: Vec<&[Line]> = lines.chunk_by(|one, next| one.batch == next.batch).collect();
    for batch in &batches {
        assert_eq!(batch[0].batch, batch[0].number, "what was changed at once goes by its first number");
    }
    let numbers: Vec<i64> = batches.iter().map(|batch| batch[0].number).collect();
    for number in acknowledged {
        assert!(numbers.contains(number), "number {number} was acknowledged and is lost");
    }
    assert!(batches.len() - acknowledged.len() <= kills, "at most one change for each kill was kept unsaid");
    assert_eq!(sight.stored.revision, i64::try_from(batches.len()).unwrap() + 1, "each change counts once");
    undone_whole(&batches);
    told(&test, id, &batches).await;
    test.app.db.close().await;
}

/// All entries of the ledger, the oldest first.
async fn ledger(test: &TestApp, id: OnboardingId) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    loop {
        let before = lines.last().map(|line| line.number);
        let page = work::ledger(&test.app, &test.actor, id, before, 500).await.unwrap();
        lines.extend(page.lines);
        if !page.more {
            lines.reverse();
            return lines;
        }
    }
}

fn takes_back(batch: &[Line]) -> bool {
    batch.iter().any(|line| line.kind == "undo")
}

/// What was taken back was so as a whole, by one that says so; and each that says so took one back.
fn undone_whole(batches: &[&[Line]]) {
    let mut by = Vec::new();
    for batch in batches {
        let all: BTreeSet<Option<i64>> = batch.iter().map(|line| line.undone_by).collect();
        assert_eq!(all.len(), 1, "number {} was taken back in part: {all:?}", batch[0].number);
        by.extend(all.into_iter().flatten());
    }
    by.sort_unstable();
    let undos: Vec<i64> =
        batches.iter().filter(|batch| takes_back(batch)).map(|batch| batch[0].number).collect();
    assert_eq!(by, undos);
}

/// The activity log has an entry for each change, in the same order, and none for what did not happen.
async fn told(test: &TestApp, id: OnboardingId, batches: &[&[Line]]) {
    let (_, story) = onboarding::story(&test.app, &test.actor, id, 100_000).await.unwrap();
    let is_change = |kind: &str| kind.starts_with("plan.chang");
    let story: Vec<_> = story.into_iter().rev().filter(|entry| is_change(&entry.kind)).collect();
    assert_eq!(story.len(), batches.len());
    for (entry, batch) in story.iter().zip(batches) {
        let (said, first) = (&entry.summary, &batch[0].summary);
        assert!(said.starts_with(first), "“{first}” is told as “{said}”");
        assert_eq!(entry.kind == "plan.change_undone", takes_back(batch), "{said}");
    }
}
