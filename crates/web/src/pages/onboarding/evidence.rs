//! Where what a rule asks for comes to be: the page that shows the facts it is made of.

use super::top::Top;

/// A page that shows facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Page {
    /// One of the onboarding, by the end of its address.
    Own(&'static str),
    /// That of its account: what other systems report is kept there.
    Account,
}

/// How the names of facts begin, what the page is called on which they come to be, and where it is. Of a rule over
/// several the first counts.
const PAGES: [(&str, &str, Page); 20] = [
    ("outcomes.", "Impact", Page::Own("/impact")),
    ("training.", "Training", Page::Own("/training")),
    ("pilot.", "Pilot", Page::Own("/go-live/pilot")),
    ("issues.", "Hypercare", Page::Own("/go-live/hypercare")),
    ("rollout.", "Rollout", Page::Own("/go-live/rollout")),
    ("launch.", "Go-live", Page::Own("/go-live")),
    ("checklist.", "Go-live", Page::Own("/go-live")),
    ("people.", "People", Page::Own("/people")),
    ("meetings.", "Meetings", Page::Own("/meetings")),
    ("surveys.", "Feedback", Page::Own("/feedback")),
    ("milestones.", "Plan", Page::Own("/plan?view=list")),
    ("plan.", "Plan", Page::Own("/plan?view=list")),
    ("usage.", "Usage", Page::Own("/usage")),
    ("health.", "Health", Page::Own("/health")),
    ("observed.", "Health", Page::Own("/health")),
    ("sso.", "Account", Page::Account),
    ("integrations.", "Account", Page::Account),
    ("data.", "Account", Page::Account),
    ("support.", "Account", Page::Account),
    ("contract.", "Account", Page::Account),
];

/// The page on which what a rule asks for comes to be: what it is called, and its address.
pub(super) fn evidence(rule: &str, top: &Top) -> Option<(&'static str, String)> {
    let (label, page) = page_of(rule)?;
    Some(match page {
        Page::Own(end) => (label, top.to(end)),
        Page::Account => (label, top.account.clone()),
    })
}

fn page_of(rule: &str) -> Option<(&'static str, Page)> {
    PAGES.iter().find(|(facts, ..)| names(rule, facts)).map(|(_, label, page)| (*label, *page))
}

/// Whether a rule names a fact that begins like this: `data.` begins none in `metadata.age`.
fn names(rule: &str, facts: &str) -> bool {
    let begins = |at: usize| {
        let before = rule.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|before| !(before.is_alphanumeric() || before == '_' || before == '.'))
    };
    rule.match_indices(facts).any(|(at, _)| begins(at))
}

#[cfg(test)]
mod tests {
    use gangway_domain::rule::Schema;

    use super::*;

    #[test]
    fn a_rule_leads_to_where_its_facts_come_to_be() {
        let tab = |label, end| Some((label, Page::Own(end)));
        assert_eq!(page_of("outcomes.verified >= 1"), tab("Impact", "/impact"));
        assert_eq!(page_of("pilot.criteria_met"), tab("Pilot", "/go-live/pilot"));
        assert_eq!(page_of("'goals-agreed' in milestones.reached"), tab("Plan", "/plan?view=list"));
        assert_eq!(page_of("usage.active_users >= 5"), tab("Usage", "/usage"));
        let account = Some(("Account", Page::Account));
        assert_eq!(page_of("integrations.connected == integrations.total"), account);
        assert_eq!(page_of("data.error_percent < 5.0"), account);
        assert_eq!(page_of("metadata.age < 5"), None);
    }

    #[test]
    fn every_fact_but_those_of_the_onboarding_itself_has_its_page() {
        let mut nowhere = Schema::run().groups();
        nowhere.retain(|group| page_of(&format!("{group}.x")).is_none());
        assert_eq!(nowhere, ["onboarding"]);
    }
}
