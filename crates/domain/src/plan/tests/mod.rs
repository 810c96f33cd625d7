//! Tests of the engine: by hand, against an independent check of every produced schedule, and
//! against other schedulers.

mod brute_force;
mod by_hand;
mod oracle;
mod refused;
