//! Damage.

use rand::{Rng, RngExt};
use serde_json::{Map, Value, json};

/// Numbers at the edges of what sizes are.
const EDGES: [u64; 16] = [
    0,
    1,
    2,
    3,
    4,
    7,
    8,
    255,
    256,
    65_536,
    100_000_000,
    (1 << 31) - 1,
    1 << 32,
    1 << 62,
    (1 << 63) - 1,
    u64::MAX,
];

/// What stands in texts where a number should.
const TEXTS: [&str; 16] = [
    "",
    "-1",
    "0",
    "nan",
    "-inf",
    "1e999",
    "1e39",
    "0x10",
    "1_000",
    "18446744073709551616",
    "\"",
    ",",
    "\n",
    "\r\n",
    " ",
    "\u{feff}",
];

fn at(length: usize, rng: &mut impl Rng) -> usize {
    rng.random_range(0..=length)
}

fn pick<'a, A>(from: &'a [A], rng: &mut impl Rng) -> &'a A {
    &from[rng.random_range(0..from.len())]
}

/// Up to four changes of bytes, or none.
pub fn bytes<R: Rng>(original: &[u8], rng: &mut R) -> Vec<u8> {
    let mut input = original.to_vec();
    for _ in 0..rng.random_range(0..=4) {
        change(&mut input, rng);
    }
    input
}

fn change<R: Rng>(input: &mut Vec<u8>, rng: &mut R) {
    let length = input.len();
    let (from, to) = (at(length, rng), at(length, rng));
    let (from, to) = (from.min(to), from.max(to));
    match rng.random_range(0..11) {
        0 if from < length => input[from] ^= 1 << rng.random_range(0..8),
        1 if from < length => input[from] = rng.random(),
        2 => input.insert(from, rng.random()),
        3 => drop(input.drain(from..to.min(from + 8))),
        4 => input.truncate(to),
        5 => drop(input.splice(from..from, vec![rng.random(); 17])),
        6 => {
            let copy = input[from..to.min(from + 64)].to_vec();
            input.splice(to..to, copy);
        }
        // A number of four or eight bytes, the least or the greatest first.
        7 | 8 => {
            let edge = *pick(&EDGES, rng);
            let number = match rng.random_range(0..4) {
                0 => edge.to_le_bytes().to_vec(),
                1 => edge.to_be_bytes().to_vec(),
                2 => (edge as u32).to_le_bytes().to_vec(),
                _ => (edge as u32).to_be_bytes().to_vec(),
            };
            // Where headers have theirs, mostly.
            let from = if rng.random() { from.min(4 * rng.random_range(0..4)) } else { from };
            let to = length.min(from + number.len());
            input.splice(from..to, number);
        }
        // A number that is written out.
        _ => {
            let digit = |&(_, byte): &(usize, &u8)| byte.is_ascii_digit();
            let Some((start, _)) = input.iter().enumerate().skip(from).find(digit) else { return };
            let digits = input[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            let text = match rng.random_range(0..2) {
                0 => pick(&EDGES, rng).to_string(),
                _ => (*pick(&TEXTS, rng)).to_owned(),
            };
            input.splice(start..start + digits, text.into_bytes());
        }
    }
}

/// Changes of what is gzipped, or of the gzip.
pub fn gzip<R: Rng>(original: &[u8], rng: &mut R) -> Vec<u8> {
    use std::io::Write;
    let level = flate2::Compression::fast();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
    encoder.write_all(&bytes(original, rng)).unwrap();
    let gzipped = encoder.finish().unwrap();
    if rng.random_range(0..3) == 0 { bytes(&gzipped, rng) } else { gzipped }
}

/// Changes of the fields of a safetensors header, of its length, and of the bytes behind it.
pub fn safetensors<R: Rng>(original: &[u8], rng: &mut R) -> Vec<u8> {
    let length = u64::from_le_bytes(*original.first_chunk().unwrap()) as usize;
    let (header, data) = original[8..].split_at(length);
    let Value::Object(mut header) = serde_json::from_slice(header).unwrap() else { unreachable!() };
    let mut data = data.to_vec();
    if rng.random_range(0..4) == 0 {
        return bytes(original, rng);
    }
    for _ in 0..rng.random_range(0..=3) {
        field(&mut header, data.len() as u64, rng);
    }
    if rng.random_range(0..4) == 0 {
        change(&mut data, rng);
    }
    let mut header = serde_json::to_vec(&header).unwrap();
    if rng.random_range(0..8) == 0 {
        change(&mut header, rng);
    }
    let length = match rng.random_range(0..16) {
        0 => *pick(&EDGES, rng),
        1 => header.len() as u64 + rng.random_range(0..3) - 1,
        _ => header.len() as u64,
    };
    [&length.to_le_bytes()[..], &header, &data].concat()
}

/// Changes one field of a header.
fn field<R: Rng>(header: &mut Map<String, Value>, data: u64, rng: &mut R) {
    let names: Vec<String> = header.keys().cloned().collect();
    if names.is_empty() {
        return;
    }
    let name = pick(&names, rng).clone();
    match rng.random_range(0..8) {
        0 => drop(header.remove(&name)),
        1 => {
            let tensor = header.remove(&name).unwrap();
            header.insert(format!("{name}{}", *pick(&TEXTS, rng)), tensor);
        }
        2 => {
            let other = pick(&names, rng).clone();
            let tensor = header[&name].clone();
            header.insert(other, tensor);
        }
        3 => drop(header.insert(name, value(data, rng))),
        _ => {
            let Some(tensor) = header[&name].as_object_mut() else { return };
            match rng.random_range(0..5) {
                0 => drop(tensor.remove(*pick(&["dtype", "shape", "data_offsets"], rng))),
                1 => {
                    let types =
                        ["F64", "F32", "F16", "BF16", "I64", "U8", "BOOL", "F4", "C64", "\u{1b}"];
                    tensor.insert("dtype".into(), json!(*pick(&types, rng)));
                }
                2 => drop(tensor.insert("words".into(), value(data, rng))),
                _ => {
                    let key = *pick(&["shape", "data_offsets"], rng);
                    let Some(numbers) = tensor.get_mut(key).and_then(Value::as_array_mut) else {
                        return;
                    };
                    let at = at(numbers.len(), rng);
                    match rng.random_range(0..3) {
                        0 => numbers.insert(at, value(data, rng)),
                        1 if at < numbers.len() => drop(numbers.remove(at)),
                        _ if at < numbers.len() => numbers[at] = value(data, rng),
                        _ => numbers.push(json!(1)),
                    }
                }
            }
        }
    }
}

/// What a field might hold.
fn value<R: Rng>(data: u64, rng: &mut R) -> Value {
    match rng.random_range(0..8) {
        0 => json!(*pick(&TEXTS, rng)),
        1 => json!(-1),
        2 => json!(0.5),
        3 => json!(data.saturating_add(rng.random_range(0..9)).saturating_sub(4)),
        4 => json!([*pick(&EDGES, rng), *pick(&EDGES, rng)]),
        5 => Value::Null,
        _ => json!(*pick(&EDGES, rng)),
    }
}
