use ::formwork::declare as __fw_Net;
#[doc(hidden)]
#[allow(non_camel_case_types)]
pub type __Net_Input = __fw_Net::Vector<__fw_Net::typenum::consts::U4>;
const _: () = __fw_Net::shape::<__Net_Input>();
#[doc(hidden)]
#[allow(non_camel_case_types)]
pub type __Net_Output = __fw_Net::Vector<__fw_Net::typenum::consts::U2>;
const _: () = __fw_Net::shape::<__Net_Output>();
use Dense as __Net_fc_Family;
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __Net_fc_VALUE: ::core::option::Option<
    <__fw_Net::family!(__Net_fc_Family) as __fw_Net::Arguments>::Value,
> = __fw_Net::Given::<
    __fw_Net::family!(__Net_fc_Family),
    { __fw_Net::slot!(VALUE of __Net_fc_Family) },
>::keep(__fw_Net::InParentheses::<
    <__fw_Net::Given<
        __fw_Net::family!(__Net_fc_Family),
        { __fw_Net::slot!(VALUE of __Net_fc_Family) },
    > as __fw_Net::Expects<_>>::Type,
> {
    value: Init::Zeros,
});
#[doc(hidden)]
#[allow(non_camel_case_types)]
#[derive(Clone, Copy, Debug, Default)]
pub struct __Net_fc_Value;
impl __fw_Net::Value<<__fw_Net::family!(__Net_fc_Family) as __fw_Net::Arguments>::Value>
for __Net_fc_Value {
    const VALUE: ::core::option::Option<
        <__fw_Net::family!(__Net_fc_Family) as __fw_Net::Arguments>::Value,
    > = __Net_fc_VALUE;
    const TEXT: &'static str = "Init::Zeros";
}
const _: () = __fw_Net::takes_value(
    "fc",
    &__fw_Net::slot!(SYNTAX of __Net_fc_Family),
    __fw_Net::slot!(VALUE of __Net_fc_Family),
    "Init::Zeros",
);
#[doc(hidden)]
#[allow(non_camel_case_types)]
pub type __Net_fc = __fw_Net::layer!(
    < < __Net_fc_Family as __fw_Net::Set < { __fw_Net::position:: < __Net_fc_Family > (0)
    }, __fw_Net::typenum::consts::U2 >> ::Output as __fw_Net::Set < {
    __fw_Net::slot!(VALUE of __Net_fc_Family) }, __Net_fc_Value >> ::Output, after
    __Net_Input
);
const _: () = __fw_Net::verify::<
    __Net_fc,
    __Net_Input,
>(
    "fc",
    __fw_Net::slot!(SYNTAX of __Net_fc_Family)
        .complete(1)
        .and(
            __fw_Net::takes_stacks(
                &__fw_Net::slot!(SYNTAX of __Net_fc_Family),
                __fw_Net::slot!(STACK of __Net_fc_Family),
                __fw_Net::slot!(STACKS of __Net_fc_Family),
                0,
            ),
        ),
);
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __Net_fc_DIMS: [usize; 3] = __fw_Net::output::<__Net_fc, __Net_Input>();
#[doc(hidden)]
#[allow(non_camel_case_types)]
pub type __Net_fc_Out = __fw_Net::image!(__Net_fc_DIMS);
use Relu as __Net_relu1_Family;
#[doc(hidden)]
#[allow(non_camel_case_types)]
pub type __Net_relu1 = __fw_Net::layer!(__Net_relu1_Family, after __Net_fc_Out);
const _: () = __fw_Net::verify::<
    __Net_relu1,
    __Net_fc_Out,
>(
    "relu1",
    __fw_Net::slot!(SYNTAX of __Net_relu1_Family)
        .complete(0)
        .and(
            __fw_Net::takes_stacks(
                &__fw_Net::slot!(SYNTAX of __Net_relu1_Family),
                __fw_Net::slot!(STACK of __Net_relu1_Family),
                __fw_Net::slot!(STACKS of __Net_relu1_Family),
                0,
            ),
        ),
);
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __Net_relu1_DIMS: [usize; 3] = __fw_Net::output::<__Net_relu1, __Net_fc_Out>();
#[doc(hidden)]
#[allow(non_camel_case_types)]
pub type __Net_relu1_Out = __fw_Net::image!(__Net_relu1_DIMS);
const _: () = __fw_Net::declared::<
    __Net_Output,
    __Net_relu1,
    __Net_fc_Out,
