//! A donor is registered and gets a private link.

use domain::access::grant::{Grant, Granted};
use domain::access::{Access, Scope};
use domain::donor::Donor;
use domain::donor::register::{Register as Decision, Registered};
use domain::ids::{AccessId, DonorId, SubjectId};
use domain::subject::Subject;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::tokens;
use crate::work::Work;

/// Register a donor.
#[derive(Clone, Copy, Debug)]
pub struct Register {
    /// The person, if the donor wants to be known.
    pub subject: Option<SubjectId>,
}

/// The donor. The token of the link is among the secrets, as `donor_token`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DonorRegistered)]
pub struct Answer {
    /// The donor.
    pub donor_id: DonorId,
}

impl UseCase for Register {
    const NAME: &'static str = "donor.register";
    const SECRETS: &'static [&'static str] = &["donor_token"];
    type Answer = Answer;

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.operator()
    }

    async fn run(&self, work: &mut Work) -> Result<Answer, Failure> {
        if let Some(subject) = self.subject {
            work.get::<Subject>(subject).await?;
        }
        Ok(Answer {
            donor_id: register(work, self.subject).await?,
        })
    }
}

/// Registers a donor and grants the access of the link, in the same append as the act that needs
/// it.
pub(crate) async fn register(
    work: &mut Work,
    subject: Option<SubjectId>,
) -> Result<DonorId, Failure> {
    let donor_id: DonorId = work.new_id();
    let network = work.network().clone();
    let registered = Registered {
        network: network.clone(),
        donor_id,
        subject,
    };
    work.decide::<Donor>(donor_id, Decision { registered })
        .await?;
    let token = tokens::draw();
    let granted = Granted {
        network,
        scope: Scope::Donor { donor_id },
        token_digest: tokens::digest(&token),
        until: None,
    };
    let access_id: AccessId = work.new_id();
    let grant = Grant { granted };
    work.decide_after::<Access>(donor_id, access_id, grant)
        .await?;
    work.reveal("donor_token", token);
    Ok(donor_id)
}
