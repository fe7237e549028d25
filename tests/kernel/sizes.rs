//! Sizes that do not belong together, or that no memory holds: a panic that says so, in any build.

use formwork::kernel::conv::{Axis, Convolution, Gradient, Memory, backward, forward};
use formwork::kernel::pool::Windows;
use formwork::kernel::recurrent::{Cell, Number, Packed, Single, Squash, Steps};
use formwork::kernel::{Buffer, MatMut, MatRef, columns, matvec};
use std::panic::{AssertUnwindSafe, catch_unwind};
use typenum::{U0, U2, Unsigned};

/// More than memory holds of anything, but its product with 16 is a small `usize` again.
const ABSURD: usize = (1 << 60) + 16;

/// What a function says as it panics.
fn complaint<R>(f: impl FnOnce() -> R) -> String {
    let panic = catch_unwind(AssertUnwindSafe(f)).err().expect("a panic");
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).expect("a text")
}

fn beyond<R>(what: &str, f: impl FnOnce() -> R) {
    assert_eq!(complaint(f), "sizes beyond all memory", "{what}");
}

#[test]
fn what_no_memory_holds_is_refused() {
    beyond("a buffer", || Buffer::<f32>::zeroed(1 << 62));
    beyond("a transposition", || {
        columns::transpose(&mut [0.0; 256], &[0.0; 256], ABSURD, 16);
    });

    beyond("a packed matrix", || Packed::<f32>::zeroed(1 << 60, 16));
    beyond("its rows", || Packed::<f32>::zeroed(usize::MAX, 1));
    beyond("the transposed one", || Packed::<f32>::either_way(3, usize::MAX));
    beyond("inputs of a step", || Small::<U2>::zeroed(usize::MAX));

    let windows = |[height, width]: [usize; 2], kernel, stride, pad| {
        let axis = |size| Axis::new(size, kernel, stride, [pad; 2], 1);
        Windows::new(1, axis(height), axis(width))
    };
    beyond("an image", || windows([1 << 32; 2], 2, 2, 0));
    beyond("the border of an image", || windows([4; 2], 2, 2, usize::MAX / 2));
    beyond("windows", || windows([0; 2], 1 << 33, 1, (1 << 33) - 1));

    let border = 6_148_914_691_236_517_206;
    beyond("the border of an axis", || Axis::new(4, 3, 1, [usize::MAX / 2; 2], 1));
    beyond("the span of a filter", || Axis::new(4, 3, 1, [0; 2], 1 << 63));
    let conv = |channels, filters, axis| Convolution::new(channels, filters, 1, axis, axis);
    beyond("a padded image", || conv(1, 1, Axis::new(4, 3, 1, [border; 2], 1)));
    beyond("an image", || conv(1, 1, Axis::new(1 << 32, 1, 1, [0; 2], 1)));
    beyond("weights", || conv(1 << 32, 1 << 32, Axis::new(1, 1, 1, [0; 2], 1)));
}

#[test]
fn a_matrix_without_room_leaves_the_one_before() {
    let ones = vec![1.0_f32; 1600 * 1600];
    let mut packed = Packed::zeroed(16, 16);
    packed.pack(MatRef::row_major(&ones, 16, 16));
    let large = complaint(|| packed.pack(MatRef::row_major(&ones, 1600, 1600)));
    assert_eq!(large, "a 1600 x 1600 matrix takes 2560000 scalars, and there are 256");
    let mut y = [0.0; 1600];
    let refused = complaint(|| {
        let x = MatRef::row_major(&ones, 1600, 1);
        packed.multiply_add(MatMut::col_major(&mut y, 1600, 1), x);
    });
    assert!(refused.contains("rows to add to"), "{refused}");
    packed.multiply_add(MatMut::col_major(&mut y, 16, 1), MatRef::row_major(&ones, 16, 1));
    assert!(y[..16] == [16.0; 16] && y[16..].iter().all(|&y| y == 0.0));
}

#[test]
fn a_matrix_without_columns_adds_nothing() {
    let mut packed = Packed::zeroed(16, 16);
    packed.pack(MatRef::row_major(&[], 3, 0));
    let mut y = [1.0_f32, 2.0, 3.0];
    packed.multiply_add(MatMut::col_major(&mut y, 3, 1), MatRef::row_major(&[], 0, 1));
    assert_eq!(y, [1.0, 2.0, 3.0]);
}

/// `h = tanh(a)`.
struct Plain;

impl Cell<1> for Plain {
    const SQUASH: [Squash; 1] = [Squash::Tanh];

