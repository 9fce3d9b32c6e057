//! House rules, each as a test whose failure says the fix.

mod arrows;
mod deployment;
mod files;
mod readme;
mod slices;
mod sources;

use std::path::{Path, PathBuf};

use tests::workspace;

/// Folders that are built, installed or somebody else's.
const NOT_OURS: &[&str] = &["target", ".git", ".sospeso", "node_modules"];

/// Every file of the tree, as a path from the root.
fn tree() -> Vec<PathBuf> {
    let mut files = Vec::new();
    walk(workspace::root(), &mut files);
    assert!(
        files.len() > 10,
        "the tree is not where the tests look for it"
    );
    files.sort();
    files
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the tree") {
        let entry = entry.expect("an entry of the tree");
        let (path, name) = (entry.path(), entry.file_name());
        if NOT_OURS
            .iter()
            .any(|skipped| name.to_str() == Some(skipped))
        {
            continue;
        }
        if entry.file_type().expect("a type").is_dir() {
            walk(&path, files);
        } else {
            files.push(
                path.strip_prefix(workspace::root())
                    .expect("below the root")
                    .to_owned(),
            );
        }
    }
}

/// A file of the tree, `None` if it is not text.
fn text(file: &Path) -> Option<String> {
    String::from_utf8(std::fs::read(workspace::root().join(file)).expect("a readable file")).ok()
}

fn has_extension(file: &Path, extensions: &[&str]) -> bool {
    file.extension()
        .and_then(|found| found.to_str())
        .is_some_and(|found| extensions.contains(&found))
}

/// Fails with the rule's fix and every place that breaks it.
fn obey(fix: &str, broken: &[String]) {
    assert!(broken.is_empty(), "\n{fix}\n  {}\n", broken.join("\n  "));
}
