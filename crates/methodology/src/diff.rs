//! What two libraries do differently.
