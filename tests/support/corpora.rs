//! Where the public corpora lie. They are never part of the project, so every test that needs one can do without.

use std::path::{Path, PathBuf};

/// The folder of a corpus, or `None`, said on standard output, when this machine has no such corpus.
pub fn find(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("CHARTROOM_CORPORA").map_or_else(beside_the_project, PathBuf::from);
    let found = root.join(folder);
    if found.is_dir() {
        return Some(found);
    }
    println!("skipped: {folder} not found");
    None
}

/// Every file below `folder` with the given ending, in the order of their paths.
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a readable folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn beside_the_project() -> PathBuf {
    project().join("../shared/corpora")
}

/// The root of the project.
pub fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