    fn forward<N: Number>([n]: [N; 1], _: N) -> ([N; 1], N, N) {
        ([n], n, n)
    }
    fn backward<N: Number>(_: [N; 1], _: N, _: N, dh: N, _: N) -> ([N; 1], N) {
        ([dh], dh)
    }
}

/// The hidden values before, of no gates at all.
struct Gateless;

impl Cell<0> for Gateless {
    const SQUASH: [Squash; 0] = [];

    fn forward<N: Number>(_: [N; 0], before: N) -> ([N; 0], N, N) {
        ([], before, before)
    }
    fn backward<N: Number>(_: [N; 0], _: N, _: N, dh: N, _: N) -> ([N; 0], N) {
        ([], dh)
    }
}

type Small<H> = Single<Plain, H, f32, 1>;

fn step<C: Cell<GATES>, H: Unsigned, const GATES: usize>() -> String {
    let mut weights = Single::<C, H, f32, GATES>::zeroed(1);
    let (mut h, mut y) = (vec![0.0; H::USIZE], vec![0.0; H::USIZE]);
    let step = Steps { weights: &mut weights, x: &[1.0], h: &mut h, c: &mut [], y: &mut y };
    complaint(|| step.run())
}

#[test]
fn a_step_has_units_and_gates() {
    let expected = "a layer of a size not meant for single steps";
    assert_eq!(step::<Plain, U0, 1>(), expected);
    assert_eq!(step::<Gateless, typenum::U1000, 0>(), expected);
    assert_eq!(step::<Plain, typenum::U2048, 1>(), expected);
}

#[test]
fn a_product_of_one_column_has_one() {
    let (a, x) = (MatRef::row_major(&[1.0_f32; 4], 2, 2), MatRef::col_major(&[1.0; 2], 2, 1));
    let none = MatMut::new(&mut [], 2, 0, 1, 2);
    let refused = complaint(|| matvec::<U2, U2, f32>(none, a, x, &[0.0; 2], false));
    assert_eq!(refused, "the operands of a product do not fit");
}

#[test]
fn images_weights_and_memory_of_a_convolution_fit() {
    // Four samples of 5 x 5, which become 5 x 5 with a border of 1.
    let axis = Axis::new(5, 3, 1, [1; 2], 1);
    let conv = Convolution::new(1, 1, 1, axis, axis);
    let (x, bias) = ([1.0_f32; 100], [0.0; 1]);
    let mut packed = vec![0.0; conv.packed()];
    conv.pack(&mut packed, &[1.0; 9]);
    let run = |y: usize, x: &[f32], padded: usize| {
        let (mut y, mut padded) = (vec![0.0; y], vec![0.0; padded]);
        complaint(|| forward(&conv, &mut y, x, &packed, &bias, false, &mut padded))
    };
    let room = 4 * conv.padded();
    assert!(run(99, &x, room).contains("outputs of 4 samples"));
    assert!(run(0, &x, room).contains("outputs of 4 samples"));
    assert_eq!(run(100, &x[..99], room), "99 scalars are no samples of 25 each");
    assert_eq!(run(100, &x, conv.padded() - 1), "48 scalars for 1 pieces of 49 each");
    // Memory for one piece is enough, and makes no difference.
    let outputs = |room: usize| {
        let (mut y, mut padded) = (vec![f32::NAN; 100], vec![f32::NAN; room]);
        forward(&conv, &mut y, &x, &packed, &bias, false, &mut padded);
        y
    };
    assert_eq!(outputs(conv.padded()), outputs(room));

    let run = |weights: usize, biases: usize, sums: usize, dx: usize| {
        let (mut weight, mut bias) = (vec![0.0; weights], vec![0.0; biases]);
        let (mut sums, mut dx) = (vec![0.0; sums], vec![0.0; dx]);
        let mut images = vec![0.0; 4 * conv.image()];
        let gradient = Gradient { weight: &mut weight, bias: &mut bias, accumulate: false };
        let memory = Memory { images: &mut images, sums: &mut sums };
        let packed = vec![0.0; conv.packed_adjoint()];
        complaint(|| backward(&conv, gradient, Some(&mut dx), (&x, &x), &packed, false, memory))
    };
    let room = 4 * conv.sums();
    assert!(run(8, 1, room, 100).contains("the gradient by the weights"));
    assert_eq!(run(9, 2, room, 100), "a bias for each filter");
    let few = conv.sums() - 1;
    assert_eq!(run(9, 1, few, 100), format!("{few} scalars for 1 pieces of 160 each"));
    assert!(run(9, 1, room, 99).contains("the gradient of 4 samples"));

    assert!(complaint(|| conv.pack(&mut packed, &[1.0; 8])).contains("weights to pack"));
}
