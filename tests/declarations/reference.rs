//! What a network computes, slowly, from the equations: vectors, loops, and products of nalgebra.

use crate::declaration::{Declaration, Dims, Layer, Network};
use crate::noise::{parameter, statistic};
use crate::rules::{self, Shape};
use crate::window::Window;
use nalgebra::{DMatrix, DVector};
use std::collections::HashMap;

/// What a network is given, and what it gives: columns, time-major.
#[derive(Clone, Debug)]
pub enum Columns {
    /// Images of so many channels, rows and columns; within each the width runs fastest.
    Numbers([usize; 3], Vec<DVector<f64>>),
    Ids {
        vocabulary: usize,
        columns: Vec<Vec<usize>>,
    },
}

use Columns::{Ids, Numbers};

/// A pass through a network.
pub struct Pass<'a> {
    declaration: &'a Declaration,
    lanes: usize,
    training: bool,
    /// Of the parameters, in the order of the layers.
    parameter: &'a dyn Fn(usize) -> f64,
    parameters: usize,
    statistics: usize,
}

/// A 32-bit number where the network has such.
pub fn rounded(single: bool, number: f64) -> f64 {
    if single { f64::from(number as f32) } else { number }
}

/// The outputs of the last network of a declaration, and how many parameters it has, where the
/// parameters are moved by `step` along the direction.
pub fn outputs(
    declaration: &Declaration,
    x: &Columns,
    lanes: usize,
    training: bool,
    (single, step): (bool, f64),
) -> (Vec<f64>, usize) {
    let parameter = |i| rounded(single, parameter(i)) + step * crate::noise::direction(i);
    let mut pass =
        Pass { declaration, lanes, training, parameter: &parameter, parameters: 0, statistics: 0 };
    let Numbers(_, columns) = pass.network(declaration.main(), &Dims::new(), x.clone()) else {
        panic!("a network gives numbers")
    };
    (columns.iter().flat_map(|column| column.iter().copied()).collect(), pass.parameters)
}

