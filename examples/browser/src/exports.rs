//! The page's functions over linear memory, as `page.js` calls them.
//!
//! Bytes go in by way of [`input`], and come out by way of [`output`] and its length, texts too. What
//! can fail gives 1 where it succeeded, or 0 and the reason in words. Addresses hold until the next
//! call.

use crate::measure;
use crate::page::{Page, Seen};
use crate::small_digits::SmallDigits;
use core::cell::RefCell;
use core::time::Duration;
use formwork::data::digits::Digits;
use formwork::layer::{Plain, TensorVisitor};
use formwork::prelude::*;
use std::fmt::Display;

#[link(wasm_import_module = "page")]
unsafe extern "C" {
    /// Milliseconds since the page was opened.
    safe fn now() -> f64;
    /// Ends the module with the reason in UTF-8.
    safe fn fail(reason: *const u8, length: usize);
}

fn clock() -> Duration {
    Duration::from_secs_f64(now() / 1e3)
}

#[derive(Default)]
struct Exports {
    page: Option<Page>,
    input: Vec<u8>,
    output: Vec<u8>,
    record: [f64; 5],
    seen: Option<Seen>,
}

thread_local! {
    static EXPORTS: RefCell<Exports> = RefCell::default();
}

fn with<A>(work: impl FnOnce(&mut Exports) -> A) -> A {
    EXPORTS.with_borrow_mut(work)
}

impl Exports {
    fn page(&mut self) -> &mut Page {
        self.page.as_mut().expect("`open` comes first")
    }

    fn succeeds<E: Display>(&mut self, result: Result<(), E>) -> u32 {
        match result {
            Ok(()) => 1,
            Err(error) => {
                self.output = error.to_string().into_bytes();
                0
            }
        }
    }

    fn see(&mut self, seen: Seen) -> *const f32 {
        self.seen.insert(seen).pixels.as_ptr()
    }
}

/// Makes room for so many bytes that the next call reads, and says where.
#[unsafe(no_mangle)]
extern "C" fn input(length: usize) -> *mut u8 {
    with(|exports| {
        exports.input.clear();
        exports.input.resize(length, 0);
        exports.input.as_mut_ptr()
    })
}

/// Where the bytes are that the last call gave.
#[unsafe(no_mangle)]
extern "C" fn output() -> *const u8 {
    with(|exports| exports.output.as_ptr())
}

/// How many they are.
#[unsafe(no_mangle)]
extern "C" fn output_length() -> usize {
    with(|exports| exports.output.len())
}

/// Opens the page with the digits in the input, 65 bytes each: the pixels, from 0 to 16, and which
/// digit it is. (The library reads the file as well, but browsers can unpack it themselves.)
#[unsafe(no_mangle)]
extern "C" fn open() -> u32 {
    std::panic::set_hook(Box::new(|panic| {
        let reason = panic.to_string();
        fail(reason.as_ptr(), reason.len());
    }));
    with(|exports| {
        let rows = core::mem::take(&mut exports.input);
        let rows = || rows.chunks_exact(65);
        let pixels = rows().flat_map(|row| row[..64].iter().map(|&pixel| f32::from(pixel) / 16.0));
        let digits =
            Digits::from_vecs(pixels.collect(), rows().map(|row| row[64].into()).collect());
        let page = digits.map(|digits| exports.page = Some(Page::new(digits, clock)));
        exports.succeeds(page)
    })
}

/// Puts the names and shapes of the network's tensors into the output, in the order of its
/// parameters: a line for each.
#[unsafe(no_mangle)]
extern "C" fn tensors() {
    let mut lines = String::new();
    <SmallDigits as Plain<f32>>::tensors(&mut TensorVisitor::new(&mut |name, dims, _| {
        lines.push_str(name);
        dims.iter().for_each(|dim| lines.extend([" ", &dim.to_string()]));
        lines.push('\n');
    }));
    with(|exports| exports.output = lines.into_bytes());
}

/// Takes over the parameters in the input. (The library reads safetensors files as well, but of JSON
/// browsers know enough.)
#[unsafe(no_mangle)]
extern "C" fn load() -> u32 {
    with(|exports| {
        let (values, rest) = exports.input.as_chunks();
        let mut model = Model::<SmallDigits>::zeroed();
        let found = values.iter().map(|&value| f32::from_le_bytes(value));
        if values.len() != SmallDigits::PARAMETERS || !rest.is_empty() {
            return exports.succeeds(Err("not as many parameters as the network has"));
        }
        if !found.clone().all(f32::is_finite) {
            return exports.succeeds(Err("a weight is not a finite number"));
        }
        model.parameters_mut().iter_mut().zip(found).for_each(|(value, found)| *value = found);
        exports.page().start(model);
        1
    })
}

/// Puts the parameters into the output.
#[unsafe(no_mangle)]
extern "C" fn save() {
    with(|exports| {
        let parameters = exports.page().model().parameters();
        exports.output = parameters.iter().flat_map(|value| value.to_le_bytes()).collect();
    });
}

/// Begins anew, with weights drawn at random.
#[unsafe(no_mangle)]
extern "C" fn forget() {
    with(|exports| exports.page().forget());
}

/// Trains for an epoch: see [`record`].
#[unsafe(no_mangle)]
extern "C" fn train() -> u32 {
    with(|exports| {
        let trained = exports.page().train().map(|record| {
            let share = |accuracy: Option<f64>| accuracy.unwrap_or(f64::NAN);
            exports.record = [
                record.train_loss,
                share(record.train_accuracy),
                record.validation_loss.unwrap_or(f64::NAN),
                share(record.validation_accuracy),
                record.samples_per_second,
            ];
        });
        exports.succeeds(trained)
    })
}

/// Where the last epoch's loss and accuracy are, on the training set and on the others, and the
/// samples a second.
#[unsafe(no_mangle)]
extern "C" fn record() -> *const f64 {
    with(|exports| exports.record.as_ptr())
}

/// What the network makes of a drawing in the input, of `side x side` bytes from paper to ink: 64
/// pixels, 10 outputs, 10 probabilities and 256 activations.
#[unsafe(no_mangle)]
extern "C" fn see_drawing(side: usize) -> *const f32 {
    with(|exports| {
        let ink = core::mem::take(&mut exports.input);
        let seen = exports.page().see_drawing(&ink, side);
        exports.see(seen)
    })
}

/// The number of digits that training does not see.
#[unsafe(no_mangle)]
extern "C" fn others() -> usize {
    with(|exports| exports.page().others())
}

/// Which digit that one of these is.
#[unsafe(no_mangle)]
extern "C" fn label(other: usize) -> u32 {
    with(|exports| exports.page().other(other).expect("one of the digits").1)
}

/// What the network makes of one of these: see [`see_drawing`].
#[unsafe(no_mangle)]
extern "C" fn see_other(other: usize) -> *const f32 {
    with(|exports| {
        let (pixels, _) = exports.page().other(other).expect("one of the digits");
        let seen = exports.page().see(&pixels);
        exports.see(seen)
    })
}

/// So many inferences: see [`measure`].
#[unsafe(no_mangle)]
extern "C" fn inferences(times: usize) -> f32 {
    measure::inferences(times)
}

/// So many training steps: see [`measure`].
#[unsafe(no_mangle)]
extern "C" fn steps(times: usize) -> f32 {
    measure::steps(times)
}
