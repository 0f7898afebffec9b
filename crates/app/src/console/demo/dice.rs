//! Chance that repeats: every draw follows from the seed.

use sha2::{Digest, Sha256};

/// Draws in a fixed order.
pub(super) struct Dice {
    seed: u64,
    drawn: u64,
}

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed, drawn: 0 }
    }

    /// Sixteen bytes for an identifier; the same label gives others the next time.
    pub(super) fn bytes(&mut self, label: &str) -> [u8; 16] {
        self.drawn += 1;
        let digest = Sha256::digest(format!("{}/{}/{label}", self.seed, self.drawn));
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        bytes
    }

    /// A number below `n`.
    pub(super) fn below(&mut self, n: u32) -> u32 {
        let bytes = self.bytes("below");
        u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) % n.max(1)
    }

    /// A commit that no repository has.
    pub(super) fn commit(&mut self) -> String {
        let (one, two) = (self.bytes("commit"), self.bytes("commit"));
        one.iter().chain(&two[..4]).map(|byte| format!("{byte:02x}")).collect()
    }

    /// The digest of a file that does not exist.
    pub(super) fn digest(&mut self) -> String {
        let (one, two) = (self.bytes("digest"), self.bytes("digest"));
        one.iter().chain(&two).map(|byte| format!("{byte:02x}")).collect()
    }

    /// Letters and digits that people can tell apart, in groups.
    pub(super) fn code(&mut self) -> String {
        const LETTERS: &[u8] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
        let letter = |byte: &u8| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]);
        let letters: Vec<char> = self.bytes("code").iter().take(12).map(letter).collect();
        letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
    }
}