impl Pass<'_> {
    fn network(&mut self, network: &Network, dims: &Dims, x: Columns) -> Columns {
        let y = self.stack(&network.layers, dims, x);
        let [_, Shape::Numbers(declared)] = rules::ends(network, dims) else { panic!("ids") };
        match y {
            Numbers(given, y) if given == declared => Numbers(given, y),
            _ => panic!("{} gives something else", network.name),
        }
    }

    fn parameters(&mut self, count: usize) -> Vec<f64> {
        let first = self.parameters;
        self.parameters += count;
        (first..first + count).map(self.parameter).collect()
    }

    fn statistics(&mut self, count: usize) -> Vec<f64> {
        let first = self.statistics;
        self.statistics += count;
        (first..first + count).map(statistic).collect()
    }

    fn matrix(&mut self, rows: usize, columns: usize) -> DMatrix<f64> {
        DMatrix::from_row_slice(rows, columns, &self.parameters(rows * columns))
    }

    fn vector(&mut self, rows: usize) -> DVector<f64> {
        DVector::from_vec(self.parameters(rows))
    }

    /// A vector that is learned, if `there` is 1, or else always the same.
    fn learned(&mut self, rows: usize, there: usize, otherwise: f64) -> DVector<f64> {
        if there == 1 { self.vector(rows) } else { DVector::from_element(rows, otherwise) }
    }

    fn stack(&mut self, layers: &[Layer], dims: &Dims, mut x: Columns) -> Columns {
        let mut weights: HashMap<String, DMatrix<f64>> = HashMap::new();
        for layer in layers {
            let tied = layer.tied_to.as_ref().map(|to| weights[to].clone());
            let mut own = None;
            x = self.layer(layer, dims, x, tied, &mut own);
            if let (Some(name), Some(own)) = (&layer.name, own) {
                weights.insert(name.clone(), own);
            }
        }
        x
    }

    fn layer(
        &mut self,
        layer: &Layer,
        dims: &Dims,
        x: Columns,
        tied: Option<DMatrix<f64>>,
        own: &mut Option<DMatrix<f64>>,
    ) -> Columns {
        let first = layer.argument(0, dims);
        if let Some(network) = self.declaration.network(&layer.what) {
            return self.network(network, &rules::applied(network, layer, dims), x);
        }
        if layer.stacks.len() > 1 {
            let parts: Vec<Columns> =
                layer.stacks.iter().map(|stack| self.stack(stack, dims, x.clone())).collect();
            return match &layer.what[..] {
                "Concat" => side_by_side(parts),
                "Product" => together(parts, |a, b| a * b),
                _ => together(parts, |a, b| a + b),
            };
        }
        let ([c, h, w], x) = match x {
            Numbers(shape, x) => (shape, x),
            Ids { vocabulary, columns } => {
                let table = self.matrix(vocabulary, first);
                let padding = layer.key("padding", usize::MAX, dims);
                let embed = |mut ids: Vec<usize>| {
                    ids.retain(|&id| id != padding);
                    let rows = ids.iter().map(|&id| table.row(id).transpose());
                    let count = ids.len() as f64;
                    match &layer.what[..] {
                        _ if ids.is_empty() => DVector::zeros(first),
                        "EmbeddingMax" => rows.reduce(|a, b| a.sup(&b)).expect("there are ids"),
                        "EmbeddingSum" => rows.sum(),
                        _ => rows.sum::<DVector<f64>>() / count,
                    }
                };
                let y = columns.into_iter().map(embed).collect();
                *own = Some(table);
                return Numbers([first, 1, 1], y);
            }
        };
        let (size, area) = (c * h * w, h * w);
        let map = |f: &dyn Fn(f64) -> f64| x.iter().map(|x| x.map(f)).collect::<Vec<_>>();
        let vector = |size, y| Numbers([size, 1, 1], y);
        match &layer.what[..] {
            "Dense" => {
                let weight = match tied {
                    Some(weight) => weight,
                    None => self.matrix(first, size),
                };
                let bias = self.learned(first, layer.key("bias", 1, dims), 0.0);
                let y = x.iter().map(|x| &weight * x + &bias).collect();
                *own = Some(weight);
                vector(first, y)
            }
            "Conv1d" | "Conv2d" => {
                let filter = Filter::of(layer, dims, [h, w]);
                let share = c / filter.groups;
                let out = first;
                let weight =
                    self.matrix(out, share * filter.window.kernel[0] * filter.window.kernel[1]);
                let bias = self.vector(out * filter.bias);
                let size = filter.window.positions().expect("it fits");
                let y = x.iter().map(|x| filter.gather(x, [c, h, w], &weight, &bias, size));
                Numbers([out, size[0], size[1]], y.collect())
            }
            "ConvTranspose2d" => {
                let filter = Filter::of(layer, dims, [h, w]);
                let (out, extra) = (first, layer.key("output_pad", 0, dims));
                let share = out / filter.groups;
                let weight =
                    self.matrix(c, share * filter.window.kernel[0] * filter.window.kernel[1]);
                let bias = self.vector(out * filter.bias);
                let extra = [extra, layer.key("output_pad_width", extra, dims)];
                let size = filter.window.extent(extra).expect("it fits");
                let y = x.iter().map(|x| filter.spread(x, [c, h, w], &weight, &bias, (out, size)));
                Numbers([out, size[0], size[1]], y.collect())
            }
            "MaxPool" | "AvgPool" => {
                let window = Window::of(layer, dims, [h, w]).expect("it slides");
                let [rows, columns] = window.positions().expect("it fits");
                let [height, width] = window.kernel;
                let is_max = layer.is("MaxPool");
                let pool = |x: &DVector<f64>| {
                    let mut y = DVector::zeros(c * rows * columns);
                    for at in 0..y.len() {
                        let (i, j) = (at / columns % rows, at % columns);
                        let channel = at / (rows * columns);
                        let (mut largest, mut sum) = (f64::NEG_INFINITY, 0.0);
                        let mut counted = 0;
                        for (k, l) in pairs(height, width) {
                            counted += usize::from(window.is_within([i, j], [k, l]));
                            if let Some([m, n]) = window.pixel([i, j], [k, l], [h, w]) {
                                let pixel = x[channel * area + m * w + n];
                                largest = largest.max(pixel);
                                sum += pixel;
                            }
                        }
                        y[at] = if is_max { largest } else { sum / counted as f64 };
                    }
                    y
                };
                Numbers([c, rows, columns], x.iter().map(pool).collect())
            }
            "GlobalAvgPool" => {
                let mean = |x: &DVector<f64>| {
                    DVector::from_fn(c, |c, _| x.rows(c * area, area).sum() / area as f64)
                };
                vector(c, x.iter().map(mean).collect())
            }
            "Upsample" | "ZeroPad" => {
                let is_larger = layer.is("Upsample");
                let [rows, columns] =
                    [h, w].map(|n| if is_larger { n * first } else { n + 2 * first });
                let place = |x: &DVector<f64>| {
                    DVector::from_fn(c * rows * columns, |at, _| {
                        let (i, j) = (at / columns % rows, at % columns);
                        let channel = at / (rows * columns);
                        if is_larger {
                            return x[channel * area + i / first * w + j / first];
                        }
                        let is_inside = i >= first && j >= first && i - first < h && j - first < w;
                        if is_inside {
                            x[channel * area + (i - first) * w + j - first]
                        } else {
                            0.0
                        }
                    })
                };
                Numbers([c, rows, columns], x.iter().map(place).collect())
            }
            "Flatten" => vector(size, x),
            "BatchNorm" => {
                let affine = layer.key("affine", 1, dims);
                let (weight, bias) = (self.learned(c, affine, 1.0), self.learned(c, affine, 0.0));
                let (mut mean, mut var) = (self.statistics(c), self.statistics(c));
                if self.training {
                    let n = (x.len() * area) as f64;
                    for c in 0..c {
                        let all = || {
                            x.iter().flat_map(|x| {
                                x.rows(c * area, area).iter().copied().collect::<Vec<_>>()
                            })
                        };
                        mean[c] = all().sum::<f64>() / n;
                        var[c] = all().map(|x| (x - mean[c]).powi(2)).sum::<f64>() / n;
                    }
                }
                let eps = layer.number(1e-5);
                let normalise = |x: &DVector<f64>| {
                    DVector::from_fn(size, |at, _| {
                        let c = at / area;
                        weight[c] * (x[at] - mean[c]) / (var[c] + eps).sqrt() + bias[c]
                    })
                };
                Numbers([c, h, w], x.iter().map(normalise).collect())
            }
            "LayerNorm" | "GroupNorm" | "RmsNorm" => {
                let each = !layer.is("GroupNorm");
                let groups = if each { 1 } else { first };
                let learned = if each { size } else { c };
                let (affine, shifts) = (layer.key("affine", 1, dims), layer.key("bias", 1, dims));
                let shifts = if layer.is("RmsNorm") { 0 } else { affine * shifts };
                let weight = self.learned(learned, affine, 1.0);
                let bias = self.learned(learned, shifts, 0.0);
                let eps = layer.number(if layer.is("RmsNorm") { f64::EPSILON } else { 1e-5 });
                let share = size / groups;
                let normalise = |x: &DVector<f64>| {
                    DVector::from_fn(size, |at, _| {
                        let group = x.rows(at / share * share, share);
                        let mean = if layer.is("RmsNorm") { 0.0 } else { group.mean() };
                        let var = group.map(|x| (x - mean).powi(2)).mean();
                        let learned = if each { at } else { at / area };
                        weight[learned] * (x[at] - mean) / (var + eps).sqrt() + bias[learned]
                    })
                };
                Numbers([c, h, w], x.iter().map(normalise).collect())
            }
            "Dropout" => Numbers([c, h, w], x),
            "Relu" => Numbers([c, h, w], map(&|x| x.max(0.0))),
            "Sigmoid" => Numbers([c, h, w], map(&sigmoid)),
            "Tanh" => Numbers([c, h, w], map(&f64::tanh)),
            "Gelu" => {
                Numbers([c, h, w], map(&|x| x * (1.0 + erf(x / std::f64::consts::SQRT_2)) / 2.0))
            }
            "Silu" => Numbers([c, h, w], map(&|x| x * sigmoid(x))),
            "Softplus" => Numbers([c, h, w], map(&|x| (-x.abs()).exp().ln_1p() + x.max(0.0))),
            "HardSigmoid" => Numbers([c, h, w], map(&|x| (x / 6.0 + 0.5).clamp(0.0, 1.0))),
            "Relu6" => Numbers([c, h, w], map(&|x| x.clamp(0.0, 6.0))),
            "HardTanh" => Numbers([c, h, w], map(&|x| x.clamp(-1.0, 1.0))),
            "LeakyHardTanh" => {
                let held = |x: f64| x.clamp(-1.0, 1.0);
                Numbers([c, h, w], map(&|x| held(x) + 0.01 * (x - held(x))))
            }
            "HardSwish" => Numbers([c, h, w], map(&|x| x * (x / 6.0 + 0.5).clamp(0.0, 1.0))),
            "Softsign" => Numbers([c, h, w], map(&|x| x / (1.0 + x.abs()))),
            "GeluTanh" => {
                let u = |x: f64| (2.0 / std::f64::consts::PI).sqrt() * (x + 0.044715 * x.powi(3));
                Numbers([c, h, w], map(&|x| x * (1.0 + u(x).tanh()) / 2.0))
            }
            "PRelu" => {
                let per_channel = layer.key("per_channel", 0, dims) == 1;
                let slopes = self.vector(if per_channel { c } else { 1 });
                let y = |x: &DVector<f64>| {
                    DVector::from_fn(size, |at, _| {
                        let slope = slopes[if per_channel { at / area } else { 0 }];
                        if x[at] > 0.0 { x[at] } else { slope * x[at] }
                    })
                };
                Numbers([c, h, w], x.iter().map(y).collect())
            }
            "Glu" | "Gated" => {
                let y = |x: &DVector<f64>| {
                    DVector::from_fn(size / 2, |at, _| {
                        let a = if layer.is("Glu") { x[at] } else { x[at].tanh() };
                        a * sigmoid(x[size / 2 + at])
                    })
                };
                Numbers([c / 2, h, w], x.iter().map(y).collect())
            }
            "LeakyRelu" => {
                let slope = layer.number(0.01);
                Numbers([c, h, w], map(&|x| if x > 0.0 { x } else { slope * x }))
            }
            "Elu" => {
                let alpha = layer.number(1.0);
                Numbers([c, h, w], map(&|x| if x > 0.0 { x } else { alpha * x.exp_m1() }))
            }
            "Softmax" => {
                let shares = |x: &DVector<f64>| {
                    let largest = x.max();
                    let powers = x.map(|x| (x - largest).exp());
                    &powers / powers.sum()
                };
                Numbers([c, h, w], x.iter().map(shares).collect())
            }
            "Rnn" | "Lstm" | "Gru" => vector(first, self.recurrent(&layer.what, first, &x)),
            "LastStep" => Numbers([c, h, w], x[x.len() - self.lanes.min(x.len())..].to_vec()),
            "MeanSteps" => {
                let lanes = self.lanes.min(x.len());
                let steps = x.len() / lanes;
                let mean = |lane| {
                    let sum: DVector<f64> = (0..steps).map(|step| &x[step * lanes + lane]).sum();
                    sum / steps as f64
                };
                Numbers([c, h, w], (0..lanes).map(mean).collect())
            }
            "Residual" => {
                let Numbers(_, y) =
                    self.stack(&layer.stacks[0], dims, Numbers([c, h, w], x.clone()))
                else {
                    panic!("ids")
                };
                Numbers([c, h, w], x.iter().zip(&y).map(|(x, y)| x + y).collect())
            }
            "Bidirectional" => {
                let stack = &layer.stacks[0];
                let back = self.reversed(&x);
                let ahead = self.stack(stack, dims, Numbers([c, h, w], x));
                let Numbers(shape, back) = self.stack(stack, dims, Numbers([c, h, w], back)) else {
                    panic!("ids")
                };
                let back = self.reversed(&back);
                let size = shape.iter().product();
                let flat = |columns| match columns {
                    Numbers(_, columns) => vector(size, columns),
                    Ids { .. } => panic!("ids"),
                };
                side_by_side(vec![flat(ahead), vector(size, back)])
            }
            other => panic!("no reference for {other}"),
        }
    }

    /// The columns with their steps in reverse order.
    fn reversed(&self, x: &[DVector<f64>]) -> Vec<DVector<f64>> {
        x.chunks(self.lanes.min(x.len())).rev().flatten().cloned().collect()
    }

    fn recurrent(&mut self, what: &str, n: usize, x: &[DVector<f64>]) -> Vec<DVector<f64>> {
        let gates = match what {
            "Rnn" => 1,
            "Gru" => 3,
            _ => 4,
        };
        let (w_ih, w_hh) = (self.matrix(gates * n, x[0].len()), self.matrix(gates * n, n));
        let (b_ih, b_hh) = (self.vector(gates * n), self.vector(gates * n));
        let lanes = self.lanes.min(x.len());
        let mut h = vec![DVector::zeros(n); lanes];
        let mut c = h.clone();
        let mut y = Vec::new();
        for (i, x) in x.iter().enumerate() {
            let (h, c) = (&mut h[i % lanes], &mut c[i % lanes]);
            let (of_x, of_h) = (&w_ih * x + &b_ih, &w_hh * &*h + &b_hh);
            let gate = |all: &DVector<f64>, i: usize| all.rows(i * n, n).into_owned();
            let all = &of_x + &of_h;
            let squashed = |i| gate(&all, i).map(sigmoid);
            *h = match what {
                "Rnn" => all.map(f64::tanh),
                "Gru" => {
                    let (r, z) = (squashed(0), squashed(1));
                    let s = gate(&of_h, 2);
                    let n = (gate(&of_x, 2) + r.component_mul(&s)).map(f64::tanh);
                    z.map(|z| 1.0 - z).component_mul(&n) + z.component_mul(h)
                }
                _ => {
                    let (i, f, o) = (squashed(0), squashed(1), squashed(3));
                    let g = gate(&all, 2).map(f64::tanh);
                    *c = f.component_mul(c) + i.component_mul(&g);
                    o.component_mul(&c.map(f64::tanh))
                }
            };
            y.push(h.clone());
        }
        y
    }
}

