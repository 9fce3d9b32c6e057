//! The secrets of an installation, which lie in files beside the databases and never in them.

use std::fs::OpenOptions;
use std::io::{self, Read, Write};
use std::path::Path;

use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::{Generate, Key};
use zeroize::Zeroizing;

/// A secret of 32 bytes, which is overwritten when it is dropped.
pub type Secret = Zeroizing<[u8; 32]>;

/// The key that wraps all keys of the vault. While it is being changed, the one of before unwraps
/// too.
#[derive(Clone)]
pub struct MasterKey {
    pub(super) newest: Secret,
    pub(super) before: Option<Secret>,
}

/// It never shows itself in logs.
impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

impl MasterKey {
    /// The key with these bytes.
    #[must_use]
    pub fn new(secret: Secret) -> Self {
        Self {
            newest: secret,
            before: None,
        }
    }

    /// A key that takes the place of another one.
    #[must_use]
    pub fn changing(secret: Secret, before: Secret) -> Self {
        Self {
            newest: secret,
            before: Some(before),
        }
    }

    /// The newest alone.
    #[must_use]
    pub fn newest(&self) -> Self {
        Self::new(self.newest.clone())
    }
}

/// A secret out of its text: 64 hexadecimal digits, as an environment variable or a file holds it.
#[must_use]
pub fn parse(text: &str) -> Option<Secret> {
    let mut secret = Secret::default();
    hex::decode_to_slice(text.trim(), secret.as_mut_slice()).ok()?;
    Some(secret)
}

/// Reads the secret in this file, or draws one and makes the file, readable by its owner only. Of
/// several processes that start at once, one draws.
///
/// # Errors
/// If the file can neither be read nor made, or does not hold 64 hexadecimal digits.
pub fn read_or_draw(path: &Path) -> io::Result<Secret> {
    match read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => draw(path)?,
        read => return read,
    }
    read(path)
}

fn read(path: &Path) -> io::Result<Secret> {
    let mut text = Zeroizing::new(String::new());
    std::fs::File::open(path)?.read_to_string(&mut text)?;
    parse(&text).ok_or_else(|| {
        let what = format!("{} does not hold 64 hexadecimal digits", path.display());
        io::Error::new(io::ErrorKind::InvalidData, what)
    })
}

/// The file appears whole or not at all, whoever draws at the same time and whenever power goes.
fn draw(path: &Path) -> io::Result<()> {
    let secret: Key<XChaCha20Poly1305> = Generate::generate();
    let text = Zeroizing::new(hex::encode(secret));
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}", std::process::id()));
    let beside = Path::new(&beside);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    let linked = std::fs::hard_link(beside, path);
    std::fs::remove_file(beside)?;
    match linked {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_drawn_once_and_private() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("master.key");
        let drawn = read_or_draw(&path).expect("drawn");
        assert_eq!(read_or_draw(&path).expect("read"), drawn);
        assert_ne!(*drawn, [0; 32]);
        let other = read_or_draw(&folder.path().join("other.key")).expect("drawn");
        assert_ne!(other, drawn);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = path.metadata().expect("a file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert_eq!(std::fs::read_dir(&folder).expect("a folder").count(), 2);
    }

    #[test]
    fn what_is_no_secret_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("master.key");
        std::fs::write(&path, "too short").expect("written");
        assert!(read_or_draw(&path).is_err());
        assert!(parse(&"0".repeat(63)).is_none());
        assert!(parse(&format!("{}\n", "0f".repeat(32))).is_some());
    }
}
