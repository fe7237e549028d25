//! Declarations at random. Those without mistakes must compute what a slow reference does, in
//! inference and in training, and have its gradient; each of those with one mistake must give one
//! error of at most 12 lines, in decimal, on the words of the declaration.
//!
//! `DECLARATIONS="7 500" cargo test --test declarations` tries 500 of each, from the seed 7.

mod compiler;
mod declaration;
mod generate;
mod mistakes;
mod noise;
mod reference;
mod rules;
mod window;

use compiler::{Complaint, Library, complaints, folder};
use declaration::Declaration;
use generate::Draws;
use reference::{Columns, outputs, rounded};
use rules::Shape;
use std::fmt::Write as _;
use std::fs;
use std::process::Command;

/// The seed, and how many declarations are tried of each sort.
fn plan() -> (u64, usize) {
    let Ok(plan) = std::env::var("DECLARATIONS") else { return (2, 60) };
    let numbers: Vec<u64> = plan.split(' ').map(|word| word.parse().expect("a number")).collect();
    (numbers[0], numbers[1] as usize)
}

/// The head of a program.
fn head() -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/declarations");
    format!(
        "#[path = \"{folder}/noise.rs\"] mod noise;\n#[path = \"{folder}/runner.rs\"] mod runner;\n"
    )
}

/// Whether a network calculates with 32 bits: small ones without layers that magnify rounding errors.
fn is_single(index: usize, declaration: &Declaration) -> bool {
    index.is_multiple_of(4) && !declaration.any(&|layer| layer.what.ends_with("Norm"))
}

/// Whether training has nothing random in it.
fn trains(declaration: &Declaration) -> bool {
    !declaration.any(&|layer| layer.is("Dropout") && layer.number(0.0) > 0.0)
}

#[test]
fn what_has_no_mistake_computes_what_it_says() {
    let (seed, count) = plan();
    let mut draws = Draws::new(seed);
    let valid: Vec<Declaration> = (0..count).map(|_| generate::valid(&mut draws)).collect();
    let library = Library::find();
    let (mut compared, mut wrong) = (0, Vec::new());
    for (part, valid) in valid.chunks(PART).enumerate() {
        let name = format!("valid{part}");
        let (program, calls) = program_of(valid);
        let path = folder().join(format!("{name}.rs"));
        fs::write(&path, program + &calls).unwrap();
        let output = library.compile(&path, true);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{} does not compile:\n{said}", path.display());
        let output = Command::new(folder().join(&name)).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{} fails:\n{said}", path.display());
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            compared += 1;
            if let Some(difference) = difference(valid, line) {
                wrong.push(difference);
            }
        }
    }
    println!("{count} declarations from seed {seed}: {compared} comparisons");
    assert!(wrong.is_empty(), "{} of {compared}:\n{}", wrong.len(), wrong.join("\n"));
}

/// Declarations in one program.
const PART: usize = 60;

/// Declarations, each a module, and the function that runs them.
fn program_of(declarations: &[Declaration]) -> (String, String) {
    let (mut program, mut calls) = (head(), "fn main() {\n".to_string());
    for (i, declaration) in declarations.iter().enumerate() {
        let scalar = if is_single(i, declaration) { "f32" } else { "f64" };
        let [shape, _] = rules::ends(declaration.main(), &Vec::new());
        let batch = if matches!(shape, Shape::Ids { .. }) { "ids" } else { "numbers" };
        let trains = trains(declaration);
        writeln!(
            program,
            "mod d{i} {{\nuse formwork::prelude::*;\nuse crate::runner::*;\n{declaration}}}"
        )
        .unwrap();
        writeln!(calls, "    runner::run::<d{i}::Net, {scalar}>({i}, {trains}, runner::{batch}::<d{i}::Net, {scalar}>);").unwrap();
    }
    (program, calls + "}\n")
}

/// What is wrong with a line that the program printed, if anything is.
fn difference(declarations: &[Declaration], line: &str) -> Option<String> {
    let mut words = line.split(' ');
    let index: usize = words.next().unwrap().parse().unwrap();
    let (what, run) = (words.next().unwrap(), words.next().unwrap().parse::<usize>().unwrap());
    let found: Vec<f64> = words.map(|word| word.parse().unwrap()).collect();
    let declaration = &declarations[index];
    let single = is_single(index, declaration);
    let (lanes, steps) = noise::RUNS[run];
    let x = inputs(declaration, lanes * steps, single);
    let run_with = |training, step| outputs(declaration, &x, lanes, training, (single, step));
    let (expected, tolerance) = match what {
        "parameters" => (vec![run_with(false, 0.0).1 as f64], 0.0),
        "slope" => {
            const STEP: f64 = 1e-5;
            let loss = |step| {
                let (y, _) = run_with(true, step);
                let terms = y.iter().enumerate().map(|(i, y)| y * noise::output_gradient(i));
                terms.sum::<f64>()
            };
            (vec![(loss(STEP) - loss(-STEP)) / (2.0 * STEP)], if single { 1e-3 } else { 1e-5 })
        }
        what => (run_with(what == "training", 0.0).0, if single { 1e-4 } else { 1e-9 }),
    };
    let scale = expected.iter().fold(1.0, |scale: f64, y| scale.max(y.abs()));
    let is_near = |(a, b): (&f64, &f64)| (a - b).abs() <= tolerance * scale;
    let same = found.len() == expected.len() && found.iter().zip(&expected).all(is_near);
    (!same).then(|| {
        format!("{what} of {lanes} lanes, {steps} steps:\n  found    {found:?}\n  expected {expected:?}\n{declaration}")
    })
}