>("Net", "relu1");
/// Two layers.
///
///| layer | declared as |
///| --- | --- |
///| `fc` | `Dense<2>(Init::Zeros)` |
///| `relu1` | `Relu` |
#[repr(C)]
pub struct Net<T: __fw_Net::Real = f32> {
    ///Of `Dense<2>(Init::Zeros)`.
    pub fc: <__Net_fc as __fw_Net::Layer<__Net_Input>>::Params<T>,
    ///Of `Relu`.
    pub relu1: <__Net_relu1 as __fw_Net::Layer<__Net_fc_Out>>::Params<T>,
}
const _: () = {
    use __fw_Net as fw;
    unsafe impl<T: fw::Real> fw::Plain<T> for Net<T> {
        const LEN: usize = 0usize
            .saturating_add(
                fw::len::<<__Net_fc as fw::Layer<__Net_Input>>::Params<T>, T>(),
            )
            .saturating_add(
                fw::len::<<__Net_relu1 as fw::Layer<__Net_fc_Out>>::Params<T>, T>(),
            );
        fn tensors(visit: &mut fw::TensorVisitor<'_>) {
            visit.field::<T, <__Net_fc as fw::Layer<__Net_Input>>::Params<T>>("fc");
            visit
                .field::<
                    T,
                    <__Net_relu1 as fw::Layer<__Net_fc_Out>>::Params<T>,
                >("relu1");
        }
    }
    #[repr(C)]
    pub struct NetStats<T: fw::Real> {
        fc: <__Net_fc as fw::Layer<__Net_Input>>::Stats<T>,
        relu1: <__Net_relu1 as fw::Layer<__Net_fc_Out>>::Stats<T>,
    }
    unsafe impl<T: fw::Real> fw::Plain<T> for NetStats<T> {
        const LEN: usize = 0usize
            .saturating_add(
                fw::len::<<__Net_fc as fw::Layer<__Net_Input>>::Stats<T>, T>(),
            )
            .saturating_add(
                fw::len::<<__Net_relu1 as fw::Layer<__Net_fc_Out>>::Stats<T>, T>(),
            );
        fn tensors(visit: &mut fw::TensorVisitor<'_>) {
            visit.field::<T, <__Net_fc as fw::Layer<__Net_Input>>::Stats<T>>("fc");
            visit
                .field::<T, <__Net_relu1 as fw::Layer<__Net_fc_Out>>::Stats<T>>("relu1");
        }
    }
    pub struct NetState<T: fw::Real> {
        fc: <__Net_fc as fw::Layer<__Net_Input>>::State<T>,
        relu1: <__Net_relu1 as fw::Layer<__Net_fc_Out>>::State<T>,
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
        fc: <__Net_fc as fw::Layer<__Net_Input>>::Tape<T>,
        relu1: <__Net_relu1 as fw::Layer<__Net_fc_Out>>::Tape<T>,
    }
    impl<T: fw::Real> NetTape<T> {
        const NEEDS: [fw::Needs; 3] = [
            fw::Needs::of_input::<__Net_Input>(),
            fw::Needs::of::<__Net_fc, __Net_Input>(),
            fw::Needs::of::<__Net_relu1, __Net_fc_Out>(),
        ];
        const TRAINING: fw::Plans<3> = fw::Plans::new(Self::NEEDS);
        const INFERENCE: fw::Plan<3> = fw::Plan::alternate(Self::NEEDS);
        const NONLINEARITIES: [fw::Nonlinearity; 2] = [
            <__Net_fc as fw::Layer<__Net_Input>>::NONLINEARITY,
            <__Net_relu1 as fw::Layer<__Net_fc_Out>>::NONLINEARITY,
        ];
        const FUSED: [fw::Fused; 2] = fw::Fusion::of([
            <__Net_fc as fw::Layer<__Net_Input>>::FUSION,
            <__Net_relu1 as fw::Layer<__Net_fc_Out>>::FUSION,
        ]);
        const LEARNS: [bool; 2] = fw::learns_before([
            fw::len::<<__Net_fc as fw::Layer<__Net_Input>>::Params<T>, T>(),
            fw::len::<<__Net_relu1 as fw::Layer<__Net_fc_Out>>::Params<T>, T>(),
        ]);
    }
    impl<T: fw::Real> fw::Tape for NetTape<T> {
        const MEMORY: fw::Memory = fw::Memory::per_column(Self::TRAINING.total)
            .and(<<__Net_fc as fw::Layer<__Net_Input>>::Tape<T> as fw::Tape>::MEMORY)
            .and(
                <<__Net_relu1 as fw::Layer<__Net_fc_Out>>::Tape<T> as fw::Tape>::MEMORY,
            );
        const SCRATCH: fw::Scratch = fw::Scratch::NONE
            .or(<<__Net_fc as fw::Layer<__Net_Input>>::Tape<T> as fw::Tape>::SCRATCH)
            .or(
                <<__Net_relu1 as fw::Layer<__Net_fc_Out>>::Tape<T> as fw::Tape>::SCRATCH,
            );
        fn new(columns: usize, lanes: usize, training: bool) -> Self {
            let values = if training {
                Self::TRAINING.total
            } else {
                Self::INFERENCE.total
            };
            Self {
                __values: fw::Arena::new(values, columns),
                fc: fw::Tape::new(columns, lanes, training),
                relu1: fw::Tape::new(columns, lanes, training),
            }
        }
    }
    impl<In: fw::Shape> fw::Layer<In> for Net {
        type Out = __Net_Output;
        type Params<T: fw::Real> = Net<T>;
        type Stats<T: fw::Real> = NetStats<T>;
        type State<T: fw::Real> = NetState<T>;
        type Tape<T: fw::Real> = NetTape<T>;
        const CHECK: fw::Check = fw::Check::OK
            .and(fw::accepts::<__Net_Input, In>("Net"));
        const OPERATIONS: usize = 0usize
            .saturating_add(<__Net_fc as fw::Layer<__Net_Input>>::OPERATIONS)
            .saturating_add(<__Net_relu1 as fw::Layer<__Net_fc_Out>>::OPERATIONS);
        const TAKES_IDS: bool = <__Net_fc as fw::Layer<__Net_Input>>::TAKES_IDS;
        const NEEDS_OUTPUT: bool = <__Net_relu1 as fw::Layer<
            __Net_fc_Out,
        >>::NEEDS_OUTPUT;
        const NONLINEARITY: fw::Nonlinearity = <__Net_fc as fw::Layer<
            __Net_Input,
        >>::NONLINEARITY;
        const STEPS: fw::Steps = fw::Steps::Kept
            .then(<__Net_fc as fw::Layer<__Net_Input>>::STEPS)
            .then(<__Net_relu1 as fw::Layer<__Net_fc_Out>>::STEPS);
        const LAYERS: &'static [fw::LayerInfo] = &[
            fw::LayerInfo::of::<__Net_fc, __Net_Input>("fc", "Dense<2>(Init::Zeros)"),
            fw::LayerInfo::of::<__Net_relu1, __Net_fc_Out>("relu1", "Relu"),
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
            <__Net_fc as fw::Layer<
                __Net_Input,
            >>::init::<T>(&mut params.fc, &mut stats.fc, after(0), rng);
            <__Net_relu1 as fw::Layer<
                __Net_fc_Out,
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
            let n1 = <__Net_fc as fw::Layer<__Net_Input>>::STEPS.columns(n0, cx.lanes);
            let n2 = <__Net_relu1 as fw::Layer<__Net_fc_Out>>::STEPS
                .columns(n1, cx.lanes);
            let mut flow = tape.__values.flow(plan, y.as_mut_slice());
            {
                let y = flow.at(1, n1);
                fw::forward::<
                    __Net_fc,
                    __Net_Input,
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
                    __Net_relu1,
                    __Net_fc_Out,
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
            let n1 = <__Net_fc as fw::Layer<__Net_Input>>::STEPS.columns(n0, cx.lanes);
            let n2 = <__Net_relu1 as fw::Layer<__Net_fc_Out>>::STEPS
                .columns(n1, cx.lanes);
            let mut flow = tape.__values.reflow(plans, y.as_slice(), dy.as_mut_slice());
            {
                let wanted = learns[1] || dx.is_some();
                let matrices = flow
                    .at::<__Net_relu1, __Net_fc_Out>((1, n1), (2, n2), wanted);
                let cx = fw::Context {
                    fused: fused[1],
                    ..cx.inner()
                };
                fw::backward::<
                    __Net_relu1,
                    __Net_fc_Out,
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
                    .first::<__Net_fc, __Net_Input>((x, ids), n1, dx.take());
                let cx = fw::Context {
                    fused: fused[0],
                    ..cx.inner()
                };
                fw::backward::<
                    __Net_fc,
                    __Net_Input,
                    T,
                >(matrices.pass(&params.fc, &mut gradient.fc, &mut tape.fc, cx));
            }
        }
        fn observe<T: fw::Real>(stats: &mut Self::Stats<T>, tape: &Self::Tape<T>) {
            <__Net_fc as fw::Layer<__Net_Input>>::observe::<T>(&mut stats.fc, &tape.fc);
            <__Net_relu1 as fw::Layer<
                __Net_fc_Out,
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
        type Input = __Net_Input;
        type Output = __Net_Output;
        type Sample = fw::Grid<
            { <__Net_Input as fw::Shape>::DIMS[0usize] },
            { <__Net_Input as fw::Shape>::DIMS[1usize] },
            { <__Net_Input as fw::Shape>::DIMS[2usize] },
        >;
        type Outputs = fw::outputs!(__Net_Output);
        const NAME: &'static str = "Net";
    }
};
