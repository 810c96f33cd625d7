//! The store on SQLite and on PostgreSQL: every test runs on both.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod accounts;
mod api;
mod copy;
mod forecast;
mod hidden_sql;
mod list;
mod portal;
mod portfolio;
mod recurring;
mod review;
mod rows;
mod schema;
mod search;
mod settled;
mod tenants;
mod views;
mod watched;
mod work;
mod world;
