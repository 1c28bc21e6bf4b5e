//! Administration by the program itself: what it prints is what scripts and the demo rely on.

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn referloop(data: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_referloop"))
        .args(words)
        .env("REFERLOOP_DATA", data)
        .env("REFERLOOP_MAIL__DIRECT_DOMAIN", "direct.clinic.example")
        .output()
        .unwrap()
}

fn answer(data: &Path, words: &[&str]) -> Value {
    let output = referloop(data, &[words, &["--json"]].concat());
    assert!(
        output.status.success(),
        "{words:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn refusal(data: &Path, words: &[&str]) -> String {
    let output = referloop(data, words);
    assert!(!output.status.success(), "{words:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn doors_and_tokens_are_shown_once() {
    let folder = tempfile::tempdir().unwrap();
    let data = &folder.path().join("data");
    let door = answer(data, &["door", "add", "front-desk", "--kind", "generic"]);
    assert!(door["path"].as_str().unwrap().starts_with("/intake/fax/"));
    assert_eq!(door["token"].as_str().unwrap().len(), 43);
    assert_eq!(door["secret"].as_str().unwrap().len(), 43);
    assert!(door["door"].as_str().unwrap().starts_with("dor_"));
    let listed = answer(data, &["door", "list"]);
    assert_eq!(listed["items"][0]["name"], "front-desk");
    assert!(!listed.to_string().contains(door["secret"].as_str().unwrap()));
    assert!(refusal(data, &["door", "add", "front-desk"]).contains("exists already"));
    assert!(refusal(data, &["door", "add", "x", "--kind", "pigeon"]).contains("generic, phaxio"));
    assert!(refusal(data, &["door", "add", "x", "--kind", "phaxio"]).contains("https://"));
    let token = answer(data, &["token", "add", "--scope", "read"]);
    assert_eq!(token["token"].as_str().unwrap().len(), 43);
    assert!(
        !answer(data, &["token", "list"])
            .to_string()
            .contains(token["token"].as_str().unwrap())
    );
    assert!(refusal(data, &["token", "add", "--scope", "everything"]).contains("read, intake, act, admin"));
    assert_eq!(token["sites"], Value::Null, "every site");
    answer(data, &["site", "add", "north", "--name", "North clinic"]);
    let bound = answer(
        data,
        &["token", "add", "--scope", "read", "--site", "north", "--site", "main"],
    );
    assert_eq!(bound["sites"], serde_json::json!(["main", "north"]));
    assert_eq!(answer(data, &["token", "list"])["items"][0]["sites"], bound["sites"]);
    assert!(refusal(data, &["token", "add", "--scope", "read", "--site", "west"]).contains("`west`"));
}

#[test]
fn automation_is_told_field_by_field() {
    let folder = tempfile::tempdir().unwrap();
    let data = &folder.path().join("data");
    let status = answer(data, &["automation", "status"]);
    assert_eq!(
        (&status["straight_through"], &status["sample_percent"], &status["held"]),
        (&false.into(), &2.0.into(), &false.into())
    );
    let fields = status["fields"].as_array().unwrap();
    let target = |key: &str| {
        fields
            .iter()
            .find(|field| field["field"] == key)
            .map(|field| field["target"].clone())
    };
    assert_eq!(fields.len(), 7);
    assert_eq!(target("patient.birth_date"), Some(0.999.into()));
    assert_eq!(target("patient.name"), Some(0.995.into()));
    assert_eq!(target("referral.diagnoses"), Some(0.99.into()));
    assert!(refusal(data, &["automation", "resume", "patient.name"]).contains("automation status"));
}

#[test]
fn a_directory_is_imported_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let data = &folder.path().join("data");
    let file = folder.path().join("directory.csv");
    let path = file.to_str().unwrap();
    let good = "name,organization,npi,phone,fax,direct_address,specialty\n\
                Helen Adeyemi,Willow Creek Family Medicine,1234567893,+15035550142,+15035550143,helen@Direct.Willow.example,\n";
    std::fs::write(&file, format!("{good}Omar Example,,1234567890,,,,\n")).unwrap();
    let told = refusal(data, &["directory", "import", path]);
    assert!(
        told.contains("line 3: npi") && told.contains("nothing was imported"),
        "{told}"
    );
    std::fs::write(&file, good).unwrap();
    let first = answer(data, &["directory", "import", path]);
    assert_eq!(
        (&first["added"], &first["updated"], &first["unchanged"]),
        (&1.into(), &0.into(), &0.into())
    );
    assert_eq!(answer(data, &["directory", "import", path])["unchanged"], 1);
    std::fs::write(&file, good.replace("0143", "0144")).unwrap();
    assert_eq!(answer(data, &["directory", "import", path])["updated"], 1);
}

#[test]
fn an_identity_is_made_once_and_a_partner_trusts_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = &folder.path().join("data");
    let identity = answer(data, &["identity", "show"]);
    let certificate = identity["certificate"].as_str().unwrap();
    assert!(certificate.starts_with("-----BEGIN CERTIFICATE-----\n"));
    assert_eq!(answer(data, &["identity", "show"]), identity);
    let file = folder.path().join("cert.pem");
    std::fs::write(&file, certificate).unwrap();
    let added = answer(data, &["partner", "add", file.to_str().unwrap()]);
    assert_eq!(
        (&added["bound_to"], &added["added"]),
        (&"direct.clinic.example".into(), &true.into())
    );
    assert_eq!(added["fingerprint"], identity["fingerprint"]);
    assert_eq!(
        answer(data, &["partner", "add", file.to_str().unwrap()])["added"],
        false
    );
    std::fs::write(&file, "no certificate").unwrap();
    assert!(refusal(data, &["partner", "add", file.to_str().unwrap()]).contains("can't be used"));
}

