use ::formwork::declare as __fw_Net;
#[doc(hidden)]
#[allow(non_camel_case_types)]
pub type __Input_Net = __fw_Net::Vector<__fw_Net::typenum::consts::U4>;
const _: () = __fw_Net::shape::<__Input_Net>();
#[doc(hidden)]
#[allow(non_camel_case_types)]
pub type __Output_Net = __fw_Net::Vector<__fw_Net::typenum::consts::U2>;
const _: () = __fw_Net::shape::<__Output_Net>();
#[allow(unused_imports)]
use Dense as __Family_Net_fc;
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __SYNTAX_Net_fc: __fw_Net::Syntax = __fw_Net::slot!(SYNTAX of __Family_Net_fc);
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __FOLLOW_Net_fc: __fw_Net::Check = __fw_Net::Follow {
    inside: true,
    meant: "",
    positional: 1,
    types: &[],
    stacks: 0,
    braces: [
        __fw_Net::slot!(STACK of __Family_Net_fc),
        __fw_Net::slot!(STACKS of __Family_Net_fc),
    ],
    tie: ::core::option::Option::None,
}
    .check(&__SYNTAX_Net_fc);
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __VALUE_Net_fc: ::core::option::Option<
    <__fw_Net::family!(__Family_Net_fc) as __fw_Net::Arguments>::Value,
> = __fw_Net::Given::<
    __fw_Net::family!(__Family_Net_fc),
    { __fw_Net::value(&__SYNTAX_Net_fc, 1, __fw_Net::slot!(VALUE of __Family_Net_fc)) },
>::keep(__fw_Net::InParentheses::<
    <__fw_Net::Given<
        __fw_Net::family!(__Family_Net_fc),
        {
            __fw_Net::value(
                &__SYNTAX_Net_fc,
                1,
                __fw_Net::slot!(VALUE of __Family_Net_fc),
            )
        },
    > as __fw_Net::Expects<_>>::Type,
> {
    value: Init::Zeros,
});
#[doc(hidden)]
#[allow(non_camel_case_types)]
#[derive(Clone, Copy, Debug, Default)]
pub struct __Value_Net_fc;
impl __fw_Net::Value<<__fw_Net::family!(__Family_Net_fc) as __fw_Net::Arguments>::Value>
for __Value_Net_fc {
    const VALUE: ::core::option::Option<
        <__fw_Net::family!(__Family_Net_fc) as __fw_Net::Arguments>::Value,
    > = __VALUE_Net_fc;
    const TEXT: &'static str = "Init::Zeros";
}
const _: () = __fw_Net::takes_value(
    "fc",
    &__SYNTAX_Net_fc,
    (1, __fw_Net::value(&__SYNTAX_Net_fc, 1, __fw_Net::slot!(VALUE of __Family_Net_fc))),
    "Init::Zeros",
);
#[doc(hidden)]
#[allow(non_camel_case_types)]
pub type __Layer_Net_fc = __fw_Net::layer!(
    < < __Family_Net_fc as __fw_Net::Set < { __fw_Net::position(& __SYNTAX_Net_fc, 0) },
    __fw_Net::typenum::consts::U2 >> ::Output as __fw_Net::Set < { __fw_Net::value(&
    __SYNTAX_Net_fc, 1, __fw_Net::slot!(VALUE of __Family_Net_fc)) }, __Value_Net_fc >>
    ::Output, after __Input_Net
);
const _: () = __fw_Net::verify::<__Layer_Net_fc, __Input_Net>("fc", __FOLLOW_Net_fc);
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __DIMS_Net_fc: [usize; 3] = __fw_Net::output::<
    __Layer_Net_fc,
    __Input_Net,
>(__FOLLOW_Net_fc);
#[doc(hidden)]
#[allow(non_camel_case_types)]
pub type __Out_Net_fc = __fw_Net::image!(__DIMS_Net_fc);
#[allow(unused_imports)]
use Relu as __Family_Net_relu1;
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __SYNTAX_Net_relu1: __fw_Net::Syntax = __fw_Net::slot!(
    SYNTAX of __Family_Net_relu1
);
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __FOLLOW_Net_relu1: __fw_Net::Check = __fw_Net::Follow {
    inside: true,
    meant: "",
    positional: 0,
    types: &[],
    stacks: 0,
    braces: [
        __fw_Net::slot!(STACK of __Family_Net_relu1),
        __fw_Net::slot!(STACKS of __Family_Net_relu1),
    ],
    tie: ::core::option::Option::None,
}
    .check(&__SYNTAX_Net_relu1);
