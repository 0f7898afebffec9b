//! RDF Dataset Canonicalization (RDFC-1.0): nameless nodes get names that follow from what is said of them alone.
//!
//! Telling apart nodes that look alike takes work that can grow like the factorial of their number. The work is
//! counted and bounded here, which is why this is not left to a library.

use std::collections::{BTreeMap, BTreeSet};

use oxrdf::{BlankNode, GraphName, NamedOrBlankNode, Quad, Term};

use crate::encoding::sha256;

/// Orders tried and nodes visited; a real credential takes some hundred.
const WORK: usize = 20_000;
/// As deep as nodes that look alike may hang together.
const DEPTH: usize = 64;

/// A dataset made to keep a verifier busy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooMuchWork;

/// A nameless node, by its number.
type Node = usize;

/// Names given so far, in order.
#[derive(Clone, Default)]
struct Issuer {
    names: BTreeMap<Node, usize>,
    order: Vec<Node>,
}

impl Issuer {
    fn issue(&mut self, node: Node) -> usize {
        let next = self.order.len();
        let order = &mut self.order;
        *self.names.entry(node).or_insert_with(|| {
            order.push(node);
            next
        })
    }
}

struct Canon<'a> {
    quads: &'a [Quad],
    numbers: BTreeMap<String, Node>,
    /// Where each node is spoken of.
    of: Vec<Vec<usize>>,
    looks: Vec<String>,
    named: Issuer,
    left: usize,
}

/// The canonical lines of a dataset, sorted and without doubles.
pub(crate) fn lines(quads: &[Quad]) -> Result<BTreeSet<String>, TooMuchWork> {
    let mut canon = Canon::new(quads);
    canon.run()?;
    let name = |node: &BlankNode| {
        let number = canon.numbers.get(node.as_str()).and_then(|node| canon.named.names.get(node));
        format!("c14n{}", number.copied().unwrap_or_default())
    };
    Ok(quads.iter().map(|quad| format!("{} .\n", renamed(quad, name))).collect())
}

/// A statement with its nameless nodes renamed.
fn renamed(quad: &Quad, name: impl Fn(&BlankNode) -> String) -> Quad {
    let mut quad = quad.clone();
    let new = |node: &BlankNode| BlankNode::new_unchecked(name(node));
    if let NamedOrBlankNode::BlankNode(node) = &mut quad.subject {
        *node = new(node);
    }
    if let Term::BlankNode(node) = &mut quad.object {
        *node = new(node);
    }
    if let GraphName::BlankNode(node) = &mut quad.graph_name {
        *node = new(node);
    }
    quad
}

/// The nameless nodes of a statement, with their positions.
fn nameless(quad: &Quad) -> Vec<(&'static str, &BlankNode)> {
    let mut out = Vec::new();
    if let NamedOrBlankNode::BlankNode(node) = &quad.subject {
        out.push(("s", node));
    }
    if let Term::BlankNode(node) = &quad.object {
        out.push(("o", node));
    }
    if let GraphName::BlankNode(node) = &quad.graph_name {
        out.push(("g", node));
    }
    out
}

fn hashed(text: &str) -> String {
    hex::encode(sha256(text.as_bytes()))
}

impl<'a> Canon<'a> {
    fn new(quads: &'a [Quad]) -> Self {
        let mut canon = Self {
            quads,
            numbers: BTreeMap::new(),
            of: Vec::new(),
            looks: Vec::new(),
            named: Issuer::default(),
            left: WORK,
        };
        for (index, quad) in quads.iter().enumerate() {
            for (_, node) in nameless(quad) {
                let next = canon.numbers.len();
                let number = *canon.numbers.entry(node.as_str().to_owned()).or_insert(next);
                if number == next {
                    canon.of.push(Vec::new());
                }
                if canon.of[number].last() != Some(&index) {
                    canon.of[number].push(index);
                }
            }
        }
        canon.looks = (0..canon.of.len()).map(|node| canon.look(node)).collect();
        canon
    }

