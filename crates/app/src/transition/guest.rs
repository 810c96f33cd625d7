//! What the customer sees of the end of their onboarding: who looks after them and from when, where they meet, that it
//! ended. Of the handover itself (its note, promises, what was missing, how it was judged) nothing gets into it.

use gangway_domain::meeting::Status;
use gangway_domain::transition::State;
use gangway_store::transition::closing as closings;
use gangway_store::{Tx, meeting as meetings, membership, transition as rows};
use jiff::civil::Date;
use serde::Serialize;

use super::facts::day;
use crate::error::AppError;
use crate::portal::ContactPerson;
use crate::{App, Guest};

/// What comes after an onboarding, as the customer sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Afterwards {
    /// Who looks after the customer; nobody before the customer was told.
    pub keeper: Option<ContactPerson>,
    /// From which day; nothing while they have not taken over.
    pub since: Option<Date>,
    /// Where the customer meets them.
    pub meeting: Option<Introduced>,
    /// The day the onboarding ended.
    pub ended_on: Option<Date>,
}

/// The meeting in which the customer meets whoever looks after them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Introduced {
    /// Title.
    pub title: String,
    /// The day.
    pub day: Date,
    /// Start on the clock of the zone.
    pub starts_at: String,
    /// The zone, when it is known.
    pub zone: Option<String>,
    /// `planned` or `held`.
    pub state: &'static str,
}

/// What comes after an onboarding, as far as the customer was told; nothing is known of it before.
pub(crate) async fn afterwards(
    app: &App,
    tx: &mut Tx,
    guest: &Guest,
) -> Result<Option<Afterwards>, AppError> {
    let closing = closings::get(tx, guest.workspace, guest.onboarding).await?;
    let ended_on = closing.map(|closing| day(app, closing.closed_at));
    let mut seen = Afterwards { ended_on, ..Afterwards::default() };
    if let Some(known) = rows::get(tx, guest.workspace, guest.onboarding).await? {
        let since = match &known.state {
            State::Accepted { at, .. } => Some(at.to_zoned(app.time_zone.clone()).date()),
            _ => None,
        };
        // Until the customer is told, who it will be is the vendor's own matter.
        if since.is_some() || known.introduced_at.is_some() {
            seen.since = since;
            if let Some(csm) = known.csm {
                let member = membership::get(tx, guest.workspace, csm).await?;
                seen.keeper = member.map(|member| ContactPerson { name: member.name, email: member.email });
            }
            if let Some(meeting) = known.meeting {
                let known = meetings::get(tx, guest.workspace, meeting).await?;
                seen.meeting = known.and_then(|meeting| introduced(app, guest, meeting));
            }
        }
    }
    Ok(Some(seen).filter(|seen| *seen != Afterwards::default()))
}

/// The meeting while it stands, or once it was held.
fn introduced(app: &App, guest: &Guest, meeting: meetings::Meeting) -> Option<Introduced> {
    let state = match meeting.status {
        Status::Planned => "planned",
        Status::Held => "held",
        Status::Cancelled { .. } | Status::NoShow { .. } => return None,
    };
    meeting.with_customer.then(|| Introduced {
        title: app.methodology.say_meeting(guest.language, &meeting.title),
        day: meeting.slot.on,
        starts_at: meeting.slot.starts.to_string(),
        zone: meeting.slot.zone,
        state,
    })
}
