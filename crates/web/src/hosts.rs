//! Which names the pages answer to.
//!
//! A page of another site cannot read our answers unless that site's name is made to point at this
//! machine (DNS rebinding): to the browser both are then one site, and the first set-up or a demo
//! without passwords would be open to it. The name in the request still gives it away.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::assets;
use crate::pages::failure;

/// Names allowed beside those of this machine itself.
#[derive(Clone, Default)]
pub(crate) struct Hosts(Arc<[String]>);

impl Hosts {
    pub(crate) fn new(names: impl IntoIterator<Item = String>) -> Self {
        Self(names.into_iter().map(|name| name.to_ascii_lowercase()).collect())
    }

    /// These names too.
    pub(crate) fn and(&self, names: impl IntoIterator<Item = String>) -> Self {
        Self::new(self.0.iter().cloned().chain(names))
    }

    /// Every name the request gives is known, and it gives one.
    fn know(&self, request: &Request) -> bool {
        let named = request.headers().get_all(header::HOST).iter().map(|value| value.to_str().ok());
        let aimed = request.uri().authority().map(|authority| Some(authority.as_str()));
        let mut names = named.chain(aimed).peekable();
        names.peek().is_some() && names.all(|name| name.is_some_and(|name| self.knows(name)))
    }

    /// `name`, `name:port` or an address, with or without a port.
    fn knows(&self, name: &str) -> bool {
        let Ok(authority) = name.parse::<Authority>() else { return false };
        if authority.as_str().contains('@') {
            return false;
        }
        let host = authority.host().to_ascii_lowercase();
        let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(&host);
        host == "localhost"
            || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
            || self.0.iter().any(|known| *known == host || *known == address)
    }
}

/// Answers only under a known name. The style sheet and the check of health say nothing about
/// anyone, so they answer under every name.
pub(crate) async fn guard(State(hosts): State<Hosts>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if hosts.know(&request)
        || assets::is_asset(path)
        || [crate::HEALTH_PATH, crate::READY_PATH].contains(&path)
    {
        next.run(request).await
    } else {
        failure::page_without_way_on(
            StatusCode::MISDIRECTED_REQUEST,
            "Gangway does not answer to this name",
            "It answers to localhost, 127.0.0.1 and [::1], and to the names it was started with. Whoever runs it \
             adds the name from your address bar: gangway serve --host-name NAME (without the port; the option can \
             be repeated). If you did not expect this page, close it: \
             another site may be trying to reach Gangway through your browser.",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Hosts;

    #[test]
    fn this_machine_and_the_names_it_was_given_are_known() {
        let hosts = Hosts::new(["Onboarding.Example.com".to_owned(), "192.0.2.7".to_owned()]);
        for name in [
            "localhost",
            "LOCALHOST:8080",
            "127.0.0.1",
            "127.0.0.1:1",
            "[::1]",
            "[::1]:8080",
            "onboarding.example.com",
            "ONBOARDING.example.com:443",
            "192.0.2.7:8080",
        ] {
            assert!(hosts.knows(name), "{name}");
        }
    }

    #[test]
    fn names_that_only_look_like_it_are_not() {
        let hosts = Hosts::new(["onboarding.example.com".to_owned()]);
        for name in [
            "",
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "evil.example:127.0.0.1",
            "localhost@evil.example",
            "evil@localhost",
            "x.onboarding.example.com",
            "example.com",
            "192.168.0.1",
            "0.0.0.0:8080",
            "[::]:8080",
            "::1",
            "[::1",
            "localhost/",
        ] {
            assert!(!hosts.knows(name), "{name}");
        }
    }
}
