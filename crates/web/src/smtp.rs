//! One message to one mail server: the dialogue of SMTP, over TLS unless the server is this machine.
//!
//! A client that hands messages to one server needs six commands of it. Everything that is read is bounded, nothing that
//! was sent is ever part of an error, and a server that offers no encryption is refused, not spoken to in the clear.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// How long each step may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest answer, in bytes.
const LONGEST: usize = 16 * 1024;

/// When the dialogue is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Security {
    /// From the first byte.
    Tls,
    /// After `STARTTLS`, which the server must offer.
    Upgrade,
    /// Never: the server is this machine.
    Local,
}

/// A server and who we are to it.
#[derive(Clone)]
pub(crate) struct Server {
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub credentials: Option<(String, String)>,
    /// What we call ourselves.
    pub name: String,
    /// Who vouches for it; the public authorities when there is none.
    pub authority: Option<Arc<RootCertStore>>,
}

/// The authority of a house, from a file (PEM).
pub(crate) fn authority(pem: &[u8]) -> Option<Arc<RootCertStore>> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        roots.add(certificate.ok()?).ok()?;
    }
    (!roots.is_empty()).then(|| Arc::new(roots))
}

/// Why a message was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Undelivered {
    /// Another time it may be.
    #[error("{0}")]
    Passing(String),
    /// It never will.
    #[error("{0}")]
    Lasting(String),
}

fn passing(why: impl std::fmt::Display) -> Undelivered {
    Undelivered::Passing(why.to_string())
}

/// The line to the server, whatever it is made of.
trait Line: Read + Write {}
impl<T: Read + Write> Line for T {}

/// A dialogue, with what was read of the server and not yet looked at.
struct Dialogue<S> {
    line: S,
    left: Vec<u8>,
}

/// Hands one message over. Blocks for as long as the server takes, within bounds.
pub(crate) fn deliver(server: &Server, (from, to): (&str, &str), message: &[u8]) -> Result<(), Undelivered> {
    let place = (server.host.as_str(), server.port);
    let found = place.to_socket_addrs().map_err(|_| passing("the server has no address"))?;
    let mut refused = passing("the server has no address");
    for address in found {
        match TcpStream::connect_timeout(&address, PATIENCE) {
            Ok(stream) => return speak(server, stream, (from, to), message),
            Err(error) => refused = passing(error),
        }
    }
    Err(refused)
}

fn speak(server: &Server, stream: TcpStream, who: (&str, &str), message: &[u8]) -> Result<(), Undelivered> {
    stream.set_read_timeout(Some(PATIENCE)).map_err(passing)?;
    stream.set_write_timeout(Some(PATIENCE)).map_err(passing)?;
    match server.security {
        Security::Tls => {
            let mut dialogue = Dialogue { line: encrypted(server, stream)?, left: Vec::new() };
            dialogue.expect(220)?;
            dialogue.hand_over(server, who, message)
        }
        Security::Local => {
            let mut dialogue = Dialogue { line: stream, left: Vec::new() };
            dialogue.expect(220)?;
            dialogue.hand_over(server, who, message)
        }
        Security::Upgrade => {
            let mut dialogue = Dialogue { line: stream, left: Vec::new() };
            dialogue.expect(220)?;
            let offers = dialogue.ask(&format!("EHLO {}", server.name), 250)?;
            if !offered(&offers, "STARTTLS") {
                return Err(Undelivered::Lasting("the server offers no encryption".to_owned()));
            }
            dialogue.ask("STARTTLS", 220)?;
            // What came before the encryption was anybody's to write.
            if !dialogue.left.is_empty() {
                return Err(passing("the server spoke before it was encrypted"));
            }
            let mut dialogue = Dialogue { line: encrypted(server, dialogue.line)?, left: Vec::new() };
            dialogue.hand_over(server, who, message)
        }
    }
}

