//! Early warnings: which are there, what becomes of them, and which comes first [003, 004].
//!
//! Computed kinds have a CEL rule; [`Watch`] judges all of them over one sheet of facts. Observed ones are logged by
//! people. Of each kind an onboarding has one open signal at most, and repeats raise its count: one is a note, two are a
//! concern, three a reason to act.

mod clock;
mod life;
mod rank;
mod review;
mod watch;

pub use clock::{Clocks, PLAN_HOURS, Respond, respond_by};
pub use life::{Event, How, Refusal, Signal, State, Weight};
pub use rank::{Rank, rank};
pub use review::{Prefilled, Review, review_verdict};
pub use watch::{Judged, Watch, WatchError};
