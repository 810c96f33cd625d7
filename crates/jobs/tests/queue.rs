//! The queue on both databases: leases, retries, giving up, workers that die.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gangway_domain::ids::{JobId, WorkspaceId};
use gangway_jobs::{Claimed, Drained, Effects, Failure, Later, Policy, Report, Runner, Setup, Verdict, Work};
use gangway_store::job::{self, Job};
use gangway_store::workspace::{self, Workspace};
use gangway_store::{Db, Timestamp};
use gangway_testkit::for_each_database;
use serde_json::json;
use uuid::Uuid;

const KIND: &str = "knock";

/// A queue with a clock the test moves.
struct Place {
    db: Db,
    now: Arc<Mutex<jiff::Timestamp>>,
    workspace: WorkspaceId,
}

impl Place {
    async fn on(db: Db) -> Self {
        let now: jiff::Timestamp = "2027-01-04T09:00:00Z".parse().unwrap();
        let workspace = WorkspaceId::from_uuid(Uuid::from_u128(1));
        let mut tx = db.write().await.unwrap();
        let row = Workspace { id: workspace, name: "Northbeam".to_owned(), created_at: now.into() };
        workspace::insert(&mut tx, &row).await.unwrap();
        tx.commit().await.unwrap();
        Self { db, now: Arc::new(Mutex::new(now)), workspace }
    }

    fn now(&self) -> Timestamp {
        (*self.now.lock().unwrap()).into()
    }

    fn advance(&self, seconds: u64) {
        let mut now = self.now.lock().unwrap();
        *now += Duration::from_secs(seconds);
    }

    async fn want(&self, number: u128, kind: &str) -> JobId {
        let id = JobId::from_uuid(Uuid::from_u128(number));
        let now = self.now();
        let job =
            Job { id, kind: kind.to_owned(), payload: json!({"n": number}), run_at: now, created_at: now };
        let mut tx = self.db.write().await.unwrap();
        job::insert(&mut tx, self.workspace, &job).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    fn runner(&self, work: Knock) -> Runner {
        let now = self.now.clone();
        let setup = Setup {
            db: self.db.clone(),
            now: Arc::new(move || *now.lock().unwrap()),
            chance: Arc::new(|| 0.0),
        };
        Runner::new(setup, vec![Arc::new(work)])
    }

    /// Takes jobs as a worker would that dies before it has done them.
    async fn take_and_die(&self, lease: u64) -> Vec<Claimed> {
        let until = (*self.now.lock().unwrap() + Duration::from_secs(lease)).into();
        let mut tx = self.db.write().await.unwrap();
        let claimed = job::claim(&mut tx, &[KIND], self.now(), until, 10).await.unwrap();
        tx.commit().await.unwrap();
        claimed
    }

    async fn troubled(&self) -> Vec<(String, i64, bool)> {
        let mut tx = self.db.read().await.unwrap();
        let rows = job::troubled(&mut tx, self.workspace, self.now(), 10).await.unwrap();
        rows.into_iter()
            .map(|row| (row.problem.unwrap_or_default(), row.attempts, row.ended_at.is_some()))
            .collect()
    }
}

/// Work that counts its runs, and what it wrote.
#[derive(Clone, Default)]
struct Knock {
    /// How often it fails first.
    failures: usize,
    /// It fails for good.
    never: bool,
    crashes: bool,
    runs: Arc<AtomicUsize>,
    verdicts: Arc<Mutex<Vec<Verdict>>>,
}

impl Work for Knock {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn policy(&self) -> Policy {
        Policy::waits([Duration::from_secs(10), Duration::from_secs(60)])
    }

