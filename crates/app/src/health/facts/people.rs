//! What is known of the people at the customer, and of the meetings with them.

use std::collections::BTreeMap;

use gangway_domain::deal::StakeholderRole;
use gangway_domain::ids::{ContactId, OnboardingId, WorkspaceId};
use gangway_domain::meeting::{Attendance, Status};
use gangway_domain::people::{Grade, Sentiment};
use gangway_domain::rule::FactValue;
use gangway_store::Tx;
use gangway_store::health::known::{self, Ground};
use gangway_store::meeting::{self, Meeting};
use gangway_store::people::{self as rows, Stakeholder, touch};
use jiff::civil::Date;

use super::inputs::accounts_of;
use super::{Sheaf, Sheaves, count, days};
use crate::error::AppError;

/// Days that count as of late.
const OF_LATE: i64 = 28;

/// Adds what is known of people and meetings, with few statements for all onboardings.
pub(super) async fn add(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[OnboardingId],
    grounds: &BTreeMap<OnboardingId, Ground>,
    today: Date,
    sheaves: &mut Sheaves,
) -> Result<(), AppError> {
    let contacts = known::contacts(tx, workspace, &accounts_of(grounds)).await?;
    let people = rows::of_onboardings(tx, workspace, ids).await?;
    let mut last = touch::last_in(tx, workspace, ids).await?;
    let met = meeting::of_onboardings(tx, workspace, ids).await?;
    for id in ids {
        let (Some(ground), Some(sheaf)) = (grounds.get(id), sheaves.get_mut(id)) else { continue };
        sheaf.number("people", "contacts", contacts.get(&ground.account).copied().unwrap_or(0));
        let people = people.get(id).map_or(&[][..], Vec::as_slice);
        let met = met.get(id).map_or(&[][..], Vec::as_slice);
        let last = last.remove(id).unwrap_or_default();
        voices(people, &Spoken { last, kickoff_on: ground.kickoff_on, today }, sheaf);
        meetings(met, today, sheaf);
        absences(met, people, sheaf);
    }
    Ok(())
}

/// When somebody was last spoken with.
struct Spoken {
    last: BTreeMap<ContactId, Date>,
    kickoff_on: Date,
    today: Date,
}

impl Spoken {
    /// Days since somebody was spoken with, or since they should have been: nobody is silent before the kickoff.
    fn silent(&self, one: &Stakeholder) -> Option<i64> {
        let from = self.last.get(&one.contact).copied().unwrap_or_else(|| one.since.max(self.kickoff_on));
        (self.kickoff_on <= self.today).then(|| days(from, self.today).max(0))
    }
}

fn voices(people: &[Stakeholder], spoken: &Spoken, sheaf: &mut Sheaf) {
    let today = spoken.today;
    let here = |one: &&Stakeholder| one.left_on.is_none_or(|left| left > today);
    let is_champion = |one: &&Stakeholder| one.role == StakeholderRole::Champion || one.champion.is_some();
    let recent = spoken.last.values().filter(|day| days(**day, today) < OF_LATE);
    sheaf.number("people", "active_contacts", count(recent.count()));
    if spoken.kickoff_on <= today {
        let last = spoken.last.values().max().copied().unwrap_or(spoken.kickoff_on);
        sheaf.number("people", "days_since_contact", days(last, today).max(0));
    }
    let champions: Vec<&Stakeholder> = people.iter().filter(is_champion).collect();
    sheaf.put("people", "champion_known", FactValue::Bool(!champions.is_empty()));
    let there: Vec<&Stakeholder> = champions.iter().copied().filter(here).collect();
    let silent = there.iter().filter_map(|one| spoken.silent(one)).min();
    sheaf.maybe("people", "champion_days_silent", silent);
    if let Some(state) = champion(&champions, &there) {
        sheaf.text("people", "champion_state", state);
    }
    let sponsors = people.iter().filter(here).filter(|one| one.role == StakeholderRole::ExecutiveSponsor);
    sheaf.maybe("people", "sponsor_days_silent", sponsors.filter_map(|one| spoken.silent(one)).min());
}

/// How the champion stands: of several the best, since one who speaks for it is enough.
fn champion(known: &[&Stakeholder], there: &[&Stakeholder]) -> Option<&'static str> {
    if known.is_empty() {
        return None;
    }
    if there.is_empty() {
        return Some("departed");
    }
    let of = |sentiment: Sentiment| there.iter().any(|one| one.sentiment == Some(sentiment));
    if there.iter().all(|one| one.engagement == Some(Grade::Low)) {
        Some("absent")
    } else if of(Sentiment::Positive) {
        Some("advocate")
    } else if of(Sentiment::Neutral) || of(Sentiment::Negative) {
        Some("neutral")
    } else {
        None
    }
}

fn meetings(all: &[Meeting], today: Date, sheaf: &mut Sheaf) {
    // Those customers were to come to, in the order they were to be held; the rows are in that order.
    let due: Vec<(&Meeting, bool)> = all
        .iter()
        .filter(|one| one.with_customer && one.slot.on <= today)
        .filter_map(|one| match one.status {
            Status::Held => Some((one, true)),
            Status::NoShow { .. } => Some((one, false)),
            Status::Planned | Status::Cancelled { .. } => None,
        })
        .collect();
    let Some((last, _)) = due.last() else { return };
    sheaf.number("meetings", "days_since_last", days(last.slot.on, today));
    let recent = |came: bool| {
        let recent = due.iter().filter(|(one, held)| *held == came && days(one.slot.on, today) < OF_LATE);
        count(recent.count())
    };
    let (held, missed) = (recent(true), recent(false));
    sheaf.number("meetings", "held", held);
    sheaf.number("meetings", "missed", missed);
    sheaf.maybe("meetings", "attended_percent", (held * 100).checked_div(held + missed));
    let in_a_row = due.iter().rev().take_while(|(_, held)| !held).count();
    sheaf.number("meetings", "missed_in_a_row", count(in_a_row));
}

/// How many meetings in a row a key person was absent from, of whoever was absent most.
fn absences(all: &[Meeting], people: &[Stakeholder], sheaf: &mut Sheaf) {
    let key = |one: &&Stakeholder| {
        let role = one.role;
        role == StakeholderRole::ExecutiveSponsor
            || role == StakeholderRole::Champion
            || role == StakeholderRole::ProjectLead
    };
    let missed = |contact: ContactId| {
        let asked = all.iter().rev().filter(|one| one.status == Status::Held);
        let said = asked.filter_map(|one| one.people.iter().find(|one| one.contact == Some(contact)));
        let said = said.filter(|one| one.attendance != Attendance::Invited);
        said.take_while(|one| one.attendance == Attendance::Absent).count()
    };
    let most = people.iter().filter(key).map(|one| missed(one.contact)).max();
    sheaf.maybe("people", "key_absent_meetings", most.map(count));
}
