use ::formwork::declare as __fw_Head;
#[allow(unused_imports)]
use Dense as __Family_Head_hidden;
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __SYNTAX_Head_hidden: __fw_Head::Syntax = __fw_Head::slot!(
    SYNTAX of __Family_Head_hidden
);
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __FOLLOW_Head_hidden: __fw_Head::Check = __fw_Head::Follow {
    inside: true,
    meant: "",
    positional: 1,
    types: &[],
    stacks: 0,
    braces: [
        __fw_Head::slot!(STACK of __Family_Head_hidden),
        __fw_Head::slot!(STACKS of __Family_Head_hidden),
    ],
    tie: ::core::option::Option::None,
}
    .check(&__SYNTAX_Head_hidden);
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __SOUND_Head_hidden: __fw_Head::Check = __FOLLOW_Head_hidden
    .and(__fw_Head::is_layer(__fw_Head::slot!(IS_LAYER of __Family_Head_hidden)));
const _: () = __SOUND_Head_hidden.report("hidden");
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __SLOTS_Head_hidden: __fw_Head::Syntax = __fw_Head::slot!(
    SYNTAX of __Sound_Head_hidden
);
#[doc(hidden)]
#[allow(non_camel_case_types)]
pub type __Sound_Head_hidden = <__fw_Head::Choice<
    { __SOUND_Head_hidden.is_ok() },
> as __fw_Head::Choose<__Family_Head_hidden>>::Sound;
#[doc(hidden)]
#[allow(non_camel_case_types)]
pub struct __At_Head_hidden<In, Classes>(::core::marker::PhantomData<(In, Classes)>);
impl<In: __fw_Head::Dimension, Classes: __fw_Head::Dimension> __fw_Head::Place
for __At_Head_hidden<In, Classes> {
    type In = __fw_Head::Vector<In>;
    type Layer = <__Sound_Head_hidden as __fw_Head::Set<
        { __fw_Head::position(&__SLOTS_Head_hidden, 0) },
        In,
    >>::Output;
    type Out = <<__Sound_Head_hidden as __fw_Head::Set<
        { __fw_Head::position(&__SLOTS_Head_hidden, 0) },
        In,
    >>::Output as __fw_Head::Layer<__fw_Head::Vector<In>>>::Out;
}
#[allow(unused_imports)]
use Dense as __Family_Head_out;
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __SYNTAX_Head_out: __fw_Head::Syntax = __fw_Head::slot!(
    SYNTAX of __Family_Head_out
);
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __FOLLOW_Head_out: __fw_Head::Check = __fw_Head::Follow {
    inside: true,
    meant: "",
    positional: 1,
    types: &[],
    stacks: 0,
    braces: [
        __fw_Head::slot!(STACK of __Family_Head_out),
        __fw_Head::slot!(STACKS of __Family_Head_out),
    ],
    tie: ::core::option::Option::None,
}
    .check(&__SYNTAX_Head_out);
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __SOUND_Head_out: __fw_Head::Check = __FOLLOW_Head_out
    .and(__fw_Head::is_layer(__fw_Head::slot!(IS_LAYER of __Family_Head_out)));
const _: () = __SOUND_Head_out.report("out");
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __SLOTS_Head_out: __fw_Head::Syntax = __fw_Head::slot!(SYNTAX of __Sound_Head_out);
#[doc(hidden)]
#[allow(non_camel_case_types)]
pub type __Sound_Head_out = <__fw_Head::Choice<
    { __SOUND_Head_out.is_ok() },
