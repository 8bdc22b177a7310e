//! The wrong programs in `ui/` do not compile, each for the reason that it states.
//!
//! A wrong line ends in `//~` and the code of the error that the compiler must report there. A program passes when each wrong
//! line has that error and no other, when nothing else in it is wrong, and when it compiles once its wrong lines are taken out:
//! so it is that line, and not a slip elsewhere, that the compiler refuses. A program without a wrong line must compile.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use chartroom_tests::{corpora, tally::Tally};
use serde_json::Value;

/// What the programs use. They depend on the crates behind the facade: the facade would bring in SQLite, which takes longer to
/// compile than all of these and has no part in what is shown.
const CRATES: [&str; 5] =
    ["chartroom-access", "chartroom-audit", "chartroom-record", "chartroom-seal", "chartroom-vault"];
const MARK: &str = "//~";
/// The name that a program has once its wrong lines are taken out.
const MENDED: &str = "_mended";

fn main() -> ExitCode {
    let mut tally = Tally::new("gate_ui");
    match judged() {
        Ok((programs, errors)) => programs.iter().for_each(|program| judge(program, &errors, &mut tally)),
        Err(reason) => tally.case("the compiler ran", Err(reason)),
    }
    tally.finish()
}

/// One program, with the codes that it expects on its lines.
struct Program {
    name: String,
    text: String,
    wrong: BTreeMap<u64, Codes>,
}

type Codes = BTreeSet<String>;
/// The codes of the errors on each line, for each program. Line 0 is for errors without a place.
type Errors = BTreeMap<String, BTreeMap<u64, Codes>>;

fn judged() -> io::Result<(Vec<Program>, Errors)> {
    let files = corpora::files(&corpora::project().join("tests/ui"), "rs");
    let programs = files.iter().map(|file| Program::read(file)).collect::<io::Result<Vec<_>>>()?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("gate_ui");
    write_package(&folder, &programs)?;
    let errors = check(&folder)?;
    // A crate that does not compile itself would make every program look refused.
    let ours: BTreeSet<_> = programs.iter().flat_map(|program| [program.name.clone(), program.mended_name()]).collect();
    match errors.keys().find(|name| !ours.contains(*name)) {
        Some(other) => Err(io::Error::other(format!("{other} does not compile"))),
        None => Ok((programs, errors)),
    }
}

fn judge(program: &Program, errors: &Errors, tally: &mut Tally) {
    let Program { name, wrong, .. } = program;
    let nothing = BTreeMap::new();
    let found = errors.get(name).unwrap_or(&nothing);
    for (line, expected) in wrong {
        let found = found.get(line).cloned().unwrap_or_default();
        tally.case(format!("ui/{name}.rs:{line}"), same(expected, &found));
    }
    let elsewhere: Vec<_> = found.iter().filter(|(line, _)| !wrong.contains_key(line)).collect();
    tally.case(format!("ui/{name}.rs, its other lines"), none(&elsewhere));
    if !wrong.is_empty() {
        let mended: Vec<_> = errors.get(&program.mended_name()).into_iter().flatten().collect();
        tally.case(format!("ui/{name}.rs, without its wrong lines"), none(&mended));
    }
}

impl Program {
    fn read(file: &Path) -> io::Result<Self> {
        let text = std::fs::read_to_string(file)?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let marked = (1..).zip(text.lines()).filter_map(|(number, line)| Some((number, line.split_once(MARK)?.1)));
        let codes = |marks: &str| marks.split_whitespace().map(str::to_owned).collect();
        let wrong = marked.map(|(number, marks)| (number, codes(marks))).collect();
        Ok(Self { name, text, wrong })
    }

    fn mended_name(&self) -> String {
        format!("{}{MENDED}", self.name)
    }

    /// The program with its wrong lines left empty.
    fn mended(&self) -> String {
        self.text.lines().map(|line| if line.contains(MARK) { "\n".to_owned() } else { format!("{line}\n") }).collect()
    }

