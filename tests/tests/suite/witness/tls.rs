//! A witness on another machine is reached over HTTPS, if its certificate is one that this machine
//! trusts.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use commands::clock::Clock;
use gateway::witness::keeper::Keeper;
use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use tests::installation::Installation;
use tests::wait;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;

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

#[tokio::test]
async fn a_witness_is_reached_over_https_if_its_certificate_is_trusted() {
    let town = Installation::found(None, None);
    let (path, log) = (town.folder(), town.log_key());
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

    let key = keeper.key().to_string();
    // Shows its checkpoints to the witness and trusts these certificates alone.
    let serve = |trusted: &Path| {
        let trusts = format!("SSL_CERT_FILE={}", trusted.display());
        town.serve_with(&["env", &trusts], &["--witness", &url, &key])
    };

    let mistrusting = serve(&foreign);
    wait::until("the gateway to turn away", async || {
        (gone.load(Ordering::Relaxed) > 0).then_some(())
    })
    .await;
    drop(mistrusting);
    assert_eq!(keeper.held(), None);

    let _trusting = serve(&trusted);
    wait::until("the witness to be shown a checkpoint", async || {
        keeper.held()
    })
    .await;
}
