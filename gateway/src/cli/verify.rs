//! `sospeso verify`: checks what a ledger gave, without asking it or anybody.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use chrono::DateTime;
use clap::{Args, Subcommand};
use domain::entry::leaf_hash;
use domain::evidence::checkpoint::Checkpoint;
use domain::evidence::cosignature::cosigned_at;
use domain::evidence::event_proof::EventProof;
use domain::evidence::line;
use domain::evidence::note::{Note, VerifierKey};
use domain::evidence::opening::Opening;
use domain::evidence::proof::verify_inclusion;
use domain::evidence::receipt::{Receipt, Trust, Verified, VerifiedEvent};
use domain::evidence::tlog_proof::TlogProof;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::Common;

/// The longest file that is read, in bytes.
const MAX_FILE: u64 = 8 * 1024 * 1024;

const EXAMPLE: &str = "Examples:
  sospeso verify receipt voucher.json --key ledger.example.org/sospeso+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k
  sospeso verify receipt voucher.json --key VKEY --witness VKEY --opening opening.json
  curl https://ledger.example.org/evidence/checkpoint | sospeso verify checkpoint - --key VKEY
  sospeso verify proof event.json --key VKEY
  sospeso verify proof event.tlog-proof --entry event.entry --key VKEY

Take the keys from somebody other than whoever gave you the file. The exit code is 0 only if
everything holds.";

/// Check a receipt, a checkpoint or a proof offline, with nothing but a public key.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Verify {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// A voucher's receipt: what it proves, and what the ledger only commits to.
    #[command(after_help = EXAMPLE)]
    Receipt {
        /// The receipt; `-` reads standard input.
        file: PathBuf,
        /// What the ledger showed to an auditor of an event that the receipt hides.
        #[arg(long, value_name = "FILE")]
        opening: Vec<PathBuf>,
        #[command(flatten)]
        keys: Keys,
    },
    /// A signed checkpoint.
    #[command(after_help = EXAMPLE)]
    Checkpoint {
        /// The checkpoint; `-` reads standard input.
        file: PathBuf,
        #[command(flatten)]
        keys: Keys,
    },
    /// The proof that an event is in a log: `sospeso-proof/1`, or a tlog-proof with its entry.
    #[command(after_help = EXAMPLE)]
    Proof {
        /// The proof; `-` reads standard input.
        file: PathBuf,
        /// The bytes of the entry, for a tlog-proof.
        #[arg(long, value_name = "FILE")]
        entry: Option<PathBuf>,
        #[command(flatten)]
        keys: Keys,
    },
}

#[derive(Args, Debug)]
struct Keys {
    /// The log's verifier key, as `name+id+base64`.
    #[arg(long, value_name = "VKEY")]
    key: VerifierKey,
    /// The verifier key of a witness that must have cosigned; several times for several.
    #[arg(long, value_name = "VKEY")]
    witness: Vec<VerifierKey>,
}

impl Verify {
    /// Checks it.
    ///
    /// # Errors
    /// If it does not hold, or cannot be read.
    #[expect(clippy::unused_async, reason = "every verb runs in the same way")]
    pub async fn run(self, common: &Common) -> anyhow::Result<()> {
        let (text, facts) = match self.what {
            What::Receipt {
                file,
                opening,
                keys,
            } => receipt(&file, &opening, keys)?,
            What::Checkpoint { file, keys } => {
                let note = Note::parse(&read(&file)?)?;
                let checkpoint = believed(&note, &keys)?;
                let text = head(&checkpoint, &cosigned(&note, &keys)?);
                (text + "The checkpoint holds.", facts(&checkpoint))
            }
            What::Proof { file, entry, keys } => proof(&file, entry.as_deref(), &keys)?,
        };
        common.say(&text, &facts);
        Ok(())
    }
}

fn receipt(file: &Path, openings: &[PathBuf], keys: Keys) -> anyhow::Result<(String, Value)> {
    let receipt: Receipt = parsed(file)?;
    let openings = openings.iter().map(|file| parsed::<Opening>(file));
    let openings = openings.collect::<anyhow::Result<Vec<_>>>()?;
    let trust = Trust {
        log: keys.key,
        witnesses: keys.witness,
    };
    let verified = receipt.verify(&trust, &openings)?;
    let mut facts = facts(&verified.checkpoint);
    facts["voucher_id"] = json!(receipt.voucher_id);
    facts["network"] = json!(receipt.network);
    facts["cosigned_by"] = verified.cosigned.iter().map(|it| it.0.as_str()).collect();
    facts["events"] = verified.events.iter().map(event_facts).collect();
    Ok((words(&receipt, &verified), facts))
}

fn proof(file: &Path, entry: Option<&Path>, keys: &Keys) -> anyhow::Result<(String, Value)> {
    let (bytes, proof) = proven(&read(file)?, entry)?;
    let checkpoint = believed(&proof.checkpoint, keys)?;
    let cosigned = cosigned(&proof.checkpoint, keys)?;
    let (leaf, size, root) = (leaf_hash(&bytes), checkpoint.size, &checkpoint.root);
    verify_inclusion(&leaf, proof.index, size, &proof.hashes, root)?;
    let position = proof.index + 1;
    let mut facts = facts(&checkpoint);
    facts["position"] = position.into();
    let text = head(&checkpoint, &cosigned);
    Ok((
        format!("{text}The entry is in the log at position {position}."),
        facts,
    ))
}

