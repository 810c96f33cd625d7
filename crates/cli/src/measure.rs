//! What Prometheus reads: what was counted, and how things stand at the moment it asks.

use std::sync::Arc;

use anyhow::{Context, Result};
use gangway_app::{Clock, SystemClock};
use gangway_store::{Db, job};
use metrics::gauge;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Upper bounds of durations, seconds: pages take milliseconds, documents a second, webhooks many.
const SECONDS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];

/// The measurements of this process.
#[derive(Clone)]
pub struct Measurements {
    handle: PrometheusHandle,
    db: Db,
    clock: Arc<dyn Clock>,
}

impl Measurements {
    /// Begins to count.
    pub fn begin(db: Db) -> Result<Self> {
        let handle = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("duration_seconds".to_owned()), &SECONDS)
            .and_then(PrometheusBuilder::install_recorder)
            .context("the measurements cannot begin")?;
        let clock = Arc::new(SystemClock);
        gauge!("gangway_started_at_seconds").set(clock.now().as_millisecond() as f64 / 1000.0);
        gauge!("gangway_build_info", "version" => env!("CARGO_PKG_VERSION"), "database" => db.kind())
            .set(1.0);
        Ok(Self { handle, db, clock })
    }

    /// In Prometheus' text form.
    pub async fn text(self) -> String {
        if let Err(error) = self.look().await {
            tracing::warn!(%error, "the queue of jobs cannot be measured");
        }
        self.handle.run_upkeep();
        self.handle.render()
    }

    async fn look(&self) -> Result<(), gangway_store::StoreError> {
        let pool = self.db.pool_size();
        gauge!("gangway_db_connections", "state" => "open").set(f64::from(pool.open));
        gauge!("gangway_db_connections", "state" => "idle").set(f64::from(pool.idle));
        if let Some(bytes) = resident() {
            gauge!("gangway_resident_memory_bytes").set(bytes);
        }
        let mut tx = self.db.read().await?;
        // Kinds without jobs are not in the answer: they go back to zero.
        for kind in [gangway_app::mail::JOB, gangway_app::webhook::JOB] {
            gauge!("gangway_jobs_waiting", "kind" => kind).set(0.0);
            gauge!("gangway_jobs_due", "kind" => kind).set(0.0);
        }
        for depth in job::depth(&mut tx, self.clock.now().into()).await? {
            gauge!("gangway_jobs_waiting", "kind" => depth.kind.clone()).set(depth.waiting as f64);
            gauge!("gangway_jobs_due", "kind" => depth.kind).set(depth.due as f64);
        }
        gauge!("gangway_jobs_given_up").set(job::given_up(&mut tx).await? as f64);
        Ok(())
    }
}

/// Memory of this process that is in RAM, bytes; Linux only.
fn resident() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kibibytes * 1024.0)
}
