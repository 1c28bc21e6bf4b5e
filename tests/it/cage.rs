//! The cage: what a locked child can't do, and what happens where a child can't be locked.

use crate::harness::documents::{pages_pdf, text_page};
use referloop::domain::transmission::QuarantineReason;
use referloop::reading::probe::{Denial, Probe};
use referloop::reading::{Limits, Pool, ReadingConfig, check};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Output};

const REFERLOOP: &str = env!("CARGO_BIN_EXE_referloop");

fn config() -> ReadingConfig {
    ReadingConfig {
        program: Some(PathBuf::from(REFERLOOP)),
        standby: 0,
        ..ReadingConfig::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_out_is_barred() {
    let health = check(&config()).await.unwrap();
    assert!(health.is_fully_sandboxed(), "{health:?}");
    let limits = Limits {
        memory_mebibytes: 512,
        cpu_seconds_a_page: 1,
        wall_seconds_a_page: 8,
        ..Limits::default()
    };
    let pool = Pool::new(ReadingConfig { limits, ..config() });
    for probe in Probe::ALL {
        let outcome = pool.probe(probe).await;
        match probe.must_end() {
            Denial::Refused => assert!(outcome.is_ok_and(|refused| refused), "{probe:?}"),
            Denial::Ended(reason) => assert_eq!(outcome.unwrap_err().reason, reason, "{probe:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_document_could_not_do_is_told_apart_from_a_crash() {
    let pool = Pool::new(config());
    let error = pool.probe(Probe::Socket).await.unwrap_err();
    assert_eq!(error.reason, QuarantineReason::ForbiddenCall);
    assert!(!error.is_crash() && !error.is_ours());
}

/// Runs it as in a container whose profile knows neither Landlock nor seccomp filters.
fn where_nothing_can_be_locked(mut command: Command) -> Output {
    let run = move || {
        let forbidden = [libc::SYS_landlock_create_ruleset, libc::SYS_seccomp];
        let filter = SeccompFilter::new(
            forbidden
                .into_iter()
                .map(|call| (call, Vec::new()))
                .collect::<BTreeMap<_, _>>(),
            SeccompAction::Allow,
            SeccompAction::Errno(libc::ENOSYS as u32),
            std::env::consts::ARCH.try_into().unwrap(),
        );
        let program: BpfProgram = filter.unwrap().try_into().unwrap();
        // Of this thread, and of what is started from it.
        seccompiler::apply_filter(&program).unwrap();
        command.output().unwrap()
    };
    std::thread::spawn(run).join().unwrap()
}

fn referloop(arguments: &[&str], data: &std::path::Path, variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(REFERLOOP);
    command
        .args(arguments)
        .env("REFERLOOP_DATA", data)
        .env("REFERLOOP_LISTEN", "127.0.0.1:0")
        .envs(variables.iter().copied());
    command
}

#[test]
fn the_service_does_not_start_where_it_cannot_sandbox() {
    let data = tempfile::tempdir().unwrap();
    for name in ["serve", "work"] {
        let output = where_nothing_can_be_locked(referloop(&[name], data.path(), &[]));
        let said = String::from_utf8_lossy(&output.stderr) + String::from_utf8_lossy(&output.stdout);
        assert!(!output.status.success(), "{name} started");
        assert!(said.contains("can't sandbox"), "{said}");
        assert!(said.contains("reading.allow_unsandboxed"), "{said}");
    }
}

#[test]
fn doctor_says_that_nothing_can_be_sandboxed_and_what_was_configured() {
    let data = tempfile::tempdir().unwrap();
    let refused = where_nothing_can_be_locked(referloop(&["doctor"], data.path(), &[]));
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stdout).contains("can't sandbox"));
    let allowed = [("REFERLOOP_READING__ALLOW_UNSANDBOXED", "true")];
    let accepted = where_nothing_can_be_locked(referloop(&["doctor"], data.path(), &allowed));
    assert!(String::from_utf8_lossy(&accepted.stdout).contains("the sandbox is incomplete, as configured"));
}

/// A page whose font the system must bring.
fn page_without_its_font() -> Vec<u8> {
    pages_pdf(&[text_page(&[
        "Referral for Ada Example, born 1 May 1970",
        "Reason: persistent cough since March",
    ])])
}

const PICTURE: &str = "REFERLOOP_TEST_PICTURE";

#[tokio::test(flavor = "multi_thread")]
async fn a_page_looks_the_same_inside_the_cage_and_outside() {
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("outside.png");
    let mut outside = Command::new(std::env::current_exe().unwrap());
    outside
        .args(["--exact", "cage::inner_a_page_outside", "--ignored"])
        .env(PICTURE, &picture);
    let output = where_nothing_can_be_locked(outside);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let inside = Pool::new(config()).read(&page_without_its_font()).await.unwrap();
    let pixels = |png: &[u8]| image::load_from_memory(png).unwrap().into_luma8();
    let (inside, outside) = (
        pixels(&inside.pages[0].image_png),
        pixels(&std::fs::read(picture).unwrap()),
    );
    let ink = inside.pixels().filter(|pixel| pixel.0[0] < 128).count();
    assert!(ink > 5_000, "only {ink} dark pixels: no font was found");
    assert!(inside == outside, "the pictures differ");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by a_page_looks_the_same_inside_the_cage_and_outside, without a cage"]
async fn inner_a_page_outside() {
    let config = ReadingConfig {
        allow_unsandboxed: true,
        ..config()
    };
    let health = check(&config).await.unwrap();
    assert!(!health.holds && !health.level.seccomp, "{health:?}");
    let document = Pool::new(config).read(&page_without_its_font()).await.unwrap();
    std::fs::write(std::env::var_os(PICTURE).unwrap(), &document.pages[0].image_png).unwrap();
}
