//! Tests of the engine: by hand, against an independent check of every produced schedule, and
//! against other schedulers.

pub(super) mod brute_force;
mod by_hand;
pub(super) mod live;
mod oracle;
mod refused;
