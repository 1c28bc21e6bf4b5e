//! A real identity provider of a test's own, gone with it, and a browser's way through it.

use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode, Url};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

pub const CLIENT_ID: &str = "referloop";
pub const CLIENT_SECRET: &str = "a secret for tests alone";

pub struct IdentityProvider {
    process: Child,
    /// Held open: it ends where it can't write.
    _lines: Lines<BufReader<ChildStdout>>,
    pub issuer: String,
}

impl IdentityProvider {
    pub fn start() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let node = root.join(".local/oidc/bin/node");
        assert!(
            root.join(".local/oidc/VERSION").exists(),
            "the identity provider is missing: run `infra/setup test`"
        );
        let mut process = Command::new(node)
            .arg(root.join("tests/oidc-provider/provider.mjs"))
            .env("CLIENT_SECRET", CLIENT_SECRET)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let issuer = lines
            .by_ref()
            .find_map(|line| line.ok().filter(|line| line.starts_with("http://")))
            .expect("the provider says where it is");
        Self {
            process,
            _lines: lines,
            issuer,
        }
    }

    /// Tells it how to answer from now on: see `tests/oidc-provider/provider.mjs`.
    pub async fn told(&self, how: Value) {
        let told = Client::new()
            .put(format!("{}/control", self.issuer))
            .body(how.to_string())
            .send()
            .await
            .unwrap();
        assert_eq!(told.status(), StatusCode::NO_CONTENT);
    }

    /// As it was at first.
    pub async fn told_nothing(&self) {
        let usual = json!({
            "account": null, "amr": ["pwd"], "acr": null, "deny": false, "claims": {}, "signer": "own", "away": false,
        });
        self.told(usual).await;
    }

    /// Goes to where we sent the browser and signs in by the form. Gives where the browser is sent back to.
    pub async fn sign_in(&self, url: &str, name: &str) -> String {
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        let mut cookies: BTreeMap<String, String> = BTreeMap::new();
        let mut next = client.get(url);
        let mut here = Url::parse(url).unwrap();
        for _ in 0..10 {
            let carried: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let answer = next.header(COOKIE, carried.join("; ")).send().await.unwrap();
            for cookie in answer.headers().get_all(SET_COOKIE) {
                let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
                let value = rest.split(';').next().unwrap();
                cookies.insert(name.to_owned(), value.to_owned());
                cookies.retain(|_, value| !value.is_empty());
            }
            let Some(location) = answer.headers().get(LOCATION) else {
                let status = answer.status();
                let body = answer.text().await.unwrap();
                assert!(body.contains("name=\"name\""), "a form was expected: {status} {body}");
                let form = form_urlencoded::Serializer::new(String::new())
                    .append_pair("name", name)
                    .finish();
                next = client
                    .post(here.clone())
                    .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .body(form);
                continue;
            };
            here = here.join(location.to_str().unwrap()).unwrap();
            if !here.as_str().starts_with(&self.issuer) {
                return here.into();
            }
            next = client.get(here.clone());
        }
        panic!("the provider sends the browser in circles");
    }

    /// From one moment to the next nothing listens there.
    pub fn stop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for IdentityProvider {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
