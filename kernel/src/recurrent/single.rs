//! Steps of lanes of a small recurrent layer, each in a few dozen nanoseconds.
//!
//! The weights of some units lie side by side: for each term of their sums, a bias, an input or a
//! hidden value, those of the first gate of all these units, then those of the next gate. So all gates
//! of a unit are summed up in the same lane of registers, and from these the unit's hidden value
//! follows; the number of units is a constant. A logistic function is a hyperbolic tangent of half the
//! argument, scaled and shifted, and the half is in the weights.

use super::{Cell, Number, Squash, cell::operators};
use crate::{
    Buffer, Real,
    dispatch::{Isa, Kernel, dispatch},
    math::single::{TANH_END, TANH_P, TANH_Q},
    scalar::Scalar,
    sizes::{product, sum},
    vector::Vector,
};
use core::marker::PhantomData;
use typenum::Unsigned;

/// The units that lie side by side: as many as the widest vector has lanes.
const BLOCK: usize = 16;
/// So many do where there are no more left.
const FEW: usize = BLOCK / 2;
/// Bytes of the weights that are at hand for the next step: of all, or of those that come last in this.
const NEAR_ALL: usize = 28 << 10;
const NEAR: usize = 20 << 10;
/// The most gates of all units that there may be.
const MOST: usize = 1024;

/// The weights of a layer with `H` hidden units of the cell `C`, in the order of a single step.
pub struct Single<C, H, T, const GATES: usize> {
    /// For each block of units: biases and columns for each input, of all gates, and a column for each
    /// hidden value, of the gates that these are weighted for.
    blocks: Buffer<T>,
    inputs: usize,
    /// Whether the next step begins with the last units: their weights are those that the step before
    /// ended with, and still in the cache.
    backwards: bool,
    layer: PhantomData<(C, H)>,
}

/// The parameters of a layer. Of their rows, `H` for each gate, the last `APART H` are those of what
/// comes of the input apart from what comes of the hidden values.
pub struct Weights<'a, T> {
    /// `rows x inputs`, row-major.
    pub input: &'a [T],
    /// `rows x H`, row-major.
    pub hidden: &'a [T],
    /// A scalar for each row, for what comes of the input.
    pub input_bias: &'a [T],
    /// A scalar for each row, for what comes of the hidden values.
    pub hidden_bias: &'a [T],
}

/// A term of the sum of a gate.
#[derive(Clone, Copy)]
enum Term {
    Bias,
    Input(usize),
    Hidden(usize),
}

impl<C: Cell<GATES>, H: Unsigned, T: Real, const GATES: usize> Single<C, H, T, GATES> {
    /// Whether a layer is small enough, and has units and gates at all.
    pub const SUITS: bool =
        size_of::<T>() == 4 && GATES > 0 && H::USIZE > 0 && GATES * Self::UNITS <= MOST;

    /// The units that there is room for.
    const UNITS: usize = H::USIZE.next_multiple_of(FEW);
    /// The gates that hidden values are weighted for: the first ones.
    const WEIGHTED: usize = GATES - C::APART;

    /// Scalars of the weights for so many inputs.
    pub const fn scalars(inputs: usize) -> usize {
        let of_inputs = product(&[GATES, sum(&[1, inputs])]);
        product(&[Self::UNITS, sum(&[of_inputs, product(&[Self::WEIGHTED, H::USIZE])])])
    }

    /// Of zeros, for so many inputs.
    ///
    /// # Panics
    /// If they are more than memory can hold.
    pub fn zeroed(inputs: usize) -> Self {
        let blocks = Buffer::zeroed(Self::scalars(inputs));
        Self { blocks, inputs, backwards: false, layer: PhantomData }
    }

    /// How many units lie side by side in the block of a unit.
    #[inline(always)]
    fn width(unit: usize) -> usize {
        BLOCK.min(Self::UNITS - unit / BLOCK * BLOCK)
    }

    /// Where the weight of a term lies, for the first gate of a unit; those of its other gates follow, as
    /// far apart as the block is [wide](Self::width).
    #[inline(always)]
    fn place(&self, unit: usize, term: Term) -> usize {
        let (block, width) = (unit / BLOCK * BLOCK, Self::width(unit));
        let of_inputs = GATES * (1 + self.inputs);
        let rows = match term {
            Term::Bias => 0,
            Term::Input(i) => GATES * (1 + i),
            Term::Hidden(i) => of_inputs + Self::WEIGHTED * i,
        };
        block * (of_inputs + Self::WEIGHTED * H::USIZE) + rows * width + unit % BLOCK
    }

