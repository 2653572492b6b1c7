//! Numbers that look random and are the same every time (SplitMix64).

/// Dice that fall the same way for the same seed.
#[derive(Clone)]
pub struct Dice(u64);

impl Dice {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub const fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Anything from `low` up to `high`.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        (self.roll() >> 40) as f32 / (1 << 24) as f32 * (high - low) + low
    }

    /// Close to zero mostly, and nearly never beyond three.
    pub fn bell(&mut self) -> f32 {
        let bits = self.roll();
        let sum: u64 = (0..4).map(|part| (bits >> (16 * part)) & 0xffff).sum();
        (sum as f32 / 65_535.0 - 2.0) * 1.732
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[(self.roll() % from.len() as u64) as usize]
    }
}
