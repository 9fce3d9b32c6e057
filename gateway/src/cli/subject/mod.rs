//! `sospeso subject`: what a person may ask for: all that is held, and that it is erased.

mod export;

use clap::{Args, Subcommand};
use commands::subject::erase::Erase;
use domain::ids::SubjectId;
use domain::subject::erase::ErasureReason;
use domain::text::Slug;
use serde_json::json;

use super::{Common, set_up};
use crate::wiring;

const EXAMPLE: &str = "Examples:
  sospeso subject export 6f1c0c0e-5f0a-4c53-9d7b-1f6a3f7d2b11 --network praha
  sospeso subject erase 6f1c0c0e-5f0a-4c53-9d7b-1f6a3f7d2b11 --network praha";

/// Show all that is held about a person, or erase it.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Subject {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// Erase all personal text of a person; what happened stays in the log without it.
    #[command(after_help = EXAMPLE)]
    Erase {
        #[command(flatten)]
        person: Person,
        /// Why: asked, `retention_over`, `not_needed` or `entry_error`.
        #[arg(long, default_value = "asked")]
        reason: ErasureReason,
    },
    /// Print as JSON every act about a person, with the personal texts opened.
    #[command(after_help = EXAMPLE)]
    Export(Person),
}

#[derive(Args, Debug)]
struct Person {
    /// The person.
    subject_id: SubjectId,
    /// The network.
    #[arg(long)]
    network: Slug,
}

impl Subject {
    /// Erases or exports.
    ///
    /// # Errors
    /// If there is no such person, or a database is away.
    pub async fn run(self, common: &Common) -> anyhow::Result<()> {
        match self.what {
            What::Erase { person, reason } => erase(common, &person, reason).await,
            What::Export(person) => export::run(common, &person).await,
        }
    }
}

async fn erase(common: &Common, person: &Person, reason: ErasureReason) -> anyhow::Result<()> {
    let subject_id = person.subject_id;
    let desk = set_up::desk(common).await?;
    let act = Erase { subject_id, reason };
    set_up::act(&desk, &person.network, set_up::new_key(), act).await?;
    let backups = if wiring::keys_beside_log(&common.settings()?) {
        " The keys lie in the log's database: its older backups hold this key until they expire."
    } else {
        " Backups of the keys hold this key until they expire."
    };
    let text = format!(
        "{subject_id} is erased: nothing of it is opened any more. A running `sospeso serve` or \
         `sospeso project` destroys the key now.{backups}"
    );
    common.say(&text, &json!({"subject_id": subject_id, "erased": true}));
    Ok(())
}