    /// Takes over the parameters.
    ///
    /// # Panics
    /// If these are of another layer, or of one of no units or another number of inputs.
    pub fn pack(&mut self, weights: Weights<'_, T>) {
        let Weights { input, hidden, input_bias, hidden_bias } = weights;
        let (rows, apart) = (input_bias.len(), C::APART * H::USIZE);
        let inputs = input.len().checked_div(rows).unwrap_or(0);
        let sizes = [rows, input.len(), hidden.len(), hidden_bias.len()];
        let expected = Self::WEIGHTED * H::USIZE;
        assert!(rows > 0, "weights of no units");
        assert_eq!(
            sizes,
            [expected, rows * inputs, rows * H::USIZE, rows],
            "rows, weights of inputs and of hidden values, and biases"
        );
        assert_eq!(self.inputs, inputs, "weights for so many inputs");
        for row in 0..rows {
            let mut row_of_input = row;
            if row < rows - apart {
                self.set(row, Term::Bias, input_bias[row] + hidden_bias[row]);
            } else {
                row_of_input += apart;
                self.set(row, Term::Bias, hidden_bias[row]);
                self.set(row_of_input, Term::Bias, input_bias[row]);
            }
            for (i, &weight) in input[row * inputs..][..inputs].iter().enumerate() {
                self.set(row_of_input, Term::Input(i), weight);
            }
            for (i, &weight) in hidden[row * H::USIZE..][..H::USIZE].iter().enumerate() {
                self.set(row, Term::Hidden(i), weight);
            }
        }
    }

    /// Sets a weight in the row of a gate of a unit: all that goes into a logistic function is halved.
    fn set(&mut self, row: usize, term: Term, value: T) {
        let (gate, unit) = (row / H::USIZE, row % H::USIZE);
        let factor = T::of(if C::SQUASH[gate] == Squash::Sigmoid { 0.5 } else { 1.0 });
        let place = self.place(unit, term) + gate * Self::width(unit);
        self.blocks[place] = value * factor;
    }
}

/// Steps of a layer, in some lanes: column `i` is of lane `i % lanes`.
pub struct Steps<'a, C, H, T, const GATES: usize> {
    /// The weights.
    pub weights: &'a mut Single<C, H, T, GATES>,
    /// `inputs x columns`
    pub x: &'a [T],
    /// `H x lanes`: the hidden values before the first step, and after the last.
    pub h: &'a mut [T],
    /// `H x lanes`: the cells likewise, where there are cells.
    pub c: &'a mut [T],
    /// `H x columns`: where the hidden values after each step go.
    pub y: &'a mut [T],
}

impl<C: Cell<GATES>, H: Unsigned, T: Real, const GATES: usize> Steps<'_, C, H, T, GATES> {
    /// Takes the steps.
    ///
    /// # Panics
    /// If the parts do not fit one another.
    #[inline]
    pub fn run(mut self) {
        assert!(Single::<C, H, T, GATES>::SUITS, "a layer of a size not meant for single steps");
        let (columns, hidden) = (self.y.len() / H::USIZE, self.h.len());
        assert!(self.y.len() == columns * H::USIZE, "hidden values of steps");
        assert!(hidden > 0 && hidden.is_multiple_of(H::USIZE), "hidden values");
        assert!(self.x.len() == columns * self.weights.inputs, "inputs of steps");
        assert!(!C::CELLS || self.c.len() == hidden, "cells");
        // By reference: a copy of what has just been written would wait for it.
        dispatch(&mut self);
    }
}

/// The hidden values after a step, with room for whole vectors.
#[repr(align(64))]
struct Hidden<T>([T; MOST]);

impl<C: Cell<GATES>, H: Unsigned, T: Real, const GATES: usize> Kernel
    for &mut Steps<'_, C, H, T, GATES>
{
    type Output = ();
    // Half a vector is done sooner.
    const AVX512: bool = H::USIZE > FEW;

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let (n, inputs) = (H::USIZE, self.weights.inputs);
        let mut hidden = core::mem::MaybeUninit::<Hidden<T>>::uninit();
        let hidden: *mut T = hidden.as_mut_ptr().cast();
        let mut lane = 0;
        for column in 0..self.y.len() / n {
            self.weights.backwards ^= true;
            // SAFETY: the token of type `I` was given; `run` has checked that the parts fit, so there
            // are such a column and lane.
            unsafe {
                let x = self.x.as_ptr().add(column * inputs);
                let h = self.h.as_mut_ptr().add(lane);
                let c = if C::CELLS { self.c.as_mut_ptr().add(lane) } else { h };
                let step = Step::<C, H, T, GATES> { weights: &*self.weights, x, h, c, hidden };
                step.run::<I>();
                // A store of a part of a vector would keep whoever reads it next waiting.
                core::ptr::copy_nonoverlapping(hidden, h, n);
                core::ptr::copy_nonoverlapping(hidden, self.y.as_mut_ptr().add(column * n), n);
            }
            lane = if lane + n < self.h.len() { lane + n } else { 0 };
        }
    }
}

