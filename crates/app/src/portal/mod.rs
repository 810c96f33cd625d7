//! The portal: what people of a customer see and do of their onboarding.
//!
//! A guest is an [`Actor`](crate::Actor) of one onboarding. What they may is asked with
//! [`Actor::require_guest`](crate::Actor::require_guest); what they see are structs of this module and of the `guest`
//! parts of others, never those of the team.

mod access;
mod answer;
mod asked;
mod change;
mod code;
mod deed;
mod enter;
mod issue;
mod letters;
mod look;
mod lost;
mod outside;
mod remind;
mod share;
mod talk;
mod task;
mod team;
mod todo;
pub(crate) mod way;
mod words;
pub(crate) mod work;

pub use access::{Invited, Manage, Person, change, invite, invite_colleague, manage, revoke, view_as};
pub(crate) use asked::let_in;
pub use change::{ChangePage, Given, change_page, decide_change};
pub use code::Code;
pub use deed::{Deed, deed, do_deed};
pub use enter::{Door, Opened, Visit, close, door, enter_code, open, recognise, send_again};
pub use gangway_store::portal::Access;
pub use gangway_store::portal::setting::Setting;
pub(crate) use remind::remind;

pub use issue::{IssueClock, IssueLine, IssuesPage, Reported, guest_issues, report_issue};
pub use look::{Accent, change_settings, picture, setting, settings};
pub use lost::send_link;
pub use outside::{Outside, behind_cookie, behind_link, of_workspace};
pub use share::{
    DocumentLine, Embedded, MeetingLine, Shareable, StatusLine, embed, embedded, embeds, end_embed,
    guest_calendar, guest_document, guest_document_file, guest_documents, guest_meetings, guest_report,
    guest_status, share_documents, shareable,
};
pub use talk::{CommentLine, FileLine, add_file, comment, file, share, shares};
pub use task::{Colleague, TaskPage, delegate, finish, reopen, task};
pub use team::{People, PersonLine, TeamMember, guest_people};
pub use todo::{PortalTodo, todo};
pub use work::{
    ContactPerson, Late, MilestoneLine, Overview, PhaseLine, PhasePlan, TaskLine, home, overview, plan,
};
