//! One token per role, and a donor's private link.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use commands::access::grant::Grant;
use commands::executor::{Desk, Request};
use commands::principal::Principal;
use domain::access::Scope;
use domain::envelope::Channel;
use domain::text::Slug;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Cast, NETWORK};
use crate::settings::write_private;

/// Where the demo keeps its tokens, so that they stay the same when it is started again.
const FILE: &str = "demo-tokens.json";

/// The tokens; whoever has one has the role.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Tokens {
    /// The log in which they open.
    pub log_id: Uuid,
    /// By role.
    pub tokens: BTreeMap<String, String>,
    /// The token of the donor's link.
    pub donor: String,
}

/// The tokens of an earlier start, or new ones.
///
/// # Errors
/// If they cannot be granted or kept.
pub async fn issue(desk: &Arc<Desk>, cast: &Cast, data: &Path) -> anyhow::Result<Tokens> {
    let file = data.join(FILE);
    if let Some(known) = read(&file)?
        && known.log_id == desk.log().log_id()
    {
        return Ok(known);
    }
    let mut tokens = BTreeMap::new();
    for (role, scope) in scopes(cast) {
        tokens.insert(role.to_owned(), grant(desk, scope).await?);
    }
    let donor = tokens.remove("donor").unwrap_or_default();
    let tokens = Tokens {
        log_id: desk.log().log_id(),
        tokens,
        donor,
    };
    write_private(&file, &serde_json::to_string_pretty(&tokens)?)?;
    Ok(tokens)
}

fn read(file: &Path) -> anyhow::Result<Option<Tokens>> {
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(serde_json::from_str(&text).ok()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("reading {}", file.display())),
    }
}

fn scopes(cast: &Cast) -> [(&'static str, Scope); 8] {
    [
        ("operator", Scope::Operator { import: false }),
        (
            "coordinator",
            Scope::Coordinator {
                district_ids: Vec::new(),
            },
        ),
        (
            "venue",
            Scope::Venue {
                venue_id: cast.venue_id,
            },
        ),
        (
            "organisation",
            Scope::Organisation {
                organisation_id: cast.organisation_id,
            },
        ),
        (
            "member",
            Scope::Member {
                member_id: cast.member_id,
            },
        ),
        ("auditor", Scope::Auditor { fund_id: None }),
        ("analyst", Scope::Analyst {}),
        (
            "donor",
            Scope::Donor {
                donor_id: cast.donor_id,
            },
        ),
    ]
}

async fn grant(desk: &Arc<Desk>, scope: Scope) -> anyhow::Result<String> {
    let network: Slug = NETWORK.parse()?;
    // Tokens are random, so every start that needs new ones makes new grants.
    let key = format!("demo/grant/{}", commands::tokens::draw());
    let request = Request::new(
        Principal::system("demo", network),
        key,
        String::new(),
        Channel::Cli,
    );
    let mut granted = desk.execute(request, Grant { scope, until: None }).await?;
    let token = granted
        .secrets
        .as_mut()
        .and_then(|secrets| secrets.remove("token"));
    token.context("a token that was just granted")
}
