//! The portfolio as a file.

use gangway_app::portfolio;

use super::ask::Ask;
use crate::extract::{Answer, Asked};
use crate::pages::saved::{self, Kind};

/// What the list shows, every page of it.
pub(crate) async fn file(Asked(web, session, (), values): Asked, Kind(format): Kind) -> Answer {
    let query = Ask::new(&values).to_query(&web, &session)?;
    Ok(saved::file(portfolio::export(&web.app, &session.actor, query, format).await?))
}
