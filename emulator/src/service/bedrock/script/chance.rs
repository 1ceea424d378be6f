//! What is left to chance in a script, and repeats with its seed.

use fastrand::Rng;

use crate::kernel::Ids;

/// The chance of one call. With a seed it depends on the seed, the rule, the session
/// and the count alone, so that what others ask at the same time changes nothing.
#[derive(Debug)]
pub struct Chance<'a> {
    seed: Option<u64>,
    ids: &'a Ids,
    random: Option<Rng>,
}

impl<'a> Chance<'a> {
    /// Without a seed, what the world draws.
    pub fn of_world(ids: &'a Ids) -> Self {
        Self { seed: None, ids, random: None }
    }

    pub fn seeded(seed: u64, rule: &str, session: &str, count: u32, ids: &'a Ids) -> Self {
        let mut mixed = seed ^ 0xcbf2_9ce4_8422_2325;
        let parts = [rule.as_bytes(), &[0], session.as_bytes(), &[0], &count.to_le_bytes()];
        for byte in parts.into_iter().flatten() {
            mixed = (mixed ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Self { seed: Some(mixed), ids, random: None }
    }

    /// Draws only when asked: a reply without chance leaves the world's draws alone.
    pub fn random(&mut self) -> &mut Rng {
        let (seed, ids) = (self.seed, self.ids);
        self.random.get_or_insert_with(|| Rng::with_seed(seed.unwrap_or_else(|| ids.draw(|random| random.u64(..)))))
    }

    /// `tooluse_` and 22 letters and digits, as Bedrock's are.
    pub fn tool_use_id(&mut self) -> String {
        let letters = |random: &mut Rng| -> String { (0..22).map(|_| random.alphanumeric()).collect() };
        let letters = if self.seed.is_some() { letters(self.random()) } else { self.ids.draw(letters) };
        format!("tooluse_{letters}")
    }

    /// One of `count` places; 0 where there is none.
    pub fn place(&mut self, count: usize) -> usize {
        if count < 2 { 0 } else { self.random().usize(..count) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_s_chance_is_its_own() {
        let ids = Ids::seeded(1);
        let draw = |rule: &str, session: &str, count| Chance::seeded(7, rule, session, count, &ids).random().u64(..);
        assert_eq!(draw("a", "s", 1), draw("a", "s", 1));
        let all = [draw("a", "s", 1), draw("b", "s", 1), draw("a", "t", 1), draw("a", "s", 2), draw("as", "", 1)];
        for (index, one) in all.iter().enumerate() {
            assert!(!all[..index].contains(one), "{all:?}");
        }
        let mut chance = Chance::seeded(7, "a", "s", 1, &ids);
        let (first, second) = (chance.tool_use_id(), chance.tool_use_id());
        assert!(first.len() == 30 && first != second);
        assert_eq!(Chance::of_world(&ids).place(1), 0);
        assert_eq!(ids.uuid(), Ids::seeded(1).uuid(), "the world's draws are left alone");
    }
}
