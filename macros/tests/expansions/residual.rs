#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __Net_Input_0: usize = HIDDEN;
const _: () = ::formwork::expansion::dimension(__Net_Input_0, "HIDDEN");
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __Net_Input = ::formwork::shape::Vector<
    ::formwork::expansion::integer!(__Net_Input_0),
>;
const _: () = ::formwork::expansion::shape::<__Net_Input>();
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __Net_Output = ::formwork::shape::Vector<::formwork::typenum::consts::U2>;
const _: () = ::formwork::expansion::shape::<__Net_Output>();
use Residual as __Net_block_Family;
use Dense as __Net_block_fc_Family;
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __Net_block_fc_0: usize = HIDDEN;
const _: () = ::formwork::expansion::dimension(__Net_block_fc_0, "HIDDEN");
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __Net_block_fc = ::formwork::expansion::layer!(
    < __Net_block_fc_Family as ::formwork::expansion::Set < {
    ::formwork::expansion::position:: < __Net_block_fc_Family > (0) },
    ::formwork::expansion::integer!(__Net_block_fc_0) >> ::Output, after __Net_Input
);
const _: () = ::formwork::expansion::verify::<
    __Net_block_fc,
    __Net_Input,
>(
    "block.fc",
    ::formwork::expansion::slot!(SYNTAX of __Net_block_fc_Family)
        .complete(1)
        .and(
            ::formwork::expansion::takes_stacks(
                &::formwork::expansion::slot!(SYNTAX of __Net_block_fc_Family),
                ::formwork::expansion::slot!(STACK of __Net_block_fc_Family),
                ::formwork::expansion::slot!(STACKS of __Net_block_fc_Family),
                0,
            ),
        ),
);
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __Net_block_fc_DIMS: [usize; 3] = ::formwork::expansion::output::<
    __Net_block_fc,
    __Net_Input,
>();
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __Net_block_fc_Out = ::formwork::expansion::image!(__Net_block_fc_DIMS);
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __Net_block = ::formwork::expansion::layer!(
    < __Net_block_Family as ::formwork::expansion::Set < {
    ::formwork::expansion::slot!(STACK of __Net_block_Family) }, __Net_block_Stack < > >>
    ::Output, after __Net_Input
);
const _: () = ::formwork::expansion::verify::<
    __Net_block,
    __Net_Input,
>(
    "block",
    ::formwork::expansion::slot!(SYNTAX of __Net_block_Family)
        .complete(0)
        .and(
            ::formwork::expansion::takes_stacks(
                &::formwork::expansion::slot!(SYNTAX of __Net_block_Family),
                ::formwork::expansion::slot!(STACK of __Net_block_Family),
                ::formwork::expansion::slot!(STACKS of __Net_block_Family),
                1,
            ),
        ),
);
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __Net_block_DIMS: [usize; 3] = ::formwork::expansion::output::<
    __Net_block,
    __Net_Input,
>();
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __Net_block_Out = ::formwork::expansion::image!(__Net_block_DIMS);
use Dense as __Net_out_Family;
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __Net_out = ::formwork::expansion::layer!(
    < __Net_out_Family as ::formwork::expansion::Set < {
    ::formwork::expansion::position:: < __Net_out_Family > (0) },
    ::formwork::typenum::consts::U2 >> ::Output, after __Net_block_Out
);
const _: () = ::formwork::expansion::verify::<
    __Net_out,
    __Net_block_Out,
>(
    "out",
    ::formwork::expansion::slot!(SYNTAX of __Net_out_Family)
        .complete(1)
        .and(
            ::formwork::expansion::takes_stacks(
                &::formwork::expansion::slot!(SYNTAX of __Net_out_Family),
                ::formwork::expansion::slot!(STACK of __Net_out_Family),
                ::formwork::expansion::slot!(STACKS of __Net_out_Family),
                0,
            ),
        ),
);
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __Net_out_DIMS: [usize; 3] = ::formwork::expansion::output::<
    __Net_out,
    __Net_block_Out,
>();
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __Net_out_Out = ::formwork::expansion::image!(__Net_out_DIMS);
const _: () = ::formwork::expansion::declared::<
    __Net_Output,
    __Net_out,
    __Net_block_Out,
