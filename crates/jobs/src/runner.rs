//! Claims jobs, lets their work run, settles what came of it.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use gangway_store::job::{self, Claimed};
use gangway_store::{Db, StoreError, Timestamp};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::{Failure, Report, Verdict, Work};

/// Jobs one process works on at a time: they mostly wait for others to answer.
const AT_ONCE: usize = 8;

/// How long a worker has a job to itself.
const LEASE: Duration = Duration::from_mins(5);

/// How long work may take; well within its lease, so that nobody else has begun it meanwhile.
const LONGEST: Duration = Duration::from_mins(4);

/// Longest time between two looks at the queue: other processes' jobs are found by looking.
const LOOK: Duration = Duration::from_secs(2);

/// After the database has failed, how long before it is asked again.
const BREATH: Duration = Duration::from_secs(5);

/// How long ended jobs are kept to be looked at.
const KEPT: Duration = Duration::from_hours(30 * 24);

/// Ended jobs are cleared away this often.
const CLEAR: Duration = Duration::from_hours(1);

/// What a runner needs from outside.
#[derive(Clone)]
pub struct Setup {
    /// Where the queue is.
    pub db: Db,
    /// What time it is.
    pub now: Arc<dyn Fn() -> jiff::Timestamp + Send + Sync>,
    /// Random numbers in 0..1, for spreading attempts.
    pub chance: Arc<dyn Fn() -> f64 + Send + Sync>,
}

/// Does the jobs of the kinds it has work for.
#[derive(Clone)]
pub struct Runner {
    setup: Setup,
    works: Arc<[Arc<dyn Work>]>,
}

/// What [`Runner::drain`] did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Drained {
    /// Jobs that were done.
    pub done: usize,
    /// Jobs that failed, to be tried again.
    pub again: usize,
    /// Jobs that were given up.
    pub given_up: usize,
    /// Jobs whose lease had been lost: what they wanted written was not.
    pub lost: usize,
}

impl Runner {
    /// A runner of these kinds of work.
    #[must_use]
    pub fn new(setup: Setup, works: Vec<Arc<dyn Work>>) -> Self {
        Self { setup, works: works.into() }
    }

