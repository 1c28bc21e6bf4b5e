//! What is timed: whole requests against the router, in this process, and the statements behind the claim of a job.

use super::seeded::Sizes;
use super::seeded::people::{Draw, patient};
use super::syncs::syncs;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use chrono::TimeDelta;
use referloop::app::App;
use referloop::auth::bearer;
use referloop::domain::patient::Patient;
use referloop::domain::people::Scope;
use referloop::store::jobs::{self, Lane};
use referloop::web::router::router;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;
use tower::Service;

/// One row of the table. Times in milliseconds.
pub struct Measured {
    pub name: String,
    pub times: Vec<f64>,
    pub goal: Option<u32>,
    pub remark: String,
}

const SECOND: f64 = 1_000.0;
const PAGE_GOAL: u32 = 100;

/// Gives each row to `show` as soon as it is there.
pub async fn all(
    app: &App,
    folder: &Path,
    sizes: Sizes,
    runs: u64,
    mut show: impl FnMut(Measured) -> std::io::Result<()>,
) -> anyhow::Result<()> {
    let mut desk = Desk::open(app, sizes, runs).await?;
    show(desk.pages("work list, first page", "/work").await?)?;
    show(desk.deep_pages("work list, a page anywhere", "/work?").await?)?;
    show(desk.pages("work list, overdue", "/work?show=overdue").await?)?;
    show(desk.deep_pages("work list, nobody's", "/work?show=unowned&").await?)?;
    show(
        desk.deep_pages("work list, waiting for others", "/work?show=waiting&")
            .await?,
    )?;
    show(desk.pages("work list, ended", "/work?show=ended").await?)?;
    show(desk.pages("review desk, its first 100", "/desk").await?)?;
    show(
        desk.pages("API: referrals, first page of 50", "/api/v1/referrals")
            .await?,
    )?;
    show(
        desk.pages("API: referrals in review", "/api/v1/referrals?status=in_review")
            .await?,
    )?;
    show(
        desk.searches(
            "search by identifier",
            |who| json!({ "identifier": who.identifiers[0] }),
        )
        .await?,
    )?;
    show(
        desk.searches("search by phone", |who| json!({ "phone": who.phones[0] }))
            .await?,
    )?;
    show(
        desk.searches("search by birth date", |who| json!({ "birth_date": who.birth_date }))
            .await?,
    )?;
    let by_name = |who: &Patient| json!({ "name": misspelt(who), "birth_date": who.birth_date });
    show(desk.searches("search by name and birth date", by_name).await?)?;
    show(desk.duplicates().await?)?;
    let counts = desk.pages("counts by status and stage (/metrics)", "/metrics").await?;
    show(Measured {
        goal: Some(300),
        ..counts
    })?;
    show(floor(folder)?)?;
    for claims in claims(app, runs).await? {
        show(claims)?;
    }
    Ok(())
}

/// The service's router, asked without a network between.
struct Desk {
    router: Router,
    token: String,
    sizes: Sizes,
    runs: u64,
    draw: Draw,
}

impl Desk {
    async fn open(app: &App, sizes: Sizes, runs: u64) -> anyhow::Result<Self> {
        let (_, token) = bearer::create(&app.db, "bench", Scope::Admin, None, app.clock.now()).await?;
        Ok(Self {
            router: router(app),
            token,
            sizes,
            runs,
            draw: Draw::of(7),
        })
    }

    /// The answer's text and how long it took.
    async fn ask(&mut self, method: Method, address: &str, body: Option<Value>) -> anyhow::Result<(String, f64)> {
        let mut request = Request::builder()
            .method(method)
            .uri(address)
            .header("authorization", format!("Bearer {}", self.token));
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let request = request.body(body)?;
        let begun = Instant::now();
        let answer = self.router.call(request).await?;
        let status = answer.status();
        let bytes = to_bytes(answer.into_body(), usize::MAX).await?;
        let time = begun.elapsed().as_secs_f64() * SECOND;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        anyhow::ensure!(status == StatusCode::OK, "{address}: {status} {text}");
        Ok((text, time))
    }

    async fn pages(&mut self, name: &str, address: &str) -> anyhow::Result<Measured> {
        let mut times = Vec::new();
        for _ in 0..self.runs {
            times.push(self.ask(Method::GET, address, None).await?.1);
        }
        Ok(measured(name, times, String::new()))
    }