>("Net", "out");
#[doc(hidden)]
#[allow(non_camel_case_types)]
#[repr(C)]
struct __Net_block_Stack<T: ::formwork::kernel::Real = f32> {
    ///Of `Dense<HIDDEN>`.
    pub fc: <__Net_block_fc as ::formwork::layer::Layer<__Net_Input>>::Params<T>,
}
///
///| layer | declared as |
///| --- | --- |
///| `block` | `Residual { .. }` |
///| `out` | `Dense<2>` |
#[repr(C)]
struct Net<T: ::formwork::kernel::Real = f32> {
    ///Of `Residual { .. }`.
    pub block: <__Net_block as ::formwork::layer::Layer<__Net_Input>>::Params<T>,
    ///Of `Dense<2>`.
    pub out: <__Net_out as ::formwork::layer::Layer<__Net_block_Out>>::Params<T>,
}
const _: () = {
    use ::formwork::expansion as fw;
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
        const NEEDS_OUTPUT: bool = <__Net_block_fc as fw::Layer<
            __Net_Input,
        >>::NEEDS_OUTPUT;
        const NONLINEARITY: fw::Nonlinearity = <__Net_block_fc as fw::Layer<
            __Net_Input,
        >>::NONLINEARITY;
        const LAYERS: &'static [fw::LayerInfo] = &[
            fw::LayerInfo::of::<__Net_block_fc, __Net_Input>("fc", "Dense<HIDDEN>"),
        ];
        fn columns(columns: usize, lanes: usize) -> usize {
            let columns = <__Net_block_fc as fw::Layer<
                __Net_Input,
            >>::columns(columns, lanes);
            columns
        }
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
        fn forward<T: fw::Real>(
            params: &Self::Params<T>,
            stats: &Self::Stats<T>,
            state: &mut Self::State<T>,
            x: fw::Columns<'_, In, T>,
            y: fw::ColumnsMut<'_, Self::Out, T>,
            tape: &mut Self::Tape<T>,
            cx: &mut fw::Context<'_, T>,
        ) {
            let x = x.reshape::<__Net_Input>();
            let plan = if cx.is_training() {
                const { &Net_blockTape::<T>::TRAINING.values }
            } else {
                const { &Net_blockTape::<T>::INFERENCE }
            };
            let fused = const { &Net_blockTape::<T>::FUSED };
            let n0 = x.count();
            let n1 = <__Net_block_fc as fw::Layer<__Net_Input>>::columns(n0, cx.lanes);
            let mut flow = tape.__values.flow(plan, y);
            {
                let y = flow.at(1, n1);
                let own = fw::Owned {
                    params: &params.fc,
                    stats: &stats.fc,
                    state: &mut state.fc,
                    tape: &mut tape.fc,
                };
                cx.fused = fused[0];
                fw::forward::<__Net_block_fc, __Net_Input, T>("fc", own, x, y, cx);
            }
        }
        fn backward<T: fw::Real>(
            params: &Self::Params<T>,
            gradient: &mut Self::Params<T>,
            pass: fw::Backward<'_, In, Self::Out, T>,
            tape: &mut Self::Tape<T>,
            cx: &mut fw::Context<'_, T>,
        ) {
            let fw::Backward { x, y, dy, dx } = pass;
            let x = x.reshape::<__Net_Input>();
            let mut dx = dx.map(|dx| dx.reshape::<__Net_Input>());
            let plans = const { &Net_blockTape::<T>::TRAINING };
            let learns = const { &Net_blockTape::<T>::LEARNS };
            let fused = const { &Net_blockTape::<T>::FUSED };
            let n0 = x.count();
            let n1 = <__Net_block_fc as fw::Layer<__Net_Input>>::columns(n0, cx.lanes);
            let mut flow = tape.__values.reflow(plans, y, dy);
            {
                let pass = flow.first(x, n1, dx.take());
                cx.fused = fused[0];
                fw::backward::<
                    __Net_block_fc,
                    __Net_Input,
                    T,
                >(&params.fc, &mut gradient.fc, pass, &mut tape.fc, cx);
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
        type Out = __Net_out_Out;
        type Params<T: fw::Real> = Net<T>;
        type Stats<T: fw::Real> = NetStats<T>;
        type State<T: fw::Real> = NetState<T>;
        type Tape<T: fw::Real> = NetTape<T>;
        const CHECK: fw::Check = fw::Check::OK
            .and(fw::accepts::<__Net_Input, In>("Net"));
        const OPERATIONS: usize = 0usize
            .saturating_add(<__Net_block as fw::Layer<__Net_Input>>::OPERATIONS)
            .saturating_add(<__Net_out as fw::Layer<__Net_block_Out>>::OPERATIONS);
        const NEEDS_OUTPUT: bool = <__Net_out as fw::Layer<
            __Net_block_Out,
        >>::NEEDS_OUTPUT;
        const NONLINEARITY: fw::Nonlinearity = <__Net_block as fw::Layer<
            __Net_Input,
        >>::NONLINEARITY;
        const LAYERS: &'static [fw::LayerInfo] = &[
            fw::LayerInfo::of::<__Net_block, __Net_Input>("block", "Residual { .. }"),
            fw::LayerInfo::of::<__Net_out, __Net_block_Out>("out", "Dense<2>"),
        ];
        fn columns(columns: usize, lanes: usize) -> usize {
            let columns = <__Net_block as fw::Layer<
                __Net_Input,
            >>::columns(columns, lanes);
            let columns = <__Net_out as fw::Layer<
                __Net_block_Out,
            >>::columns(columns, lanes);
            columns
        }
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
        fn forward<T: fw::Real>(
            params: &Self::Params<T>,
            stats: &Self::Stats<T>,
            state: &mut Self::State<T>,
            x: fw::Columns<'_, In, T>,
            y: fw::ColumnsMut<'_, Self::Out, T>,
            tape: &mut Self::Tape<T>,
            cx: &mut fw::Context<'_, T>,
        ) {
            let x = x.reshape::<__Net_Input>();
            let plan = if cx.is_training() {
                const { &NetTape::<T>::TRAINING.values }
            } else {
                const { &NetTape::<T>::INFERENCE }
            };
            let fused = const { &NetTape::<T>::FUSED };
            let n0 = x.count();
            let n1 = <__Net_block as fw::Layer<__Net_Input>>::columns(n0, cx.lanes);
            let n2 = <__Net_out as fw::Layer<__Net_block_Out>>::columns(n1, cx.lanes);
            let mut flow = tape.__values.flow(plan, y);
            {
                let y = flow.at(1, n1);
                let own = fw::Owned {
                    params: &params.block,
                    stats: &stats.block,
                    state: &mut state.block,
                    tape: &mut tape.block,
                };
                cx.fused = fused[0];
                fw::forward::<__Net_block, __Net_Input, T>("block", own, x, y, cx);
            }
            {
                let (x, y) = flow.between((1, n1), (2, n2));
                let own = fw::Owned {
                    params: &params.out,
                    stats: &stats.out,
                    state: &mut state.out,
                    tape: &mut tape.out,
                };
                cx.fused = fused[1];
                fw::forward::<
                    __Net_out,
                    __Net_block_Out,
                    T,
                >("out", own, x.as_columns(), y, cx);
            }
        }
        fn backward<T: fw::Real>(
            params: &Self::Params<T>,
            gradient: &mut Self::Params<T>,
            pass: fw::Backward<'_, In, Self::Out, T>,
            tape: &mut Self::Tape<T>,
            cx: &mut fw::Context<'_, T>,
        ) {
            let fw::Backward { x, y, dy, dx } = pass;
            let x = x.reshape::<__Net_Input>();
            let mut dx = dx.map(|dx| dx.reshape::<__Net_Input>());
            let plans = const { &NetTape::<T>::TRAINING };
            let learns = const { &NetTape::<T>::LEARNS };
            let fused = const { &NetTape::<T>::FUSED };
            let n0 = x.count();
            let n1 = <__Net_block as fw::Layer<__Net_Input>>::columns(n0, cx.lanes);
            let n2 = <__Net_out as fw::Layer<__Net_block_Out>>::columns(n1, cx.lanes);
            let mut flow = tape.__values.reflow(plans, y, dy);
            {
                let wanted = learns[1] || dx.is_some();
                let pass = flow.at((1, n1), (2, n2), wanted);
                cx.fused = fused[1];
                fw::backward::<
                    __Net_out,
                    __Net_block_Out,
                    T,
                >(&params.out, &mut gradient.out, pass, &mut tape.out, cx);
                if !wanted {
                    return;
                }
            }
            {
                let pass = flow.first(x, n1, dx.take());
                cx.fused = fused[0];
                fw::backward::<
                    __Net_block,
                    __Net_Input,
                    T,
                >(&params.block, &mut gradient.block, pass, &mut tape.block, cx);
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
        type Output = __Net_out_Out;
        type Sample = fw::grid!(__Net_Input);
        type Outputs = fw::outputs!(__Net_out_Out);
        const NAME: &'static str = "Net";
    }
};
