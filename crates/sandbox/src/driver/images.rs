//! Images made in a run: frozen states, and what a subject's Dockerfile describes.

use super::{Driver, line, succeeded};
use crate::archive::pack;
use crate::process::{Bounds, Cut};
use crate::{Build, Built, Command, Container, Dialect, Ended, Entry, Failure, Image, Kind, Status, layout};

/// Where the Dockerfile lies in the context that is sent.
const DOCKERFILE: &str = ".preuve.Dockerfile";

/// Mebibytes of a prepared state that are copied for each judged container: less work than a mount from outside.
const COPIED: u64 = 64;

impl Driver {
    /// A prepared work folder is moved out of the way of the bounded memory that judged containers have in its place.
    pub(super) fn freeze_it(&self, container: &Container) -> Result<Image, Failure> {
        let mut large = false;
        match self.about(container)?.kind {
            Kind::Guarded => return Err(Failure::Refused("a guarded container keeps nothing to freeze".into())),
            Kind::Preparing => {
                let (work, above, prepared) = (layout::WORK, layout::PREPARED, self.prepared());
                let line = format!(
                    "rm -rf {above} && mkdir -m 711 {above} && mv {work} {prepared} && mkdir -m 1777 {work} \
                     && size=$(du -s --block-size=1M {prepared} | cut -f 1) && echo $size && if [ $size -gt {COPIED} ]; \
                     then chmod {} {above}; fi",
                    self.closed()
                );
                let ended = self.exec_in(container, &Command::sh(line).root().seconds(120))?;
                if !ended.succeeded() {
                    return Err(Failure::Engine { action: "freeze".into(), message: ended.error_text() });
                }
                let size = ended.text().split_whitespace().next().and_then(|size| size.parse::<u64>().ok());
                large = size.is_some_and(|size| size > COPIED);
            }
            Kind::Host | Kind::Service => {}
        }
        let words = vec!["commit".to_owned(), container.0.clone()];
        let bounds = Bounds { seconds: 300, bytes: 1 << 20 };
        let ran = succeeded("freeze", self.engine_with(words, Vec::new(), bounds, &mut || false)?)?;
        let image = Image(line(&ran));
        if large {
            self.large.lock().expect("nothing panics while it is held").insert(image.clone());
        }
        Ok(image)
    }

    /// Where the prepared state lies. Its folder cannot be listed, and its name is drawn for the run: a subject that could read
    /// it there would see what a fault changed.
    pub(super) fn prepared(&self) -> String {
        format!("{}/{}", layout::PREPARED, self.run.nonce("prepared"))
    }

    /// How the folder above a large state is closed. A mount tells the name of what lies below it, and needs no way there.
    fn closed(&self) -> &'static str {
        match self.dialect {
            Dialect::Docker => "700",
            Dialect::Podman => "711",
        }
    }

    /// How a build is put beside a container: Podman's builder knows no containers, but it knows name spaces.
    fn network_of_builds(&self, door: &Container) -> Result<String, Failure> {
        if self.dialect == Dialect::Docker {
            return Ok(format!("--network=container:{}", door.0));
        }
        let pid = line(&self.must("inspect", &["inspect", "--format", "{{.State.Pid}}", &door.0])?);
        Ok(format!("--network=ns:/proc/{pid}/ns/net"))
    }

    pub(super) fn build_it(&self, build: &Build) -> Result<Built, Failure> {
        let mut context = build.context.clone();
        context.retain(|entry| entry.path != DOCKERFILE);
        context.push(Entry::file(DOCKERFILE, build.dockerfile.as_bytes()));
        let archive = pack(&context, 0)?;
        let mut words = vec!["build".to_owned(), format!("--file={DOCKERFILE}"), "--force-rm".into()];
        words.extend(self.run.labels());
        words.push(if build.registries { self.network_of_builds(&self.door()?)? } else { "--network=none".into() });
        words.extend(self.confinement());
        words.extend(super::flags::build_limits(&build.limits));
        words.extend(super::flags::weight(self.gives_way()));
        if !build.target.is_empty() {
            words.push(format!("--target={}", build.target));
        }
        words.extend(build.arguments.iter().map(|(name, value)| format!("--build-arg={name}={value}")));
        words.push("-".into());
        let argv: Vec<String> = ["env", "DOCKER_BUILDKIT=0"]
            .into_iter()
            .map(str::to_owned)
            .chain(self.program.iter().cloned())
            .chain(words)
            .collect();
        let bounds = Bounds { seconds: build.seconds, bytes: build.output_bytes };
        let ran = crate::process::run(&*self.clock, &argv, archive, bounds, &mut || false)?;
        let status = match ran.cut {
            Some(Cut::Flood) => Status::Flooded,
            Some(Cut::Time | Cut::Watch) => Status::TimedOut,
            None => Status::Exit(ran.code.unwrap_or(137)),
        };
        let image = (status == Status::Exit(0)).then(|| built(&String::from_utf8_lossy(&ran.stdout))).flatten();
        let ended = Ended { status, stdout: ran.stdout, stderr: ran.stderr, millis: ran.millis, pieces: ran.pieces };
        Ok(Built { image, ended })
    }
}

