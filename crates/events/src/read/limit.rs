//! How large anything may be. The first three are Segment's own limits.

/// Bytes of one message, with what its batch adds to it.
pub const MOST_EVENT_BYTES: usize = 32 * 1024;
/// Bytes of a batch.
pub const MOST_BATCH_BYTES: usize = 500 * 1024;
/// Messages of a batch.
pub const MOST_BATCH_EVENTS: usize = 2_500;
/// Characters of a message id.
pub const MOST_MESSAGE_ID: usize = 100;
/// Characters of an id of a user or group, and of the name of an event or page: they stand in indexes.
pub const MOST_ID: usize = 255;
/// Objects and lists within one another; what reads JSON is recursive further on.
pub const MOST_DEPTH: usize = 64;
/// Bytes kept of a message that was rejected.
pub(super) const MOST_KEPT: usize = 8 * 1024;
