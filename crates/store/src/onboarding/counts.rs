//! The portfolio in numbers: how many onboardings there are, and how many each choice of a filter would show.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use gangway_domain::ids::{PersonId, WorkspaceId};
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use super::filter::{arguments, filter};
use super::list::{At, OPEN, Owner, Query};
use super::watched;
use crate::db::Tx;
use crate::error::StoreError;
use crate::membership::{self, Member};
use crate::standing::{light, rank};
use crate::statement::sql;

macro_rules! counts {
    () => {
        "COUNT(*) AS onboardings,
         CAST(COALESCE(SUM(CASE WHEN o.late_days > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS late,
         CAST(COALESCE(SUM(o.warnings), 0) AS BIGINT) AS warnings"
    };
}

// Each but CROSSED is read from one index that holds its groups in order, and everything the filter looks at.
sql! {
    "onboarding counts";
    SHARES = concat!(
        "SELECT o.state_name, o.place, o.segment, o.segment_name, o.light, ",
        counts!(),
        " FROM onboarding o WHERE ",
        filter!(),
        " GROUP BY o.state_name, o.place, o.segment, o.segment_name, o.light
          ORDER BY o.state_name, o.place, o.segment, o.segment_name, o.light"
    );
    // A search is looked for once, so that it costs little where it finds little.
    CROSSED = concat!(
        "SELECT o.owner_id, o.seller_id, o.health, o.signal_rank, o.state_name, o.place, o.segment, o.segment_name,
                o.light, ",
        counts!(),
        " FROM onboarding o WHERE ",
        filter!(),
        " GROUP BY o.owner_id, o.seller_id, o.health, o.signal_rank, o.state_name, o.place, o.segment, o.segment_name,
                   o.light"
    );
    BY_OWNER = concat!(
        "SELECT o.owner_id, COUNT(*) AS onboardings FROM onboarding o WHERE ",
        filter!(),
        " GROUP BY o.owner_id"
    );
    BY_SELLER = concat!(
        "SELECT o.seller_id, COUNT(*) AS onboardings FROM onboarding o WHERE ",
        filter!(),
        " GROUP BY o.seller_id"
    );
    BY_WATCH = concat!(
        "SELECT o.health, o.signal_rank, COUNT(*) AS onboardings FROM onboarding o WHERE ",
        filter!(),
        " GROUP BY o.health, o.signal_rank"
    );
}

/// Counts over the whole portfolio, whatever is filtered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// All onboardings.
    pub all: i64,
    /// Those not over.
    pub open: i64,
    /// Those not over whose go-live misses its target.
    pub late: i64,
    /// Warnings over all that are not over.
    pub warnings: i64,
}

/// How many onboardings each choice of a filter would show, the other filters staying as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    /// How many the filters show as they are.
    pub shown: i64,
    /// In each state there is.
    pub states: BTreeMap<String, i64>,
    /// Of each segment, the most frequent first: id, name, number of onboardings.
    pub segments: Vec<(String, String, i64)>,
    /// At each place there is: stages, `not-begun`, `completed`, `closed`, as of the day rows were settled for
    /// ([`super::now::keep`]).
    pub places: BTreeMap<String, i64>,
    /// Of each colour: on track, at risk, off track.
    pub lights: [i64; 3],
    /// With health of each status (name) there is.
    pub healths: BTreeMap<String, i64>,
    /// With an open signal of each severity or a graver one: low, medium, high, critical.
    pub signals: [i64; 4],
    /// Late only.
    pub late: i64,
    /// Run by each person of the workspace, by name, also where there are none.
    pub owners: Vec<(PersonId, String, i64)>,
    /// Run by nobody.
    pub unowned: i64,
    /// Handed over by each person of the workspace, by name, also where there are none.
    pub sellers: Vec<(PersonId, String, i64)>,
}

impl Facets {
    /// In any state.
    #[must_use]
    pub fn in_any_state(&self) -> i64 {
        self.states.values().sum()
    }

    /// In a state (name), or in one of those that [`OPEN`] means.
    #[must_use]
    pub fn in_state(&self, state: &str) -> i64 {
        self.states.iter().filter(|(known, _)| fits(known, state)).map(|(_, number)| number).sum()
    }
}

fn fits(known: &str, state: &str) -> bool {
    known == state || (state == OPEN && matches!(known, "planned" | "running"))
}

/// Onboardings that have state, place, segment and colour in common.
#[derive(FromRow)]
struct Share {
    state_name: String,
    place: String,
    segment: String,
    segment_name: String,
    light: i64,
    onboardings: i64,
    late: i64,
    warnings: i64,
}

/// A share whose onboardings also have owner, seller, health and gravest signal in common.
#[derive(FromRow)]
struct Crossed {
    owner_id: Option<Uuid>,
    seller_id: Option<Uuid>,
    health: String,
    signal_rank: i64,
    #[sqlx(flatten)]
    share: Share,
}

/// How many onboardings are of each person; without one, of nobody.
type People = BTreeMap<Option<Uuid>, i64>;

/// How many onboardings have each status of health, empty for none, and rank of their gravest signal.
type Watched = BTreeMap<(String, i64), i64>;

/// What is counted, each without what the filter it stands beside asks for.
struct Found {
    shares: Vec<Share>,
    owners: People,
    sellers: People,
    watched: Watched,
}

/// Counts over the whole portfolio, and those beside its filters.
///
/// # Errors
/// When the database fails.
pub async fn around(
    tx: &mut Tx,
    workspace: WorkspaceId,
    query: &Query,
) -> Result<(Summary, Facets), StoreError> {
    let found = if query.search.is_some() {
        crossed(tx, workspace, query).await?
    } else {
        counted(tx, workspace, query).await?
    };
    // Shares tell state, stage, segment, colour and lateness apart: only the other filters have left something out.
    let people = query.owner.is_none() && query.seller.is_none();
    let whole = query.search.is_none() && people && query.health.is_none() && query.signals.is_none();
    let Found { shares, owners, sellers, watched } = found;
    let summary = if whole { summed(&shares) } else { summary(tx, workspace, query.today).await? };
    let mut facets = facets(&shares, query)?;
    facets.watch(&watched, query);
    let of = |people: &People, id: PersonId| people.get(&Some(id.uuid())).copied().unwrap_or(0);
    facets.unowned = owners.get(&None).copied().unwrap_or(0);
    for Member { person, name, .. } in membership::of_workspace(tx, workspace).await? {
        facets.owners.push((person, name.clone(), of(&owners, person)));
        facets.sellers.push((person, name, of(&sellers, person)));
    }
    Ok((summary, facets))
}

/// Counts without a search, each read from its index.
async fn counted(tx: &mut Tx, workspace: WorkspaceId, query: &Query) -> Result<Found, StoreError> {
    let shares = shares(tx, workspace, query).await?;
    let owner = Query { owner: None, ..query.clone() };
    let owners: Vec<(Option<Uuid>, i64)> = tx.all(BY_OWNER, arguments(workspace, &owner)?).await?;
    let seller = Query { seller: None, ..query.clone() };
    let sellers: Vec<(Option<Uuid>, i64)> = tx.all(BY_SELLER, arguments(workspace, &seller)?).await?;
    let watch = Query { health: None, signals: None, ..query.clone() };
    let watched: Vec<(String, i64, i64)> = tx.all(BY_WATCH, arguments(workspace, &watch)?).await?;
    Ok(Found {
        shares,
        owners: owners.into_iter().collect(),
        sellers: sellers.into_iter().collect(),
        watched: watched.into_iter().map(|(health, rank, number)| ((health, rank), number)).collect(),
    })
}

/// Counts over the whole portfolio.
///
/// # Errors
/// When the database fails.
pub async fn summary(tx: &mut Tx, workspace: WorkspaceId, today: Date) -> Result<Summary, StoreError> {
    Ok(summed(&shares(tx, workspace, &Query::first(1, today)).await?))
}

/// What owner, seller, health and signals leave, whatever the other filters say: those are for [`facets`].
async fn shares(tx: &mut Tx, workspace: WorkspaceId, query: &Query) -> Result<Vec<Share>, StoreError> {
    let query =
        Query { segment: None, state: None, stage: None, light: None, late_only: false, ..query.clone() };
    tx.all(SHARES, arguments(workspace, &query)?).await
}

/// The same of what a search finds.
async fn crossed(tx: &mut Tx, workspace: WorkspaceId, query: &Query) -> Result<Found, StoreError> {
    let found = Query { search: query.search.clone(), ..Query::first(1, query.today) };
    let rows: Vec<Crossed> = tx.all(CROSSED, arguments(workspace, &found)?).await?;
    let place = query.stage.map(At::word).transpose()?;
    let (mut shares, mut owners, mut sellers) = (Vec::new(), People::new(), People::new());
    let mut watched = Watched::new();
    for Crossed { owner_id, seller_id, health, signal_rank, share } in rows {
        let owned = match query.owner {
            None => true,
            Some(Owner::Nobody) => owner_id.is_none(),
            Some(Owner::Person(person)) => owner_id == Some(person.uuid()),
        };
        let sold = query.seller.is_none_or(|person| seller_id == Some(person.uuid()));
        let of_watch = of_health(query, &health) && of_signals(query, signal_rank);
        let number = share.number(query, place.as_deref());
        if sold && of_watch {
            *owners.entry(owner_id).or_default() += number;
        }
        if owned && of_watch {
            *sellers.entry(seller_id).or_default() += number;
        }
        if owned && sold {
            *watched.entry((health, signal_rank)).or_default() += number;
            if of_watch {
                shares.push(share);
            }
        }
    }
    Ok(Found { shares, owners, sellers, watched })
}

fn of_health(query: &Query, status: &str) -> bool {
    query.health.as_ref().is_none_or(|wanted| wanted == status)
}

fn of_signals(query: &Query, rank: i64) -> bool {
    query.signals.is_none_or(|least| rank >= watched::rank(least))
}

impl Facets {
    /// Each of the two counts where the other does not speak against it.
    fn watch(&mut self, watched: &Watched, query: &Query) {
        for ((health, rank), number) in watched {
            if !health.is_empty() && of_signals(query, *rank) {
                *self.healths.entry(health.clone()).or_default() += number;
            }
            if of_health(query, health) {
                for (least, count) in (1..).zip(&mut self.signals) {
                    if least <= *rank {
                        *count += number;
                    }
                }
            }
        }
    }
}

impl Share {
    fn of_segment(&self, query: &Query) -> bool {
        query.segment.as_ref().is_none_or(|segment| *segment == self.segment)
    }

    fn of_state(&self, query: &Query) -> bool {
        query.state.as_ref().is_none_or(|state| fits(&self.state_name, state))
    }

    fn of_light(&self, query: &Query) -> bool {
        query.light.is_none_or(|light| rank(light) == self.light)
    }

    /// How many of it there are, late ones only where those are asked for.
    fn wanted(&self, query: &Query) -> i64 {
        if query.late_only { self.late } else { self.onboardings }
    }

    /// How many of it segment, state, place, colour and lateness leave.
    fn number(&self, query: &Query, place: Option<&str>) -> i64 {
        let here = place.is_none_or(|place| place == self.place);
        let others = self.of_segment(query) && self.of_state(query) && self.of_light(query);
        if here && others { self.wanted(query) } else { 0 }
    }
}

fn summed(shares: &[Share]) -> Summary {
    let mut summary = Summary::default();
    for share in shares {
        summary.all += share.onboardings;
        if fits(&share.state_name, OPEN) {
            summary.open += share.onboardings;
            summary.late += share.late;
            summary.warnings += share.warnings;
        }
    }
    summary
}

/// Every share counts where nothing but the facet's own filter speaks against it.
fn facets(shares: &[Share], query: &Query) -> Result<Facets, StoreError> {
    let place = query.stage.map(At::word).transpose()?;
    let mut facets = Facets::default();
    let mut segments: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for share in shares.iter().filter(|share| share.wanted(query) > 0) {
        let number = share.wanted(query);
        let (of_segment, of_state) = (share.of_segment(query), share.of_state(query));
        let of_place = place.as_ref().is_none_or(|place| *place == share.place);
        let of_light = share.of_light(query);
        if of_segment && of_place && of_light {
            *facets.states.entry(share.state_name.clone()).or_default() += number;
        }
        if of_segment && of_state && of_light {
            *facets.places.entry(share.place.clone()).or_default() += number;
        }
        if of_state && of_place && of_light {
            *segments.entry((share.segment.as_str(), share.segment_name.as_str())).or_default() += number;
        }
        if of_segment && of_state && of_place {
            let known = light(share.light).and_then(|light| facets.lights.get_mut(light as usize));
            if let Some(count) = known {
                *count += number;
            }
        }
        if of_segment && of_state && of_place && of_light {
            facets.shown += number;
            facets.late += share.late;
        }
    }
    facets.segments =
        segments.into_iter().map(|((id, name), number)| (id.to_owned(), name.to_owned(), number)).collect();
    // One segment may have had several names; the last of them stands.
    facets.segments.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1.clone_from(&next.1);
            kept.2 += next.2;
        }
        same
    });
    // Stable: segments with the same number stay by id.
    facets.segments.sort_by_key(|(.., number)| Reverse(*number));
    Ok(facets)
}

