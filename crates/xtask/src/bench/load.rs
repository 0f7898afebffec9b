//! Requests that come at a fixed rate, whether or not the last ones are answered.

use std::io::{Read, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How many connections carry the requests.
const CONNECTIONS: usize = 16;

/// What somebody asks for, with their cookie.
#[derive(Clone)]
pub(super) struct Ask {
    pub path: String,
    pub cookie: String,
    /// The field of a form that is sent, rather than a page that is asked for; what is in it differs every time.
    pub field: Option<&'static str>,
}

impl Ask {
    pub(super) fn ready() -> Self {
        Self { path: "/readyz".to_owned(), cookie: String::new(), field: None }
    }
}

/// Asks at a fixed rate. Gives, for each request, the milliseconds from when it was due, and how many failed.
#[expect(clippy::disallowed_methods, reason = "measuring is about time")]
pub(super) fn load(address: &str, asks: &[Ask], rate: f64, seconds: f64) -> Result<(Vec<f64>, usize), String> {
    let count = (rate * seconds) as usize;
    let next = AtomicUsize::new(0);
    let began = Instant::now();
    let one = || -> Result<(Vec<f64>, usize), String> {
        let mut stream = TcpStream::connect(address).map_err(|error| error.to_string())?;
        stream.set_nodelay(true).map_err(|error| error.to_string())?;
        let (mut times, mut wrong) = (Vec::new(), 0);
        loop {
            let nth = next.fetch_add(1, Ordering::Relaxed);
            if nth >= count {
                return Ok((times, wrong));
            }
            let due = Duration::from_secs_f64(nth as f64 / rate);
            std::thread::sleep(due.saturating_sub(began.elapsed()));
            let asked = &asks[nth % asks.len()];
            let status = ask(&mut stream, asked, nth)?;
            wrong += usize::from(status != if asked.field.is_some() { 303 } else { 200 });
            times.push((began.elapsed().saturating_sub(due)).as_secs_f64() * 1_000.0);
        }
    };
    let found: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(one)).collect();
        threads.into_iter().map(|thread| thread.join().map_err(|_| "a thread failed".to_owned())?).collect()
    });
    let (mut times, mut wrong) = (Vec::new(), 0);
    for part in found {
        let (some, failed) = part?;
        times.extend(some);
        wrong += failed;
    }
    Ok((times, wrong))
}

/// One request on a connection that stays open. Each comes from another address, as behind a proxy.
pub(super) fn ask(stream: &mut TcpStream, asked: &Ask, nth: usize) -> Result<u16, String> {
    let failed = |error: std::io::Error| error.to_string();
    let peer = format!("198.18.{}.{}", nth / 250 % 250, nth % 250);
    let Ask { path, cookie, field } = asked;
    let head = format!("{path} HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\nx-forwarded-for: {peer}\r\n");
    let request = match field {
        None => format!("GET {head}\r\n"),
        // As a browser sends a form of the page itself: that is what the console asks against forged requests.
        Some(field) => {
            let body = format!("{field}=https%3A%2F%2Fforge.example.org%2Fanother%2F{nth}.git");
            let length = body.len();
            let form = "content-type: application/x-www-form-urlencoded\r\nsec-fetch-site: same-origin";
            format!("POST {head}{form}\r\ncontent-length: {length}\r\n\r\n{body}")
        }
    };
    stream.write_all(request.as_bytes()).map_err(failed)?;
    let (mut bytes, mut part) = (Vec::new(), [0; 65_536]);
    loop {
        let read = stream.read(&mut part).map_err(failed)?;
        if read == 0 {
            return Err("the server closed the connection".to_owned());
        }
        bytes.extend_from_slice(&part[..read]);
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        let length = length.ok_or("an answer without a length")?;
        if bytes.len() >= end + 4 + length {
            return head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(|| "no status".to_owned());
        }
    }
}
