//! The log against RFC 6962's own numbers, against another implementation, and against those who alter it.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use sha2::Sha256;

use super::*;
use crate::encoding::unhex;
use crate::key::Signer;

/// The leaves and roots that implementations of Certificate Transparency are tested with.
const LEAVES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn hashes(count: usize) -> Vec<Hash> {
    (0..count).map(|n| leaf(&n.to_be_bytes())).collect()
}

#[test]
fn the_roots_are_those_of_the_standard() {
    let mut frontier = Frontier::default();
    let mut leaves = Vec::new();
    assert_eq!(hex::encode(frontier.root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (bytes, expected) in LEAVES.iter().zip(ROOTS) {
        let bytes = unhex(bytes).unwrap();
        frontier.push(&bytes);
        leaves.push(leaf(&bytes));
        assert_eq!(hex::encode(frontier.root()), expected);
        assert_eq!(hex::encode(root(&leaves)), expected);
    }
}

#[test]
fn another_implementation_finds_the_same() {
    let mut theirs = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    let mut leaves = Vec::new();
    for n in 0..70_usize {
        theirs.push(n.to_be_bytes().to_vec());
        leaves.push(leaf(&n.to_be_bytes()));
        assert_eq!(theirs.root().as_bytes().as_slice(), root(&leaves));
        for index in [0, n / 2, n] {
            let path: Vec<u8> = inclusion(&leaves, index).unwrap().concat();
            assert_eq!(theirs.prove_inclusion(index).as_bytes(), path, "{index} of {n}");
        }
    }
}

proptest! {
    #[test]
    fn every_leaf_is_proven_and_no_other(size in 1_usize..200, index in 0_usize..200, bit in 0_usize..256) {
        let leaves = hashes(size);
        let index = index % size;
        let (grown, path) = (root(&leaves), inclusion(&leaves, index).unwrap());
        let proven = |leaf: &Hash, index: usize, path: &[Hash], root: &Hash| includes(leaf, index as u64, size as u64, path, root);
        prop_assert!(proven(&leaves[index], index, &path, &grown));
        prop_assert!(!proven(&leaf(b"other"), index, &path, &grown));
        prop_assert!(!proven(&leaves[index], index + 1, &path, &grown));
        let mut other = grown;
        other[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!proven(&leaves[index], index, &path, &other));
        if !path.is_empty() {
            prop_assert!(!proven(&leaves[index], index, &path[1..], &grown));
        }
    }

    #[test]
    fn growth_is_proven_and_rewriting_is_not(size in 1_usize..120, more in 0_usize..120, altered in 0_usize..120) {
        let leaves = hashes(size + more);
        let (before, after) = (root(&leaves[..size]), root(&leaves));
        let path = consistency(&leaves, size).unwrap();
        prop_assert!(extends((size as u64, &before), ((size + more) as u64, &after), &path));
        let mut rewritten = leaves.clone();
        rewritten[altered % size] = leaf(b"altered");
        let path = consistency(&rewritten, size).unwrap();
        prop_assert!(!extends((size as u64, &before), ((size + more) as u64, &root(&rewritten)), &path));
    }

    #[test]
    fn a_frontier_is_the_whole_tree(size in 0_usize..300) {
        let leaves = hashes(size);
        let mut frontier = Frontier::default();
        leaves.iter().for_each(|hash| frontier.push_hash(*hash));
        prop_assert_eq!(frontier.root(), root(&leaves));
    }
}

#[test]
fn a_checkpoint_is_believed_from_its_key_alone() {
    let signer = Signer::new([3; 32]);
    let checkpoint = Checkpoint { origin: "example.org/log".to_owned(), size: 8, root: root(&hashes(8)) };
    let note = checkpoint.sign(&signer);
    let trusted = |name: &str, signer: &Signer| Trusted { name: name.to_owned(), key: signer.public() };
    let own = trusted("example.org/log", &signer);
    assert_eq!(Checkpoint::open(&note, &own), Ok(checkpoint));
    assert_eq!(Checkpoint::open(&note, &trusted("example.org/other", &signer)), Err(NoteError::Origin));
    assert_eq!(Checkpoint::open(&note, &trusted("example.org/log", &Signer::new([4; 32]))), Err(NoteError::Signature));
    assert_eq!(Checkpoint::open(&note.replace("\n8\n", "\n9\n"), &own), Err(NoteError::Signature));
    assert_eq!(Checkpoint::open(&note.replace("\n8\n", "\n08\n"), &own), Err(NoteError::Shape));
    for text in ["", "\n\n", "a\n\n", "a\nb\nc\n\n\u{2014} a"] {
        assert!(Checkpoint::open(text, &own).is_err());
    }
    expect_test::expect![[r#"
        example.org/log
        8
        sVrNixzPepuBwE9psn5cq9Z+kL4Ob/ak0e2HAEpPDME=

        — example.org/log
    "#]]
    .assert_eq(&note.replace(note.split(' ').next_back().unwrap_or_default(), "\n").replace(" \n", "\n"));
}