> as __fw_Head::Choose<__Family_Head_out>>::Sound;
#[doc(hidden)]
#[allow(non_camel_case_types)]
pub struct __At_Head_out<In, Classes>(::core::marker::PhantomData<(In, Classes)>);
impl<In: __fw_Head::Dimension, Classes: __fw_Head::Dimension> __fw_Head::Place
for __At_Head_out<In, Classes> {
    type In = <__At_Head_hidden<In, Classes> as __fw_Head::Place>::Out;
    type Layer = <__Sound_Head_out as __fw_Head::Set<
        { __fw_Head::position(&__SLOTS_Head_out, 0) },
        Classes,
    >>::Output;
    type Out = <<__Sound_Head_out as __fw_Head::Set<
        { __fw_Head::position(&__SLOTS_Head_out, 0) },
        Classes,
    >>::Output as __fw_Head::Layer<
        <__At_Head_hidden<In, Classes> as __fw_Head::Place>::Out,
    >>::Out;
}
///
///| layer | declared as |
///| --- | --- |
///| `hidden` | `Dense<In>` |
///| `out` | `Dense<Classes>` |
#[repr(C)]
pub struct Head<
    In: __fw_Head::Dimension = __fw_Head::typenum::U0,
    Classes: __fw_Head::Dimension = __fw_Head::typenum::U0,
    T: __fw_Head::Real = f32,
