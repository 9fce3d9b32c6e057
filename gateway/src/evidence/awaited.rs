//! The witnesses whose cosignatures are waited for: not those that were waited for in vain just now.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use commands::evidence::ports::SignedCheckpoint;
use domain::evidence::cosignature::cosigned_at;
use domain::evidence::note::{Note, VerifierKey};
use tokio::time::Instant;

/// How long a witness that did not cosign in time is not waited for. Its cosignature counts all the
/// same as soon as there is one.
const LEFT_OUT: Duration = Duration::from_mins(1);

/// The witnesses to whom checkpoints are shown; cheap to clone.
#[derive(Clone)]
pub struct Awaited(Arc<[Witness]>);

struct Witness {
    key: VerifierKey,
    /// Until when it is not waited for.
    left_out: Mutex<Option<Instant>>,
}

impl Awaited {
    /// All of them are waited for.
    #[must_use]
    pub fn of(keys: impl IntoIterator<Item = VerifierKey>) -> Self {
        let witness = |key| Witness {
            key,
            left_out: Mutex::default(),
        };
        Self(keys.into_iter().map(witness).collect())
    }

    /// Whether nobody is left to wait for.
    pub(super) fn have_cosigned(&self, checkpoint: &SignedCheckpoint, now: Instant) -> bool {
        self.missing(checkpoint, now).next().is_none()
    }

    /// Waits no more for those that did not cosign this one in time.
    pub(super) fn leave_out(&self, checkpoint: &SignedCheckpoint, now: Instant) {
        for witness in self.missing(checkpoint, now) {
            tracing::warn!(witness = witness.key.name(), "it did not cosign in time");
            witness.leave_out_until(Some(now + LEFT_OUT));
        }
    }

    fn missing(
        &self,
        checkpoint: &SignedCheckpoint,
        now: Instant,
    ) -> impl Iterator<Item = &Witness> {
        let note = Note::parse(&checkpoint.text()).ok();
        self.0.iter().filter(move |witness| {
            let cosigned = |note| cosigned_at(note, &witness.key).is_ok();
            if note.as_ref().is_some_and(cosigned) {
                witness.leave_out_until(None);
                return false;
            }
            let left_out = witness.left_out.lock();
            left_out
                .unwrap_or_else(PoisonError::into_inner)
                .is_none_or(|until| until <= now)
        })
    }
}

impl Witness {
    fn leave_out_until(&self, until: Option<Instant>) {
        *self.left_out.lock().unwrap_or_else(PoisonError::into_inner) = until;
    }
}

#[cfg(test)]
mod tests {
    use commands::evidence::key::LogKey;
    use domain::evidence::cosignature::cosign;
    use domain::evidence::note::{Purpose, Signer};

    use super::*;

    fn witness(number: u8) -> Signer {
        let name = format!("witness{number}.example");
        Signer::new(&name, Purpose::Cosignature, &[number; 32]).expect("a witness")
    }

    /// A checkpoint that these witnesses cosigned.
    fn checkpoint(witnesses: &[&Signer]) -> SignedCheckpoint {
        let log = LogKey::new("log.example", &[9; 32]).expect("a key");
        let mut signed = log.sign(3, [7; 32]);
        let note = Note::parse(&signed.note).expect("a note");
        let lines = witnesses
            .iter()
            .map(|witness| cosign(&note.text, witness, 1).to_string());
        signed.cosignatures = lines.collect();
        signed
    }

    #[test]
    fn one_that_is_away_is_waited_for_once_a_minute() {
        let (here, away) = (witness(1), witness(2));
        let keys = [&here, &away].map(Signer::verifier);
        let (awaited, now) = (Awaited::of(keys), Instant::now());
        let half = checkpoint(&[&here]);
        assert!(!awaited.have_cosigned(&half, now), "one is waited for");
        awaited.leave_out(&half, now);
        assert!(awaited.have_cosigned(&half, now), "and now left out");
        let none = checkpoint(&[]);
        assert!(!awaited.have_cosigned(&none, now), "the other is not");
        assert!(
            !awaited.have_cosigned(&half, now + LEFT_OUT),
            "a minute later"
        );
    }

    #[test]
    fn one_that_came_back_is_waited_for_again() {
        let away = witness(1);
        let (awaited, now) = (Awaited::of([away.verifier()]), Instant::now());
        awaited.leave_out(&checkpoint(&[]), now);
        assert!(awaited.have_cosigned(&checkpoint(&[&away]), now));
        assert!(!awaited.have_cosigned(&checkpoint(&[]), now));
    }

    #[test]
    fn without_witnesses_nobody_is_waited_for() {
        let awaited = Awaited::of([]);
        assert!(awaited.have_cosigned(&checkpoint(&[]), Instant::now()));
    }
}
