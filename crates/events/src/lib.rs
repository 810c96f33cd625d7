//! Usage events: what customers' users did in the product, as other tools report it.
//!
//! [`read`] understands the messages of Segment's HTTP API and gives a verdict for each; [`log`] keeps the accepted
//! ones durably until they are rolled up. What they mean for a customer is decided elsewhere.

mod event;
pub mod log;
pub mod read;

pub use event::{Event, Json, Kind, UnknownKind, UnreadableLine};
