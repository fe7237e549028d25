//! A stack of layers: its structs, and its implementation of `Layer`.

use super::layer::{Step, Within};
use super::{Parts, Scope, fresh, number};
use crate::model::Layer;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Attribute, Ident};

/// A stack of layers, each in its place.
pub struct Stack<'a> {
    scope: &'a Scope<'a>,
    ident: Ident,
    input: TokenStream,
    steps: Vec<Step<'a>>,
    /// Whether this is a stack in braces, which need not have all dimensions of the network.
    is_inner: bool,
}

impl<'a> Stack<'a> {
    /// Defines the layers' types one after the other.
    pub fn new(
        scope: &'a Scope<'a>,
        ident: Ident,
        within: Within<'_>,
        input: TokenStream,
        layers: &'a [Layer],
        parts: &mut Parts<'_>,
    ) -> Self {
        let mut steps: Vec<Step<'a>> = Vec::new();
        for layer in layers {
            let input = steps.last().map_or(&input, |before| &before.output).clone();
            let step = Step::new(scope, within, layer, input, parts);
            if let (Some(owner), true) = (layer.tied_to, scope.is_concrete()) {
                parts.items.extend(step.check_tie(&steps[owner]));
            }
            steps.push(step);
        }
        Self { scope, ident, input, steps, is_inner: within.follow.is_some() }
    }

