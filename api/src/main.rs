//! The `comptoir` binary.
fn main() {}
