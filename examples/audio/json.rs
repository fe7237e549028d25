//! What the readers of JSON share.

use serde_json::Value;

/// A field of an object.
pub fn field<'a>(object: &'a Value, name: &str) -> Result<&'a Value, String> {
    object.get(name).ok_or_else(|| format!("there is no `{name}`"))
}

/// A whole number, also as the one element of a list.
pub fn whole(value: &Value) -> Result<usize, String> {
    let value = value.as_array().and_then(|list| list.first()).unwrap_or(value);
    let number = value.as_u64().ok_or_else(|| format!("expected a whole number, found {value}"))?;
    usize::try_from(number).map_err(|_| format!("{number} is too large"))
}

/// A field that is a whole number, or what it is where there is none.
pub fn whole_or(object: &Value, name: &str, default: usize) -> Result<usize, String> {
    object.get(name).map_or(Ok(default), whole)
}

/// A field that is a text; empty where there is none.
pub fn text<'a>(object: &'a Value, name: &str) -> &'a str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// All numbers of nested lists, in order.
pub fn numbers(value: &Value) -> Result<Vec<f64>, String> {
    fn collect(value: &Value, into: &mut Vec<f64>) -> Result<(), String> {
        match value {
            Value::Array(list) => list.iter().try_for_each(|value| collect(value, into)),
            _ => {
                into.push(
                    value.as_f64().ok_or_else(|| format!("expected a number, found {value}"))?,
                );
                Ok(())
            }
        }
    }
    let mut all = Vec::new();
    collect(value, &mut all)?;
    Ok(all)
}

/// The numbers of a tensor of so many dimensions, and its sizes.
pub fn tensor<const DIMS: usize>(value: &Value) -> Result<(Vec<f64>, [usize; DIMS]), String> {
    let (numbers, sizes) = (numbers(value)?, sizes(value));
    let sizes: [usize; DIMS] = sizes.try_into().map_err(|sizes: Vec<_>| {
        format!("a tensor of {} dimensions, expected {DIMS}", sizes.len())
    })?;
    if sizes.iter().product::<usize>() == numbers.len() && !numbers.is_empty() {
        Ok((numbers, sizes))
    } else {
        Err(format!("a tensor of {sizes:?} has {} numbers", numbers.len()))
    }
}

/// The sizes of nested lists, from the outermost on.
fn sizes(mut value: &Value) -> Vec<usize> {
    let mut sizes = Vec::new();
    while let Some(list) = value.as_array() {
        sizes.push(list.len());
        let Some(first) = list.first() else { break };
        value = first;
    }
    sizes
}

/// A matrix that lies row after row, transposed.
pub fn transposed(matrix: &[f64], columns: usize) -> Vec<f64> {
    let rows = matrix.len() / columns.max(1);
    (0..columns).flat_map(|j| (0..rows).map(move |i| matrix[i * columns + j])).collect()
}