    fn run<'a>(&'a self, _: &'a Claimed) -> Later<'a, Report> {
        Box::pin(async move {
            let run = self.runs.fetch_add(1, Ordering::SeqCst);
            assert!(!self.crashes, "work that crashes");
            let verdicts = self.verdicts.clone();
            let effects: Effects = Box::new(move |_, verdict| {
                Box::pin(async move {
                    verdicts.lock().unwrap().push(verdict);
                    Ok(())
                })
            });
            let report = match (self.never, run < self.failures) {
                (true, _) => Report::failed(Failure::Never("nobody lives here".to_owned())),
                (_, true) => Report::failed(Failure::Later("nobody is at home".to_owned())),
                _ => Report::done(),
            };
            report.with(effects)
        })
    }
}

#[tokio::test]
async fn a_job_is_done_once_and_forgets_what_it_knew() {
    for_each_database(|db| async move {
        let place = Place::on(db).await;
        place.want(1, KIND).await;
        place.want(2, "a kind nobody here does").await;
        let runner = place.runner(Knock::default());
        assert_eq!(runner.drain().await.unwrap(), Drained { done: 1, ..Drained::default() });
        assert_eq!(runner.drain().await.unwrap(), Drained::default());
        let mut tx = place.db.read().await.unwrap();
        let depth = job::depth(&mut tx, place.now()).await.unwrap();
        let left: Vec<_> =
            depth.iter().map(|depth| (depth.kind.as_str(), depth.due, depth.waiting)).collect();
        assert_eq!(left, [("a kind nobody here does", 1, 1)]);
    })
    .await;
}

#[tokio::test]
async fn what_fails_waits_longer_each_time_and_is_given_up_in_the_end() {
    for_each_database(|db| async move {
        let place = Place::on(db).await;
        let id = place.want(1, KIND).await;
        let knock = Knock { failures: 3, ..Knock::default() };
        let runner = place.runner(knock.clone());
        let again = Drained { again: 1, ..Drained::default() };
        assert_eq!(runner.drain().await.unwrap(), again);
        place.advance(9);
        assert_eq!(runner.drain().await.unwrap(), Drained::default(), "not before its time");
        place.advance(1);
        assert_eq!(runner.drain().await.unwrap(), again);
        place.advance(60);
        assert_eq!(runner.drain().await.unwrap(), Drained { given_up: 1, ..Drained::default() });
        assert_eq!(place.troubled().await, [("nobody is at home".to_owned(), 3, true)]);
        let at = |text: &str| Timestamp::from(text.parse::<jiff::Timestamp>().unwrap());
        assert_eq!(
            *knock.verdicts.lock().unwrap(),
            [
                Verdict::Again(at("2027-01-04T09:00:10Z")),
                Verdict::Again(at("2027-01-04T09:01:10Z")),
                Verdict::GivenUp
            ]
        );
        // Somebody has put it right, and wants it done after all.
        let mut tx = place.db.write().await.unwrap();
        assert!(job::revive(&mut tx, place.workspace, id, place.now()).await.unwrap());
        let stranger = WorkspaceId::from_uuid(Uuid::from_u128(2));
        assert!(!job::revive(&mut tx, stranger, id, place.now()).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(runner.drain().await.unwrap(), Drained { done: 1, ..Drained::default() });
        assert_eq!(place.troubled().await, []);
    })
    .await;
}

#[tokio::test]
async fn what_will_never_work_is_not_tried_again_and_a_crash_is_a_failure() {
    for_each_database(|db| async move {
        let place = Place::on(db).await;
        place.want(1, KIND).await;
        let never = place.runner(Knock { never: true, ..Knock::default() });
        assert_eq!(never.drain().await.unwrap(), Drained { given_up: 1, ..Drained::default() });
        place.want(2, KIND).await;
        let crashes = place.runner(Knock { crashes: true, ..Knock::default() });
        assert_eq!(crashes.drain().await.unwrap(), Drained { again: 1, ..Drained::default() });
        let told: Vec<String> = place.troubled().await.into_iter().map(|(problem, ..)| problem).collect();
        assert_eq!(told, ["it crashed; the log says more", "nobody lives here"]);
    })
    .await;
}

#[tokio::test]
async fn the_job_of_a_dead_worker_is_taken_over_and_the_dead_change_nothing() {
    for_each_database(|db| async move {
        let place = Place::on(db).await;
        place.want(1, KIND).await;
        let dead = place.take_and_die(300).await;
        assert_eq!(dead.len(), 1);
        let knock = Knock::default();
        let runner = place.runner(knock.clone());
        assert_eq!(
            runner.drain().await.unwrap(),
            Drained::default(),
            "it is somebody's until the lease ends"
        );
        place.advance(300);
        assert_eq!(runner.drain().await.unwrap(), Drained { done: 1, ..Drained::default() });
        // The dead one comes back with its old lease.
        let mut tx = place.db.write().await.unwrap();
        assert!(!job::finish(&mut tx, &dead[0], place.now()).await.unwrap());
        assert!(!job::retry(&mut tx, &dead[0], place.now(), "late").await.unwrap());
        assert!(!job::give_up(&mut tx, &dead[0], place.now(), "late").await.unwrap());
        drop(tx);
        assert_eq!(*knock.verdicts.lock().unwrap(), [Verdict::Done], "written once");
    })
    .await;
}

/// Loses its lease while it works: somebody else claims the job in the meantime.
struct Slow {
    db: Db,
    now: Arc<Mutex<jiff::Timestamp>>,
    written: Arc<AtomicUsize>,
}

impl Work for Slow {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn policy(&self) -> Policy {
        Policy::waits([])
    }

    fn run<'a>(&'a self, _: &'a Claimed) -> Later<'a, Report> {
        Box::pin(async move {
            let now = {
                let mut now = self.now.lock().unwrap();
                *now += Duration::from_secs(301);
                *now
            };
            let mut tx = self.db.write().await.unwrap();
            let until = (now + Duration::from_secs(300)).into();
            let stolen = job::claim(&mut tx, &[KIND], now.into(), until, 1).await.unwrap();
            assert_eq!(stolen[0].attempts, 2);
            tx.commit().await.unwrap();
            let written = self.written.clone();
            Report::done().with(Box::new(move |_, _| {
                Box::pin(async move {
                    written.fetch_add(1, Ordering::SeqCst);
                    Ok(())
                })
            }))
        })
    }
}

#[tokio::test]
async fn who_loses_the_lease_writes_nothing() {
    for_each_database(|db| async move {
        let place = Place::on(db).await;
        place.want(1, KIND).await;
        let written = Arc::new(AtomicUsize::new(0));
        let slow = Slow { db: place.db.clone(), now: place.now.clone(), written: written.clone() };
        let now = place.now.clone();
        let setup = Setup {
            db: place.db.clone(),
            now: Arc::new(move || *now.lock().unwrap()),
            chance: Arc::new(|| 0.0),
        };
        let runner = Runner::new(setup, vec![Arc::new(slow)]);
        assert_eq!(runner.drain().await.unwrap(), Drained { lost: 1, ..Drained::default() });
        assert_eq!(written.load(Ordering::SeqCst), 0);
    })
    .await;
}

#[tokio::test]
async fn workers_that_claim_at_once_share_the_jobs() {
    for_each_database(|db| async move {
        let place = Place::on(db).await;
        for number in 1..=40 {
            place.want(number, KIND).await;
        }
        let knock = Knock::default();
        let workers: Vec<_> = (0..4)
            .map(|_| {
                let runner = place.runner(knock.clone());
                tokio::spawn(async move { runner.drain().await.unwrap().done })
            })
            .collect();
        let mut done = 0;
        for worker in workers {
            done += worker.await.unwrap();
        }
        assert_eq!((done, knock.runs.load(Ordering::SeqCst)), (40, 40));
    })
    .await;
}

#[tokio::test]
async fn a_running_worker_is_woken_by_the_commit_and_stops_when_asked() {
    for_each_database(|db| async move {
        let place = Place::on(db).await;
        let knock = Knock::default();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let stop_asked = async move {
            stopped.await.ok();
        };
        let running = tokio::spawn(place.runner(knock.clone()).run(stop_asked, Duration::from_secs(10)));
        place.want(1, KIND).await;
        // Waiting for a condition: the verdict is written when the job is settled.
        while knock.verdicts.lock().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
        stop.send(()).unwrap();
        running.await.unwrap();
        assert_eq!(knock.runs.load(Ordering::SeqCst), 1);
    })
    .await;
}