    fn number(&self, node: &BlankNode) -> Node {
        self.numbers.get(node.as_str()).copied().unwrap_or_default()
    }

    /// What is said of a node directly: *Hash First Degree Quads*.
    fn look(&self, node: Node) -> String {
        let seen = |other: &BlankNode| if self.number(other) == node { "a" } else { "z" }.to_owned();
        let mut lines: Vec<String> =
            self.of[node].iter().map(|index| format!("{} .\n", renamed(&self.quads[*index], seen))).collect();
        lines.sort_unstable();
        hashed(&lines.concat())
    }

    fn run(&mut self) -> Result<(), TooMuchWork> {
        let mut by_look: BTreeMap<String, Vec<Node>> = BTreeMap::new();
        for (node, look) in self.looks.iter().enumerate() {
            by_look.entry(look.clone()).or_default().push(node);
        }
        for nodes in by_look.values().filter(|nodes| nodes.len() == 1) {
            self.named.issue(nodes[0]);
        }
        for nodes in by_look.into_values().filter(|nodes| nodes.len() > 1) {
            let mut paths = Vec::new();
            for node in nodes {
                if self.named.names.contains_key(&node) {
                    continue;
                }
                let mut issuer = Issuer::default();
                issuer.issue(node);
                paths.push(self.around(node, issuer, 0)?);
            }
            paths.sort_by(|(left, _), (right, _)| left.cmp(right));
            for (_, issuer) in paths {
                for node in issuer.order {
                    self.named.issue(node);
                }
            }
        }
        Ok(())
    }

    /// What is said of a node through others: *Hash N-Degree Quads*.
    fn around(&mut self, node: Node, mut issuer: Issuer, depth: usize) -> Result<(String, Issuer), TooMuchWork> {
        self.work(1)?;
        if depth > DEPTH {
            return Err(TooMuchWork);
        }
        let mut related: BTreeMap<String, Vec<Node>> = BTreeMap::new();
        for index in &self.of[node] {
            let quad = &self.quads[*index];
            for (position, other) in nameless(quad) {
                let other = self.number(other);
                if other != node {
                    related.entry(self.relation(other, quad, &issuer, position)).or_default().push(other);
                }
            }
        }
        let mut data = String::new();
        for (hash, mut nodes) in related {
            data.push_str(&hash);
            nodes.sort_unstable();
            let mut chosen: Option<(String, Issuer)> = None;
            loop {
                self.work(nodes.len())?;
                let found = self.path(&nodes, &issuer, chosen.as_ref().map(|(path, _)| path.as_str()), depth)?;
                if let Some(found) = found.filter(|(path, _)| chosen.as_ref().is_none_or(|(best, _)| path < best)) {
                    chosen = Some(found);
                }
                if !next(&mut nodes) {
                    break;
                }
            }
            if let Some((path, with)) = chosen {
                data.push_str(&path);
                issuer = with;
            }
        }
        Ok((hashed(&data), issuer))
    }

    /// One order of nodes that look alike; none when it is worse than the best.
    fn path(
        &mut self,
        nodes: &[Node],
        issuer: &Issuer,
        best: Option<&str>,
        depth: usize,
    ) -> Result<Option<(String, Issuer)>, TooMuchWork> {
        let (mut issuer, mut path, mut open) = (issuer.clone(), String::new(), Vec::new());
        let worse = |path: &str| best.is_some_and(|best| path.len() >= best.len() && path > best);
        for node in nodes {
            if let Some(name) = self.named.names.get(node) {
                path.push_str(&format!("_:c14n{name}"));
            } else {
                if !issuer.names.contains_key(node) {
                    open.push(*node);
                }
                path.push_str(&format!("_:b{}", issuer.issue(*node)));
            }
            if worse(&path) {
                return Ok(None);
            }
        }
        for node in open {
            let (hash, with) = self.around(node, issuer.clone(), depth + 1)?;
            path.push_str(&format!("_:b{}<{hash}>", issuer.issue(node)));
            issuer = with;
            if worse(&path) {
                return Ok(None);
            }
        }
        Ok(Some((path, issuer)))
    }

