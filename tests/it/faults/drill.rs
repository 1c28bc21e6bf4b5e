//! The restore drill: back up while faxes come in, lose everything, bring it back elsewhere.

use super::gateway::{Gateway, document, fax_id};
use super::{Installation, proof};
use referloop::domain::transmission::Stage;
use referloop::store::{objects, transmissions};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

const WORDS: &str = "plover ankle rhubarb sixty canal moth";
const FAXES: usize = 60;

/// A place outside the installation, with the passphrase.
struct Safe {
    folder: tempfile::TempDir,
}

impl Safe {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("words"), format!("{WORDS}\n")).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn back_up(&self, house: &Installation, to: &str) -> Value {
        house.answer(&["backup", &self.path(to), "--passphrase-file", &self.path("words")])
    }

    fn restore(&self, from: &str, house: &Installation) -> Value {
        let data = house.data();
        let data = data.to_str().unwrap();
        let words = self.path("words");
        house.answer(&["restore", &self.path(from), "--data", data, "--passphrase-file", &words])
    }

    /// What a refused restore says. It must leave nothing.
    fn refused(&self, from: &str, words: &str, house: &Installation) -> String {
        let words_file = self.path("other-words");
        fs::write(&words_file, words).unwrap();
        let data = house.data();
        let mut command = house.command(&["restore", &self.path(from), "--passphrase-file", &words_file, "--data"]);
        let output = command.arg(data).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let left = fs::read_dir(data).map_or(0, Iterator::count);
        assert_eq!(left, 0, "a refused restore leaves nothing in {}", data.display());
        String::from_utf8(output.stderr).unwrap()
    }
}