/// Filters, and how they slide.
struct Filter {
    window: Window,
    groups: usize,
    bias: usize,
}

impl Filter {
    fn of(layer: &Layer, dims: &Dims, size: [usize; 2]) -> Self {
        let window = Window::of(layer, dims, size).expect("it slides");
        let [groups, bias] = ["groups", "bias"].map(|key| layer.key(key, 1, dims));
        Self { window, groups, bias }
    }

    /// `y[f, i, j] = b[f] + sum over c, k, l of W[f, c, k, l] x[c, S i + D k - P, S j + D l - P]`
    fn gather(
        &self,
        x: &DVector<f64>,
        [c, h, w]: [usize; 3],
        weight: &DMatrix<f64>,
        bias: &DVector<f64>,
        [rows, columns]: [usize; 2],
    ) -> DVector<f64> {
        let (share, filters) = (c / self.groups, weight.nrows() / self.groups);
        let [height, width] = self.window.kernel;
        DVector::from_fn(weight.nrows() * rows * columns, |at, _| {
            let (f, i, j) = (at / (rows * columns), at / columns % rows, at % columns);
            let mut sum = if self.bias == 1 { bias[f] } else { 0.0 };
            for (c, (k, l)) in (0..share).flat_map(|c| pairs(height, width).map(move |p| (c, p))) {
                if let Some([m, n]) = self.window.pixel([i, j], [k, l], [h, w]) {
                    let channel = f / filters * share + c;
                    sum += weight[(f, (c * height + k) * width + l)] * x[(channel * h + m) * w + n];
                }
            }
            sum
        })
    }

