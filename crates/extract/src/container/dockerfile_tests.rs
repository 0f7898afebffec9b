//! What the reader of Dockerfiles makes of usual, tricky and hostile texts.

use super::*;

fn user(text: &str) -> Option<String> {
    let file = read(text);
    let stage = file.target(None)?;
    file.user(stage).and_then(|(_, user)| user)
}

#[test]
fn stages_arguments_and_names_are_read() {
    let file = read(
        "ARG V=20\nFROM --platform=$BUILDPLATFORM node:${V}-alpine AS Build\nRUN x\nFROM build\nFROM node:$NONE\n",
    );
    let resolved: Vec<Option<&str>> = file.stages.iter().map(|stage| stage.resolved.as_deref()).collect();
    assert_eq!(resolved, [Some("node:20-alpine"), Some("build"), None]);
    assert_eq!(file.stages[1].parent, Some(0));
}

#[test]
fn continuations_comments_and_heredocs_do_not_leak() {
    let check = |text: &str, keywords: &[&str]| {
        let found: Vec<String> = instructions(text).into_iter().map(|one| one.keyword).collect();
        assert_eq!(found, keywords, "{text:?}");
    };
    check("FROM a\nRUN one \\\n  # USER root\n\n  && two\nUSER app\n", &["FROM", "RUN", "USER"]);
    check("FROM a\nRUN <<EOF\nUSER root\nFROM x\nEOF\nUSER app\n", &["FROM", "RUN", "USER"]);
    check("FROM a\nCOPY <<-\"END\" /x\n\tUSER root\n\tEND\nUSER 1\n", &["FROM", "COPY", "USER"]);
    check("FROM a\nRUN <<A cat > x && <<B cat\n1\nA\n2\nB\nUSER 1\n", &["FROM", "RUN", "USER"]);
    check("FROM a\nRUN cat <<< word\nUSER 1\n", &["FROM", "RUN", "USER"]);
    check("# escape=`\nFROM a\nRUN dir `\n c:\\\nUSER app\n", &["FROM", "RUN", "USER"]);
    check("FROM a\n# FROM b\n", &["FROM"]);
    check("from a\nuser app\n", &["FROM", "USER"]);
    check("FROM a\nRUN --mount=type=cache,target=/x make\n", &["FROM", "RUN"]);
}

#[test]
fn the_last_user_of_the_final_stage_counts() {
    let check = |text: &str, expected: Option<&str>| assert_eq!(user(text).as_deref(), expected, "{text:?}");
    check("FROM a\nUSER app:app\n", Some("app:app"));
    check("FROM a\nUSER app\nUSER root\n", Some("root"));
    check("FROM a AS x\nUSER app\nFROM x\nRUN y\n", Some("app"));
    check("FROM a AS x\nUSER app\nFROM b\n", None);
    check("ARG U=9\nFROM a\nARG U\nUSER ${U}:${G:-3}\n", Some("9:3"));
    check("FROM a\nENV NAME app\nUSER $NAME\n", Some("app"));
    check("FROM a\nUSER $NAME\n", None);
    check("FROM a\nONBUILD USER app\n", None);
}

#[test]
fn ranges_cover_the_whole_instruction() {
    let text = "FROM a\nRUN one \\\n  two\nUSER app\n";
    let found = instructions(text);
    assert_eq!(&text[found[1].range.clone()], "RUN one \\\n  two");
    assert_eq!(&text[found[2].range.clone()], "USER app");
}

#[test]
fn hostile_texts_are_read() {
    let deep = format!("FROM a\n{}", "RUN x \\\n".repeat(20_000));
    let many = "FROM a AS a\n".repeat(20_000);
    let texts = [
        "",
        "\\",
        "\\\n\\\n\\",
        "FROM",
        "FROM \nUSER",
        "FROM a AS",
        "RUN <<",
        "RUN <<EOF",
        "FROM ${",
        "FROM $",
        "FROM ${A:-",
        "FROM é:ü AS ñ\nUSER ${é}",
        "# escape=\n",
        "FROM a AS a\nFROM a\nUSER",
        "ENV\nARG =\nFROM a\nENV =\nUSER $",
        "\u{feff}FROM a",
        &deep,
        &many,
    ];
    for text in texts {
        let file = read(text);
        if let Some(stage) = file.target(Some("x")) {
            let _ = (file.user(stage), file.root(stage));
        }
    }
}
