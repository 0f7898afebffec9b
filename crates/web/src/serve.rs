//! Listens, answers, and stops without cutting anyone off.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::console::Console;
use crate::{router, worker};

/// How long open requests may take when the server is asked to stop.
const LAST: Duration = Duration::from_secs(10);

/// Why the console cannot serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("listening on {address}")]
    Listen { address: SocketAddr, source: std::io::Error },
    #[error("serving")]
    Serve(#[from] std::io::Error),
}

/// Takes an address, so that what is said about it is true before anybody is served: a port of 0 is any that is free.
///
/// # Errors
/// When the address cannot be had.
pub fn listen(address: SocketAddr) -> Result<(std::net::TcpListener, SocketAddr), ServeError> {
    let failed = |source| ServeError::Listen { address, source };
    let listener = std::net::TcpListener::bind(address).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    let taken = listener.local_addr().map_err(failed)?;
    Ok((listener, taken))
}

/// Serves until the process is asked to stop. `ready` hears where.
///
/// # Errors
/// When the server fails.
pub async fn serve(
    console: Arc<Console>,
    listener: std::net::TcpListener,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), ServeError> {
    let listener = TcpListener::from_std(listener)?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    ready(listener.local_addr()?);
    let service = router::app(Arc::clone(&console)).into_make_service_with_connect_info::<SocketAddr>();
    // What a stop left between awards and credentials is made good while others are served already.
    let office = Arc::clone(&console);
    tokio::spawn(async move {
        if let Err(error) = office.settle_all().await {
            tracing::error!(error = %error, "credentials cannot be settled");
        }
    });
    let mut asked = console.stop.subscribe();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        let _ = asked.wait_for(|stop| *stop).await;
    });
    let server = tokio::spawn(server.into_future());
    let workers = worker::work(&console);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping");
    console.end();
    let ended = match tokio::time::timeout(LAST, server).await {
        Ok(Ok(ended)) => ended.map_err(ServeError::from),
        Ok(Err(failed)) => Err(ServeError::Serve(std::io::Error::other(failed))),
        // A client that never reads its answer is not waited for.
        Err(_) => Ok(()),
    };
    // What they had not finished is in the queue again.
    for worker in workers {
        let _ = tokio::time::timeout(LAST, worker).await;
    }
    ended
}

/// Log lines as JSON on stderr, one an event; `filter` is as in `RUST_LOG`.
pub fn log(filter: &str) {
    let filter = tracing_subscriber::EnvFilter::try_new(filter).unwrap_or_else(|_| "info".into());
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_current_span(true)
        .with_span_list(false)
        .with_writer(std::io::stderr)
        .finish();
    // A second call, as in tests, changes nothing.
    let _ = tracing::subscriber::set_global_default(subscriber);
}
