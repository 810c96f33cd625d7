//! The health score: from facts to a number from 0 to 100 that explains itself [003, 004].
//!
//! A [`Model`] is compiled from a file of the methodology. Each component has inputs; each input is a CEL expression that
//! gives 0 to 100 and fades to no data when it is old. The score is the mean of the components that have data, by their
//! weights; how much of the weight that is, is the coverage. Too little coverage gives no score. Open critical signals cap
//! the status, and a person's word, with reason and expiry, stands above everything.
//!
//! Fading: an input counts in full while it is at most `valid_days` old; over the next `valid_days` its weight falls in a
//! straight line to nothing. A component is as fresh as the freshest of its inputs, and loses weight with it, so that
//! neither the score nor the coverage jumps.

mod assessment;
pub mod backtest;
mod explain;
mod model;
mod models;
mod points;
mod replay;
mod score;

pub use assessment::{
    Assessment, Cap, ComponentScore, INSUFFICIENT, InputScore, InputState, OpenSignal, Override,
};
pub use explain::{Cause, Move, explain};
pub use model::{Model, ModelError};
pub use models::Models;
pub use points::Points;
pub use replay::{Moment, Replayed, WhatIf, changed, compare, replay, what_if};

#[cfg(test)]
mod tests;
