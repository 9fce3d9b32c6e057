//! Shows checkpoints to a witness over HTTP (`c2sp.org/tlog-witness`) and keeps its cosignatures.
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
use reqwest::{Client, StatusCode};

/// How long a witness may take for an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest answer in bytes that is read.
const MAX_ANSWER: usize = 16 * 1024;
/// How often the size that the witness names is followed for one checkpoint.
const TRIES: usize = 3;

/// One witness.
pub struct WitnessOutlet {
    name: String,
    url: String,
    key: VerifierKey,
    seals: Arc<dyn Seals>,
    client: Client,
    /// The size of the tree that it cosigned last, as far as it is known.
    known: AtomicU64,
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
    /// If no HTTP client can be made.
    pub fn new(url: &str, key: VerifierKey, seals: Arc<dyn Seals>) -> Result<Self, reqwest::Error> {
        let client = Client::builder().timeout(PATIENCE).build()?;
        Ok(Self {
            name: format!("witness:{}", key.name()),
            url: format!("{}/add-checkpoint", url.trim_end_matches('/')),
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
        let sending = self.client.post(&self.url).body(request.to_string()).send();
        let mut response = sending.await.map_err(|error| said(&error))?;
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await.map_err(|error| said(&error))? {
            body.extend_from_slice(&part);
            if body.len() > MAX_ANSWER {
                return Err(OutletError("its answer is too long".to_owned()));
            }
        }
        let body = String::from_utf8_lossy(&body).into_owned();
        match response.status() {
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
