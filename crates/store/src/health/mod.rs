//! Health of onboardings: how each stands now, and every change of it, which is never rewritten.

pub(crate) mod change;
pub(crate) mod due;
pub mod history;
pub mod known;
pub mod observation;
pub mod overridden;
pub(crate) mod state;
pub mod waiting;

pub use change::{Line, changes, keep, keep_past, lines, score_on, scores, scores_on};
pub use due::{due, fulfil, of_accounts, want, wishes};
use state::Row;
pub use state::{Judged, Listed, counts, get, of_onboardings, page, unchanged};
