use ::formwork::declare as __fw_Net;
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __Net_Input_0: usize = HIDDEN;
const _: () = __fw_Net::dimension(__Net_Input_0, "HIDDEN");
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __Net_Input = __fw_Net::Vector<__fw_Net::integer!(__Net_Input_0)>;
const _: () = __fw_Net::shape::<__Net_Input>();
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __Net_Output = __fw_Net::Vector<__fw_Net::typenum::consts::U2>;
const _: () = __fw_Net::shape::<__Net_Output>();
use Residual as __Net_block_Family;
use Dense as __Net_block_fc_Family;
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __Net_block_fc_0: usize = HIDDEN;
const _: () = __fw_Net::dimension(__Net_block_fc_0, "HIDDEN");
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __Net_block_fc = __fw_Net::layer!(
    < __Net_block_fc_Family as __fw_Net::Set < { __fw_Net::position:: <
    __Net_block_fc_Family > (0) }, __fw_Net::integer!(__Net_block_fc_0) >> ::Output,
    after __Net_Input
);
const _: () = __fw_Net::verify::<
    __Net_block_fc,
    __Net_Input,
>(
    "block.fc",
    __fw_Net::slot!(SYNTAX of __Net_block_fc_Family)
        .complete(1)
        .and(
            __fw_Net::takes_stacks(
                &__fw_Net::slot!(SYNTAX of __Net_block_fc_Family),
                __fw_Net::slot!(STACK of __Net_block_fc_Family),
                __fw_Net::slot!(STACKS of __Net_block_fc_Family),
                0,
            ),
        ),
);
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __Net_block_fc_DIMS: [usize; 3] = __fw_Net::output::<
    __Net_block_fc,
    __Net_Input,
>();
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __Net_block_fc_Out = __fw_Net::image!(__Net_block_fc_DIMS);
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __Net_block = __fw_Net::layer!(
    < __Net_block_Family as __fw_Net::Set < { __fw_Net::slot!(STACK of
    __Net_block_Family) }, __Net_block_Stack < > >> ::Output, after __Net_Input
);
const _: () = __fw_Net::verify::<
    __Net_block,
    __Net_Input,
>(
    "block",
    __fw_Net::slot!(SYNTAX of __Net_block_Family)
        .complete(0)
        .and(
            __fw_Net::takes_stacks(
                &__fw_Net::slot!(SYNTAX of __Net_block_Family),
                __fw_Net::slot!(STACK of __Net_block_Family),
                __fw_Net::slot!(STACKS of __Net_block_Family),
                1,
            ),
        ),
);
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __Net_block_DIMS: [usize; 3] = __fw_Net::output::<__Net_block, __Net_Input>();
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __Net_block_Out = __fw_Net::image!(__Net_block_DIMS);
use Dense as __Net_out_Family;
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __Net_out = __fw_Net::layer!(
    < __Net_out_Family as __fw_Net::Set < { __fw_Net::position:: < __Net_out_Family > (0)
    }, __fw_Net::typenum::consts::U2 >> ::Output, after __Net_block_Out
);
const _: () = __fw_Net::verify::<
    __Net_out,
    __Net_block_Out,
>(
    "out",
    __fw_Net::slot!(SYNTAX of __Net_out_Family)
        .complete(1)
        .and(
            __fw_Net::takes_stacks(
                &__fw_Net::slot!(SYNTAX of __Net_out_Family),
                __fw_Net::slot!(STACK of __Net_out_Family),
                __fw_Net::slot!(STACKS of __Net_out_Family),
                0,
            ),
        ),
);
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __Net_out_DIMS: [usize; 3] = __fw_Net::output::<__Net_out, __Net_block_Out>();
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __Net_out_Out = __fw_Net::image!(__Net_out_DIMS);
const _: () = __fw_Net::declared::<
    __Net_Output,
    __Net_out,
    __Net_block_Out,
