//! The gradient check finds what is wrong, and says where: a right layer, and faults in it.

use formwork::data::{Batch, Classes, Grid};
use formwork::gradcheck::{Cause, GradCheck};
use formwork::kernel::Real;
use formwork::layer::{Backward, Forward, Layer, Memory, Nonlinearity, Row, State, Tape, zeroed};
use formwork::prelude::*;
use formwork::shape::Dimension;
use formwork::typenum::{U0, U1, U2, U3, U4, U5, U6};
use rand::{Rng, SeedableRng};

formwork::layer! {
    /// `y = w (x + s)^2` for each feature, with the state `s = y` of the step before taken as a
    /// constant. What is wrong with it: U0 nothing, U1 a factor in `dx`, U2 the sign of `dw[1]`,
    /// U3 `dw` is never added to, U4 backward forgets the state, U5 a kink at zero, U6 `dx` is
    /// added to.
    struct Faulty<Fault>;
}

formwork::params! {
    struct FaultyParams<Features> {
        w: Row<T, Features>,
    }
}

#[derive(Clone)]
struct Before<T>(Vec<T>);

impl<T: Real> State<T> for Before<T> {
    const MEMORY: Memory = Memory::NONE;
    fn new(_: usize) -> Self {
        Self(Vec::new())
    }
    fn reset(&mut self, _: usize) {}
    fn visit(&mut self, each: &mut dyn FnMut(&mut [T])) {
        each(&mut self.0);
    }
}

impl<In: Shape, Fault: Dimension> Layer<In> for Faulty<Fault> {
    type Out = In;
    formwork::keeps! { params: FaultyParams<In::Features, T>, state: Before<T>, tape: Sums<T> }

    fn init<T: Real>(params: &mut Self::Params<T>, _: &mut (), _: Nonlinearity, _: &mut dyn Rng) {
        params.w.fill(T::of(2.0));
    }

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { params, state, tape, x, mut y, .. } = pass;
        let x = x.as_slice();
        state.0.resize(x.len(), T::ZERO);
        tape.0.resize(x.len(), T::ZERO);
        for (i, y) in y.as_mut_slice().iter_mut().enumerate() {
            let sum = x[i] + state.0[i];
            tape.0[i] = if Fault::USIZE == 4 { x[i] } else { sum };
            let w = params.w[i % In::SIZE];
            *y = w * if Fault::USIZE == 5 { sum.abs() } else { sum * sum };
        }
        state.0.copy_from_slice(y.as_slice());
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { params, gradient, tape, dy, mut dx, cx, .. } = pass;
        if !cx.accumulate || Fault::USIZE == 3 {
            gradient.w.fill(T::ZERO);
        }
        for (i, &dy) in dy.as_slice().iter().enumerate() {
            let (w, sum) = (params.w[i % In::SIZE], tape.0[i]);
            let wrong_sign = Fault::USIZE == 2 && i % In::SIZE == 1;
            let dw = if Fault::USIZE == 5 { sum.abs() } else { sum * sum };
            gradient.w[i % In::SIZE] += if wrong_sign { -dy * dw } else { dy * dw };
            let Some(dx) = &mut dx else { continue };
            let two = T::of(if Fault::USIZE == 1 { 2.01 } else { 2.0 });
            let before = if Fault::USIZE == 6 { dx.as_slice()[i] } else { T::ZERO };
            dx.as_mut_slice()[i] =
                before + dy * w * if Fault::USIZE == 5 { sum.signum() } else { two * sum };
        }
    }
}

/// `x + s` of each element.
struct Sums<T>(Vec<T>);

impl<T: Real> Tape for Sums<T> {
    const MEMORY: Memory = Memory::NONE;
    fn new(_: usize, _: usize, _: bool) -> Self {
        Self(Vec::new())
    }
}

type Four = Vector<U4>;

#[test]
fn a_right_gradient_passes() {
    let passed = GradCheck::new(1).columns(2).layer::<Faulty<U0>, Four>().unwrap();
    assert_eq!(passed.checked, 2 * 4 + 4);
    assert!(passed.largest_error < 1e-8);
    GradCheck::new(1).carry_state().layer::<Faulty<U0>, Four>().unwrap();
    GradCheck::new(1).layer::<Faulty<U0>, Image<U2, U3, U1>>().unwrap();
}

#[test]
fn a_wrong_input_gradient_is_found() {
    let wrong = GradCheck::new(1).columns(2).layer::<Faulty<U1>, Four>().unwrap_err();
    assert_eq!((wrong.cause, wrong.wrong, wrong.checked), (Cause::Differs, 8, 12));
    assert_eq!(wrong.element, "input[0][0]");
    assert!((wrong.found / wrong.expected - 2.01 / 2.0).abs() < 1e-6);
    let image = GradCheck::new(1).columns(1).layer::<Faulty<U1>, Image<U2, U1, U3>>().unwrap_err();
    assert_eq!(image.element, "input[0][0][0][0]");
    let added = GradCheck::new(1).layer::<Faulty<U6>, Four>().unwrap_err();
    assert_eq!((added.cause, added.wrong), (Cause::Differs, 12));
}