    /// `y[f, m, n] = b[f] + sum over c, k, l of W[c, f, k, l] x[c, i, j]` where
    /// `S i + D k - P = m` and `S j + D l - P = n`
    fn spread(
        &self,
        x: &DVector<f64>,
        [c, h, w]: [usize; 3],
        weight: &DMatrix<f64>,
        bias: &DVector<f64>,
        (out, [rows, columns]): (usize, [usize; 2]),
    ) -> DVector<f64> {
        let (share, channels) = (out / self.groups, c / self.groups);
        let [height, width] = self.window.kernel;
        let mut y = DVector::from_fn(out * rows * columns, |at, _| {
            if self.bias == 1 { bias[at / (rows * columns)] } else { 0.0 }
        });
        for c in 0..c {
            for ((i, j), f) in pairs(h, w).flat_map(|p| (0..share).map(move |f| (p, f))) {
                for (k, l) in pairs(height, width) {
                    if let Some([m, n]) = self.window.pixel([i, j], [k, l], [rows, columns]) {
                        let filter = c / channels * share + f;
                        y[(filter * rows + m) * columns + n] +=
                            weight[(c, (f * height + k) * width + l)] * x[(c * h + i) * w + j];
                    }
                }
            }
        }
        y
    }
}

fn pairs(rows: usize, columns: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..rows).flat_map(move |i| (0..columns).map(move |j| (i, j)))
}

