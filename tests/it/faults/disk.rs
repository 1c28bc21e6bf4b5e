//! Disks that are full, that refuse, and that fail to sync: under the real program, with real means.
//!
//! Whatever happens to the disk, what was acknowledged is there afterwards, people can go on looking, and the service says why it
//! takes nothing.

use super::gateway::Gateway;
use super::{Installation, Running, proof};
use crate::harness::{TestDb, on_both};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

const FAXES: usize = 40;
const PACE: Duration = Duration::from_millis(100);
const SOON: Duration = Duration::from_secs(30);
/// Where the program has its fail points; a minute otherwise.
const LEASE_SECONDS: u32 = 10;

/// An installation under way: the service, a gateway at its door, and a token to look around with.
struct Scene {
    house: Installation,
    service: Running,
    gateway: Arc<Gateway>,
    sending: tokio::task::JoinHandle<super::gateway::Ledger>,
    door: String,
    token: String,
}

impl Scene {
    async fn begin(house: Installation) -> Self {
        let house = house.with("FAULTS_LEASE_SECONDS", &LEASE_SECONDS);
        let door = house.answer(&["door", "add", "gateway", "--kind", "generic"]);
        let [path, secret, id] = ["path", "token", "door"].map(|key| door[key].as_str().unwrap());
        let token = house.answer(&["token", "add", "--scope", "read"]);
        let gateway = Gateway::new(house.url(path), secret, FAXES, PACE);
        let service = house.serve();
        let sending = tokio::spawn(Arc::clone(&gateway).send_all());
        let scene = Self {
            service,
            sending,
            door: id.to_owned(),
            token: token["token"].as_str().unwrap().to_owned(),
            gateway,
            house,
        };
        scene
            .until("some faxes are in", async |scene| {
                scene.gateway.count_acknowledged() >= 5
            })
            .await;
        scene
    }