/// Where an image that has a published name comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// It is not here, or one of ours has borrowed the name.
    Absent,
    /// It came from a registry.
    Registry,
    /// It was built or loaded here: nobody vouches for what it holds.
    Unknown,
}

impl Origin {
    /// From the recipe of ours and the number of digests that registries gave it.
    fn told(line: &str) -> Self {
        match line.split_once('|') {
            Some(("" | "<no value>", "0")) => Self::Unknown,
            Some(("" | "<no value>", _)) => Self::Registry,
            _ => Self::Absent,
        }
    }
}

impl Driver {
    pub(crate) fn has_image(&self, image: &Image) -> Result<bool, Failure> {
        super::refusals::image(&image.0)?;
        Ok(self.engine(&["image", "inspect", "--format", "{{.Id}}", &image.0])?.succeeded())
    }

    /// What the engine knows of an image that has this name.
    pub(crate) fn origin(&self, image: &Image) -> Result<Origin, Failure> {
        super::refusals::image(&image.0)?;
        let format = "{{index .Config.Labels \"preuve.recipe\"}}|{{len .RepoDigests}}";
        let ran = self.engine(&["image", "inspect", "--format", format, &image.0])?;
        Ok(if ran.succeeded() { Origin::told(&line(&ran)) } else { Origin::Absent })
    }

    /// Takes an image from its registry; false when it has none.
    pub(crate) fn fetch_image(&self, image: &Image) -> Result<bool, Failure> {
        super::refusals::image(&image.0)?;
        let bounds = Bounds { seconds: 600, bytes: 4 << 20 };
        let words = vec!["pull".to_owned(), "--quiet".into(), image.0.clone()];
        Ok(self.engine_with(words, Vec::new(), bounds, &mut || false)?.succeeded())
    }

    pub(crate) fn import_image(&self, archive: &str, tag: &Image, bounds: Bounds) -> Result<(), Failure> {
        let words = ["import", "--change", "CMD [\"bash\"]", archive, &tag.0].map(str::to_owned).to_vec();
        succeeded("import", self.engine_with(words, Vec::new(), bounds, &mut || false)?).map(drop)
    }

    /// Builds with the builder that both engines have.
    pub(crate) fn build_with(&self, words: Vec<String>, bounds: Bounds, action: &str) -> Result<(), Failure> {
        let argv = ["env", "DOCKER_BUILDKIT=0"].into_iter().map(str::to_owned);
        let argv: Vec<String> = argv.chain(self.program.iter().cloned()).chain(words).collect();
        let ran = crate::process::run(&*self.clock, &argv, Vec::new(), bounds, &mut || false)?;
        if ran.succeeded() {
            return Ok(());
        }
        let told = String::from_utf8_lossy(if ran.cut.is_some() { &ran.stdout } else { &ran.stderr }).into_owned();
        let last: Vec<&str> = told.lines().rev().filter(|line| !line.trim().is_empty()).take(4).collect();
        let message = last.into_iter().rev().collect::<Vec<_>>().join(" / ");
        Err(Failure::Engine { action: action.to_owned(), message })
    }

    /// Runs a program of this machine, for building images.
    pub(crate) fn program(&self, action: &str, argv: &[&str], bounds: Bounds) -> Result<(), Failure> {
        let argv: Vec<String> = argv.iter().map(|word| (*word).to_owned()).collect();
        succeeded(action, crate::process::run(&*self.clock, &argv, Vec::new(), bounds, &mut || false)?).map(drop)
    }
}

/// The name that the builder gives last: a step's own output comes before it.
fn built(stdout: &str) -> Option<Image> {
    let last = stdout.lines().rev().map(str::trim).find(|line| !line.is_empty())?;
    let id = last.strip_prefix("Successfully built ").unwrap_or(last);
    let plain = id.len() >= 12 && id.trim_start_matches("sha256:").chars().all(|c| c.is_ascii_hexdigit());
    plain.then(|| Image(id.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_names_the_image() {
        let image = |name: &str| Some(Image(name.into()));
        assert_eq!(
            built("Step 1\nSuccessfully built ffffffffffff\nSuccessfully built 0123456789ab\n"),
            image("0123456789ab")
        );
        assert_eq!(built("COMMIT\n0123456789abcdef\n"), image("0123456789abcdef"));
        assert_eq!(built("Successfully built evil --privileged\n"), None);
        assert_eq!(built(""), None);
    }
}
