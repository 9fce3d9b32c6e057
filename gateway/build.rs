//! Texts are read at compile time by a macro that Cargo does not see into.

fn main() {
    println!("cargo:rerun-if-changed=locales");
}
