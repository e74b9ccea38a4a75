//! The network breaks in the way that was asked for, and heals.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use super::Proxy;

/// Starts a server that gives back what it gets, and a proxy before it.
fn echo() -> Proxy {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            thread::spawn(move || {
                let mut copy = stream.try_clone().unwrap();
                std::io::copy(&mut copy, &mut stream)
            });
        }
    });
    Proxy::start(port).unwrap()
}

fn connect(proxy: &Proxy) -> TcpStream {
    TcpStream::connect(proxy.address()).unwrap()
}

/// Says something and returns as much of the echo as comes back before the connection ends.
fn say(stream: &mut TcpStream, text: &str) -> String {
    let mut heard = vec![0; text.len()];
    let _ = stream.write_all(text.as_bytes());
    let mut length = 0;
    // Reading into no room at all would wait for more to come.
    while length < heard.len()
        && let Ok(read @ 1..) = stream.read(&mut heard[length..])
    {
        length += read;
    }
    String::from_utf8(heard[..length].to_vec()).unwrap()
}

#[test]
fn forwards_both_ways() {
    let proxy = echo();
    let mut stream = connect(&proxy);
    assert_eq!(say(&mut stream, "hello"), "hello");
    assert_eq!(say(&mut stream, "again"), "again");
    assert_eq!(proxy.accepted_count(), 1);
}

#[test]
fn a_cut_breaks_old_and_new_connections_until_restored() {
    let proxy = echo();
    let mut old = connect(&proxy);
    assert_eq!(say(&mut old, "hello"), "hello");
    proxy.cut();
    assert_eq!(say(&mut old, "lost"), "");
    assert_eq!(say(&mut connect(&proxy), "lost"), "");
    proxy.restore();
    assert_eq!(say(&mut connect(&proxy), "back"), "back");
    assert_eq!(say(&mut old, "gone"), "");
}

#[test]
fn an_answer_breaks_off_in_the_middle() {
    let proxy = echo();
    let mut stream = connect(&proxy);
    proxy.cut_after(3);
    assert_eq!(say(&mut stream, "hello"), "hel");
}

#[test]
fn a_stalled_server_holds_the_line_and_goes_on_when_restored() {
    let proxy = echo();
    let mut stream = connect(&proxy);
    assert_eq!(say(&mut stream, "hello"), "hello");
    proxy.stall();
    stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    assert_eq!(say(&mut stream, "later"), "");
    proxy.restore();
    stream.set_read_timeout(None).unwrap();
    let mut heard = [0; 5];
    stream.read_exact(&mut heard).unwrap();
    assert_eq!(&heard, b"later");
}

#[test]
fn a_delay_holds_each_chunk_back() {
    let proxy = echo();
    let mut stream = connect(&proxy);
    proxy.delay(Duration::from_millis(150));
    stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    assert_eq!(say(&mut stream, "slow"), "");
    stream.set_read_timeout(None).unwrap();
    let mut heard = [0; 4];
    stream.read_exact(&mut heard).unwrap();
    assert_eq!(&heard, b"slow");
}
