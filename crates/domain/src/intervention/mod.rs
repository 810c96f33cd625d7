//! What is done about a customer at risk, and what came of it [004, intervention playbook].

mod compare;
mod document;
mod playbook;

pub use compare::{Change, Comparison, Outcome, Tried, UnknownOutcome, compare};
pub use document::{
    ActionTaken, EscalationFacts, Impact, SaveOrExitPlan, SignalRow, Stakes, Support, UnknownSupport,
    save_or_exit,
};
pub use playbook::{Action, Begun, begin};