#[cfg(test)]
mod tests {
    use gangway_domain::deal::Severity;
    use gangway_domain::methodology::Light;
    use gangway_domain::programme::Stage;
    use jiff::civil::date;

    use super::*;

    fn share(state: &str, place: &str, segment: &str, onboardings: i64, late: i64) -> Share {
        Share {
            state_name: state.to_owned(),
            place: place.to_owned(),
            segment: segment.to_owned(),
            segment_name: segment.to_uppercase(),
            // Late ones are off track.
            light: if late > 0 { 3 } else { 1 },
            onboardings,
            late,
            warnings: onboardings,
        }
    }

    /// Nine open ones, three of them in the pilot; two are over.
    fn some() -> Vec<Share> {
        vec![
            share("running", "pilot", "smb", 2, 1),
            share("running", "pilot", "big", 1, 0),
            share("running", "train", "smb", 4, 0),
            share("planned", "not-begun", "big", 2, 2),
            share("closed", "closed", "big", 2, 1),
        ]
    }

    /// Shown, by state, by segment, late.
    type Counted = (i64, Vec<(String, i64)>, Vec<(String, i64)>, i64);

    fn counted(change: impl FnOnce(&mut Query)) -> Counted {
        let mut query = Query::first(9, date(2027, 1, 4));
        change(&mut query);
        let facets = facets(&some(), &query).unwrap();
        let segments = facets.segments.into_iter().map(|(id, _, number)| (id, number)).collect();
        (facets.shown, facets.states.into_iter().collect(), segments, facets.late)
    }

