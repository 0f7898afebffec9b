//! .NET components: project files.

use std::sync::LazyLock;

use regex::Regex;

use super::Component;
use super::component::sources;
use crate::{File, Project};

static FLOATING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"<Package(?:Reference|Version)[^>]*\bVersion="[^"]*[*\[(][^"]*""#).expect("a constant expression")
});

pub(super) fn is_manifest(file: &File) -> bool {
    matches!(file.extension().as_str(), "csproj" | "fsproj" | "vbproj")
}

/// The component of a project file.
pub(super) fn component(project: &Project, file: &File, nested: &[String]) -> Option<Component> {
    let dir = file.dir();
    sources(project, dir, nested, &["cs", "fs", "vb", "cshtml", "razor"]).next()?;
    let text = file.str();
    let mut component = Component::new(file, dir, "csharp", "nuget");
    component.name = file.name().rsplit_once('.').map_or(file.name(), |(stem, _)| stem).to_owned();
    component.example |= text.contains("Microsoft.NET.Test.Sdk") || text.contains("<IsTestProject>true");
    component.dependencies = text.contains("<PackageReference");
    let started = text.contains("<OutputType>Exe") || text.contains("Sdk.Web") || text.contains("Sdk.Worker");
    component.library = !started && text.contains("<PackageId>");
    let component = component.lock_by(project, &["packages.lock.json"]);
    // NuGet takes the lowest version that fits: exact numbers resolve to one set, floating ones do not.
    Some(match FLOATING.find(text) {
        Some(found) if !component.locked => Component { lock_at: file.at(found.range()), ..component },
        _ => Component { locked: true, ..component },
    })
}
