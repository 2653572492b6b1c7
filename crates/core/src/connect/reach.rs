//! Which addresses a name may lead to: public ones.
//!
//! In: what a resolver answered. Out: whether a connection may be made to it.
//! Never: a resolver, or a part of an answer. A name with one address that is not public is refused whole, since
//! whoever wrote that address also wrote the others.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::fhir::base::Policy;

/// Every row of IANA's IPv4 special-purpose address registry (RFC 6890), and multicast (RFC 5771), which has a
/// registry of its own. Rows that are reachable from everywhere are here too: no place keeps records at an anycast
/// address of the network's own machinery.
const IPV4: &[(Ipv4Addr, u32, &str)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8, "this network, RFC 791"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "private use, RFC 1918"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "shared address space, RFC 6598"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "loopback, RFC 1122"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "link local, RFC 3927; metadata of cloud machines"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "private use, RFC 1918"),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "IETF protocol assignments, RFC 6890"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "documentation, RFC 5737"),
    (Ipv4Addr::new(192, 31, 196, 0), 24, "AS112, RFC 7535"),
    (Ipv4Addr::new(192, 52, 193, 0), 24, "AMT, RFC 7450"),
    (Ipv4Addr::new(192, 88, 99, 0), 24, "6to4 relay anycast, RFC 7526"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "private use, RFC 1918"),
    (Ipv4Addr::new(192, 175, 48, 0), 24, "AS112 direct delegation, RFC 7534"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "benchmarking, RFC 2544"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "documentation, RFC 5737"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "documentation, RFC 5737"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "multicast, RFC 5771"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "reserved and limited broadcast, RFC 1112 and RFC 919"),
];

/// Every row of IANA's IPv6 special-purpose address registry, but for the well-known prefix of NAT64, which is judged
/// by the IPv4 address in it. A row inside another one is covered by that.
const IPV6: &[(Ipv6Addr, u32, &str)] = &[
    (v6(0x64, 0xff9b, 1), 48, "NAT64 of one network's own, RFC 8215"),
    (v6(0x2001, 0, 0), 23, "IETF protocol assignments, RFC 2928: Teredo, ORCHID, benchmarking"),
    (v6(0x2001, 0xdb8, 0), 32, "documentation, RFC 3849"),
    (v6(0x2002, 0, 0), 16, "6to4, RFC 3056"),
    (v6(0x2620, 0x4f, 0x8000), 48, "AS112 direct delegation, RFC 7534"),
    (v6(0x3fff, 0, 0), 20, "documentation, RFC 9637"),
];

/// The well-known prefix of NAT64 (RFC 6052): how a phone without IPv4 reaches a place that has nothing else.
const NAT64: Ipv6Addr = v6(0x64, 0xff9b, 0);

/// All that was ever given out for public use (RFC 4291 section 2.4). Loopback, mapped and unique local addresses,
/// link local, segment identifiers, dummy prefixes and multicast lie outside.
const GLOBAL_UNICAST: Ipv6Addr = v6(0x2000, 0, 0);

const fn v6(a: u16, b: u16, c: u16) -> Ipv6Addr {
    Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0)
}

/// Whether a connection may be made to a name that leads to these addresses. None at all is no way to connect either.
///
/// A developer build may reach loopback: the sandbox and the tests are there.
pub fn may_reach(addresses: &[IpAddr], policy: Policy) -> bool {
    !addresses.is_empty() && addresses.iter().all(|&address| is_allowed(address, policy))
}

