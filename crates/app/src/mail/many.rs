//! Mail to many: what nobody asked for, such as surveys and reminders. It goes to nobody who has had enough, says how
//! to get no more, and reaches each domain one after the other, so that no server takes us for a nuisance.

use std::collections::{BTreeMap, BTreeSet};

use gangway_domain::ids::{JobId, WorkspaceId};
use gangway_store::job::{self, Job};
use gangway_store::{Timestamp, Tx, mail as rows};
use jiff::ToSpan;

use super::{JOB, Letter, Mail, in_its_name, link, list, verbatim};
use crate::App;
use crate::error::AppError;

/// The way off the list; `methodology/words` has it in other languages.
const OFF: &str = "Get no more mails like this one";

/// Milliseconds between two such mails to one domain.
const PACE: i64 = 500;

/// Several mails of one workspace, queued in one transaction.
pub(crate) struct Many {
    workspace: WorkspaceId,
    /// Addresses that get none.
    unwanted: BTreeSet<String>,
    /// Readers cannot get off it: it belongs to what they have bought.
    service: bool,
    /// Who reads what its readers answer.
    reply_to: Option<String>,
    /// When each domain takes the next one.
    next: BTreeMap<String, jiff::Timestamp>,
}

impl Many {
    /// Reads who wants none, and what is on its way already.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn begin(app: &App, tx: &mut Tx, workspace: WorkspaceId) -> Result<Self, AppError> {
        let known = rows::pace(tx, workspace, app.now()).await?;
        let next = known.into_iter().filter_map(|(domain, at)| Some((domain, at.try_into().ok()?))).collect();
        let unwanted = rows::addresses(tx, workspace).await?;
        Ok(Self { workspace, unwanted, service: false, reply_to: None, next })
    }

    /// The same for messages that belong to what their readers have bought: nobody gets off those, and only addresses
    /// that take no mail at all get none.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn of_service(app: &App, tx: &mut Tx, workspace: WorkspaceId) -> Result<Self, AppError> {
        let all = Self::begin(app, tx, workspace).await?;
        Ok(Self { unwanted: rows::dead(tx, workspace).await?, service: true, ..all })
    }

    /// What readers answer goes to this address; see [`answered_by`](super::answered_by).
    pub(crate) fn answered_by(self, reply_to: Option<String>) -> Self {
        Self { reply_to, ..self }
    }

    /// Whether an address takes such mail.
    pub(crate) fn takes(&self, address: &str) -> bool {
        !self.unwanted.contains(&address.to_lowercase())
    }

    /// Queues a letter, with the way off the list where there is one. False when its reader wants none.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn send(&mut self, app: &App, tx: &mut Tx, letter: &Letter) -> Result<bool, AppError> {
        if !self.takes(&letter.to) {
            return Ok(false);
        }
        let mail =
            if self.service { in_its_name(letter)? } else { with_way_off(app, self.workspace, letter)? };
        self.queue(app, tx, mail).await
    }

    /// Queues a mail that was rendered before the transaction began, by [`with_way_off`]. False when its reader wants
    /// none.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn queue(&mut self, app: &App, tx: &mut Tx, mail: Mail) -> Result<bool, AppError> {
        if !self.takes(&mail.to) {
            return Ok(false);
        }
        let mail = Mail { reply_to: self.reply_to.clone(), ..mail };
        let now = app.clock.now();
        let run_at = self.place(&mail.to.to_lowercase(), now);
        let row = Job {
            id: JobId::fresh(&*app.ids),
            kind: JOB.to_owned(),
            payload: serde_json::to_value(mail).map_err(|_| AppError::Crashed)?,
            run_at: run_at.into(),
            created_at: now.into(),
        };
        job::insert(tx, self.workspace, &row).await?;
        Ok(true)
    }

    /// When the next mail to the domain of an address goes.
    fn place(&mut self, address: &str, now: jiff::Timestamp) -> jiff::Timestamp {
        let domain = address.rsplit_once('@').map_or(address, |(_, domain)| domain).to_owned();
        let at = self.next.get(&domain).copied().unwrap_or(now).max(now);
        let after = at.checked_add(PACE.milliseconds()).unwrap_or(jiff::Timestamp::MAX);
        self.next.insert(domain, after);
        at
    }

    /// Keeps when domains take the next one.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn finish(self, tx: &mut Tx) -> Result<(), AppError> {
        let next: BTreeMap<String, Timestamp> =
            self.next.into_iter().map(|(domain, at)| (domain, Timestamp::from(at))).collect();
        Ok(rows::keep_pace(tx, self.workspace, &next).await?)
    }
}

/// The mail of a letter with the way off the list, for people and for mail programs.
///
/// # Errors
/// When it cannot be rendered.
pub(crate) fn with_way_off(app: &App, workspace: WorkspaceId, letter: &Letter) -> Result<Mail, AppError> {
    let address = letter.to.to_lowercase();
    let token = link::seal(app, list::PLACE, &format!("{workspace} {address}"))?;
    let unsubscribe = app.link(&format!("/unsubscribe/{token}"));
    let off = verbatim(app.methodology.say(letter.language, OFF));
    let text = format!("{}\n\n[{off}](<{unsubscribe}>)\n", letter.text);
    let mail = in_its_name(&Letter { text, ..letter.clone() })?;
    Ok(Mail { unsubscribe: Some(unsubscribe), ..mail })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_takes_one_after_the_other_and_others_do_not_wait() {
        let now: jiff::Timestamp = "2027-01-04T09:00:00Z".parse().unwrap();
        let workspace = WorkspaceId::from_uuid(uuid::Uuid::from_u128(1));
        let unwanted = BTreeSet::new();
        let mut many = Many { workspace, unwanted, service: false, reply_to: None, next: BTreeMap::new() };
        let mut at = |address: &str| many.place(address, now).duration_since(now).as_millis();
        let placed = [at("a@one.example"), at("b@one.example"), at("c@two.example"), at("d@one.example")];
        assert_eq!(placed, [0, 500, 0, 1000]);
    }

    #[test]
    fn whoever_has_had_enough_gets_none() {
        let workspace = WorkspaceId::from_uuid(uuid::Uuid::from_u128(1));
        let unwanted = BTreeSet::from(["ada@one.example".to_owned()]);
        let many = Many { workspace, unwanted, service: false, reply_to: None, next: BTreeMap::new() };
        assert!(!many.takes("Ada@One.example") && many.takes("bo@one.example"));
    }
}
