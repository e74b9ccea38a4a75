//! A mail server on this machine that keeps what it gets, and fails on demand.
//!
//! It speaks the part of SMTP (RFC 5321) that senders use, in the clear and without accounts. Like the
//! proxy it runs on plain threads.

#[cfg(test)]
mod tests;

use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

/// A running mail server.
#[derive(Debug)]
pub struct MailServer {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

/// A mail as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Who sent it, by the envelope.
    pub from: String,
    /// Whom it was for, by the envelope.
    pub to: Vec<String>,
    /// Headers and body as sent, lines ended by `\n`.
    pub raw: String,
}

#[derive(Debug, Default)]
struct State {
    mails: Vec<Mail>,
    refusals_left: usize,
    silences_left: usize,
    is_over: bool,
}

/// How a transaction ends.
enum End {
    Accepted,
    Refused,
    /// Taken, but the connection breaks before the sender is told.
    Silent,
}

impl MailServer {
    /// Starts a server on a free port.
    pub fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if lock(&shared).is_over {
                    return;
                }
                let shared = Arc::clone(&shared);
                // A sender who breaks off is part of what is tested.
                thread::spawn(move || serve(stream, &shared));
            }
        });
        Ok(Self { address, state })
    }

    /// Returns the address as senders are configured with it.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Returns the port, to put a [`crate::proxy::Proxy`] before it.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Returns the mails taken so far, oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        lock(&self.state).mails.clone()
    }

    /// Turns the next mails down for now (451), as a busy server does.
    pub fn refuse_next(&self, count: usize) {
        lock(&self.state).refusals_left = count;
    }

    /// Takes the next mails but breaks the connection before saying so: the sender can't know, and sends again.
    pub fn break_after_next(&self, count: usize) {
        lock(&self.state).silences_left = count;
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        lock(&self.state).is_over = true;
        // Wakes the thread that waits for connections.
        let _ = TcpStream::connect(self.address);
    }
}

impl Mail {
    /// Returns a header's value, unfolded; the name in any letter case.
    pub fn header(&self, name: &str) -> Option<String> {
        let (headers, _) = self.raw.split_once("\n\n")?;
        let unfolded = headers.replace("\n ", " ").replace("\n\t", " ");
        unfolded.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(stream: TcpStream, state: &Mutex<State>) -> io::Result<()> {
    let mut lines = BufReader::new(Prompt(stream.try_clone()?)).lines();
    let mut answer = stream;
    let mut mail = empty();
    answer.write_all(b"220 testkit\r\n")?;
    while let Some(line) = lines.next().transpose()? {
        let (verb, rest) = line.split_once([' ', ':']).unwrap_or((&line, ""));
        let reply = match verb.to_ascii_uppercase().as_str() {
            "EHLO" => "250-testkit\r\n250-8BITMIME\r\n250 SMTPUTF8",
            "HELO" | "RSET" | "NOOP" => "250 fine",
            "MAIL" => {
                mail = Mail { from: address(rest), ..empty() };
                "250 fine"
            }
            "RCPT" => {
                mail.to.push(address(rest));
                "250 fine"
            }
            "DATA" => {
                answer.write_all(b"354 go on\r\n")?;
                mail.raw = data(&mut lines)?;
                match take(state, std::mem::replace(&mut mail, empty())) {
                    End::Accepted => "250 taken",
                    End::Refused => "451 try again later",
                    End::Silent => return Ok(()),
                }
            }
            "QUIT" => {
                answer.write_all(b"221 bye\r\n")?;
                return Ok(());
            }
            _ => "500 not understood",
        };
        answer.write_all(format!("{reply}\r\n").as_bytes())?;
    }
    Ok(())
}

/// A connection that confirms at once what arrives: else a sender that writes twice waits for 40 ms in between.
struct Prompt(TcpStream);

impl Read for Prompt {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        #[cfg(target_os = "linux")]
        std::os::linux::net::TcpStreamExt::set_quickack(&self.0, true)?;
        self.0.read(buffer)
    }
}

fn empty() -> Mail {
    Mail { from: String::new(), to: Vec::new(), raw: String::new() }
}

/// Takes the address from `FROM:<a@example.org> SIZE=3` and the like.
fn address(rest: &str) -> String {
    let inside = rest.split_once('<').and_then(|(_, after)| after.split_once('>'));
    inside.map(|(address, _)| address.to_owned()).unwrap_or_default()
}

/// Reads up to the lone dot, undoing the dots senders double.
fn data(lines: &mut impl Iterator<Item = io::Result<String>>) -> io::Result<String> {
    let mut text = String::new();
    for line in lines {
        let line = line?;
        if line == "." {
            return Ok(text);
        }
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
        text.push('\n');
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}

fn take(state: &Mutex<State>, mail: Mail) -> End {
    let mut state = lock(state);
    if state.refusals_left > 0 {
        state.refusals_left -= 1;
        return End::Refused;
    }
    state.mails.push(mail);
    if state.silences_left > 0 {
        state.silences_left -= 1;
        return End::Silent;
    }
    End::Accepted
}
