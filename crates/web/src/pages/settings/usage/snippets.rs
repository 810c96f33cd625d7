//! How an SDK is pointed at this Gangway: only the host differs from what its own manual says.

/// A few lines for one SDK.
pub(super) struct Snippet {
    /// For the address of the copy button.
    pub id: &'static str,
    pub title: &'static str,
    pub code: String,
}

/// One for each SDK that is tested against Gangway.
pub(super) fn snippets(public_url: &str, key: &str) -> Vec<Snippet> {
    let filled = |text: &str| text.replace("ADDRESS", public_url).replace("KEY", key);
    [
        ("curl", "To try it: curl", CURL),
        ("browser", "Web page: @segment/analytics-next", BROWSER),
        ("node", "Server: @segment/analytics-node", NODE),
        ("python", "Server: segment-analytics-python", PYTHON),
        ("rudder-node", "Server: @rudderstack/rudder-sdk-node", RUDDER_NODE),
        ("rudder-python", "Server: rudder-sdk-python", RUDDER_PYTHON),
    ]
    .map(|(id, title, text)| Snippet { id, title, code: filled(text) })
    .into()
}

const CURL: &str = r#"curl -u KEY: -H "Content-Type: application/json" ADDRESS/v1/track \
  -d '{"userId": "u-1", "event": "Report Exported", "context": {"groupId": "customer-1"}}'"#;

const BROWSER: &str = r#"import { AnalyticsBrowser } from "@segment/analytics-next"

const analytics = AnalyticsBrowser.load({ writeKey: "KEY", cdnURL: "ADDRESS" })
analytics.identify("u-1", { email: "kim@customer.example" })
analytics.group("customer-1", { name: "Customer Ltd" })
analytics.track("Report Exported")"#;

const NODE: &str = r#"import { Analytics } from "@segment/analytics-node"

const analytics = new Analytics({ writeKey: "KEY", host: "ADDRESS" })
analytics.group({ userId: "u-1", groupId: "customer-1", traits: { name: "Customer Ltd" } })
analytics.track({ userId: "u-1", event: "Report Exported" })
await analytics.closeAndFlush()"#;

const PYTHON: &str = r#"from segment.analytics.client import Client

analytics = Client("KEY", host="ADDRESS")
analytics.group("u-1", "customer-1", {"name": "Customer Ltd"})
analytics.track("u-1", "Report Exported")
analytics.shutdown()"#;

const RUDDER_NODE: &str = r#"const Analytics = require("@rudderstack/rudder-sdk-node")

const analytics = new Analytics("KEY", { dataPlaneUrl: "ADDRESS" })
analytics.group({ userId: "u-1", groupId: "customer-1", traits: { name: "Customer Ltd" } })
analytics.track({ userId: "u-1", event: "Report Exported" })"#;

const RUDDER_PYTHON: &str = r#"from rudderstack.analytics.client import Client

analytics = Client("KEY", host="ADDRESS")
analytics.group("u-1", "customer-1", {"name": "Customer Ltd"})
analytics.track("u-1", "Report Exported")
analytics.shutdown()"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_says_where_and_with_which_key() {
        for snippet in snippets("https://gangway.example", "abc123") {
            let Snippet { code, title, .. } = snippet;
            assert!(code.contains("https://gangway.example") && code.contains("abc123"), "{title}: {code}");
            assert!(!code.contains("ADDRESS") && !code.contains("KEY"), "{title}: {code}");
        }
        let shown = snippets("https://gangway.example", "WRITE_KEY");
        assert!(shown.iter().all(|snippet| snippet.code.contains("WRITE_KEY")), "a key is shown once");
    }
}
