//! IP addresses and ranges of them (CIDR).

use std::net::IpAddr;
use std::ops::RangeInclusive;

/// The addresses from one to another, both included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    range: RangeInclusive<IpAddr>,
}

impl Network {
    /// One address, if the text is one.
    pub fn of_address(text: &str) -> Option<Self> {
        let address = parse(text)?;
        Some(Self { range: address..=address })
    }

    /// Reads `10.0.0.0/24` or `2001:db8::/32`. As on AWS, the range begins at the address given, not at its network.
    pub fn parse(text: &str) -> Result<Self, String> {
        let Some((address, bits)) = text.split_once('/').filter(|(_, bits)| !bits.is_empty() && !bits.contains('/'))
        else {
            return Err("Malformed CIDR, one '/' required".to_owned());
        };
        let bits: i32 = bits.parse().map_err(|_| "Malformed CIDR, mask bits must be an integer".to_owned())?;
        let bits = u32::try_from(bits).map_err(|_| "Malformed CIDR, mask bits must not be negative".to_owned())?;
        let first = parse(address).ok_or_else(|| {
            let looks_right = address.contains(':') || address.split('.').count() == 4;
            let kind = if looks_right { "Invalid" } else { "Nonstandard" };
            format!("{kind} IP address: {address}")
        })?;
        let last = match first {
            IpAddr::V4(_) if bits > 31 => return Err("IPv4 mask bits must be < 32".to_owned()),
            IpAddr::V6(_) if bits > 127 => return Err("IPv6 mask bits must be < 128".to_owned()),
            IpAddr::V4(first) => IpAddr::V4((first.to_bits() | (u32::MAX >> bits)).into()),
            IpAddr::V6(first) => IpAddr::V6((first.to_bits() | (u128::MAX >> bits)).into()),
        };
        Ok(Self { range: first..=last })
    }

    /// Whether the text is an address of the same family in this range.
    pub fn contains(&self, text: &str) -> bool {
        parse(text)
            .is_some_and(|address| address.is_ipv4() == self.range.start().is_ipv4() && self.range.contains(&address))
    }
}

/// An IPv6 address that stands for an IPv4 one is that one.
fn parse(text: &str) -> Option<IpAddr> {
    text.parse().ok().map(|address: IpAddr| address.to_canonical())
}
