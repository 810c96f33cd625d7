//! Rebuilds the crate when a methodology file changes: the files are compiled in.

fn main() {
    println!("cargo:rerun-if-changed=../../methodology");
}