> {
    ///Of `Dense<In>`.
    pub hidden: <<__At_Head_hidden<
        In,
        Classes,
    > as __fw_Head::Place>::Layer as __fw_Head::Layer<
        <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
    >>::Params<T>,
    ///Of `Dense<Classes>`.
    pub out: <<__At_Head_out<
        In,
        Classes,
    > as __fw_Head::Place>::Layer as __fw_Head::Layer<
        <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
    >>::Params<T>,
}
const _: () = {
    use __fw_Head as fw;
    unsafe impl<In: fw::Dimension, Classes: fw::Dimension, T: fw::Real> fw::Plain<T>
    for Head<In, Classes, T> {
        const LEN: usize = 0usize
            .saturating_add(
                fw::len::<
                    <<__At_Head_hidden<
                        In,
                        Classes,
                    > as __fw_Head::Place>::Layer as fw::Layer<
                        <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
                    >>::Params<T>,
                    T,
                >(),
            )
            .saturating_add(
                fw::len::<
                    <<__At_Head_out<
                        In,
                        Classes,
                    > as __fw_Head::Place>::Layer as fw::Layer<
                        <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
                    >>::Params<T>,
                    T,
                >(),
            );
        fn tensors(visit: &mut fw::TensorVisitor<'_>) {
            visit
                .field::<
                    T,
                    <<__At_Head_hidden<
                        In,
                        Classes,
                    > as __fw_Head::Place>::Layer as fw::Layer<
                        <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
                    >>::Params<T>,
                >("hidden");
            visit
                .field::<
                    T,
                    <<__At_Head_out<
                        In,
                        Classes,
                    > as __fw_Head::Place>::Layer as fw::Layer<
                        <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
                    >>::Params<T>,
                >("out");
        }
    }
    #[repr(C)]
    pub struct HeadStats<In: fw::Dimension, Classes: fw::Dimension, T: fw::Real> {
        hidden: <<__At_Head_hidden<
            In,
            Classes,
        > as __fw_Head::Place>::Layer as fw::Layer<
            <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
        >>::Stats<T>,
        out: <<__At_Head_out<
            In,
            Classes,
        > as __fw_Head::Place>::Layer as fw::Layer<
            <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
        >>::Stats<T>,
    }
    unsafe impl<In: fw::Dimension, Classes: fw::Dimension, T: fw::Real> fw::Plain<T>
    for HeadStats<In, Classes, T> {
        const LEN: usize = 0usize
            .saturating_add(
                fw::len::<
                    <<__At_Head_hidden<
                        In,
                        Classes,
                    > as __fw_Head::Place>::Layer as fw::Layer<
                        <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
                    >>::Stats<T>,
                    T,
                >(),
            )
            .saturating_add(
                fw::len::<
                    <<__At_Head_out<
                        In,
                        Classes,
                    > as __fw_Head::Place>::Layer as fw::Layer<
                        <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
                    >>::Stats<T>,
                    T,
                >(),
            );
        fn tensors(visit: &mut fw::TensorVisitor<'_>) {
            visit
                .field::<
                    T,
                    <<__At_Head_hidden<
                        In,
                        Classes,
                    > as __fw_Head::Place>::Layer as fw::Layer<
                        <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
                    >>::Stats<T>,
                >("hidden");
            visit
                .field::<
                    T,
                    <<__At_Head_out<
                        In,
                        Classes,
                    > as __fw_Head::Place>::Layer as fw::Layer<
                        <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
                    >>::Stats<T>,
                >("out");
        }
    }
    pub struct HeadState<In: fw::Dimension, Classes: fw::Dimension, T: fw::Real> {
        hidden: <<__At_Head_hidden<
            In,
            Classes,
        > as __fw_Head::Place>::Layer as fw::Layer<
            <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
        >>::State<T>,
        out: <<__At_Head_out<
            In,
            Classes,
        > as __fw_Head::Place>::Layer as fw::Layer<
            <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
        >>::State<T>,
    }
    impl<In: fw::Dimension, Classes: fw::Dimension, T: fw::Real> ::core::clone::Clone
    for HeadState<In, Classes, T> {
        fn clone(&self) -> Self {
            Self {
                hidden: ::core::clone::Clone::clone(&self.hidden),
                out: ::core::clone::Clone::clone(&self.out),
            }
        }
    }
    impl<In: fw::Dimension, Classes: fw::Dimension, T: fw::Real> fw::State<T>
    for HeadState<In, Classes, T> {
        const MEMORY: fw::Memory = fw::Memory::NONE
            .and(
                <<<__At_Head_hidden<
                    In,
                    Classes,
                > as __fw_Head::Place>::Layer as fw::Layer<
                    <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
                >>::State<T> as fw::State<T>>::MEMORY,
            )
            .and(
                <<<__At_Head_out<
                    In,
                    Classes,
                > as __fw_Head::Place>::Layer as fw::Layer<
                    <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
                >>::State<T> as fw::State<T>>::MEMORY,
            );
        fn new(lanes: usize) -> Self {
            Self {
                hidden: fw::State::<T>::new(lanes),
                out: fw::State::<T>::new(lanes),
            }
        }
        fn reset(&mut self, lane: usize) {
            fw::State::<T>::reset(&mut self.hidden, lane);
            fw::State::<T>::reset(&mut self.out, lane);
        }
        fn visit(&mut self, each: &mut dyn FnMut(&mut [T])) {
            fw::State::<T>::visit(&mut self.hidden, each);
            fw::State::<T>::visit(&mut self.out, each);
        }
    }
    pub struct HeadTape<In: fw::Dimension, Classes: fw::Dimension, T: fw::Real> {
        __values: fw::Arena<T>,
        hidden: <<__At_Head_hidden<
            In,
            Classes,
        > as __fw_Head::Place>::Layer as fw::Layer<
            <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
        >>::Tape<T>,
        out: <<__At_Head_out<
            In,
            Classes,
        > as __fw_Head::Place>::Layer as fw::Layer<
            <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
        >>::Tape<T>,
    }
    impl<
        In: fw::Dimension,
        Classes: fw::Dimension,
        T: fw::Real,
    > HeadTape<In, Classes, T> {
        const NEEDS: [fw::Needs; 3] = [
            fw::Needs::of_input::<__fw_Head::Vector<In>>(),
            fw::Needs::of::<
                <__At_Head_hidden<In, Classes> as __fw_Head::Place>::Layer,
                <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
            >(),
            fw::Needs::of::<
                <__At_Head_out<In, Classes> as __fw_Head::Place>::Layer,
                <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
            >(),
        ];
        const TRAINING: fw::Plans<3> = fw::Plans::new(Self::NEEDS);
        const INFERENCE: fw::Plan<3> = fw::Plan::alternate(Self::NEEDS);
        const NONLINEARITIES: [fw::Nonlinearity; 2] = [
            <<__At_Head_hidden<
                In,
                Classes,
            > as __fw_Head::Place>::Layer as fw::Layer<
                <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
            >>::NONLINEARITY,
            <<__At_Head_out<
                In,
                Classes,
            > as __fw_Head::Place>::Layer as fw::Layer<
                <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
            >>::NONLINEARITY,
        ];
        const STEPS: [fw::Steps; 2] = fw::Steps::before([
            <<__At_Head_hidden<
                In,
                Classes,
            > as __fw_Head::Place>::Layer as fw::Layer<
                <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
            >>::STEPS,
            <<__At_Head_out<
                In,
                Classes,
            > as __fw_Head::Place>::Layer as fw::Layer<
                <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
            >>::STEPS,
        ]);
        const FUSED: [fw::Fused; 2] = fw::Fusion::of([
            <<__At_Head_hidden<
                In,
                Classes,
            > as __fw_Head::Place>::Layer as fw::Layer<
                <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
            >>::FUSION,
            <<__At_Head_out<
                In,
                Classes,
            > as __fw_Head::Place>::Layer as fw::Layer<
                <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
            >>::FUSION,
        ]);
        const LEARNS: [bool; 2] = fw::learns_before([
            fw::len::<
                <<__At_Head_hidden<
                    In,
                    Classes,
                > as __fw_Head::Place>::Layer as fw::Layer<
                    <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
                >>::Params<T>,
                T,
            >(),
            fw::len::<
                <<__At_Head_out<
                    In,
                    Classes,
                > as __fw_Head::Place>::Layer as fw::Layer<
                    <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
                >>::Params<T>,
                T,
            >(),
        ]);
    }
    impl<In: fw::Dimension, Classes: fw::Dimension, T: fw::Real> fw::Tape
    for HeadTape<In, Classes, T> {
        const MEMORY: fw::Memory = fw::Memory::per_column(Self::TRAINING.total)
            .and(
                <<<__At_Head_hidden<
                    In,
                    Classes,
                > as __fw_Head::Place>::Layer as fw::Layer<
                    <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
                >>::Tape<T> as fw::Tape>::MEMORY
                    .after(Self::STEPS[0]),
            )
            .and(
                <<<__At_Head_out<
                    In,
                    Classes,
                > as __fw_Head::Place>::Layer as fw::Layer<
                    <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
                >>::Tape<T> as fw::Tape>::MEMORY
                    .after(Self::STEPS[1]),
            );
        const INFERENCE: fw::Memory = fw::Memory::per_column(Self::INFERENCE.total)
            .and(
                <<<__At_Head_hidden<
                    In,
                    Classes,
                > as __fw_Head::Place>::Layer as fw::Layer<
                    <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
                >>::Tape<T> as fw::Tape>::INFERENCE
                    .after(Self::STEPS[0]),
            )
            .and(
                <<<__At_Head_out<
                    In,
                    Classes,
                > as __fw_Head::Place>::Layer as fw::Layer<
                    <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
                >>::Tape<T> as fw::Tape>::INFERENCE
                    .after(Self::STEPS[1]),
            );
        const SCRATCH: fw::Scratch = fw::Scratch::NONE
            .or(
                <<<__At_Head_hidden<
                    In,
                    Classes,
                > as __fw_Head::Place>::Layer as fw::Layer<
                    <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
                >>::Tape<T> as fw::Tape>::SCRATCH
                    .after(Self::STEPS[0]),
            )
            .or(
                <<<__At_Head_out<
                    In,
                    Classes,
                > as __fw_Head::Place>::Layer as fw::Layer<
                    <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
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
                hidden: fw::Tape::new(Self::STEPS[0].of(columns), lanes, training),
                out: fw::Tape::new(Self::STEPS[1].of(columns), lanes, training),
            }
        }
    }
    impl<In: fw::Dimension, Classes: fw::Dimension, __In: fw::Shape> fw::Layer<__In>
    for Head<In, Classes> {
        type Out = <__At_Head_out<In, Classes> as __fw_Head::Place>::Out;
        type Params<T: fw::Real> = Head<In, Classes, T>;
        type Stats<T: fw::Real> = HeadStats<In, Classes, T>;
        type State<T: fw::Real> = HeadState<In, Classes, T>;
        type Tape<T: fw::Real> = HeadTape<In, Classes, T>;
        const CHECK: fw::Check = fw::Check::OK
            .and(fw::accepts::<__fw_Head::Vector<In>, __In>("Head"))
            .and(
                if __SOUND_Head_hidden.is_ok() && __SOUND_Head_out.is_ok() {
                    fw::Check::OK
                        .and(
                            fw::check_inside::<
                                <__At_Head_hidden<In, Classes> as __fw_Head::Place>::Layer,
                                <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
                            >("hidden"),
                        )
                        .and(
                            fw::check_inside::<
                                <__At_Head_out<In, Classes> as __fw_Head::Place>::Layer,
                                <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
                            >("out"),
                        )
                        .and(
                            fw::gives::<
                                __fw_Head::Vector<Classes>,
                                <__At_Head_out<In, Classes> as __fw_Head::Place>::Out,
                            >("out"),
                        )
                } else {
                    fw::Check::OK
                },
            )
            .and(
                fw::steps(
                    ["hidden", "out"],
                    [
                        <<__At_Head_hidden<
                            In,
                            Classes,
                        > as __fw_Head::Place>::Layer as fw::Layer<
                            <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
                        >>::STEPS,
                        <<__At_Head_out<
                            In,
                            Classes,
                        > as __fw_Head::Place>::Layer as fw::Layer<
                            <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
                        >>::STEPS,
                    ],
                ),
            );
        const OPERATIONS: usize = fw::Steps::operations([
            (
                <<__At_Head_hidden<
                    In,
                    Classes,
                > as __fw_Head::Place>::Layer as fw::Layer<
                    <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
                >>::STEPS,
                <<__At_Head_hidden<
                    In,
                    Classes,
                > as __fw_Head::Place>::Layer as fw::Layer<
                    <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
                >>::OPERATIONS,
            ),
            (
                <<__At_Head_out<
                    In,
                    Classes,
                > as __fw_Head::Place>::Layer as fw::Layer<
                    <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
                >>::STEPS,
                <<__At_Head_out<
                    In,
                    Classes,
                > as __fw_Head::Place>::Layer as fw::Layer<
                    <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
                >>::OPERATIONS,
            ),
        ]);
        const TAKES_IDS: bool = !<__fw_Head::Vector<In> as fw::Shape>::NUMERIC;
        const NEEDS_OUTPUT: bool = <<__At_Head_out<
            In,
            Classes,
        > as __fw_Head::Place>::Layer as fw::Layer<
            <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
        >>::NEEDS_OUTPUT;
        const NONLINEARITY: fw::Nonlinearity = <<__At_Head_hidden<
            In,
            Classes,
        > as __fw_Head::Place>::Layer as fw::Layer<
            <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
        >>::NONLINEARITY;
        const FUNCTION: ::core::option::Option<fw::Function> = fw::alone([
            <<__At_Head_hidden<
                In,
                Classes,
            > as __fw_Head::Place>::Layer as fw::Layer<
                <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
            >>::FUNCTION,
            <<__At_Head_out<
                In,
                Classes,
            > as __fw_Head::Place>::Layer as fw::Layer<
                <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
            >>::FUNCTION,
        ]);
        const STEPS: fw::Steps = fw::Steps::KEPT
            .then(
                <<__At_Head_hidden<
                    In,
                    Classes,
                > as __fw_Head::Place>::Layer as fw::Layer<
                    <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
                >>::STEPS,
            )
            .then(
                <<__At_Head_out<
                    In,
                    Classes,
                > as __fw_Head::Place>::Layer as fw::Layer<
                    <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
                >>::STEPS,
            );
        const LOOKS_BACK: usize = fw::Steps::look_back([
            (
                <<__At_Head_hidden<
                    In,
                    Classes,
                > as __fw_Head::Place>::Layer as fw::Layer<
                    <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
                >>::STEPS,
                <<__At_Head_hidden<
                    In,
                    Classes,
                > as __fw_Head::Place>::Layer as fw::Layer<
                    <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
                >>::LOOKS_BACK,
            ),
            (
                <<__At_Head_out<
                    In,
                    Classes,
                > as __fw_Head::Place>::Layer as fw::Layer<
                    <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
                >>::STEPS,
                <<__At_Head_out<
                    In,
                    Classes,
                > as __fw_Head::Place>::Layer as fw::Layer<
                    <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
                >>::LOOKS_BACK,
            ),
        ]);
        const MIXES_LANES: bool = false
            || <<__At_Head_hidden<
                In,
                Classes,
            > as __fw_Head::Place>::Layer as fw::Layer<
                <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
            >>::MIXES_LANES
            || <<__At_Head_out<
                In,
                Classes,
            > as __fw_Head::Place>::Layer as fw::Layer<
                <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
            >>::MIXES_LANES;
        const LAYERS: &'static [fw::LayerInfo] = &[
            fw::LayerInfo::of::<
                <__At_Head_hidden<In, Classes> as __fw_Head::Place>::Layer,
                <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
            >("hidden", "Dense<In>"),
            fw::LayerInfo::of::<
                <__At_Head_out<In, Classes> as __fw_Head::Place>::Layer,
                <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
            >("out", "Dense<Classes>"),
        ];
        fn init<T: fw::Real>(
            params: &mut Self::Params<T>,
            stats: &mut Self::Stats<T>,
            follows: fw::Nonlinearity,
            rng: &mut dyn fw::Rng,
        ) {
            let after = |i| fw::Nonlinearity::after(
                &HeadTape::<In, Classes, T>::NONLINEARITIES,
                i,
                follows,
            );
            <<__At_Head_hidden<
                In,
                Classes,
            > as __fw_Head::Place>::Layer as fw::Layer<
                <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
            >>::init::<T>(&mut params.hidden, &mut stats.hidden, after(0), rng);
            <<__At_Head_out<
                In,
                Classes,
            > as __fw_Head::Place>::Layer as fw::Layer<
                <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
            >>::init::<T>(&mut params.out, &mut stats.out, after(1), rng);
        }
        fn forward<T: fw::Real>(pass: fw::Forward<'_, Self, __In, T>) {
            let fw::Forward { params, stats, state, tape, x, ids, mut y, mut cx } = pass;
            let (x, ids) = (fw::reshape(x), fw::reshape(ids));
            let plan = if cx.is_training() {
                const { &HeadTape::<In, Classes, T>::TRAINING.values }
            } else {
                const { &HeadTape::<In, Classes, T>::INFERENCE }
            };
            let fused = const { &HeadTape::<In, Classes, T>::FUSED };
            let n0 = x.ncols() + ids.ncols();
            let n1 = <<__At_Head_hidden<
                In,
                Classes,
            > as __fw_Head::Place>::Layer as fw::Layer<
                <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
            >>::STEPS
                .columns(n0, cx.lanes);
            let n2 = <<__At_Head_out<
                In,
                Classes,
            > as __fw_Head::Place>::Layer as fw::Layer<
                <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
            >>::STEPS
                .columns(n1, cx.lanes);
            let mut flow = tape.__values.flow(plan, y.as_mut_slice());
            {
                let y = flow.at(1, n1);
                fw::forward::<
                    <__At_Head_hidden<In, Classes> as __fw_Head::Place>::Layer,
                    <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
                    T,
                >(
                    "hidden",
                    fw::Forward {
                        params: &params.hidden,
                        stats: &stats.hidden,
                        state: &mut state.hidden,
                        tape: &mut tape.hidden,
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
                    <__At_Head_out<In, Classes> as __fw_Head::Place>::Layer,
                    <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
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
        fn backward<T: fw::Real>(pass: fw::Backward<'_, Self, __In, T>) {
            let fw::Backward { params, gradient, tape, x, ids, y, mut dy, dx, mut cx } = pass;
            let (x, ids) = (fw::reshape(x), fw::reshape(ids));
            let mut dx = dx.map(fw::reshape_mut);
            let plans = const { &HeadTape::<In, Classes, T>::TRAINING };
            let learns = const { &HeadTape::<In, Classes, T>::LEARNS };
            let fused = const { &HeadTape::<In, Classes, T>::FUSED };
            let n0 = x.ncols() + ids.ncols();
            let n1 = <<__At_Head_hidden<
                In,
                Classes,
            > as __fw_Head::Place>::Layer as fw::Layer<
                <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
            >>::STEPS
                .columns(n0, cx.lanes);
            let n2 = <<__At_Head_out<
                In,
                Classes,
            > as __fw_Head::Place>::Layer as fw::Layer<
                <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
            >>::STEPS
                .columns(n1, cx.lanes);
            let mut flow = tape.__values.reflow(plans, y.as_slice(), dy.as_mut_slice());
            {
                let wanted = learns[1] || dx.is_some();
                let matrices = flow
                    .at::<
                        <__At_Head_out<In, Classes> as __fw_Head::Place>::Layer,
                        <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
                    >((1, n1), (2, n2), wanted);
                let cx = fw::Context {
                    fused: fused[1],
                    ..cx.inner()
                };
                fw::backward::<
                    <__At_Head_out<In, Classes> as __fw_Head::Place>::Layer,
                    <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
                    T,
                >(matrices.pass(&params.out, &mut gradient.out, &mut tape.out, cx));
                if !wanted {
                    return;
                }
            }
            {
                let matrices = flow
                    .first::<
                        <__At_Head_hidden<In, Classes> as __fw_Head::Place>::Layer,
                        <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
                    >((x, ids), n1, dx.take());
                let cx = fw::Context {
                    fused: fused[0],
                    ..cx.inner()
                };
                fw::backward::<
                    <__At_Head_hidden<In, Classes> as __fw_Head::Place>::Layer,
                    <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
                    T,
                >(
                    matrices
                        .pass(&params.hidden, &mut gradient.hidden, &mut tape.hidden, cx),
                );
            }
        }
        fn observe<T: fw::Real>(stats: &mut Self::Stats<T>, tape: &Self::Tape<T>) {
            <<__At_Head_hidden<
                In,
                Classes,
            > as __fw_Head::Place>::Layer as fw::Layer<
                <__At_Head_hidden<In, Classes> as __fw_Head::Place>::In,
            >>::observe::<T>(&mut stats.hidden, &tape.hidden);
            <<__At_Head_out<
                In,
                Classes,
            > as __fw_Head::Place>::Layer as fw::Layer<
                <__At_Head_out<In, Classes> as __fw_Head::Place>::In,
            >>::observe::<T>(&mut stats.out, &tape.out);
        }
    }
    impl<In: fw::Dimension, Classes: fw::Dimension> fw::Arguments for Head<In, Classes> {
        const SYNTAX: fw::Syntax = fw::Syntax {
            layer: "Head",
            positional: &["In", "Classes"],
            keyed: &[],
        };
        type Value = fw::NoValue;
    }
    impl<
        In: fw::Dimension,
        Classes: fw::Dimension,
        Argument: fw::Dimension,
    > fw::Set<0, Argument> for Head<In, Classes> {
        type Output = Head<Argument, Classes>;
    }
    impl<
        In: fw::Dimension,
        Classes: fw::Dimension,
        Argument: fw::Dimension,
    > fw::Set<1, Argument> for Head<In, Classes> {
        type Output = Head<In, Argument>;
    }
};
