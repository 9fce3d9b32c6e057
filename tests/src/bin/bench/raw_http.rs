//! A client of HTTP/1.1 that costs next to nothing, because it runs on the cores of what it measures.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Mutex;

/// What is asked again and again.
pub struct Request {
    pub path: String,
    pub token: String,
    pub body: String,
}

/// One connection per client, kept open.
pub struct Connections(Vec<Mutex<Connection>>);

struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Connections {
    pub async fn open(address: &str, many: usize) -> Self {
        let mut all = Vec::with_capacity(many);
        for _ in 0..many {
            let stream = TcpStream::connect(address).await.expect("a server");
            stream.set_nodelay(true).expect("a socket");
            let read = Vec::with_capacity(4096);
            all.push(Mutex::new(Connection { stream, read }));
        }
        Self(all)
    }

    /// Asks, and reads the whole answer.
    ///
    /// # Panics
    /// If it is not that all is well.
    pub async fn ask(&self, client: usize, request: &Request, key: &str) {
        let mut connection = self.0[client].lock().await;
        let Request { path, token, body } = request;
        let text = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
             idempotency-key: {key}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
             \r\n{body}",
            body.len()
        );
        connection
            .stream
            .write_all(text.as_bytes())
            .await
            .expect("a server");
        let status = connection.answer().await;
        let answer = String::from_utf8_lossy(&connection.read);
        assert_eq!(status, 200, "{answer}");
    }
}

impl Connection {
    async fn answer(&mut self) -> u16 {
        self.read.clear();
        loop {
            let read = self.stream.read_buf(&mut self.read).await;
            assert_ne!(read.expect("a server"), 0, "the server hung up");
            if let Some(status) = whole(&self.read) {
                return status;
            }
        }
    }
}

/// The status, once all of the answer is there.
fn whole(read: &[u8]) -> Option<u16> {
    let end = read.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&read[..end]).expect("a head of text");
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse::<usize>().ok())?
    });
    let length = length.expect("an answer that says its length");
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    (read.len() >= end + length).then_some(status.expect("a status"))
}
