//! Second factors, links, waits and step-ups, on both databases.

use crate::harness::phone::{code, wrong};
use crate::harness::{TestDb, on_both};
use chrono::{DateTime, TimeDelta, Utc};
use referloop::auth::accounts::{self, AccountError};
use referloop::auth::bearer::{self, NewToken};
use referloop::auth::client::Client;
use referloop::auth::links::{self, LinkError};
use referloop::auth::login::{self, Login, Rules, SignedIn};
use referloop::auth::second_step::{self, Given, SecondStep};
use referloop::auth::session::{self, Ended, Limits, Use};
use referloop::auth::sources::Sources;
use referloop::auth::{Caller, Proof, own, second_factor, step_up};
use referloop::config::SecondFactorPolicy;
use referloop::domain::identity::{LinkPurpose, LoginStage};
use referloop::domain::ids::{SessionId, UserId};
use referloop::domain::people::{Actor, Role, Scope};
use referloop::domain::site::Sites;
use referloop::store::{audit, sessions, tokens, users};

const PASSWORD: &str = "a long enough password";
const OTHER: &str = "another long password";

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::seconds(seconds)
}

/// A browser that keeps what it is given.
#[derive(Clone, Default)]
struct Browser {
    client: Client,
    sources: Sources,
}

impl Browser {
    async fn log_in(&mut self, db: &TestDb, name: &str, password: &str, now: DateTime<Utc>) -> Login {
        let login = login::log_in(db, (name, password), &self.client, &self.sources, Rules::default(), now);
        let login = login.await.unwrap();
        if let Login::Done(signed_in) = &login {
            self.client.browser = Some(signed_in.browser.clone());
        }
        login
    }

    async fn session(&mut self, db: &TestDb, name: &str, now: DateTime<Utc>) -> SignedIn {
        match self.log_in(db, name, PASSWORD, now).await {
            Login::Done(signed_in) => signed_in,
            other => panic!("{other:?}"),
        }
    }

    async fn prove(&mut self, db: &TestDb, token: &str, given: Given<'_>, now: DateTime<Utc>) -> SecondStep {
        let (client, sources) = (&self.client, &self.sources);
        let step = second_step::prove(db, token, given, client, sources, Rules::default(), now);
        let step = step.await.unwrap();
        if let SecondStep::Done(signed_in) = &step {
            self.client.browser = Some(signed_in.browser.clone());
        }
        step
    }

    async fn open(&self, db: &TestDb, link: &str, password: &str, now: DateTime<Utc>) -> Result<Login, LinkError> {
        let proof = (link, password);
        links::open(db, proof, &[], &self.client, &self.sources, Rules::default(), now).await
    }
}

async fn caller(db: &TestDb, token: &str, now: DateTime<Utc>) -> Option<Caller> {
    session::find(db, token, Limits::default(), Use::ByPerson, now)
        .await
        .unwrap()
}

fn whose(caller: &Caller) -> (UserId, SessionId) {
    match &caller.proof {
        Proof::Session { id, .. } => (caller.actor.user().unwrap().clone(), id.clone()),
        Proof::Token => panic!("a token"),
    }
}

async fn ana(db: &TestDb) -> UserId {
    let user = accounts::add(db, "ana", Role::Reviewer, PASSWORD, at(0)).await.unwrap();
    user.id
}

/// Sets up a second factor in a session; gives its secret and the recovery codes. The code of `now` is used up by it.
async fn enrolled(db: &TestDb, user: &UserId, token: &str, now: DateTime<Utc>) -> (Vec<u8>, Vec<String>) {
    let secret = second_factor::offered(db, user, token).await.unwrap().to_vec();
    let codes = own::enrol(db, user, token, &code(&secret, now), now).await.unwrap();
    (secret, codes)
}

fn pending(login: Login, stage: LoginStage) -> String {
    match login {
        Login::Next(at, token) if at == stage => token,
        other => panic!("{other:?}"),
    }
}

