//! The one source of randomness: everything drawn from it repeats with the seed.

use std::sync::{Mutex, PoisonError};

const HEX_DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Seeded ids, in the shapes AWS gives them.
#[derive(Debug)]
pub struct Ids {
    random: Mutex<fastrand::Rng>,
}

impl Ids {
    pub fn seeded(seed: u64) -> Self {
        Self { random: Mutex::new(fastrand::Rng::with_seed(seed)) }
    }

    /// Starts over from `seed`.
    pub fn reseed(&self, seed: u64) {
        *self.random.lock().unwrap_or_else(PoisonError::into_inner) = fastrand::Rng::with_seed(seed);
    }

    /// Draws what another would draw next.
    pub fn fork_of(&self, other: &Ids) {
        let other = other.draw(|random| random.clone());
        self.draw(|random| *random = other);
    }

    /// Draws from the generator.
    pub fn draw<T>(&self, draw: impl FnOnce(&mut fastrand::Rng) -> T) -> T {
        draw(&mut self.random.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A version 4 UUID, lower case, with dashes.
    pub fn uuid(&self) -> String {
        let bits = self.draw(|random| random.u128(..));
        let bits = bits & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
        // Every request draws one: written digit by digit, which costs a tenth of formatting.
        let mut text = String::with_capacity(36);
        for (index, byte) in bits.to_be_bytes().into_iter().enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            text.push(char::from(HEX_DIGITS[usize::from(byte >> 4)]));
            text.push(char::from(HEX_DIGITS[usize::from(byte & 0xf)]));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::Ids;

    #[test]
    fn uuids_are_version_4_and_repeat_with_the_seed() {
        let uuid = Ids::seeded(7).uuid();
        assert_eq!(uuid, Ids::seeded(7).uuid());
        assert_ne!(uuid, Ids::seeded(8).uuid());
        assert_eq!(uuid.len(), 36);
        let dashes: Vec<usize> = uuid.match_indices('-').map(|(at, _)| at).collect();
        assert_eq!(dashes, [8, 13, 18, 23]);
        assert_eq!(&uuid[14..15], "4");
        assert!("89ab".contains(&uuid[19..20]), "{uuid}");
    }
}
