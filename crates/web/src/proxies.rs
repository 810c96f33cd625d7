//! Who asks, when proxies stand between a browser and Gangway.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::http::HeaderMap;
use gangway_app::webhook::Network;

/// Where proxies say for whom they ask: one address for each proxy on the way, the latest on the right.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// Proxies that are believed when they say for whom they ask.
#[derive(Clone, Default)]
pub(crate) struct Proxies(Arc<[Network]>);

impl Proxies {
    pub(crate) fn new(networks: impl IntoIterator<Item = Network>) -> Self {
        Self(networks.into_iter().collect())
    }

    fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.holds(address))
    }

    /// Whoever connects; when that is a trusted proxy, the right-most address in the header that is none. What stands
    /// left of it came with the request, and anybody can write it.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        let lines = headers.get_all(FORWARDED_FOR).iter().map(|line| line.to_str().unwrap_or_default());
        let named: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
        for text in named.into_iter().rev() {
            // The proxy did not say for whom: it is counted itself, rather than somebody it may have made up.
            let Some(address) = self.trust(client).then(|| address(text)).flatten() else { break };
            client = address;
        }
        client
    }
}

/// An address as proxies write it: with a port or without, IPv6 in brackets or not, sometimes quoted.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    let bare = || text.strip_prefix('[')?.strip_suffix(']')?.parse::<IpAddr>().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    text.parse::<IpAddr>().ok().or_else(bare).or_else(with_port).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(trusted: &[&str], peer: &str, lines: &[&str]) -> String {
        let proxies = Proxies::new(trusted.iter().map(|text| text.parse().unwrap()));
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, line.parse().unwrap());
        }
        proxies.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn nobody_is_believed_unless_they_are_trusted() {
        for lines in [&["203.0.113.9"][..], &["127.0.0.1"], &["203.0.113.9, 10.0.0.2"], &[]] {
            assert_eq!(client(&[], "192.0.2.7", lines), "192.0.2.7", "{lines:?}");
            assert_eq!(client(&["10.0.0.0/8"], "192.0.2.7", lines), "192.0.2.7", "{lines:?}");
        }
    }

    #[test]
    fn the_right_most_address_that_is_no_proxy_is_the_client() {
        let trusted = ["10.0.0.0/8", "127.0.0.1", "fd00::/8"];
        for (peer, lines, expected) in [
            ("10.0.0.2", &["203.0.113.9"][..], "203.0.113.9"),
            ("127.0.0.1", &["203.0.113.9, 10.0.0.3"], "203.0.113.9"),
            // What the client wrote itself stands further left.
            ("127.0.0.1", &["198.51.100.1, 203.0.113.9, 10.0.0.3"], "203.0.113.9"),
            ("127.0.0.1", &["10.9.9.9, 203.0.113.9"], "203.0.113.9"),
            // Several lines are one list.
            ("127.0.0.1", &["198.51.100.1", "203.0.113.9,10.0.0.3"], "203.0.113.9"),
            // From inside there may be proxies only: the one that began.
            ("127.0.0.1", &["10.0.0.4, 10.0.0.3"], "10.0.0.4"),
            // As proxies write addresses.
            ("::ffff:10.0.0.2", &[" 203.0.113.9:4711 "], "203.0.113.9"),
            ("fd00::2", &["[2001:db8::9]:4711"], "2001:db8::9"),
            ("fd00::2", &["\"[2001:db8::9]\""], "2001:db8::9"),
            ("10.0.0.2", &["::ffff:203.0.113.9"], "203.0.113.9"),
        ] {
            assert_eq!(client(&trusted, peer, lines), expected, "{peer} {lines:?}");
        }
    }

    #[test]
    fn what_is_no_address_ends_the_chain_at_the_proxy() {
        for lines in
            [&["unknown"][..], &["203.0.113.9, unknown"], &["203.0.113.9,"], &["_hidden"], &[""], &[]]
        {
            assert_eq!(client(&["10.0.0.0/8"], "10.0.0.2", lines), "10.0.0.2", "{lines:?}");
        }
    }
}