on_both!(a_login_has_two_steps_and_a_code_counts_once, async |db: TestDb| {
    let (id, mut browser) = (ana(&db).await, Browser::default());
    let first = browser.session(&db, "ana", at(0)).await;
    let (secret, _) = enrolled(&db, &id, &first.session, at(0)).await;

    let token = pending(browser.log_in(&db, "ana", PASSWORD, at(60)).await, LoginStage::Code);
    assert!(caller(&db, &token, at(60)).await.is_none(), "a step is no session");
    let right = code(&secret, at(60));
    let refused = browser.prove(&db, &token, Given::Code(&wrong(&right)), at(60)).await;
    assert!(matches!(refused, SecondStep::Refused), "{refused:?}");
    let done = browser.prove(&db, &token, Given::Code(&right), at(60)).await;
    let SecondStep::Done(signed_in) = done else {
        panic!("{done:?}")
    };
    assert_ne!(signed_in.session, token);
    assert!(caller(&db, &signed_in.session, at(60)).await.is_some());
    let again = browser.prove(&db, &token, Given::Code(&right), at(60)).await;
    assert!(matches!(again, SecondStep::Over), "a login is finished once: {again:?}");

    // The same code, seen over a shoulder.
    let mut thief = Browser::default();
    let token = pending(thief.log_in(&db, "ana", PASSWORD, at(70)).await, LoginStage::Code);
    let replayed = thief.prove(&db, &token, Given::Code(&right), at(70)).await;
    assert!(matches!(replayed, SecondStep::Refused), "{replayed:?}");
    let late = thief
        .prove(&db, &token, Given::Code(&code(&secret, at(370))), at(370))
        .await;
    assert!(matches!(late, SecondStep::Over), "five minutes: {late:?}");
});

on_both!(a_recovery_code_is_good_once, async |db: TestDb| {
    let (id, mut browser) = (ana(&db).await, Browser::default());
    let first = browser.session(&db, "ana", at(0)).await;
    let (_, codes) = enrolled(&db, &id, &first.session, at(0)).await;
    assert_eq!(codes.len(), 10);
    let typed = codes[3].to_lowercase().replace('-', " ");
    for is_good in [true, false] {
        let token = pending(browser.log_in(&db, "ana", PASSWORD, at(60)).await, LoginStage::Code);
        let step = browser.prove(&db, &token, Given::RecoveryCode(&typed), at(60)).await;
        assert_eq!(matches!(step, SecondStep::Done(_)), is_good, "{step:?}");
    }
    let fresh = own::renew_recovery_codes(&db, &id, at(61)).await.unwrap();
    let token = pending(browser.log_in(&db, "ana", PASSWORD, at(61)).await, LoginStage::Code);
    let old = browser.prove(&db, &token, Given::RecoveryCode(&codes[4]), at(61)).await;
    assert!(matches!(old, SecondStep::Refused), "{old:?}");
    let new = browser.prove(&db, &token, Given::RecoveryCode(&fresh[4]), at(61)).await;
    assert!(matches!(new, SecondStep::Done(_)), "{new:?}");
});

on_both!(
    wrong_codes_make_an_account_wait_like_wrong_passwords,
    async |db: TestDb| {
        let (id, mut browser) = (ana(&db).await, Browser::default());
        let first = browser.session(&db, "ana", at(0)).await;
        let (secret, _) = enrolled(&db, &id, &first.session, at(0)).await;
        let mut thief = Browser::default();
        let token = pending(thief.log_in(&db, "ana", PASSWORD, at(60)).await, LoginStage::Code);
        let right = code(&secret, at(60));
        for _ in 0..4 {
            thief.prove(&db, &token, Given::Code(&wrong(&right)), at(60)).await;
        }
        let waits = thief.prove(&db, &token, Given::Code(&right), at(60)).await;
        assert!(matches!(waits, SecondStep::Refused), "{waits:?}");
        let later = thief.prove(&db, &token, Given::Code(&right), at(62)).await;
        assert!(matches!(later, SecondStep::Done(_)), "{later:?}");
    }
);

on_both!(who_works_here_does_not_wait_for_strangers, async |db: TestDb| {
    ana(&db).await;
    let (mut known, mut stranger) = (Browser::default(), Browser::default());
    known.session(&db, "ana", at(0)).await;
    for _ in 0..6 {
        assert!(matches!(
            stranger.log_in(&db, "ana", OTHER, at(1)).await,
            Login::Refused
        ));
    }
    let elsewhere = Browser::default().log_in(&db, "ana", PASSWORD, at(1)).await;
    assert!(matches!(elsewhere, Login::Refused), "the account waits");
    known.session(&db, "ana", at(1)).await;
    // A login there doesn't forgive the strangers, and its own failures count there.
    assert!(matches!(
        stranger.log_in(&db, "ana", PASSWORD, at(1)).await,
        Login::Refused
    ));
    for _ in 0..4 {
        known.log_in(&db, "ana", OTHER, at(1)).await;
    }
    assert!(matches!(
        known.log_in(&db, "ana", PASSWORD, at(1)).await,
        Login::Refused
    ));
});

