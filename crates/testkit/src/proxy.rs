//! A TCP proxy on this machine that delays, stalls or cuts what goes through it.
//!
//! Put it before a database server or a stand-in for a service and let the code under test connect to
//! [`Proxy::address`]. It runs on plain threads, so it works whatever runtime the test uses and goes on
//! when that runtime is blocked.

#[cfg(test)]
mod tests;

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// A running proxy; it stops and cuts everything when dropped.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    delay: Duration,
    is_stalled: bool,
    is_cut: bool,
    is_over: bool,
    /// How many more bytes from the target pass before everything is cut.
    bytes_left: Option<u64>,
    open: Vec<TcpStream>,
    accepted_count: u64,
}

impl Proxy {
    /// Starts forwarding to a port of this machine.
    pub fn start(target_port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::default());
        let accepting = {
            let shared = Arc::clone(&shared);
            thread::spawn(move || accept(&listener, target_port, &shared))
        };
        Ok(Self { address, shared, accepting: Some(accepting) })
    }

    /// Returns the address to connect to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Holds back every chunk for this long, in both directions.
    pub fn delay(&self, by: Duration) {
        self.shared.change(|state| state.delay = by);
    }

    /// Lets nothing through until [`Proxy::restore`]; connections stay open, as with a hung server.
    pub fn stall(&self) {
        self.shared.change(|state| state.is_stalled = true);
    }

    /// Breaks all connections and every new one at once.
    pub fn cut(&self) {
        self.shared.change(State::cut);
    }

    /// Breaks everything once this many bytes have come back from the target, in the middle of an answer.
    pub fn cut_after(&self, bytes: u64) {
        self.shared.change(|state| state.bytes_left = Some(bytes));
    }

    /// Forwards again as if nothing had been. What was cut stays cut; new connections work.
    pub fn restore(&self) {
        self.shared.change(|state| {
            state.delay = Duration::ZERO;
            state.is_stalled = false;
            state.is_cut = false;
            state.bytes_left = None;
        });
    }

    /// Returns how many connections were made, those broken at once included.
    pub fn accepted_count(&self) -> u64 {
        self.shared.lock().accepted_count
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.change(|state| {
            state.is_over = true;
            state.cut();
        });
        // Wakes the thread that waits for connections.
        let _ = TcpStream::connect(self.address);
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
    }
}

impl State {
    fn cut(&mut self) {
        self.is_cut = true;
        for stream in self.open.drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }

    /// Waits as long as delay and stall demand; false once everything is cut.
    fn may_pass(&self) -> bool {
        let state = self.lock();
        let delay = state.delay;
        let waited = self.changed.wait_timeout_while(state, delay, |state| !state.is_cut);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let state = self.changed.wait_while(state, |state| state.is_stalled && !state.is_cut);
        !state.unwrap_or_else(PoisonError::into_inner).is_cut
    }

    /// Takes from what may still come back before a planned cut.
    fn take(&self, wanted: usize) -> usize {
        match &mut self.lock().bytes_left {
            None => wanted,
            Some(left) => {
                let taken = usize::try_from(*left).unwrap_or(usize::MAX).min(wanted);
                *left -= taken as u64;
                taken
            }
        }
    }
}

fn accept(listener: &TcpListener, target_port: u16, shared: &Arc<Shared>) {
    for client in listener.incoming() {
        let Ok(client) = client else { continue };
        let mut state = shared.lock();
        if state.is_over {
            return;
        }
        state.accepted_count += 1;
        if !state.is_cut {
            // A target that is down shows as a broken connection.
            let _ = join(client, target_port, &mut state, shared);
        }
    }
}

fn join(client: TcpStream, target_port: u16, state: &mut State, shared: &Arc<Shared>) -> io::Result<()> {
    let target = TcpStream::connect((Ipv4Addr::LOCALHOST, target_port))?;
    client.set_nodelay(true)?;
    target.set_nodelay(true)?;
    state.open.push(client.try_clone()?);
    state.open.push(target.try_clone()?);
    let (client_again, target_again) = (client.try_clone()?, target.try_clone()?);
    let (there, back) = (Arc::clone(shared), Arc::clone(shared));
    thread::spawn(move || forward(client, target, &there, false));
    thread::spawn(move || forward(target_again, client_again, &back, true));
    Ok(())
}

fn forward(mut from: TcpStream, mut to: TcpStream, shared: &Shared, is_answer: bool) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        if !shared.may_pass() {
            break;
        }
        let passing = if is_answer { shared.take(read) } else { read };
        let sent = buffer.get(..passing).is_some_and(|chunk| to.write_all(chunk).is_ok());
        if passing < read {
            shared.change(State::cut);
        }
        if !sent {
            break;
        }
    }
    // The other direction may still be talking.
    let _ = to.shutdown(Shutdown::Write);
}