/// The entry and its proof, out of one file or two.
fn proven(text: &str, entry: Option<&Path>) -> anyhow::Result<(Vec<u8>, TlogProof)> {
    if text.starts_with('{') {
        ensure!(
            entry.is_none(),
            "this proof holds its entry: leave --entry out"
        );
        let proof: EventProof = serde_json::from_str(text).context("reading the proof")?;
        return Ok(proof.parts()?);
    }
    let entry = entry.context("say with --entry which entry this tlog-proof is of")?;
    let bytes = std::fs::read(entry).with_context(|| format!("reading {}", entry.display()))?;
    Ok((bytes, text.parse()?))
}

/// The checkpoint, if the log's key signed it. Its name is what it says of itself.
fn believed(note: &Note, keys: &Keys) -> anyhow::Result<Checkpoint> {
    let claimed = Checkpoint::parse(&note.text)?;
    Ok(Checkpoint::open(note, &claimed.origin, &keys.key)?)
}

fn cosigned(note: &Note, keys: &Keys) -> anyhow::Result<Vec<(String, u64)>> {
    let asked = keys.witness.iter().map(|witness| {
        let at = cosigned_at(note, witness)
            .with_context(|| format!("the witness {} did not cosign", witness.name()))?;
        Ok((witness.name().to_owned(), at))
    });
    asked.collect()
}

fn facts(checkpoint: &Checkpoint) -> Value {
    json!({
        "holds": true,
        "origin": checkpoint.origin,
        "size": checkpoint.size,
        "root": line::of_hash(&checkpoint.root),
    })
}

fn event_facts(event: &VerifiedEvent) -> Value {
    match event {
        VerifiedEvent::Proven(it) => json!({
            "kind": if it.opened { "opened" } else { "proven" },
            "act": it.act,
            "occurred_at": it.occurred_at,
            "recorded_at": it.recorded_at,
            "position": it.position,
            "payload": serde_json::from_str::<Value>(&it.payload).unwrap_or_default(),
        }),
        VerifiedEvent::Committed { act, month } => {
            json!({"kind": "committed", "act": act, "month": month})
        }
    }
}

fn head(checkpoint: &Checkpoint, cosigned: &[(String, u64)]) -> String {
    let (origin, size) = (&checkpoint.origin, checkpoint.size);
    let mut text = format!("The log {origin} signed a history of {size} events.\n");
    for (name, at) in cosigned {
        let at = i64::try_from(*at).ok();
        let at = at.and_then(|at| DateTime::from_timestamp(at, 0));
        let at = at.map(|at| at.to_string()).unwrap_or_default();
        let _ = writeln!(text, "The witness {name} cosigned it on {at}.");
    }
    text
}

/// What is proven and what only committed to, in words.
fn words(receipt: &Receipt, verified: &Verified) -> String {
    let mut text = head(&verified.checkpoint, &verified.cosigned);
    let _ = writeln!(
        text,
        "Voucher {} of {}:",
        receipt.voucher_id, receipt.network
    );
    for (number, event) in (1..).zip(&verified.events) {
        let _ = match event {
            VerifiedEvent::Proven(it) => {
                let how = if it.opened { "opened   " } else { "proven   " };
                writeln!(
                    text,
                    "{number:>3}. {how}  {} at {}, event {} of the log\n     {}",
                    it.act, it.occurred_at, it.position, it.payload
                )
            }
            VerifiedEvent::Committed { act, month } => writeln!(
                text,
                "{number:>3}. committed  {act} in {month}, as the ledger says; \
                 where and when is shown to auditors only"
            ),
        };
    }
    let is_proven = |event: &&VerifiedEvent| matches!(event, VerifiedEvent::Proven(_));
    let proven = verified.events.iter().filter(is_proven).count();
    let committed = verified.events.len() - proven;
    let _ = write!(
        text,
        "The receipt holds: {proven} events proven, {committed} committed to."
    );
    text
}

fn parsed<T: DeserializeOwned>(file: &Path) -> anyhow::Result<T> {
    let text = read(file)?;
    serde_json::from_str(&text).with_context(|| format!("reading {}", file.display()))
}

/// A file, or standard input as `-`.
fn read(file: &Path) -> anyhow::Result<String> {
    use std::io::Read as _;
    let opened: Box<dyn std::io::Read> = if file == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        let opened = std::fs::File::open(file);
        Box::new(opened.with_context(|| format!("opening {}", file.display()))?)
    };
    let mut text = String::new();
    let read = opened.take(MAX_FILE + 1).read_to_string(&mut text);
    read.with_context(|| format!("reading {}", file.display()))?;
    ensure!(
        text.len() as u64 <= MAX_FILE,
        "{} is too long",
        file.display()
    );
    Ok(text)
}
