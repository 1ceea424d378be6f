//! The one source of randomness: everything drawn from it repeats with the seed.

use std::sync::{Mutex, PoisonError};

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

    /// Draws from the generator.
    pub fn draw<T>(&self, draw: impl FnOnce(&mut fastrand::Rng) -> T) -> T {
        draw(&mut self.random.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A version 4 UUID, lower case, with dashes.
    pub fn uuid(&self) -> String {
        let bits = self.draw(|random| random.u128(..));
        let bits = bits & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
        let hex = format!("{bits:032x}");
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
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
        assert_eq!(&uuid[14..15], "4");
        assert!("89ab".contains(&uuid[19..20]), "{uuid}");
    }
}
