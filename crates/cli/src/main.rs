fn main() { println!("gangway"); }
