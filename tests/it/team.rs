//! How a team shares its work: notes that stay within the clinic, referrals that are given to somebody, and what was done today.

use crate::harness::house::House;
use crate::harness::{TestDb, on_both};
use crate::web::seed::{referral_of_fax, seed};
use chrono::{DateTime, TimeDelta, Utc};
use referloop::app::App;
use referloop::auth::accounts;
use referloop::domain::access::{Access, Reach};
use referloop::domain::decision::Route;
use referloop::domain::ids::{ReferralId, UserId};
use referloop::domain::memo::MemoText;
use referloop::domain::people::{Actor, Role};
use referloop::domain::referral::{Referral, RejectReason};
use referloop::referrals::assign::{AssignError, Assigned, assign, assign_all};
use referloop::referrals::memo::write;
use referloop::referrals::{ActError, ActRequest, act};
use referloop::store::audit::{self, Outcome};
use referloop::store::changes::Change;
use referloop::store::db::Kind;
use referloop::store::events::{self, Decided};
use referloop::store::memos::{self, Memo};
use referloop::store::{self, sql};

const SAID: &str = "Rosalind called: page 2 comes by noon.";

async fn person(app: &App, name: &str, role: Role) -> (UserId, Actor) {
    let user = accounts::add(&app.db, name, role, "a long enough password", app.clock.now())
        .await
        .unwrap();
    let actor = Actor::User {
        id: user.id.clone(),
        name: user.name,
        access: Access::of(role),
    };
    (user.id, actor)
}

fn text(said: &str) -> MemoText {
    MemoText::parse(said).unwrap()
}

async fn memos_of(app: &App, id: &ReferralId) -> Vec<Memo> {
    let mut tx = app.db.read().await.unwrap();
    memos::of_referral(&mut tx, id, 10).await.unwrap()
}

async fn referral(app: &App, id: &ReferralId) -> Referral {
    let mut tx = app.db.read().await.unwrap();
    store::referrals::find(&mut tx, id).await.unwrap().unwrap()
}

on_both!(
    what_was_said_is_sealed_and_the_newest_stands_first,
    async |db: TestDb| {
        let house = House::new(&db).await;
        let app = &house.app;
        let id = seed(app).await.referral;
        let (_, ana) = person(app, "ana", Role::Reviewer).await;
        let mut changes = app.db.changes().listen().unwrap();
        write(app, &ana, &id, text(SAID)).await.unwrap();
        assert_eq!(changes.recv().await.unwrap(), Change::Referral(id.clone()));
        app.clock.advance(TimeDelta::minutes(1));
        write(app, &ana, &id, text("It came.")).await.unwrap();

        let kept = memos_of(app, &id).await;
        let said: Vec<&str> = kept.iter().map(|memo| memo.text.as_str()).collect();
        assert_eq!(said, ["It came.", SAID]);
        assert!(kept.iter().all(|memo| memo.author == ana.reference()));
        assert_eq!(
            referral(app, &id).await.version,
            1,
            "a note is no change of the referral"
        );

        let mut tx = app.db.read().await.unwrap();
        let cells: Vec<Vec<u8>> = sql("select text_sealed from memo")
            .fetch_scalars(&mut tx)
            .await
            .unwrap();
        assert_eq!(cells.len(), 2);
        let name = b"Rosalind";
        assert!(
            cells
                .iter()
                .all(|cell| cell.windows(name.len()).all(|part| part != name))
        );
        let rows = audit::of_resource(&mut tx, "referral", id.as_str()).await.unwrap();
        let noted: Vec<_> = rows.into_iter().filter(|row| row.action == "add_memo").collect();
        assert_eq!(noted.len(), 2);
        assert!(
            noted
                .iter()
                .all(|row| row.actor == ana.reference() && row.outcome == Outcome::Allowed)
        );
        assert!(noted.iter().all(|row| !row.detail.contains("Rosalind")));
        assert!(audit::verify(&mut tx).await.unwrap().wrong.is_empty());
    }
);

