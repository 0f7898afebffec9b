//! Trees made to harm a reader: bombs, cycles, depth, size, broken bytes, misleading names. Each is made in code.
//!
//! A case names its tree and, where there is one right answer, what must come out of it.

mod bytes;
mod commands;
mod containers;
mod documents;
mod infrastructure;
mod kubernetes;
mod names;
mod pipelines;
mod structures;

/// A tree, and what reading it must give.
pub struct Hostile {
    pub name: String,
    pub files: Vec<(String, Vec<u8>)>,
    pub expect: Vec<Expect>,
}

/// What must come out of a tree.
#[derive(Debug)]
pub enum Expect {
    /// A `file.unread` fact of this area.
    Unread(&'static str),
    /// Not one `file.unread` fact of this area.
    Read(&'static str),
    /// As many facts of a kind.
    Facts(&'static str, usize),
    /// At least as many facts of a kind.
    AtLeast(&'static str, usize),
    /// The outcome of a check.
    Outcome(&'static str, &'static str),
}

impl Hostile {
    fn new<P: Into<String>, C: Into<Vec<u8>>>(name: &str, files: impl IntoIterator<Item = (P, C)>) -> Self {
        let files = files.into_iter().map(|(path, content)| (path.into(), content.into())).collect();
        Self { name: name.to_owned(), files, expect: Vec::new() }
    }

    fn unread(self, area: &'static str) -> Self {
        self.expect(Expect::Unread(area))
    }

    fn read(self, area: &'static str) -> Self {
        self.expect(Expect::Read(area))
    }

    fn facts(self, kind: &'static str, count: usize) -> Self {
        self.expect(Expect::Facts(kind, count))
    }

    fn at_least(self, kind: &'static str, count: usize) -> Self {
        self.expect(Expect::AtLeast(kind, count))
    }

    fn outcome(self, check: &'static str, outcome: &'static str) -> Self {
        self.expect(Expect::Outcome(check, outcome))
    }

    fn expect(mut self, expect: Expect) -> Self {
        self.expect.push(expect);
        self
    }
}

/// One file alone.
fn one(name: &str, path: &str, content: impl Into<Vec<u8>>) -> Hostile {
    Hostile::new(name, [(path, content.into())])
}

/// The whole corpus.
pub fn corpus() -> Vec<Hostile> {
    let families = [
        bytes::cases(),
        structures::cases(),
        pipelines::cases(),
        commands::cases(),
        containers::cases(),
        kubernetes::cases(),
        infrastructure::cases(),
        documents::cases(),
        names::cases(),
    ];
    families.into_iter().flatten().collect()
}

/// A mapping of aliases that would be ten to the power of `levels` nodes.
fn bomb(levels: usize) -> String {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..levels {
        let below = vec![format!("*a{}", level - 1); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{below}]\n"));
    }
    text
}

/// `open` many times, then `close` as often.
fn nested(open: &str, close: &str, depth: usize) -> String {
    format!("{}{}", open.repeat(depth), close.repeat(depth))
}
