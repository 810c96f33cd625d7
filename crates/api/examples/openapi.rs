//! Prints the description of the API: `cargo run -p gangway-api --example openapi > docs/openapi.json`.

fn main() {
    println!("{:#}", gangway_api::document());
}
