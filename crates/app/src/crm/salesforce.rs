//! Salesforce, REST API, with a connected app that may use the client credentials flow.

use gangway_domain::money::Currency;
use reqwest::Url;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Access, WonDeal, amount};
use crate::outbound::{Outbound, OutboundError};

/// The version of the API that is spoken; Salesforce keeps each for years.
const VERSION: &str = "v62.0";

/// What goes with an Opportunity, from other objects.
const BESIDE: &str = "Account.Name, Account.Industry, Account.NumberOfEmployees, Account.Website, Account.BillingCountry, \
                      Owner.Name, Owner.Email, \
                      (SELECT Contact.Name, Contact.Title, Contact.Email, Role FROM OpportunityContactRoles), \
                      (SELECT Product2.Name, Quantity, UnitPrice FROM OpportunityLineItems)";

pub(super) struct Desk<'a> {
    out: &'a Outbound,
    /// Where the organisation lives, as Salesforce said when it let Gangway in.
    address: String,
    token: String,
}

#[derive(Deserialize)]
struct Token {
    access_token: String,
    instance_url: Option<String>,
}

#[derive(Deserialize)]
struct Found {
    records: Vec<Value>,
}

impl<'a> Desk<'a> {
    /// Gets in.
    pub(super) async fn open(out: &'a Outbound, access: &Access) -> Result<Self, OutboundError> {
        let Access { address, client, secret } = access;
        let fields =
            [("grant_type", "client_credentials"), ("client_id", client.as_str()), ("client_secret", secret)];
        let mut form = Url::parse("form:").map_err(|_| OutboundError::Unreadable)?;
        form.query_pairs_mut().extend_pairs(fields);
        let request = out
            .client()?
            .post(format!("{address}/services/oauth2/token"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.query().unwrap_or_default().to_owned());
        let token: Token = match out.json(request).await {
            // It says 400 to a wrong key or secret.
            Err(OutboundError::Refused(400, said)) => return Err(OutboundError::Refused(401, said)),
            other => other?,
        };
        // Only an address that could have been entered is followed.
        let said = token.instance_url.as_deref().and_then(super::origin);
        Ok(Self { out, address: said.unwrap_or_else(|| address.clone()), token: token.access_token })
    }

    async fn query(&self, soql: &str) -> Result<Vec<Value>, OutboundError> {
        let mut url = Url::parse(&format!("{}/services/data/{VERSION}/query", self.address))
            .map_err(|_| OutboundError::Unreadable)?;
        url.query_pairs_mut().append_pair("q", soql);
        let found: Found = self.out.json(self.out.client()?.get(url).bearer_auth(&self.token)).await?;
        Ok(found.records)
    }

    /// The latest won deals.
    pub(super) async fn won(
        &self,
        search: &str,
        most: usize,
        usual: Currency,
    ) -> Result<Vec<WonDeal>, OutboundError> {
        let named = match search {
            "" => String::new(),
            words => format!(" AND Name LIKE '%{}%'", escaped(words)),
        };
        let soql = format!(
            "SELECT Id, Name, Account.Name, Amount, CloseDate FROM Opportunity WHERE IsWon = true{named} ORDER BY CloseDate DESC LIMIT {most}"
        );
        let text = |record: &Value, path: &str| {
            let value = record.pointer(path).unwrap_or(&Value::Null);
            value.as_str().map_or_else(
                || if value.is_number() { value.to_string() } else { String::new() },
                str::to_owned,
            )
        };
        let deal = |record: Value| WonDeal {
            id: text(&record, "/Id"),
            name: text(&record, "/Name"),
            customer: text(&record, "/Account/Name"),
            // Only organisations with several currencies have a field for it, and refuse nobody who does not ask.
            amount: amount(&text(&record, "/Amount"), "", usual),
            closed_on: text(&record, "/CloseDate").parse().ok(),
            handoff: None,
        };
        Ok(self.query(&soql).await?.into_iter().map(deal).collect())
    }

    /// An Opportunity with all its fields, its account, owner, contacts and products, as one record.
    pub(super) async fn deal(&self, id: &str) -> Result<Option<Value>, OutboundError> {
        let beside = format!("SELECT Id, {BESIDE} FROM Opportunity WHERE Id = '{id}' AND IsWon = true");
        let Some(Value::Object(beside)) = self.query(&beside).await?.pop() else { return Ok(None) };
        let path = format!("{}/services/data/{VERSION}/sobjects/Opportunity/{id}", self.address);
        let mut record: Value = self.out.json(self.out.client()?.get(path).bearer_auth(&self.token)).await?;
        let Some(all) = record.as_object_mut() else { return Err(OutboundError::Unreadable) };
        all.retain(|_, value| !value.is_null());
        for (key, value) in beside {
            if !value.is_null() {
                all.insert(key, value);
            }
        }
        all.insert("attributes".to_owned(), json!({ "type": "Opportunity" }));
        Ok(Some(record))
    }
}

/// Words inside a quoted pattern of SOQL.
fn escaped(words: &str) -> String {
    let mut text = String::new();
    for c in words.chars() {
        if matches!(c, '\'' | '\\' | '%' | '_' | '"') {
            text.push('\\');
        }
        text.push(c);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn words_cannot_leave_their_pattern() {
        assert_eq!(escaped("O'Hare 100%_\\"), "O\\'Hare 100\\%\\_\\\\");
        assert_eq!(escaped("' OR Name != '"), "\\' OR Name != \\'");
    }
}
