//! Shows checkpoints to a witness over HTTP or HTTPS (`c2sp.org/tlog-witness`) and keeps its
//! cosignatures.
//!
//! Nothing secret passes, and an answer counts only if the witness's key signed it, so who stands
//! between the two can at worst keep them apart.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use commands::evidence::ports::{Outlet, OutletError, Seals, SignedCheckpoint};
use commands::evidence::proofs;
use domain::evidence::add_checkpoint::AddCheckpoint;
use domain::evidence::cosignature::cosigned_at;
use domain::evidence::note::{Note, NoteError, Signature, VerifierKey};
use futures::future::BoxFuture;
use http_body_util::{BodyExt as _, Limited};
use hyper::header::CONTENT_TYPE;
use hyper::http::uri::InvalidUri;
use hyper::{Request, StatusCode, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use tokio::time::timeout;

/// How long a witness may take for an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest answer in bytes that is read.
const MAX_ANSWER: usize = 16 * 1024;
/// How often the size that the witness names is followed for one checkpoint.
const TRIES: usize = 3;

/// One witness.
pub struct WitnessOutlet {
    name: String,
    url: Uri,
    key: VerifierKey,
    seals: Arc<dyn Seals>,
    client: Client<HttpsConnector<HttpConnector>, String>,
    /// The size of the tree that it cosigned last, as far as it is known.
    known: AtomicU64,
}

/// Why nothing can be shown at an address.
#[derive(Debug, thiserror::Error)]
pub enum WrongWitness {
    /// It is no address.
    #[error("this is no address of a witness: {0}")]
    Address(#[from] InvalidUri),
    /// Something else than HTTP is spoken there.
    #[error("the address of a witness begins with https:// or http://")]
    Scheme,
    /// No TLS.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
}

/// Trusts whom the machine trusts. On a machine without certificates HTTP alone works.
fn connector() -> Result<HttpsConnector<HttpConnector>, rustls::Error> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(found.certs);
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(HttpsConnectorBuilder::new()
        .with_tls_config(tls)
        .https_or_http()
        .enable_http1()
        .build())
}

/// What a witness answered.
enum Answer {
    /// Signature lines.
    Cosigned(String),
    /// The size of the tree that it cosigned last.
    OtherSize(u64),
}

impl WitnessOutlet {
    /// A witness at this address with this key.
    ///
    /// # Errors
    /// If this is no address, or TLS cannot be set up.
    pub fn new(url: &str, key: VerifierKey, seals: Arc<dyn Seals>) -> Result<Self, WrongWitness> {
        let url: Uri = format!("{}/add-checkpoint", url.trim_end_matches('/')).parse()?;
        if !matches!(url.scheme_str(), Some("http" | "https")) {
            return Err(WrongWitness::Scheme);
        }
        let client = Client::builder(TokioExecutor::new()).build(connector()?);
        Ok(Self {
            name: format!("witness:{}", key.name()),
            url,
            key,
            seals,
            client,
            known: AtomicU64::new(0),
        })
    }

    async fn show(&self, checkpoint: &SignedCheckpoint) -> Result<(), OutletError> {
        let note = Note::parse(&checkpoint.text()).map_err(|error| said(&error))?;
        if cosigned_at(&note, &self.key).is_ok() {
            return Ok(());
        }
        for _ in 0..TRIES {
            let old = self.known.load(Ordering::Relaxed);
            if old > checkpoint.size {
                let size = checkpoint.size;
                let lost = format!("it has cosigned {old} events, this log has sealed {size}");
                return Err(OutletError(lost));
            }
            match self.ask(old, checkpoint, &note).await? {
                Answer::Cosigned(lines) => {
                    self.keep(checkpoint.size, &note, &lines).await?;
                    self.known.store(checkpoint.size, Ordering::Relaxed);
                    return Ok(());
                }
                Answer::OtherSize(size) if size == old => {
                    let other = format!("it has cosigned another history of {size} events");
                    return Err(OutletError(other));
                }
                Answer::OtherSize(size) => self.known.store(size, Ordering::Relaxed),
            }
        }
        Err(OutletError("it names another size each time".to_owned()))
    }

    async fn ask(
        &self,
        old: u64,
        checkpoint: &SignedCheckpoint,
        note: &Note,
    ) -> Result<Answer, OutletError> {
        let proof = proofs::consistency(&*self.seals, old, checkpoint.size).await;
        let request = AddCheckpoint {
            old,
            proof: proof.map_err(|error| said(&error))?,
            checkpoint: note.clone(),
        };
        let (status, body) = timeout(PATIENCE, self.send(request.to_string()))
            .await
            .map_err(|error| said(&error))??;
        match status {
            StatusCode::OK => Ok(Answer::Cosigned(body)),
            StatusCode::CONFLICT => {
                let size = body.trim_end().parse().map_err(|error| said(&error))?;
                Ok(Answer::OtherSize(size))
            }
            status => Err(OutletError(format!(
                "it answered {status}: {}",
                body.trim_end()
            ))),
        }
    }

    async fn send(&self, body: String) -> Result<(StatusCode, String), OutletError> {
        let request = Request::post(&self.url)
            .header(CONTENT_TYPE, "text/plain; charset=utf-8")
            .body(body)
            .map_err(|error| said(&error))?;
        let sending = self.client.request(request).await;
        let (head, body) = sending.map_err(|error| said(&error))?.into_parts();
        let body = Limited::new(body, MAX_ANSWER).collect().await;
        let body = body.map_err(|error| OutletError(format!("its answer is cut off: {error}")))?;
        let body = String::from_utf8_lossy(&body.to_bytes()).into_owned();
        Ok((head.status, body))
    }

    /// Keeps the cosignature of the witness's key; lines of other keys are passed over.
    async fn keep(&self, size: u64, note: &Note, lines: &str) -> Result<(), OutletError> {
        let mut lines = lines.lines().filter_map(Signature::parse);
        let own = lines.rfind(|line| line.is_of(&self.key));
        let own = own.ok_or_else(|| said(&NoteError::NotSigned))?;
        let cosigned = Note {
            text: note.text.clone(),
            signatures: vec![own.clone()],
        };
        cosigned_at(&cosigned, &self.key).map_err(|error| said(&error))?;
        let kept = self.seals.add_cosignature(size, own.to_string()).await;
        kept.map_err(|error| said(&error))
    }
}

impl Outlet for WitnessOutlet {
    fn name(&self) -> &str {
        &self.name
    }

    fn publish<'a>(
        &'a self,
        checkpoint: &'a SignedCheckpoint,
    ) -> BoxFuture<'a, Result<(), OutletError>> {
        Box::pin(self.show(checkpoint))
    }
}

fn said(error: &dyn std::fmt::Display) -> OutletError {
    OutletError(error.to_string())
}
