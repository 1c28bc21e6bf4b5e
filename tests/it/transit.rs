//! Nothing travels in the clear between machines: TLS on our listeners, refusals where there is none, a database that must
//! prove who it is. All with the real program.

use crate::harness::authority::{Authority, Issued};
use crate::harness::postgres_tls;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

struct Running {
    process: Child,
    port: u16,
}

fn program(data: &Path, words: &[&str], settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_referloop"));
    command
        .args(words)
        .env("REFERLOOP_DATA", data)
        .envs(settings.iter().copied());
    command
}

/// Starts `serve --no-work` on a free port of loopback.
fn serve(data: &Path, settings: &[(&str, &str)]) -> Running {
    let mut process = program(data, &["serve", "--no-work"], settings)
        .env("REFERLOOP_LISTEN", "127.0.0.1:0")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(process.stderr.take().unwrap());
    let mut running = Running { process, port: 0 };
    let mut said = String::new();
    loop {
        let mut line = String::new();
        assert!(log.read_line(&mut line).unwrap() > 0, "it ended: {said}");
        said.push_str(&line);
        let event: serde_json::Value = serde_json::from_str(&line).unwrap();
        if event["message"] == "serving" {
            let address = event["address"].as_str().unwrap();
            running.port = address.rsplit(':').next().unwrap().parse().unwrap();
            std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
            return running;
        }
    }
}

impl Running {
    fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.port)
    }

    fn signal(&self, name: &str) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What a start that is refused says. It ends by itself, with code 1.
