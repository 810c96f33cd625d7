//! Writes files to a folder.
