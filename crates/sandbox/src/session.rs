//! A session: one run on one engine, recorded, and taken away whatever happens.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use crate::driver::Parts;
use crate::images::Images;
use crate::transcript::{Deed, Transcript};
use crate::{
    Build, Built, Change, Clock, Command, Container, Dialect, Driver, Ended, Engine, Entry, Failure, Image, Machine,
    NetworkName, Pull, Run, Spec, StandIn, State, Taken, VolumeName, boundary,
};

/// What a session is opened with.
pub struct Setting {
    pub run: Run,
    pub clock: Arc<dyn Clock>,
    /// The engine that is wanted; the first that answers when none is.
    pub dialect: Option<Dialect>,
    pub machine: Machine,
}

/// An engine, its images, and the record of what was done. It is an [`Engine`] itself: experiments take `&dyn Engine` where
/// they need no more.
pub struct Sandbox {
    engine: Held,
    run: Run,
    clock: Arc<dyn Clock>,
    transcript: Mutex<Transcript>,
    swept: Vec<String>,
    closed: AtomicBool,
    /// Whether somebody ended it before its time: nothing is made any more.
    ended: AtomicBool,
    /// How many things are being made now.
    making: AtomicUsize,
}

/// How long the end of a session waits for what is being made, in steps of [`STEP`].
const STEPS: u32 = 200;
const STEP: Duration = Duration::from_millis(50);

enum Held {
    Real { driver: Box<Driver>, images: Images },
    Played(Box<dyn Engine>),
}

impl Sandbox {
    /// Finds an engine, removes what dead runs left, builds what is missing, and tries the boundary. `say` hears what takes
    /// time: `debian`, `base`, `probe`, `boundary`.
    ///
    /// # Errors
    /// When no engine answers, an image cannot be built, or a way out of a container is open.
    pub fn open(setting: Setting, say: &mut dyn FnMut(&str)) -> Result<Self, Failure> {
        let Setting { run, clock, dialect, machine } = setting;
        let driver = Driver::find(dialect, &run, &clock)?;
        driver.confine(&machine.cache)?;
        let images = Images::new(machine);
        driver.set_helper(&images.ensure(&driver, "base", say)?);
        let swept = driver.sweep()?;
        let probe = images.ensure(&driver, "probe", say)?;
        say("boundary");
        let sandbox = Self::holding(Held::Real { driver: Box::new(driver), images }, run, clock, swept);
        boundary::check(sandbox.engine(), &probe, &sandbox.run)?;
        Ok(sandbox)
    }

    /// A session over an engine that a test plays. Every recipe has an image of its own name.
    pub fn over(engine: impl Engine + 'static, run: Run, clock: Arc<dyn Clock>) -> Self {
        Self::holding(Held::Played(Box::new(engine)), run, clock, Vec::new())
    }

    fn holding(engine: Held, run: Run, clock: Arc<dyn Clock>, swept: Vec<String>) -> Self {
        let transcript = Mutex::new(Transcript::new(run.id()));
        Self {
            engine,
            run,
            clock,
            transcript,
            swept,
            closed: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            making: AtomicUsize::new(0),
        }
    }

    fn engine(&self) -> &dyn Engine {
        match &self.engine {
            Held::Real { driver, .. } => &**driver,
            Held::Played(engine) => &**engine,
        }
    }

    /// What dead runs had left, one line each.
    pub fn swept(&self) -> &[String] {
        &self.swept
    }

    pub fn run(&self) -> &Run {
        &self.run
    }

    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// The image of a recipe, built when it is not there.
    ///
    /// # Errors
    /// When there is no such recipe or it cannot be built.
    pub fn image(&self, recipe: &str) -> Result<Image, Failure> {
        match &self.engine {
            Held::Real { driver, images } => images.ensure(driver, recipe, &mut |_| ()),
            Held::Played(_) => Ok(Image(recipe.to_owned())),
        }
    }

