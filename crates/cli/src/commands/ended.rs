//! A run that somebody ends before its time, by Ctrl-C or from a service manager: what it made is removed first.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use app::prove::Ender;
use tokio::signal::unix::{SignalKind, signal};

/// How long removing may take. The next start removes what was left.
const LONGEST: Duration = Duration::from_secs(40);

/// What a shell tells of a process that a signal ended.
const INTERRUPTED: i32 = 130;
const TERMINATED: i32 = 143;

/// Whether the process is being ended.
pub(super) struct Ending(Arc<AtomicBool>);

impl Ending {
    /// Goes on only where nobody ends the process: what somebody finds whose session is taken away is no result.
    pub(super) fn hold(&self) {
        while self.0.load(Ordering::SeqCst) {
            std::thread::park();
        }
    }
}

/// From now on, being asked to end removes what the sessions made, and ends the process. Being asked twice ends it at once.
pub(super) fn on_signal(enders: Vec<Ender>, say: impl FnOnce() + Send + 'static) -> Ending {
    let begun = Arc::new(AtomicBool::new(false));
    let ending = Ending(Arc::clone(&begun));
    std::thread::spawn(move || {
        // Without a runtime, signals end the process as they always did.
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        if let Some(code) = runtime.block_on(wait(enders, &begun, say)) {
            end(code);
        }
    });
    ending
}

async fn wait(enders: Vec<Ender>, begun: &AtomicBool, say: impl FnOnce()) -> Option<i32> {
    let mut terminate = signal(SignalKind::terminate()).ok()?;
    let mut interrupt = signal(SignalKind::interrupt()).ok()?;
    let code = tokio::select! {
        _ = terminate.recv() => TERMINATED,
        _ = interrupt.recv() => INTERRUPTED,
    };
    begun.store(true, Ordering::SeqCst);
    say();
    tokio::select! {
        _ = tokio::task::spawn_blocking(move || end_all(&enders)) => {}
        () = tokio::time::sleep(LONGEST) => {}
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Some(code)
}

fn end_all(enders: &[Ender]) {
    std::thread::scope(|scope| enders.iter().for_each(|ender| drop(scope.spawn(|| ender.end()))));
}

#[expect(clippy::exit, reason = "whoever works in the session is not waited for")]
fn end(code: i32) -> ! {
    std::process::exit(code)
}
