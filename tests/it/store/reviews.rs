//! What waits for a reviewer: its order, whose it is, and what nobody else has.

use crate::harness::house::House;
use crate::harness::{TestDb, on_both};
use crate::web::seed::referral_of_fax;
use chrono::{DateTime, TimeDelta, Utc};
use referloop::app::App;
use referloop::auth::accounts;
use referloop::domain::access::{Access, Reach};
use referloop::domain::ids::{ClaimId, ReferralId, UserId};
use referloop::domain::people::{Actor, Role};
use referloop::domain::sla::Urgency;
use referloop::referrals::claim::claim;
use referloop::store::referrals;
use referloop::store::reviews::{self, Counts, Waiting};

async fn reviewer(app: &App, name: &str) -> (UserId, Actor) {
    let added = accounts::add(&app.db, name, Role::Reviewer, "a long enough password", app.clock.now());
    let user = added.await.unwrap();
    let actor = Actor::User {
        id: user.id.clone(),
        name: user.name,
        access: Access::of(Role::Reviewer),
    };
    (user.id, actor)
}

/// As nobody may write it but a test: its urgency, deadline and owner.
async fn make(app: &App, id: &ReferralId, urgency: Urgency, due: Option<DateTime<Utc>>, owner: Option<&UserId>) {
    let mut tx = app.db.begin().await.unwrap();
    let mut referral = referrals::find(&mut tx, id).await.unwrap().unwrap();
    (referral.urgency, referral.deadline_at, referral.owner) = (urgency, due, owner.cloned());
    assert!(referrals::save(&mut tx, &mut referral, app.clock.now()).await.unwrap());
    tx.commit().await.unwrap();
}

async fn listed(app: &App, which: Waiting<'_>, limit: u32) -> Vec<String> {
    let mut tx = app.db.read().await.unwrap();
    let listed = reviews::list(&mut tx, which, &Reach::Everywhere, limit).await.unwrap();
    listed.into_iter().map(|referral| referral.id.to_string()).collect()
}

async fn free(app: &App, me: &UserId) -> Vec<ReferralId> {
    let mut tx = app.db.read().await.unwrap();
    reviews::free(&mut tx, Some(me), &Reach::Everywhere, app.clock.now(), 10)
        .await
        .unwrap()
}

on_both!(the_most_urgent_stands_first_then_what_is_due, async |db: TestDb| {
    let house = House::new(&db).await;
    let app = &house.app;
    let (ana, as_ana) = reviewer(app, "ana").await;
    let (bo, _) = reviewer(app, "bo").await;
    let arrived = app.clock.now();
    let mut ids = Vec::new();
    for fax in ["fax-3", "fax-4", "fax-5", "fax-6", "fax-7"] {
        ids.push(referral_of_fax(app, fax).await);
        app.clock.advance(TimeDelta::minutes(1));
    }
    let [overdue, never, later, urgent, stat] = <[ReferralId; 5]>::try_from(ids).unwrap();
    let due = |hours| Some(arrived + TimeDelta::hours(hours));
    make(app, &overdue, Urgency::Routine, due(-48), None).await;
    make(app, &never, Urgency::Routine, None, Some(&ana)).await;
    make(app, &later, Urgency::Routine, due(24), Some(&bo)).await;
    make(app, &urgent, Urgency::Urgent, due(4), None).await;
    make(app, &stat, Urgency::Stat, due(5), Some(&ana)).await;

    let order = [&stat, &urgent, &overdue, &later, &never].map(ReferralId::as_str);
    assert_eq!(listed(app, Waiting::All, 10).await, order);
    // However short the list is, it holds what is asked for, not what of it is among the first.
    assert_eq!(listed(app, Waiting::All, 1).await, [stat.as_str()]);
    assert_eq!(listed(app, Waiting::OwnedBy(Some(&bo)), 1).await, [later.as_str()]);
    assert_eq!(
        listed(app, Waiting::OwnedBy(None), 2).await,
        [urgent.as_str(), overdue.as_str()]
    );
    assert_eq!(listed(app, Waiting::Urgent, 9).await, [stat.as_str(), urgent.as_str()]);
    let counts = async |me: &UserId| {
        let mut tx = app.db.read().await.unwrap();
        reviews::counts(&mut tx, Some(me), &Reach::Everywhere).await.unwrap()
    };
    let expected = Counts {
        everything: 5,
        mine: 2,
        unowned: 2,
        urgent: 2,
        unowned_since: Some(arrived),
    };
    assert_eq!(counts(&ana).await, expected);
    assert_eq!(counts(&bo).await.mine, 1);

    // What others own or review is given to nobody else, until they fall silent.
    assert_eq!(free(app, &bo).await, [urgent.clone(), overdue.clone(), later.clone()]);
    let opening = ClaimId::new(app.clock.now());
    claim(app, &as_ana, &urgent, &opening).await.unwrap();
    assert_eq!(free(app, &bo).await, [overdue.clone(), later.clone()]);
    assert_eq!(free(app, &ana).await, [stat, urgent.clone(), overdue.clone(), never]);
    app.clock.advance(TimeDelta::minutes(30));
    assert_eq!(free(app, &bo).await, [urgent, overdue, later]);
});
