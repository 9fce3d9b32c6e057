//! PostgreSQL: one cluster for many tests, a fresh database for each.

use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use sqlx::{Connection, PgConnection};

use super::{ServerProcess, free_port, tool, unique_name};
use crate::wait::until_blocking;

/// A cluster: the one that `SOSPESO_TEST_PG_URL` names, or a private one that ends with the process.
/// Tests share it; a test that breaks its server takes [`Postgres::start`].
pub fn postgres() -> &'static Postgres {
    static SHARED: OnceLock<Postgres> = OnceLock::new();
    SHARED.get_or_init(|| match std::env::var("SOSPESO_TEST_PG_URL") {
        Ok(url) => Postgres { url, private: None },
        Err(_) => Postgres::start(),
    })
}

pub struct Postgres {
    url: String,
    private: Option<Private>,
}

struct Private {
    process: ServerProcess,
    user: Option<User>,
    port: u16,
}

impl Postgres {
    /// A private cluster with fsync on, so that a crash test proves something.
    #[must_use]
    pub fn start() -> Postgres {
        Self::start_with(&[])
    }

    /// One whose files of the write-ahead log have a MiB each, so that [`Postgres::files_may_have`]
    /// can leave those room and take it from tables.
    #[must_use]
    pub fn with_small_files() -> Postgres {
        Self::start_with(&["--wal-segsize=1"])
    }

    fn start_with(initdb: &[&str]) -> Postgres {
        let folder = tempfile::Builder::new()
            .prefix("sospeso-pg-")
            .tempdir()
            .expect("a temporary folder")
            .keep();
        let user = User::for_folder(&folder);
        let process = ServerProcess::in_folder("postgres", folder, "INT");
        let mut private = Private {
            process,
            user,
            port: 0,
        };
        private.create_cluster(initdb);
        let started = (0..5).any(|_| {
            private.port = free_port();
            private.run()
        });
        assert!(
            started,
            "postgres does not start:\n{}",
            private.process.log()
        );
        let url = format!("postgres://postgres@127.0.0.1:{}/postgres", private.port);
        Postgres {
            url,
            private: Some(private),
        }
    }

    /// The superuser's URL of the database `postgres`.
    pub fn superuser_url(&self) -> &str {
        &self.url
    }

    /// Where a private cluster keeps its files.
    pub fn data(&self) -> Option<PathBuf> {
        self.private.as_ref().map(Private::data)
    }

    /// A clean, fast stop; of a private cluster only.
    pub fn stop(&mut self) {
        self.private().process.end_with("INT");
    }

    /// A crash: every backend dies at once and no checkpoint is written; the next start recovers.
    pub fn kill(&mut self) {
        self.private().process.end_with("QUIT");
    }

    /// As the kernel does when memory is short: nobody tells the backends, who notice by themselves.
    pub fn slay(&mut self) {
        self.private().process.end_with("KILL");
    }

    /// The largest file that the server and its backends may write from now on, until it starts again.
    /// Where the last page fits by half, PostgreSQL says what it says of a full disk.
    pub fn files_may_have(&mut self, bytes: &str) {
        let private = self.private();
        let first = private.process.pid().expect("a started server");
        private.limit(first, bytes);
        let children = format!("/proc/{first}/task/{first}/children");
        let children = std::fs::read_to_string(children).unwrap_or_default();
        for child in children.split_whitespace() {
            private.limit(child.parse().expect("a process"), bytes);
        }
    }

    /// Starts again on the same port after [`Postgres::stop`], [`Postgres::kill`] or
    /// [`Postgres::slay`], as soon as the backends of before are gone.
    pub fn restart(&mut self) {
        let private = self.private();
        until_blocking("postgres to start again", || private.run().then_some(()));
    }

    /// A fresh, empty database with an owner of its own, dropped with the handle.
    pub async fn database(&self) -> Database {
        let name = unique_name("t");
        let mut admin = connect(&self.url).await;
        // Not a superuser, as in production, but it may create the roles of its schema.
        for statement in [
            format!("CREATE ROLE {name} LOGIN CREATEROLE PASSWORD '{name}'"),
            format!("CREATE DATABASE {name} OWNER {name} TEMPLATE template0"),
        ] {
            let done = sqlx::query(&statement).execute(&mut admin);
            done.await
                .unwrap_or_else(|error| panic!("{statement}: {error}"));
        }
        let (_, server) = self.url.rsplit_once('@').expect("a URL with a user");
        let (server, _) = server.rsplit_once('/').expect("a URL with a database");
        Database {
            owner_url: format!("postgres://{name}:{name}@{server}/{name}"),
            superuser_url: with_database(&self.url, &name),
            admin_url: self.url.clone(),
            name,
        }
    }

    fn private(&mut self) -> &mut Private {
        self.private
            .as_mut()
            .expect("the shared server may not be stopped: use Postgres::start()")
    }
}

/// One test's database.
pub struct Database {
    name: String,
    owner_url: String,
    superuser_url: String,
    admin_url: String,
}

impl Database {
    pub fn name(&self) -> &str {
        &self.name
    }

    /// As its owner, who may create roles but is no superuser: what `sospeso init` is given.
    pub fn owner_url(&self) -> &str {
        &self.owner_url
    }

    /// The same database as superuser, for tests of what even an owner must not do unseen.
    pub fn superuser_url(&self) -> &str {
        &self.superuser_url
    }

