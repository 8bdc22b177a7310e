//! The house stands as it was drawn: every program is listed in a manifest, every crate keeps the shared rules, and
//! the arrows between the crates point the right way.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chartroom_tests::{corpora, tally::Tally};
use toml::{Table, Value};

/// Says what is protected from whom, and names the test for each claim.
const CLAIMS: &str = "THREAT_MODEL.md";
/// The packages that hold programs.
const PROGRAMS: [&str; 3] = ["examples", "benches", "tests"];
/// What a manifest calls the programs that it lists.
const KINDS: [&str; 4] = ["bin", "example", "test", "bench"];
const FACADE: &str = "chartroom";
/// The crates of the house that each crate may depend on.
const ARROWS: [(&str, &[&str]); 11] = [
    ("chartroom-codes", &[]),
    ("chartroom-seal", &[]),
    ("chartroom-audit", &[]),
    ("chartroom-derive", &[]),
    ("chartroom-hl7", &["chartroom-codes"]),
    ("chartroom-icd10cm", &["chartroom-codes"]),
    ("chartroom-record", &["chartroom-codes", "chartroom-derive"]),
    ("chartroom-access", &["chartroom-record", "chartroom-codes"]),
    ("chartroom-vault", &["chartroom-record", "chartroom-access", "chartroom-seal", "chartroom-audit"]),
    (
        "chartroom-store",
        &["chartroom-vault", "chartroom-record", "chartroom-access", "chartroom-seal", "chartroom-audit"],
    ),
    (
        FACADE,
        &[
            "chartroom-codes",
            "chartroom-hl7",
            "chartroom-icd10cm",
            "chartroom-record",
            "chartroom-access",
            "chartroom-seal",
            "chartroom-audit",
            "chartroom-vault",
            "chartroom-store",
        ],
    ),
];
/// Features of serde_json that Cargo would switch on in every user's program.
const LOUD_FEATURES: [&str; 3] = ["arbitrary_precision", "preserve_order", "float_roundtrip"];

fn main() -> ExitCode {
    let mut tally = Tally::new("layout");
    let root = corpora::project();
    for package in PROGRAMS {
        programs_are_listed(&root.join(package), package, &mut tally);
    }
    for folder in folders(&root.join("crates")) {
        crate_keeps_the_rules(&folder, &mut tally);
    }
    for path in manifests(&root) {
        let name = path.strip_prefix(&root).unwrap_or(&path).display().to_string();
        let outcome = read(&path).and_then(|manifest| serde_json_is_quiet(&manifest));
        tally.case(format!("{name}: serde_json"), outcome);
    }
    claims_have_tests(&root, &mut tally);
    tally.finish()
}

/// Every Rust file of a package belongs to a path that its manifest lists, and every listed path exists.
fn programs_are_listed(folder: &Path, package: &str, tally: &mut Tally) {
    let manifest = match read(&folder.join("Cargo.toml")) {
        Ok(manifest) => manifest,
        Err(reason) => return tally.case(package, Err(reason)),
    };
    let listed = listed_paths(&manifest);
    for path in &listed {
        let found = folder.join(path).is_file();
        tally.case(format!("{package}/{}", path.display()), require(found, "is listed, and does not exist"));
    }
    for file in rust_files(folder) {
        let file = file.strip_prefix(folder).unwrap_or(&file).to_path_buf();
        let belongs = file.starts_with("ui") || listed.iter().any(|program| belongs(&file, program));
        tally.case(format!("{package}/{}", file.display()), require(belongs, "is listed in no manifest"));
    }
    let unpublished =
        manifest.get("package").and_then(|package| package.get("publish")) == Some(&Value::Boolean(false));
    tally.case(format!("{package}: publish"), require(unpublished, "must be false"));
    tally.case(format!("{package}: lib.bench"), lib_is_no_bench(&manifest));
    shared_fields(&manifest, package, tally);
}

