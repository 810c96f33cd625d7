//! The deal as the customer may read it back.

use gangway_domain::deal::Deal;
use gangway_domain::fact::Fact;
use serde::Serialize;
use serde_json::{Value, json};

use super::to_json;

/// The facts of the deal that the customer told and may read back.
pub(super) fn deal_view(deal: &Deal) -> Value {
    let Deal {
        external_id: _,
        title: _,
        customer: _,
        industry,
        employees: _,
        website: _,
        country: _,
        maturity: _,
        acv: _,
        term_months: _,
        closed_on: _,
        contract_start: _,
        products,
        use_cases,
        situation,
        pain,
        impact,
        critical_event,
        decision: _,
        alternatives: _,
        success_criteria,
        stakeholders: _,
        team: _,
        users,
        sites,
        kickoff_on: _,
        go_live,
        quick_win_by,
        roi_by,
        blackouts,
        integrations,
        data_sources,
        sso,
        constraints,
        concerns: _,
        promises: _,
        non_scope,
        red_flags: _,
        first_contact: _,
        sales_cycle: _,
        relationship: _,
        approach: _,
        notes: _,
    } = deal;
    json!({
        "industry": value(industry), "products": values(products), "use_cases": values(use_cases), "situation": values(situation),
        "pain": values(pain), "impact": values(impact), "critical_event": values(critical_event),
        "success_criteria": values(success_criteria), "users": value(users), "sites": value(sites), "go_live": value(go_live),
        "quick_win_by": value(quick_win_by), "roi_by": value(roi_by), "blackouts": values(blackouts),
        "integrations": values(integrations), "data_sources": values(data_sources), "sso": value(sso),
        "constraints": values(constraints), "non_scope": values(non_scope),
    })
}

fn value<T: Serialize>(fact: &Option<Fact<T>>) -> Value {
    fact.as_ref().map_or(Value::Null, |fact| to_json(&fact.value))
}

fn values<T: Serialize>(facts: &[Fact<T>]) -> Value {
    Value::Array(facts.iter().map(|fact| to_json(&fact.value)).collect())
}
