//! Tests of the engine: by hand, against an independent check of every produced schedule, and
//! against other schedulers.

mod by_hand;