/// A file is a listed program itself, or one of its modules.
fn belongs(file: &Path, program: &Path) -> bool {
    let is_root = program.file_stem().is_some_and(|stem| stem == "main" || stem == "lib");
    let own_folder = program.parent().filter(|folder| is_root && !folder.as_os_str().is_empty());
    let modules = own_folder.map_or_else(|| program.with_extension(""), Path::to_path_buf);
    file == program || file.starts_with(modules)
}

fn crate_keeps_the_rules(folder: &Path, tally: &mut Tally) {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let manifest = match read(&folder.join("Cargo.toml")) {
        Ok(manifest) => manifest,
        Err(reason) => return tally.case(name, Err(reason)),
    };
    let lints = manifest.get("lints").and_then(|lints| lints.get("workspace")) == Some(&Value::Boolean(true));
    tally.case(format!("{name}: lints"), require(lints, "must be those of the workspace"));
    tally.case(format!("{name}: lib.bench"), lib_is_no_bench(&manifest));
    shared_fields(&manifest, &name, tally);

    let allowed = ARROWS.iter().find(|(from, _)| *from == name).map(|(_, to)| *to);
    tally.case(format!("{name}: arrows"), require(allowed.is_some(), "the crate is not in the drawing"));
    for (table, dependency) in house_dependencies(&manifest) {
        let in_tests = table.contains("dev-dependencies") && dependency != FACADE;
        let drawn = allowed.is_some_and(|allowed| allowed.contains(&dependency.as_str()));
        tally.case(format!("{name}: {dependency}"), require(in_tests || drawn, "the arrow is not in the drawing"));
    }
}

/// Each name of a test in the threat model is that of a test: a function, a named test, or a program that must not compile. Where the
/// case of a named test is told behind a colon, the test has that case.
fn claims_have_tests(root: &Path, tally: &mut Tally) {
    let claims = std::fs::read_to_string(root.join(CLAIMS)).unwrap_or_default();
    let is_name = |name: &str| name.contains('_') && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let names: BTreeSet<&str> = claims.split('`').skip(1).step_by(2).filter(|name| is_name(name)).collect();
    tally.case(CLAIMS, require(!names.is_empty(), "names no test"));
    let files = ["crates", "tests"].map(|folder| corpora::files(&root.join(folder), "rs")).concat();
    let texts: Vec<_> = files.iter().filter_map(|file| std::fs::read_to_string(file).ok()).collect();
    for name in names {
        let function = format!("fn {name}()");
        let found = files.iter().any(|file| file.file_stem().is_some_and(|stem| stem == name))
            || texts.iter().any(|text| text.contains(&function));
        tally.case(format!("{CLAIMS}: {name}"), require(found, "is no test"));
    }
    let claims = claims.split_whitespace().collect::<Vec<_>>().join(" ");
    for (before, behind) in claims.match_indices("`: ").filter_map(|(at, _)| claims.split_at_checked(at)) {
        let name = before.rsplit('`').next().unwrap_or_default();
        let case = behind.trim_start_matches("`: ").split([')', ';']).next().unwrap_or_default();
        let text = std::fs::read_to_string(root.join(format!("tests/{name}.rs"))).unwrap_or_default();
        let outcome = require(text.contains(&format!("\"{case}\"")), "is no case of the test");
        tally.case(format!("{CLAIMS}: {name}: {case}"), outcome);
    }
}

fn shared_fields(manifest: &Table, name: &str, tally: &mut Tally) {
    for field in ["version", "edition", "rust-version", "license"] {
        let value = manifest.get("package").and_then(|package| package.get(field));
        let inherited = value.and_then(|value| value.get("workspace")) == Some(&Value::Boolean(true));
        tally.case(format!("{name}: {field}"), require(inherited, "must be that of the workspace"));
    }
}

fn lib_is_no_bench(manifest: &Table) -> Result<(), String> {
    let bench = manifest.get("lib").and_then(|lib| lib.get("bench"));
    require(bench == Some(&Value::Boolean(false)), "must be false")
}

