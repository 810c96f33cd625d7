fn main() {
    println!("gangway");
}