on_both!(
    a_known_browser_has_another_token_after_each_login,
    async |db: TestDb| {
        ana(&db).await;
        accounts::add(&db, "bo", Role::Reviewer, PASSWORD, at(0)).await.unwrap();
        let mut shared = Browser::default();
        shared.session(&db, "ana", at(0)).await;
        let mut copied = shared.clone();
        shared.session(&db, "bo", at(1)).await;
        let mut stranger = Browser::default();
        for name in ["ana", "bo"] {
            for _ in 0..6 {
                stranger.log_in(&db, name, OTHER, at(2)).await;
            }
        }
        assert!(matches!(
            copied.log_in(&db, "ana", PASSWORD, at(2)).await,
            Login::Refused
        ));
        // Both are still known where they share a machine.
        shared.session(&db, "ana", at(2)).await;
        shared.session(&db, "bo", at(2)).await;
    }
);

on_both!(an_address_that_tries_many_names_is_slowed, async |db: TestDb| {
    ana(&db).await;
    let sources = Sources::default();
    let from = |address: &str| Browser {
        client: Client {
            address: Some(address.parse().unwrap()),
            ..Client::default()
        },
        sources: sources.clone(),
    };
    let mut here = from("192.0.2.7");
    here.session(&db, "ana", at(0)).await;
    let mut stuffing = from("192.0.2.7");
    for number in 0..20 {
        let login = stuffing.log_in(&db, &format!("name{number}"), OTHER, at(0)).await;
        assert!(matches!(login, Login::Refused), "{number}: {login:?}");
    }
    let slowed = stuffing.log_in(&db, "ana", PASSWORD, at(0)).await;
    assert!(matches!(slowed, Login::Slowed(_)), "{slowed:?}");
    // A neighbour who has signed in there before, and everybody elsewhere.
    here.session(&db, "ana", at(0)).await;
    from("192.0.2.8").session(&db, "ana", at(0)).await;
    let later = stuffing.log_in(&db, "ana", OTHER, at(15)).await;
    assert!(matches!(later, Login::Refused), "{later:?}");
});

on_both!(every_step_of_a_login_keeps_where_it_came_from, async |db: TestDb| {
    let id = ana(&db).await;
    let mut browser = Browser {
        client: Client {
            address: Some("::ffff:192.0.2.7".parse().unwrap()),
            ..Client::default()
        },
        sources: Sources::default(),
    };
    let first = browser.session(&db, "ana", at(0)).await;
    let (secret, codes) = enrolled(&db, &id, &first.session, at(0)).await;
    browser.log_in(&db, "ana", OTHER, at(60)).await;
    let token = pending(browser.log_in(&db, "ana", PASSWORD, at(61)).await, LoginStage::Code);
    let right = code(&secret, at(61));
    browser.prove(&db, &token, Given::Code(&wrong(&right)), at(61)).await;
    browser.prove(&db, &token, Given::RecoveryCode(&codes[0]), at(62)).await;
    let mut tx = db.read().await.unwrap();
    let rows = audit::of_resource(&mut tx, "user", id.as_str()).await.unwrap();
    let from = |row: &audit::Row| {
        let detail: serde_json::Value = serde_json::from_str(&row.detail).unwrap();
        (row.action.clone(), detail["network"].as_str().map(str::to_owned))
    };
    let steps = ["login", "begin_login", "prove_code", "use_recovery_code"];
    let told: Vec<_> = rows
        .iter()
        .map(from)
        .filter(|(act, _)| steps.contains(&act.as_str()))
        .collect();
    assert_eq!(told.len(), 6, "{told:?}");
    assert!(
        told.iter().all(|(_, network)| network.as_deref() == Some("192.0.2.7")),
        "{told:?}"
    );
});