    /// How one node speaks of another: *Hash Related Blank Node*.
    fn relation(&self, other: Node, quad: &Quad, issuer: &Issuer, position: &str) -> String {
        let predicate = if position == "g" { String::new() } else { quad.predicate.to_string() };
        let known = self.named.names.get(&other).map(|name| format!("_:c14n{name}"));
        let known = known.or_else(|| issuer.names.get(&other).map(|name| format!("_:b{name}")));
        hashed(&format!("{position}{predicate}{}", known.as_ref().unwrap_or(&self.looks[other])))
    }

    fn work(&mut self, amount: usize) -> Result<(), TooMuchWork> {
        self.left = self.left.checked_sub(amount).ok_or(TooMuchWork)?;
        Ok(())
    }
}

/// The next order of a list that may hold the same node several times; whether there is one.
fn next(nodes: &mut [Node]) -> bool {
    let Some(at) = nodes.windows(2).rposition(|pair| pair[0] < pair[1]) else { return false };
    let other = nodes.iter().rposition(|node| *node > nodes[at]).unwrap_or(at);
    nodes.swap(at, other);
    nodes[at + 1..].reverse();
    true
}

#[cfg(test)]
mod tests {
    use oxrdf::dataset::{CanonicalizationAlgorithm, CanonicalizationHashAlgorithm};
    use oxrdf::{Dataset, NamedNode};
    use proptest::prelude::*;

    use super::*;

    fn graph(edges: &[(usize, usize, usize)]) -> Vec<Quad> {
        let node = |n: usize| BlankNode::new_unchecked(format!("n{n}"));
        let predicate = |n: usize| NamedNode::new_unchecked(format!("urn:p{n}"));
        let edges: BTreeSet<_> = edges.iter().collect();
        edges
            .into_iter()
            .map(|(from, by, to)| Quad::new(node(*from), predicate(*by), node(*to), GraphName::DefaultGraph))
            .collect()
    }

    proptest! {
        /// A library does the same without bounds; datasets of one graph alone, where it follows the standard.
        #[test]
        fn a_library_finds_the_same(edges in proptest::collection::vec((0_usize..5, 0_usize..2, 0_usize..5), 1..9)) {
            let quads = graph(&edges);
            let mut theirs: Dataset = quads.iter().map(Quad::as_ref).collect();
            theirs.canonicalize(CanonicalizationAlgorithm::Rdfc10 { hash_algorithm: CanonicalizationHashAlgorithm::Sha256 });
            let theirs: BTreeSet<String> = theirs.iter().map(|quad| format!("{quad} .\n")).collect();
            prop_assert_eq!(lines(&quads), Ok(theirs));
        }

        #[test]
        fn names_and_order_do_not_matter(edges in proptest::collection::vec((0_usize..5, 0_usize..2, 0_usize..5), 1..9), by in 1_usize..5) {
            let renamed: Vec<_> = edges.iter().rev().map(|(from, p, to)| ((from + by) % 5, *p, (to + by) % 5)).collect();
            prop_assert_eq!(lines(&graph(&edges)), lines(&graph(&renamed)));
        }
    }

    #[test]
    fn what_would_never_end_is_given_up() {
        let all: Vec<_> =
            (0..12).flat_map(|from| (0..12).map(move |to| (from, 0, to))).filter(|(from, _, to)| from != to).collect();
        assert_eq!(lines(&graph(&all)), Err(TooMuchWork));
        let chain: Vec<_> = (0..3_000).map(|n| (n, 0, (n + 1) % 3_000)).collect();
        assert_eq!(lines(&graph(&chain)), Err(TooMuchWork));
    }
}
