use super::*;
use referloop::domain::transmission::TransmissionDetails;
use referloop::pipeline;
use referloop::pipeline::receive::{Received, receive};
#[tokio::test(flavor = "multi_thread")]
#[ignore = "serves for a look"]
async fn look() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::in_folder(folder.path());
    config.reading.program = Some("/work/wt/desk/target/debug/referloop".into());
    let app = App::build(config, Clock::System).await.unwrap();
    for (name, role) in [
        ("ana.torres", Role::Coordinator),
        ("bo.lind", Role::Reviewer),
        ("root", Role::Admin),
        ("dr.brandt", Role::Clinician),
    ] {
        accounts::add(&app.db, name, role, PASSWORD, app.clock.now())
            .await
            .unwrap();
    }
    let base = std::path::Path::new("/work/wt/desk/samples");
    for (i, case) in [
        "clean-referral",
        "incomplete-referral",
        "two-patients",
        "upside-down-fax",
        "lab-result",
        "junk",
        "damaged-pdf",
        "referral-letter",
    ]
    .iter()
    .enumerate()
    {
        let f = base.join(case);
        let path = ["fax.tif", "document.pdf"]
            .iter()
            .map(|n| f.join(n))
            .find(|p| p.exists())
            .unwrap();
        let details = TransmissionDetails {
            from: Some("+15035550143".to_owned()),
            ..TransmissionDetails::default()
        };
        receive(
            &app,
            Received {
                door: "cli".to_owned(),
                actor: Actor::Operator,
                fax_id: format!("f{i}"),
                document: std::fs::read(path).unwrap(),
                details,
                partial: false,
                malformed: false,
                received_at: app.clock.now(),
            },
        )
        .await
        .unwrap();
    }
    let n = pipeline::worker(&app).run_until_idle().await.unwrap();
    eprintln!("jobs {n}");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8972").await.unwrap();
    eprintln!("SERVING");
    let r = router::router(&app);
    let _ = tokio::time::timeout(std::time::Duration::from_secs(3600), async {
        axum::serve(listener, r).await
    })
    .await;
}