on_both!(an_invitation_is_good_once_and_for_three_days, async |db: TestDb| {
    let invited = accounts::invite(&db, &Actor::Operator, "dora", Role::Reviewer, at(0)).await;
    let (user, link) = invited.unwrap();
    let mut browser = Browser::default();
    assert!(matches!(browser.log_in(&db, "dora", "", at(0)).await, Login::Refused));
    let weak = browser.open(&db, &link, "short", at(1)).await;
    assert!(matches!(weak, Err(LinkError::Password(_))), "{weak:?}");
    let late = links::find(&db, &link, at(72 * 3600)).await.unwrap();
    assert!(late.is_none());
    let token = pending(
        browser.open(&db, &link, PASSWORD, at(2)).await.unwrap(),
        LoginStage::Enrol,
    );
    let again = browser.open(&db, &link, OTHER, at(3)).await;
    assert!(matches!(again, Err(LinkError::Over)), "{again:?}");

    // Who breaks off here sets up the second factor at the next login.
    let other = pending(browser.log_in(&db, "dora", PASSWORD, at(4)).await, LoginStage::Enrol);
    let offered = second_factor::offered(&db, &user.id, &token).await.unwrap();
    assert_ne!(offered, second_factor::offered(&db, &user.id, &other).await.unwrap());
    let (client, rules) = (Client::default(), Rules::default());
    let typed = code(&offered, at(5));
    let foreign = second_step::enrol(&db, &other, &typed, &client, rules, at(5))
        .await
        .unwrap();
    assert!(matches!(foreign, SecondStep::Refused), "the other page has another key");
    let done = second_step::enrol(&db, &token, &typed, &client, rules, at(5))
        .await
        .unwrap();
    let SecondStep::Enrolled(signed_in, codes) = done else {
        panic!("{done:?}")
    };
    assert_eq!(codes.len(), 10);
    assert!(caller(&db, &signed_in.session, at(5)).await.is_some());
    pending(browser.log_in(&db, "dora", PASSWORD, at(6)).await, LoginStage::Code);
    // Invited people keep a second factor.
    let kept = own::remove(&db, &user.id, SecondFactorPolicy::Invited, at(6)).await;
    assert!(kept.is_err());
});

on_both!(a_newer_link_takes_the_place_of_an_older, async |db: TestDb| {
    let id = ana(&db).await;
    let admin = Actor::Operator;
    let (_, first) = accounts::reset(&db, &admin, &id, LinkPurpose::Password, at(0))
        .await
        .unwrap();
    // Without a password there is but one kind of link.
    let (_, second) = accounts::reset(&db, &admin, &id, LinkPurpose::SecondFactor, at(1))
        .await
        .unwrap();
    assert!(links::find(&db, &first, at(2)).await.unwrap().is_none());
    let (_, purpose) = links::find(&db, &second, at(2)).await.unwrap().unwrap();
    assert_eq!(purpose, LinkPurpose::Invitation);
    accounts::disable(&db, "ana", at(3)).await.unwrap();
    assert!(links::find(&db, &second, at(4)).await.unwrap().is_none());
    let closed = accounts::reset(&db, &admin, &id, LinkPurpose::Password, at(5)).await;
    assert!(matches!(closed, Err(AccountError::Closed)));
    accounts::reopen(&db, &admin, &id, at(6)).await.unwrap();
    accounts::set_password(&db, "ana", PASSWORD, at(7)).await.unwrap();
    Browser::default().session(&db, "ana", at(8)).await;
});

on_both!(a_reset_ends_sessions_and_goes_on_by_its_link, async |db: TestDb| {
    let (id, mut browser) = (ana(&db).await, Browser::default());
    let first = browser.session(&db, "ana", at(0)).await;
    enrolled(&db, &id, &first.session, at(0)).await;
    let admin = Actor::Operator;
    let (_, link) = accounts::reset(&db, &admin, &id, LinkPurpose::SecondFactor, at(1))
        .await
        .unwrap();
    assert!(caller(&db, &first.session, at(1)).await.is_none());
    let login = browser.log_in(&db, "ana", PASSWORD, at(2)).await;
    assert!(
        matches!(login, Login::ByLink),
        "the password alone leads nowhere: {login:?}"
    );
    let wrong = browser.open(&db, &link, OTHER, at(3)).await.unwrap();
    assert!(matches!(wrong, Login::Refused), "nor does the link alone: {wrong:?}");
    pending(
        browser.open(&db, &link, PASSWORD, at(4)).await.unwrap(),
        LoginStage::Enrol,
    );

    // Another password: the second factor stays.
    let bo = accounts::add(&db, "bo", Role::Reviewer, PASSWORD, at(10))
        .await
        .unwrap();
    let session = Browser::default().session(&db, "bo", at(10)).await;
    enrolled(&db, &bo.id, &session.session, at(10)).await;
    let (_, link) = accounts::reset(&db, &admin, &bo.id, LinkPurpose::Password, at(11))
        .await
        .unwrap();
    assert!(matches!(
        browser.log_in(&db, "bo", PASSWORD, at(12)).await,
        Login::Refused
    ));
    pending(browser.open(&db, &link, OTHER, at(13)).await.unwrap(), LoginStage::Code);
});

