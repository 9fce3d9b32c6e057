//! Settings and secrets: two files in the data directory, or variables of the environment.
//!
//! There are no default secrets: without them nothing starts.

mod change;
pub mod log_key;
pub mod master_key;

use std::net::SocketAddr;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use domain::evidence::note::VerifierKey;
use serde::{Deserialize, Serialize};

/// Where everything lies unless another directory is named.
pub const DEFAULT_DATA: &str = ".sospeso";
const SETTINGS: &str = "sospeso.toml";
const SECRETS: &str = "secrets.toml";

/// What whoever runs it may choose. The command line goes before the environment, the environment
/// before the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where to listen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<SocketAddr>,
    /// Where to serve `/metrics`; absent = beside the API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics_listen: Option<SocketAddr>,
    /// A PostgreSQL database for the log; absent = SQLite in the data directory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database_url: Option<String>,
    /// Another database for the keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keys_database_url: Option<String>,
    /// A NATS server that carries events on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nats_url: Option<String>,
    /// The log's name in its checkpoints; absent = `sospeso/` and the log's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// A directory that gets a file for every checkpoint; best one that another machine keeps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkpoints_to: Option<PathBuf>,
    /// For how many days a backup of keys is kept, 1 to 366; absent = 35.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keys_backup_days: Option<u32>,
    /// Witnesses to whom checkpoints are shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub witnesses: Vec<ShownTo>,
}

/// A witness to whom checkpoints are shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShownTo {
    /// Where it listens, as `https://host` or `http://host:port`.
    pub url: String,
    /// Its verifier key: only what this key signed counts as a cosignature.
    pub key: VerifierKey,
}

/// The keys of this installation; all its gateways share them.
#[derive(Clone)]
pub struct Secrets {
    /// Wraps the keys of personal text.
    pub master: [u8; 32],
    /// Wrapped them before, while the master key is being changed.
    pub master_before: Option<[u8; 32]>,
    /// Makes voucher codes.
    pub code: [u8; 32],
    /// Hides codes and requests in the lookups.
    pub digest: [u8; 32],
    /// Signs sessions.
    pub session: [u8; 32],
    /// Signs checkpoints of the history.
    pub seal: [u8; 32],
    /// Signs them too while the log's key is being changed: the key of before.
    pub seal_before: Option<[u8; 32]>,
    /// The public halves of keys that signed still earlier.
    pub seal_former: Vec<VerifierKey>,
}

/// The secrets as they stand in the file, hexadecimal.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    master: Option<String>,
    master_before: Option<String>,
    code: Option<String>,
    digest: Option<String>,
    session: Option<String>,
    seal: Option<String>,
    seal_before: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    seal_former: Vec<String>,
}

/// The variable of the master key.
const MASTER: &str = "SOSPESO_MASTER_KEY";
/// The variable of the master key of before, while it is being changed.
const MASTER_BEFORE: &str = "SOSPESO_MASTER_KEY_BEFORE";
/// The variable of the key that signs checkpoints.
const SEAL: &str = "SOSPESO_SEAL_KEY";
/// The variable of the key that signed them before, while it is being changed.
const SEAL_BEFORE: &str = "SOSPESO_SEAL_KEY_BEFORE";

impl Settings {
    /// Reads the settings of a data directory; one without a file has none.
    ///
    /// # Errors
    /// If the file cannot be read or says something unknown.
    pub fn load(data: &Path) -> anyhow::Result<Self> {
        let file = data.join(SETTINGS);
        let Some(text) = read_if_there(&file)? else {
            return Ok(Self::default());
        };
        toml::from_str(&text).with_context(|| format!("in {}", file.display()))
    }

    /// Writes them, unless there is a file.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write_new(&self, data: &Path) -> anyhow::Result<()> {
        let file = data.join(SETTINGS);
        if file.exists() {
            return Ok(());
        }
        write_new(&file, &toml::to_string(self)?)
    }
}

impl Secrets {
    /// Reads the secrets: each from its variable, or from the file of the data directory. A file
    /// from before checkpoints were signed gets a key for them.
    ///
    /// # Errors
    /// If one is missing or malformed, or if others may read the file.
    pub fn load(data: &Path) -> anyhow::Result<Self> {
        let file = data.join(SECRETS);
        let secrets = Self::read(&file)?;
        if let Some(secrets) = secrets {
            return Ok(secrets);
        }
        draw_seal(&file)?;
        Self::read(&file)?.with_context(|| format!("{SEAL} cannot be drawn"))
    }