/// One step of one lane.
struct Step<'a, C, H, T, const GATES: usize> {
    weights: &'a Single<C, H, T, GATES>,
    x: *const T,
    /// The hidden values before.
    h: *const T,
    /// The cells, before and after, or the hidden values before where there are none.
    c: *mut T,
    /// Where the hidden values after it go.
    hidden: *mut T,
}

impl<C: Cell<GATES>, H: Unsigned, T: Real, const GATES: usize> Step<'_, C, H, T, GATES> {
    /// Takes the step.
    ///
    /// # Safety
    /// The instruction set `I` is available, and the parts fit one another.
    #[inline(always)]
    unsafe fn run<I: Isa>(self) {
        let (lanes, n) = (T::Vector::<I>::LANES, H::USIZE);
        let most = const { Self::at_a_time::<I>() };
        let (whole, groups) = (n / lanes, (n / lanes).div_ceil(most));
        // SAFETY: the caller's promise; these units exist.
        unsafe {
            for i in 0..groups {
                let group = if self.weights.backwards { groups - 1 - i } else { i };
                let (mut first, end) = (group * most, whole.min((group + 1) * most));
                while first < end {
                    let unit = first * lanes;
                    first += match end - first {
                        8.. if const { Self::at_a_time::<I>() >= 8 } => {
                            self.units::<T::Vector<I>, 8>(unit, lanes)
                        }
                        4.. if const { Self::at_a_time::<I>() >= 4 } => {
                            self.units::<T::Vector<I>, 4>(unit, lanes)
                        }
                        2.. if const { Self::at_a_time::<I>() >= 2 } => {
                            self.units::<T::Vector<I>, 2>(unit, lanes)
                        }
                        _ => self.units::<T::Vector<I>, 1>(unit, lanes),
                    };
                }
            }
            match n % lanes {
                0 => {}
                rest if rest <= FEW => {
                    self.units::<T::Narrow<I>, 1>(n - rest, rest);
                }
                rest => {
                    self.units::<T::Vector<I>, 1>(n - rest, rest);
                }
            }
        }
    }

    /// How many vectors of units are computed at a time: as many as leave registers for two sums of each
    /// gate, and where the first cache does not hold all weights, not more than it holds those of.
    const fn at_a_time<I: Isa>() -> usize {
        let (lanes, registers) = (T::Vector::<I>::LANES, T::Vector::<I>::REGISTERS);
        let of_a_unit = size_of::<T>() * Single::<C, H, T, GATES>::WEIGHTED * H::USIZE;
        let mut most = match registers.checked_div(4 * GATES) {
            Some(most) => most,
            None => 0,
        };
        if H::USIZE * of_a_unit > NEAR_ALL && NEAR / of_a_unit < most * lanes {
            most = NEAR / of_a_unit / lanes;
        }
        if most > 1 { most } else { 1 }
    }

    /// `N` vectors of units, in the last of which there are `count`. Returns `N`.
    ///
    /// # Safety
    /// The instruction set of `V` is available, the parts fit one another, and the units exist.
    #[inline(always)]
    unsafe fn units<V: Vector<Elem = T>, const N: usize>(
        &self,
        first: usize,
        count: usize,
    ) -> usize {
        let weighted = Single::<C, H, T, GATES>::WEIGHTED;
        let mut widths = [BLOCK; N];
        let mut at = [self.weights.blocks.as_ptr(); N];
        // SAFETY: `V` is available by the caller's promise; rows are padded to whole vectors, and each
        // term has a weight for every gate that it goes into. Of cells only those that exist are
        // touched, and there is room for whole vectors of hidden values.
        unsafe {
            for i in 0..N {
                let unit = first + i * V::LANES;
                if V::LANES < BLOCK {
                    widths[i] = Single::<C, H, T, GATES>::width(unit);
                }
                at[i] = at[i].add(self.weights.place(unit, Term::Bias));
            }
            // Two sums of each gate, so that one need not wait for the other.
            let mut even = [[V::splat(T::ZERO); GATES]; N];
            let mut odd = even;
            for i in 0..N {
                for g in 0..GATES {
                    even[i][g] = V::load(at[i].add(g * widths[i]));
                }
                at[i] = at[i].add(GATES * widths[i]);
            }
            for k in 0..self.weights.inputs {
                let x = V::splat(*self.x.add(k));
                for i in 0..N {
                    for g in 0..GATES {
                        even[i][g] = even[i][g].add_mul(V::load(at[i].add(g * widths[i])), x);
                    }
                    at[i] = at[i].add(GATES * widths[i]);
                }
            }
            for k in (0..H::USIZE - 1).step_by(2) {
                let (a, b) = (V::splat(*self.h.add(k)), V::splat(*self.h.add(k + 1)));
                for i in 0..N {
                    let column = at[i].add(k * weighted * widths[i]);
                    for g in 0..weighted {
                        let (this, next) = (g * widths[i], (weighted + g) * widths[i]);
                        even[i][g] = even[i][g].add_mul(V::load(column.add(this)), a);
                        odd[i][g] = odd[i][g].add_mul(V::load(column.add(next)), b);
                    }
                }
            }
            if H::USIZE % 2 == 1 {
                let last = V::splat(*self.h.add(H::USIZE - 1));
                for i in 0..N {
                    let column = at[i].add((H::USIZE - 1) * weighted * widths[i]);
                    for g in 0..weighted {
                        even[i][g] = even[i][g].add_mul(V::load(column.add(g * widths[i])), last);
                    }
                }
            }
            for i in 0..N {
                let mut gates = [Register(V::splat(T::ZERO)); GATES];
                for g in 0..GATES {
                    gates[g] = squash(even[i][g].add(odd[i][g]), C::SQUASH[g]);
                }
                let unit = first + i * V::LANES;
                let before = Register(V::load_first(self.c.add(unit).cast_const(), count));
                let (_, cell, hidden) = C::forward(gates, before);
                if C::CELLS {
                    cell.0.store_first(self.c.add(unit), count);
                }
                hidden.0.store(self.hidden.add(unit));
            }
        }
        N
    }
}

