//! The source of all randomness.

/// The generator that training draws from: fast, portable, and seeded.
pub type Generator = rand_xoshiro::Xoshiro256PlusPlus;