fn is_allowed(address: IpAddr, policy: Policy) -> bool {
    let own = policy.developer && address.is_loopback();
    own || match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !IPV4.iter().any(|&(network, length, _)| {
        u32::from(address) >> (32 - length) == u32::from(network) >> (32 - length)
    })
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let within = |network: Ipv6Addr, length: u32| {
        u128::from(address) >> (128 - length) == u128::from(network) >> (128 - length)
    };
    if within(NAT64, 96) {
        let [.., a, b, c, d] = address.octets();
        return is_public_v4(Ipv4Addr::new(a, b, c, d));
    }
    within(GLOBAL_UNICAST, 3) && !IPV6.iter().any(|&(network, length, _)| within(network, length))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Each row of both registries as IANA prints it, sub-rows included, with its first and last address.
    const ROWS: &[(&str, &str, &str)] = &[
        ("0.0.0.0/8", "0.0.0.0", "0.255.255.255"),
        ("0.0.0.0/32", "0.0.0.0", "0.0.0.0"),
        ("10.0.0.0/8", "10.0.0.0", "10.255.255.255"),
        ("100.64.0.0/10", "100.64.0.0", "100.127.255.255"),
        ("127.0.0.0/8", "127.0.0.0", "127.255.255.255"),
        ("169.254.0.0/16", "169.254.0.0", "169.254.255.255"),
        ("172.16.0.0/12", "172.16.0.0", "172.31.255.255"),
        ("192.0.0.0/24", "192.0.0.0", "192.0.0.255"),
        ("192.0.0.0/29", "192.0.0.0", "192.0.0.7"),
        ("192.0.0.8/32", "192.0.0.8", "192.0.0.8"),
        ("192.0.0.9/32", "192.0.0.9", "192.0.0.9"),
        ("192.0.0.10/32", "192.0.0.10", "192.0.0.10"),
        ("192.0.0.170/32", "192.0.0.170", "192.0.0.170"),
        ("192.0.0.171/32", "192.0.0.171", "192.0.0.171"),
        ("192.0.2.0/24", "192.0.2.0", "192.0.2.255"),
        ("192.31.196.0/24", "192.31.196.0", "192.31.196.255"),
        ("192.52.193.0/24", "192.52.193.0", "192.52.193.255"),
        ("192.88.99.0/24", "192.88.99.0", "192.88.99.255"),
        ("192.88.99.2/32", "192.88.99.2", "192.88.99.2"),
        ("192.168.0.0/16", "192.168.0.0", "192.168.255.255"),
        ("192.175.48.0/24", "192.175.48.0", "192.175.48.255"),
        ("198.18.0.0/15", "198.18.0.0", "198.19.255.255"),
        ("198.51.100.0/24", "198.51.100.0", "198.51.100.255"),
        ("203.0.113.0/24", "203.0.113.0", "203.0.113.255"),
        ("224.0.0.0/4", "224.0.0.0", "239.255.255.255"),
        ("240.0.0.0/4", "240.0.0.0", "255.255.255.254"),
        ("255.255.255.255/32", "255.255.255.255", "255.255.255.255"),
        ("::1/128", "::1", "::1"),
        ("::/128", "::", "::"),
        ("::ffff:0:0/96, not public", "::ffff:10.0.0.1", "::ffff:169.254.169.254"),
        ("::ffff:0:0/96, public", "::ffff:8.8.8.8", "::ffff:255.255.255.255"),
        ("::/96, deprecated", "::8.8.8.8", "::127.0.0.1"),
        ("64:ff9b::/96, private", "64:ff9b::10.0.0.1", "64:ff9b::192.168.1.1"),
        ("64:ff9b::/96, metadata", "64:ff9b::169.254.169.254", "64:ff9b::127.0.0.1"),
        ("64:ff9b:1::/48", "64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff"),
        ("100::/64", "100::", "100::ffff:ffff:ffff:ffff"),
        ("100:0:0:1::/64", "100:0:0:1::", "100:0:0:1:ffff:ffff:ffff:ffff"),
        ("2001::/23", "2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2001::/32", "2001::", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2001:1::1/128", "2001:1::1", "2001:1::1"),
        ("2001:1::2/128", "2001:1::2", "2001:1::2"),
        ("2001:1::3/128", "2001:1::3", "2001:1::3"),
        ("2001:2::/48", "2001:2::", "2001:2:0:ffff:ffff:ffff:ffff:ffff"),
        ("2001:3::/32", "2001:3::", "2001:3:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2001:4:112::/48", "2001:4:112::", "2001:4:112:ffff:ffff:ffff:ffff:ffff"),
        ("2001:10::/28", "2001:10::", "2001:1f:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2001:20::/28", "2001:20::", "2001:2f:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2001:30::/28", "2001:30::", "2001:3f:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2001:db8::/32", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2002::/16", "2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2620:4f:8000::/48", "2620:4f:8000::", "2620:4f:8000:ffff:ffff:ffff:ffff:ffff"),
        ("3fff::/20", "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("5f00::/16", "5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("fc00::/7", "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("fe80::/10", "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("fec0::/10, deprecated", "fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("ff00::/8", "ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ];

    /// What lies next to the rows, and is anybody's.
    const PUBLIC: &[&str] = &[
        "1.0.0.0",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "191.255.255.255",
        "192.0.1.0",
        "192.0.3.0",
        "192.31.195.255",
        "192.31.197.0",
        "192.52.192.255",
        "192.88.98.255",
        "192.88.100.0",
        "192.167.255.255",
        "192.169.0.0",
        "192.175.47.255",
        "198.17.255.255",
        "198.20.0.0",
        "198.51.99.255",
        "198.51.101.0",
        "203.0.112.255",
        "203.0.114.0",
        "223.255.255.255",
        "2000::",
        "2001:200::",
        "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001:db9::",
        "2003::",
        "2620:4f:7fff:ffff:ffff:ffff:ffff:ffff",
        "2620:4f:8001::",
        "2606:4700::1111",
        "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "3fff:1000::",
        "64:ff9b::8.8.8.8",
        "64:ff9b::1.1.1.1",
    ];

    fn reach(addresses: &[&str], policy: Policy) -> bool {
        let parsed: Vec<IpAddr> = addresses.iter().map(|text| text.parse().unwrap()).collect();
        may_reach(&parsed, policy)
    }

    #[test]
    fn no_row_of_the_special_purpose_registries_is_ever_reached() {
        for (row, first, last) in ROWS {
            for address in [first, last] {
                assert!(!reach(&[address], Policy::RELEASE), "{row}: {address}");
            }
        }
    }

    #[test]
    fn what_lies_next_to_the_rows_is_reached() {
        for address in PUBLIC {
            assert!(reach(&[address], Policy::RELEASE), "{address}");
        }
    }

    #[test]
    fn one_special_address_refuses_the_whole_name_wherever_it_stands() {
        assert!(reach(&["1.1.1.1", "2606:4700::1111"], Policy::RELEASE));
        assert!(!reach(&["1.1.1.1", "169.254.169.254"], Policy::RELEASE));
        assert!(!reach(&["fd00::1", "1.1.1.1"], Policy::RELEASE));
        assert!(!reach(&[], Policy::RELEASE));
    }

    #[test]
    fn a_developer_build_reaches_loopback_and_nothing_else_that_is_special() {
        assert!(reach(&["127.0.0.1", "::1"], Policy::DEVELOPER));
        for address in ["0.0.0.0", "::", "::ffff:127.0.0.1", "64:ff9b::127.0.0.1", "10.0.0.1"] {
            assert!(!reach(&[address], Policy::DEVELOPER), "{address}");
        }
    }

    proptest! {
        #[test]
        fn an_ipv4_address_is_judged_the_same_behind_nat64(bits in any::<u32>()) {
            let plain = Ipv4Addr::from(bits);
            let [a, b, c, d] = plain.octets();
            let [high, low] = [u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])];
            let translated = Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low);

            prop_assert_eq!(
                may_reach(&[plain.into()], Policy::RELEASE),
                may_reach(&[translated.into()], Policy::RELEASE)
            );
        }

        #[test]
        fn an_ipv4_address_in_any_other_wrapping_is_refused(bits in any::<u32>()) {
            let plain = Ipv4Addr::from(bits);
            let [a, b, c, d] = plain.octets();
            let [high, low] = [u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])];
            let wrapped = [
                plain.to_ipv6_mapped(),
                Ipv6Addr::new(0, 0, 0, 0, 0, 0, high, low),
                Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, high, low),
                Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1),
                Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, !high, !low),
            ];
            for address in wrapped {
                prop_assert!(!may_reach(&[address.into()], Policy::RELEASE), "{}", address);
            }
        }

        #[test]
        fn whatever_is_reached_is_private_to_nobody(bits in any::<u32>()) {
            let address = Ipv4Addr::from(bits);
            let private = address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_multicast()
                || address.is_broadcast()
                || address.is_documentation()
                || address.is_unspecified();
            prop_assert!(!(private && may_reach(&[address.into()], Policy::RELEASE)));
        }
    }
}
