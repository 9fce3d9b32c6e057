//! The witnesses that checkpoints are shown to, as the command line names them.

use clap::Args;

use crate::settings::{Settings, ShownTo};

/// Taken by the verbs that seal the history.
#[derive(Args, Debug)]
pub struct Witnesses {
    /// A witness to whom checkpoints are shown, and its verifier key; again for each further one,
    /// beside those of the settings.
    #[arg(long, num_args = 2, value_names = ["URL", "VKEY"])]
    witness: Vec<String>,
}

impl Witnesses {
    /// Adds them to those of the settings.
    ///
    /// # Errors
    /// If a key is none.
    pub fn add_to(self, settings: &mut Settings) -> anyhow::Result<()> {
        for pair in self.witness.chunks_exact(2) {
            settings.witnesses.push(ShownTo {
                url: pair[0].clone(),
                key: pair[1].parse()?,
            });
        }
        Ok(())
    }
}
