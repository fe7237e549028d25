#![deny(warnings)]
#![forbid(unsafe_code)]
use formwork::prelude::*;
const HIDDEN: usize = 3000;
network! {
    /// A net.
    pub struct Net: Image<1, 28, 28> => Vector<10> {
        fc1: Dense<HIDDEN>,
        Relu,
        Residual { inner: Dense<{ HIDDEN }>, Relu },
        block: Block<10>,
        fc2: Dense<10>,
    }
}
network! {
    /// Generic.
    pub struct Block<C>: Vector<3000> => Vector<C> {
        fc: Dense<C>,
        Relu,
    }
}
const _: () = assert!(Net::PARAMETERS > 50_000);
fn main() {
    network! { struct Inner: Vector<2> => Vector<2> { Relu } }
    println!("{}", Net::summary());
    println!("{}", Inner::summary());
    println!("{}", Net::WORKSPACE.bytes(100));
}
