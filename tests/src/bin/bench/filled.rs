//! A log with a long history in it, made once for all benches that need one.

use std::path::Path;
use std::process::Command;

use commands::clock::Clock;
use gateway::settings::{Secrets, Settings};
use gateway::wiring::{self, Engines};
use sqlx::{Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;
use tests::history;
use tests::servers::Database;
use tests::workspace;

use crate::town::{Engine, ground};

/// How many venues the town of the history has.
pub const VENUES: usize = 200;

/// An installation: a data directory with secrets, and a database on PostgreSQL.
pub struct Filled {
    pub engine: Engine,
    pub events: usize,
    folder: TempDir,
    database: Option<Database>,
    settings: Settings,
}

impl Filled {
    /// With a history of so many events.
    pub async fn with(engine: Engine, events: usize, venues: usize) -> Self {
        let (folder, database, settings) = ground(engine).await;
        let filled = Self {
            engine,
            events,
            folder,
            database,
            settings,
        };
        let engines = filled.engines().await;
        history::fill(&**engines.desk.log(), venues, events, |_| ()).await;
        filled.settle().await;
        filled
    }

    /// What stands on it.
    pub async fn engines(&self) -> Engines {
        let secrets = Secrets::load(self.data()).expect("the secrets");
        let engines = wiring::engines(self.data(), &self.settings, &secrets, Clock::system());
        engines.await.expect("the engines")
    }

    /// Its data directory.
    pub fn data(&self) -> &Path {
        self.folder.path()
    }

    /// The real program on this installation.
    pub fn command(&self, verb: &[&str]) -> Command {
        let mut command = Command::new(workspace::binary());
        command
            .args(verb)
            .arg("--json")
            .arg("--data")
            .arg(self.data());
        let url = self.settings.database_url.iter();
        command.args(url.map(|url| format!("--database-url={url}")));
        command.env_clear().current_dir(self.data());
        command
    }

    /// What a database does after a restore anyway: its statistics, and marking what all may see.
    async fn settle(&self) {
        if let Some(database) = &self.database {
            let mut owner = PgConnection::connect(database.superuser_url()).await;
            let owner = owner.as_mut().expect("a database");
            owner
                .execute("VACUUM ANALYZE log.events")
                .await
                .expect("a vacuum");
            owner.execute("CHECKPOINT").await.expect("a checkpoint");
        }
    }
}