fn encrypted(server: &Server, stream: TcpStream) -> Result<StreamOwned<ClientConnection, TcpStream>, Undelivered> {
    let name = ServerName::try_from(server.host.clone()).map_err(|error| Undelivered::Lasting(error.to_string()))?;
    let public = || Arc::new(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() });
    let roots = server.authority.clone().unwrap_or_else(public);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(passing)?;
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let connection = ClientConnection::new(Arc::new(config), name).map_err(passing)?;
    Ok(StreamOwned::new(connection, stream))
}

fn offered(offers: &str, name: &str) -> bool {
    offers.lines().any(|line| line.split_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case(name)))
}

impl<S: Line> Dialogue<S> {
    fn hand_over(&mut self, server: &Server, (from, to): (&str, &str), message: &[u8]) -> Result<(), Undelivered> {
        let offers = self.ask(&format!("EHLO {}", server.name), 250)?;
        if let Some((user, password)) = &server.credentials {
            self.sign_in(&offers, user, password)?;
        }
        let eight = if offered(&offers, "8BITMIME") { " BODY=8BITMIME" } else { "" };
        self.ask(&format!("MAIL FROM:<{from}>{eight}"), 250)?;
        self.ask(&format!("RCPT TO:<{to}>"), 250)?;
        self.ask("DATA", 354)?;
        self.write(&stuffed(message))?;
        self.expect(250)?;
        // It is delivered; how the server takes leave changes nothing.
        let _ = self.ask("QUIT", 221);
        Ok(())
    }

    fn sign_in(&mut self, offers: &str, user: &str, password: &str) -> Result<(), Undelivered> {
        let ways = offers.lines().find(|line| line.to_ascii_uppercase().starts_with("AUTH")).unwrap_or_default();
        let has = |way: &str| ways.split([' ', '=']).any(|one| one.eq_ignore_ascii_case(way));
        if has("PLAIN") {
            self.ask(&format!("AUTH PLAIN {}", STANDARD.encode(format!("\0{user}\0{password}"))), 235)?;
        } else if has("LOGIN") {
            self.ask("AUTH LOGIN", 334)?;
            self.ask(&STANDARD.encode(user), 334)?;
            self.ask(&STANDARD.encode(password), 235)?;
        } else {
            return Err(Undelivered::Lasting("the server offers no way to sign in".to_owned()));
        }
        Ok(())
    }

    fn ask(&mut self, command: &str, wanted: u16) -> Result<String, Undelivered> {
        self.write(format!("{command}\r\n").as_bytes())?;
        self.expect(wanted)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Undelivered> {
        self.line.write_all(bytes).and_then(|()| self.line.flush()).map_err(passing)
    }

    /// Reads an answer, and gives its lines without their code.
    fn expect(&mut self, wanted: u16) -> Result<String, Undelivered> {
        let mut said = String::new();
        for _ in 0..100 {
            let line = self.read_line()?;
            let code: u16 =
                line.get(..3).and_then(|code| code.parse().ok()).ok_or_else(|| passing("no answer of SMTP"))?;
            said.push_str(line.get(4..).unwrap_or_default());
            said.push('\n');
            if line.as_bytes().get(3) == Some(&b'-') {
                continue;
            }
            let told: String = said.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect();
            return match code {
                code if code == wanted || (wanted == 250 && code == 251) => Ok(said),
                500..600 => Err(Undelivered::Lasting(format!("{code} {told}"))),
                code => Err(Undelivered::Passing(format!("{code} {told}"))),
            };
        }
        Err(passing("an answer without end"))
    }

    fn read_line(&mut self) -> Result<String, Undelivered> {
        loop {
            if let Some(end) = self.left.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.left.drain(..=end).collect();
                return Ok(String::from_utf8_lossy(&line).trim_end().to_owned());
            }
            if self.left.len() > LONGEST {
                return Err(passing("an answer without end"));
            }
            let mut more = [0; 1024];
            match self.line.read(&mut more).map_err(passing)? {
                0 => return Err(passing("the server hung up")),
                count => self.left.extend_from_slice(&more[..count]),
            }
        }
    }
}

