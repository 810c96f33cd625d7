//! Work done later: taken from a durable queue, tried until it is done or given up.
//!
//! The queue is the table `job`; whoever wants something done writes a row in the transaction that wants it.
//! [`Runner`] claims rows under a lease, lets the [`Work`] of their kind run, and settles the outcome in one
//! transaction together with what the work wants written. A worker that dies leaves a lease that ends; then
//! somebody else tries again. So the work itself may happen more than once, what it writes only once.
//!
//! Nothing here knows what the jobs are about.

mod policy;
mod runner;

pub use policy::Policy;
pub use runner::{Drained, Runner, Setup};

use std::fmt;
use std::pin::Pin;

use gangway_store::{StoreError, Timestamp, Tx};

pub use gangway_store::job::Claimed;

/// A future of its own, as work returns it.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One kind of work.
pub trait Work: Send + Sync {
    /// The kind of job it does.
    fn kind(&self) -> &'static str;

    /// When to try again, and when to give up.
    fn policy(&self) -> Policy;

    /// Does one job. Anything it writes to the database belongs into the report's effects, so that it is
    /// written once even when the lease was lost meanwhile.
    fn run<'a>(&'a self, job: &'a Claimed) -> Later<'a, Report>;
}

/// What to write when a job is settled; it is told what became of the job.
pub type Effects = Box<dyn for<'t> FnOnce(&'t mut Tx, Verdict) -> Later<'t, Result<(), StoreError>> + Send>;

/// How a job went.
pub struct Report {
    /// Done, or why not.
    pub result: Result<(), Failure>,
    /// What is to be written, in the transaction that settles the job.
    pub effects: Option<Effects>,
}

impl Report {
    /// Done; nothing to write.
    #[must_use]
    pub fn done() -> Self {
        Self { result: Ok(()), effects: None }
    }

    /// Not done.
    #[must_use]
    pub fn failed(failure: Failure) -> Self {
        Self { result: Err(failure), effects: None }
    }

    /// With this to write.
    #[must_use]
    pub fn with(self, effects: Effects) -> Self {
        Self { effects: Some(effects), ..self }
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report").field("result", &self.result).finish_non_exhaustive()
    }
}

/// Why a job is not done. The text is stored and shown: it must hold no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// It may work another time.
    Later(String),
    /// It will never work.
    Never(String),
}

/// What becomes of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is done.
    Done,
    /// It is tried again then.
    Again(Timestamp),
    /// It is given up.
    GivenUp,
}
