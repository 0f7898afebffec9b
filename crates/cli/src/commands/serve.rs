//! `preuve serve`: the console.

use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use app::Packs;
use app::console::looking::Reach;
use app::console::programme::Retention;
use app::console::store::{Opening, Place, Store};
use app::console::{Desk, Prover};
use app::oidc::Provider;
use app::prove::Session;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use web::{Collector, Console, LogKey, Mailer, Settings, World};

use crate::args::ServeArgs;
use crate::commands::assess::cache;
use crate::commands::audit::log_key;
use crate::commands::key::{self, chance};
use crate::commands::prove::Watch;
use crate::failure::{BUG, ENVIRONMENT, Failure, USAGE};
use crate::ui::Ui;

pub(super) fn run(args: ServeArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let packs = Packs::load(&args.packs).map_err(|error| Failure::of(&error, ui.lang()))?;
    let zone = TimeZone::get(&args.time_zone)
        .map_err(|_| Failure::new(USAGE, ui.words.with("serve-no-zone", &[("zone", &args.time_zone)])))?;
    // Asked once here, so that a machine without chance is told about before anybody signs in.
    chance().ok_or_else(|| Failure::new(ENVIRONMENT, ui.words.say("error-no-chance")))?;
    web::log(&args.log);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new(ENVIRONMENT, error.to_string()))?;
    folder(&args, ui)?;
    let (listener, address) = web::listen(args.listen).map_err(|error| Failure::new(ENVIRONMENT, told(&error)))?;
    let public_url = args.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    let public_url = public_url.trim_end_matches('/').to_owned();
    let settings = Settings {
        log_key: args.log_key.as_deref().map(|file| log_key(file, ui)).transpose()?.map(LogKey),
        mailer: mailer(&args, &public_url, ui)?,
        provider: provider(&args, &public_url, ui)?,
        public_url,
        data: args.data.clone(),
        demo: false,
        behind_proxy: args.behind_proxy,
        metrics_token: args.metrics_token.clone(),
        workers: usize::from(args.workers),
        prover: prover(&args, ui)?,
        reach: Reach {
            hosts: args.git_hosts.iter().map(|host| host.to_lowercase()).collect(),
            mirror: args.mirror.clone(),
        },
        collector: collector(&args, ui)?,
        private_webhooks: args.private_webhooks,
        open_looks: args.open_assessment,
        look_days: u32::from(args.open_assessment_days),
        retention: Retention { files: args.keep_files_days, people: args.keep_people_days },
    };
    let world = world(zone);
    let served = runtime.block_on(async {
        let desk = desk(&args, &packs, &world, ui).await?;
        if let Some(prover) = &settings.prover {
            let told = |error: app::console::Error| Failure::new(ENVIRONMENT, told(&error));
            desk.believe_prover(&prover.signer.public()).await.map_err(told)?;
        }
        let demo = desk.is_demonstration().await.map_err(|error| Failure::new(ENVIRONMENT, told(&error)))?;
        let console = Arc::new(Console::new(Settings { demo, ..settings }, packs, desk, world));
        if let Some(link) = console.first_link().await.map_err(|error| Failure::new(ENVIRONMENT, error))? {
            ui.talk(&ui.words.with("serve-first-link", &[("link", &link)]));
        }
        let heard = |address: SocketAddr| {
            ui.talk(&ui.words.with("serve-listens", &[("address", &address.to_string())]));
        };
        web::serve(console, listener, heard).await.map_err(|error| Failure::new(ENVIRONMENT, told(&error)))
    });
    served?;
    Ok(ExitCode::SUCCESS)
}

/// Makes the folder of the data. It holds names, papers and secrets: nobody else reads it.
fn folder(args: &ServeArgs, ui: &Ui) -> Result<(), Failure> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&args.data).map_err(|error| {
        let path = args.data.display().to_string();
        Failure::new(ENVIRONMENT, format!("{} ({error})", ui.words.with("error-write", &[("path", &path)])))
    })
}

/// What proves here, when that was asked for: the first engine that answers, and a key of this installation.
fn prover(args: &ServeArgs, ui: &Ui) -> Result<Option<Prover>, Failure> {
    if !args.worker_prove {
        return Ok(None);
    }
    let signer = key::kept(&args.data.join("prove.key"), ui)?;
    let cache = cache().unwrap_or_else(|| args.data.join("cache"));
    let open = move |say: &mut dyn FnMut(&str)| {
        let chance = chance().ok_or("this machine gives no chance")?;
        Session::open(None, &chance, Arc::new(Watch::start()), &cache, say)
    };
    let longest = jiff::SignedDuration::from_mins(i64::from(args.worker_prove_minutes));
    Ok(Some(Prover { open: Arc::new(open), signer: Arc::new(signer), longest }))
}

