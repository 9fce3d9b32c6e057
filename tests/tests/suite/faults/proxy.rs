//! A way to PostgreSQL that can be cut at the worst moment: just before a command arrives, or just
//! after it was carried out and before anybody is told.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// `ReadyForQuery`, outside a transaction: whatever was asked for is committed.
const COMMITTED: &[u8] = b"Z\0\0\0\x05I";

/// When a connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// The server never gets the command.
    Before,
    /// The server has committed it, and its answer gets lost.
    After,
}

/// The next command in whose bytes this stands.
type Armed = Arc<Mutex<Option<(Vec<u8>, When)>>>;

/// A listener that carries bytes to a server.
pub struct Proxy {
    pub port: u16,
    armed: Armed,
    task: JoinHandle<()>,
}

impl Proxy {
    pub async fn to(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let armed = Armed::default();
        let cuts = Arc::clone(&armed);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(("127.0.0.1", server)).await;
                let server = server.expect("the server is there");
                tokio::spawn(carry(client, server, Arc::clone(&cuts)));
            }
        });
        Self { port, armed, task }
    }

    /// Cuts the next connection that carries a command with this text.
    pub fn cut(&self, text: &str, when: When) {
        *self.armed.lock().expect("no panic") = Some((text.as_bytes().to_vec(), when));
    }

    /// Whether the cut happened.
    pub fn has_cut(&self) -> bool {
        self.armed.lock().expect("no panic").is_none()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Carries one connection until it ends or is cut.
async fn carry(client: TcpStream, server: TcpStream, armed: Armed) {
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let (deaf, hears) = tokio::sync::watch::channel(false);
    tokio::select! {
        () = commands(from_client, to_server, armed, deaf) => {}
        () = answers(from_server, to_client, hears) => {}
    }
}

async fn commands(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    armed: Armed,
    deaf: tokio::sync::watch::Sender<bool>,
) {
    let (mut buffer, mut recent) = (vec![0; 64 * 1024], Vec::new());
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        recent.extend_from_slice(&buffer[..read]);
        match strikes(&armed, &recent) {
            Some(When::Before) => return,
            Some(When::After) => drop(deaf.send(true)),
            None => {}
        }
        // A text may lie in two pieces.
        let keep = recent.len().saturating_sub(256);
        recent.drain(..keep);
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}

async fn answers(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    deaf: tokio::sync::watch::Receiver<bool>,
) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        if *deaf.borrow() {
            if buffer[..read].ends_with(COMMITTED) {
                return;
            }
        } else if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}

fn strikes(armed: &Armed, bytes: &[u8]) -> Option<When> {
    let mut armed = armed.lock().expect("no panic");
    let (text, when) = armed.as_ref()?;
    let there = bytes.windows(text.len()).any(|part| part == text);
    let when = there.then_some(*when)?;
    *armed = None;
    Some(when)
}