    /// Works until `stop` is done; then takes no more, and gives what is under way until `grace` has
    /// passed. What is not finished by then is tried again once its lease has ended.
    pub async fn run(self, stop: impl Future<Output = ()>, grace: Duration) {
        let mut stop = pin!(stop);
        let mut under_way = JoinSet::new();
        let mut cleared: Option<Instant> = None;
        loop {
            let wait = match self.begin(&mut under_way).await {
                Ok(()) => self.until_next().await,
                Err(error) => {
                    tracing::error!(%error, "the queue of jobs cannot be read");
                    BREATH
                }
            };
            if cleared.is_none_or(|at| at.elapsed() >= CLEAR) {
                cleared = Some(Instant::now());
                self.clear().await;
            }
            tokio::select! {
                () = &mut stop => break,
                () = self.setup.db.jobs_wanted() => {}
                Some(_) = under_way.join_next() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
        let finished = async { while under_way.join_next().await.is_some() {} };
        if tokio::time::timeout(grace, finished).await.is_err() {
            tracing::warn!("some jobs were not finished in time; they are tried again later");
        }
    }

    /// Does everything that is due now, one after the other, and what becomes due by that.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drain(&self) -> Result<Drained, StoreError> {
        let mut drained = Drained::default();
        loop {
            let claimed = self.claim(1).await?;
            let Some(job) = claimed.into_iter().next() else { return Ok(drained) };
            match self.perform(job).await? {
                Some(Verdict::Done) => drained.done += 1,
                Some(Verdict::Again(_)) => drained.again += 1,
                Some(Verdict::GivenUp) => drained.given_up += 1,
                None => drained.lost += 1,
            }
        }
    }

    fn now(&self) -> Timestamp {
        (self.setup.now)().into()
    }

    fn after(&self, wait: Duration) -> Timestamp {
        (self.setup.now)().saturating_add(wait).unwrap_or(jiff::Timestamp::MAX).into()
    }

    /// Begins as many due jobs as there is room for.
    async fn begin(&self, under_way: &mut JoinSet<()>) -> Result<(), StoreError> {
        let room = AT_ONCE.saturating_sub(under_way.len());
        // Looking takes no lock; claiming does, on SQLite.
        if room == 0 || !self.is_due().await? {
            return Ok(());
        }
        for job in self.claim(u32::try_from(room).unwrap_or(1)).await? {
            let runner = self.clone();
            under_way.spawn(async move {
                let (kind, id) = (job.kind.clone(), job.id);
                if let Err(error) = runner.perform(job).await {
                    tracing::error!(%error, kind, %id, "a job could not be settled; it is tried again later");
                }
            });
        }
        Ok(())
    }

    async fn is_due(&self) -> Result<bool, StoreError> {
        let mut tx = self.setup.db.read().await?;
        Ok(job::next(&mut tx).await?.is_some_and(|at| at <= self.now()))
    }

    async fn until_next(&self) -> Duration {
        let next = async {
            let mut tx = self.setup.db.read().await?;
            job::next(&mut tx).await
        };
        let at = next.await.ok().flatten().and_then(|at| jiff::Timestamp::try_from(at).ok());
        let wait = at.map(|at| at.duration_since((self.setup.now)()));
        // What is due already and not taken is of a kind others do, or waits for room.
        wait.and_then(|wait| Duration::try_from(wait).ok())
            .filter(|wait| !wait.is_zero())
            .map_or(LOOK, |wait| wait.min(LOOK))
    }

    async fn claim(&self, limit: u32) -> Result<Vec<Claimed>, StoreError> {
        let kinds: Vec<&str> = self.works.iter().map(|work| work.kind()).collect();
        let mut tx = self.setup.db.write().await?;
        let claimed = job::claim(&mut tx, &kinds, self.now(), self.after(LEASE), limit).await?;
        tx.commit().await?;
        Ok(claimed)
    }

    /// Does one job and settles it; none when the lease was lost.
    async fn perform(&self, job: Claimed) -> Result<Option<Verdict>, StoreError> {
        let Some(work) = self.works.iter().find(|work| work.kind() == job.kind).cloned() else {
            // Only kinds with work are claimed.
            return Ok(None);
        };
        let begun = Instant::now();
        let report = self.attempt(work.clone(), &job).await;
        let chance = (self.setup.chance)();
        let verdict = match &report.result {
            Ok(()) => Verdict::Done,
            Err(Failure::Later(_)) => work
                .policy()
                .wait(job.attempts, chance)
                .map_or(Verdict::GivenUp, |wait| Verdict::Again(self.after(wait))),
            Err(Failure::Never(_)) => Verdict::GivenUp,
        };
        let outcome = match verdict {
            Verdict::Done => "done",
            Verdict::Again(_) => "again",
            Verdict::GivenUp => "given_up",
        };
        metrics::counter!("gangway_jobs_total", "kind" => work.kind(), "outcome" => outcome).increment(1);
        metrics::histogram!("gangway_job_duration_seconds", "kind" => work.kind()).record(begun.elapsed());
        self.settle(&job, report, verdict).await
    }

    /// Lets the work run, apart from everything else: neither a crash nor a hang reaches the runner.
    async fn attempt(&self, work: Arc<dyn Work>, job: &Claimed) -> Report {
        let own = job.clone();
        let mut running = tokio::spawn(async move { work.run(&own).await });
        match tokio::time::timeout(LONGEST, &mut running).await {
            Ok(Ok(report)) => report,
            Ok(Err(_)) => Report::failed(Failure::Later("it crashed; the log says more".to_owned())),
            Err(_) => {
                running.abort();
                Report::failed(Failure::Later("it took longer than four minutes".to_owned()))
            }
        }
    }

    async fn settle(
        &self,
        job: &Claimed,
        report: Report,
        verdict: Verdict,
    ) -> Result<Option<Verdict>, StoreError> {
        let problem = match report.result {
            Ok(()) => String::new(),
            Err(Failure::Later(problem) | Failure::Never(problem)) => problem,
        };
        let (kind, id, attempt) = (&job.kind, job.id, job.attempts);
        let mut tx = self.setup.db.write().await?;
        let held = match verdict {
            Verdict::Done => job::finish(&mut tx, job, self.now()).await?,
            Verdict::Again(at) => job::retry(&mut tx, job, at, &problem).await?,
            Verdict::GivenUp => job::give_up(&mut tx, job, self.now(), &problem).await?,
        };
        if !held {
            tracing::warn!(kind, %id, attempt, "a job's lease ended before it was done: somebody else has it");
            return Ok(None);
        }
        if let Some(effects) = report.effects {
            effects(&mut tx, verdict).await?;
        }
        tx.commit().await?;
        match verdict {
            Verdict::Done => tracing::debug!(kind, %id, attempt, "job done"),
            Verdict::Again(_) => {
                tracing::warn!(kind, %id, attempt, problem, "a job failed; it is tried again")
            }
            Verdict::GivenUp => tracing::error!(kind, %id, attempt, problem, "a job is given up"),
        }
        Ok(Some(verdict))
    }

    /// Clears away what ended long ago.
    async fn clear(&self) {
        let before = (self.setup.now)().saturating_sub(KEPT).unwrap_or(jiff::Timestamp::MIN).into();
        let cleared = async {
            let mut tx = self.setup.db.write().await?;
            let cleared = job::prune(&mut tx, before).await?;
            tx.commit().await?;
            Ok::<u64, StoreError>(cleared)
        };
        match cleared.await {
            Ok(0) => {}
            Ok(jobs) => tracing::info!(jobs, "jobs of long ago cleared away"),
            Err(error) => tracing::warn!(%error, "jobs of long ago could not be cleared away"),
        }
    }
}
