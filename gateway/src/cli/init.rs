//! `sospeso init`: settings, secrets, databases, and the first network with its operator.

use std::net::SocketAddr;

use clap::Args;
use commands::access::grant::Grant;
use commands::network::found::Found;
use domain::access::Scope;
use domain::money::CurrencyCode;
use domain::network::found::Founded;
use domain::text::{Label, Language, Name, Slug};
use serde_json::{Value, json};

use super::{Common, set_up};
use crate::settings::{Secrets, Settings};
use crate::wiring;

const EXAMPLE: &str = "Examples:
  sospeso init --network praha --name 'Místní místním' --currency CZK \\
      --timezone Europe/Prague --country CZ --languages cs,en
  sospeso init --database postgres://owner@localhost/sospeso";

/// Prepare an installation: it writes what is missing and changes nothing that is there.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Init {
    /// Prepare this PostgreSQL database; the login must own it.
    #[arg(long, value_name = "OWNER_URL")]
    database: Option<String>,
    /// Prepare this database for the keys; absent = the one of `KEYS_DATABASE_URL`, or the log's.
    #[arg(long, value_name = "OWNER_URL")]
    keys_database: Option<String>,
    /// Where `sospeso serve` is to listen, for the settings.
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// Found a network with this short name.
    #[arg(long, requires_all = ["name", "currency", "timezone", "country", "languages"])]
    network: Option<Slug>,
    /// The network's public name.
    #[arg(long)]
    name: Option<Name>,
    /// The currency of all its money, as a code of ISO 4217.
    #[arg(long)]
    currency: Option<CurrencyCode>,
    /// The time zone of its days.
    #[arg(long)]
    timezone: Option<chrono_tz::Tz>,
    /// Its country, as a code of ISO 3166.
    #[arg(long)]
    country: Option<Label>,
    /// The languages of its pages; the first is the default.
    #[arg(long, value_delimiter = ',')]
    languages: Option<Vec<Language>>,
}

impl Init {
    /// Prepares what was asked for.
    ///
    /// # Errors
    /// If something cannot be written.
    pub async fn run(self, common: &Common) -> anyhow::Result<()> {
        if let Some(database) = &self.database {
            let keys = self.keys_database.as_ref();
            let keys = keys.or(common.keys_database_url.as_ref());
            let log_id = wiring::migrate(database, keys.unwrap_or(database)).await?;
            let text = format!("The database holds the log {log_id}.");
            common.say(&text, &json!({"log_id": log_id}));
        }
        // A container is given its secrets by the environment and has no data directory.
        if self.database.is_none() || self.network.is_some() {
            self.write_files(common)?;
        }
        if let Some(founded) = self.founded() {
            found(common, founded).await?;
        }
        Ok(())
    }

    fn write_files(&self, common: &Common) -> anyhow::Result<()> {
        let data = &common.data;
        if !Secrets::make(data)? {
            return Ok(());
        }
        let settings = Settings {
            listen: self.listen,
            ..Settings::load(data)?
        };
        settings.write_new(data)?;
        let file = Secrets::file(data);
        let text = format!(
            "Wrote {}. Keep a copy elsewhere: without it personal texts and printed codes are lost.",
            file.display()
        );
        common.say(&text, &json!({"secrets": file}));
        Ok(())
    }

    fn founded(self) -> Option<Founded> {
        Some(Founded {
            network: self.network?,
            name: self.name?,
            currency: self.currency?,
            timezone: self.timezone?,
            country: self.country?,
            languages: self.languages?,
        })
    }
}

/// Founds the network, and shows the public key of its history, and the first operator's token once.
async fn found(common: &Common, founded: Founded) -> anyhow::Result<()> {
    let network = founded.network.clone();
    let engines = set_up::engines(common).await?;
    let (desk, verifier) = (engines.desk, engines.evidence.key.verifier().to_string());
    let key = format!("found {network}");
    let done = set_up::act(&desk, &network, key, Found { founded }).await?;
    if done.secrets.is_none() {
        let text = format!(
            "The network {network} is there; `sospeso token issue` makes tokens.\n\
             The public key of its history, for whoever wants to check it:\n{verifier}"
        );
        common.say(
            &text,
            &json!({"network": network, "founded": false, "key": verifier}),
        );
        return Ok(());
    }
    let operator = Grant {
        scope: Scope::Operator { import: true },
        until: None,
    };
    let granted = set_up::act(&desk, &network, set_up::new_key(), operator).await?;
    let token = granted
        .secrets
        .and_then(|mut secrets| secrets.remove("token"));
    let text = format!(
        "Founded {network}. The public key of its history, for whoever wants to check it:\n\
         {verifier}\nIts operator's token, shown this once:\n{}",
        token.as_deref().unwrap_or_default()
    );
    let facts: Value = json!({
        "network": network,
        "founded": true,
        "access_id": granted.answer.access_id,
        "token": token,
        "key": verifier,
    });
    common.say(&text, &facts);
    Ok(())
}
