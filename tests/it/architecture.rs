//! Who may import whom: the layers of `src/lib.rs`, read from the `crate::…` paths of the source.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Every top-level module with what it may import besides itself.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("clock", &[]),
    ("telemetry", &[]),
    ("faults", &[]),
    ("disk", &[]),
    ("xml", &[]),
    ("crypto", &["domain", "clock"]),
    ("reading", &["domain", "clock"]),
    ("extraction", &["domain", "clock"]),
    ("direct", &["domain", "clock", "crypto", "xml"]),
    ("fhir", &["domain", "clock"]),
    ("cda", &["domain", "clock", "xml"]),
    ("hl7", &["domain", "clock"]),
    ("letters", &["domain", "clock"]),
    ("store", &["domain", "clock", "telemetry", "crypto"]),
    ("vault", &["faults", "domain", "clock", "telemetry", "crypto", "store"]),
    ("doors", &["domain", "clock", "telemetry", "direct", "crypto"]),
    ("jobs", &["faults", "domain", "clock", "telemetry", "store"]),
    (
        "config",
        &[
            "disk",
            "domain",
            "telemetry",
            "crypto",
            "reading",
            "extraction",
            "store",
            "vault",
            "doors",
            "jobs",
        ],
    ),
    (
        "app",
        &[
            "faults",
            "disk",
            "domain",
            "clock",
            "telemetry",
            "crypto",
            "reading",
            "extraction",
            "direct",
            "letters",
            "store",
            "vault",
            "doors",
            "config",
            "jobs",
        ],
    ),
    (
        "audit",
        &["faults", "domain", "crypto", "fhir", "store", "vault", "config", "app"],
    ),
    (
        "backup",
        &["domain", "clock", "crypto", "store", "vault", "config", "app", "audit"],
    ),
    (
        "pipeline",
        &[
            "faults",
            "disk",
            "domain",
            "clock",
            "telemetry",
            "crypto",
            "reading",
            "extraction",
            "direct",
            "cda",
            "hl7",
            "letters",
            "store",
            "vault",
            "doors",
            "config",
            "jobs",
            "app",
            "referrals",
        ],
    ),
    (
        "referrals",
        &[
            "faults",
            "domain",
            "clock",
            "telemetry",
            "crypto",
            "reading",
            "extraction",
            "direct",
            "cda",
            "letters",
            "store",
            "vault",
            "doors",
            "config",
            "jobs",
            "app",
        ],
    ),
    (
        "auth",
        &[
            "domain",
            "clock",
            "telemetry",
            "crypto",
            "store",
            "doors",
            "config",
            "app",
        ],
    ),
];

/// The top layer may import everything.
const TOP: &[&str] = &["web", "listeners", "cli", "main", "lib"];

pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        // A crate of its own imports what its manifest says.
        if path.is_dir() && !path.join("Cargo.toml").exists() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

fn module_of(path: &Path) -> String {
    let first = path.strip_prefix(source()).unwrap().components().next().unwrap();
    first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The first segments after `crate::`, groups included: `use crate::{clock::Clock, store}` names two.
fn imported(text: &str) -> BTreeSet<String> {
    let single = regex::Regex::new(r"\bcrate::([a-z_0-9]+)").unwrap();
    let group = regex::Regex::new(r"(?s)\bcrate::\{(.*?)\};").unwrap();
    let head = regex::Regex::new(r"(?:^|,)\s*([a-z_0-9]+)").unwrap();
    let code: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .fold(String::new(), |all, line| all + line + "\n");
    let mut names: BTreeSet<String> = single.captures_iter(&code).map(|c| c[1].to_owned()).collect();
    for c in group.captures_iter(&code) {
        let mut depth = 0;
        let flat: String = c[1]
            .chars()
            .filter(|ch| {
                depth += i32::from(*ch == '{') - i32::from(*ch == '}');
                depth == 0
            })
            .collect();
        names.extend(head.captures_iter(&flat).map(|c| c[1].to_owned()));
    }
    names
}

#[test]
fn every_module_stands_in_a_layer_and_imports_only_below() {
    let mut wrong = Vec::new();
    for path in rust_files(&source()) {
        let module = module_of(&path);
        if TOP.contains(&module.as_str()) {
            continue;
        }
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == module) else {
            wrong.push(format!("{}: module `{module}` stands in no layer", path.display()));
            continue;
        };
        for name in imported(&fs::read_to_string(&path).unwrap()) {
            if name != module && !allowed.contains(&name.as_str()) {
                wrong.push(format!("{}: `{module}` must not import `{name}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn sql_stays_in_the_store() {
    for path in rust_files(&source()) {
        let module = module_of(&path);
        let text = fs::read_to_string(&path).unwrap();
        // Deriving `sqlx::Type` says how a value is written; it runs no statement.
        let runs = text.replace("sqlx::Type", "").replace("#[sqlx(", "");
        assert!(
            module == "store" || !runs.contains("sqlx"),
            "{}: SQL outside store",
            path.display()
        );
    }
}

#[test]
fn imports_in_groups_are_seen() {
    let names = imported("use crate::{clock::{Clock, x}, store::db};\nuse crate::vault::Vault;\n// crate::web::x");
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["clock", "store", "vault"]);
}

/// Fail points are for tests: nobody gets them without asking, and no release build has them.
#[test]
fn fail_points_are_off_and_refused_in_a_release_build() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest: toml::Table = fs::read_to_string(root.join("Cargo.toml")).unwrap().parse().unwrap();
    let usual = manifest["features"].get("default").and_then(toml::Value::as_array);
    assert!(usual.is_none_or(Vec::is_empty), "{usual:?}");
    let module = fs::read_to_string(root.join("src/faults.rs")).unwrap();
    assert!(module.contains("#[cfg(all(feature = \"faults\", not(debug_assertions)))]\ncompile_error!"));
}

/// `make fuzz` builds the readers without the rest of the house; there must be all that they name.
#[test]
fn the_fuzzed_rooms_name_no_others() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let library = fs::read_to_string(root.join("fuzz/src/lib.rs")).unwrap();
    let room = |line: &str| {
        let path = line.trim_start().strip_prefix("#[path = \"../")?;
        let path = path.trim_start_matches("../").strip_prefix("src/")?;
        Some(path.split(['/', '"']).next()?.to_owned())
    };
    let rooms: BTreeSet<String> = library.lines().filter_map(room).collect();
    assert!(rooms.contains("direct"), "{rooms:?}");
    for path in rust_files(&source()) {
        if !rooms.contains(&module_of(&path)) {
            continue;
        }
        let named = imported(&fs::read_to_string(&path).unwrap());
        let missing: Vec<_> = named.iter().filter(|name| !rooms.contains(*name)).collect();
        assert!(
            missing.is_empty(),
            "{}: fuzz/src/lib.rs lacks {missing:?}",
            path.display()
        );
    }
}