    /// The type that describes the stack.
    pub fn ty(&self) -> TokenStream {
        let (ident, generics) = (&self.ident, self.scope.generics);
        quote!(#ident<#(#generics),*>)
    }

    /// The shape that comes out.
    pub fn output(&self) -> TokenStream {
        self.steps.last().map_or(&self.input, |step| &step.output).clone()
    }

    /// The name of the last layer.
    pub fn last_title(&self) -> String {
        self.steps.last().map_or_else(String::new, |step| step.layer.title())
    }

    /// Writes all items of the stack. `network` is the name and the declared output when it is a
    /// whole network.
    pub fn write(
        &self,
        attrs: &[Attribute],
        network: Option<(&Ident, &TokenStream)>,
        parts: &mut Parts<'_>,
    ) {
        parts.structs.extend(self.params(attrs, network.is_some()));
        let [params, stats] = [("Params", &self.ident), ("Stats", &self.part("Stats"))]
            .map(|(part, name)| self.plain(name, part));
        let (state, tape, layer) = (self.state(), self.tape(), self.layer(network, parts.sound));
        let stats_struct = self.stats();
        parts.inside.extend(quote!(#params #stats_struct #stats #state #tape #layer));
    }

    /// The name of the struct that holds a part of every layer.
    fn part(&self, part: &str) -> Ident {
        let name = self.ident.to_string();
        format_ident!("{}{part}", name.trim_start_matches('_'))
    }

    /// `C: Dimension, ..`
    fn dims(&self) -> TokenStream {
        let generics = self.scope.generics;
        quote!(#(#generics: fw::Dimension,)*)
    }

    /// A field in which all dimensions occur, where they might not in any other.
    fn marker(&self) -> Option<TokenStream> {
        let (generics, dims) = (self.scope.generics, fresh("__dims", &self.fields()));
        ((self.is_inner || self.scope.only_output) && !generics.is_empty())
            .then(|| quote!(#dims: ::core::marker::PhantomData<(#(#generics,)*)>,))
    }

    /// The value of [`marker`](Self::marker).
    fn marked(&self) -> Option<TokenStream> {
        let dims = fresh("__dims", &self.fields());
        self.marker().map(|_| quote!(#dims: ::core::marker::PhantomData,))
    }

    fn fields(&self) -> Vec<&Ident> {
        self.steps.iter().map(|step| step.field).collect()
    }

    fn names(&self) -> Vec<String> {
        self.steps.iter().map(|step| step.layer.title()).collect()
    }

    /// The field of the memory in which the layers' outputs lie.
    fn arena(&self) -> Ident {
        fresh("__values", &self.fields())
    }

    /// Each layer as `<Ty as Layer<In>>`.
    fn layers(&self) -> Vec<TokenStream> {
        let layer = |step: &Step<'_>| {
            let (ty, input) = (&step.ty, &step.input);
            quote!(<#ty as fw::Layer<#input>>)
        };
        self.steps.iter().map(layer).collect()
    }

    /// The struct of all parameters, which is also the type that describes the stack.
    fn params(&self, attrs: &[Attribute], public: bool) -> TokenStream {
        let Scope { fw, vis, generics, .. } = self.scope;
        let name = &self.ident;
        let (t, fields) = (&self.scope.scalar, self.fields());
        let layers = self.steps.iter().map(Step::as_layer);
        let marker = self.marker();
        let docs = self.steps.iter().map(|step| format!("Of `{}`.", step.layer.text));
        let field_attrs = self.steps.iter().map(|step| {
            let attrs = if public { step.layer.attrs.as_slice() } else { &[] };
            quote!(#(#attrs)*)
        });
        let doc = if public {
            self.table()
        } else {
            quote!(#[doc(hidden)] #[allow(non_camel_case_types)])
        };
        quote! {
            #(#attrs)*
            #doc
            #[repr(C)]
            #vis struct #name<
                #(#generics: #fw::Dimension = #fw::typenum::U0,)*
                #t: #fw::Real = f32,
            > {
                #(#field_attrs #[doc = #docs] pub #fields: #layers::Params<#t>,)*
                #marker
            }
        }
    }

    fn stats(&self) -> TokenStream {
        let (name, dims, t) = (self.part("Stats"), self.dims(), &self.scope.scalar);
        let (fields, layers, marker) = (self.fields(), self.layers(), self.marker());
        quote! {
            #[repr(C)]
            pub struct #name<#dims #t: fw::Real> {
                #(#fields: #layers::Stats<#t>,)*
                #marker
            }
        }
    }

    /// That a struct is a plain run of floats: one field a layer.
    fn plain(&self, name: &Ident, part: &str) -> TokenStream {
        let (generics, dims, t) = (self.scope.generics, self.dims(), &self.scope.scalar);
        let ties = self.steps.iter().filter(|_| part == "Params").filter_map(|step| {
            let owner = self.steps[step.layer.tied_to?].layer.title();
            Some((step.layer.title(), owner))
        });
        let (sharers, owners): (Vec<_>, Vec<_>) = ties.unzip();
        let (names, layers, part) = (self.names(), self.layers(), format_ident!("{part}"));
        quote! {
            // SAFETY: `repr(C)`, and every field is a plain run of `T`.
            unsafe impl<#dims #t: fw::Real> fw::Plain<#t> for #name<#(#generics,)* #t> {
                const LEN: usize =
                    0usize #(.saturating_add(fw::len::<#layers::#part<#t>, #t>()))*;

                fn tensors(visit: &mut fw::TensorVisitor<'_>) {
                    #(visit.field::<#t, #layers::#part<#t>>(#names);)*
                    #(visit.shared(#sharers, #owners);)*
                }
            }
        }
    }

    /// The network's layers, for its documentation.
    fn table(&self) -> TokenStream {
        let rows = self.steps.iter().map(|step| {
            let row = format!("| `{}` | `{}` |", step.layer.title(), step.layer.text);
            quote!(#[doc = #row])
        });
        quote! {
            #[doc = ""]
            #[doc = "| layer | declared as |"]
            #[doc = "| --- | --- |"]
            #(#rows)*
        }
    }

    fn state(&self) -> TokenStream {
        let (name, generics, dims) = (self.part("State"), self.scope.generics, self.dims());
        let (fields, layers, t) = (self.fields(), self.layers(), &self.scope.scalar);
        let (marker, marked) = (self.marker(), self.marked());
        quote! {
            pub struct #name<#dims #t: fw::Real> {
                #(#fields: #layers::State<#t>,)*
                #marker
            }

            impl<#dims #t: fw::Real> ::core::clone::Clone for #name<#(#generics,)* #t> {
                fn clone(&self) -> Self {
                    Self { #(#fields: ::core::clone::Clone::clone(&self.#fields),)* #marked }
                }
            }

            impl<#dims #t: fw::Real> fw::State<#t> for #name<#(#generics,)* #t> {
                const MEMORY: fw::Memory =
                    fw::Memory::NONE #(.and(<#layers::State<#t> as fw::State<#t>>::MEMORY))*;

                fn new(lanes: usize) -> Self {
                    Self { #(#fields: fw::State::<#t>::new(lanes),)* #marked }
                }

                fn reset(&mut self, lane: usize) {
                    #(fw::State::<#t>::reset(&mut self.#fields, lane);)*
                }

                fn visit(&mut self, each: &mut dyn FnMut(&mut [#t])) {
                    #(fw::State::<#t>::visit(&mut self.#fields, each);)*
                }
            }
        }
    }

    fn tape(&self) -> TokenStream {
        let (name, generics, dims) = (self.part("Tape"), self.scope.generics, self.dims());
        let (fields, layers, t) = (self.fields(), self.layers(), &self.scope.scalar);
        let (types, inputs): (Vec<_>, Vec<_>) =
            self.steps.iter().map(|step| (&step.ty, &step.input)).unzip();
        let (marker, marked) = (self.marker(), self.marked());
        let arena = self.arena();
        let indices: Vec<_> = (0..self.steps.len()).map(number).collect();
        let (input, count, values) =
            (&self.input, number(self.steps.len()), number(self.steps.len() + 1));
        quote! {
            pub struct #name<#dims #t: fw::Real> {
                #arena: fw::Arena<#t>,
                #(#fields: #layers::Tape<#t>,)*
                #marker
            }

            impl<#dims #t: fw::Real> #name<#(#generics,)* #t> {
                const NEEDS: [fw::Needs; #values] = [
                    fw::Needs::of_input::<#input>(),
                    #(fw::Needs::of::<#types, #inputs>(),)*
                ];
                const TRAINING: fw::Plans<#values> = fw::Plans::new(Self::NEEDS);
                const INFERENCE: fw::Plan<#values> = fw::Plan::alternate(Self::NEEDS);
                const NONLINEARITIES: [fw::Nonlinearity; #count] = [#(#layers::NONLINEARITY),*];
                const STEPS: [fw::Steps; #count] = fw::Steps::before([#(#layers::STEPS),*]);
                const FUSED: [fw::Fused; #count] = fw::Fusion::of([#(#layers::FUSION),*]);
                const LEARNS: [bool; #count] =
                    fw::learns_before([#(fw::len::<#layers::Params<#t>, #t>()),*]);
            }

            impl<#dims #t: fw::Real> fw::Tape for #name<#(#generics,)* #t> {
                const MEMORY: fw::Memory =
                    fw::Memory::per_column(Self::TRAINING.total)
                        #(.and(<#layers::Tape<#t> as fw::Tape>::MEMORY.after(Self::STEPS[#indices])))*;
                const INFERENCE: fw::Memory =
                    fw::Memory::per_column(Self::INFERENCE.total)
                        #(.and(<#layers::Tape<#t> as fw::Tape>::INFERENCE.after(Self::STEPS[#indices])))*;
                const SCRATCH: fw::Scratch =
                    fw::Scratch::NONE
                        #(.or(<#layers::Tape<#t> as fw::Tape>::SCRATCH.after(Self::STEPS[#indices])))*;

                fn new(columns: usize, lanes: usize, training: bool) -> Self {
                    let values =
                        if training { Self::TRAINING.total } else { Self::INFERENCE.total };
                    Self {
                        #arena: fw::Arena::new(values, columns),
                        #(#fields: fw::Tape::new(Self::STEPS[#indices].of(columns), lanes, training),)*
                        #marked
                    }
                }
            }
        }
    }

    fn layer(&self, network: Option<(&Ident, &TokenStream)>, sound: &[Ident]) -> TokenStream {
        let (ident, generics, dims) = (&self.ident, self.scope.generics, self.dims());
        let [stats, state, tape] = ["Stats", "State", "Tape"].map(|part| self.part(part));
        let (shape, t) = (&self.scope.input, &self.scope.scalar);
        let (input, output) = (&self.input, self.output());
        let out = match network {
            Some((_, declared)) if self.scope.is_concrete() => declared,
            _ => &output,
        };
        let (fields, names, layers) = (self.fields(), self.names(), self.layers());
        let texts = self.steps.iter().map(|step| &step.layer.text);
        let (types, inputs): (Vec<_>, Vec<_>) =
            self.steps.iter().map(|step| (&step.ty, &step.input)).unzip();
        let indices = (0..self.steps.len()).map(number);
        let (first, last) = (&layers[0], &layers[layers.len() - 1]);
        let arena = self.arena();
        let tape_consts = quote!(#tape::<#(#generics,)* #t>);
        let counts = self.counts(&layers);
        let forward = self.steps.iter().enumerate().map(|(i, step)| self.forward(i, step));
        let zero_tied = self.zero_tied();
        let backward = self.steps.iter().enumerate().rev().map(|(i, step)| self.backward(i, step));
        // With concrete dimensions every layer inside has been reported on in its own place.
        let accepts = network
            .map(|(name, _)| name.to_string())
            .map(|title| quote!(.and(fw::accepts::<#input, #shape>(#title))));
        let inner = (!self.scope.is_concrete()).then(|| {
            let gives = network.map(|(_, declared)| {
                let last = self.last_title();
                quote!(.and(fw::gives::<#declared, #output>(#last)))
            });
            let ties = self.steps.iter().filter_map(|step| {
                let owner = &self.steps[step.layer.tied_to?];
                let (tie, name) = (step.tie(owner), step.layer.title());
                Some(quote!(.and(#tie.within(#name))))
            });
            // What has been reported where the network is declared is not echoed where it is used.
            quote!(.and(if #(#sound.is_ok())&&* {
                fw::Check::OK #(.and(fw::check_inside::<#types, #inputs>(#names)))* #(#ties)* #gives
            } else {
                fw::Check::OK
            }))
        });
        // A network takes what it declares, and what is wrong with the first layer of a stack has been
        // reported.
        let takes_ids = if network.is_some() || self.scope.is_concrete() {
            quote!(!<#input as fw::Shape>::NUMERIC)
        } else {
            quote!(#first::TAKES_IDS)
        };
        let any_ties = self.steps.iter().any(|step| step.layer.tied_to.is_some());
        let ties = any_ties.then(|| {
            quote!(
                use fw::NoWeight as _;
            )
        });
        quote! {
            #ties
            impl<#dims #shape: fw::Shape> fw::Layer<#shape> for #ident<#(#generics),*> {
                type Out = #out;
                type Params<#t: fw::Real> = #ident<#(#generics,)* #t>;
                type Stats<#t: fw::Real> = #stats<#(#generics,)* #t>;
                type State<#t: fw::Real> = #state<#(#generics,)* #t>;
                type Tape<#t: fw::Real> = #tape<#(#generics,)* #t>;

                const CHECK: fw::Check =
                    fw::Check::OK #accepts #inner
                        .and(fw::steps([#(#names),*], [#(#layers::STEPS),*]));
                const OPERATIONS: usize =
                    fw::Steps::operations([#((#layers::STEPS, #layers::OPERATIONS)),*]);
                const TAKES_IDS: bool = #takes_ids;
                const NEEDS_OUTPUT: bool = #last::NEEDS_OUTPUT;
                const NONLINEARITY: fw::Nonlinearity = #first::NONLINEARITY;
                const FUNCTION: ::core::option::Option<fw::Function> =
                    fw::alone([#(#layers::FUNCTION),*]);
                const STEPS: fw::Steps = fw::Steps::KEPT #(.then(#layers::STEPS))*;
                const LOOKS_BACK: usize =
                    fw::Steps::look_back([#((#layers::STEPS, #layers::LOOKS_BACK)),*]);
                const MIXES_LANES: bool = false #(|| #layers::MIXES_LANES)*;
                const LAYERS: &'static [fw::LayerInfo] =
                    &[#(fw::LayerInfo::of::<#types, #inputs>(#names, #texts)),*];

                fn init<#t: fw::Real>(
                    params: &mut Self::Params<#t>,
                    stats: &mut Self::Stats<#t>,
                    follows: fw::Nonlinearity,
                    rng: &mut dyn fw::Rng,
                ) {
                    let after = |i| fw::Nonlinearity::after(&#tape_consts::NONLINEARITIES, i, follows);
                    #(#layers::init::<#t>(&mut params.#fields, &mut stats.#fields, after(#indices), rng);)*
                }

                fn forward<#t: fw::Real>(pass: fw::Forward<'_, Self, #shape, #t>) {
                    let fw::Forward { params, stats, state, tape, x, ids, mut y, mut cx } = pass;
                    let (x, ids) = (fw::reshape(x), fw::reshape(ids));
                    let plan = if cx.is_training() {
                        const { &#tape_consts::TRAINING.values }
                    } else {
                        const { &#tape_consts::INFERENCE }
                    };
                    let fused = const { &#tape_consts::FUSED };
                    #counts
                    let mut flow = tape.#arena.flow(plan, y.as_mut_slice());
                    #(#forward)*
                }

                fn backward<#t: fw::Real>(pass: fw::Backward<'_, Self, #shape, #t>) {
                    let fw::Backward { params, gradient, tape, x, ids, y, mut dy, dx, mut cx } = pass;
                    let (x, ids) = (fw::reshape(x), fw::reshape(ids));
                    let mut dx = dx.map(fw::reshape_mut);
                    let plans = const { &#tape_consts::TRAINING };
                    let learns = const { &#tape_consts::LEARNS };
                    let fused = const { &#tape_consts::FUSED };
                    #counts
                    #zero_tied
                    let mut flow = tape.#arena.reflow(plans, y.as_slice(), dy.as_mut_slice());
                    #(#backward)*
                }

                fn observe<#t: fw::Real>(stats: &mut Self::Stats<#t>, tape: &Self::Tape<#t>) {
                    #(#layers::observe::<#t>(&mut stats.#fields, &tape.#fields);)*
                }
            }
        }
    }

    /// `let n1 = ..;` and so on: how many columns come out of each layer.
    fn counts(&self, layers: &[TokenStream]) -> TokenStream {
        let lets = layers.iter().enumerate().map(|(i, layer)| {
            let (before, after) = (Step::count(i), Step::count(i + 1));
            quote!(let #after = #layer::STEPS.columns(#before, cx.lanes);)
        });
        quote!(let n0 = x.ncols() + ids.ncols(); #(#lets)*)
    }

    fn forward(&self, i: usize, step: &Step<'_>) -> TokenStream {
        let Step { ty, input, field, .. } = step;
        let (before, after) = (Step::count(i), Step::count(i + 1));
        let (name, t) = (step.layer.title(), &self.scope.scalar);
        let (at, next) = (number(i), number(i + 1));
        let (values, ids) = if i == 0 {
            (quote!(let y = flow.at(1, #after);), quote!(ids))
        } else {
            let values = quote!(let (x, y) = flow.between((#at, #before), (#next, #after)););
            (values, quote!(ids: fw::columns(&[])))
        };
        let tied =
            self.owner(step).map(|(layer, owner)| quote!(tied: #layer::weight(&params.#owner),));
        quote! {{
            #values
            fw::forward::<#ty, #input, #t>(
                #name,
                fw::Forward {
                    params: &params.#field,
                    stats: &stats.#field,
                    state: &mut state.#field,
                    tape: &mut tape.#field,
                    x,
                    #ids,
                    y,
                    cx: fw::Context { fused: fused[#at], #tied ..cx.inner() },
                },
            );
        }}
    }

    fn backward(&self, i: usize, step: &Step<'_>) -> TokenStream {
        let Step { ty, input, field, .. } = step;
        let (before, after, next) = (Step::count(i), Step::count(i + 1), i + 1);
        let t = &self.scope.scalar;
        let matrices = if i == 0 {
            quote!(let matrices = flow.first::<#ty, #input>((x, ids), #after, dx.take());)
        } else {
            let (i, next) = (number(i), number(next));
            quote! {
                let wanted = learns[#i] || dx.is_some();
                let matrices =
                    flow.at::<#ty, #input>((#i, #before), (#next, #after), wanted);
            }
        };
        let stop = (i > 0).then(|| {
            quote!(if !wanted {
                return;
            })
        });
        let shares = self.steps.iter().any(|other| other.layer.tied_to == Some(i));
        let tied = match self.owner(step) {
            Some((layer, owner)) => quote! {
                tied: #layer::weight(&params.#owner),
                tied_gradient: #layer::weight_mut(&mut gradient.#owner),
            },
            None if shares => quote!(accumulate: true,),
            None => quote!(),
        };
        let at = number(i);
        quote! {{
            #matrices
            let cx = fw::Context { fused: fused[#at], #tied ..cx.inner() };
            fw::backward::<#ty, #input, #t>(
                matrices.pass(&params.#field, &mut gradient.#field, &mut tape.#field, cx),
            );
            #stop
        }}
    }

    /// The layer whose weight `step` shares, as one that shares, and its field.
    fn owner(&self, step: &Step<'_>) -> Option<(TokenStream, &Ident)> {
        let owner = &self.steps[step.layer.tied_to?];
        let (ty, input) = (&owner.ty, &owner.input);
        Some((quote!(fw::Weight::<#ty, #input>), owner.field))
    }

    /// A weight that several layers share starts from a gradient of zero, and each adds to it.
    fn zero_tied(&self) -> TokenStream {
        let mut owners: Vec<usize> =
            self.steps.iter().filter_map(|step| step.layer.tied_to).collect();
        owners.sort_unstable();
        owners.dedup();
        let (owners, t) =
            (owners.into_iter().map(|owner| self.steps[owner].field), &self.scope.scalar);
        quote! {
            #(if !cx.accumulate {
                fw::as_mut_slice(&mut gradient.#owners).fill(#t::ZERO);
            })*
        }
    }
}
