//! Which addresses may be reached: a webhook must not become a way into the network Gangway stands in.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use thiserror::Error;

/// A block of addresses: `10.20.0.0/16`, `fd00::/8`, or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

/// The text is no block of addresses.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not a network such as 10.20.0.0/16 or a single address")]
pub struct InvalidNetwork(String);

impl FromStr for Network {
    type Err = InvalidNetwork;

    fn from_str(text: &str) -> Result<Self, InvalidNetwork> {
        let wrong = || InvalidNetwork(text.chars().take(60).collect());
        let (address, bits) = text.trim().split_once('/').map_or((text.trim(), None), |(a, b)| (a, Some(b)));
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let whole = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(whole), str::parse::<u8>).map_err(|_| wrong())?;
        if bits <= whole { Ok(Self { address, bits }) } else { Err(wrong()) }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

impl Network {
    /// Whether this address is one of its own.
    #[must_use]
    pub fn holds(&self, address: IpAddr) -> bool {
        let (one, other, whole) = match (self.address, address) {
            (IpAddr::V4(one), IpAddr::V4(other)) => {
                (u128::from(one.to_bits()), u128::from(other.to_bits()), 32)
            }
            (IpAddr::V6(one), IpAddr::V6(other)) => (one.to_bits(), other.to_bits(), 128),
            _ => return false,
        };
        let shift = whole - u32::from(self.bits);
        one.checked_shr(shift) == other.checked_shr(shift)
    }
}

/// The address may not be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the address lies in a private network; whoever runs Gangway can allow it")]
pub struct Private;

/// What may be reached beside the public internet.
#[derive(Debug, Clone, Default)]
pub struct Reach(Arc<[Network]>);

impl Reach {
    /// The public internet, and these.
    pub fn and(networks: impl IntoIterator<Item = Network>) -> Self {
        Self(networks.into_iter().collect())
    }

    /// Whether this address may be reached.
    ///
    /// # Errors
    /// [`Private`] when not.
    pub fn check(&self, address: IpAddr) -> Result<(), Private> {
        // `::ffff:10.0.0.1` is 10.0.0.1.
        let address = address.to_canonical();
        if is_public(address) || self.0.iter().any(|network| network.holds(address)) {
            Ok(())
        } else {
            Err(Private)
        }
    }
}

/// Addresses of the public internet (IANA's special-purpose registries, RFC 6890 and its updates).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(a == 0
        || address.is_private()
        || address.is_loopback()
        // Link-local holds the metadata services of clouds, 169.254.169.254.
        || address.is_link_local()
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19))
        || address.is_documentation()
        || address.is_multicast()
        || a >= 240)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let inside = |high: u16, low: u16| {
        let ([one, two], [three, four]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(one, two, three, four)
    };
    match (a, b) {
        // NAT64 and 6to4 lead to the IPv4 address inside.
        (0x64, 0xff9b) => (c, d, e, f) == (0, 0, 0, 0) && is_public_v4(inside(g, h)),
        (0x2002, _) => is_public_v4(inside(b, c)),
        // Teredo, ORCHID, benchmarking, documentation and others of 2001::/23.
        (0x2001, b) if b < 0x200 || b == 0xdb8 => false,
        (0x3fff, b) if b < 0x1000 => false,
        // Only 2000::/3 is given out as public; loopback, local, link-local and multicast lie elsewhere.
        (a, _) => a & 0xe000 == 0x2000,
    }
}

/// Finds addresses for names, and gives none unless every one of them may be reached. The connection is
/// made to what was checked: there is no second look-up in between.
#[derive(Debug, Clone)]
pub(crate) struct CheckedNames(pub Reach);

impl Resolve for CheckedNames {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0.clone();
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            for address in &found {
                reach.check(address.ip())?;
            }
            let addresses: Addrs = Box::new(found.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet_is_reached() {
        for public in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2606:4700::1111",
            "2001:200::1",
            "2a00:1450::1",
            "2002:0101:0101::1",
            "64:ff9b::1.1.1.1",
        ] {
            assert!(Reach::default().check(public.parse().unwrap()).is_ok(), "{public}");
        }
        for private in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "::10.0.0.1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:0a00:0001::1",
            "2002:7f00:0001::",
            "3fff::1",
            "64:ff9b::10.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "5f00::1",
        ] {
            assert_eq!(Reach::default().check(private.parse().unwrap()), Err(Private), "{private}");
        }
    }

    #[test]
    fn what_is_allowed_is_reached_and_nothing_beside_it() {
        let reach = Reach::and(["10.20.0.0/16", "192.168.7.7", "fd00::/8"].map(|text| text.parse().unwrap()));
        for allowed in ["10.20.0.1", "10.20.255.255", "192.168.7.7", "fd12::1", "::ffff:10.20.3.4", "1.1.1.1"]
        {
            assert!(reach.check(allowed.parse().unwrap()).is_ok(), "{allowed}");
        }
        for other in ["10.21.0.1", "192.168.7.8", "fc00::1", "127.0.0.1"] {
            assert_eq!(reach.check(other.parse().unwrap()), Err(Private), "{other}");
        }
        let everything = Reach::and(["0.0.0.0/0", "::/0"].map(|text| text.parse().unwrap()));
        assert!(everything.check("127.0.0.1".parse().unwrap()).is_ok());
        assert!(everything.check("::1".parse().unwrap()).is_ok());
    }

    #[test]
    fn networks_are_read_and_others_refused() {
        for text in ["10.0.0.0/8", "::1/128", "10.0.0.1"] {
            assert!(text.parse::<Network>().is_ok(), "{text}");
        }
        for text in ["", "10.0.0.0/33", "::/129", "10.0.0/8", "localhost", "10.0.0.0/-1", "10.0.0.0/8/8"] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }
}