/// Each dependency table of a manifest under its name: those of the whole package, of a target, of the workspace.
fn dependency_tables(manifest: &Table) -> Vec<(String, &Table)> {
    let mut found = Vec::new();
    for (key, value) in manifest {
        let Some(table) = value.as_table() else { continue };
        if key.ends_with("dependencies") {
            found.push((key.clone(), table));
        } else if key == "workspace" {
            found.extend(dependency_tables(table));
        } else if key == "target" {
            found.extend(table.values().filter_map(Value::as_table).flat_map(dependency_tables));
        }
    }
    found
}

/// The crates of the house that a manifest depends on, each with the table that says so.
fn house_dependencies(manifest: &Table) -> Vec<(String, String)> {
    let in_table = |(table, dependencies): (String, &Table)| {
        let names: Vec<_> = dependencies.iter().map(|(key, value)| package(key, value).to_owned()).collect();
        names.into_iter().map(move |name| (table.clone(), name))
    };
    let all = dependency_tables(manifest).into_iter().flat_map(in_table);
    all.filter(|(_, name)| name == FACADE || name.starts_with("chartroom-")).collect()
}

/// The package behind a dependency, which may be known by another name.
fn package<'a>(key: &'a str, dependency: &'a Value) -> &'a str {
    dependency.get("package").and_then(Value::as_str).unwrap_or(key)
}

fn serde_json_is_quiet(manifest: &Table) -> Result<(), String> {
    let tables = dependency_tables(manifest);
    let dependencies = tables.iter().flat_map(|(_, table)| table.iter());
    let direct = dependencies
        .filter(|(key, value)| package(key, value) == "serde_json")
        .filter_map(|(_, value)| value.get("features")?.as_array())
        .flatten();
    let passed_on = manifest.get("features").and_then(Value::as_table).into_iter().flat_map(|table| table.values());
    let passed_on = passed_on.filter_map(Value::as_array).flatten().filter_map(Value::as_str);
    let passed_on =
        passed_on.filter_map(|feature| feature.split_once('/')).filter(|(of, _)| of.starts_with("serde_json"));
    let mut all = direct.filter_map(Value::as_str).chain(passed_on.map(|(_, feature)| feature));
    match all.find(|feature| LOUD_FEATURES.contains(feature)) {
        Some(feature) => Err(format!("the feature {feature} would change every user's program")),
        None => Ok(()),
    }
}

/// The paths that a manifest lists.
fn listed_paths(manifest: &Table) -> Vec<PathBuf> {
    let programs = KINDS.iter().filter_map(|kind| manifest.get(*kind)?.as_array()).flatten();
    let all = manifest.get("lib").into_iter().chain(programs);
    all.filter_map(|program| program.get("path")?.as_str()).map(PathBuf::from).collect()
}

/// The Rust files of a package, without those of packages inside it.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let all = corpora::files(folder, "rs").into_iter();
    all.filter(|file| {
        let between = file.ancestors().skip(1).take_while(|above| *above != folder);
        !between.into_iter().any(|above| above.join("Cargo.toml").is_file())
    })
    .collect()
}

/// Every manifest of the project.
fn manifests(root: &Path) -> Vec<PathBuf> {
    let own = std::iter::once(root.join("Cargo.toml"));
    let crates = folders(&root.join("crates")).into_iter();
    let programs = PROGRAMS.iter().flat_map(|package| {
        let folder = root.join(package);
        folders(&folder).into_iter().chain(std::iter::once(folder))
    });
    let inside = crates.chain(programs).map(|folder| folder.join("Cargo.toml")).filter(|path| path.is_file());
    own.chain(inside).collect()
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<_> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

fn read(path: &Path) -> Result<Table, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    text.parse().map_err(|error: toml::de::Error| error.to_string())
}

fn require(holds: bool, otherwise: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise.to_owned()) }
}
