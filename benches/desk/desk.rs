//! What a reviewer does, one thing after the other, again and again.

use super::browser::{Answer, Browser, between};
use anyhow::{Context, ensure};
use referloop::domain::ids::ReferralId;
use reqwest::StatusCode;
use reqwest::header::ETAG;

/// One kind of request, in the order of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    Review,
    Save,
    List,
    Next,
    Picture,
    Floor,
}

impl Asked {
    pub const ALL: [Self; 6] = [
        Self::Review,
        Self::Save,
        Self::List,
        Self::Next,
        Self::Picture,
        Self::Floor,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Review => "review page",
            Self::Save => "a field saved",
            Self::List => "desk, its first 100",
            Self::Next => "the next one, claimed",
            Self::Picture => "a page's picture",
            Self::Floor => "floor: `/healthz`",
        }
    }

    /// At p95, in milliseconds.
    pub fn goal(self) -> Option<f64> {
        match self {
            Self::Review => Some(50.0),
            Self::Save => Some(20.0),
            Self::List | Self::Next | Self::Picture | Self::Floor => None,
        }
    }
}

/// How long one answer took and how long it was.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    pub asked: Asked,
    pub milliseconds: f64,
    pub bytes: usize,
}

pub struct Desk {
    browser: Browser,
    reviews: Vec<ReferralId>,
    samples: Vec<Sample>,
}

impl Desk {
    pub fn new(browser: Browser, reviews: Vec<ReferralId>) -> Self {
        Self {
            browser,
            reviews,
            samples: Vec::new(),
        }
    }

    pub fn reviews(&self) -> usize {
        self.reviews.len()
    }

    pub fn answers(&self) -> &[Sample] {
        &self.samples
    }

    pub fn forget(&mut self) {
        self.samples.clear();
    }

    /// Everything once, on the referral whose turn it is.
    pub async fn round(&mut self, turn: u32) -> anyhow::Result<()> {
        let id = self.reviews[turn as usize % self.reviews.len()].clone();
        let page = format!("/desk/{id}");
        let review = self.browser.get(&page).await?;
        self.took(Asked::Review, &review, StatusCode::OK)?;
        self.save(&page, turn).await?;
        let list = self.browser.get("/desk").await?;
        self.took(Asked::List, &list, StatusCode::OK)?;
        let next = self.browser.get(&format!("/desk/next?after={id}")).await?;
        self.took(Asked::Next, &next, StatusCode::SEE_OTHER)?;
        let number = between(&self.browser.look(&page).await?.body, "id=\"picture-");
        let number = number.context("the review page shows no page")?;
        let picture = self.browser.get(&format!("/referrals/{id}/pages/{number}.png")).await?;
        self.took(Asked::Picture, &picture, StatusCode::OK)?;
        let floor = self.browser.get("/healthz").await?;
        self.took(Asked::Floor, &floor, StatusCode::OK)
    }

    /// Another value than the field has, under the version that was seen.
    async fn save(&mut self, page: &str, turn: u32) -> anyhow::Result<()> {
        let version = between(&self.browser.look(page).await?.body, "data-version=\"");
        let version = version.context("the review page says no version")?;
        let (key, value) = change(turn);
        let path = format!("{page}/fields/{key}");
        let saved = self.browser.save(&path, &format!("\"{version}\""), &value).await?;
        self.took(Asked::Save, &saved, StatusCode::OK)?;
        let etag = saved.headers.get(ETAG).context("what was saved has no version")?;
        ensure!(
            etag.to_str()? != format!("\"{version}\""),
            "{path}: nothing was changed"
        );
        Ok(())
    }

    fn took(&mut self, asked: Asked, answer: &Answer, expected: StatusCode) -> anyhow::Result<()> {
        let status = answer.status;
        ensure!(status == expected, "{}: {status} instead of {expected}", asked.name());
        self.samples.push(Sample {
            asked,
            milliseconds: answer.milliseconds,
            bytes: answer.body.len(),
        });
        Ok(())
    }
}

/// By turns a field that nothing else hangs on, and those by which patients are found again.
fn change(turn: u32) -> (&'static str, String) {
    match turn % 4 {
        0 => (
            "referral.reason",
            format!("Evaluate and treat, as agreed in call {turn}"),
        ),
        1 => (
            "patient.birth_date",
            format!(
                "{}-{:02}-{:02}",
                1930 + turn / 336 % 80,
                turn / 28 % 12 + 1,
                turn % 28 + 1
            ),
        ),
        2 => ("patient.phone", format!("+1503555{:04}", 100 + turn % 100)),
        _ => ("insurance.member_id", format!("WHP{turn:09}")),
    }
}