/// The channels of all, one after the other.
fn side_by_side(parts: Vec<Columns>) -> Columns {
    let mut all: Option<([usize; 3], Vec<DVector<f64>>)> = None;
    for part in parts {
        let Numbers([c, h, w], y) = part else { panic!("ids") };
        all = Some(match all {
            None => ([c, h, w], y),
            Some(([sum, ..], before)) => {
                let join = |(a, b): (&DVector<f64>, &DVector<f64>)| {
                    DVector::from_iterator(a.len() + b.len(), a.iter().chain(b).copied())
                };
                ([sum + c, h, w], before.iter().zip(&y).map(join).collect())
            }
        });
    }
    let (shape, columns) = all.expect("there are stacks");
    Numbers(shape, columns)
}

/// The outputs of all, number by number; those that have a number for each channel count for all of the
/// channel's pixels.
fn together(parts: Vec<Columns>, f: impl Fn(f64, f64) -> f64) -> Columns {
    let join = |a, b| {
        let (Numbers(shape, a), Numbers([_, h, w], b)) = (a, b) else { panic!("ids") };
        let pixels = shape[1] * shape[2] / (h * w);
        let join = |(a, b): (&DVector<f64>, &DVector<f64>)| {
            DVector::from_fn(a.len(), |at, _| f(a[at], b[at / pixels]))
        };
        Numbers(shape, a.iter().zip(&b).map(join).collect())
    };
    parts.into_iter().reduce(join).expect("there are stacks")
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// The error function: its series about 0, and far from it the continued fraction of its complement.
fn erf(x: f64) -> f64 {
    let root = std::f64::consts::PI.sqrt();
    if x.abs() < 2.5 {
        let (mut sum, mut term) = (x, x);
        for n in 1..80 {
            term *= -x * x / f64::from(n);
            sum += term / f64::from(2 * n + 1);
        }
        2.0 / root * sum
    } else {
        let x_abs = x.abs();
        let fraction = (1..200).rev().fold(x_abs, |rest, n| x_abs + f64::from(n) / 2.0 / rest);
        x.signum() * (1.0 - (-x * x).exp() / (root * fraction))
    }
}
