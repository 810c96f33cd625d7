//! How far what follows from the log has been worked out. Accounts wait for it in memory; so that a process that is killed
//! leaves nobody to their next event, whoever starts after it looks at everybody with usage once more.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use gangway_store::usage::{group, roll as rows};
use gangway_store::workspace as workspaces;

use super::elsewhere;
use super::follow::{Changed, Waiting};
use crate::App;
use crate::error::AppError;

/// How often at most it is written how far everything has been worked out.
pub(super) const EVERY: Duration = Duration::from_secs(10);

/// Pieces remembered while those of another process before them are not done. Of more the oldest are given up, and the
/// next start looks at everybody.
const MOST: usize = 1_000;

/// Pieces of the log, oldest first: behind which position each begins, and with which it ends.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Pieces(VecDeque<(i64, i64)>);

impl Pieces {
    /// Adds a piece; what begins where the last one ends becomes part of it.
    pub(super) fn add(&mut self, from: i64, to: i64) {
        match self.0.back_mut() {
            Some((_, end)) if *end == from => *end = to,
            _ => self.0.push_back((from, to)),
        }
        if self.0.len() > MOST {
            self.0.pop_front();
        }
    }

    /// Adds pieces that come behind these.
    pub(super) fn extend(&mut self, more: Self) {
        for (from, to) in more.0 {
            self.add(from, to);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Writes that what follows from these pieces has been worked out. Those behind a piece that another process is still at
/// stay.
pub(super) async fn write(app: &App, done: &mut Pieces) -> Result<(), AppError> {
    let log = app.usage.log().await.map_err(elsewhere)?.id().to_string();
    let mut tx = app.db.write().await?;
    while let Some(piece) = done.0.front().copied() {
        if !rows::follow(&mut tx, &log, piece, app.now()).await? {
            break;
        }
        done.0.pop_front();
    }
    tx.commit().await?;
    Ok(())
}

/// Has everybody with usage looked at when more was counted than worked out: a process was killed in between, or another
/// one is at it now. To be done before anything is counted.
pub(super) async fn begin(app: &App, waiting: &Waiting) -> Result<(), AppError> {
    let log = app.usage.log().await.map_err(elsewhere)?;
    let last = log.standing().await.map_err(elsewhere)?.last.0;
    let log = log.id().to_string();
    let mut tx = app.db.read().await?;
    let counted = rows::cursor(&mut tx, &log).await?;
    let followed = rows::followed(&mut tx, &log).await?;
    drop(tx);
    match followed {
        None => {
            let mut tx = app.db.write().await?;
            rows::begin_followed(&mut tx, &log, counted, app.now()).await?;
            tx.commit().await?;
        }
        // Of what was not counted yet, the news may have been counted ahead.
        Some(followed) if followed != counted || counted < last => {
            tracing::info!(followed, counted, "health is looked at again for everybody with usage");
            let mut tx = app.db.read().await?;
            let all = workspaces::all(&mut tx).await?;
            for workspace in all {
                let more = group::accounts(&mut tx, workspace.id).await?;
                waiting.add(workspace.id, &Changed { news: BTreeSet::new(), more });
            }
            drop(tx);
            if followed != counted {
                waiting.counted(followed.min(counted), counted);
            }
        }
        Some(_) => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_that_follow_each_other_are_one() {
        let mut pieces = Pieces::default();
        pieces.add(0, 10);
        pieces.add(10, 25);
        pieces.add(40, 50);
        assert_eq!(pieces, Pieces(VecDeque::from([(0, 25), (40, 50)])));
        let mut more = Pieces::default();
        more.add(50, 60);
        pieces.extend(more);
        assert_eq!(pieces, Pieces(VecDeque::from([(0, 25), (40, 60)])));
    }

    #[test]
    fn pieces_that_wait_for_ever_are_given_up() {
        let mut pieces = Pieces::default();
        for number in 0..2_000 {
            pieces.add(number * 10, number * 10 + 5);
        }
        assert_eq!(pieces.0.len(), MOST);
        assert_eq!(pieces.0.back(), Some(&(19_990, 19_995)));
    }
}