    /// The programs to compile for this one, by name.
    fn sources(&self) -> Vec<(String, String)> {
        let mended = (!self.wrong.is_empty()).then(|| (self.mended_name(), self.mended()));
        [(self.name.clone(), self.text.clone())].into_iter().chain(mended).collect()
    }
}

/// A package of its own, with each program as a binary and the versions of the workspace's lock file.
fn write_package(folder: &Path, programs: &[Program]) -> io::Result<()> {
    let project = corpora::project().canonicalize()?;
    let sources = folder.join("src");
    if sources.exists() {
        std::fs::remove_dir_all(&sources)?;
    }
    std::fs::create_dir_all(&sources)?;
    for (name, text) in programs.iter().flat_map(Program::sources) {
        std::fs::write(sources.join(format!("{name}.rs")), text)?;
    }
    std::fs::write(folder.join("Cargo.toml"), manifest(&project, programs))?;
    std::fs::copy(project.join("Cargo.lock"), folder.join("Cargo.lock")).map(drop)
}

fn manifest(project: &Path, programs: &[Program]) -> String {
    let mut text = "[workspace]\n\n[package]\nname = \"gate-ui\"\nedition = \"2024\"\nautobins = false\n\n".to_owned();
    text += "[dependencies]\nchrono = { version = \"0.4\", default-features = false }\nserde = \"1\"\n";
    for name in CRATES {
        let path = project.join("crates").join(name);
        text += &format!("{name} = {{ path = {:?} }}\n", path.display().to_string());
    }
    for (name, _) in programs.iter().flat_map(Program::sources) {
        text += &format!("\n[[bin]]\nname = \"{name}\"\npath = \"src/{name}.rs\"\n");
    }
    text
}

/// Compiles every program as far as it goes, and collects the errors.
fn check(folder: &Path) -> io::Result<Errors> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(folder).args(["check", "--offline", "--keep-going", "--quiet", "--message-format=json"]);
    // What the outer build was told is not for this one.
    cargo.env("CARGO_TARGET_DIR", folder.join("target")).env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
    let output = cargo.stderr(Stdio::piped()).output()?;
    let messages: Vec<Value> =
        String::from_utf8_lossy(&output.stdout).lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    if messages.is_empty() {
        return Err(io::Error::other(String::from_utf8_lossy(&output.stderr)));
    }
    let mut errors = Errors::new();
    for (program, line, code) in messages.iter().filter_map(error) {
        errors.entry(program).or_default().entry(line).or_default().insert(code);
    }
    Ok(errors)
}

/// The program, line and code of an error message.
fn error(message: &Value) -> Option<(String, u64, String)> {
    let diagnostic = message.get("message")?;
    let is_error = message.get("reason")? == "compiler-message" && diagnostic.get("level")? == "error";
    let text = diagnostic.get("message")?.as_str()?;
    // The count of errors comes last, as an error too.
    if !is_error || text.starts_with("aborting due to") {
        return None;
    }
    let program = message.get("target")?.get("name")?.as_str()?.to_owned();
    let spans = diagnostic.get("spans").and_then(Value::as_array);
    let first = spans.and_then(|spans| spans.iter().find(|span| span.get("is_primary") == Some(&Value::Bool(true))));
    let line = first.and_then(|span| span.get("line_start")?.as_u64()).unwrap_or(0);
    let code = diagnostic.get("code").and_then(|code| code.get("code")?.as_str());
    Some((program, line, code.unwrap_or(text).to_owned()))
}

fn same(expected: &Codes, found: &Codes) -> Result<(), String> {
    if expected == found { Ok(()) } else { Err(format!("expected {expected:?}, the compiler reports {found:?}")) }
}

fn none(errors: &[(&u64, &Codes)]) -> Result<(), String> {
    if errors.is_empty() { Ok(()) } else { Err(format!("the compiler reports {errors:?}, by line")) }
}