    /// `None` if all that is missing is the key of the checkpoints, and there is a file for it.
    fn read(file: &Path) -> anyhow::Result<Option<Self>> {
        let written = written(file)?;
        let keys = written.as_ref();
        let of = |variable, field: fn(&Written) -> &Option<String>| {
            key(variable, keys.and_then(|keys| field(keys).as_deref()), file)
        };
        let master = of(MASTER, |keys| &keys.master)?;
        let code = of("SOSPESO_CODE_KEY", |keys| &keys.code)?;
        let digest = of("SOSPESO_DIGEST_KEY", |keys| &keys.digest)?;
        let session = of("SOSPESO_SESSION_KEY", |keys| &keys.session)?;
        if keys.is_some_and(|keys| keys.seal.is_none()) && std::env::var_os(SEAL).is_none() {
            return Ok(None);
        }
        let seal = of(SEAL, |keys| &keys.seal)?;
        let before = |variable, field: fn(&Written) -> &Option<String>| {
            let written = keys.is_some_and(|keys| field(keys).is_some());
            let given = written || std::env::var_os(variable).is_some();
            given.then(|| of(variable, field)).transpose()
        };
        let master_before = before(MASTER_BEFORE, |keys| &keys.master_before)?;
        let seal_before = before(SEAL_BEFORE, |keys| &keys.seal_before)?;
        let former = keys.into_iter().flat_map(|keys| &keys.seal_former);
        let former = former.map(|key| key.parse().with_context(|| format!("{key:?}")));
        Ok(Some(Self {
            master,
            master_before,
            code,
            digest,
            session,
            seal,
            seal_before,
            seal_former: former.collect::<anyhow::Result<_>>()?,
        }))
    }

    /// New secrets.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "this is where the chance of an installation's keys comes in"
    )]
    pub fn draw() -> Self {
        Self {
            master: rand::random(),
            master_before: None,
            code: rand::random(),
            digest: rand::random(),
            session: rand::random(),
            seal: rand::random(),
            seal_before: None,
            seal_former: Vec::new(),
        }
    }

    /// Writes them, readable by their owner alone, and never over others: what was sealed or
    /// printed under lost secrets is lost.
    fn write_new(&self, data: &Path) -> anyhow::Result<()> {
        let written = Written {
            master: Some(hex::encode(self.master)),
            code: Some(hex::encode(self.code)),
            digest: Some(hex::encode(self.digest)),
            session: Some(hex::encode(self.session)),
            seal: Some(hex::encode(self.seal)),
            ..Written::default()
        };
        let text = toml::to_string(&written)?;
        write_new(&data.join(SECRETS), &text)
    }

    /// Writes new ones unless there are some, and says whether it did.
    ///
    /// # Errors
    /// If those that are there cannot be used, or new ones cannot be written.
    pub fn make(data: &Path) -> anyhow::Result<bool> {
        let there = Self::file(data).exists();
        if there || Self::load(data).is_ok() {
            return Self::load(data).map(|_| false);
        }
        make_directory(data)?;
        Self::draw().write_new(data).map(|()| true)
    }

    /// Where a data directory keeps them.
    #[must_use]
    pub fn file(data: &Path) -> PathBuf {
        data.join(SECRETS)
    }
}

/// Makes the data directory, for its owner alone.
///
/// # Errors
/// If it cannot be made.
pub fn make_directory(data: &Path) -> anyhow::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    let made = builder.recursive(true).mode(0o700).create(data);
    made.with_context(|| format!("making {}", data.display()))
}

/// The secrets of the file, if there is one.
fn written(file: &Path) -> anyhow::Result<Option<Written>> {
    let Some(text) = read_if_there(file)? else {
        return Ok(None);
    };
    must_be_private(file)?;
    let written = toml::from_str(&text).with_context(|| format!("in {}", file.display()))?;
    Ok(Some(written))
}

/// Adds a key for checkpoints to a file of secrets that has none. Of several processes that start
/// at once one does it: a lost key would leave checkpoints that nobody can follow on.
fn draw_seal(file: &Path) -> anyhow::Result<()> {
    let directory = file.parent().unwrap_or(Path::new("."));
    let lock = std::fs::File::open(directory)?;
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::LockExclusive)?;
    let mut keys = written(file)?.unwrap_or_default();
    if keys.seal.is_none() {
        keys.seal = Some(hex::encode(Secrets::draw().seal));
        write_private(file, &toml::to_string(&keys)?)?;
    }
    Ok(())
}