    /// The same database as another role, whose name must be its password or need none.
    #[must_use]
    pub fn url_as(&self, role: &str) -> String {
        let (_, server) = self
            .superuser_url
            .rsplit_once('@')
            .expect("a URL with a user");
        format!("postgres://{role}:{role}@{server}")
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (url, name) = (self.admin_url.clone(), self.name.clone());
        // A thread, because a test may drop its handle inside a runtime. Best effort: the shared
        // cluster is thrown away after the run anyhow.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime
                .block_on(drop_database(&url, &name))
                .map_err(std::io::Error::other)
        });
        let _best_effort = dropping.join();
    }
}

/// Drops the database, then the roles named after it, which can own nothing any more.
async fn drop_database(url: &str, name: &str) -> sqlx::Result<()> {
    let mut admin = PgConnection::connect(url).await?;
    let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    sqlx::query(&drop).execute(&mut admin).await?;
    let roles: Vec<String> = sqlx::query_scalar(
        "SELECT quote_ident(rolname) FROM pg_roles WHERE rolname LIKE $1 || '%'",
    )
    .bind(name)
    .fetch_all(&mut admin)
    .await?;
    for role in roles {
        sqlx::query(&format!("DROP ROLE {role}"))
            .execute(&mut admin)
            .await?;
    }
    admin.close().await
}

impl Private {
    fn create_cluster(&mut self, arguments: &[&str]) {
        let mut initdb = self.command("initdb");
        initdb.args(arguments);
        initdb.args([
            "--username=postgres",
            "--auth=trust",
            "--no-sync",
            "--encoding=UTF8",
        ]);
        // A language's own order, as many installations have: a query that forgot its collation
        // shows here and not at a user's.
        initdb.args([
            "--locale=C.UTF-8",
            "--locale-provider=icu",
            "--icu-locale=cs-CZ",
        ]);
        initdb.arg("--pgdata").arg(self.data());
        let output = initdb.output().expect("initdb starts");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "initdb failed: {errors}");
    }

    /// Whether it came up; not when something else took its port.
    fn run(&mut self) -> bool {
        let data = self.data();
        let mut command = self.command("postgres");
        command
            .arg("-D")
            .arg(&data)
            .arg("-p")
            .arg(self.port.to_string());
        for setting in [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=300",
            "fsync=on",
        ] {
            command.args(["-c", setting]);
        }
        command.stdout(Stdio::null());
        self.process.start(command);
        let pid = self.process.pid().map(|pid| pid.to_string());
        // The server writes its own state into line 8 of this file; pg_ctl waits for the same. That
        // of a server that was killed is still there, and says that it is ready.
        let ready = || {
            let state = std::fs::read_to_string(data.join("postmaster.pid")).ok()?;
            let mut lines = state.lines().map(str::trim);
            let is_its_own = lines.next() == pid.as_deref();
            (is_its_own && lines.nth(6) == Some("ready")).then_some(())
        };
        self.process.ready(ready).is_some()
    }

    fn command(&self, name: &str) -> Command {
        self.as_owner(program(name))
    }

    fn as_owner(&self, program: PathBuf) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.process.folder());
        if let Some(user) = &self.user {
            command.uid(user.uid).gid(user.gid);
        }
        command
    }

    fn data(&self) -> PathBuf {
        self.process.folder().join("data")
    }

    /// The soft limit alone, which the server's own user may lift again; one that has ended has none.
    fn limit(&self, pid: u32, bytes: &str) {
        let mut prlimit = self.as_owner("prlimit".into());
        prlimit.args(["--pid", &pid.to_string(), &format!("--fsize={bytes}:")]);
        let _ended_meanwhile = prlimit.stderr(Stdio::null()).status();
    }
}

/// Whom PostgreSQL runs as: it refuses to run as root.
struct User {
    uid: u32,
    gid: u32,
}

impl User {
    /// `None` when we are not root; otherwise an unprivileged user, who is given the folder.
    fn for_folder(folder: &Path) -> Option<User> {
        let owner = std::fs::metadata(folder).expect("the new folder").uid();
        if owner != 0 {
            return None;
        }
        let users = std::fs::read_to_string("/etc/passwd").expect("/etc/passwd");
        let user = ["postgres", "nobody"]
            .iter()
            .find_map(|name| User::named(&users, name));
        let user = user.expect("root needs a user `postgres` or `nobody` to run PostgreSQL as");
        chown(folder, Some(user.uid), Some(user.gid)).expect("root may give its folder away");
        Some(user)
    }

    fn named(users: &str, name: &str) -> Option<User> {
        let line = users
            .lines()
            .find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some(User {
            uid: fields.next()?.parse().ok()?,
            gid: fields.next()?.parse().ok()?,
        })
    }
}

/// Debian keeps the server's programs off the PATH, one folder per version: the newest wins.
/// A program of PostgreSQL's, e.g. `pg_dump`.
#[must_use]
pub fn postgres_program(name: &str) -> PathBuf {
    program(name)
}

fn program(name: &str) -> PathBuf {
    if let Some(folder) = std::env::var_os("SOSPESO_PG_BIN") {
        return PathBuf::from(folder).join(name);
    }
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .collect();
    versions.sort_by_key(|path| {
        path.file_name()
            .and_then(|v| v.to_str()?.parse::<u32>().ok())
    });
    tool(
        "",
        name,
        versions
            .iter()
            .rev()
            .map(|version| version.join("bin").join(name)),
    )
}

async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url)
        .await
        .unwrap_or_else(|error| panic!("{url}: {error}"))
}

fn with_database(url: &str, name: &str) -> String {
    let (server, _) = url.rsplit_once('/').expect("a URL with a database");
    format!("{server}/{name}")
}