on_both!(nobody_does_it_to_their_own_account, async |db: TestDb| {
    let user = accounts::add(&db, "ana", Role::Admin, PASSWORD, at(0)).await.unwrap();
    let id = user.id;
    let token = Browser::default().session(&db, "ana", at(0)).await.session;
    let me = caller(&db, &token, at(0)).await.unwrap().actor;
    for purpose in [LinkPurpose::Password, LinkPurpose::SecondFactor] {
        let reset = accounts::reset(&db, &me, &id, purpose, at(1)).await;
        assert!(matches!(reset, Err(AccountError::Own)));
    }
    assert!(matches!(
        accounts::close(&db, &me, &id, at(1)).await,
        Err(AccountError::Own)
    ));
    // Nor does anybody who may not manage accounts.
    let bo = accounts::add(&db, "bo", Role::Reviewer, PASSWORD, at(0)).await.unwrap();
    let token = Browser::default().session(&db, "bo", at(0)).await.session;
    let reviewer = caller(&db, &token, at(0)).await.unwrap().actor;
    let invited = accounts::invite(&db, &reviewer, "dora", Role::Admin, at(1)).await;
    assert!(matches!(invited, Err(AccountError::Denied(_))));
    let closed = accounts::close(&db, &reviewer, &id, at(1)).await;
    assert!(matches!(closed, Err(AccountError::Denied(_))));
    assert!(accounts::end_sessions(&db, &reviewer, &bo.id, at(1)).await.is_err());
    let token = bearer::add(&db, &reviewer, new_token("ehr", Scope::Admin), at(1)).await;
    assert!(token.is_err());
});

on_both!(a_step_up_asks_for_what_there_is, async |db: TestDb| {
    let (id, mut browser) = (ana(&db).await, Browser::default());
    let token = browser.session(&db, "ana", at(0)).await.session;
    let within = TimeDelta::minutes(10);
    let late = at(660);
    let before = caller(&db, &token, late).await.unwrap();
    assert!(!step_up::is_fresh(&before.proof, within, late));
    let (user, session) = whose(&before);
    let who = (&user, &session);
    let given = |text: &'static str| step_up::confirm(&db, who, text, &browser.client, late);
    assert!(!given("not the password").await.unwrap());
    assert!(given(PASSWORD).await.unwrap());
    let after = caller(&db, &token, late).await.unwrap();
    assert!(step_up::is_fresh(&after.proof, within, late));

    // With a second factor the password is not enough, and a code counts once here, too.
    let (secret, _) = enrolled(&db, &id, &token, late).await;
    let asked = step_up::asked(&db, &id).await.unwrap();
    assert!(matches!(asked, step_up::Asked::Factor(held) if held.code && !held.passkey));
    let now = late + TimeDelta::minutes(1);
    let typed = code(&secret, now);
    for (given, fits) in [(PASSWORD, false), (typed.as_str(), true), (typed.as_str(), false)] {
        let confirmed = step_up::confirm(&db, who, given, &browser.client, now).await.unwrap();
        assert_eq!(confirmed, fits, "{given}");
    }
    let mut tx = db.read().await.unwrap();
    let rows = audit::of_resource(&mut tx, "user", id.as_str()).await.unwrap();
    assert_eq!(rows.iter().filter(|row| row.action == "step_up").count(), 5);
});

