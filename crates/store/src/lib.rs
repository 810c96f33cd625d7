//! SQLite and PostgreSQL from one SQL text: the transaction is the repository.
//!
//! There is one module per aggregate; each holds its statements as constants and functions that
//! take a [`Tx`]. Every statement is scoped by workspace, and every statement is listed in
//! [`statements`], so that one test can prepare all of them on both databases. What cannot be said
//! in one text for both lives in `dialect/` under a name.

pub mod account;
pub mod activity;
pub mod api_token;
mod batch;
pub mod change_request;
pub mod contact;
pub mod copy;
pub mod correction;
pub mod crm_connection;
pub mod crm_hook;
pub mod cursor;
mod db;
pub mod delivery;
mod dialect;
pub mod digest;
pub mod document_edit;
mod error;
pub mod escalation;
pub mod first_run;
pub mod forecast;
pub mod form;
pub mod handoff;
pub mod health;
pub mod idempotency;
pub mod input;
pub mod intervention;
pub mod invitation;
pub mod job;
pub mod launch;
pub mod link;
pub mod mail;
pub mod meeting;
pub mod membership;
pub mod milestone;
pub mod numbered;
pub mod onboarding;
pub mod outbox;
pub mod outcome;
pub mod page;
pub mod password_reset;
pub mod people;
pub mod person;
pub mod phase;
pub mod portal;
pub mod programme;
mod reading;
pub mod recent;
pub mod register;
pub mod replan;
pub mod report;
pub mod review;
pub mod saved_view;
pub mod search;
pub mod session;
pub mod signal;
pub mod standing;
mod statement;
pub mod survey;
pub mod task;
mod time;
pub mod training;
pub mod transition;
pub mod upkeep;
pub mod usage;
pub mod used_sign_in;
mod value;
pub mod webhook;
pub mod work;
pub mod workload;
pub mod workspace;

pub use db::{Db, Open, PoolSize, PostgresPool, SqlitePools, Tx, Unfit};
pub use dialect::Column;
pub use error::StoreError;
pub use statement::{Statement, statements};
pub use time::{Day, InvalidTimestamp, Timestamp};
