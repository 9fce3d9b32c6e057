//! `sospeso token`: issue and revoke access from the machine, e.g. when every operator lost theirs.

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use commands::access::grant::Grant;
use commands::access::revoke::Revoke;
use domain::access::Scope;
use domain::envelope::Role;
use domain::ids::AccessId;
use domain::text::Slug;
use serde_json::json;
use uuid::Uuid;

use super::{Common, set_up};

const EXAMPLE: &str = "Examples:
  sospeso token issue --network praha --role operator
  sospeso token issue --network praha --role venue --of 6f1c0c0e-5f0a-4c53-9d7b-1f6a3f7d2b11
  sospeso token revoke --network praha 0b8e7a64-92c1-45c7-8f5e-3a1d0c9b2e77";

/// Issue or revoke an access token.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Token {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// Issue a token and show it once.
    #[command(after_help = EXAMPLE)]
    Issue(Issue),
    /// Revoke a token: it and every session from it end within two seconds.
    #[command(after_help = EXAMPLE)]
    Revoke(Revocation),
}

#[derive(Args, Debug)]
struct Issue {
    /// The network.
    #[arg(long)]
    network: Slug,
    /// operator, coordinator, venue, organisation, member, donor, subject, auditor or analyst.
    #[arg(long)]
    role: Role,
    /// The venue, organisation, member, donor, subject or fund that it is about; for a coordinator the
    /// districts, none = all.
    #[arg(long, value_name = "ID")]
    of: Vec<Uuid>,
    /// An operator who may enter records from before.
    #[arg(long)]
    import: bool,
    /// The instant from which it opens nothing.
    #[arg(long)]
    until: Option<DateTime<Utc>>,
}

#[derive(Args, Debug)]
struct Revocation {
    /// The network.
    #[arg(long)]
    network: Slug,
    /// The access, as it was shown when it was issued.
    access_id: AccessId,
}

impl Token {
    /// Issues or revokes.
    ///
    /// # Errors
    /// If the log is away or the act is refused.
    pub async fn run(self, common: &Common) -> anyhow::Result<()> {
        match self.what {
            What::Issue(issue) => issue.run(common).await,
            What::Revoke(revocation) => revocation.run(common).await,
        }
    }
}

impl Issue {
    async fn run(self, common: &Common) -> anyhow::Result<()> {
        let scope = self.scope()?;
        let desk = set_up::desk(common).await?;
        let until = self.until;
        let grant = Grant { scope, until };
        let done = set_up::act(&desk, &self.network, set_up::new_key(), grant).await?;
        let token = done.secrets.and_then(|mut secrets| secrets.remove("token"));
        let token = token.context("a new access has a token")?;
        let access_id = done.answer.access_id;
        let text = format!("Access {access_id}. Its token, shown this once:\n{token}");
        common.say(&text, &json!({"access_id": access_id, "token": token}));
        Ok(())
    }

    fn scope(&self) -> anyhow::Result<Scope> {
        let one = || match self.of.as_slice() {
            [id] => Ok(*id),
            _ => bail!("this role needs --of with one id"),
        };
        Ok(match self.role {
            Role::Operator => Scope::Operator {
                import: self.import,
            },
            Role::Coordinator => Scope::Coordinator {
                district_ids: self.of.iter().map(|id| (*id).into()).collect(),
            },
            Role::Venue => Scope::Venue {
                venue_id: one()?.into(),
            },
            Role::Organisation => Scope::Organisation {
                organisation_id: one()?.into(),
            },
            Role::Member => Scope::Member {
                member_id: one()?.into(),
            },
            Role::Donor => Scope::Donor {
                donor_id: one()?.into(),
            },
            Role::Subject => Scope::Subject {
                subject_id: one()?.into(),
            },
            Role::Auditor => Scope::Auditor {
                fund_id: self.of.first().map(|id| (*id).into()),
            },
            Role::Analyst => Scope::Analyst {},
            Role::System => bail!("nobody holds a token of the software itself"),
        })
    }
}

impl Revocation {
    async fn run(self, common: &Common) -> anyhow::Result<()> {
        let access_id = self.access_id;
        let desk = set_up::desk(common).await?;
        let key = format!("revoke {access_id}");
        set_up::act(&desk, &self.network, key, Revoke { access_id }).await?;
        let text = format!("Access {access_id} is revoked.");
        common.say(&text, &json!({"access_id": access_id, "revoked": true}));
        Ok(())
    }
}