async fn until_acknowledged(gateway: &Gateway, count: usize) {
    let end = Instant::now() + Duration::from_mins(1);
    while gateway.count_acknowledged() < count {
        assert!(Instant::now() < end, "{count} faxes were not acknowledged");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_before_a_backup_comes_back_from_it() {
    let (house, safe) = (Installation::embedded(), Safe::new());
    let door = house.answer(&["door", "add", "gateway", "--kind", "generic"]);
    let [path, token, door] = ["path", "token", "door"].map(|key| door[key].as_str().unwrap());
    let gateway = Gateway::new(house.url(path), token, FAXES, Duration::from_millis(120));
    let service = house.serve();
    let sending = tokio::spawn(Arc::clone(&gateway).send_all());
    until_acknowledged(&gateway, FAXES / 6).await;
    let at_start = gateway.count_acknowledged();
    let first = safe.back_up(&house, "safe");
    // Whatever else the machine does: the slower the backup, the more come in.
    assert!(
        gateway.count_acknowledged() > at_start,
        "it was made while faxes came in"
    );
    assert_eq!(first["copied"], first["objects"]);
    assert!(first["objects"].as_u64().unwrap() >= at_start as u64);

    until_acknowledged(&gateway, FAXES * 2 / 3).await;
    let before = gateway.acknowledged();
    let second = safe.back_up(&house, "safe");
    assert!(
        second["copied"].as_u64().unwrap() + first["objects"].as_u64().unwrap() >= second["objects"].as_u64().unwrap()
    );
    assert!(second["copied"].as_u64() < second["objects"].as_u64(), "{second}");
    // A backup that is killed leaves the one before, or is complete.
    for milliseconds in [150, 300, 450, 600, 750, 900] {
        let mut command = house.command(&["backup", &safe.path("safe"), "--passphrase-file", &safe.path("words")]);
        let mut broken_off = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        let _ = broken_off.kill();
        broken_off.wait().unwrap();
    }
    let ledger = sending.await.unwrap();
    assert_eq!(ledger.acknowledged.len(), FAXES);
    service.kill();
    fs::remove_dir_all(house.data()).unwrap();

    let elsewhere = Installation::embedded();
    let restored = safe.restore("safe", &elsewhere);
    assert!(restored["objects"].as_u64() >= second["objects"].as_u64());
    let mode = fs::metadata(elsewhere.data().join("master.key"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    // Each exits with 0 only where all is whole.
    elsewhere.answer(&["vault", "verify"]);
    elsewhere.answer(&["audit", "verify"]);
    let service = elsewhere.serve();
    let app = elsewhere.open().await;
    proof::drained(&app, Duration::from_mins(3)).await;
    for (number, id) in &before {
        let mut tx = app.db.read().await.unwrap();
        let found = transmissions::find_by_fax_id(&mut tx, door, &fax_id(*number))
            .await
            .unwrap();
        let found = found.unwrap_or_else(|| panic!("fax {number} was acknowledged before the backup and is lost"));
        assert_eq!((found.id.as_str(), found.stage), (id.as_str(), Stage::Done));
        let object = objects::find(&mut tx, &found.object).await.unwrap().unwrap();
        drop(tx);
        assert!(
            app.vault.get(&object).await.unwrap() == document(*number),
            "fax {number} has other bytes"
        );
    }
    // The log goes on where the backup's ended.
    tokio::time::sleep(Duration::from_secs(1)).await;
    elsewhere.answer(&["audit", "verify"]);
    service.kill();
}

fn two_documents(house: &Installation) {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    for case in ["clean-referral", "lab-result"] {
        let fax = samples.join(case).join("fax.tif");
        let output = house.command(&["ingest", fax.to_str().unwrap()]).output().unwrap();
        assert!(output.status.success());
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .collect()
}

fn named(folder: &Path, part: &str) -> PathBuf {
    let found = files(folder)
        .into_iter()
        .find(|path| path.to_string_lossy().contains(part));
    found.unwrap_or_else(|| panic!("no {part} in {}", folder.display()))
}

fn flip_middle(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_damaged_backup_is_refused_by_the_part_and_a_wrong_passphrase_by_name() {
    let (house, safe, elsewhere) = (Installation::embedded(), Safe::new(), Installation::embedded());
    two_documents(&house);
    safe.back_up(&house, "safe");
    let says = |what: &str, damage: &dyn Fn(&Path), words: &str, expect: &str| {
        let copy = safe.path(what);
        let copied = std::process::Command::new("cp")
            .args(["-r", &safe.path("safe"), &copy])
            .status();
        assert!(copied.unwrap().success());
        damage(Path::new(&copy));
        let said = safe.refused(what, words, &elsewhere);
        assert!(said.contains(expect), "{what}: {said}");
    };
    let intact = |_: &Path| {};
    says(
        "a",
        &intact,
        "plover ankle rhubarb sixty canal moths",
        "passphrase is not the one",
    );
    says("b", &intact, "", "passphrase is not the one");
    let parts = [
        ("database-", "damaged"),
        ("master-key-", "damaged"),
        ("objects/", "damaged"),
    ];
    for (at, (part, expect)) in parts.into_iter().enumerate() {
        says(
            &format!("c{at}"),
            &|copy| flip_middle(&named(copy, part)),
            WORDS,
            expect,
        );
        let remove = |copy: &Path| fs::remove_file(named(copy, part)).unwrap();
        says(&format!("d{at}"), &remove, WORDS, "is missing from the backup");
    }
    let other_count = |copy: &Path| {
        let manifest = copy.join("manifest.json");
        let text = fs::read_to_string(&manifest).unwrap();
        fs::write(&manifest, text.replace("\"count\": 2", "\"count\": 1")).unwrap();
    };
    says("e", &other_count, WORDS, "was changed after the backup was made");
    let led_away = |copy: &Path| {
        let manifest = copy.join("manifest.json");
        let text = fs::read_to_string(&manifest).unwrap();
        fs::write(&manifest, text.replace("master-key-", "../master-key-")).unwrap();
    };
    says("f", &led_away, WORDS, "can't be understood");
    says(
        "g",
        &|copy| fs::remove_file(copy.join("manifest.json")).unwrap(),
        WORDS,
        "is no backup",
    );
    // Nothing was wrong with the backup itself.
    safe.restore("safe", &elsewhere);
    elsewhere.answer(&["vault", "verify"]);
}

#[test]
fn a_backup_is_for_one_folder_and_says_what_else_is_for_others() {
    let (house, other, safe) = (Installation::embedded(), Installation::embedded(), Safe::new());
    two_documents(&house);
    two_documents(&other);
    safe.back_up(&house, "safe");
    let said = |house: &Installation, words: &[&str]| {
        let output = house.command(words).stdin(Stdio::null()).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{words:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let (folder, words) = (safe.path("safe"), safe.path("words"));
    let into_the_other = said(&other, &["backup", &folder, "--passphrase-file", &words]);
    assert!(into_the_other.contains("of another installation"), "{into_the_other}");
    let short = said(&other, &["backup", &safe.path("none")]);
    assert!(short.contains("at least 16 characters"), "{short}");
    let data = other.data();
    let over = said(
        &other,
        &[
            "restore",
            &folder,
            "--data",
            data.to_str().unwrap(),
            "--passphrase-file",
            &words,
        ],
    );
    assert!(over.contains("is not empty"), "{over}");
    other.answer(&["vault", "verify"]);
    // Damage is told, and all else is backed up.
    let objects = files(&house.data().join("objects"));
    fs::remove_file(&objects[0]).unwrap();
    let output = house
        .command(&["backup", &safe.path("second"), "--passphrase-file", &words])
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        told.contains("missing or damaged in the installation itself") && told.contains("2 objects"),
        "{told}"
    );
    let elsewhere = Installation::embedded();
    assert_eq!(
        safe.restore("second", &elsewhere)["lacking"].as_array().unwrap().len(),
        1
    );
}

#[tokio::test]
async fn postgres_has_tools_of_its_own() {
    let db = crate::harness::TestDb::new(referloop::store::db::Kind::Postgres).await;
    let (house, safe) = (Installation::new(&db.url), Safe::new());
    let output = house
        .command(&["backup", &safe.path("safe"), "--passphrase-file", &safe.path("words")])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("archive its log") && said.contains("operator's guide"),
        "{said}"
    );
    assert!(!Path::new(&safe.path("safe")).exists());
}
