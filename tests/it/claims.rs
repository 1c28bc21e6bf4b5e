//! One reviewer a referral: who gets it, when it ends, and what it keeps others from.

mod beside;

use crate::harness::{TestApp, TestDb, on_both, sample};
use chrono::TimeDelta;
use referloop::app::App;
use referloop::auth::accounts;
use referloop::domain::arrangement::Rearrangement;
use referloop::domain::fields::FieldKey;
use referloop::domain::ids::{ClaimId, ReferralId, TokenId};
use referloop::domain::page::Rotation;
use referloop::domain::people::{Actor, Role, Scope};
use referloop::domain::referral::{RejectReason, StatusName};
use referloop::domain::site::Sites;
use referloop::referrals::act::{ActError, ActRequest, Obstacle, act};
use referloop::referrals::arrange::{ArrangeError, arrange};
use referloop::referrals::claim::{claim, leave, leave_all, reason, take_over};
use referloop::referrals::correct::{CorrectError, correct_field};
use referloop::store::{audit, claims, events};

const BORN: &str = "patient.birth_date";

struct Sharing {
    test: TestApp,
    id: ReferralId,
    ana: Actor,
    bo: Actor,
}

impl Sharing {
    async fn new(db: TestDb) -> Self {
        let test = TestApp::new(db).await;
        let fax = test.fax_in("fax-1", sample("clean-referral/fax.tif")).await;
        test.run_jobs().await;
        let id = test.referrals_of(&fax).await.remove(0);
        assert!(test.referral(&id).await.status.name().is_before_release());
        let ana = test.person("ana", Role::Reviewer).await;
        let bo = test.person("bo", Role::Coordinator).await;
        Self { test, id, ana, bo }
    }

    fn app(&self) -> &App {
        &self.test.app
    }

    /// Opens the page.
    async fn opens(&self, who: &Actor) -> Result<ClaimId, ActError> {
        let opening = ClaimId::new(self.app().clock.now());
        claim(self.app(), who, &self.id, &opening).await?;
        Ok(opening)
    }

    async fn holder(&self) -> Option<String> {
        let mut tx = self.app().db.read().await.unwrap();
        let held = claims::find(&mut tx, &self.id, self.app().clock.now()).await.unwrap();
        held.map(|claim| claim.name)
    }

    async fn corrects(&self, who: &Actor, born: &str) -> Result<(), CorrectError> {
        let key = FieldKey::new(BORN);
        correct_field(self.app(), who, &self.id, None, &key, Some(born)).await?;
        Ok(())
    }

    async fn turns(&self, who: &Actor) -> Result<(), ArrangeError> {
        arrange(
            self.app(),
            who,
            &self.id,
            None,
            &Rearrangement::Turn {
                page: 1,
                by: Rotation::Quarter,
            },
        )
        .await?;
        Ok(())
    }
}

fn is_claimed_by(error: &ActError, name: &str) -> bool {
    matches!(error, ActError::Claimed { holder, .. } if holder == name)
}

on_both!(of_many_who_open_it_at_once_one_has_it, async |db: TestDb| {
    let sharing = Sharing::new(db).await;
    let tasks = (0..24).map(|number| {
        let who = if number % 2 == 0 { &sharing.ana } else { &sharing.bo };
        let (app, who, id) = (sharing.test.app.clone(), who.clone(), sharing.id.clone());
        tokio::spawn(async move {
            let opening = ClaimId::new(app.clock.now());
            let outcome = claim(&app, &who, &id, &opening).await;
            (who.display_name().to_owned(), outcome)
        })
    });
    let tasks: Vec<_> = tasks.collect();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    let holder = sharing.holder().await.unwrap();
    for (name, outcome) in outcomes {
        match outcome {
            Ok(()) => assert_eq!(name, holder),
            Err(error) => assert!(name != holder && is_claimed_by(&error, &holder), "{name}: {error}"),
        }
    }
});