#[test]
fn a_wrong_sign_of_one_parameter_is_found() {
    let wrong = GradCheck::new(1).layer::<Faulty<U2>, Four>().unwrap_err();
    assert_eq!((wrong.element.as_str(), wrong.wrong), ("w[1]", 1));
    assert!((wrong.found + wrong.expected).abs() < 1e-6);
    let text = wrong.to_string();
    assert!(text.starts_with("gradient by w[1]: expected "), "{text}");
    assert!(text.ends_with(" (1 of 16 elements are wrong)"), "{text}");
}

#[test]
fn a_gradient_that_is_not_accumulated_is_found() {
    let wrong = GradCheck::new(1).layer::<Faulty<U3>, Four>().unwrap_err();
    assert_eq!((wrong.cause, wrong.wrong), (Cause::NotAccumulated, 4));
}

#[test]
fn a_forgotten_state_is_found_once_there_is_one() {
    GradCheck::new(1).layer::<Faulty<U4>, Four>().unwrap();
    let wrong = GradCheck::new(1).carry_state().layer::<Faulty<U4>, Four>().unwrap_err();
    assert_eq!(wrong.cause, Cause::Differs);
}

formwork::layer! {
    /// Takes the mean over the batch away; U1 says so.
    struct Centred<Says>;
}

impl<In: Shape, Says: Dimension> Layer<In> for Centred<Says> {
    type Out = In;
    formwork::keeps! {}
    const MIXES_LANES: bool = Says::USIZE == 1;

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { x, mut y, .. } = pass;
        centre(x.as_slice(), y.as_mut_slice(), In::SIZE);
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { dy, dx, .. } = pass;
        let Some(mut dx) = dx else { return };
        centre(dy.as_slice(), dx.as_mut_slice(), In::SIZE);
    }
}

fn centre<T: Real>(x: &[T], y: &mut [T], size: usize) {
    for i in 0..x.len() {
        let same = x.iter().skip(i % size).step_by(size);
        let sum = same.fold(T::ZERO, |sum, &x| sum + x);
        y[i] = x[i] - sum / T::of((x.len() / size) as f64);
    }
}

#[test]
fn columns_that_depend_on_each_other_are_found() {
    let wrong = GradCheck::new(1).layer::<Centred<U0>, Four>().unwrap_err();
    assert_eq!(
        (wrong.cause, wrong.element.as_str(), wrong.wrong),
        (Cause::Mixes, "output[1][0]", 8)
    );
    assert!(wrong.to_string().contains("for another input of sequence 0"), "{wrong}");
    GradCheck::new(1).layer::<Centred<U1>, Four>().unwrap();
    // One sequence has nothing to be mixed with.
    GradCheck::new(1).lanes(1).layer::<Centred<U0>, Four>().unwrap();
}

#[test]
fn a_kink_is_told_from_a_wrong_gradient() {
    // |x| near zero: within the first step, then exactly there.
    let mut params = zeroed::<f64, FaultyParams<U1, f64>>();
    params.w[0] = 1.0;
    let check = GradCheck::new(1);
    for x in [3e-5, -6e-5, 1e-4, 0.5] {
        check.layer_at::<Faulty<U5>, Vector<U1>>(&params, &(), &[x]).unwrap();
    }
    for x in [0.0, 1e-7, -3e-7] {
        let kink = check.layer_at::<Faulty<U5>, Vector<U1>>(&params, &(), &[x]);
        // The gradient at zero is taken as 1 here.
        let kink = kink.unwrap_err();
        assert_eq!((kink.cause, kink.element.as_str()), (Cause::Kink, "input[0][0]"), "{x}");
        assert!(kink.to_string().contains("kink"), "{kink}");
    }
}

network! {
    struct Net: Image<2, 2, 3> => Vector<3> {
        first: Faulty<0>,
        res: Residual { square: Faulty<0> },
        fc: Dense<3>,
    }
}

network! {
    struct Broken: Vector<4> => Vector<3> { fc: Dense<2>, res: Residual { square: Faulty<2> }, out: Dense<3> }
}

#[test]
fn networks_are_checked_alone_and_with_a_loss() {
    let mut rng = formwork::Generator::seed_from_u64(5);
    let passed = GradCheck::new(2).columns(2).network::<Net>().unwrap();
    assert_eq!(passed.checked, 2 * 12 + Net::PARAMETERS);
    let model = Model::<Net, f64>::new(&mut rng);
    let x = (0..24).map(|i| f64::from(i * 7 % 11) / 11.0 - 0.4).collect();
    let batch = Batch::<Grid<2, 2, 3>, f64>::from_vec(x).unwrap();
    let targets = Batch::<Classes<3>, f64>::from_vec(vec![2, 0]).unwrap();
    let check = GradCheck::new(2);
    assert_eq!(check.model(&model, &batch).unwrap().checked, passed.checked);
    let passed = check.loss(&SoftmaxCrossEntropy::default(), &model, &batch, &targets).unwrap();
    assert_eq!(passed.checked, 2 * 12 + Net::PARAMETERS);

    let wrong = GradCheck::new(2).network::<Broken>().unwrap_err();
    assert_eq!((wrong.element.as_str(), wrong.wrong), ("res.square.w[1]", 1));
}
