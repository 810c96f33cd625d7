//! Marks: numbers that say what something is, for things that count no versions.

use sha2::{Digest, Sha256};

/// Bits of a mark: as many as readers of JSON keep whole that read every number as a double.
const BITS: u32 = 52;

/// A number made of these parts: other parts, another number. Never negative.
pub(crate) fn mark(parts: &[&str]) -> i64 {
    let mut digest = Sha256::new();
    for part in parts {
        // With its length, so that no end of one can pass for the beginning of the next.
        digest.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        digest.update(part);
    }
    let first = digest.finalize().iter().take(8).fold(0_u64, |all, byte| (all << 8) | u64::from(*byte));
    i64::try_from(first >> (u64::BITS - BITS)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::mark;

    #[test]
    fn other_parts_give_another_mark() {
        let known = [
            mark(&[]),
            mark(&[""]),
            mark(&["", ""]),
            mark(&["ab", "c"]),
            mark(&["a", "bc"]),
            mark(&["abc"]),
            mark(&["c", "ab"]),
        ];
        for (at, one) in known.iter().enumerate() {
            assert!((0..=(1 << 53)).contains(one), "a double keeps {one}");
            assert!(!known[at + 1..].contains(one), "{one} says two things");
        }
        assert_eq!(mark(&["ab", "c"]), mark(&["ab", "c"]));
    }
}
