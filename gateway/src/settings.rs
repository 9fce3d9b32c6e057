//! Settings and secrets: two files in the data directory, or variables of the environment.
//!
//! There are no default secrets: without them nothing starts.

use std::net::SocketAddr;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
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
}

/// The keys of this installation; all its gateways share them.
#[derive(Clone)]
pub struct Secrets {
    /// Wraps the keys of personal text.
    pub master: [u8; 32],
    /// Makes voucher codes.
    pub code: [u8; 32],
    /// Hides codes and requests in the lookups.
    pub digest: [u8; 32],
    /// Signs sessions.
    pub session: [u8; 32],
}

/// The secrets as they stand in the file, hexadecimal.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    master: Option<String>,
    code: Option<String>,
    digest: Option<String>,
    session: Option<String>,
}

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
    /// Reads the secrets: each from its variable, or from the file of the data directory.
    ///
    /// # Errors
    /// If one is missing or malformed, or if others may read the file.
    pub fn load(data: &Path) -> anyhow::Result<Self> {
        let file = data.join(SECRETS);
        let written: Written = match read_if_there(&file)? {
            Some(text) => {
                must_be_private(&file)?;
                toml::from_str(&text).with_context(|| format!("in {}", file.display()))?
            }
            None => Written::default(),
        };
        Ok(Self {
            master: key("SOSPESO_MASTER_KEY", written.master.as_deref(), &file)?,
            code: key("SOSPESO_CODE_KEY", written.code.as_deref(), &file)?,
            digest: key("SOSPESO_DIGEST_KEY", written.digest.as_deref(), &file)?,
            session: key("SOSPESO_SESSION_KEY", written.session.as_deref(), &file)?,
        })
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
            code: rand::random(),
            digest: rand::random(),
            session: rand::random(),
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
