//! Folders that appear whole or not at all, also when the process is killed.
//!
//! Files are written to a [`Draft`] beside the place they belong to and flushed to the disk; one
//! rename then makes them visible. A process that is killed leaves its draft behind: every draft is
//! locked by the process that writes it, the system drops the lock with the process, and whoever
//! drafts beside it next removes what nobody holds. Process numbers would not do: they are given
//! again, and mean nothing between containers that share a disk.

mod draft;
mod error;
mod leftovers;

pub use draft::Draft;
pub use error::FolderError;
