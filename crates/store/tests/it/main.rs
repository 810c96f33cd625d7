//! The store on SQLite and on PostgreSQL: every test runs on both.

mod list;
mod rows;
mod schema;
mod tenants;
mod world;
