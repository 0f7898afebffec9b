//! Makefiles, scripts and package scripts that run each other, and shell that never ends.

use super::{Hostile, nested, one};

/// A pipeline that runs one line.
fn runs(line: &str) -> (&'static str, String) {
    (".gitlab-ci.yml", format!("build:\n  script:\n    - {line}\n"))
}

/// A pipeline whose script is a block.
fn block(name: &str, script: &str) -> Hostile {
    let indented: String = script.lines().map(|line| format!("      {line}\n")).collect();
    one(name, ".gitlab-ci.yml", format!("build:\n  script:\n    - |\n{indented}")).facts("ci.job", 1)
}

fn with(name: &str, line: &str, path: &str, content: impl Into<Vec<u8>>) -> Hostile {
    let (pipeline, text) = runs(line);
    Hostile::new(name, [(pipeline, text.into_bytes()), (path, content.into())]).facts("ci.job", 1)
}

pub(super) fn cases() -> Vec<Hostile> {
    let fan: String = (0..60).map(|n| format!("t{n}: t{0} t{0}\n\t$(MAKE) t{0}\n\tmake t{0}\n", n + 1)).collect();
    let variables: String = (1..60).map(|n| format!("V{n} = $(V{0})$(V{0})\n", n - 1)).collect();
    let recipes: String = (0..50).map(|n| format!("r{n}: r{0}\n  just r{0}\n  just r{0}\n", n + 1)).collect();
    let scripts: String = (0..40).map(|n| format!("\"s{n}\": \"npm run s{0} && npm run s{0}\",", n + 1)).collect();
    let tasks: String =
        (0..40).map(|n| format!("  t{n}: {{deps: [t{0}, t{0}], cmds: [{{task: t{0}}}]}}\n", n + 1)).collect();
    vec![
        with("make targets in a circle", "make a", "Makefile", "a: b\n\tmake b\nb: a\n\t$(MAKE) a\n"),
        with("make targets that double", "make t0", "Makefile", fan),
        with("make variables that double", "make a", "Makefile", format!("V0 = x\n{variables}a:\n\t$(V59)\n")),
        with("a make variable of itself", "make a", "Makefile", "V = $(V) x\na:\n\t$(V)\n"),
        with(
            "a makefile that includes itself",
            "make a",
            "Makefile",
            "include Makefile\ninclude ../../Makefile\na:\n\techo\n",
        ),
        with(
            "deep make functions",
            "make a",
            "Makefile",
            format!("V = {}\na:\n\t$(V)\n", nested("$(subst a,", ")", 30_000)),
        ),
        with("continued lines without end", "make a", "Makefile", format!("a:\n\t{}", "x \\\n".repeat(100_000))),
        with("conditionals never closed", "make a", "Makefile", "ifeq (a,b)\n".repeat(20_000)),
        with("just recipes that double", "just r0", "justfile", recipes),
        with("a just recipe of itself", "just a", "justfile", "a: a\n  just a\n"),
        with(
            "package scripts in a circle",
            "npm run a",
            "package.json",
            "{\"scripts\": {\"a\": \"npm run b\", \"b\": \"yarn a; pnpm run b\"}}",
        ),
        with(
            "package scripts that double",
            "npm run s0",
            "package.json",
            format!("{{\"scripts\": {{{scripts}\"x\": \"\"}}}}"),
        ),
        with("tasks that double", "task t0", "Taskfile.yml", format!("version: 3\ntasks:\n{tasks}")),
        with("a script that runs itself", "./a.sh", "a.sh", "#!/bin/sh\n./a.sh; sh a.sh; . ./a.sh; exec ./a.sh\n"),
        with("deep subshells in a script", "./a.sh", "a.sh", format!("#!/bin/sh\n{}", nested("(", ")", 20_000))),
        with("a script of braces", "./a.sh", "a.sh", format!("#!/bin/bash\n{}", "{ if while [[ $(( ".repeat(8_000))),
        block("command substitutions", &nested("$(echo ", ")", 3_000)),
        block("back quotes", &"`a ".repeat(3_000)),
        block("parameter expansions", &nested("${A:-", "}", 3_000)),
        block("arithmetic", &format!("echo $(({}))", nested("(", ")", 3_000))),
        block("quotes in quotes", &nested("\"$(", ")\"", 2_000)),
        block("if without fi", &"if true; then\n".repeat(3_000)),
        block("case without esac", &"case a in b)\n".repeat(2_000)),
        block("functions in functions", &nested("f() { ", "; }", 2_000)),
        block("a function that calls itself", "f() { f; g; }\ng() { f; g; f; }\nf\n"),
        block("pipes", &format!("a{}", " | a".repeat(20_000))),
        block("and-lists", &format!("a{}", " && b || c".repeat(10_000))),
        block("here documents never ended", &"cat <<A <<'B' <<-\"C\"\n".repeat(2_000)),
        block("shells that run shells", &format!("{}true", "sh -c ".repeat(5_000))),
        block("commands that run commands", &format!("{}make", "sudo env time nice xargs timeout 1 ".repeat(3_000))),
        block("evals of quoted shells", &(0..12).fold("make".to_owned(), |inner, _| format!("bash -c {inner:?}"))),
        block("loops in loops", &nested("for a in b; do ", "; done", 1_000)),
        block("extended tests", &format!("[[ {} ]]", nested("( ! ", ")", 2_000))),
        block("brace expansion", &nested("{a,", "}", 5_000)),
        block("patterns", &format!("case x in {}) a;; esac", "@(a|".repeat(3_000))),
    ]
}