    fn of<const N: usize>(counts: [(&str, i64); N]) -> Vec<(String, i64)> {
        counts.map(|(word, number)| (word.to_owned(), number)).into()
    }

    #[test]
    fn a_choice_counts_what_choosing_it_would_show() {
        let states = of([("closed", 2), ("planned", 2), ("running", 7)]);
        assert_eq!(counted(|_| ()), (11, states.clone(), of([("smb", 6), ("big", 5)]), 4));
        // Its own filter does not narrow a facet down, the others do.
        let open = counted(|query| query.state = Some(OPEN.to_owned()));
        assert_eq!(open, (9, states, of([("smb", 6), ("big", 3)]), 3));
        let big = counted(|query| query.segment = Some("big".to_owned()));
        let states = of([("closed", 2), ("planned", 2), ("running", 1)]);
        assert_eq!(big, (5, states, of([("smb", 6), ("big", 5)]), 3));
        let pilot = counted(|query| query.stage = Some(At::Stage(Stage::Pilot)));
        assert_eq!(pilot, (3, of([("running", 3)]), of([("smb", 2), ("big", 1)]), 1));
        let late = counted(|query| query.late_only = true);
        let states = of([("closed", 1), ("planned", 2), ("running", 1)]);
        assert_eq!(late, (4, states, of([("big", 3), ("smb", 1)]), 4));
    }

