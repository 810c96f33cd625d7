//! The product's rules as pure code: deals, programmes, calendars, plans, packages.
//!
//! Nothing here is asynchronous, touches SQL, HTTP or files, or reads a clock: every function is
//! a calculation from its arguments, so any situation can be replayed in a test.

pub mod calendar;
pub mod change_request;
pub mod contract;
pub mod correction;
pub mod deal;
pub mod digest;
pub mod escalation;
pub mod fact;
pub mod fit;
pub mod form;
pub mod handoff;
pub mod health;
pub mod ids;
pub mod intervention;
pub mod language;
pub mod launch;
pub mod meeting;
pub mod methodology;
pub mod money;
pub mod onboarding;
pub mod outcome;
pub mod package;
pub mod people;
pub mod permission;
pub mod plan;
pub mod playbook;
pub mod portal;
pub mod programme;
pub mod refusal;
pub mod register;
pub mod report;
pub mod response;
pub mod rule;
pub mod segment;
pub mod signal;
pub mod standing;
pub mod survey;
pub mod training;
pub mod transition;
pub mod upload;
pub mod usage;
pub mod wording;
pub mod words;
pub mod work;
pub mod workload;