on_both!(of_many_statements_at_once_one_takes_it, async |db: TestDb| {
    let sharing = Sharing::new(db).await;
    let now = sharing.app().clock.now();
    let tasks = (0..16).map(|number| {
        let who = if number % 2 == 0 { &sharing.ana } else { &sharing.bo };
        let (db, id) = (sharing.test.app.db.clone(), sharing.id.clone());
        let user = who.user().unwrap().clone();
        tokio::spawn(async move {
            // Without the referral's lock, which the review page takes before.
            let mut tx = db.begin().await.unwrap();
            let until = now + TimeDelta::minutes(10);
            let taken = claims::take(&mut tx, &ClaimId::new(now), &id, &user, now, until)
                .await
                .unwrap();
            tx.commit().await.unwrap();
            taken
        })
    });
    let tasks: Vec<_> = tasks.collect();
    let mut taken = 0;
    for task in tasks {
        taken += usize::from(task.await.unwrap());
    }
    assert_eq!(taken, 1);
});

on_both!(a_claim_ends_by_the_clock_unless_it_is_extended, async |db: TestDb| {
    let sharing = Sharing::new(db).await;
    let opening = sharing.opens(&sharing.ana).await.unwrap();
    sharing.app().clock.advance(TimeDelta::minutes(9));
    claim(sharing.app(), &sharing.ana, &sharing.id, &opening).await.unwrap();
    sharing.app().clock.advance(TimeDelta::minutes(9));
    let refused = sharing.opens(&sharing.bo).await.unwrap_err();
    assert!(is_claimed_by(&refused, "ana"), "{refused}");
    sharing.app().clock.advance(TimeDelta::minutes(1));
    assert_eq!(sharing.holder().await, None);
    sharing.opens(&sharing.bo).await.unwrap();
    assert_eq!(sharing.holder().await.as_deref(), Some("bo"));
    // Ana's page comes back from its sleep.
    let late = claim(sharing.app(), &sharing.ana, &sharing.id, &opening)
        .await
        .unwrap_err();
    assert!(is_claimed_by(&late, "bo"), "{late}");
});

on_both!(only_the_opening_that_holds_it_ends_it, async |db: TestDb| {
    let sharing = Sharing::new(db).await;
    let before = sharing.opens(&sharing.ana).await.unwrap();
    let reloaded = sharing.opens(&sharing.ana).await.unwrap();
    // The old page's farewell comes after the new page was opened.
    leave(sharing.app(), &sharing.ana, &sharing.id, &before).await.unwrap();
    assert_eq!(sharing.holder().await.as_deref(), Some("ana"));
    leave(sharing.app(), &sharing.bo, &sharing.id, &reloaded).await.unwrap();
    assert_eq!(sharing.holder().await.as_deref(), Some("ana"));
    leave(sharing.app(), &sharing.ana, &sharing.id, &reloaded)
        .await
        .unwrap();
    assert_eq!(sharing.holder().await, None);

    sharing.opens(&sharing.ana).await.unwrap();
    leave_all(sharing.app(), &sharing.ana).await.unwrap();
    assert_eq!(sharing.holder().await, None);
    sharing.opens(&sharing.ana).await.unwrap();
    let now = sharing.app().clock.now();
    accounts::disable(&sharing.app().db, "ana", now).await.unwrap();
    assert_eq!(sharing.holder().await, None);
});

