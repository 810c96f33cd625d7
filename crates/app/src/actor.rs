//! Who does something, where, and through which door.

use std::fmt;

use gangway_domain::ids::WorkspaceId;

/// Who asks for something. Every use case takes one, acts in its workspace only, and leaves it in
/// the activity log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who, as colleagues see it.
    pub name: String,
    /// Where.
    pub workspace: WorkspaceId,
    /// Through which door.
    pub door: Door,
}

/// A way into the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// The command line.
    Cli,
    /// A page.
    Web,
    /// The demo data.
    Demo,
}

impl fmt::Display for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cli => "cli",
            Self::Web => "web",
            Self::Demo => "demo",
        })
    }
}