on_both!(who_shares_no_work_notes_nothing, async |db: TestDb| {
    let house = House::new(&db).await;
    let app = &house.app;
    let id = seed(app).await.referral;
    let (_, auditor) = person(app, "auditor", Role::Auditor).await;
    let refused = write(app, &auditor, &id, text(SAID)).await;
    assert!(matches!(refused, Err(ActError::Denied(_))), "{refused:?}");
    assert!(memos_of(app, &id).await.is_empty());
    let mut tx = app.db.read().await.unwrap();
    let rows = audit::of_resource(&mut tx, "referral", id.as_str()).await.unwrap();
    let denied = rows.iter().find(|row| row.action == "add_memo").unwrap();
    assert_eq!((denied.outcome, &denied.actor), (Outcome::Denied, &auditor.reference()));
    drop(tx);
    let (_, ana) = person(app, "ana", Role::Reviewer).await;
    let nowhere = ReferralId::new(app.clock.now());
    let missing = write(app, &ana, &nowhere, text(SAID)).await;
    assert!(matches!(missing, Err(ActError::NotFound)), "{missing:?}");
});

on_both!(
    many_are_given_at_once_and_what_changed_is_left_alone,
    async |db: TestDb| {
        let house = House::new(&db).await;
        let app = &house.app;
        let mut ids = vec![seed(app).await.referral];
        for fax in ["fax-3", "fax-4"] {
            app.clock.advance(TimeDelta::minutes(1));
            ids.push(referral_of_fax(app, fax).await);
        }
        let (_, ana) = person(app, "ana", Role::Reviewer).await;
        let (bo, _) = person(app, "bo", Role::Coordinator).await;
        let (cy, _) = person(app, "cy", Role::Reviewer).await;
        assign(app, &ana, &ids[2], Some(1), Some(cy.clone())).await.unwrap();
        let chosen: Vec<(ReferralId, u64)> = ids.iter().map(|id| (id.clone(), 1)).collect();
        let told = assign_all(app, &ana, &chosen, Some(&bo)).await.unwrap();
        let expected = Assigned {
            assigned: 2,
            stale: 1,
            not_theirs: 0,
        };
        assert_eq!(told, expected);
        for (id, owner) in ids.iter().zip([&bo, &bo, &cy]) {
            assert_eq!(referral(app, id).await.owner.as_ref(), Some(owner));
        }
        let mut tx = app.db.read().await.unwrap();
        let last = events::of_referral(&mut tx, &ids[0]).await.unwrap().pop().unwrap();
        assert_eq!((last.action.as_str(), last.actor), ("assign", ana.reference()));
        drop(tx);
        // Back to all.
        let told = assign_all(app, &ana, &[(ids[0].clone(), 2)], None).await.unwrap();
        assert_eq!(told.assigned, 1);
        assert_eq!(referral(app, &ids[0]).await.owner, None);
    }
);

on_both!(nobody_gets_what_he_cannot_go_on_with, async |db: TestDb| {
    let house = House::new(&db).await;
    let app = &house.app;
    let waits = seed(app).await.referral;
    let released = referral_of_fax(app, "fax-3").await;
    let (_, ana) = person(app, "ana", Role::Reviewer).await;
    let (clinician, _) = person(app, "cleo", Role::Clinician).await;
    let (auditor, may_not) = person(app, "auditor", Role::Auditor).await;
    let (gone, _) = person(app, "gone", Role::Reviewer).await;
    accounts::disable(&app.db, "gone", app.clock.now()).await.unwrap();
    let unknown = UserId::new(app.clock.now());
    for nobody in [gone, unknown] {
        let refused = assign_all(app, &ana, &[(waits.clone(), 1)], Some(&nobody)).await;
        assert!(matches!(refused, Err(AssignError::NoSuchPerson)), "{refused:?}");
    }
    for stranger in [&auditor, &clinician] {
        let refused = assign_all(app, &ana, &[(waits.clone(), 1)], Some(stranger)).await;
        assert!(matches!(refused, Err(AssignError::NotTheirs)), "{refused:?}");
    }
    let refused = assign(app, &may_not, &waits, Some(1), None).await;
    assert!(
        matches!(refused, Err(AssignError::Act(ActError::Denied(_)))),
        "{refused:?}"
    );
    assert_eq!(referral(app, &waits).await.version, 1);

    // What fits is given, and what doesn't is told.
    act(app, &ana, &released, None, ActRequest::Release {}).await.unwrap();
    let version = referral(app, &released).await.version;
    let chosen = [(waits.clone(), 1), (released.clone(), version)];
    let told = assign_all(app, &ana, &chosen, Some(&clinician)).await.unwrap();
    assert_eq!((told.assigned, told.stale, told.not_theirs), (1, 0, 1));
    assert_eq!(referral(app, &released).await.owner, Some(clinician));
    assert_eq!(referral(app, &waits).await.owner, None);
});

