//! The root of a growing list of hashes, as in RFC 6962, kept in as many hashes as its length has bits.

use sha2::{Digest, Sha256};

/// The complete subtrees of the list so far, largest first.
#[derive(Clone, Default)]
pub(crate) struct Growing {
    size: u64,
    peaks: Vec<[u8; 32]>,
}

impl Growing {
    pub(crate) fn push(&mut self, leaf: &[u8]) {
        let mut hash: [u8; 32] = Sha256::new().chain_update([0]).chain_update(leaf).finalize().into();
        let mut size = self.size;
        // Every trailing one of the old size is a subtree as large as the one that just became complete.
        while size & 1 == 1 {
            let left = self.peaks.pop().expect("one peak for every one of the size");
            hash = node(&left, &hash);
            size >>= 1;
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    pub(crate) fn root(&self) -> [u8; 32] {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else { return Sha256::digest([]).into() };
        peaks.fold(*last, |right, left| node(left, &right))
    }
}

fn node(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::Growing;
    use crate::record::hex;

    /// The test vectors that implementations of RFC 6962 share.
    #[test]
    fn roots_are_those_that_others_compute() {
        let leaves: [&[u8]; 8] = [
            &[],
            &[0x00],
            &[0x10],
            &[0x20, 0x21],
            &[0x30, 0x31],
            &[0x40, 0x41, 0x42, 0x43],
            &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
            &[0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
        ];
        let expected = [
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let mut growing = Growing::default();
        assert_eq!(hex(&growing.root()), expected[0]);
        for (leaf, expected) in leaves.into_iter().zip(&expected[1..]) {
            growing.push(leaf);
            assert_eq!(hex(&growing.root()), *expected);
        }
    }
}