    async fn until(&self, what: &str, is_so: impl AsyncFn(&Self) -> bool) {
        let begun = Instant::now();
        while !is_so(self).await {
            assert!(begun.elapsed() < SOON, "{what}: never; {}", self.house.said());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn get(&self, path: &str) -> (u16, String) {
        let client = reqwest::Client::new();
        let request = client.get(self.house.url(path)).bearer_auth(&self.token);
        let answer = request.timeout(SOON).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// `/readyz` says that it takes nothing, and why.
    async fn not_ready(&self, reason: &str) {
        self.until(reason, async |scene| {
            let (status, text) = scene.get("/readyz").await;
            status == 503 && text.contains(reason)
        })
        .await;
    }

    /// Nothing is acknowledged, tries go on, and people can look at what is there.
    async fn refuses_and_shows(&self) {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let (taken, failed) = (self.gateway.count_acknowledged(), self.gateway.count_retries());
        tokio::time::sleep(Duration::from_secs(3)).await;
        assert_eq!(self.gateway.count_acknowledged(), taken, "a fax was acknowledged");
        assert!(self.gateway.count_retries() > failed);
        let (status, listed) = self.get("/api/v1/transmissions").await;
        assert_eq!((status, listed.contains("\"gateway_fax_id\"")), (200, true), "{listed}");
        assert_eq!(self.get("/healthz").await.0, 200);
    }

    /// Everything is taken in and worked through.
    async fn proves(self) -> u64 {
        let ledger = self.sending.await.unwrap();
        assert_eq!(ledger.acknowledged.len(), FAXES);
        assert_eq!(ledger.unexplained, 0, "a refusal without Retry-After");
        let app = self.house.open().await;
        proof::drained(&app, Duration::from_mins(3)).await;
        proof::nothing_is_lost_or_double(&app, &self.door, &ledger).await;
        assert!(!self.house.said().contains("panicked"));
        drop(self.service);
        ledger.retries
    }
}

/// Said past the capture of output: whoever reads the test's outcome must know that this was not tried.
fn left_out(what: &str) {
    let _ = writeln!(std::io::stderr(), "NOT TRIED HERE: {what}");
}

/// A small file system in memory, unmounted with the test.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// `None` where we may not mount.
    fn mount(mebibytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let size = format!("size={mebibytes}m");
        let mut command = Command::new("mount");
        command.args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder.path());
        let mounted = command
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        mounted.then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Takes what room there is but for some KiB. Give the file up to give the room back.
    fn fill(&self, but_kibibytes: u64) -> PathBuf {
        let path = self.path().join("ballast");
        let mut file = std::fs::File::create(&path).unwrap();
        let chunk = [0; 4096];
        while file.write_all(&chunk).is_ok() {}
        let size = file.metadata().unwrap().len();
        file.set_len(size.saturating_sub(but_kibibytes * 1024)).unwrap();
        path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.path()).status();
    }
}

/// The database too, where it is a file.
fn on_disk(disk: &SmallDisk, db: &TestDb) -> Installation {
    let data = disk.path().join("data");
    let url = match db.kind() {
        referloop::store::db::Kind::Sqlite => format!("sqlite:{}", data.join("referloop.db").display()),
        referloop::store::db::Kind::Postgres => db.url.clone(),
    };
    Installation::of(data, &url)
}

on_both!(
    a_full_disk_refuses_loses_nothing_and_goes_on_when_there_is_room,
    async |db: TestDb| {
        let Some(disk) = SmallDisk::mount(48) else {
            return left_out("a full disk (only root may mount one)");
        };
        // The mark is off: the disk shall really be full.
        let house = on_disk(&disk, &db)
            .with("REFERLOOP_INTAKE__DISK_LOW_WATER_MEBIBYTES", &0)
            .with("REFERLOOP_INTAKE__DISK_LOW_WATER_PERCENT", &0);
        let mut scene = Scene::begin(house).await;
        let ballast = disk.fill(0);
        scene.not_ready("could not write a file in the object folder").await;
        scene.refuses_and_shows().await;
        std::fs::remove_file(ballast).unwrap();
        assert!(!scene.service.has_ended());
        scene
            .until("ready again", async |scene| scene.get("/readyz").await.0 == 200)
            .await;
        scene.proves().await;
    }
);

on_both!(
    below_the_low_water_mark_nothing_is_taken_in_until_there_is_room,
    async |db: TestDb| {
        let Some(disk) = SmallDisk::mount(64) else {
            return left_out("the low-water mark of a disk (only root may mount one)");
        };
        let house = on_disk(&disk, &db)
            .with("REFERLOOP_INTAKE__DISK_LOW_WATER_MEBIBYTES", &24)
            .with("REFERLOOP_INTAKE__DISK_LOW_WATER_PERCENT", &0);
        let scene = Scene::begin(house).await;
        let ballast = disk.fill(16 * 1024);
        scene.not_ready("MiB are free on the disk of").await;
        scene.refuses_and_shows().await;
        // What was taken in is worked through meanwhile: the room below the mark is for that.
        let app = scene.house.open().await;
        proof::drained(&app, Duration::from_mins(2)).await;
        std::fs::remove_file(ballast).unwrap();
        scene
            .until("ready again", async |scene| scene.get("/readyz").await.0 == 200)
            .await;
        scene.proves().await;
    }
);

on_both!(
    a_limit_on_the_size_of_files_refuses_and_ends_nothing,
    async |db: TestDb| {
        let mut scene = Scene::begin(Installation::new(&db.url)).await;
        // Below every object: nothing can be written, to the database's file neither.
        limit_files(&scene.service, "1");
        scene.not_ready("could not write a file in the object folder").await;
        scene.refuses_and_shows().await;
        assert!(!scene.service.has_ended(), "SIGXFSZ ended it: {}", scene.house.said());
        limit_files(&scene.service, "unlimited");
        scene
            .until("ready again", async |scene| scene.get("/readyz").await.0 == 200)
            .await;
        scene.proves().await;
    }
);

fn limit_files(service: &Running, bytes: &str) {
    let id = service.id().to_string();
    let limit = format!("--fsize={bytes}:unlimited");
    let done = Command::new("prlimit").args(["--pid", &id, &limit]).status().unwrap();
    assert!(done.success());
}

/// Makes the kernel's answer to each sync an I/O error, from now on.
struct Sabotage(Child);

impl Sabotage {
    /// Only for this file, where one is given. `None` where a process may not be traced.
    async fn of(service: &Running, file: Option<&Path>) -> Option<Self> {
        let mut command = Command::new("strace");
        command.args([
            "-f",
            "-qq",
            "-e",
            "trace=fsync,fdatasync",
            "-e",
            "inject=fsync,fdatasync:error=EIO",
        ]);
        if let Some(file) = file {
            command.arg("-P").arg(file);
        }
        command
            .arg("-p")
            .arg(service.id().to_string())
            .arg("-o")
            .arg("/dev/null");
        let mut tracer = command.stderr(Stdio::null()).spawn().ok()?;
        tokio::time::sleep(Duration::from_secs(1)).await;
        if tracer.try_wait().unwrap().is_some() {
            return None;
        }
        Some(Self(tracer))
    }

    /// The disk is well again.
    fn end(mut self) {
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        self.0.wait().unwrap();
    }
}

/// Syncs fail for a while. Nothing is acknowledged from then on, although they succeed again: only a new start looks at the
/// disk anew.
async fn failing_sync(db: TestDb, file: Option<PathBuf>, reason: &str) {
    let mut scene = Scene::begin(Installation::new(&db.url)).await;
    let Some(sabotage) = Sabotage::of(&scene.service, file.as_deref()).await else {
        return left_out("a sync that fails (strace may not attach here)");
    };
    scene.not_ready(reason).await;
    scene.refuses_and_shows().await;
    sabotage.end();
    scene.refuses_and_shows().await;
    scene.not_ready(reason).await;
    scene.service.end_at_once();
    scene.service = scene.house.serve();
    scene.proves().await;
}

on_both!(
    a_failed_sync_of_a_document_stops_intake_until_a_new_start,
    async |db: TestDb| {
        failing_sync(db, None, "the disk failed to confirm a write").await;
    }
);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_sync_of_the_database_stops_intake_until_a_new_start() {
    let db = TestDb::new(referloop::store::db::Kind::Sqlite).await;
    let file = PathBuf::from(db.url.strip_prefix("sqlite:").unwrap());
    let log = file.with_file_name("referloop.db-wal");
    failing_sync(db, Some(log), "the disk reported an I/O error").await;
}
