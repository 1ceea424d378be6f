//! IP addresses and ranges of them (CIDR).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
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

    /// Reads `10.0.0.0/24` or `2001:db8::/32`. The range is the whole network, whichever of its addresses is given.
    pub fn parse(text: &str) -> Result<Self, String> {
        let Some((address, bits)) = text.split_once('/').filter(|(_, bits)| !bits.is_empty() && !bits.contains('/'))
        else {
            return Err("Malformed CIDR, one '/' required".to_owned());
        };
        let bits: i32 = bits.parse().map_err(|_| "Malformed CIDR, mask bits must be an integer".to_owned())?;
        let bits = u32::try_from(bits).map_err(|_| "Malformed CIDR, mask bits must not be negative".to_owned())?;
        let given = parse(address).ok_or_else(|| {
            let looks_right = address.contains(':') || address.split('.').count() == 4;
            let kind = if looks_right { "Invalid" } else { "Nonstandard" };
            format!("{kind} IP address: {address}")
        })?;
        let range: (IpAddr, IpAddr) = match given {
            IpAddr::V4(_) if bits > 31 => return Err("IPv4 mask bits must be < 32".to_owned()),
            IpAddr::V6(_) if bits > 127 => return Err("IPv6 mask bits must be < 128".to_owned()),
            IpAddr::V4(given) => {
                let (given, free) = (given.to_bits(), u32::MAX >> bits);
                (Ipv4Addr::from(given & !free).into(), Ipv4Addr::from(given | free).into())
            }
            IpAddr::V6(given) => {
                let (given, free) = (given.to_bits(), u128::MAX >> bits);
                (Ipv6Addr::from(given & !free).into(), Ipv6Addr::from(given | free).into())
            }
        };
        Ok(Self { range: range.0..=range.1 })
    }

    /// The addresses as numbers.
    pub fn range(&self) -> RangeInclusive<u128> {
        as_number(*self.range.start())..=as_number(*self.range.end())
    }

    pub fn is_ipv4(&self) -> bool {
        self.range.start().is_ipv4()
    }

    /// Whether the text is an address of the same family in this range.
    pub fn contains(&self, text: &str) -> bool {
        parse(text)
            .is_some_and(|address| address.is_ipv4() == self.range.start().is_ipv4() && self.range.contains(&address))
    }
}

/// An IPv6 address that stands for an IPv4 one is that one.
pub fn parse(text: &str) -> Option<IpAddr> {
    text.parse().ok().map(|address: IpAddr| address.to_canonical())
}

pub fn as_number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_bits().into(),
        IpAddr::V6(address) => address.to_bits(),
    }
}
