use ::formwork::declare as __fw_Net;
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __Input0_Net: usize = HIDDEN;
const _: () = __fw_Net::dimension(__Input0_Net, "HIDDEN");
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __Input_Net = __fw_Net::Vector<__fw_Net::integer!(__Input0_Net)>;
const _: () = __fw_Net::shape::<__Input_Net>();
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __Output_Net = __fw_Net::Vector<__fw_Net::typenum::consts::U2>;
const _: () = __fw_Net::shape::<__Output_Net>();
#[allow(unused_imports)]
use Residual as __Family_Net_block;
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __SYNTAX_Net_block: __fw_Net::Syntax = __fw_Net::slot!(
    SYNTAX of __Family_Net_block
);
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __FOLLOW_Net_block: __fw_Net::Check = __fw_Net::Follow {
    inside: true,
    meant: "",
    positional: 0,
    types: &[],
    stacks: 1,
    braces: [
        __fw_Net::slot!(STACK of __Family_Net_block),
        __fw_Net::slot!(STACKS of __Family_Net_block),
    ],
    tie: ::core::option::Option::None,
}
    .check(&__SYNTAX_Net_block);
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __Inside_Net_block = <__fw_Net::Choice<
    { __fw_Net::slot!(INSIDE of __Family_Net_block) },
> as __fw_Net::Within<__Family_Net_block, __Input_Net>>::Shape;
#[allow(unused_imports)]
use Dense as __Family_Net_block_fc;
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __SYNTAX_Net_block_fc: __fw_Net::Syntax = __fw_Net::slot!(
    SYNTAX of __Family_Net_block_fc
);
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __FOLLOW_Net_block_fc: __fw_Net::Check = __fw_Net::Follow {
    inside: __FOLLOW_Net_block.is_ok(),
    meant: "",
    positional: 1,
    types: &[],
    stacks: 0,
    braces: [
        __fw_Net::slot!(STACK of __Family_Net_block_fc),
        __fw_Net::slot!(STACKS of __Family_Net_block_fc),
    ],
    tie: ::core::option::Option::None,
}
    .check(&__SYNTAX_Net_block_fc);
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __Dim0_Net_block_fc: usize = HIDDEN;
const _: () = __fw_Net::dimension(__Dim0_Net_block_fc, "HIDDEN");
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __Layer_Net_block_fc = __fw_Net::layer!(
    < __Family_Net_block_fc as __fw_Net::Set < { __fw_Net::position(&
    __SYNTAX_Net_block_fc, 0) }, __fw_Net::integer!(__Dim0_Net_block_fc) >> ::Output,
    after __Inside_Net_block
);
const _: () = __fw_Net::verify::<
    __Layer_Net_block_fc,
    __Inside_Net_block,
>("block.fc", __FOLLOW_Net_block_fc);
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __DIMS_Net_block_fc: [usize; 3] = __fw_Net::output::<
    __Layer_Net_block_fc,
    __Inside_Net_block,
>(__FOLLOW_Net_block_fc);
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __Out_Net_block_fc = __fw_Net::image!(__DIMS_Net_block_fc);
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __Layer_Net_block = __fw_Net::layer!(
    < __Family_Net_block as __fw_Net::Set < { __fw_Net::slot!(STACK of
    __Family_Net_block) }, __Stack_Net_block < > >> ::Output, after __Input_Net
);
const _: () = __fw_Net::verify::<
    __Layer_Net_block,
    __Input_Net,
>("block", __FOLLOW_Net_block);
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __DIMS_Net_block: [usize; 3] = __fw_Net::output::<
    __Layer_Net_block,
    __Input_Net,
