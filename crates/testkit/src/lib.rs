//! Test support: the app on both databases, a clock, fixtures.