/// A secret is read from a file, never from the command line, which every process of the machine can read.
fn secret(file: Option<&Path>, ui: &Ui) -> Result<Option<String>, Failure> {
    let Some(file) = file else { return Ok(None) };
    let text = std::fs::read_to_string(file).map_err(|error| {
        let path = file.display().to_string();
        Failure::new(ENVIRONMENT, format!("{} ({error})", ui.words.with("error-read-file", &[("path", &path)])))
    })?;
    Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
}

fn mailer(args: &ServeArgs, public_url: &str, ui: &Ui) -> Result<Option<Arc<Mailer>>, Failure> {
    let Some(address) = &args.smtp else { return Ok(None) };
    let password = secret(args.smtp_password_file.as_deref(), ui)?;
    let from = args.mail_from.clone().unwrap_or_else(|| format!("Preuve <preuve@{}>", host(public_url)));
    let authority = secret(args.smtp_ca.as_deref(), ui)?;
    let authority = authority.as_deref().map(str::as_bytes);
    let mailer = Mailer::of(address, password.as_deref(), &from, authority);
    mailer.map(|mailer| Some(Arc::new(mailer))).map_err(|why| Failure::new(USAGE, ui.words.say(why)))
}

fn provider(args: &ServeArgs, public_url: &str, ui: &Ui) -> Result<Option<Arc<Provider>>, Failure> {
    let (Some(issuer), Some(client)) = (&args.oidc_issuer, &args.oidc_client) else { return Ok(None) };
    let settings = app::oidc::Settings {
        issuer: issuer.clone(),
        client: client.clone(),
        secret: secret(args.oidc_secret_file.as_deref(), ui)?,
        name: args.oidc_name.clone().unwrap_or_else(|| host(issuer).to_owned()),
        redirect: format!("{}/sign-in/back", public_url.trim_end_matches('/')),
    };
    Ok(Some(Arc::new(Provider::new(settings))))
}

fn collector(args: &ServeArgs, ui: &Ui) -> Result<Option<Arc<Collector>>, Failure> {
    let named = args.otlp_endpoint.as_deref().filter(|endpoint| !endpoint.trim().is_empty());
    let Some(endpoint) = named else { return Ok(None) };
    let found = Collector::of(endpoint, &args.otlp_headers, &args.otlp_service);
    found.map(|found| Some(Arc::new(found))).map_err(|why| Failure::new(USAGE, ui.words.say(why)))
}

/// The host of an address.
fn host(url: &str) -> &str {
    let place = url.split("://").nth(1).unwrap_or(url);
    place.split(['/', ':']).next().unwrap_or(place)
}

/// The store, with the demonstration in it when that was asked for.
async fn desk(args: &ServeArgs, packs: &Packs, world: &World, ui: &Ui) -> Result<Desk, Failure> {
    let failed = |error: &dyn std::error::Error| Failure::new(ENVIRONMENT, told(error));
    let place = match &args.database {
        Some(url) => Place::of(url),
        None => Place::File(args.data.join("preuve.db")),
    };
    let chance = || chance().expect("chance was there when the console started");
    let files = args.files.clone().unwrap_or_else(|| args.data.join("files").display().to_string());
    let opening = Opening { place, files, chance: Arc::new(chance) };
    let store = Store::open(&opening).await.map_err(|error| failed(&error))?;
    let desk = Desk::new(store);
    if args.demo {
        let framework = |id: &str| packs.framework(id).map_err(|error| Failure::of(&error, ui.lang()));
        let frameworks = [framework("rs-devops")?, framework("cloud-devops-expert")?];
        let today = args.as_of.unwrap_or_else(|| world.today());
        let demo = app::console::make_demo(frameworks, args.demo_seed, today)
            .map_err(|refused| Failure::new(BUG, refused.to_string()))?;
        // Anyone may be anyone there: real people are never served that way.
        if !desk.fill(demo).await.map_err(|error| failed(&error))? {
            return Err(Failure::new(USAGE, ui.words.say("serve-not-demo")));
        }
    }
    Ok(desk)
}

/// An error with what caused it.
fn told(error: &dyn std::error::Error) -> String {
    let mut told = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        told = format!("{told}: {inner}");
        source = inner.source();
    }
    told
}

fn world(zone: TimeZone) -> World {
    #[expect(clippy::disallowed_methods, reason = "the room that knows the clock")]
    let now = Timestamp::now;
    // Chance that is gone while serving is a machine that must not go on making secrets.
    let chance = || chance().expect("chance was there when the console started");
    World { now: Box::new(now), chance: Box::new(chance), zone }
}