#[doc(hidden)]
#[allow(non_camel_case_types)]
pub type __Layer_Net_relu1 = __fw_Net::layer!(__Family_Net_relu1, after __Out_Net_fc);
const _: () = __fw_Net::verify::<
    __Layer_Net_relu1,
    __Out_Net_fc,
>("relu1", __FOLLOW_Net_relu1);
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __DIMS_Net_relu1: [usize; 3] = __fw_Net::output::<
    __Layer_Net_relu1,
    __Out_Net_fc,
>(__FOLLOW_Net_relu1);
#[doc(hidden)]
#[allow(non_camel_case_types)]
pub type __Out_Net_relu1 = __fw_Net::image!(__DIMS_Net_relu1);
const _: () = __fw_Net::declared::<__Output_Net, __Out_Net_relu1>("Net", "relu1");
const _: () = <Net as __fw_Net::Layer<__Input_Net>>::CHECK.report_network("Net");
/// Two layers.
///
///| layer | declared as |
///| --- | --- |
///| `fc` | `Dense<2>(Init::Zeros)` |
///| `relu1` | `Relu` |
#[repr(C)]
pub struct Net<T: __fw_Net::Real = f32> {
    ///Of `Dense<2>(Init::Zeros)`.
    pub fc: <__Layer_Net_fc as __fw_Net::Layer<__Input_Net>>::Params<T>,
    ///Of `Relu`.
    pub relu1: <__Layer_Net_relu1 as __fw_Net::Layer<__Out_Net_fc>>::Params<T>,
}
const _: () = {
    use __fw_Net as fw;
    unsafe impl<T: fw::Real> fw::Plain<T> for Net<T> {
        const LEN: usize = 0usize
            .saturating_add(
                fw::len::<<__Layer_Net_fc as fw::Layer<__Input_Net>>::Params<T>, T>(),
            )
            .saturating_add(
                fw::len::<<__Layer_Net_relu1 as fw::Layer<__Out_Net_fc>>::Params<T>, T>(),
            );
        fn tensors(visit: &mut fw::TensorVisitor<'_>) {
            visit
                .field::<T, <__Layer_Net_fc as fw::Layer<__Input_Net>>::Params<T>>("fc");
            visit
                .field::<
                    T,
                    <__Layer_Net_relu1 as fw::Layer<__Out_Net_fc>>::Params<T>,
                >("relu1");
        }
    }
    #[repr(C)]
    pub struct NetStats<T: fw::Real> {
        fc: <__Layer_Net_fc as fw::Layer<__Input_Net>>::Stats<T>,
        relu1: <__Layer_Net_relu1 as fw::Layer<__Out_Net_fc>>::Stats<T>,
    }
    unsafe impl<T: fw::Real> fw::Plain<T> for NetStats<T> {
        const LEN: usize = 0usize
            .saturating_add(
                fw::len::<<__Layer_Net_fc as fw::Layer<__Input_Net>>::Stats<T>, T>(),
            )
            .saturating_add(
                fw::len::<<__Layer_Net_relu1 as fw::Layer<__Out_Net_fc>>::Stats<T>, T>(),
            );
        fn tensors(visit: &mut fw::TensorVisitor<'_>) {
            visit.field::<T, <__Layer_Net_fc as fw::Layer<__Input_Net>>::Stats<T>>("fc");
            visit
                .field::<
                    T,
                    <__Layer_Net_relu1 as fw::Layer<__Out_Net_fc>>::Stats<T>,
                >("relu1");
        }
    }
    pub struct NetState<T: fw::Real> {
        fc: <__Layer_Net_fc as fw::Layer<__Input_Net>>::State<T>,
        relu1: <__Layer_Net_relu1 as fw::Layer<__Out_Net_fc>>::State<T>,
    }
    impl<T: fw::Real> ::core::clone::Clone for NetState<T> {
        fn clone(&self) -> Self {
            Self {
                fc: ::core::clone::Clone::clone(&self.fc),
                relu1: ::core::clone::Clone::clone(&self.relu1),
            }
        }
    }
    impl<T: fw::Real> fw::State<T> for NetState<T> {
        const MEMORY: fw::Memory = fw::Memory::NONE
            .and(
                <<__Layer_Net_fc as fw::Layer<
                    __Input_Net,
                >>::State<T> as fw::State<T>>::MEMORY,
            )
            .and(
                <<__Layer_Net_relu1 as fw::Layer<
                    __Out_Net_fc,
                >>::State<T> as fw::State<T>>::MEMORY,
            );
        fn new(lanes: usize) -> Self {
            Self {
                fc: fw::State::<T>::new(lanes),
                relu1: fw::State::<T>::new(lanes),
            }
        }
        fn reset(&mut self, lane: usize) {
            fw::State::<T>::reset(&mut self.fc, lane);
            fw::State::<T>::reset(&mut self.relu1, lane);
        }
        fn visit(&mut self, each: &mut dyn FnMut(&mut [T])) {
            fw::State::<T>::visit(&mut self.fc, each);
            fw::State::<T>::visit(&mut self.relu1, each);
        }
    }
    pub struct NetTape<T: fw::Real> {
        __values: fw::Arena<T>,
        fc: <__Layer_Net_fc as fw::Layer<__Input_Net>>::Tape<T>,
        relu1: <__Layer_Net_relu1 as fw::Layer<__Out_Net_fc>>::Tape<T>,
    }
    impl<T: fw::Real> NetTape<T> {
        const NEEDS: [fw::Needs; 3] = [
            fw::Needs::of_input::<__Input_Net>(),
            fw::Needs::of::<__Layer_Net_fc, __Input_Net>(),
            fw::Needs::of::<__Layer_Net_relu1, __Out_Net_fc>(),
        ];
        const TRAINING: fw::Plans<3> = fw::Plans::new(Self::NEEDS);
        const INFERENCE: fw::Plan<3> = fw::Plan::alternate(Self::NEEDS);
        const NONLINEARITIES: [fw::Nonlinearity; 2] = [
            <__Layer_Net_fc as fw::Layer<__Input_Net>>::NONLINEARITY,
            <__Layer_Net_relu1 as fw::Layer<__Out_Net_fc>>::NONLINEARITY,
        ];
        const STEPS: [fw::Steps; 2] = fw::Steps::before([
            <__Layer_Net_fc as fw::Layer<__Input_Net>>::STEPS,
            <__Layer_Net_relu1 as fw::Layer<__Out_Net_fc>>::STEPS,
        ]);
        const FUSED: [fw::Fused; 2] = fw::Fusion::of([
            <__Layer_Net_fc as fw::Layer<__Input_Net>>::FUSION,
            <__Layer_Net_relu1 as fw::Layer<__Out_Net_fc>>::FUSION,
        ]);
        const LEARNS: [bool; 2] = fw::learns_before([
            fw::len::<<__Layer_Net_fc as fw::Layer<__Input_Net>>::Params<T>, T>(),
            fw::len::<<__Layer_Net_relu1 as fw::Layer<__Out_Net_fc>>::Params<T>, T>(),
        ]);
    }
    impl<T: fw::Real> fw::Tape for NetTape<T> {
        const MEMORY: fw::Memory = fw::Memory::per_column(Self::TRAINING.total)
            .and(
                <<__Layer_Net_fc as fw::Layer<__Input_Net>>::Tape<T> as fw::Tape>::MEMORY
                    .after(Self::STEPS[0]),
            )
            .and(
                <<__Layer_Net_relu1 as fw::Layer<
                    __Out_Net_fc,
                >>::Tape<T> as fw::Tape>::MEMORY
                    .after(Self::STEPS[1]),
            );
        const INFERENCE: fw::Memory = fw::Memory::per_column(Self::INFERENCE.total)
            .and(
                <<__Layer_Net_fc as fw::Layer<
                    __Input_Net,
                >>::Tape<T> as fw::Tape>::INFERENCE
                    .after(Self::STEPS[0]),
            )
            .and(
                <<__Layer_Net_relu1 as fw::Layer<
                    __Out_Net_fc,
                >>::Tape<T> as fw::Tape>::INFERENCE
                    .after(Self::STEPS[1]),
            );
        const SCRATCH: fw::Scratch = fw::Scratch::NONE
            .or(
                <<__Layer_Net_fc as fw::Layer<
                    __Input_Net,
                >>::Tape<T> as fw::Tape>::SCRATCH
                    .after(Self::STEPS[0]),
            )
            .or(
                <<__Layer_Net_relu1 as fw::Layer<
                    __Out_Net_fc,
                >>::Tape<T> as fw::Tape>::SCRATCH
                    .after(Self::STEPS[1]),
            );
        fn new(columns: usize, lanes: usize, training: bool) -> Self {
            let values = if training {
                Self::TRAINING.total
            } else {
                Self::INFERENCE.total
            };
            Self {
                __values: fw::Arena::new(values, columns),
                fc: fw::Tape::new(Self::STEPS[0].of(columns), lanes, training),
                relu1: fw::Tape::new(Self::STEPS[1].of(columns), lanes, training),
            }
        }
    }
    impl<In: fw::Shape> fw::Layer<In> for Net {
        type Out = __Output_Net;
        type Params<T: fw::Real> = Net<T>;
        type Stats<T: fw::Real> = NetStats<T>;
        type State<T: fw::Real> = NetState<T>;
        type Tape<T: fw::Real> = NetTape<T>;
        const CHECK: fw::Check = fw::Check::OK
            .and(fw::accepts::<__Input_Net, In>("Net"))
            .and(
                fw::steps(
                    ["fc", "relu1"],
                    [
                        <__Layer_Net_fc as fw::Layer<__Input_Net>>::STEPS,
                        <__Layer_Net_relu1 as fw::Layer<__Out_Net_fc>>::STEPS,
                    ],
                ),
            );
        const OPERATIONS: usize = fw::Steps::operations([
            (
                <__Layer_Net_fc as fw::Layer<__Input_Net>>::STEPS,
                <__Layer_Net_fc as fw::Layer<__Input_Net>>::OPERATIONS,
            ),
            (
                <__Layer_Net_relu1 as fw::Layer<__Out_Net_fc>>::STEPS,
                <__Layer_Net_relu1 as fw::Layer<__Out_Net_fc>>::OPERATIONS,
            ),
        ]);
        const TAKES_IDS: bool = !<__Input_Net as fw::Shape>::NUMERIC;
        const NEEDS_OUTPUT: bool = <__Layer_Net_relu1 as fw::Layer<
            __Out_Net_fc,
        >>::NEEDS_OUTPUT;
        const NONLINEARITY: fw::Nonlinearity = <__Layer_Net_fc as fw::Layer<
            __Input_Net,
        >>::NONLINEARITY;
        const FUNCTION: ::core::option::Option<fw::Function> = fw::alone([
            <__Layer_Net_fc as fw::Layer<__Input_Net>>::FUNCTION,
            <__Layer_Net_relu1 as fw::Layer<__Out_Net_fc>>::FUNCTION,
        ]);
        const STEPS: fw::Steps = fw::Steps::KEPT
            .then(<__Layer_Net_fc as fw::Layer<__Input_Net>>::STEPS)
            .then(<__Layer_Net_relu1 as fw::Layer<__Out_Net_fc>>::STEPS);
        const LOOKS_BACK: usize = fw::Steps::look_back([
            (
                <__Layer_Net_fc as fw::Layer<__Input_Net>>::STEPS,
                <__Layer_Net_fc as fw::Layer<__Input_Net>>::LOOKS_BACK,
            ),
            (
                <__Layer_Net_relu1 as fw::Layer<__Out_Net_fc>>::STEPS,
                <__Layer_Net_relu1 as fw::Layer<__Out_Net_fc>>::LOOKS_BACK,
            ),
        ]);
        const MIXES_LANES: bool = false
            || <__Layer_Net_fc as fw::Layer<__Input_Net>>::MIXES_LANES
            || <__Layer_Net_relu1 as fw::Layer<__Out_Net_fc>>::MIXES_LANES;
        const LAYERS: &'static [fw::LayerInfo] = &[
            fw::LayerInfo::of::<
                __Layer_Net_fc,
                __Input_Net,
            >("fc", "Dense<2>(Init::Zeros)"),
            fw::LayerInfo::of::<__Layer_Net_relu1, __Out_Net_fc>("relu1", "Relu"),
        ];
        fn init<T: fw::Real>(
            params: &mut Self::Params<T>,
            stats: &mut Self::Stats<T>,
            follows: fw::Nonlinearity,
            rng: &mut dyn fw::Rng,
        ) {
            let after = |i| fw::Nonlinearity::after(
                &NetTape::<T>::NONLINEARITIES,
                i,
                follows,
            );
            <__Layer_Net_fc as fw::Layer<
                __Input_Net,
            >>::init::<T>(&mut params.fc, &mut stats.fc, after(0), rng);
            <__Layer_Net_relu1 as fw::Layer<
                __Out_Net_fc,
            >>::init::<T>(&mut params.relu1, &mut stats.relu1, after(1), rng);
        }
        fn forward<T: fw::Real>(pass: fw::Forward<'_, Self, In, T>) {
            let fw::Forward { params, stats, state, tape, x, ids, mut y, mut cx } = pass;
            let (x, ids) = (fw::reshape(x), fw::reshape(ids));
            let plan = if cx.is_training() {
                const { &NetTape::<T>::TRAINING.values }
            } else {
                const { &NetTape::<T>::INFERENCE }
            };
            let fused = const { &NetTape::<T>::FUSED };
            let n0 = x.ncols() + ids.ncols();
            let n1 = <__Layer_Net_fc as fw::Layer<__Input_Net>>::STEPS
                .columns(n0, cx.lanes);
            let n2 = <__Layer_Net_relu1 as fw::Layer<__Out_Net_fc>>::STEPS
                .columns(n1, cx.lanes);
            let mut flow = tape.__values.flow(plan, y.as_mut_slice());
            {
                let y = flow.at(1, n1);
                fw::forward::<
                    __Layer_Net_fc,
                    __Input_Net,
                    T,
                >(
                    "fc",
                    fw::Forward {
                        params: &params.fc,
                        stats: &stats.fc,
                        state: &mut state.fc,
                        tape: &mut tape.fc,
                        x,
                        ids,
                        y,
                        cx: fw::Context {
                            fused: fused[0],
                            ..cx.inner()
                        },
                    },
                );
            }
            {
                let (x, y) = flow.between((1, n1), (2, n2));
                fw::forward::<
                    __Layer_Net_relu1,
                    __Out_Net_fc,
                    T,
                >(
                    "relu1",
                    fw::Forward {
                        params: &params.relu1,
                        stats: &stats.relu1,
                        state: &mut state.relu1,
                        tape: &mut tape.relu1,
                        x,
                        ids: fw::columns(&[]),
                        y,
                        cx: fw::Context {
                            fused: fused[1],
                            ..cx.inner()
                        },
                    },
                );
            }
        }
        fn backward<T: fw::Real>(pass: fw::Backward<'_, Self, In, T>) {
            let fw::Backward { params, gradient, tape, x, ids, y, mut dy, dx, mut cx } = pass;
            let (x, ids) = (fw::reshape(x), fw::reshape(ids));
            let mut dx = dx.map(fw::reshape_mut);
            let plans = const { &NetTape::<T>::TRAINING };
            let learns = const { &NetTape::<T>::LEARNS };
            let fused = const { &NetTape::<T>::FUSED };
            let n0 = x.ncols() + ids.ncols();
            let n1 = <__Layer_Net_fc as fw::Layer<__Input_Net>>::STEPS
                .columns(n0, cx.lanes);
            let n2 = <__Layer_Net_relu1 as fw::Layer<__Out_Net_fc>>::STEPS
                .columns(n1, cx.lanes);
            let mut flow = tape.__values.reflow(plans, y.as_slice(), dy.as_mut_slice());
            {
                let wanted = learns[1] || dx.is_some();
                let matrices = flow
                    .at::<__Layer_Net_relu1, __Out_Net_fc>((1, n1), (2, n2), wanted);
                let cx = fw::Context {
                    fused: fused[1],
                    ..cx.inner()
                };
                fw::backward::<
                    __Layer_Net_relu1,
                    __Out_Net_fc,
                    T,
                >(
                    matrices
                        .pass(&params.relu1, &mut gradient.relu1, &mut tape.relu1, cx),
                );
                if !wanted {
                    return;
                }
            }
            {
                let matrices = flow
                    .first::<__Layer_Net_fc, __Input_Net>((x, ids), n1, dx.take());
                let cx = fw::Context {
                    fused: fused[0],
                    ..cx.inner()
                };
                fw::backward::<
                    __Layer_Net_fc,
                    __Input_Net,
                    T,
                >(matrices.pass(&params.fc, &mut gradient.fc, &mut tape.fc, cx));
            }
        }
        fn observe<T: fw::Real>(stats: &mut Self::Stats<T>, tape: &Self::Tape<T>) {
            <__Layer_Net_fc as fw::Layer<
                __Input_Net,
            >>::observe::<T>(&mut stats.fc, &tape.fc);
            <__Layer_Net_relu1 as fw::Layer<
                __Out_Net_fc,
            >>::observe::<T>(&mut stats.relu1, &tape.relu1);
        }
    }
    impl fw::Arguments for Net {
        const SYNTAX: fw::Syntax = fw::Syntax {
            layer: "Net",
            positional: &[],
            keyed: &[],
        };
        type Value = fw::NoValue;
    }
    impl fw::Network for Net {
        type Input = __Input_Net;
        type Output = __Output_Net;
        type Sample = fw::Grid<
            { <__Input_Net as fw::Shape>::DIMS[0usize] },
            { <__Input_Net as fw::Shape>::DIMS[1usize] },
            { <__Input_Net as fw::Shape>::DIMS[2usize] },
        >;
        type Outputs = fw::outputs!(__Output_Net);
        const NAME: &'static str = "Net";
    }
};