on_both!(what_one_reviews_no_other_person_changes, async |db: TestDb| {
    let sharing = Sharing::new(db).await;
    // Nobody has opened it: everybody goes on as before.
    sharing.corrects(&sharing.bo, "1961-08-15").await.unwrap();
    sharing.opens(&sharing.ana).await.unwrap();
    let reject = || ActRequest::Reject {
        reason: RejectReason::Incomplete,
        note: None,
    };
    let before = sharing.test.referral(&sharing.id).await.version;
    let field = sharing.corrects(&sharing.bo, "1961-08-16").await.unwrap_err();
    assert!(
        matches!(&field, CorrectError::Act(error) if is_claimed_by(error, "ana")),
        "{field}"
    );
    let pages = sharing.turns(&sharing.bo).await.unwrap_err();
    assert!(
        matches!(&pages, ArrangeError::Act(error) if is_claimed_by(error, "ana")),
        "{pages}"
    );
    let status = act(sharing.app(), &sharing.bo, &sharing.id, None, reject())
        .await
        .unwrap_err();
    assert!(is_claimed_by(&status, "ana"), "{status}");
    assert_eq!(
        sharing.test.referral(&sharing.id).await.version,
        before,
        "nothing was written"
    );

    // A program, as the pipeline, changes what it must.
    let program = Actor::Token {
        id: TokenId::new(sharing.app().clock.now()),
        name: "ehr".to_owned(),
        scope: Scope::Act,
        sites: Sites::All,
    };
    sharing.corrects(&program, "1961-08-17").await.unwrap();
    assert!(matches!(
        sharing.opens(&program).await,
        Err(ActError::NotPossible(Obstacle::NotAPerson))
    ));
    let clinician = sharing.test.person("cy", Role::Clinician).await;
    assert!(matches!(sharing.opens(&clinician).await, Err(ActError::Denied(_))));

    sharing.corrects(&sharing.ana, "1961-08-14").await.unwrap();
    sharing.turns(&sharing.ana).await.unwrap();
    act(sharing.app(), &sharing.ana, &sharing.id, None, reject())
        .await
        .unwrap();
    assert_eq!(sharing.holder().await, None, "there is nothing left to review");
    assert!(matches!(
        sharing.opens(&sharing.bo).await,
        Err(ActError::NotPossible(Obstacle::PastReview))
    ));
});

on_both!(a_release_ends_the_claim, async |db: TestDb| {
    let sharing = Sharing::new(db).await;
    sharing.opens(&sharing.ana).await.unwrap();
    let released = act(sharing.app(), &sharing.ana, &sharing.id, None, ActRequest::Release {}).await;
    assert_eq!(released.unwrap().status.name(), StatusName::Released);
    assert_eq!(sharing.holder().await, None);
    // Who works on after the release asks nobody.
    act(sharing.app(), &sharing.bo, &sharing.id, None, ActRequest::Accept {})
        .await
        .unwrap();
});

on_both!(a_take_over_says_why, async |db: TestDb| {
    let sharing = Sharing::new(db).await;
    let opening = sharing.opens(&sharing.ana).await.unwrap();
    sharing.app().clock.advance(TimeDelta::minutes(1));
    for nothing in ["", "  "] {
        let refused = take_over(sharing.app(), &sharing.bo, &sharing.id, nothing).await;
        assert!(matches!(refused, Err(ActError::NotPossible(Obstacle::NoReason))));
    }
    assert_eq!(sharing.holder().await.as_deref(), Some("ana"));
    take_over(sharing.app(), &sharing.bo, &sharing.id, " Ana is at lunch ")
        .await
        .unwrap();
    assert_eq!(sharing.holder().await.as_deref(), Some("bo"));
    let late = claim(sharing.app(), &sharing.ana, &sharing.id, &opening)
        .await
        .unwrap_err();
    assert!(is_claimed_by(&late, "bo"), "{late}");
    let field = sharing.corrects(&sharing.ana, "1961-08-16").await.unwrap_err();
    assert!(
        matches!(&field, CorrectError::Act(error) if is_claimed_by(error, "bo")),
        "{field}"
    );
    sharing.corrects(&sharing.bo, "1961-08-16").await.unwrap();

    let mut tx = sharing.app().db.read().await.unwrap();
    let history = events::of_referral(&mut tx, &sharing.id).await.unwrap();
    let entry = history.iter().find(|entry| entry.action == "take_over").unwrap();
    assert_eq!(entry.note.as_deref(), Some("Ana is at lunch"));
    assert_eq!(entry.actor, sharing.bo.reference());
    let rows = audit::of_resource(&mut tx, "referral", sharing.id.as_str())
        .await
        .unwrap();
    let row = rows.iter().find(|row| row.action == "take_over").unwrap();
    assert!(!row.detail.contains("lunch"), "free text may tell of a patient");
    let held = claims::find(&mut tx, &sharing.id, sharing.app().clock.now())
        .await
        .unwrap();
    let told = reason(&mut tx, &held.unwrap()).await.unwrap();
    assert_eq!(told.as_deref(), Some("Ana is at lunch"));
});