    /// Each time from another place of the list, as somebody has who went on page by page.
    async fn deep_pages(&mut self, name: &str, address: &str) -> anyhow::Result<Measured> {
        let mut times = Vec::new();
        let mut rows = 0;
        for _ in 0..self.runs {
            let days = self.draw.below(30) as i64 - 3;
            let due = referloop::clock::Clock::System.now() + TimeDelta::days(days);
            let after = format!("{}.ref_00000000000000000000000000", due.timestamp_micros());
            let (page, time) = self.ask(Method::GET, &format!("{address}after={after}"), None).await?;
            rows += page.matches("class=\"what\"").count();
            times.push(time);
        }
        let rows_each = rows as u64 / self.runs;
        Ok(measured(name, times, format!("{rows_each} rows a page")))
    }

    /// Somebody open, drawn anew.
    fn somebody(&mut self) -> Patient {
        let open = self.sizes.open_numbers();
        patient(open.start + self.draw.below(self.sizes.open))
    }

    async fn searches(&mut self, name: &str, asked: impl Fn(&Patient) -> Value) -> anyhow::Result<Measured> {
        let (mut times, mut found, mut hit) = (Vec::new(), 0, 0);
        for _ in 0..self.runs {
            let who = self.somebody();
            let (answer, time) = self
                .ask(Method::POST, "/api/v1/referrals/search", Some(asked(&who)))
                .await?;
            times.push(time);
            let answer: Value = serde_json::from_str(&answer)?;
            let items = answer["items"].as_array().map_or(0, Vec::len);
            found += items;
            let name = who.name.unwrap_or_default();
            hit += u64::from(answer.to_string().contains(&name));
        }
        anyhow::ensure!(hit == self.runs, "{name}: only {hit} of {} were found", self.runs);
        let each = found as f64 / self.runs as f64;
        Ok(measured(name, times, format!("found every time, {each:.1} referrals")))
    }

    async fn duplicates(&mut self) -> anyhow::Result<Measured> {
        let (mut times, mut found) = (Vec::new(), 0);
        for _ in 0..self.runs {
            let who = self.somebody();
            let asked = json!({ "identifier": who.identifiers[0] });
            let (answer, _) = self.ask(Method::POST, "/api/v1/referrals/search", Some(asked)).await?;
            let answer: Value = serde_json::from_str(&answer)?;
            let id = answer["items"][0]["referral"]["id"].as_str().unwrap_or_default();
            let (answer, time) = self
                .ask(Method::GET, &format!("/api/v1/referrals/{id}/similar"), None)
                .await?;
            times.push(time);
            let answer: Value = serde_json::from_str(&answer)?;
            found += usize::from(answer["items"].as_array().is_some_and(|items| !items.is_empty()));
        }
        // Two in five are about somebody who was referred twice.
        let share = found as f64 / self.runs as f64;
        anyhow::ensure!((0.25..0.55).contains(&share), "{share} of the referrals have a double");
        Ok(measured(
            "look for duplicates",
            times,
            format!("{:.0} % have one", share * 100.0),
        ))
    }
}

/// The family name as somebody hears it.
fn misspelt(who: &Patient) -> String {
    let name = who.name.clone().unwrap_or_default();
    name.replace("tti", "ti").replace("nn", "n").replace("ck", "k")
}

fn measured(name: &str, times: Vec<f64>, remark: String) -> Measured {
    Measured {
        name: name.to_owned(),
        times,
        goal: Some(PAGE_GOAL),
        remark,
    }
}

/// What any commit waits for.
fn floor(folder: &Path) -> anyhow::Result<Measured> {
    Ok(Measured {
        goal: None,
        ..measured("floor: write and fsync of 4 KB", syncs(folder, 300)?, String::new())
    })
}

/// Claims one job at a time; the commit is timed apart, since it waits for the disk.
async fn claims(app: &App, runs: u64) -> anyhow::Result<[Measured; 2]> {
    let (mut statement, mut whole) = (Vec::new(), Vec::new());
    for _ in 0..runs.max(300) {
        let begun = Instant::now();
        let mut tx = app.db.begin().await?;
        let now = app.clock.now();
        let claimed = jobs::claim(&mut tx, Lane::Read, 1, now, now + TimeDelta::minutes(1)).await?;
        statement.push(begun.elapsed().as_secs_f64() * SECOND);
        tx.commit().await?;
        whole.push(begun.elapsed().as_secs_f64() * SECOND);
        anyhow::ensure!(claimed.len() == 1, "nothing was claimed");
    }
    let row = |name: &str, times, remark: &str| Measured {
        goal: Some(20),
        ..measured(name, times, remark.to_owned())
    };
    Ok([
        row("claim of a job, without the commit", statement, ""),
        row("claim of a job, committed", whole, "as long as the floor lets it"),
    ])
}
