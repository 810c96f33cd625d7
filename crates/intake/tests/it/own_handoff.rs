//! Our own handoff document, rendered by `gangway plan … --only md`, read back: what was said must come back, what was
//! computed must not become a fact.

use gangway_domain::deal::{DealFormat, GoLiveTarget, Reading};
use jiff::civil::date;

use crate::support::{context, fixture};

fn both(deal: &str, handoff: &str) -> (Reading, Reading) {
    let original = gangway_intake::read(&fixture(deal), None, &context()).unwrap();
    let again = gangway_intake::read(&fixture(handoff), Some(DealFormat::Markdown), &context()).unwrap();
    (original, again)
}

/// The same values, wherever they were found.
macro_rules! same {
    ($first:expr, $second:expr, one: $($one:ident)*; many: $($many:ident)*) => {
        $(assert_eq!(
            $first.deal.$one.as_ref().map(|fact| &fact.value),
            $second.deal.$one.as_ref().map(|fact| &fact.value),
            stringify!($one)
        );)*
        $(assert_eq!(
            $first.deal.$many.iter().map(|fact| &fact.value).collect::<Vec<_>>(),
            $second.deal.$many.iter().map(|fact| &fact.value).collect::<Vec<_>>(),
            stringify!($many)
        );)*
    };
}

#[test]
fn a_full_handoff_comes_back() {
    let (original, again) = both("deals/nordwind.md", "nordwind.handoff.md");
    same!(original, again,
        one: customer industry employees website country acv term_months closed_on contract_start users go_live quick_win_by
            roi_by sso first_contact sales_cycle;
        many: products use_cases situation pain impact decision alternatives success_criteria stakeholders integrations
            data_sources constraints concerns promises non_scope red_flags blackouts relationship);
    assert_eq!(again.unread, []);
    assert_eq!(again.deal.sites.unwrap().value.count, 4);
}

#[test]
fn a_handoff_with_gaps_comes_back_with_the_same_gaps() {
    let (original, again) = both("deals/acme.txt", "acme.handoff.md");
    same!(original, again,
        one: customer industry employees website country acv term_months closed_on contract_start users sites sso;
        many: products use_cases pain impact decision alternatives success_criteria stakeholders integrations data_sources
            constraints concerns promises non_scope red_flags blackouts relationship approach notes);
    assert_eq!(again.unread, []);
    // "60 days" was written down as the date that follows from the kickoff on 23 November 2026.
    assert_eq!(again.deal.go_live.unwrap().value, GoLiveTarget::On { date: date(2027, 1, 22) });
}