>(__FOLLOW_Net_block);
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __Out_Net_block = __fw_Net::image!(__DIMS_Net_block);
#[allow(unused_imports)]
use Dense as __Family_Net_out;
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __SYNTAX_Net_out: __fw_Net::Syntax = __fw_Net::slot!(SYNTAX of __Family_Net_out);
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __FOLLOW_Net_out: __fw_Net::Check = __fw_Net::Follow {
    inside: true,
    meant: "",
    positional: 1,
    types: &[],
    stacks: 0,
    braces: [
        __fw_Net::slot!(STACK of __Family_Net_out),
        __fw_Net::slot!(STACKS of __Family_Net_out),
    ],
    tie: ::core::option::Option::None,
}
    .check(&__SYNTAX_Net_out);
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __Layer_Net_out = __fw_Net::layer!(
    < __Family_Net_out as __fw_Net::Set < { __fw_Net::position(& __SYNTAX_Net_out, 0) },
    __fw_Net::typenum::consts::U2 >> ::Output, after __Out_Net_block
);
const _: () = __fw_Net::verify::<
    __Layer_Net_out,
    __Out_Net_block,
>("out", __FOLLOW_Net_out);
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __DIMS_Net_out: [usize; 3] = __fw_Net::output::<
    __Layer_Net_out,
    __Out_Net_block,
