//! One token per role, and a donor's private link; kept, so that they stay when it starts again.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use chrono::NaiveDate;
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

/// Where the demo keeps what it must know when it is started again.
const FILE: &str = "demo.json";

/// The tokens, and how far the story was told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kept {
    /// The log in which they open.
    pub log_id: Uuid,
    /// The day up to which the story was told.
    pub today: NaiveDate,
    /// By role; whoever has one has the role.
    pub tokens: BTreeMap<String, String>,
    /// The token of the donor's link.
    pub donor: String,
}

/// What an earlier start over this log kept.
///
/// # Errors
/// If the file cannot be read.
pub fn kept(data: &Path, log_id: Uuid) -> anyhow::Result<Option<Kept>> {
    let file = data.join(FILE);
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("reading {}", file.display())),
    };
    let kept: Kept =
        serde_json::from_str(&text).with_context(|| format!("in {}", file.display()))?;
    Ok(Some(kept).filter(|kept| kept.log_id == log_id))
}

/// Keeps what must be known when it is started again, with new tokens if there are none yet.
///
/// # Errors
/// If tokens cannot be granted or kept.
pub async fn keep(
    desk: &Arc<Desk>,
    cast: &Cast,
    today: NaiveDate,
    data: &Path,
) -> anyhow::Result<Kept> {
    let log_id = desk.log().log_id();
    let kept = if let Some(kept) = kept(data, log_id)? {
        Kept { today, ..kept }
    } else {
        let mut tokens = BTreeMap::new();
        for (role, scope) in scopes(cast) {
            tokens.insert(role.to_owned(), grant(desk, scope).await?);
        }
        let donor = tokens.remove("donor").unwrap_or_default();
        Kept {
            log_id,
            today,
            tokens,
            donor,
        }
    };
    write_private(&data.join(FILE), &serde_json::to_string_pretty(&kept)?)?;
    Ok(kept)
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
    let key = commands::tokens::digest(&commands::tokens::draw());
    let request = Request::new(
        Principal::system(super::ACTOR, network),
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
