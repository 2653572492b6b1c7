//! Whether there is a network: on Linux, a route that leads off this machine.
//!
//! Elsewhere it is not known here, and unknown counts as there: phones start a background turn only with a network.

use std::fs;

use crate::ports::Network;

/// What the operating system knows of the network.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemNetwork;

impl Network for SystemNetwork {
    fn is_offline(&self) -> bool {
        let read = |path| fs::read_to_string(path).ok();
        match (read("/proc/net/route"), read("/proc/net/ipv6_route")) {
            (None, None) => false,
            (v4, v6) => {
                let v4 = v4.is_some_and(|table| leads_off_v4(&table));
                let v6 = v6.is_some_and(|table| leads_off_v6(&table));
                !v4 && !v6
            }
        }
    }
}

/// `/proc/net/route`: interface, destination, gateway, flags (hexadecimal) and more; the first line names them.
fn leads_off_v4(table: &str) -> bool {
    const UP: u32 = 0x1;
    const REJECT: u32 = 0x200;
    table.lines().skip(1).any(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let flags = words.get(3).and_then(|word| u32::from_str_radix(word, 16).ok()).unwrap_or(0);
        words.first().is_some_and(|&name| name != "lo") && flags & UP != 0 && flags & REJECT == 0
    })
}

/// `/proc/net/ipv6_route`: ten columns, the first a destination, the ninth flags, the last an interface.
///
/// Every interface has a route to its own link (`fe80::`); only a default route leads further.
fn leads_off_v6(table: &str) -> bool {
    const REJECT: u32 = 0x200;
    table.lines().any(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [destination, prefix, _, _, _, _, _, _, flags, name] = words[..] else { return false };
        let flags = u32::from_str_radix(flags, 16).unwrap_or(REJECT);
        let is_default = prefix == "00" && destination.bytes().all(|byte| byte == b'0');
        is_default && name != "lo" && flags & REJECT == 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str =
        "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";

    #[test]
    fn a_default_route_leads_off_this_machine() {
        let v4 = format!("{HEADER}eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n");
        let v6 = "00000000000000000000000000000000 00 00000000000000000000000000000000 00 \
                  fe800000000000000000000000000001 00000400 00000001 00000000 00000003 eth0";

        assert!(leads_off_v4(&v4) && leads_off_v6(v6));
    }

    #[test]
    fn nothing_but_this_machine_and_its_own_links_is_no_network() {
        let unreachable = "00000000000000000000000000000000 00 00000000000000000000000000000000 00 \
                           00000000000000000000000000000000 ffffffff 00000001 00000000 00200200 lo";
        let own_link = "fe800000000000000000000000000000 40 00000000000000000000000000000000 00 \
                        00000000000000000000000000000000 00000100 00000001 00000000 00000001 eth0";

        assert!(!leads_off_v4(HEADER));
        assert!(!leads_off_v6(unreachable) && !leads_off_v6(own_link));
        assert!(!leads_off_v6("not a table"));
    }
}