fn midnight(now: DateTime<Utc>) -> DateTime<Utc> {
    now.date_naive().and_hms_opt(0, 0, 0).unwrap().and_utc()
}

/// What one person and the team did today, and what is left.
async fn counted(app: &App, me: &UserId) -> (i64, i64, i64) {
    let mut tx = app.db.read().await.unwrap();
    let since = midnight(app.clock.now());
    let Decided { team, mine } = events::decided_since(&mut tx, since, Some(me)).await.unwrap();
    let left = store::reviews::counts(&mut tx, None, &Reach::Everywhere)
        .await
        .unwrap()
        .everything;
    (mine, team, left)
}

on_both!(a_team_sees_what_it_did_today, async |db: TestDb| {
    let house = House::new(&db).await;
    let app = &house.app;
    let mut ids = vec![seed(app).await.referral];
    for fax in ["fax-3", "fax-4", "fax-5", "fax-6"] {
        ids.push(referral_of_fax(app, fax).await);
    }
    let (me, ana) = person(app, "ana", Role::Reviewer).await;
    let (_, bo) = person(app, "bo", Role::Reviewer).await;
    assert_eq!(counted(app, &me).await, (0, 0, 5));
    let reject = ActRequest::Reject {
        reason: RejectReason::ALL[0],
        note: None,
    };
    let asks = ActRequest::RequestInformation {
        items: vec!["ECG".to_owned()],
        note: None,
        direct: false,
    };
    let away = ActRequest::RouteAway {
        route: Route::LabResult,
        to: None,
    };
    act(app, &ana, &ids[0], None, ActRequest::Release {}).await.unwrap();
    act(app, &bo, &ids[1], None, reject).await.unwrap();
    act(app, &ana, &ids[2], None, asks).await.unwrap();
    act(app, &bo, &ids[3], None, away).await.unwrap();
    assert_eq!(counted(app, &me).await, (2, 4, 1));
    // What goes straight through is nobody's doing.
    act(app, &Actor::System, &ids[4], None, ActRequest::Release {})
        .await
        .unwrap();
    assert_eq!(counted(app, &me).await, (2, 4, 0));
    // A release that was undone and done again is one.
    act(app, &ana, &ids[0], None, ActRequest::Reopen { note: None })
        .await
        .unwrap();
    assert_eq!(counted(app, &me).await, (2, 4, 1));
    act(app, &ana, &ids[0], None, ActRequest::Release {}).await.unwrap();
    assert_eq!(counted(app, &me).await, (2, 4, 0));
    // An assignment is no decision.
    assign(app, &ana, &ids[0], None, Some(me.clone())).await.unwrap();
    assert_eq!(counted(app, &me).await, (2, 4, 0));
    app.clock.advance(TimeDelta::hours(13));
    assert_eq!(counted(app, &me).await, (0, 0, 0), "yesterday is over");
});

/// Without it the counters would read every event there ever was.
#[tokio::test(flavor = "multi_thread")]
async fn the_counters_read_their_index_only() {
    const INDEX: &str = "referral_event_decided";
    let sqlite = TestDb::new(Kind::Sqlite).await;
    let mut tx = sqlite.read().await.unwrap();
    let plan: Vec<(i64, i64, i64, String)> = sql(
        "explain query plan select count(distinct referral_id), count(distinct case when actor = $2 then referral_id end)
         from referral_event
         where at >= $1 and action in ('release', 'reject', 'request_information') and substr(actor, 1, 4) = 'usr_'",
    )
    .bind(DateTime::<Utc>::UNIX_EPOCH)
    .bind("usr_1".to_owned())
    .fetch_all(&mut tx)
    .await
    .unwrap();
    assert!(
        plan.iter()
            .any(|(.., step)| step.contains(INDEX) && step.contains("at>?")),
        "{plan:?}"
    );

    let postgres = TestDb::new(Kind::Postgres).await;
    let mut tx = postgres.begin().await.unwrap();
    // The table is empty: without this it is read whole, index or not.
    sql("set local enable_seqscan = off").execute(&mut tx).await.unwrap();
    let plan: Vec<String> = sql(
        "explain select count(distinct referral_id), count(distinct case when actor = 'usr_1' then referral_id end)
         from referral_event
         where at >= '2026-11-22T00:00:00Z' and action in ('release', 'reject', 'request_information')
           and substr(actor, 1, 4) = 'usr_'",
    )
    .fetch_scalars(&mut tx)
    .await
    .unwrap();
    assert!(plan.iter().any(|step| step.contains(INDEX)), "{plan:?}");
}