/// The columns that a program gives its network.
fn inputs(declaration: &Declaration, columns: usize, single: bool) -> Columns {
    let [shape, _] = rules::ends(declaration.main(), &Vec::new());
    match shape {
        Shape::Numbers(dims) => {
            let size: usize = dims.iter().product();
            let column = |i| {
                let numbers = (0..size).map(|j| rounded(single, noise::input(i * size + j)));
                nalgebra::DVector::from_iterator(size, numbers)
            };
            Columns::Numbers(dims, (0..columns).map(column).collect())
        }
        Shape::Ids { vocabulary, count } => {
            let column = |i| (0..count).map(|j| noise::id(i * count + j, vocabulary)).collect();
            Columns::Ids { vocabulary, columns: (0..columns).map(column).collect() }
        }
    }
}

#[test]
fn a_mistake_is_one_short_error_in_the_declaration() {
    let (seed, count) = plan();
    let mut draws = Draws::new(seed);
    let all: Vec<_> = (0..count).map(|_| mistakes::invalid(&mut draws)).collect();
    let library = Library::find();
    let mut wrong = Vec::new();
    let mut left: Vec<usize> = (0..count).collect();
    // An error of an early stage of the compiler hides those of later ones in other declarations.
    for round in 0.. {
        if left.is_empty() {
            break;
        }
        let file = format!("invalid{round}.rs");
        let (mut program, mut ends) = (String::new(), Vec::new());
        for &i in &left {
            let start = program.lines().count();
            writeln!(
                program,
                "mod d{i} {{\nuse formwork::prelude::*;\nuse crate::*;\n{}",
                all[i].0
            )
            .unwrap();
            let end = program.lines().count();
            program += USE;
            ends.push((start..end, program.lines().count()));
        }
        program += "pub const ONE: usize = 1;\npub const TWO: usize = 2;\npub const THREE: usize = 3;\nfn main() {}\n";
        let path = folder().join(&file);
        fs::write(&path, &program).unwrap();
        let complaints = complaints(&file, &library.compile(&path, false));
        let mut of = vec![Vec::new(); left.len()];
        for complaint in &complaints {
            match ends.iter().position(|(_, end)| complaint.line.is_some_and(|line| line <= *end)) {
                Some(at) => of[at].push(complaint),
                None => wrong.push(format!("outside of all declarations:\n{}\n", complaint.text)),
            }
        }
        let mut next = Vec::new();
        // The later stages then say more than they should of others.
        let is_early = |c: &Complaint| c.text.starts_with("error:") || c.text.contains("[E0432]");
        let any_early = complaints.iter().any(is_early);
        for (at, complaints) in of.iter().enumerate() {
            if any_early && !complaints.iter().any(|complaint| is_early(complaint)) {
                next.push(left[at]);
                continue;
            }
            let (declaration, what) = &all[left[at]];
            let sound = match complaints[..] {
                [] => {
                    next.push(left[at]);
                    continue;
                }
                [one] => {
                    let is_inside = one.line.is_some_and(|line| ends[at].0.contains(&(line - 1)));
                    is_inside && is_readable(&one.text)
                }
                _ => false,
            };
            if !sound {
                let texts: Vec<&str> = complaints.iter().map(|c| &c.text[..]).collect();
                wrong.push(format!(
                    "{what}, {:?}:\n{declaration}{}\n",
                    rules::mistakes(declaration),
                    texts.join("\n\n")
                ));
            }
        }
        if next.len() == left.len() {
            for i in next {
                let (declaration, what) = &all[i];
                wrong.push(format!(
                    "{what} compiles, {:?}:\n{declaration}",
                    rules::mistakes(declaration)
                ));
            }
            break;
        }
        left = next;
    }
    println!("{count} declarations with a mistake from seed {seed}");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

/// What a program does with its network.
const USE: &str = "
pub fn train() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
}
";

/// Short, and without the type that numbers are made of.
fn is_readable(error: &str) -> bool {
    let words = error.split(|c: char| !c.is_alphanumeric() && c != '_');
    let mut arithmetic = words.filter(|word| ["UInt", "UTerm", "B0", "B1"].contains(word));
    error.lines().count() <= 12 && arithmetic.next().is_none()
}
