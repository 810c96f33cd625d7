//! A deal as somebody in sales would write it down.

/// A mid-market deal with an integration, a promise and a red flag; its go-live is wanted so many
/// calendar days after the kickoff.
#[must_use]
pub fn deal_within(customer: &str, days: u32) -> String {
    format!(
        "Customer: {customer}\nProduct: Enterprise platform\nACV: $95K\nUse case: supply chain visibility\n\
         Country: US\nUsers: 120\nIntegrations: SAP ERP\nGo-live target: {days} days\n\
         Promise: first dashboard within 30 days\nRed flag: IT is short of people\n"
    )
}

/// The same with a go-live that can be met.
#[must_use]
pub fn deal(customer: &str) -> String {
    deal_within(customer, 80)
}

/// An enterprise deal with so many systems and data sources that its plan has 2,000 tasks and more.
#[must_use]
pub fn big_deal(customer: &str) -> String {
    let list = |what: &str| (1..=165).map(|number| format!("{what} {number}")).collect::<Vec<_>>().join(", ");
    format!(
        "Customer: {customer}\nProduct: Enterprise platform\nACV: $340K\nUse case: supply chain visibility\n\
         Country: US\nUsers: 900\nIntegrations: {}\nData sources: {}\nGo-live target: 400 days\n",
        list("System"),
        list("Ledger")
    )
}
