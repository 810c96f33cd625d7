//! Killed at any moment, the log has everything that was acknowledged, once.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use gangway_events::log::{Log, Settings};
use tempfile::TempDir;
use uuid::Uuid;

use super::support::{events, everything, ids};

/// Tells the process that appends where the log is, and what its events are called.
const ADDRESS: &str = "GANGWAY_TEST_APPEND_TO";
const ROUND: &str = "GANGWAY_TEST_APPEND_ROUND";

const ROUNDS: u64 = 50;

/// What begins a line that names an acknowledged event.
const ACKNOWLEDGED: &str = "acknowledged ";

/// The process that is killed: four tasks append as fast as they can and say what was acknowledged, for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "started and killed by the test below"]
async fn the_process_that_appends() {
    let address = std::env::var(ADDRESS).expect("started by the test below");
    let round = std::env::var(ROUND).expect("started by the test below");
    let log = Log::open(&address, Uuid::from_u128(1), Settings::default()).await.unwrap();
    let tasks: Vec<_> = (0..4)
        .map(|task| {
            let (log, round) = (log.clone(), round.clone());
            tokio::spawn(async move {
                for number in 0_u64.. {
                    let ids = [format!("{round}-{task}-{number}-a"), format!("{round}-{task}-{number}-b")];
                    log.append(&events(&[ids[0].as_str(), ids[1].as_str()])).await.unwrap();
                    // One write for each line: a line is there whole or not at all.
                    println!("{ACKNOWLEDGED}{}", ids[0]);
                    println!("{ACKNOWLEDGED}{}", ids[1]);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_and_nothing_is_there_twice() {
    let folder = TempDir::new().unwrap();
    let address = format!("sqlite:{}", folder.path().join("events.db").display());
    let mut acknowledged = BTreeSet::new();
    // Any numbers do, and these are the same in every run: how many lines are read before the blow.
    let mut chance = 0x9E37_79B9_7F4A_7C15_u64;
    for round in 0..ROUNDS {
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        let told = append_and_kill(&address, round, chance % 150);
        let log = Log::open(&address, Uuid::from_u128(2), Settings::default()).await.unwrap();
        assert_eq!(log.id(), Uuid::from_u128(1));
        acknowledged.extend(told);
        if round % 10 == 9 {
            check(&log, &acknowledged).await;
        }
        log.close().await;
    }
    assert!(acknowledged.len() > 1_000, "{}", acknowledged.len());
}

/// Starts the process, kills it when it has acknowledged so many events, and says which it has.
fn append_and_kill(address: &str, round: u64, after: u64) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed::the_process_that_appends", "--ignored", "--nocapture"])
        .env(ADDRESS, address)
        .env(ROUND, round.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut told = Vec::new();
    let mut count = 0;
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        // The last line may have been cut.
        let Ok(line) = line else { break };
        if let Some((_, id)) = line.split_once(ACKNOWLEDGED) {
            told.push(id.to_owned());
            count += 1;
            if count == after.max(1) {
                // SIGKILL; what stands in the pipe by then is still read.
                child.kill().unwrap();
            }
        }
    }
    child.wait().unwrap();
    assert!(count >= after.max(1), "the process ended by itself after {count} events");
    // A line that was cut names no event.
    told.retain(|id| id.ends_with("-a") || id.ends_with("-b"));
    told
}

async fn check(log: &Log, acknowledged: &BTreeSet<String>) {
    let all = everything(log).await;
    let found: BTreeSet<&str> = ids(&all).into_iter().collect();
    assert_eq!(found.len(), all.len(), "an event is there twice");
    let lost: Vec<&String> = acknowledged.iter().filter(|id| !found.contains(id.as_str())).collect();
    assert!(lost.is_empty(), "lost: {lost:?}");
}
