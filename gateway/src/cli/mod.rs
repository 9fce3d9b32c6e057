//! The command line: one file per verb, each with an example in its help and `--json`.
//!
//! To add a verb: write `<verb>.rs` with a struct that derives `clap::Args` and has
//! `async fn run(self, common: &Common) -> anyhow::Result<()>`, and add it to `Verb` and to
//! `Verb::run`.

pub mod audit;
pub mod demo;
pub mod doctor;
pub mod events;
pub mod import;
pub mod init;
pub mod keys;
pub mod project;
pub mod projection;
pub mod relay;
pub mod serve;
pub mod subject;
pub mod token;
pub mod verify;
pub mod witness;
mod witnesses;

mod set_up;

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use serde_json::{Value, json};
use tracing_subscriber::EnvFilter;

use crate::settings::{DEFAULT_DATA, Settings};

/// The open ledger of local solidarity.
#[derive(Parser)]
#[command(name = "sospeso", version, about, propagate_version = true)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    verb: Verb,
}

/// What every verb takes.
#[derive(Args, Clone, Debug)]
pub struct Common {
    /// The data directory: settings, secrets, and without PostgreSQL all data.
    #[arg(long, env = "SOSPESO_DATA", default_value = DEFAULT_DATA, global = true)]
    pub data: PathBuf,
    /// Print JSON, one object a line, instead of text.
    #[arg(long, global = true)]
    pub json: bool,
    /// A PostgreSQL database for the log, instead of SQLite in the data directory.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,
    /// Another PostgreSQL database for the keys of personal text.
    #[arg(long, env = "KEYS_DATABASE_URL", hide_env_values = true, global = true)]
    pub keys_database_url: Option<String>,
    /// A NATS server that carries events on.
    #[arg(long, env = "NATS_URL", hide_env_values = true, global = true)]
    pub nats_url: Option<String>,
    /// The log's name in its checkpoints; absent = `sospeso/` and the log's id.
    #[arg(long, env = "SOSPESO_ORIGIN", global = true)]
    pub origin: Option<String>,
    /// A directory that gets a file for every checkpoint of the history.
    #[arg(
        long,
        env = "SOSPESO_CHECKPOINTS_TO",
        value_name = "DIR",
        global = true
    )]
    pub checkpoints_to: Option<PathBuf>,
    /// How the log on standard error is written. What is logged says `SOSPESO_LOG`.
    #[arg(
        long,
        env = "SOSPESO_LOG_FORMAT",
        default_value = "text",
        global = true
    )]
    pub log_format: LogFormat,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs: one object a line.
    Json,
}

#[derive(Subcommand)]
enum Verb {
    Audit(audit::Audit),
    Demo(demo::Demo),
    Doctor(doctor::Doctor),
    Events(events::Events),
    Import(import::Import),
    Init(init::Init),
    Keys(keys::KeysVerb),
    Project(project::Project),
    Projection(projection::Projection),
    Relay(relay::Relay),
    Serve(serve::Serve),
    Subject(subject::Subject),
    Token(token::Token),
    Verify(verify::Verify),
    Witness(witness::Witness),
}

impl Verb {
    async fn run(self, common: &Common) -> anyhow::Result<()> {
        match self {
            Self::Audit(verb) => verb.run(common).await,
            Self::Demo(verb) => verb.run(common).await,
            Self::Doctor(verb) => verb.run(common).await,
            Self::Events(verb) => verb.run(common).await,
            Self::Import(verb) => verb.run(common).await,
            Self::Init(verb) => verb.run(common).await,
            Self::Keys(verb) => verb.run(common).await,
            Self::Project(verb) => verb.run(common).await,
            Self::Projection(verb) => verb.run(common).await,
            Self::Relay(verb) => verb.run(common).await,
            Self::Serve(verb) => verb.run(common).await,
            Self::Subject(verb) => verb.run(common).await,
            Self::Token(verb) => verb.run(common).await,
            Self::Verify(verb) => verb.run(common).await,
            Self::Witness(verb) => verb.run(common).await,
        }
    }
}

impl Common {
    /// The settings of the data directory, and over them what was said here.
    ///
    /// # Errors
    /// If the settings cannot be read.
    pub fn settings(&self) -> anyhow::Result<Settings> {
        let mut settings = Settings::load(&self.data)?;
        let said = [
            (&mut settings.database_url, &self.database_url),
            (&mut settings.keys_database_url, &self.keys_database_url),
            (&mut settings.nats_url, &self.nats_url),
            (&mut settings.origin, &self.origin),
        ];
        for (setting, said) in said {
            // An empty variable is how a compose file says "none".
            if let Some(said) = said.as_ref().filter(|said| !said.is_empty()) {
                *setting = Some(said.clone());
            }
        }
        if let Some(directory) = &self.checkpoints_to {
            settings.checkpoints_to = Some(directory.clone());
        }
        Ok(settings)
    }

    /// Says what was done, for people or for a program.
    pub fn say(&self, text: &str, facts: &Value) {
        if self.json {
            println!("{facts}");
        } else {
            println!("{text}");
        }
    }
}

/// Runs the verb that was asked for.
pub async fn main() -> ExitCode {
    let Cli { common, verb } = Cli::parse();
    start_log(common.log_format);
    match verb.run(&common).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            if let Some(found) = error.downcast_ref::<audit::NotSound>() {
                eprintln!("sospeso: {found}");
                return ExitCode::from(found.exit_code());
            }
            if common.json {
                println!("{}", json!({"error": format!("{error:#}")}));
            } else {
                eprintln!("sospeso: {error:#}");
            }
            ExitCode::FAILURE
        }
    }
}

/// Readable by its owner alone, as the log is, and never over another.
fn new_file(path: &Path) -> std::io::Result<std::fs::File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true).mode(0o600).open(path)
}

fn start_log(format: LogFormat) {
    let filter = EnvFilter::try_from_env("SOSPESO_LOG").unwrap_or_else(|_| "info".into());
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        // Where the log is a file on a full disk, to complain about that there would be a panic.
        .log_internal_errors(false)
        // Colours are for people; a file or a journal keeps plain text.
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn every_verb_explains_itself_with_an_example() {
        let mut cli = super::Cli::command();
        cli.build();
        for verb in cli
            .get_subcommands()
            .filter(|verb| verb.get_name() != "help")
        {
            let help = verb
                .get_after_help()
                .map(ToString::to_string)
                .unwrap_or_default();
            let example = format!("sospeso {}", verb.get_name());
            assert!(
                help.contains(&example),
                "`{example} --help` shows no example"
            );
            assert!(
                verb.get_about().is_some(),
                "`{example} --help` does not say what it does"
            );
        }
        cli.debug_assert();
    }
}
