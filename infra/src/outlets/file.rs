//! A directory with one file for every checkpoint: best one that another machine keeps.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use commands::evidence::ports::{Outlet, OutletError, SignedCheckpoint};
use futures::future::BoxFuture;

/// Writes checkpoints into a directory as `<size>.checkpoint`, the size with leading zeros, so that
/// the last name is the newest.
pub struct FileOutlet(PathBuf);

impl FileOutlet {
    /// Into this directory, which is there.
    #[must_use]
    pub fn new(directory: &Path) -> Self {
        Self(directory.to_owned())
    }

    /// Under another name first, so that nobody reads half of it. One that is there is left: what
    /// was signed is not signed otherwise later.
    fn write(&self, checkpoint: &SignedCheckpoint) -> std::io::Result<()> {
        let file = self.0.join(format!("{:012}.checkpoint", checkpoint.size));
        if file.exists() {
            return Ok(());
        }
        let new = file.with_extension("new");
        let mut writing = std::fs::File::create(&new)?;
        writing.write_all(checkpoint.text().as_bytes())?;
        writing.sync_all()?;
        std::fs::rename(&new, &file)?;
        std::fs::File::open(&self.0)?.sync_all()
    }
}

impl Outlet for FileOutlet {
    fn name(&self) -> &'static str {
        "file"
    }

    fn publish<'a>(
        &'a self,
        checkpoint: &'a SignedCheckpoint,
    ) -> BoxFuture<'a, Result<(), OutletError>> {
        Box::pin(async move {
            self.write(checkpoint)
                .map_err(|error| OutletError(format!("{}: {error}", self.0.display())))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_checkpoint_is_a_file_that_is_never_written_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let outlet = FileOutlet::new(folder.path());
        let mut checkpoint = SignedCheckpoint {
            size: 7,
            root: [7; 32],
            note: "a\n7\nroot\n\n\u{2014} a sig\n".to_owned(),
            cosignatures: vec!["\u{2014} w sig".to_owned()],
        };
        outlet.publish(&checkpoint).await.expect("written");
        let text = checkpoint.text();
        checkpoint.note = "another".to_owned();
        outlet.publish(&checkpoint).await.expect("there");
        let file = folder.path().join("000000000007.checkpoint");
        assert_eq!(std::fs::read_to_string(file).expect("the file"), text);
        assert_eq!(folder.path().read_dir().expect("a folder").count(), 1);

        std::fs::remove_dir_all(folder.path()).expect("gone");
        assert!(outlet.publish(&checkpoint).await.is_err());
    }
}