fn refusal(words: &[&str], settings: &[(&str, &str)]) -> String {
    let data = tempfile::tempdir().unwrap();
    let mut process = program(data.path(), words, settings)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let end = Instant::now() + Duration::from_secs(30);
    while process.try_wait().unwrap().is_none() {
        if Instant::now() > end {
            process.kill().unwrap();
            panic!("it was not refused: {settings:?}");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let mut said = String::new();
    process.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(process.wait().unwrap().code(), Some(1), "{said}");
    said
}

fn trusting(authority: &Authority) -> reqwest::Client {
    let root = reqwest::Certificate::from_pem(&std::fs::read(authority.pem()).unwrap()).unwrap();
    reqwest::Client::builder()
        .tls_certs_only([root])
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(10))
        .build()
        .unwrap()
}

fn tls(issued: &Issued) -> [(&str, &str); 2] {
    [
        ("REFERLOOP_TLS__CERTIFICATE", issued.certificate.to_str().unwrap()),
        ("REFERLOOP_TLS__KEY", issued.key.to_str().unwrap()),
    ]
}

fn add_ana(data: &Path) {
    let mut add = program(data, &["user", "add", "ana", "--role", "admin"], &[]);
    let mut adding = add.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let mut password = adding.stdin.take().unwrap();
    password.write_all(b"a long enough password\n").unwrap();
    assert!(adding.wait().unwrap().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_desk_is_served_by_tls_and_says_so_to_browsers() {
    let (data, authority) = (tempfile::tempdir().unwrap(), Authority::new());
    let issued = authority.issue("desk");
    add_ana(data.path());
    let mut running = serve(data.path(), &tls(&issued));
    let client = trusting(&authority);
    let shown = client.get(running.url("/login")).send().await.unwrap();
    assert_eq!(shown.status(), 200);
    assert_eq!(
        shown.headers()["strict-transport-security"],
        "max-age=31536000; includeSubDomains"
    );
    let form = client
        .post(running.url("/login"))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("origin", running.url(""))
        .body("name=ana&password=a+long+enough+password");
    let signed_in = form.send().await.unwrap();
    let cookie = signed_in.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(
        cookie.starts_with("__Host-referloop=") && cookie.contains("; Secure"),
        "{cookie}"
    );
    let cookie = cookie.split(';').next().unwrap();
    let desk = client
        .get(running.url("/desk"))
        .header("cookie", cookie)
        .send()
        .await
        .unwrap();
    assert_eq!(desk.status(), 200);

    let stranger = trusting(&Authority::new());
    assert!(
        stranger
            .get(running.url("/login"))
            .send()
            .await
            .unwrap_err()
            .is_connect()
    );
    let mut plain = TcpStream::connect(("127.0.0.1", running.port)).unwrap();
    plain.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    plain
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"), "it answers plain HTTP");

    // Who says nothing keeps nobody waiting, and no open connection keeps it from ending.
    let silent: Vec<TcpStream> = (0..50)
        .map(|_| TcpStream::connect(("127.0.0.1", running.port)).unwrap())
        .collect();
    assert_eq!(client.get(running.url("/healthz")).send().await.unwrap().status(), 200);
    let told = Instant::now();
    running.signal("TERM");
    assert_eq!(running.process.wait().unwrap().code(), Some(0));
    assert!(told.elapsed() < Duration::from_secs(10), "{:?}", told.elapsed());
    drop(silent);
}

/// Browsers choose HTTP/2 where there is TLS, and that has no `Host`, which forms are checked against.
#[test]
fn our_own_forms_are_taken_by_http_2_and_foreign_ones_are_not() {
    let (data, authority) = (tempfile::tempdir().unwrap(), Authority::new());
    let issued = authority.issue("desk");
    add_ana(data.path());
    let running = serve(data.path(), &tls(&issued));
    let (root, jar) = (authority.pem(), data.path().join("cookies"));
    let curl = |path: &str, words: &[&str]| {
        let mut curl = Command::new("curl");
        curl.args([
            "-sS",
            "--http2",
            "--max-time",
            "10",
            "-w",
            "\n%{http_version} %{http_code}",
            "--cacert",
        ]);
        curl.arg(&root).arg("-b").arg(&jar).arg("-c").arg(&jar);
        let output = curl.args(words).arg(running.url(path)).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let ours = format!("Origin: {}", running.url(""));
    let login = ["--data", "name=ana&password=a long enough password", "-H"];
    let foreign = curl("/login", &[&login[..], &["Origin: https://evil.example"]].concat());
    assert!(foreign.ends_with("2 403"), "{foreign}");
    // Who is refused while it still sends hears the answer all the same.
    let long = format!("name={}", "a".repeat(200_000));
    std::fs::write(data.path().join("form"), long).unwrap();
    let form = format!("@{}", data.path().join("form").display());
    for _ in 0..20 {
        let foreign = curl("/login", &["--data", &form, "-H", "Origin: https://evil.example"]);
        assert!(foreign.ends_with("2 403"), "{foreign}");
    }
    let signed_in = curl("/login", &[&login[..], &[&ours]].concat());
    assert!(signed_in.ends_with("2 303"), "{signed_in}");
    let desk = curl("/desk", &[]);
    let csrf = desk
        .split("name=\"csrf\" value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let form = format!("csrf={csrf}");
    assert!(curl("/logout", &["--data", &form, "-H", "Origin: https://evil.example"]).ends_with("2 403"));
    assert!(curl("/logout", &["--data", &form, "-H", &ours]).ends_with("2 303"));
    assert!(!curl("/desk", &[]).ends_with("2 200"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_renewed_certificate_is_taken_up_without_a_restart() {
    let (data, old, new) = (tempfile::tempdir().unwrap(), Authority::new(), Authority::new());
    let issued = old.issue("desk");
    let running = serve(data.path(), &tls(&issued));
    let reached = async |authority: &Authority| {
        // A client of its own each time, so that no connection is used again.
        let sent = trusting(authority).get(running.url("/healthz")).send().await;
        sent.is_ok_and(|answer| answer.status() == 200)
    };
    let becomes = async |authority: &Authority| {
        let end = Instant::now() + Duration::from_secs(10);
        while !reached(authority).await {
            assert!(Instant::now() < end, "the certificate in use is another");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    becomes(&old).await;
    let renewed = new.issue("desk");
    std::fs::copy(&renewed.certificate, &issued.certificate).unwrap();
    // The key is not there yet: whoever renews writes one file after the other.
    running.signal("HUP");
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(reached(&old).await);
    std::fs::copy(&renewed.key, &issued.key).unwrap();
    running.signal("HUP");
    becomes(&new).await;
    assert!(!reached(&old).await);
}

#[test]
fn without_tls_nothing_listens_to_other_machines() {
    let plain = [("REFERLOOP_LISTEN", "0.0.0.0:0")];
    let said = refusal(&["serve"], &plain);
    for way_out in ["tls.certificate", "tls.behind_proxy", "desk.public_url", "127.0.0.1"] {
        assert!(said.contains(way_out), "{said}");
    }
    let by_proxy = [plain[0], ("REFERLOOP_TLS__BEHIND_PROXY", "true")];
    let said = refusal(&["serve"], &by_proxy);
    assert!(said.contains("`desk.public_url`"), "{said}");
    let in_the_clear = [
        by_proxy[0],
        by_proxy[1],
        ("REFERLOOP_DESK__PUBLIC_URL", "http://desk.example"),
    ];
    assert!(refusal(&["serve"], &in_the_clear).contains("`desk.public_url`"));
    let mail = [
        ("REFERLOOP_LISTEN", "127.0.0.1:0"),
        ("REFERLOOP_MAIL__LISTEN", "[::]:0"),
        ("REFERLOOP_MAIL__DIRECT_DOMAIN", "direct.clinic.example"),
    ];
    let said = refusal(&["serve"], &mail);
    assert!(
        said.contains("`mail.listen`") && said.contains("mail.listen_certificate"),
        "{said}"
    );
    let authority = Authority::new();
    let (one, other) = (authority.issue("one"), authority.issue("other"));
    let half = [("REFERLOOP_TLS__CERTIFICATE", one.certificate.to_str().unwrap())];
    assert!(refusal(&["serve"], &half).contains("are given together"));
    let crossed = [half[0], ("REFERLOOP_TLS__KEY", other.key.to_str().unwrap())];
    assert!(refusal(&["serve"], &crossed).contains("do not go together"));
}

#[test]
fn a_declared_proxy_or_a_certificate_opens_the_way() {
    let authority = Authority::new();
    let issued = authority.issue("desk");
    let proxied = [
        ("REFERLOOP_TLS__BEHIND_PROXY", "true"),
        ("REFERLOOP_DESK__PUBLIC_URL", "https://desk.example"),
    ];
    for settings in [proxied, tls(&issued)] {
        let data = tempfile::tempdir().unwrap();
        let mut process = program(data.path(), &["serve", "--no-work"], &settings)
            .env("REFERLOOP_LISTEN", "0.0.0.0:0")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(process.stderr.take().unwrap()).lines();
        let serving = log.any(|line| line.unwrap().contains("\"serving\""));
        process.kill().unwrap();
        process.wait().unwrap();
        assert!(serving, "{settings:?}");
    }
}

#[test]
fn a_database_on_another_machine_must_prove_who_it_is() {
    let far = |parameters: &str| format!("postgres://referloop:s3cret@db.clinic.example/referloop{parameters}");
    for parameters in ["", "?sslmode=prefer", "?sslmode=require", "?sslmode=verify-ca"] {
        let url = far(parameters);
        for words in [&["serve"] as &[&str], &["migrate"], &["audit", "verify"]] {
            let said = refusal(words, &[("REFERLOOP_DATABASE_URL", &url)]);
            assert!(
                said.contains("sslmode=verify-full") && said.contains("tls.unverified_database"),
                "{said}"
            );
            assert!(!said.contains("s3cret"), "{said}");
        }
    }
    // Then only the name is wrong, which nobody knows here.
    let verified = refusal(
        &["migrate"],
        &[("REFERLOOP_DATABASE_URL", &far("?sslmode=verify-full"))],
    );
    assert!(verified.contains("could not be reached"), "{verified}");
    let url = far("");
    let declared = [
        ("REFERLOOP_DATABASE_URL", url.as_str()),
        ("REFERLOOP_TLS__UNVERIFIED_DATABASE", "true"),
    ];
    assert!(refusal(&["migrate"], &declared).contains("could not be reached"));
}

#[test]
fn postgres_is_reached_by_tls_under_a_certificate_that_is_checked() {
    let (authority, other) = (Authority::new(), Authority::new());
    let server = postgres_tls(&authority.issue("database"));
    let url = |host: &str, root: &Authority| {
        let root = root.pem();
        format!(
            "postgres://referloop@{host}:{}/postgres?sslmode=verify-full&sslrootcert={}",
            server.port,
            root.display()
        )
    };
    let data = tempfile::tempdir().unwrap();
    let good = url("localhost", &authority);
    let settings = [("REFERLOOP_DATABASE_URL", good.as_str())];
    let migrated = program(data.path(), &["migrate"], &settings).output().unwrap();
    assert!(
        migrated.status.success(),
        "{}",
        String::from_utf8_lossy(&migrated.stderr)
    );
    let verified = program(data.path(), &["audit", "verify"], &settings).output().unwrap();
    assert!(
        verified.status.success(),
        "{}",
        String::from_utf8_lossy(&verified.stderr)
    );
    // Another authority, and another name than the certificate's.
    for bad in [url("localhost", &other), url("127.0.0.1", &authority)] {
        let said = refusal(&["migrate"], &[("REFERLOOP_DATABASE_URL", &bad)]);
        assert!(
            said.contains("could not be reached") && said.contains("certificate"),
            "{said}"
        );
    }
}
