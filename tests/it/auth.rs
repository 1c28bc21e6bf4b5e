//! Signing in, sessions and tokens, on both databases.

use crate::harness::{TestDb, on_both};
use chrono::{DateTime, TimeDelta, Utc};
use referloop::auth::accounts::{self, AccountError};
use referloop::auth::bearer;
use referloop::auth::client::Client;
use referloop::auth::login::{self, Login, Rules};
use referloop::auth::session::{self, Limits, Use};
use referloop::auth::sources::Sources;
use referloop::domain::access::Access;
use referloop::domain::people::{Actor, Role, Scope};
use referloop::store::tokens;

const PASSWORD: &str = "a long enough password";

fn start() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

async fn sign_in(db: &TestDb, name: &str, password: &str, now: DateTime<Utc>) -> Option<String> {
    let (from, sources) = (Client::default(), Sources::default());
    let login = login::log_in(db, (name, password), &from, &sources, Rules::default(), now);
    match login.await.unwrap() {
        Login::Done(signed_in) => Some(signed_in.session),
        Login::Refused => None,
        other => panic!("{other:?}"),
    }
}

async fn lives(db: &TestDb, token: &str, by: Use, now: DateTime<Utc>) -> bool {
    session::find(db, token, Limits::default(), by, now)
        .await
        .unwrap()
        .is_some()
}

async fn ana(db: &TestDb) {
    accounts::add(db, "ana", Role::Reviewer, PASSWORD, start())
        .await
        .unwrap();
}

on_both!(a_person_signs_in_and_out, async |db: TestDb| {
    ana(&db).await;
    let first = sign_in(&db, "ana", PASSWORD, start()).await.unwrap();
    let second = sign_in(&db, "ana", PASSWORD, start()).await.unwrap();
    assert_ne!(first, second);
    let caller = session::find(&db, &first, Limits::default(), Use::ByPerson, start())
        .await
        .unwrap()
        .unwrap();
    assert!(
        matches!(caller.actor, Actor::User { ref name, ref access, .. } if name == "ana" && *access == Access::of(Role::Reviewer))
    );
    assert_eq!(caller.csrf(), session::csrf_token(&first));
    session::end(&db, &first, start()).await.unwrap();
    assert!(!lives(&db, &first, Use::ByPerson, start()).await);
    assert!(lives(&db, &second, Use::ByPerson, start()).await);
    assert!(!lives(&db, "made up", Use::ByPerson, start()).await);
});

on_both!(a_name_is_taken_once, async |db: TestDb| {
    ana(&db).await;
    let again = accounts::add(&db, "ana", Role::Admin, PASSWORD, start()).await;
    assert!(matches!(again, Err(AccountError::Taken)));
    let short = accounts::add(&db, "bo", Role::Admin, "short", start()).await;
    assert!(matches!(short, Err(AccountError::Password(_))));
    assert!(matches!(
        accounts::add(&db, " x", Role::Admin, PASSWORD, start()).await,
        Err(AccountError::Name)
    ));
});

on_both!(a_session_ends_when_nobody_uses_it, async |db: TestDb| {
    ana(&db).await;
    let token = sign_in(&db, "ana", PASSWORD, start()).await.unwrap();
    let at = |minutes| start() + TimeDelta::minutes(minutes);
    assert!(lives(&db, &token, Use::ByPerson, at(14)).await);
    assert!(lives(&db, &token, Use::ByPerson, at(28)).await, "use moved the end");
    assert!(lives(&db, &token, Use::Background, at(42)).await);
    assert!(
        !lives(&db, &token, Use::ByPerson, at(44)).await,
        "a page that refreshes itself is no use"
    );
});

on_both!(a_session_ends_after_twelve_hours, async |db: TestDb| {
    ana(&db).await;
    let token = sign_in(&db, "ana", PASSWORD, start()).await.unwrap();
    for step in 1..72 {
        assert!(lives(&db, &token, Use::ByPerson, start() + TimeDelta::minutes(10 * step)).await);
    }
    assert!(!lives(&db, &token, Use::ByPerson, start() + TimeDelta::hours(12)).await);
});

on_both!(an_account_waits_after_failures, async |db: TestDb| {
    ana(&db).await;
    for _ in 0..4 {
        assert_eq!(sign_in(&db, "ana", "a wrong password", start()).await, None);
    }
    assert_eq!(
        sign_in(&db, "ana", PASSWORD, start()).await,
        None,
        "it waits, and says nothing"
    );
    let later = start() + TimeDelta::seconds(2);
    assert!(sign_in(&db, "ana", PASSWORD, later).await.is_some());
    assert_eq!(sign_in(&db, "ana", "a wrong password", later).await, None);
    assert!(
        sign_in(&db, "ana", PASSWORD, later).await.is_some(),
        "a success cleared the count"
    );
});

on_both!(a_closed_account_is_out_at_once, async |db: TestDb| {
    ana(&db).await;
    let token = sign_in(&db, "ana", PASSWORD, start()).await.unwrap();
    accounts::disable(&db, "ana", start()).await.unwrap();
    assert!(!lives(&db, &token, Use::ByPerson, start()).await);
    assert_eq!(sign_in(&db, "ana", PASSWORD, start()).await, None);
});

on_both!(another_password_ends_all_sessions, async |db: TestDb| {
    ana(&db).await;
    let token = sign_in(&db, "ana", PASSWORD, start()).await.unwrap();
    accounts::set_password(&db, "ana", "another long password", start())
        .await
        .unwrap();
    assert!(!lives(&db, &token, Use::ByPerson, start()).await);
    assert!(sign_in(&db, "ana", "another long password", start()).await.is_some());
});

on_both!(a_token_is_good_until_it_is_not, async |db: TestDb| {
    let end = start() + TimeDelta::days(1);
    let (token, secret) = bearer::create(&db, "ehr", Scope::Read, Some(end), start())
        .await
        .unwrap();
    let found = bearer::find(&db, &secret, start()).await.unwrap().unwrap();
    assert!(matches!(found.actor, Actor::Token { scope: Scope::Read, .. }));
    assert_eq!(found.csrf(), "");
    assert!(bearer::find(&db, &secret, end).await.unwrap().is_none());
    assert!(bearer::find(&db, "made up", start()).await.unwrap().is_none());
    let mut tx = db.begin().await.unwrap();
    tokens::revoke(&mut tx, &token.id, start()).await.unwrap();
    tx.commit().await.unwrap();
    assert!(bearer::find(&db, &secret, start()).await.unwrap().is_none());
});