    #[test]
    fn colours_are_counted_whichever_is_chosen() {
        let mut query = Query { state: Some(OPEN.to_owned()), ..Query::first(9, date(2027, 1, 4)) };
        assert_eq!(facets(&some(), &query).unwrap().lights, [5, 0, 4]);
        query.light = Some(Light::Red);
        let red = facets(&some(), &query).unwrap();
        assert_eq!((red.shown, red.lights, red.in_state("running")), (4, [5, 0, 4], 2));
        assert_eq!(red.places.get("train"), None);
    }

    #[test]
    fn health_and_signals_count_each_without_itself() {
        let watched: Watched = [("Critical", 4, 2), ("Critical", 0, 1), ("Healthy", 2, 3), ("", 0, 5)]
            .map(|(health, rank, number)| ((health.to_owned(), rank), number))
            .into();
        let counted = |query: &Query| {
            let mut facets = Facets::default();
            facets.watch(&watched, query);
            (facets.healths.into_iter().collect::<Vec<_>>(), facets.signals)
        };
        let query = Query::first(9, date(2027, 1, 4));
        assert_eq!(counted(&query), (of([("Critical", 3), ("Healthy", 3)]), [5, 5, 2, 2]));
        let critical = Query { health: Some("Critical".to_owned()), ..query.clone() };
        assert_eq!(counted(&critical), (of([("Critical", 3), ("Healthy", 3)]), [2, 2, 2, 2]));
        let grave = Query { signals: Some(Severity::High), ..query };
        assert_eq!(counted(&grave), (of([("Critical", 2)]), [5, 5, 2, 2]));
    }

    #[test]
    fn what_is_over_is_late_no_more() {
        let summary = Summary { all: 11, open: 9, late: 3, warnings: 9 };
        assert_eq!(summed(&some()), summary);
    }
}