    /// Builds every recipe that is not there yet, but for those of programs that this machine does not have.
    ///
    /// # Errors
    /// When one cannot be built.
    pub fn build_all(&self, say: &mut dyn FnMut(&str)) -> Result<(), Failure> {
        if let Held::Real { driver, images } = &self.engine {
            for name in crate::images::names() {
                match images.ensure(driver, name, say) {
                    Ok(_) | Err(Failure::Lacking(_)) => {}
                    Err(failure) => return Err(failure),
                }
            }
        }
        Ok(())
    }

    /// The published image that was asked for, or ours in its stead: the stand-in must travel with the proof.
    ///
    /// # Errors
    /// [`Failure::NoImage`] when there is neither.
    pub fn stand_in(&self, asked: &str) -> Result<(Image, Option<StandIn>), Failure> {
        match &self.engine {
            Held::Real { driver, images } => images.stand_in(driver, asked, &mut |_| ()),
            Held::Played(_) => {
                let recipe = crate::images::recipe_for(asked).ok_or_else(|| Failure::NoImage(asked.to_owned()))?;
                Ok((Image(recipe.to_owned()), Some(StandIn::new(asked, recipe))))
            }
        }
    }

    /// A sentence in the record: `baseline`, what is broken now.
    pub fn say(&self, text: &str) {
        self.record(Deed::Said(text.to_owned()));
    }

    /// From now on, the record tells its containers apart by this mark from those of other sessions.
    pub fn mark(&self, mark: &str) {
        self.record_lock().mark(mark);
    }

    /// The record so far.
    pub fn transcript(&self) -> Transcript {
        self.record_lock().clone()
    }

    /// Ends it before its time, while others work in it: nothing is made any more, and everything is removed.
    ///
    /// # Errors
    /// When the engine does not remove.
    pub fn end(&self) -> Result<(), Failure> {
        self.ended.store(true, Ordering::SeqCst);
        let removed = self.remove_all();
        // What was being made when it ended is there only now.
        for _ in 0..STEPS {
            if self.making.load(Ordering::SeqCst) == 0 {
                break;
            }
            thread::sleep(STEP);
        }
        removed.and(self.remove_all())
    }

    /// Makes something, unless the session was ended.
    fn make<T>(&self, make: impl FnOnce(&dyn Engine) -> Result<T, Failure>) -> Result<T, Failure> {
        self.making.fetch_add(1, Ordering::SeqCst);
        let made = if self.ended.load(Ordering::SeqCst) {
            Err(Failure::Refused("the session was ended".into()))
        } else {
            make(self.engine())
        };
        self.making.fetch_sub(1, Ordering::SeqCst);
        made
    }

    fn record_lock(&self) -> MutexGuard<'_, Transcript> {
        self.transcript.lock().expect("nothing panics while it is held")
    }

    fn record(&self, deed: Deed) {
        let now = self.clock.millis();
        self.record_lock().add(now, deed);
    }

    fn done<T>(&self, what: String, result: Result<T, Failure>) -> Result<T, Failure> {
        self.record(match &result {
            Ok(_) => Deed::Did(what),
            Err(failure) => Deed::Failed(what, failure.to_string()),
        });
        result
    }

    fn name(&self, container: &Container) -> String {
        self.record_lock().name(container)
    }
}

fn raise(driver: &Driver, images: &Images, token: &str) -> Result<Container, Failure> {
    let programs = images.programs().ok_or_else(|| Failure::Lacking(crate::cluster::MISSING.into()))?;
    let cluster = images.ensure(driver, "cluster", &mut |_| ())?;
    let pause = images.ensure(driver, "pause", &mut |_| ())?;
    driver.raise_cluster(&Parts { cluster: &cluster, pause: &pause, programs: &programs, token })
}

impl Engine for Sandbox {
    fn give_way(&self, gives_way: bool) {
        self.engine().give_way(gives_way);
    }