on_both!(
    another_password_of_ones_own_ends_the_other_sessions,
    async |db: TestDb| {
        let id = ana(&db).await;
        let mut browser = Browser::default();
        let here = browser.session(&db, "ana", at(0)).await.session;
        let there = Browser::default().session(&db, "ana", at(0)).await.session;
        let (_, session) = whose(&caller(&db, &here, at(1)).await.unwrap());
        let change = async |current: &str, new: &str| {
            own::change_password(
                &db,
                (&id, &session),
                (current, new),
                &["Lantern Clinic"],
                &browser.client,
                at(1),
            )
            .await
        };
        assert!(change("not this one at all", OTHER).await.is_err());
        assert!(change(PASSWORD, "password123456").await.is_err());
        assert!(change(PASSWORD, "lantern-clinic-1").await.is_err(), "the clinic's name");
        assert!(caller(&db, &there, at(1)).await.is_some());
        change(PASSWORD, OTHER).await.unwrap();
        assert!(caller(&db, &here, at(2)).await.is_some());
        assert!(caller(&db, &there, at(2)).await.is_none());
    }
);

on_both!(sessions_are_listed_and_ended_one_by_one, async |db: TestDb| {
    let id = ana(&db).await;
    let mut phone = Browser::default();
    phone.client.user_agent = Some("x".repeat(500) + "\r\n");
    let there = phone.session(&db, "ana", at(0)).await.session;
    let here = Browser::default().session(&db, "ana", at(1)).await.session;
    let me = caller(&db, &here, at(2)).await.unwrap();
    let mut tx = db.read().await.unwrap();
    let live = sessions::of_user(&mut tx, &id, at(-900), at(2)).await.unwrap();
    drop(tx);
    assert_eq!(live.len(), 2);
    assert_eq!(live[1].user_agent.as_deref(), Some(&*"x".repeat(120)));
    let (_, this) = whose(&me);
    let end = async |which: Ended<'_>| session::end_own(&db, &me.actor, &id, which, at(3)).await.unwrap();
    assert_eq!(end(Ended::One(&live[1].id)).await, 1);
    assert_eq!(end(Ended::One(&live[1].id)).await, 0, "ended before");
    assert!(caller(&db, &there, at(3)).await.is_none());
    Browser::default().session(&db, "ana", at(4)).await;
    assert_eq!(end(Ended::Others(&this)).await, 1);
    assert!(caller(&db, &here, at(5)).await.is_some());
});

fn new_token(name: &str, scope: Scope) -> NewToken<'_> {
    NewToken {
        name,
        scope,
        sites: Sites::All,
        expires_at: None,
    }
}

on_both!(the_use_of_a_token_is_kept_to_the_hour, async |db: TestDb| {
    let (token, secret) = bearer::add(&db, &Actor::Operator, new_token("ehr", Scope::Read), at(0))
        .await
        .unwrap();
    let last = async || {
        let mut tx = db.read().await.unwrap();
        tokens::list(&mut tx).await.unwrap()[0].last_used_at
    };
    assert_eq!(last().await, None);
    for (used, kept) in [(10, 10), (3_000, 10), (3_610, 3_610)] {
        bearer::find(&db, &secret, at(used)).await.unwrap().unwrap();
        assert_eq!(last().await, Some(at(kept)));
    }
    bearer::revoke(&db, &Actor::Operator, &token.id, at(4_000))
        .await
        .unwrap();
    assert!(bearer::find(&db, &secret, at(4_000)).await.unwrap().is_none());
    assert!(
        bearer::revoke(&db, &Actor::Operator, &token.id, at(4_001))
            .await
            .is_err()
    );
    let spaced = bearer::add(&db, &Actor::Operator, new_token(" ehr", Scope::Read), at(0)).await;
    assert!(spaced.is_err());
});

on_both!(doctor_counts_who_has_a_password_alone, async |db: TestDb| {
    let id = ana(&db).await;
    accounts::add(&db, "gone", Role::Admin, PASSWORD, at(0)).await.unwrap();
    accounts::disable(&db, "gone", at(0)).await.unwrap();
    let counted = async || {
        let mut tx = db.read().await.unwrap();
        users::count_without_second_factor(&mut tx).await.unwrap()
    };
    assert_eq!(counted().await, (1, 1));
    let session = Browser::default().session(&db, "ana", at(0)).await;
    enrolled(&db, &id, &session.session, at(0)).await;
    assert_eq!(counted().await, (1, 0));
    own::remove(&db, &id, SecondFactorPolicy::Invited, at(1)).await.unwrap();
    assert_eq!(counted().await, (1, 1));
    assert!(own::remove(&db, &id, SecondFactorPolicy::All, at(1)).await.is_err());
});
