//! Names of types, for people.

/// The name of a type without the path to it and without what it is generic in; a closure is called
/// one.
pub(crate) fn kind<A: ?Sized>() -> &'static str {
    let path = core::any::type_name::<A>();
    let path = path.split('<').next().unwrap_or(path);
    match path.rsplit("::").next().unwrap_or(path) {
        "{{closure}}" => "closure",
        name => name,
    }
}
