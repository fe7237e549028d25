//! A stack of layers: its structs, and its implementation of `Layer`.

use super::Scope;
use super::layer::Step;
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
}

impl<'a> Stack<'a> {
    /// Defines the layers' types one after the other; `within` is the path of the stack itself.
    pub fn new(
        scope: &'a Scope<'a>,
        ident: Ident,
        within: &str,
        input: TokenStream,
        layers: &'a [Layer],
        items: &mut TokenStream,
    ) -> Self {
        let mut steps: Vec<Step<'a>> = Vec::new();
        for layer in layers {
            let input = steps.last().map_or(&input, |before| &before.output).clone();
            let step = Step::new(scope, within, layer, input, items);
            if let (Some(owner), true) = (layer.tied_to, scope.is_concrete()) {
                items.extend(step.check_tie(&steps[owner]));
            }
            steps.push(step);
        }
        Self { scope, ident, input, steps }
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

    /// All items of the stack. `network` is its name when it is a whole network.
    pub fn items(&self, attrs: &[Attribute], network: Option<&Ident>) -> TokenStream {
        let [stats, state, tape] = ["Stats", "State", "Tape"].map(|part| self.part(part));
        let params = self.ident.clone();
        let params = self.struct_of_floats(&params, "Params", attrs, network.is_some());
        let stats = self.struct_of_floats(&stats, "Stats", &[], false);
        let state = self.state(&state);
        let tape = self.tape(&tape);
        let layer = self.layer();
        quote!(#params #stats #state #tape #layer)
    }

    /// The struct that holds a part of every layer.
    fn part(&self, part: &str) -> Ident {
        let name = self.ident.to_string();
        let name = name.trim_start_matches('_');
        format_ident!("__{name}_{part}")
    }

    /// `C: Dimension, ..`
    fn dims(&self) -> TokenStream {
        let generics = self.scope.generics;
        quote!(#(#generics: ::formwork::shape::Dimension,)*)
    }

    /// A struct that is a plain run of floats: one field a layer.
    fn struct_of_floats(
        &self,
        name: &Ident,
        part: &str,
        attrs: &[Attribute],
        public: bool,
    ) -> TokenStream {
        let (vis, generics, dims) = (&self.scope.vis, self.scope.generics, self.dims());
        let part = format_ident!("{part}");
        let fields: Vec<_> = self.steps.iter().map(|step| step.field).collect();
        let names: Vec<_> = fields.iter().map(|field| field.to_string()).collect();
        let types: Vec<_> = self
            .steps
            .iter()
            .map(|step| {
                let layer = step.as_layer();
                quote!(#layer::#part<T>)
            })
            .collect();
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
                #(#generics: ::formwork::shape::Dimension = ::formwork::typenum::U0,)*
                T: ::formwork::kernel::Real = f32,
            >
            {
                #(#field_attrs #[doc = #docs] pub #fields: #types,)*
            }

            // SAFETY: `repr(C)`, and every field is a plain run of `T`.
            unsafe impl<#dims T: ::formwork::kernel::Real> ::formwork::plain::Plain<T> for #name<#(#generics,)* T>
            {
                const LEN: usize = 0usize
                    #(.saturating_add(<#types as ::formwork::plain::Plain<T>>::LEN))*;

                fn tensors(visit: &mut ::formwork::plain::TensorVisitor<'_>) {
                    #(visit.field::<T, #types>(#names);)*
                }
            }
        }
    }

    /// The network's layers, for its documentation.
    fn table(&self) -> TokenStream {
        let rows = self.steps.iter().map(|step| {
            let row = format!("| `{}` | `{}` |", step.field, step.layer.text);
            quote!(#[doc = #row])
        });
        quote! {
            #[doc = ""]
            #[doc = "| layer | declared as |"]
            #[doc = "| --- | --- |"]
            #(#rows)*
        }
    }

    fn state(&self, name: &Ident) -> TokenStream {
        let (vis, generics, dims) = (&self.scope.vis, self.scope.generics, self.dims());
        let fields: Vec<_> = self.steps.iter().map(|step| step.field).collect();
        let layers: Vec<_> = self.steps.iter().map(Step::as_layer).collect();
        quote! {
            #[doc(hidden)]
            #[allow(non_camel_case_types)]
            #vis struct #name<#dims T: ::formwork::kernel::Real>
            {
                #(pub #fields: #layers::State<T>,)*
            }

            impl<#dims T: ::formwork::kernel::Real> ::core::clone::Clone for #name<#(#generics,)* T>
            {
                fn clone(&self) -> Self {
                    Self { #(#fields: ::core::clone::Clone::clone(&self.#fields),)* }
                }
            }

            impl<#dims T: ::formwork::kernel::Real> ::formwork::layer::State<T> for #name<#(#generics,)* T>
            {
                fn new(lanes: usize) -> Self {
                    Self { #(#fields: ::formwork::layer::State::<T>::new(lanes),)* }
                }

                fn reset(&mut self, lane: usize) {
                    #(::formwork::layer::State::<T>::reset(&mut self.#fields, lane);)*
                }

                fn visit(&mut self, each: &mut dyn FnMut(&mut [T])) {
                    #(::formwork::layer::State::<T>::visit(&mut self.#fields, each);)*
                }
            }
        }
    }

    fn tape(&self, name: &Ident) -> TokenStream {
        let (vis, generics, dims) = (&self.scope.vis, self.scope.generics, self.dims());
        let fields: Vec<_> = self.steps.iter().map(|step| step.field).collect();
        let layers: Vec<_> = self.steps.iter().map(Step::as_layer).collect();
        let (types, inputs): (Vec<_>, Vec<_>) =
            self.steps.iter().map(|step| (&step.ty, &step.input)).unzip();
        let input = &self.input;
        let values = self.steps.len() + 1;
        let count = self.steps.len();
        quote! {
            #[doc(hidden)]
            #[allow(non_camel_case_types)]
            #vis struct #name<#dims T: ::formwork::kernel::Real>
            {
                values: ::formwork::memory::Arena<T>,
                gradients: ::formwork::memory::Arena<T>,
                #(pub #fields: #layers::Tape<T>,)*
            }

            impl<#dims T: ::formwork::kernel::Real> #name<#(#generics,)* T>
            {
                const NEEDS: [::formwork::memory::Needs; #values] = [
                    ::formwork::memory::Needs::of_input::<#input>(),
                    #(::formwork::memory::Needs::of::<#types, #inputs>(),)*
                ];
                const KEEP: ::formwork::memory::Plan<#values> = ::formwork::memory::Plan::keep(Self::NEEDS);
                const ALTERNATE: ::formwork::memory::Plan<#values> =
                    ::formwork::memory::Plan::alternate(Self::NEEDS);
                const NONLINEARITIES: [::formwork::layer::Nonlinearity; #count] =
                    [#(#layers::NONLINEARITY),*];
                const LEARNS: [bool; #count] = ::formwork::memory::learns_before([
                    #(<#layers::Params<T> as ::formwork::plain::Plain<T>>::LEN),*
                ]);
            }

            impl<#dims T: ::formwork::kernel::Real> ::formwork::memory::Tape for #name<#(#generics,)* T>
            {
                const MEMORY: ::formwork::memory::Memory =
                    ::formwork::memory::Memory::per_column(Self::KEEP.total)
                        .and(::formwork::memory::Memory::per_column(Self::ALTERNATE.total))
                        #(.and(<#layers::Tape<T> as ::formwork::memory::Tape>::MEMORY))*;

                fn new(columns: usize, lanes: usize, training: bool) -> Self {
                    let (kept, gradients) = if training {
                        (Self::KEEP.total, Self::ALTERNATE.total)
                    } else {
                        (Self::ALTERNATE.total, 0)
                    };
                    Self {
                        values: ::formwork::memory::Arena::new(kept, columns),
                        gradients: ::formwork::memory::Arena::new(gradients, columns),
                        #(#fields: ::formwork::memory::Tape::new(columns, lanes, training),)*
                    }
                }
            }
        }
    }

    fn layer(&self) -> TokenStream {
        let (ident, generics, dims) = (&self.ident, self.scope.generics, self.dims());
        let [stats, state, tape] = ["Stats", "State", "Tape"].map(|part| self.part(part));
        let (input, output) = (&self.input, self.output());
        let title = ident.to_string();
        let fields: Vec<_> = self.steps.iter().map(|step| step.field).collect();
        let names: Vec<_> = fields.iter().map(|field| field.to_string()).collect();
        let texts = self.steps.iter().map(|step| &step.layer.text);
        let layers: Vec<_> = self.steps.iter().map(Step::as_layer).collect();
        let (types, inputs): (Vec<_>, Vec<_>) =
            self.steps.iter().map(|step| (&step.ty, &step.input)).unzip();
        let indices = 0..self.steps.len();
        let (first, last) = (&layers[0], &layers[layers.len() - 1]);
        let counts = self.counts();
        let forward = self.steps.iter().enumerate().map(|(i, step)| self.forward(i, step));
        let zero_tied = self.zero_tied();
        let backward = self.steps.iter().enumerate().rev().map(|(i, step)| self.backward(i, step));
        quote! {
            impl<#dims In: ::formwork::shape::Shape> ::formwork::layer::Layer<In> for #ident<#(#generics),*>
            {
                type Out = #output;
                type Params<T: ::formwork::kernel::Real> = #ident<#(#generics,)* T>;
                type Stats<T: ::formwork::kernel::Real> = #stats<#(#generics,)* T>;
                type State<T: ::formwork::kernel::Real> = #state<#(#generics,)* T>;
                type Tape<T: ::formwork::kernel::Real> = #tape<#(#generics,)* T>;

                const CHECK: ::formwork::Check = ::formwork::network::accepts::<#input, In>(#title)
                    #(.and(#layers::CHECK.within(#names)))*;
                const OPERATIONS: usize = 0usize #(.saturating_add(#layers::OPERATIONS))*;
                const NEEDS_OUTPUT: bool = #last::NEEDS_OUTPUT;
                const NONLINEARITY: ::formwork::layer::Nonlinearity = #first::NONLINEARITY;
                const LAYERS: &'static [::formwork::network::LayerInfo] =
                    &[#(::formwork::network::LayerInfo::of::<#types, #inputs>(#names, #texts)),*];

                fn columns(columns: usize, lanes: usize) -> usize {
                    #(let columns = #layers::columns(columns, lanes);)*
                    columns
                }

                fn init<T: ::formwork::kernel::Real>(
                    params: &mut Self::Params<T>,
                    stats: &mut Self::Stats<T>,
                    _: ::formwork::layer::Nonlinearity,
                    rng: &mut dyn ::formwork::rand::Rng,
                ) {
                    let all = const { &<#tape<#(#generics,)* T>>::NONLINEARITIES };
                    #({
                        let follows = ::formwork::layer::Nonlinearity::after(all, #indices);
                        #layers::init::<T>(&mut params.#fields, &mut stats.#fields, follows, rng);
                    })*
                }

                fn forward<T: ::formwork::kernel::Real>(
                    params: &Self::Params<T>,
                    stats: &Self::Stats<T>,
                    state: &mut Self::State<T>,
                    x: ::formwork::shape::Columns<'_, In, T>,
                    y: ::formwork::shape::ColumnsMut<'_, Self::Out, T>,
                    tape: &mut Self::Tape<T>,
                    cx: &mut ::formwork::layer::Context<'_, T>,
                ) {
                    let x = x.reshape::<#input>();
                    let plan = if cx.is_training() {
                        const { &<#tape<#(#generics,)* T>>::KEEP }
                    } else {
                        const { &<#tape<#(#generics,)* T>>::ALTERNATE }
                    };
                    let columns0 = x.count();
                    #counts
                    let mut flow = tape.values.flow(plan, y);
                    #(#forward)*
                }

                fn backward<T: ::formwork::kernel::Real>(
                    params: &Self::Params<T>,
                    gradient: &mut Self::Params<T>,
                    pass: ::formwork::layer::Backward<'_, In, Self::Out, T>,
                    tape: &mut Self::Tape<T>,
                    cx: &mut ::formwork::layer::Context<'_, T>,
                ) {
                    let ::formwork::layer::Backward { x, y, dy, dx } = pass;
                    let x = x.reshape::<#input>();
                    let mut dx = dx.map(|dx| dx.reshape::<#input>());
                    let keep = const { &<#tape<#(#generics,)* T>>::KEEP };
                    let plan = const { &<#tape<#(#generics,)* T>>::ALTERNATE };
                    let learns = const { &<#tape<#(#generics,)* T>>::LEARNS };
                    let columns0 = x.count();
                    #counts
                    #zero_tied
                    let mut flow = tape.gradients.flow(plan, dy);
                    #(#backward)*
                }

                fn observe<T: ::formwork::kernel::Real>(stats: &mut Self::Stats<T>, tape: &Self::Tape<T>) {
                    #(#layers::observe::<T>(&mut stats.#fields, &tape.#fields);)*
                }
            }
        }
    }

    /// `let columns1 = ..;` and so on: how many columns come out of each layer.
    fn counts(&self) -> TokenStream {
        let lets = self.steps.iter().enumerate().map(|(i, step)| {
            let (before, after, layer) = (Step::count(i), Step::count(i + 1), step.as_layer());
            quote!(let #after = #layer::columns(#before, cx.lanes);)
        });
        quote!(#(#lets)*)
    }

    fn forward(&self, i: usize, step: &Step<'_>) -> TokenStream {
        let (ty, input, output, field) = (&step.ty, &step.input, &step.output, step.field);
        let (before, after) = (Step::count(i), Step::count(i + 1));
        let (name, next) = (field.to_string(), i + 1);
        let values = if i == 0 {
            quote!(let y = flow.at::<#output>(1, #after);)
        } else {
            quote! {
                let (x, y) = flow.between::<#input, #output>((#i, #before), (#next, #after));
                let x = x.as_columns();
            }
        };
        let cx = match self.owner(step) {
            Some((layer, owner)) => {
                quote!(&mut cx.tie(#layer::weight::<T>(&params.#owner), &mut []))
            }
            None => quote!(cx),
        };
        quote! {{
            #values
            let own = ::formwork::memory::Owned {
                params: &params.#field,
                stats: &stats.#field,
                state: &mut state.#field,
                tape: &mut tape.#field,
            };
            ::formwork::memory::forward::<#ty, #input, T>(#name, own, x, y, #cx);
        }}
    }

    fn backward(&self, i: usize, step: &Step<'_>) -> TokenStream {
        let (ty, input, output, field) = (&step.ty, &step.input, &step.output, step.field);
        let (before, after, next) = (Step::count(i), Step::count(i + 1), i + 1);
        let x = if i == 0 {
            quote!(x)
        } else {
            quote!(tape.values.read::<#input, _>(keep, #i, #before).unwrap_or_else(|| y.reshape()))
        };
        let y = if next == self.steps.len() {
            quote!(y)
        } else {
            quote!(tape.values.read::<#output, _>(keep, #next, #after).unwrap_or_else(|| y.reshape()))
        };
        let gradients = if i == 0 {
            quote!(let (dx, dy) = (dx.take(), flow.at::<#output>(1, #after));)
        } else {
            quote! {
                let wanted = learns[#i] || dx.is_some();
                let (inner, dy) = flow.between::<#input, #output>((#i, #before), (#next, #after));
                let dx = (wanted && inner.count() > 0).then_some(inner);
            }
        };
        let stop = (i > 0).then(|| {
            quote!(if !wanted {
                return;
            })
        });
        let shares = self.steps.iter().any(|other| other.layer.tied_to == Some(i));
        let call = |cx: TokenStream| {
            quote! {
                ::formwork::memory::backward::<#ty, #input, T>(
                    &params.#field,
                    &mut gradient.#field,
                    ::formwork::layer::Backward { x: #x, y: #y, dy, dx },
                    &mut tape.#field,
                    #cx,
                );
            }
        };
        let call = match self.owner(step) {
            Some((layer, owner)) => call(quote! {
                &mut cx.tie(#layer::weight::<T>(&params.#owner), #layer::weight_mut::<T>(&mut gradient.#owner))
            }),
            None if shares => {
                call(quote!(&mut ::formwork::layer::Context { accumulate: true, ..cx.inner() }))
            }
            None => call(quote!(cx)),
        };
        quote!({ #gradients #call #stop })
    }

    /// The layer whose weight `step` shares, as one that shares, and its field.
    fn owner(&self, step: &Step<'_>) -> Option<(TokenStream, &Ident)> {
        let owner = &self.steps[step.layer.tied_to?];
        let (ty, input) = (&owner.ty, &owner.input);
        Some((quote!(<#ty as ::formwork::layer::SharesWeight<#input>>), owner.field))
    }

    /// A weight that several layers share starts from a gradient of zero, and each adds to it.
    fn zero_tied(&self) -> TokenStream {
        let mut owners: Vec<usize> =
            self.steps.iter().filter_map(|step| step.layer.tied_to).collect();
        owners.sort_unstable();
        owners.dedup();
        let owners = owners.into_iter().map(|owner| self.steps[owner].field);
        quote! {
            #(if !cx.accumulate {
                ::formwork::plain::as_mut_slice(&mut gradient.#owners).fill(T::ZERO);
            })*
        }
    }
}
