//! Runs the main job as a newcomer would: on the invented family, on Synthea's bundles, and on bad input.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output};

use chartroom_tests::corpora;
use chartroom_tests::tally::Tally;

fn main() -> ExitCode {
    let mut tally = Tally::new("quickstart");
    family(&mut tally);
    bad_input(&mut tally);
    if let Some(folder) = corpora::find("synthea-r4") {
        let output = quickstart(&corpora::files(&folder, "json"));
        tally.case("all Synthea bundles", succeeded(&output).and_then(|()| nothing_refused(&text(&output))));
    }
    tally.finish()
}

/// The example, built as this test is built.
fn quickstart(files: &[PathBuf]) -> Output {
    let mut command = Command::new(env!("CARGO"));
    command.args(["run", "--quiet", "--locked", "--package", "chartroom-examples", "--example", "quickstart"]);
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    command.arg("--").args(files).current_dir(corpora::project());
    command.output().expect("cargo runs")
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn succeeded(output: &Output) -> Result<(), String> {
    let said = String::from_utf8_lossy(&output.stderr);
    output.status.success().then_some(()).ok_or_else(|| format!("exit {:?}: {said}", output.status.code()))
}

fn nothing_refused(text: &str) -> Result<(), String> {
    says(text, " 0 refused")
}

fn says(text: &str, words: &str) -> Result<(), String> {
    text.contains(words).then_some(()).ok_or_else(|| format!("does not say {words:?}"))
}

/// What the newcomer is promised to see.
fn family(tally: &mut Tally) {
    let output = quickstart(&[]);
    tally.case("the family: exit code", succeeded(&output));
    let text = text(&output);
    for (what, words) in [
        ("the wrong code is refused", "unknown-code"),
        ("the outdated code is told", "outdated-code"),
        ("one record is refused", " 1 refused"),
        ("everything is read back equal", "are equal to what came in"),
        ("a physician", "physician "),
        ("a billing clerk", "billing clerk "),
        ("a front desk", "front desk "),
        ("a researcher", "researcher "),
        ("a mask has its rule and law", "masked: "),
        ("HIV, substance use or mental health is found by its code", "which makes the record "),
        ("substance use is kept by Part 2", "42 CFR 2."),
        ("the glass is broken", "Glass broken"),
        ("the accounting is proven", "each proven to be in the trail"),
        ("the log is verified", "none is missing"),
        ("nothing stands in clear", "; 0 of them found in clear"),
    ] {
        tally.case(format_args!("the family: {what}"), says(&text, words));
    }
    for name in ["Thaddeus Emeric", "Perpétua"] {
        let leaked = String::from_utf8_lossy(&output.stderr).contains(name);
        tally.case("the family: errors name nobody", (!leaked).then_some(()).ok_or("a name on standard error"));
    }
}

/// Each bad input: a clear error with file, line, column and path, exit code 1, and no word of the text.
fn bad_input(tally: &mut Tally) {
    let folder = tempfile::tempdir().expect("a folder for bad files");
    let truncated = br#"{"resourceType":"Bundle","type":"batch","entry":[{"resource":{"resourceType":"Patient","name":[{"family":"Secretname"#;
    let cases: [(&str, Vec<u8>, &str); 7] = [
        ("not JSON", b"this is no JSON, Secretname".to_vec(), "line 1, column 1"),
        (
            "wrong type",
            br#"{"resourceType":"Patient","name":[{"family":"Secretname"}]}"#.to_vec(),
            "Patient.resourceType",
        ),
        ("truncated", truncated.to_vec(), "Bundle.entry[0].resource.name[0].family"),
        (
            "100 MB of nesting",
            [br#"{"resourceType":"Bundle","entry":"#.to_vec(), b"[".repeat(100_000_000)].concat(),
            "128 deep",
        ),
        ("a list", b"[]".to_vec(), "a resource is an object"),
        ("not UTF-8", b"{\"resourceType\":\"Bundle\",\"id\":\"\xff\"}".to_vec(), "UTF-8"),
        ("empty", Vec::new(), "line 1, column 1"),
    ];
    for (name, bytes, words) in cases {
        let file = folder.path().join(format!("{}.json", name.replace(' ', "-")));
        std::fs::write(&file, bytes).expect("a file");
        tally.case(format_args!("bad input: {name}"), refused(&file, words));
    }
}

fn refused(file: &Path, words: &str) -> Result<(), String> {
    let output = quickstart(&[file.to_path_buf()]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.code() != Some(1) {
        return Err(format!("exit {:?}", output.status.code()));
    }
    if text(&output).contains("stored") {
        return Err("something was stored".to_owned());
    }
    if said.contains("Secretname") {
        return Err("the error quotes the text".to_owned());
    }
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    says(&said, &name).and_then(|()| says(&said, words)).and_then(|()| says(&said, "line "))
}
