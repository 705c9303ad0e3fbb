//! The network address of a client, as far as requests are counted by it.

use std::net::{IpAddr, Ipv6Addr};

use poem::{Addr, Request, http::HeaderName};

/// Who is counted as one client: an IPv4 address, or the /64 that an IPv6 customer has.
///
/// With `header`, the last address of that header, which the proxy before the server wrote; without it, or where it holds
/// none, the peer's.
pub(super) fn client_address(request: &Request, header: Option<&HeaderName>) -> Option<IpAddr> {
    let forwarded = header.and_then(|name| {
        let last = request.headers().get_all(name).iter().next_back()?.to_str().ok()?;
        last.rsplit(',').next()?.trim().parse().ok()
    });
    let peer = match &request.remote_addr().0 {
        Addr::SocketAddr(address) => Some(address.ip()),
        _ => None,
    };
    forwarded.or(peer).map(network)
}

fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(header: Option<&str>, values: &[&str]) -> Option<IpAddr> {
        let mut request = Request::builder();
        for value in values {
            request = request.header("x-forwarded-for", *value);
        }
        let name = header.map(|name| HeaderName::from_bytes(name.as_bytes()).unwrap());
        client_address(&request.finish(), name.as_ref())
    }

    #[test]
    fn a_header_counts_only_where_it_is_configured_and_its_last_address_alone() {
        let values = ["192.0.2.1", "198.51.100.7, 203.0.113.9"];
        assert_eq!(address(Some("x-forwarded-for"), &values), Some(IpAddr::from([203, 0, 113, 9])));
        assert_eq!(address(None, &values), None);
        assert_eq!(address(Some("x-forwarded-for"), &["unknown"]), None);
    }

    #[test]
    fn an_ipv6_customer_is_one_client() {
        let network_of = |text: &str| network(text.parse().unwrap());
        assert_eq!(network_of("2001:db8:1:2:3:4:5:6"), network_of("2001:db8:1:2::1"));
        assert_ne!(network_of("2001:db8:1:2::1"), network_of("2001:db8:1:3::1"));
        assert_eq!(network_of("::ffff:192.0.2.1"), IpAddr::from([192, 0, 2, 1]));
    }
}