fn key(variable: &str, written: Option<&str>, file: &Path) -> anyhow::Result<[u8; 32]> {
    let from_environment = std::env::var(variable).ok();
    let Some(text) = from_environment.as_deref().or(written) else {
        bail!(
            "there is no key in {variable} or {}: `sospeso init` makes one",
            file.display()
        );
    };
    let mut bytes = [0; 32];
    hex::decode_to_slice(text.trim(), &mut bytes)
        .ok()
        .with_context(|| format!("{variable} is 64 hexadecimal digits"))?;
    ensure!(
        bytes != [0; 32],
        "{variable} is all zeros, which is no secret"
    );
    Ok(bytes)
}

fn read_if_there(file: &Path) -> anyhow::Result<Option<String>> {
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("reading {}", file.display())),
    }
}

fn must_be_private(file: &Path) -> anyhow::Result<()> {
    let others = std::fs::metadata(file)?.permissions().mode() & 0o077;
    ensure!(
        others == 0,
        "others may read {}: run `chmod 600` on it",
        file.display()
    );
    Ok(())
}

fn write_new(file: &Path, text: &str) -> anyhow::Result<()> {
    use std::io::Write as _;
    let mut open = std::fs::OpenOptions::new();
    let written = open
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        });
    written.with_context(|| format!("writing {}", file.display()))
}

/// Writes a file that its owner alone may read, in place of the one that is there. When this
/// answers, the new one survives the loss of power.
///
/// # Errors
/// If it cannot be written.
pub fn write_private(file: &Path, text: &str) -> anyhow::Result<()> {
    let new = file.with_extension("new");
    let _ = std::fs::remove_file(&new);
    write_new(&new, text)?;
    let folder = file.parent().unwrap_or(Path::new("."));
    std::fs::rename(&new, file)
        .and_then(|()| std::fs::File::open(folder)?.sync_all())
        .with_context(|| format!("writing {}", file.display()))
}

/// Reads a file that its owner alone may read, if it is there.
///
/// # Errors
/// If it cannot be read, or others may.
pub fn read_private(file: &Path) -> anyhow::Result<Option<String>> {
    let text = read_if_there(file)?;
    if text.is_some() {
        must_be_private(file)?;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_drawn_once_and_private() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(Secrets::load(folder.path()).is_err());
        assert!(Secrets::make(folder.path()).expect("made"));
        let first = Secrets::load(folder.path()).expect("there");
        assert!(!Secrets::make(folder.path()).expect("there"));
        let again = Secrets::load(folder.path()).expect("there");
        assert_eq!(first.master, again.master);
        assert_ne!(first.code, first.digest);
    }

    #[test]
    fn secrets_from_before_checkpoints_get_a_key_for_them_once() {
        let folder = tempfile::tempdir().expect("a folder");
        Secrets::make(folder.path()).expect("made");
        let file = Secrets::file(folder.path());
        let text = std::fs::read_to_string(&file).expect("the secrets");
        let older: Vec<_> = text
            .lines()
            .filter(|line| !line.starts_with("seal"))
            .collect();
        std::fs::write(&file, older.join("\n")).expect("written");
        let first = Secrets::load(folder.path()).expect("drawn");
        let again = Secrets::load(folder.path()).expect("there");
        assert_eq!(first.seal, again.seal);
        let now = std::fs::read_to_string(&file).expect("the secrets");
        assert!(
            older.iter().all(|line| now.contains(line)),
            "the others stay"
        );
        assert!(must_be_private(&file).is_ok());
    }

    #[test]
    fn secrets_that_others_may_read_are_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        Secrets::make(folder.path()).expect("made");
        let file = Secrets::file(folder.path());
        let open = std::fs::Permissions::from_mode(0o640);
        std::fs::set_permissions(&file, open).expect("opened");
        assert!(Secrets::load(folder.path()).is_err());
        assert!(Secrets::make(folder.path()).is_err());
    }

    #[test]
    fn an_unknown_setting_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join(SETTINGS), "listn = '127.0.0.1:80'").expect("written");
        assert!(Settings::load(folder.path()).is_err());
    }
}
