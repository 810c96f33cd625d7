//! How people write values: numbers, money, dates, durations, people, lists.
//!
//! Every reader here takes plain text and returns what it understood together with the byte range
//! it understood it from; places, labels and facts are the caller's business.

pub(crate) mod broken;
pub(crate) mod date;
pub(crate) mod duration;
pub(crate) mod list;
pub(crate) mod money;
pub(crate) mod number;
pub(crate) mod people;
pub(crate) mod place;
pub(crate) mod roles;
pub(crate) mod words;