    fn start(&self, spec: &Spec) -> Result<Container, Failure> {
        let started = self.make(|engine| engine.start(spec));
        if let Ok(container) = &started {
            self.record_lock().called(container, &spec.alias);
        }
        let name = started.as_ref().map_or_else(|_| spec.alias.clone(), |container| self.name(container));
        let kind = format!("{:?}", spec.kind).to_lowercase();
        self.done(format!("start {name} ({kind}) from {}", spec.image.0), started)
    }

    fn exec(&self, container: &Container, command: &Command) -> Result<Ended, Failure> {
        let before = self.clock.millis();
        let ended = self.engine().exec(container, command);
        match &ended {
            Ok(ended) => self.record_lock().ran(before, container, command, ended),
            Err(failure) => self.record(Deed::Failed(command.shown(), failure.to_string())),
        }
        ended
    }

    fn put(&self, container: &Container, folder: &str, files: &[Entry]) -> Result<(), Failure> {
        let what = format!("put {} files in {}:{folder}", files.len(), self.name(container));
        self.done(what, self.engine().put(container, folder, files))
    }

    fn get(&self, container: &Container, path: &str, max_bytes: u64) -> Result<Taken, Failure> {
        let what = format!("get {}:{path}", self.name(container));
        self.done(what, self.engine().get(container, path, max_bytes))
    }

    fn pull(&self, container: &Container, action: Pull) -> Result<(), Failure> {
        let what = format!("{} {}", format!("{action:?}").to_lowercase(), self.name(container));
        self.done(what, self.engine().pull(container, action))
    }

    fn state(&self, container: &Container) -> Result<State, Failure> {
        self.engine().state(container)
    }

    fn logs(&self, container: &Container, max_bytes: u64) -> Result<Vec<u8>, Failure> {
        self.engine().logs(container, max_bytes)
    }

    fn processes(&self, container: &Container) -> Result<Vec<String>, Failure> {
        self.engine().processes(container)
    }

    fn changes(&self, container: &Container) -> Result<Vec<Change>, Failure> {
        self.engine().changes(container)
    }

    fn freeze(&self, container: &Container) -> Result<Image, Failure> {
        let what = format!("freeze {}", self.name(container));
        self.done(what, self.make(|engine| engine.freeze(container)))
    }

    fn build(&self, build: &Build) -> Result<Built, Failure> {
        let before = self.clock.millis();
        let built = self.make(|engine| engine.build(build));
        match &built {
            Ok(built) => self.record_lock().built(before, build, built),
            Err(failure) => self.record(Deed::Failed("build".into(), failure.to_string())),
        }
        built
    }

    fn identity(&self, image: &Image) -> Result<String, Failure> {
        self.engine().identity(image)
    }

    fn cluster(&self) -> Result<Container, Failure> {
        let raised = self.make(|engine| match &self.engine {
            Held::Real { driver, images } => raise(driver, images, &self.run.nonce("cluster")),
            Held::Played(_) => engine.cluster(),
        });
        if let Ok(container) = &raised {
            self.record_lock().called(container, "cluster");
        }
        self.done("raise a cluster".into(), raised)
    }

    fn network(&self, name: &str) -> Result<NetworkName, Failure> {
        self.done(format!("network {name}"), self.make(|engine| engine.network(name)))
    }

    fn volume(&self, name: &str, bytes: u64) -> Result<VolumeName, Failure> {
        self.done(format!("volume {name}"), self.make(|engine| engine.volume(name, bytes)))
    }

    fn remove(&self, container: &Container) -> Result<(), Failure> {
        let what = format!("remove {}", self.name(container));
        self.done(what, self.engine().remove(container))
    }

    fn clear(&self) -> Result<(), Failure> {
        self.done("remove what runs".into(), self.engine().clear())
    }

    fn remove_all(&self) -> Result<(), Failure> {
        self.closed.store(true, Ordering::SeqCst);
        self.engine().remove_all()
    }
}

impl Drop for Sandbox {
    /// What cannot be removed now is swept at the next start.
    fn drop(&mut self) {
        if !self.closed.load(Ordering::SeqCst) {
            drop(self.engine().remove_all());
        }
    }
}
