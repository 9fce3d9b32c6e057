//! The access under which the story is told. It stands in the log as everybody's does: only who may
//! import may date acts back to 2019, and whoever checks the log looks for that.

use commands::executor::{Failure, UseCase};
use commands::principal::{Denied, Principal};
use commands::tokens;
use commands::work::Work;
use domain::access::grant::{Grant, Granted};
use domain::access::{Access, Scope};
use domain::ids::AccessId;

/// Grant the access. Nobody gets its token.
#[derive(Clone, Copy, Debug)]
pub struct MayImport {
    /// The access; the same in every demo.
    pub access_id: AccessId,
}

impl UseCase for MayImport {
    const NAME: &'static str = "demo.may_import";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.system_only()
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        let granted = Granted {
            network: work.network().clone(),
            scope: Scope::Operator { import: true },
            token_digest: tokens::digest(&tokens::draw()),
            until: None,
        };
        work.decide::<Access>(self.access_id, Grant { granted })
            .await?;
        Ok(())
    }
}
