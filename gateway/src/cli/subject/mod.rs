//! `sospeso subject`: what a person may ask for: a private link, all that is held, and that it is
//! erased.

mod export;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use commands::subject::erase::Erase;
use commands::subject::give_link::GiveLink;
use domain::ids::SubjectId;
use domain::subject::erase::ErasureReason;
use domain::text::Slug;
use serde_json::json;

use super::{Common, set_up};
use crate::wiring;

const EXAMPLE: &str = "Examples:
  sospeso subject link 6f1c0c0e-5f0a-4c53-9d7b-1f6a3f7d2b11 --network praha
  sospeso subject export 6f1c0c0e-5f0a-4c53-9d7b-1f6a3f7d2b11 --network praha
  sospeso subject erase 6f1c0c0e-5f0a-4c53-9d7b-1f6a3f7d2b11 --network praha";

/// Give a person a private link, show all that is held, or erase it.
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
    /// Print every act about a person, with the personal texts opened; JSON with --json.
    #[command(after_help = EXAMPLE)]
    Export(Person),
    /// Print a private link, once: by it the person sees what is held and has it erased.
    #[command(after_help = EXAMPLE)]
    Link(Person),
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
            What::Link(person) => link(common, &person).await,
        }
    }
}

async fn link(common: &Common, person: &Person) -> anyhow::Result<()> {
    let subject_id = person.subject_id;
    let desk = set_up::desk(common).await?;
    let act = GiveLink { subject_id };
    let done = set_up::act(&desk, &person.network, set_up::new_key(), act).await?;
    let access_id = done.answer.access_id;
    let mut secrets = done.secrets.unwrap_or_default();
    let token = secrets.remove("subject_token");
    let link = format!("/link/{}", token.context("a new link has a token")?);
    let text = format!(
        "The private link, shown this once, to be put after the address of your gateway:\n{link}\n\
         A lost one is revoked with `sospeso token revoke --network {} {access_id}`.",
        person.network
    );
    let facts = json!({"subject_id": subject_id, "access_id": access_id, "link": link});
    common.say(&text, &facts);
    Ok(())
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