/// A message as it travels: a line that is a dot alone would end it early.
fn stuffed(message: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(message);
    let mut out = String::new();
    for line in text.trim_end_matches(['\r', '\n']).split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.starts_with('.') {
            out.push('.');
        }
        out.push_str(&line.replace('\r', " "));
        out.push_str("\r\n");
    }
    out.push_str(".\r\n");
    out.into_bytes()
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::net::TcpListener;

    use super::*;

    /// A server that says what it is told to say, one answer a line that it hears, and gives back what it heard.
    fn serve(answers: &'static [&'static str]) -> (u16, std::thread::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let mut heard = Vec::new();
            let mut data = false;
            for answer in answers {
                stream.write_all(format!("{answer}\r\n").as_bytes()).unwrap();
                loop {
                    let Some(Ok(line)) = lines.next() else { return heard };
                    let over = !data || line == ".";
                    data = (data && line != ".") || line == "DATA";
                    heard.push(line);
                    if over {
                        break;
                    }
                }
            }
            heard
        });
        (port, server)
    }

    fn server(port: u16, security: Security, credentials: Option<(&str, &str)>) -> Server {
        let credentials = credentials.map(|(user, password)| (user.to_owned(), password.to_owned()));
        Server {
            host: "127.0.0.1".to_owned(),
            port,
            security,
            credentials,
            name: "preuve.test".to_owned(),
            authority: None,
        }
    }

    #[test]
    fn a_message_is_handed_over_and_a_dot_does_not_end_it() {
        let (port, heard) =
            serve(&["220 hi", "250-hi\r\n250 8BITMIME", "250 ok", "251 moves on", "354 go", "250 kept", "221 bye"]);
        let message = b"To: c@d.org\r\n\r\na\n.\r\n..b\r\nRCPT TO:<x@y.z>";
        deliver(&server(port, Security::Local, None), ("a@b.org", "c@d.org"), message).unwrap();
        assert_eq!(
            heard.join().unwrap(),
            [
                "EHLO preuve.test",
                "MAIL FROM:<a@b.org> BODY=8BITMIME",
                "RCPT TO:<c@d.org>",
                "DATA",
                "To: c@d.org",
                "",
                "a",
                "..",
                "...b",
                "RCPT TO:<x@y.z>",
                ".",
                "QUIT",
            ]
        );
    }

    #[test]
    fn a_server_without_encryption_hears_no_password() {
        let (port, heard) = serve(&["220 hi", "250-hi\r\n250 AUTH PLAIN", "221 bye"]);
        let tried = deliver(&server(port, Security::Upgrade, Some(("me", "word"))), ("a@b.org", "c@d.org"), b"x");
        assert_eq!(tried, Err(Undelivered::Lasting("the server offers no encryption".to_owned())));
        assert_eq!(heard.join().unwrap(), ["EHLO preuve.test"]);
    }

    #[test]
    fn what_was_written_before_the_encryption_is_not_believed() {
        let (port, _) = serve(&["220 hi", "250-hi\r\n250 STARTTLS", "220 go\r\n250 AUTH PLAIN"]);
        let tried = deliver(&server(port, Security::Upgrade, Some(("me", "word"))), ("a@b.org", "c@d.org"), b"x");
        assert_eq!(tried, Err(passing("the server spoke before it was encrypted")));
    }

    #[test]
    fn a_refusal_lasts_or_passes_and_never_repeats_a_password() {
        let told = |answers: &'static [&'static str]| {
            let (port, _) = serve(answers);
            deliver(&server(port, Security::Local, Some(("me", "word"))), ("a@b.org", "c@d.org"), b"x").unwrap_err()
        };
        let lasting = |why: &str| Undelivered::Lasting(why.to_owned());
        assert_eq!(told(&["220 hi", "250 AUTH PLAIN", "535 no such person"]), lasting("535 no such person"));
        assert_eq!(
            told(&["220 hi", "250 AUTH LOGIN", "334 name", "334 word", "235 ok", "451 later"]),
            passing("451 later")
        );
        assert_eq!(told(&["220 hi", "250 hi"]), lasting("the server offers no way to sign in"));
        assert_eq!(told(&["554 go away"]), lasting("554 go away"));
        assert_eq!(told(&["nonsense"]), passing("no answer of SMTP"));
    }
}
