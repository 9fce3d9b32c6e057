//! A witness on another machine is reached over HTTPS, if its certificate is one that this machine
//! trusts.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use commands::clock::Clock;
use domain::evidence::note::VerifierKey;
use gateway::witness::keeper::Keeper;
use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use serde_json::Value;
use tests::{wait, workspace};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;

const FOUND: [&str; 16] = [
    "init",
    "--json",
    "--data",
    "data",
    "--network",
    "praha",
    "--name",
    "Lev",
    "--currency",
    "CZK",
    "--timezone",
    "Europe/Prague",
    "--country",
    "CZ",
    "--languages",
    "cs",
];

/// Takes TLS off what comes and hands it on. Counts who went away at the sight of the certificate.
async fn tls(certified: CertifiedKey<KeyPair>, to: SocketAddr, gone: Arc<AtomicUsize>) -> u16 {
    let key = certified.signing_key.serialize_der().try_into();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("TLS")
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.der().clone()], key.expect("a key"))
        .expect("a certificate");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            let (acceptor, gone) = (acceptor.clone(), Arc::clone(&gone));
            tokio::spawn(async move {
                let accepted = acceptor.accept(connection).await;
                let mut inside = accepted.inspect_err(|_| {
                    gone.fetch_add(1, Ordering::Relaxed);
                })?;
                let mut beyond = TcpStream::connect(to).await?;
                tokio::io::copy_bidirectional(&mut inside, &mut beyond).await
            });
        }
    });
    port
}

/// A gateway that ends with the test.
struct Serving(Child);

impl Serving {
    /// Shows its checkpoints to this witness and trusts these certificates alone.
    fn start(folder: &Path, url: &str, key: &VerifierKey, trusted: &Path) -> Self {
        let mut command = Command::new(workspace::binary());
        command
            .args(["serve", "--data", "data", "--listen", "127.0.0.1:0"])
            .args(["--witness", url, &key.to_string()])
            .env_clear()
            .env("SSL_CERT_FILE", trusted)
            .current_dir(folder)
            .stdout(Stdio::null());
        Self(command.spawn().expect("it starts"))
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _it_may_have_ended = self.0.kill();
        let _it_may_have_ended = self.0.wait();
    }
}

#[tokio::test]
async fn a_witness_is_reached_over_https_if_its_certificate_is_trusted() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let mut init = Command::new(workspace::binary());
    let init = init.args(FOUND).env_clear().current_dir(path).output();
    let said = String::from_utf8(init.expect("it starts").stdout).expect("UTF-8");
    let said: Value = serde_json::from_str(said.lines().last().expect("a line")).expect("JSON");
    let log: VerifierKey = said["key"].as_str().expect("a key").parse().expect("a key");

    let (name, origin) = ("witness.example", log.name().to_owned());
    let keeper = Keeper::open(&path.join("witness"), name, &origin, log, Clock::system());
    let keeper = Arc::new(keeper.expect("a witness"));
    let own = generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let other = generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let (trusted, foreign) = (path.join("own.pem"), path.join("other.pem"));
    std::fs::write(&trusted, own.cert.pem()).expect("written");
    std::fs::write(&foreign, other.cert.pem()).expect("written");
    let gone = Arc::new(AtomicUsize::new(0));
    let port = tls(own, super::serve(&keeper, 0).await, Arc::clone(&gone)).await;
    let url = format!("https://localhost:{port}");

    let mistrusting = Serving::start(path, &url, &keeper.key(), &foreign);
    wait::until("the gateway to turn away", async || {
        (gone.load(Ordering::Relaxed) > 0).then_some(())
    })
    .await;
    drop(mistrusting);
    assert_eq!(keeper.held(), None);

    let _trusting = Serving::start(path, &url, &keeper.key(), &trusted);
    wait::until("the witness to be shown a checkpoint", async || {
        keeper.held()
    })
    .await;
}