/// The sum of a gate, squashed; that of a logistic function is halved.
///
/// # Safety
/// The instruction set of `V` is available.
#[inline(always)]
unsafe fn squash<T: Real, V: Vector<Elem = T>>(sum: V, by: Squash) -> Register<V> {
    // SAFETY: the caller's promise.
    unsafe {
        Register(match by {
            Squash::Sigmoid => {
                let half = V::splat(T::of(0.5));
                half.add_mul(half, tanh(sum))
            }
            Squash::Tanh => tanh(sum),
            Squash::Nothing => sum,
        })
    }
}

/// A register, which only [`Step::units`] makes: where there is one, its instruction set is available.
#[derive(Clone, Copy)]
struct Register<V>(V);

operators! { [T: Real, V: Vector<Elem = T>] Register<V>:
    // SAFETY: a `Register` is named below `Step::units` alone, where `V` is available.
    Add add |a, b| Self(unsafe { a.0.add(b.0) });
    Sub sub |a, b| a.add_mul(b, Self::of(-1.0));
    Mul mul |a, b| Self::of(0.0).add_mul(a, b);
}

impl<T: Real, V: Vector<Elem = T>> Number for Register<V> {
    #[inline(always)]
    fn of(x: f64) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { V::splat(T::of(x)) })
    }

    #[inline(always)]
    fn add_mul(self, a: Self, b: Self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { self.0.add_mul(a.0, b.0) })
    }

    #[inline(always)]
    fn tanh(self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { tanh(self.0) })
    }
}

/// The hyperbolic tangent of a register, by the quotient of [`math`](crate::math).
///
/// # Safety
/// The instruction set of `V` is available.
#[inline(always)]
pub unsafe fn tanh<T: Scalar, V: Vector<Elem = T>>(x: V) -> V {
    // SAFETY: the caller's promise.
    unsafe {
        let constant = |c: f32| V::splat(T::of(f64::from(c)));
        let zero = V::splat(T::ZERO);
        // The square need not wait for the argument within its bounds. Terms are paired so that
        // what waits for what is short.
        let z = zero.add_mul(x, x).at_most(constant(TANH_END * TANH_END));
        let y = zero.add_mul(z, z);
        let x = x.at_most(constant(TANH_END)).at_least(constant(-TANH_END));
        let halves = |c: [f32; 5]| {
            let [c0, c1, c2, c3, c4] = c.map(constant);
            (c0.add_mul(c1, z), c2.add_mul(c3, z).add_mul(c4, y))
        };
        let ((p_low, p_high), (q_low, q_high)) = (halves(TANH_P), halves(TANH_Q));
        let p = zero.add_mul(x, p_low).add_mul(zero.add_mul(x, y), p_high);
        p.quotient(q_low.add_mul(q_high, y))
    }
}
