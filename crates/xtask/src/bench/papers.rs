//! The same Markdown as pages: by the program, and by pandoc with XeLaTeX.

use std::fs;
use std::path::Path;

use super::run::{Series, once};

/// What this comparison starts.
const NEEDS: &str = "papers are compared with pandoc and XeLaTeX: `./dev bench --papers DIR` installs them \
                     (Debian: pandoc, texlive-xetex, texlive-lang-french, \
                     texlive-fonts-recommended, lmodern)";

/// The report of an example, without what only one of the two programs reads: fences of a talk and of code to be fetched.
fn plain(markdown: &str) -> String {
    let mut out = String::new();
    let mut skipped = false;
    for line in markdown.lines() {
        let opens = line.starts_with("```");
        if opens && (line.starts_with("```slide") || line.starts_with("```demo")) {
            skipped = true;
        } else if skipped {
            skipped = !opens;
        } else if opens && line.len() > 3 {
            let language = line.trim_start_matches('`').split(' ').next().unwrap_or_default();
            // Both set the same lines where the paper would show code of its repository.
            out.push_str(&format!("```{language}\n{}", "key: value # and what it is for\n".repeat(12)));
        } else if !line.starts_with("![") {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// Both programs on one paper, in a folder of their own.
pub(super) fn against_pandoc(preuve: &Path, dossier: &Path, scratch: &Path) -> Result<Vec<Series>, String> {
    let fail = |error: std::io::Error| format!("{}: {error}", dossier.display());
    let folder = scratch.join("paper");
    fs::create_dir_all(&folder).map_err(fail)?;
    let text = fs::read_to_string(dossier.join("e1-report.md")).map_err(fail)?;
    fs::write(folder.join("paper.md"), plain(&text)).map_err(fail)?;
    let manifest =
        "title: Paper\nlanguage: fr\nperson: { name: Ann }\npapers:\n  - deliverable: E1.r1\n    source: [paper.md]\n";
    fs::write(folder.join("dossier.yaml"), manifest).map_err(fail)?;
    let path = |name: &str| scratch.join(name).display().to_string();
    let (paper, dir) = (path("paper/paper.md"), path("paper"));
    let (pdf, out) = (path("pandoc.pdf"), path("out"));
    let pandoc = [paper.as_str(), "-o", &pdf, "--pdf-engine=xelatex", "--toc", "-V", "lang=fr"];
    let build = ["dossier", "build", "--folder", &dir, "--output", &out];
    let all = vec![
        Series::new("`pandoc --pdf-engine=xelatex`", Path::new("pandoc"), &pandoc),
        Series::new("`preuve dossier build`", preuve, &build),
    ];
    for series in &all {
        once(series).map_err(|why| format!("{why}\n{NEEDS}"))?;
    }
    Ok(all)
}
