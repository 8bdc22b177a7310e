//! The charts that the readers are measured on.

use std::path::{Path, PathBuf};

/// The synthetic charts of the corpus `synthea-r4`, or the invented family where this machine has no such corpus. Each is
/// one bundle, minified, as it would come over a network.
pub fn minified() -> Vec<String> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().find(|folder| folder.join(FAMILY).is_file());
    let project = project.expect("the folder of the project");
    let corpora =
        std::env::var_os("CHARTROOM_CORPORA").map_or_else(|| project.join("../shared/corpora"), PathBuf::from);
    let mut files = json_files(&corpora.join("synthea-r4"));
    if files.is_empty() {
        files.push(project.join(FAMILY));
    }
    files.iter().map(|file| minify(&std::fs::read_to_string(file).expect("a readable bundle"))).collect()
}

const FAMILY: &str = "examples/data/family.json";

fn json_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> =
        entries.map(|entry| entry.path()).filter(|path| path.extension() == Some("json".as_ref())).collect();
    files.sort();
    files
}

/// The same JSON without the white space between its tokens.
fn minify(json: &str) -> String {
    let (mut in_string, mut escaped) = (false, false);
    let kept = |character: &char| {
        let between = !in_string && character.is_ascii_whitespace();
        if *character == '"' && !escaped {
            in_string = !in_string;
        }
        escaped = in_string && *character == '\\' && !escaped;
        !between
    };
    json.chars().filter(kept).collect()
}
