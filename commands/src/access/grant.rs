//! An operator grants a role in a scope; the token is shown once.

use chrono::{DateTime, Utc};
use domain::access::grant::{Grant as Decision, Granted};
use domain::access::{Access, Scope};
use domain::ids::AccessId;
use domain::venue::Venue;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::tokens;
use crate::work::Work;

/// Grant access.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The role and what it is about.
    pub scope: Scope,
    /// The instant from which the token opens nothing; `None` = until revoked.
    pub until: Option<DateTime<Utc>>,
}

/// Which access was granted. The token is among the secrets, as `token`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = AccessGranted)]
pub struct Answer {
    /// The access.
    pub access_id: AccessId,
}

impl UseCase for Grant {
    const NAME: &'static str = "access.grant";
    const SECRETS: &'static [&'static str] = &["token"];
    type Answer = Answer;

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.operator()
    }

    async fn run(&self, work: &mut Work) -> Result<Answer, Failure> {
        if let Scope::Venue { venue_id } = &self.scope {
            work.get::<Venue>(*venue_id).await?;
        }
        let access_id: AccessId = work.new_id();
        let token = tokens::draw();
        let granted = Granted {
            network: work.network().clone(),
            scope: self.scope.clone(),
            token_digest: tokens::digest(&token),
            until: self.until,
        };
        work.decide::<Access>(access_id, Decision { granted })
            .await?;
        work.reveal("token", token);
        Ok(Answer { access_id })
    }
}
