//! Loads, lints, diffs and exports the customer-success methodology kept as files; embeds the built-in one.
