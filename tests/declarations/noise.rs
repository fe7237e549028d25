//! Numbers that look random, and are the same wherever they are asked for: in the test, and in the
//! program that it writes.

/// Number `i` of those called `name`, in -1 to 1.
pub fn noise(name: u64, i: u64) -> f64 {
    (mix(mix(name) ^ i) >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}

/// A word that depends on all bits of another (the finaliser of SplitMix64).
pub fn mix(word: u64) -> u64 {
    let word = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// What the numbers of a run are called.
pub mod names {
    pub const PARAMETERS: u64 = 1;
    pub const STATISTICS: u64 = 2;
    pub const INPUTS: u64 = 3;
    pub const OUTPUT_GRADIENT: u64 = 4;
    pub const DIRECTION: u64 = 5;
}

/// Parameter `i`.
pub fn parameter(i: usize) -> f64 {
    0.7 * noise(names::PARAMETERS, i as u64)
}

/// Statistic `i`: a mean, or a variance.
pub fn statistic(i: usize) -> f64 {
    1.0 + 0.5 * noise(names::STATISTICS, i as u64)
}

/// Number `i` that goes in.
pub fn input(i: usize) -> f64 {
    1.5 * noise(names::INPUTS, i as u64)
}

/// Id `i` that goes in, of a vocabulary.
pub fn id(i: usize, vocabulary: usize) -> usize {
    mix(i as u64) as usize % vocabulary
}

/// The gradient by output `i`.
pub fn output_gradient(i: usize) -> f64 {
    noise(names::OUTPUT_GRADIENT, i as u64)
}

/// Component `i` of a direction in which the parameters move.
pub fn direction(i: usize) -> f64 {
    noise(names::DIRECTION, i as u64)
}

/// The sequences and steps that networks are run with.
pub const RUNS: [(usize, usize); 5] = [(1, 1), (2, 1), (3, 1), (1, 3), (2, 3)];