>("Net", "out");
#[doc(hidden)]
#[allow(non_camel_case_types)]
#[repr(C)]
struct __Net_block_Stack<T: __fw_Net::Real = f32> {
    ///Of `Dense<HIDDEN>`.
    pub fc: <__Net_block_fc as __fw_Net::Layer<__Net_Input>>::Params<T>,
}
///
///| layer | declared as |
///| --- | --- |
///| `block` | `Residual { .. }` |
///| `out` | `Dense<2>` |
#[repr(C)]
struct Net<T: __fw_Net::Real = f32> {
    ///Of `Residual { .. }`.
    pub block: <__Net_block as __fw_Net::Layer<__Net_Input>>::Params<T>,
    ///Of `Dense<2>`.
    pub out: <__Net_out as __fw_Net::Layer<__Net_block_Out>>::Params<T>,
}
const _: () = {
    use __fw_Net as fw;
    unsafe impl<T: fw::Real> fw::Plain<T> for __Net_block_Stack<T> {
        const LEN: usize = 0usize
            .saturating_add(
                fw::len::<<__Net_block_fc as fw::Layer<__Net_Input>>::Params<T>, T>(),
            );
        fn tensors(visit: &mut fw::TensorVisitor<'_>) {
            visit
                .field::<T, <__Net_block_fc as fw::Layer<__Net_Input>>::Params<T>>("fc");
        }
    }
    #[repr(C)]
    pub struct Net_blockStats<T: fw::Real> {
        fc: <__Net_block_fc as fw::Layer<__Net_Input>>::Stats<T>,
    }
    unsafe impl<T: fw::Real> fw::Plain<T> for Net_blockStats<T> {
        const LEN: usize = 0usize
            .saturating_add(
                fw::len::<<__Net_block_fc as fw::Layer<__Net_Input>>::Stats<T>, T>(),
            );
        fn tensors(visit: &mut fw::TensorVisitor<'_>) {
            visit.field::<T, <__Net_block_fc as fw::Layer<__Net_Input>>::Stats<T>>("fc");
        }
    }
    pub struct Net_blockState<T: fw::Real> {
        fc: <__Net_block_fc as fw::Layer<__Net_Input>>::State<T>,
    }
    impl<T: fw::Real> ::core::clone::Clone for Net_blockState<T> {
        fn clone(&self) -> Self {
            Self {
                fc: ::core::clone::Clone::clone(&self.fc),
            }
        }
    }
    impl<T: fw::Real> fw::State<T> for Net_blockState<T> {
        fn new(lanes: usize) -> Self {
            Self {
                fc: fw::State::<T>::new(lanes),
            }
        }
        fn reset(&mut self, lane: usize) {
            fw::State::<T>::reset(&mut self.fc, lane);
        }
        fn visit(&mut self, each: &mut dyn FnMut(&mut [T])) {
            fw::State::<T>::visit(&mut self.fc, each);
        }
    }
    pub struct Net_blockTape<T: fw::Real> {
        __values: fw::Arena<T>,
        fc: <__Net_block_fc as fw::Layer<__Net_Input>>::Tape<T>,
    }
    impl<T: fw::Real> Net_blockTape<T> {
        const NEEDS: [fw::Needs; 2] = [
            fw::Needs::of_input::<__Net_Input>(),
            fw::Needs::of::<__Net_block_fc, __Net_Input>(),
        ];
        const TRAINING: fw::Plans<2> = fw::Plans::new(Self::NEEDS);
        const INFERENCE: fw::Plan<2> = fw::Plan::alternate(Self::NEEDS);
        const NONLINEARITIES: [fw::Nonlinearity; 1] = [
            <__Net_block_fc as fw::Layer<__Net_Input>>::NONLINEARITY,
        ];
        const FUSED: [fw::Fused; 1] = fw::Fusion::of([
            <__Net_block_fc as fw::Layer<__Net_Input>>::FUSION,
        ]);
        const LEARNS: [bool; 1] = fw::learns_before([
            fw::len::<<__Net_block_fc as fw::Layer<__Net_Input>>::Params<T>, T>(),
        ]);
    }
    impl<T: fw::Real> fw::Tape for Net_blockTape<T> {
        const MEMORY: fw::Memory = fw::Memory::per_column(Self::TRAINING.total)
            .and(
                <<__Net_block_fc as fw::Layer<__Net_Input>>::Tape<T> as fw::Tape>::MEMORY,
            );
        const SCRATCH: fw::Scratch = fw::Scratch::NONE
            .or(
                <<__Net_block_fc as fw::Layer<
                    __Net_Input,
                >>::Tape<T> as fw::Tape>::SCRATCH,
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
            }
        }
    }
    impl<In: fw::Shape> fw::Layer<In> for __Net_block_Stack {
        type Out = __Net_block_fc_Out;
        type Params<T: fw::Real> = __Net_block_Stack<T>;
        type Stats<T: fw::Real> = Net_blockStats<T>;
        type State<T: fw::Real> = Net_blockState<T>;
        type Tape<T: fw::Real> = Net_blockTape<T>;
        const CHECK: fw::Check = fw::Check::OK;
        const OPERATIONS: usize = 0usize
            .saturating_add(<__Net_block_fc as fw::Layer<__Net_Input>>::OPERATIONS);
        const TAKES_IDS: bool = <__Net_block_fc as fw::Layer<__Net_Input>>::TAKES_IDS;
        const NEEDS_OUTPUT: bool = <__Net_block_fc as fw::Layer<
            __Net_Input,
        >>::NEEDS_OUTPUT;
        const NONLINEARITY: fw::Nonlinearity = <__Net_block_fc as fw::Layer<
            __Net_Input,
        >>::NONLINEARITY;
        const STEPS: fw::Steps = fw::Steps::Kept
            .then(<__Net_block_fc as fw::Layer<__Net_Input>>::STEPS);
        const LAYERS: &'static [fw::LayerInfo] = &[
            fw::LayerInfo::of::<__Net_block_fc, __Net_Input>("fc", "Dense<HIDDEN>"),
        ];
        fn init<T: fw::Real>(
            params: &mut Self::Params<T>,
            stats: &mut Self::Stats<T>,
            follows: fw::Nonlinearity,
            rng: &mut dyn fw::Rng,
        ) {
            let after = |i| fw::Nonlinearity::after(
                &Net_blockTape::<T>::NONLINEARITIES,
                i,
                follows,
            );
            <__Net_block_fc as fw::Layer<
                __Net_Input,
            >>::init::<T>(&mut params.fc, &mut stats.fc, after(0), rng);
        }
        fn forward<T: fw::Real>(pass: fw::Forward<'_, Self, In, T>) {
            let fw::Forward { params, stats, state, tape, x, ids, mut y, mut cx } = pass;
            let (x, ids) = (fw::reshape(x), fw::reshape(ids));
            let plan = if cx.is_training() {
                const { &Net_blockTape::<T>::TRAINING.values }
            } else {
                const { &Net_blockTape::<T>::INFERENCE }
            };
            let fused = const { &Net_blockTape::<T>::FUSED };
            let n0 = x.ncols() + ids.ncols();
            let n1 = <__Net_block_fc as fw::Layer<__Net_Input>>::STEPS
                .columns(n0, cx.lanes);
            let mut flow = tape.__values.flow(plan, y.as_mut_slice());
            {
                let y = flow.at(1, n1);
                fw::forward::<
                    __Net_block_fc,
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
        }
        fn backward<T: fw::Real>(pass: fw::Backward<'_, Self, In, T>) {
            let fw::Backward { params, gradient, tape, x, ids, y, mut dy, dx, mut cx } = pass;
            let (x, ids) = (fw::reshape(x), fw::reshape(ids));
            let mut dx = dx.map(fw::reshape_mut);
            let plans = const { &Net_blockTape::<T>::TRAINING };
            let learns = const { &Net_blockTape::<T>::LEARNS };
            let fused = const { &Net_blockTape::<T>::FUSED };
            let n0 = x.ncols() + ids.ncols();
            let n1 = <__Net_block_fc as fw::Layer<__Net_Input>>::STEPS
                .columns(n0, cx.lanes);
            let mut flow = tape.__values.reflow(plans, y.as_slice(), dy.as_mut_slice());
            {
                let matrices = flow
                    .first::<__Net_block_fc, __Net_Input>((x, ids), n1, dx.take());
                let cx = fw::Context {
                    fused: fused[0],
                    ..cx.inner()
                };
                fw::backward::<
                    __Net_block_fc,
                    __Net_Input,
                    T,
                >(matrices.pass(&params.fc, &mut gradient.fc, &mut tape.fc, cx));
            }
        }
        fn observe<T: fw::Real>(stats: &mut Self::Stats<T>, tape: &Self::Tape<T>) {
            <__Net_block_fc as fw::Layer<
                __Net_Input,
            >>::observe::<T>(&mut stats.fc, &tape.fc);
        }
    }
    unsafe impl<T: fw::Real> fw::Plain<T> for Net<T> {
        const LEN: usize = 0usize
            .saturating_add(
                fw::len::<<__Net_block as fw::Layer<__Net_Input>>::Params<T>, T>(),
            )
            .saturating_add(
                fw::len::<<__Net_out as fw::Layer<__Net_block_Out>>::Params<T>, T>(),
            );
        fn tensors(visit: &mut fw::TensorVisitor<'_>) {
            visit
                .field::<T, <__Net_block as fw::Layer<__Net_Input>>::Params<T>>("block");
            visit
                .field::<T, <__Net_out as fw::Layer<__Net_block_Out>>::Params<T>>("out");
        }
    }
    #[repr(C)]
    pub struct NetStats<T: fw::Real> {
        block: <__Net_block as fw::Layer<__Net_Input>>::Stats<T>,
        out: <__Net_out as fw::Layer<__Net_block_Out>>::Stats<T>,
    }
    unsafe impl<T: fw::Real> fw::Plain<T> for NetStats<T> {
        const LEN: usize = 0usize
            .saturating_add(
                fw::len::<<__Net_block as fw::Layer<__Net_Input>>::Stats<T>, T>(),
            )
            .saturating_add(
                fw::len::<<__Net_out as fw::Layer<__Net_block_Out>>::Stats<T>, T>(),
            );
        fn tensors(visit: &mut fw::TensorVisitor<'_>) {
            visit.field::<T, <__Net_block as fw::Layer<__Net_Input>>::Stats<T>>("block");
            visit.field::<T, <__Net_out as fw::Layer<__Net_block_Out>>::Stats<T>>("out");
        }
    }
    pub struct NetState<T: fw::Real> {
        block: <__Net_block as fw::Layer<__Net_Input>>::State<T>,
        out: <__Net_out as fw::Layer<__Net_block_Out>>::State<T>,
    }
    impl<T: fw::Real> ::core::clone::Clone for NetState<T> {
        fn clone(&self) -> Self {
            Self {
                block: ::core::clone::Clone::clone(&self.block),
                out: ::core::clone::Clone::clone(&self.out),
            }
        }
    }
    impl<T: fw::Real> fw::State<T> for NetState<T> {
        fn new(lanes: usize) -> Self {
            Self {
                block: fw::State::<T>::new(lanes),
                out: fw::State::<T>::new(lanes),
            }
        }
        fn reset(&mut self, lane: usize) {
            fw::State::<T>::reset(&mut self.block, lane);
            fw::State::<T>::reset(&mut self.out, lane);
        }
        fn visit(&mut self, each: &mut dyn FnMut(&mut [T])) {
            fw::State::<T>::visit(&mut self.block, each);
            fw::State::<T>::visit(&mut self.out, each);
        }
    }
    pub struct NetTape<T: fw::Real> {
        __values: fw::Arena<T>,
        block: <__Net_block as fw::Layer<__Net_Input>>::Tape<T>,
        out: <__Net_out as fw::Layer<__Net_block_Out>>::Tape<T>,
    }
    impl<T: fw::Real> NetTape<T> {
        const NEEDS: [fw::Needs; 3] = [
            fw::Needs::of_input::<__Net_Input>(),
            fw::Needs::of::<__Net_block, __Net_Input>(),
            fw::Needs::of::<__Net_out, __Net_block_Out>(),
        ];
        const TRAINING: fw::Plans<3> = fw::Plans::new(Self::NEEDS);
        const INFERENCE: fw::Plan<3> = fw::Plan::alternate(Self::NEEDS);
        const NONLINEARITIES: [fw::Nonlinearity; 2] = [
            <__Net_block as fw::Layer<__Net_Input>>::NONLINEARITY,
            <__Net_out as fw::Layer<__Net_block_Out>>::NONLINEARITY,
        ];
        const FUSED: [fw::Fused; 2] = fw::Fusion::of([
            <__Net_block as fw::Layer<__Net_Input>>::FUSION,
            <__Net_out as fw::Layer<__Net_block_Out>>::FUSION,
        ]);
        const LEARNS: [bool; 2] = fw::learns_before([
            fw::len::<<__Net_block as fw::Layer<__Net_Input>>::Params<T>, T>(),
            fw::len::<<__Net_out as fw::Layer<__Net_block_Out>>::Params<T>, T>(),
        ]);
    }
    impl<T: fw::Real> fw::Tape for NetTape<T> {
        const MEMORY: fw::Memory = fw::Memory::per_column(Self::TRAINING.total)
            .and(<<__Net_block as fw::Layer<__Net_Input>>::Tape<T> as fw::Tape>::MEMORY)
            .and(
                <<__Net_out as fw::Layer<__Net_block_Out>>::Tape<T> as fw::Tape>::MEMORY,
            );
        const SCRATCH: fw::Scratch = fw::Scratch::NONE
            .or(<<__Net_block as fw::Layer<__Net_Input>>::Tape<T> as fw::Tape>::SCRATCH)
            .or(
                <<__Net_out as fw::Layer<__Net_block_Out>>::Tape<T> as fw::Tape>::SCRATCH,
            );
        fn new(columns: usize, lanes: usize, training: bool) -> Self {
            let values = if training {
                Self::TRAINING.total
            } else {
                Self::INFERENCE.total
            };
            Self {
                __values: fw::Arena::new(values, columns),
                block: fw::Tape::new(columns, lanes, training),
                out: fw::Tape::new(columns, lanes, training),
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
            .saturating_add(<__Net_block as fw::Layer<__Net_Input>>::OPERATIONS)
            .saturating_add(<__Net_out as fw::Layer<__Net_block_Out>>::OPERATIONS);
        const TAKES_IDS: bool = <__Net_block as fw::Layer<__Net_Input>>::TAKES_IDS;
        const NEEDS_OUTPUT: bool = <__Net_out as fw::Layer<
            __Net_block_Out,
        >>::NEEDS_OUTPUT;
        const NONLINEARITY: fw::Nonlinearity = <__Net_block as fw::Layer<
            __Net_Input,
        >>::NONLINEARITY;
        const STEPS: fw::Steps = fw::Steps::Kept
            .then(<__Net_block as fw::Layer<__Net_Input>>::STEPS)
            .then(<__Net_out as fw::Layer<__Net_block_Out>>::STEPS);
        const LAYERS: &'static [fw::LayerInfo] = &[
            fw::LayerInfo::of::<__Net_block, __Net_Input>("block", "Residual { .. }"),
            fw::LayerInfo::of::<__Net_out, __Net_block_Out>("out", "Dense<2>"),
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
            <__Net_block as fw::Layer<
                __Net_Input,
            >>::init::<T>(&mut params.block, &mut stats.block, after(0), rng);
            <__Net_out as fw::Layer<
                __Net_block_Out,
            >>::init::<T>(&mut params.out, &mut stats.out, after(1), rng);
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
            let n1 = <__Net_block as fw::Layer<__Net_Input>>::STEPS
                .columns(n0, cx.lanes);
            let n2 = <__Net_out as fw::Layer<__Net_block_Out>>::STEPS
                .columns(n1, cx.lanes);
            let mut flow = tape.__values.flow(plan, y.as_mut_slice());
            {
                let y = flow.at(1, n1);
                fw::forward::<
                    __Net_block,
                    __Net_Input,
                    T,
                >(
                    "block",
                    fw::Forward {
                        params: &params.block,
                        stats: &stats.block,
                        state: &mut state.block,
                        tape: &mut tape.block,
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
                    __Net_out,
                    __Net_block_Out,
                    T,
                >(
                    "out",
                    fw::Forward {
                        params: &params.out,
                        stats: &stats.out,
                        state: &mut state.out,
                        tape: &mut tape.out,
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
            let n1 = <__Net_block as fw::Layer<__Net_Input>>::STEPS
                .columns(n0, cx.lanes);
            let n2 = <__Net_out as fw::Layer<__Net_block_Out>>::STEPS
                .columns(n1, cx.lanes);
            let mut flow = tape.__values.reflow(plans, y.as_slice(), dy.as_mut_slice());
            {
                let wanted = learns[1] || dx.is_some();
                let matrices = flow
                    .at::<__Net_out, __Net_block_Out>((1, n1), (2, n2), wanted);
                let cx = fw::Context {
                    fused: fused[1],
                    ..cx.inner()
                };
                fw::backward::<
                    __Net_out,
                    __Net_block_Out,
                    T,
                >(matrices.pass(&params.out, &mut gradient.out, &mut tape.out, cx));
                if !wanted {
                    return;
                }
            }
            {
                let matrices = flow
                    .first::<__Net_block, __Net_Input>((x, ids), n1, dx.take());
                let cx = fw::Context {
                    fused: fused[0],
                    ..cx.inner()
                };
                fw::backward::<
                    __Net_block,
                    __Net_Input,
                    T,
                >(
                    matrices
                        .pass(&params.block, &mut gradient.block, &mut tape.block, cx),
                );
            }
        }
        fn observe<T: fw::Real>(stats: &mut Self::Stats<T>, tape: &Self::Tape<T>) {
            <__Net_block as fw::Layer<
                __Net_Input,
            >>::observe::<T>(&mut stats.block, &tape.block);
            <__Net_out as fw::Layer<
                __Net_block_Out,
            >>::observe::<T>(&mut stats.out, &tape.out);
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