#[test]
fn what_a_partner_can_take_is_set_and_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let data = &folder.path().join("data");
    let words = [
        "partner",
        "set",
        "Direct.B.example",
        "--form",
        "xdm",
        "--key-transport",
        "rsa_oaep",
    ];
    let set = answer(data, &words);
    assert_eq!(
        (&set["partner"], &set["ability"]["form"]),
        (&"direct.b.example".into(), &"xdm".into())
    );
    assert_eq!(set["ability"]["cipher"], "aes256");
    assert_eq!(answer(data, &["partner", "list"])["items"][0], set);
    assert!(refusal(data, &["partner", "set", "nobody"]).contains("a Direct address or a domain"));
    assert!(refusal(data, &["partner", "set", "b.example", "--form", "fax"]).contains("ccda_consultation"));
    answer(data, &["partner", "unset", "direct.b.example"]);
    assert_eq!(answer(data, &["partner", "list"])["items"], serde_json::json!([]));
    let unknown = refusal(data, &["deliveries", "certificate", "dlv_01ARZ3NDEKTSV4RRFFQ69G5FAV"]);
    assert!(unknown.contains("there is no delivery"), "{unknown}");
}

#[test]
fn documents_are_taken_from_a_folder_once_each() {
    let folder = tempfile::tempdir().unwrap();
    let (data, documents) = (folder.path().join("data"), folder.path().join("documents"));
    std::fs::create_dir(&documents).unwrap();
    std::fs::write(documents.join("a.pdf"), "%PDF-1.4\n%%EOF\n").unwrap();
    std::fs::write(documents.join("b.txt"), "no document").unwrap();
    std::fs::write(documents.join(".hidden"), "not taken").unwrap();
    let take = || {
        let output = referloop(&data, &["ingest", documents.to_str().unwrap(), "--json"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap())
            .collect::<Vec<_>>()
    };
    let (first, second) = (take(), take());
    assert_eq!(
        first.iter().map(|line| line["status"].clone()).collect::<Vec<_>>(),
        ["accepted", "accepted"]
    );
    assert_eq!(
        second.iter().map(|line| line["status"].clone()).collect::<Vec<_>>(),
        ["duplicate", "duplicate"]
    );
    assert_eq!(first[0]["transmission"], second[0]["transmission"]);
}

#[test]
fn a_document_that_is_damaged_or_gone_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let data = &folder.path().join("data");
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    for case in ["clean-referral", "lab-result"] {
        answer(data, &["ingest", samples.join(case).join("fax.tif").to_str().unwrap()]);
    }
    let whole = answer(data, &["vault", "verify"]);
    assert_eq!(
        (&whole["objects"], &whole["orphans"]),
        (&2.into(), &serde_json::json!([]))
    );
    let mut files: Vec<_> = walk(&data.join("objects"));
    files.sort();
    std::fs::remove_file(&files[0]).unwrap();
    let mut bytes = std::fs::read(&files[1]).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&files[1], bytes).unwrap();
    // What a crash between file and commit leaves is no loss, and is told all the same.
    let orphan = files[1].with_file_name("obj_01J0000000000000000000000Y");
    std::fs::write(orphan, b"RLV1").unwrap();
    let output = referloop(data, &["vault", "verify", "--json"]);
    assert!(!output.status.success());
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut faults: Vec<&str> = found["wrong"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["fault"].as_str().unwrap())
        .collect();
    faults.sort_unstable();
    assert_eq!(faults, ["damaged", "missing"]);
    assert_eq!(found["orphans"], serde_json::json!(["obj_01J0000000000000000000000Y"]));
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] })
        .collect()
}

#[test]
fn accounts_of_a_hisp_are_shown_once_and_can_be_closed() {
    let folder = tempfile::tempdir().unwrap();
    let data = &folder.path().join("data");
    let made = answer(data, &["direct", "edge", "add", "hisp-1"]);
    let password = made["password"].as_str().unwrap();
    assert_eq!((made["name"].as_str(), password.len()), (Some("hisp-1"), 43));
    assert!(refusal(data, &["direct", "edge", "add", "hisp-1"]).contains("already"));
    assert!(refusal(data, &["direct", "edge", "add", "two words"]).contains("letters"));
    let listed = answer(data, &["direct", "edge", "list"]);
    assert_eq!(listed["items"][0]["name"], "hisp-1");
    assert!(!listed.to_string().contains(password));
    answer(data, &["direct", "edge", "remove", "hisp-1"]);
    assert!(refusal(data, &["direct", "edge", "remove", "hisp-1"]).contains("no account"));
    assert_eq!(
        answer(data, &["direct", "edge", "list"])["items"],
        serde_json::json!([])
    );
}