>(__FOLLOW_Net_out);
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __Out_Net_out = __fw_Net::image!(__DIMS_Net_out);
const _: () = __fw_Net::declared::<__Output_Net, __Out_Net_out>("Net", "out");
const _: () = <Net as __fw_Net::Layer<__Input_Net>>::CHECK.report_network("Net");
#[doc(hidden)]
#[allow(non_camel_case_types)]
#[repr(C)]
struct __Stack_Net_block<T: __fw_Net::Real = f32> {
    ///Of `Dense<HIDDEN>`.
    pub fc: <__Layer_Net_block_fc as __fw_Net::Layer<__Inside_Net_block>>::Params<T>,
}
///
///| layer | declared as |
///| --- | --- |
///| `block` | `Residual { .. }` |
///| `out` | `Dense<2>` |
#[repr(C)]
struct Net<T: __fw_Net::Real = f32> {
    ///Of `Residual { .. }`.
    pub block: <__Layer_Net_block as __fw_Net::Layer<__Input_Net>>::Params<T>,
    ///Of `Dense<2>`.
    pub out: <__Layer_Net_out as __fw_Net::Layer<__Out_Net_block>>::Params<T>,
}
const _: () = {
    use __fw_Net as fw;
    unsafe impl<T: fw::Real> fw::Plain<T> for __Stack_Net_block<T> {
        const LEN: usize = 0usize
            .saturating_add(
                fw::len::<
                    <__Layer_Net_block_fc as fw::Layer<__Inside_Net_block>>::Params<T>,
                    T,
                >(),
            );
        fn tensors(visit: &mut fw::TensorVisitor<'_>) {
            visit
                .field::<
                    T,
                    <__Layer_Net_block_fc as fw::Layer<__Inside_Net_block>>::Params<T>,
                >("fc");
        }
    }
    #[repr(C)]
    pub struct Stack_Net_blockStats<T: fw::Real> {
        fc: <__Layer_Net_block_fc as fw::Layer<__Inside_Net_block>>::Stats<T>,
    }
    unsafe impl<T: fw::Real> fw::Plain<T> for Stack_Net_blockStats<T> {
        const LEN: usize = 0usize
            .saturating_add(
                fw::len::<
                    <__Layer_Net_block_fc as fw::Layer<__Inside_Net_block>>::Stats<T>,
                    T,
                >(),
            );
        fn tensors(visit: &mut fw::TensorVisitor<'_>) {
            visit
                .field::<
                    T,
                    <__Layer_Net_block_fc as fw::Layer<__Inside_Net_block>>::Stats<T>,
                >("fc");
        }
    }
    pub struct Stack_Net_blockState<T: fw::Real> {
        fc: <__Layer_Net_block_fc as fw::Layer<__Inside_Net_block>>::State<T>,
    }
    impl<T: fw::Real> ::core::clone::Clone for Stack_Net_blockState<T> {
        fn clone(&self) -> Self {
            Self {
                fc: ::core::clone::Clone::clone(&self.fc),
            }
        }
    }
    impl<T: fw::Real> fw::State<T> for Stack_Net_blockState<T> {
        const MEMORY: fw::Memory = fw::Memory::NONE
            .and(
                <<__Layer_Net_block_fc as fw::Layer<
                    __Inside_Net_block,
                >>::State<T> as fw::State<T>>::MEMORY,
            );
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
    pub struct Stack_Net_blockTape<T: fw::Real> {
        __values: fw::Arena<T>,
        fc: <__Layer_Net_block_fc as fw::Layer<__Inside_Net_block>>::Tape<T>,
    }
    impl<T: fw::Real> Stack_Net_blockTape<T> {
        const NEEDS: [fw::Needs; 2] = [
            fw::Needs::of_input::<__Inside_Net_block>(),
            fw::Needs::of::<__Layer_Net_block_fc, __Inside_Net_block>(),
        ];
        const TRAINING: fw::Plans<2> = fw::Plans::new(Self::NEEDS);
        const INFERENCE: fw::Plan<2> = fw::Plan::alternate(Self::NEEDS);
        const NONLINEARITIES: [fw::Nonlinearity; 1] = [
            <__Layer_Net_block_fc as fw::Layer<__Inside_Net_block>>::NONLINEARITY,
        ];
        const STEPS: [fw::Steps; 1] = fw::Steps::before([
            <__Layer_Net_block_fc as fw::Layer<__Inside_Net_block>>::STEPS,
        ]);
        const FUSED: [fw::Fused; 1] = fw::Fusion::of([
            <__Layer_Net_block_fc as fw::Layer<__Inside_Net_block>>::FUSION,
        ]);
        const LEARNS: [bool; 1] = fw::learns_before([
            fw::len::<
                <__Layer_Net_block_fc as fw::Layer<__Inside_Net_block>>::Params<T>,
                T,
            >(),
        ]);
    }
    impl<T: fw::Real> fw::Tape for Stack_Net_blockTape<T> {
        const MEMORY: fw::Memory = fw::Memory::per_column(Self::TRAINING.total)
            .and(
                <<__Layer_Net_block_fc as fw::Layer<
                    __Inside_Net_block,
                >>::Tape<T> as fw::Tape>::MEMORY
                    .after(Self::STEPS[0]),
            );
        const INFERENCE: fw::Memory = fw::Memory::per_column(Self::INFERENCE.total)
            .and(
                <<__Layer_Net_block_fc as fw::Layer<
                    __Inside_Net_block,
                >>::Tape<T> as fw::Tape>::INFERENCE
                    .after(Self::STEPS[0]),
            );
        const SCRATCH: fw::Scratch = fw::Scratch::NONE
            .or(
                <<__Layer_Net_block_fc as fw::Layer<
                    __Inside_Net_block,
                >>::Tape<T> as fw::Tape>::SCRATCH
                    .after(Self::STEPS[0]),
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
            }
        }
    }
    impl<In: fw::Shape> fw::Layer<In> for __Stack_Net_block {
        type Out = __Out_Net_block_fc;
        type Params<T: fw::Real> = __Stack_Net_block<T>;
        type Stats<T: fw::Real> = Stack_Net_blockStats<T>;
        type State<T: fw::Real> = Stack_Net_blockState<T>;
        type Tape<T: fw::Real> = Stack_Net_blockTape<T>;
        const CHECK: fw::Check = fw::Check::OK
            .and(
                fw::steps(
                    ["fc"],
                    [<__Layer_Net_block_fc as fw::Layer<__Inside_Net_block>>::STEPS],
                ),
            );
        const OPERATIONS: usize = fw::Steps::operations([
            (
                <__Layer_Net_block_fc as fw::Layer<__Inside_Net_block>>::STEPS,
                <__Layer_Net_block_fc as fw::Layer<__Inside_Net_block>>::OPERATIONS,
            ),
        ]);
        const TAKES_IDS: bool = !<__Inside_Net_block as fw::Shape>::NUMERIC;
        const NEEDS_OUTPUT: bool = <__Layer_Net_block_fc as fw::Layer<
            __Inside_Net_block,
        >>::NEEDS_OUTPUT;
        const NONLINEARITY: fw::Nonlinearity = <__Layer_Net_block_fc as fw::Layer<
            __Inside_Net_block,
        >>::NONLINEARITY;
        const FUNCTION: ::core::option::Option<fw::Function> = fw::alone([
            <__Layer_Net_block_fc as fw::Layer<__Inside_Net_block>>::FUNCTION,
        ]);
        const STEPS: fw::Steps = fw::Steps::KEPT
            .then(<__Layer_Net_block_fc as fw::Layer<__Inside_Net_block>>::STEPS);
        const LOOKS_BACK: usize = fw::Steps::look_back([
            (
                <__Layer_Net_block_fc as fw::Layer<__Inside_Net_block>>::STEPS,
                <__Layer_Net_block_fc as fw::Layer<__Inside_Net_block>>::LOOKS_BACK,
            ),
        ]);
        const MIXES_LANES: bool = false
            || <__Layer_Net_block_fc as fw::Layer<__Inside_Net_block>>::MIXES_LANES;
        const LAYERS: &'static [fw::LayerInfo] = &[
            fw::LayerInfo::of::<
                __Layer_Net_block_fc,
                __Inside_Net_block,
            >("fc", "Dense<HIDDEN>"),
        ];
        fn init<T: fw::Real>(
            params: &mut Self::Params<T>,
            stats: &mut Self::Stats<T>,
            follows: fw::Nonlinearity,
            rng: &mut dyn fw::Rng,
        ) {
            let after = |i| fw::Nonlinearity::after(
                &Stack_Net_blockTape::<T>::NONLINEARITIES,
                i,
                follows,
            );
            <__Layer_Net_block_fc as fw::Layer<
                __Inside_Net_block,
            >>::init::<T>(&mut params.fc, &mut stats.fc, after(0), rng);
        }
        fn forward<T: fw::Real>(pass: fw::Forward<'_, Self, In, T>) {
            let fw::Forward { params, stats, state, tape, x, ids, mut y, mut cx } = pass;
            let (x, ids) = (fw::reshape(x), fw::reshape(ids));
            let plan = if cx.is_training() {
                const { &Stack_Net_blockTape::<T>::TRAINING.values }
            } else {
                const { &Stack_Net_blockTape::<T>::INFERENCE }
            };
            let fused = const { &Stack_Net_blockTape::<T>::FUSED };
            let n0 = x.ncols() + ids.ncols();
            let n1 = <__Layer_Net_block_fc as fw::Layer<__Inside_Net_block>>::STEPS
                .columns(n0, cx.lanes);
            let mut flow = tape.__values.flow(plan, y.as_mut_slice());
            {
                let y = flow.at(1, n1);
                fw::forward::<
                    __Layer_Net_block_fc,
                    __Inside_Net_block,
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
            let plans = const { &Stack_Net_blockTape::<T>::TRAINING };
            let learns = const { &Stack_Net_blockTape::<T>::LEARNS };
            let fused = const { &Stack_Net_blockTape::<T>::FUSED };
            let n0 = x.ncols() + ids.ncols();
            let n1 = <__Layer_Net_block_fc as fw::Layer<__Inside_Net_block>>::STEPS
                .columns(n0, cx.lanes);
            let mut flow = tape.__values.reflow(plans, y.as_slice(), dy.as_mut_slice());
            {
                let matrices = flow
                    .first::<
                        __Layer_Net_block_fc,
                        __Inside_Net_block,
                    >((x, ids), n1, dx.take());
                let cx = fw::Context {
                    fused: fused[0],
                    ..cx.inner()
                };
                fw::backward::<
                    __Layer_Net_block_fc,
                    __Inside_Net_block,
                    T,
                >(matrices.pass(&params.fc, &mut gradient.fc, &mut tape.fc, cx));
            }
        }
        fn observe<T: fw::Real>(stats: &mut Self::Stats<T>, tape: &Self::Tape<T>) {
            <__Layer_Net_block_fc as fw::Layer<
                __Inside_Net_block,
            >>::observe::<T>(&mut stats.fc, &tape.fc);
        }
    }
    unsafe impl<T: fw::Real> fw::Plain<T> for Net<T> {
        const LEN: usize = 0usize
            .saturating_add(
                fw::len::<<__Layer_Net_block as fw::Layer<__Input_Net>>::Params<T>, T>(),
            )
            .saturating_add(
                fw::len::<
                    <__Layer_Net_out as fw::Layer<__Out_Net_block>>::Params<T>,
                    T,
                >(),
            );
        fn tensors(visit: &mut fw::TensorVisitor<'_>) {
            visit
                .field::<
                    T,
                    <__Layer_Net_block as fw::Layer<__Input_Net>>::Params<T>,
                >("block");
            visit
                .field::<
                    T,
                    <__Layer_Net_out as fw::Layer<__Out_Net_block>>::Params<T>,
                >("out");
        }
    }
    #[repr(C)]
    pub struct NetStats<T: fw::Real> {
        block: <__Layer_Net_block as fw::Layer<__Input_Net>>::Stats<T>,
        out: <__Layer_Net_out as fw::Layer<__Out_Net_block>>::Stats<T>,
    }
    unsafe impl<T: fw::Real> fw::Plain<T> for NetStats<T> {
        const LEN: usize = 0usize
            .saturating_add(
                fw::len::<<__Layer_Net_block as fw::Layer<__Input_Net>>::Stats<T>, T>(),
            )
            .saturating_add(
                fw::len::<<__Layer_Net_out as fw::Layer<__Out_Net_block>>::Stats<T>, T>(),
            );
        fn tensors(visit: &mut fw::TensorVisitor<'_>) {
            visit
                .field::<
                    T,
                    <__Layer_Net_block as fw::Layer<__Input_Net>>::Stats<T>,
                >("block");
            visit
                .field::<
                    T,
                    <__Layer_Net_out as fw::Layer<__Out_Net_block>>::Stats<T>,
                >("out");
        }
    }
    pub struct NetState<T: fw::Real> {
        block: <__Layer_Net_block as fw::Layer<__Input_Net>>::State<T>,
        out: <__Layer_Net_out as fw::Layer<__Out_Net_block>>::State<T>,
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
        const MEMORY: fw::Memory = fw::Memory::NONE
            .and(
                <<__Layer_Net_block as fw::Layer<
                    __Input_Net,
                >>::State<T> as fw::State<T>>::MEMORY,
            )
            .and(
                <<__Layer_Net_out as fw::Layer<
                    __Out_Net_block,
                >>::State<T> as fw::State<T>>::MEMORY,
            );
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
        block: <__Layer_Net_block as fw::Layer<__Input_Net>>::Tape<T>,
        out: <__Layer_Net_out as fw::Layer<__Out_Net_block>>::Tape<T>,
    }
    impl<T: fw::Real> NetTape<T> {
        const NEEDS: [fw::Needs; 3] = [
            fw::Needs::of_input::<__Input_Net>(),
            fw::Needs::of::<__Layer_Net_block, __Input_Net>(),
            fw::Needs::of::<__Layer_Net_out, __Out_Net_block>(),
        ];
        const TRAINING: fw::Plans<3> = fw::Plans::new(Self::NEEDS);
        const INFERENCE: fw::Plan<3> = fw::Plan::alternate(Self::NEEDS);
        const NONLINEARITIES: [fw::Nonlinearity; 2] = [
            <__Layer_Net_block as fw::Layer<__Input_Net>>::NONLINEARITY,
            <__Layer_Net_out as fw::Layer<__Out_Net_block>>::NONLINEARITY,
        ];
        const STEPS: [fw::Steps; 2] = fw::Steps::before([
            <__Layer_Net_block as fw::Layer<__Input_Net>>::STEPS,
            <__Layer_Net_out as fw::Layer<__Out_Net_block>>::STEPS,
        ]);
        const FUSED: [fw::Fused; 2] = fw::Fusion::of([
            <__Layer_Net_block as fw::Layer<__Input_Net>>::FUSION,
            <__Layer_Net_out as fw::Layer<__Out_Net_block>>::FUSION,
        ]);
        const LEARNS: [bool; 2] = fw::learns_before([
            fw::len::<<__Layer_Net_block as fw::Layer<__Input_Net>>::Params<T>, T>(),
            fw::len::<<__Layer_Net_out as fw::Layer<__Out_Net_block>>::Params<T>, T>(),
        ]);
    }
    impl<T: fw::Real> fw::Tape for NetTape<T> {
        const MEMORY: fw::Memory = fw::Memory::per_column(Self::TRAINING.total)
            .and(
                <<__Layer_Net_block as fw::Layer<
                    __Input_Net,
                >>::Tape<T> as fw::Tape>::MEMORY
                    .after(Self::STEPS[0]),
            )
            .and(
                <<__Layer_Net_out as fw::Layer<
                    __Out_Net_block,
                >>::Tape<T> as fw::Tape>::MEMORY
                    .after(Self::STEPS[1]),
            );
        const INFERENCE: fw::Memory = fw::Memory::per_column(Self::INFERENCE.total)
            .and(
                <<__Layer_Net_block as fw::Layer<
                    __Input_Net,
                >>::Tape<T> as fw::Tape>::INFERENCE
                    .after(Self::STEPS[0]),
            )
            .and(
                <<__Layer_Net_out as fw::Layer<
                    __Out_Net_block,
                >>::Tape<T> as fw::Tape>::INFERENCE
                    .after(Self::STEPS[1]),
            );
        const SCRATCH: fw::Scratch = fw::Scratch::NONE
            .or(
                <<__Layer_Net_block as fw::Layer<
                    __Input_Net,
                >>::Tape<T> as fw::Tape>::SCRATCH
                    .after(Self::STEPS[0]),
            )
            .or(
                <<__Layer_Net_out as fw::Layer<
                    __Out_Net_block,
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
                block: fw::Tape::new(Self::STEPS[0].of(columns), lanes, training),
                out: fw::Tape::new(Self::STEPS[1].of(columns), lanes, training),
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
                    ["block", "out"],
                    [
                        <__Layer_Net_block as fw::Layer<__Input_Net>>::STEPS,
                        <__Layer_Net_out as fw::Layer<__Out_Net_block>>::STEPS,
                    ],
                ),
            );
        const OPERATIONS: usize = fw::Steps::operations([
            (
                <__Layer_Net_block as fw::Layer<__Input_Net>>::STEPS,
                <__Layer_Net_block as fw::Layer<__Input_Net>>::OPERATIONS,
            ),
            (
                <__Layer_Net_out as fw::Layer<__Out_Net_block>>::STEPS,
                <__Layer_Net_out as fw::Layer<__Out_Net_block>>::OPERATIONS,
            ),
        ]);
        const TAKES_IDS: bool = !<__Input_Net as fw::Shape>::NUMERIC;
        const NEEDS_OUTPUT: bool = <__Layer_Net_out as fw::Layer<
            __Out_Net_block,
        >>::NEEDS_OUTPUT;
        const NONLINEARITY: fw::Nonlinearity = <__Layer_Net_block as fw::Layer<
            __Input_Net,
        >>::NONLINEARITY;
        const FUNCTION: ::core::option::Option<fw::Function> = fw::alone([
            <__Layer_Net_block as fw::Layer<__Input_Net>>::FUNCTION,
            <__Layer_Net_out as fw::Layer<__Out_Net_block>>::FUNCTION,
        ]);
        const STEPS: fw::Steps = fw::Steps::KEPT
            .then(<__Layer_Net_block as fw::Layer<__Input_Net>>::STEPS)
            .then(<__Layer_Net_out as fw::Layer<__Out_Net_block>>::STEPS);
        const LOOKS_BACK: usize = fw::Steps::look_back([
            (
                <__Layer_Net_block as fw::Layer<__Input_Net>>::STEPS,
                <__Layer_Net_block as fw::Layer<__Input_Net>>::LOOKS_BACK,
            ),
            (
                <__Layer_Net_out as fw::Layer<__Out_Net_block>>::STEPS,
                <__Layer_Net_out as fw::Layer<__Out_Net_block>>::LOOKS_BACK,
            ),
        ]);
        const MIXES_LANES: bool = false
            || <__Layer_Net_block as fw::Layer<__Input_Net>>::MIXES_LANES
            || <__Layer_Net_out as fw::Layer<__Out_Net_block>>::MIXES_LANES;
        const LAYERS: &'static [fw::LayerInfo] = &[
            fw::LayerInfo::of::<
                __Layer_Net_block,
                __Input_Net,
            >("block", "Residual { .. }"),
            fw::LayerInfo::of::<__Layer_Net_out, __Out_Net_block>("out", "Dense<2>"),
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
            <__Layer_Net_block as fw::Layer<
                __Input_Net,
            >>::init::<T>(&mut params.block, &mut stats.block, after(0), rng);
            <__Layer_Net_out as fw::Layer<
                __Out_Net_block,
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
            let n1 = <__Layer_Net_block as fw::Layer<__Input_Net>>::STEPS
                .columns(n0, cx.lanes);
            let n2 = <__Layer_Net_out as fw::Layer<__Out_Net_block>>::STEPS
                .columns(n1, cx.lanes);
            let mut flow = tape.__values.flow(plan, y.as_mut_slice());
            {
                let y = flow.at(1, n1);
                fw::forward::<
                    __Layer_Net_block,
                    __Input_Net,
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
                    __Layer_Net_out,
                    __Out_Net_block,
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
            let n1 = <__Layer_Net_block as fw::Layer<__Input_Net>>::STEPS
                .columns(n0, cx.lanes);
            let n2 = <__Layer_Net_out as fw::Layer<__Out_Net_block>>::STEPS
                .columns(n1, cx.lanes);
            let mut flow = tape.__values.reflow(plans, y.as_slice(), dy.as_mut_slice());
            {
                let wanted = learns[1] || dx.is_some();
                let matrices = flow
                    .at::<__Layer_Net_out, __Out_Net_block>((1, n1), (2, n2), wanted);
                let cx = fw::Context {
                    fused: fused[1],
                    ..cx.inner()
                };
                fw::backward::<
                    __Layer_Net_out,
                    __Out_Net_block,
                    T,
                >(matrices.pass(&params.out, &mut gradient.out, &mut tape.out, cx));
                if !wanted {
                    return;
                }
            }
            {
                let matrices = flow
                    .first::<__Layer_Net_block, __Input_Net>((x, ids), n1, dx.take());
                let cx = fw::Context {
                    fused: fused[0],
                    ..cx.inner()
                };
                fw::backward::<
                    __Layer_Net_block,
                    __Input_Net,
                    T,
                >(
                    matrices
                        .pass(&params.block, &mut gradient.block, &mut tape.block, cx),
                );
            }
        }
        fn observe<T: fw::Real>(stats: &mut Self::Stats<T>, tape: &Self::Tape<T>) {
            <__Layer_Net_block as fw::Layer<
                __Input_Net,
            >>::observe::<T>(&mut stats.block, &tape.block);
            <__Layer_Net_out as fw::Layer<
                __Out_Net_block,
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
