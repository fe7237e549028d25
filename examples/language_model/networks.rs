//! The models of the book.

use formwork::data::Tokens;
use formwork::prelude::*;
use formwork::shape::Shape;
use nalgebra::Const;

/// The vocabulary of the Penn Treebank.
pub const WORDS: usize = 10_000;
/// The vocabulary of its first thousand words.
pub const FEW: usize = 418;

/// A network that says of each of `V` kinds of words how likely it is to follow.
pub trait LanguageModel<const V: usize>:
    Network<Sample = Tokens<V>, Outputs = Const<V>, Input: Shape<Element<f32> = u32>>
{
}

impl<N, const V: usize> LanguageModel<V> for N where
    N: Network<Sample = Tokens<V>, Outputs = Const<V>, Input: Shape<Element<f32> = u32>>
{
}

network! {
    /// Chapter 5: a simple recurrent network.
    pub struct WithRnn: Token<FEW> => Vector<FEW> {
        embed: Embedding<100>,
        rnn: Rnn<100>,
        head: Dense<FEW>(Init::LeCun),
    }
}

network! {
    /// Chapter 6: one LSTM.
    pub struct WithLstm: Token<WORDS> => Vector<WORDS> {
        embed: Embedding<100>,
        lstm: Lstm<100>,
        head: Dense<WORDS>(Init::LeCun),
    }
}

network! {
    /// The same with a GRU.
    pub struct WithGru: Token<WORDS> => Vector<WORDS> {
        embed: Embedding<100>,
        gru: Gru<100>,
        head: Dense<WORDS>(Init::LeCun),
    }
}

network! {
    /// Chapter 6: two LSTMs, dropout, and the output tied to the embedding.
    pub struct Better: Token<WORDS> => Vector<WORDS> {
        embed: Embedding<650>,
        Dropout(0.5),
        lstm1: Lstm<650>,
        Dropout(0.5),
        lstm2: Lstm<650>,
        Dropout(0.5),
        head: Dense<WORDS> tied to embed,
    }
}
