//! The store on SQLite and on PostgreSQL: every test runs on both.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod api;
mod copy;
mod hidden_sql;
mod list;
mod portfolio;
mod rows;
mod schema;
mod tenants;
mod world;
