//! Passkeys on both databases, with a device that a thief could bend.

use crate::harness::authenticator::Authenticator;
use crate::harness::phone::code;
use crate::harness::{TestDb, on_both};
use chrono::{DateTime, TimeDelta, Utc};
use referloop::auth::accounts;
use referloop::auth::client::Client;
use referloop::auth::login::{self, Login, Rules, SignedIn};
use referloop::auth::passkeys::own::{self, PasskeyError};
use referloop::auth::passkeys::{RelyingParty, proof, sign_in};
use referloop::auth::second_step::{self, Given, SecondStep};
use referloop::auth::session::{self, Limits, Use};
use referloop::auth::sources::Sources;
use referloop::auth::{Caller, Proof, own as own_account, second_factor, step_up};
use referloop::config::SecondFactorPolicy;
use referloop::domain::identity::{LinkPurpose, LoginStage};
use referloop::domain::ids::{SessionId, UserId};
use referloop::domain::people::{Actor, Role};
use referloop::store::audit::{self, Outcome};
use referloop::store::users::User;
use referloop::store::{passkeys, second_factors, users};
use serde_json::Value;

const PASSWORD: &str = "a long enough password";
const HERE: &str = "http://localhost:8080";

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::seconds(seconds)
}

fn site() -> RelyingParty {
    RelyingParty::of(HERE, "West Clinic").unwrap()
}

/// What the browser hands to the device.
fn asked(challenge: &impl serde::Serialize) -> Value {
    serde_json::to_value(challenge).unwrap()["publicKey"].clone()
}

async fn person(db: &TestDb, name: &str) -> User {
    accounts::add(db, name, Role::Reviewer, PASSWORD, at(0)).await.unwrap()
}

async fn log_in(db: &TestDb, name: &str, now: DateTime<Utc>) -> Login {
    let credentials = (name, PASSWORD);
    login::log_in(
        db,
        credentials,
        &Client::default(),
        &Sources::default(),
        Rules::default(),
        now,
    )
    .await
    .unwrap()
}

async fn session_of(db: &TestDb, name: &str, now: DateTime<Utc>) -> SignedIn {
    match log_in(db, name, now).await {
        Login::Done(signed_in) => signed_in,
        other => panic!("{other:?}"),
    }
}

async fn step_of(db: &TestDb, name: &str, now: DateTime<Utc>) -> String {
    match log_in(db, name, now).await {
        Login::Next(LoginStage::Code, token) => token,
        other => panic!("{other:?}"),
    }
}

async fn caller(db: &TestDb, token: &str, now: DateTime<Utc>) -> Option<Caller> {
    session::find(db, token, Limits::default(), Use::ByPerson, now)
        .await
        .unwrap()
}

fn session_id(caller: &Caller) -> SessionId {
    match &caller.proof {
        Proof::Session { id, .. } => id.clone(),
        Proof::Token => panic!("a token"),
    }
}

/// Adds a passkey of this device in the session with this token; gives the recovery codes that are shown.
async fn added(
    db: &TestDb,
    device: &mut Authenticator,
    (user, session): (&UserId, &str),
    now: DateTime<Utc>,
) -> Result<Option<Vec<String>>, PasskeyError> {
    let challenge = own::ask(db, &site(), user, session, now).await?;
    let answer = device.create(&asked(&challenge));
    own::add(db, &site(), (user, session), ("Laptop", &answer), now).await
}

/// A person with one passkey and no phone.
async fn holder(db: &TestDb, name: &str) -> (User, Authenticator) {
    let user = person(db, name).await;
    let session = session_of(db, name, at(0)).await.session;
    let mut device = Authenticator::new(HERE);
    let codes = added(db, &mut device, (&user.id, &session), at(0)).await.unwrap();
    assert_eq!(
        codes.unwrap().len(),
        10,
        "the first second factor brings recovery codes"
    );
    (user, device)
}

async fn challenge(db: &TestDb, user: &UserId, token: &str, now: DateTime<Utc>) -> Value {
    asked(&proof::ask(db, &site(), user, token, now).await.unwrap().unwrap())
}

async fn prove(db: &TestDb, token: &str, answer: &str, now: DateTime<Utc>) -> SecondStep {
    let site = site();
    let given = Given::Passkey(&site, answer);
    second_step::prove(
        db,
        token,
        given,
        &Client::default(),
        &Sources::default(),
        Rules::default(),
        now,
    )
    .await
    .unwrap()
}

/// Comes in with a passkey alone, by a challenge of now.
async fn come_in(db: &TestDb, device: &mut Authenticator, now: DateTime<Utc>) -> Login {
    let (token, challenge) = sign_in::ask(db, &site(), now).await.unwrap().unwrap();
    let answer = device.get(&asked(&challenge));
    answer_alone(db, (&token, &answer), &Sources::default(), now).await
}

async fn answer_alone(db: &TestDb, answer: (&str, &str), sources: &Sources, now: DateTime<Utc>) -> Login {
    sign_in::come_in(db, &site(), answer, &Client::default(), sources, Rules::default(), now)
        .await
        .unwrap()
}

async fn refusals(db: &TestDb, user: &UserId, action: &str) -> Vec<String> {
    let mut tx = db.read().await.unwrap();
    let rows = audit::of_resource(&mut tx, "user", user.as_str()).await.unwrap();
    let denied = rows
        .into_iter()
        .filter(|row| row.action == action && row.outcome == Outcome::Denied);
    denied.map(|row| row.detail).collect()
}

on_both!(a_passkey_stands_in_for_a_code, async |db: TestDb| {
    let (ana, mut device) = holder(&db, "ana").await;
    let token = step_of(&db, "ana", at(60)).await;
    let asked = challenge(&db, &ana.id, &token, at(60)).await;
    assert_eq!(asked["userVerification"], "required");
    assert_eq!(asked["allowCredentials"].as_array().unwrap().len(), 1);
    let answer = device.get(&asked);
    let done = prove(&db, &token, &answer, at(60)).await;
    let SecondStep::Done(signed_in) = done else {
        panic!("{done:?}")
    };
    assert!(caller(&db, &signed_in.session, at(60)).await.is_some());
    let again = prove(&db, &token, &answer, at(60)).await;
    assert!(matches!(again, SecondStep::Over), "a login is finished once: {again:?}");
    let mut tx = db.read().await.unwrap();
    let kept = passkeys::of_user(&mut tx, &ana.id).await.unwrap();
    assert_eq!((kept[0].name.as_str(), kept[0].last_used_at), ("Laptop", Some(at(60))));
    let rows = audit::of_resource(&mut tx, "user", ana.id.as_str()).await.unwrap();
    assert!(
        rows.iter()
            .any(|row| row.action == "add_passkey" && row.outcome == Outcome::Allowed)
    );
    let logins: Vec<&str> = rows
        .iter()
        .filter(|row| row.action == "login")
        .map(|row| row.detail.as_str())
        .collect();
    assert!(
        logins.iter().any(|detail| detail.contains("password_and_passkey")),
        "{logins:?}"
    );
    assert_eq!(users::count_without_second_factor(&mut tx).await.unwrap(), (1, 0));
    assert_eq!(second_factors::holders(&mut tx).await.unwrap(), [ana.id]);
});

on_both!(
    a_challenge_is_answered_once_in_its_browser_and_in_time,
    async |db: TestDb| {
        let (ana, mut device) = holder(&db, "ana").await;
        let token = step_of(&db, "ana", at(60)).await;
        let first = challenge(&db, &ana.id, &token, at(60)).await;
        let mut bent = device.on("http://localhost:9090");
        let refused = prove(&db, &token, &bent.get(&first), at(60)).await;
        assert!(matches!(refused, SecondStep::Refused), "another page: {refused:?}");
        // Right, but the challenge is used up by the wrong one.
        let right = device.get(&first);
        let replayed = prove(&db, &token, &right, at(60)).await;
        assert!(matches!(replayed, SecondStep::Refused), "{replayed:?}");
        challenge(&db, &ana.id, &token, at(60)).await;
        let replayed = prove(&db, &token, &right, at(60)).await;
        assert!(
            matches!(replayed, SecondStep::Refused),
            "to another challenge: {replayed:?}"
        );

        let elsewhere = step_of(&db, "ana", at(70)).await;
        let here = step_of(&db, "ana", at(70)).await;
        let theirs = challenge(&db, &ana.id, &elsewhere, at(70)).await;
        let foreign = prove(&db, &here, &device.get(&theirs), at(70)).await;
        assert!(
            matches!(foreign, SecondStep::Refused),
            "asked in another browser: {foreign:?}"
        );

        let token = step_of(&db, "ana", at(300)).await;
        let asked = challenge(&db, &ana.id, &token, at(300)).await;
        let mut unverified = device.unverified();
        let refused = prove(&db, &token, &unverified.get(&asked), at(300)).await;
        assert!(
            matches!(refused, SecondStep::Refused),
            "no PIN, finger or face: {refused:?}"
        );
        // One more would make the account wait.
        let token = step_of(&db, "ana", at(400)).await;
        let asked = challenge(&db, &ana.id, &token, at(400)).await;
        let late = prove(&db, &token, &device.get(&asked), at(700)).await;
        assert!(matches!(late, SecondStep::Over), "five minutes: {late:?}");
    }
);

on_both!(a_device_that_counts_back_is_refused_and_told, async |db: TestDb| {
    let (ana, mut device) = holder(&db, "ana").await;
    let mut copy = device.clone();
    for seconds in [60, 61] {
        let token = step_of(&db, "ana", at(seconds)).await;
        let asked = challenge(&db, &ana.id, &token, at(seconds)).await;
        let done = prove(&db, &token, &device.get(&asked), at(seconds)).await;
        assert!(matches!(done, SecondStep::Done(_)), "{done:?}");
    }
    let token = step_of(&db, "ana", at(62)).await;
    let asked = challenge(&db, &ana.id, &token, at(62)).await;
    let refused = prove(&db, &token, &copy.get(&asked), at(62)).await;
    assert!(matches!(refused, SecondStep::Refused), "{refused:?}");
    let login = come_in(&db, &mut copy, at(62)).await;
    assert!(matches!(login, Login::Refused), "{login:?}");
    let told = refusals(&db, &ana.id, "prove_passkey").await;
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|detail| detail.contains("counted_back")), "{told:?}");
    // The device itself goes on.
    let login = come_in(&db, &mut device, at(63)).await;
    assert!(matches!(login, Login::Done(_)), "{login:?}");
});

on_both!(a_passkey_is_its_owners_alone, async |db: TestDb| {
    let (ana, mut of_ana) = holder(&db, "ana").await;
    let (bo, mut of_bo) = holder(&db, "bo").await;
    // Bo's device answers Ana's challenge, under its own name and under the one of Ana's device.
    for forged in [of_bo.id.clone(), of_ana.id.clone()] {
        let token = step_of(&db, "ana", at(60)).await;
        let asked = challenge(&db, &ana.id, &token, at(60)).await;
        of_bo.id = forged;
        let refused = prove(&db, &token, &of_bo.get(&asked), at(60)).await;
        assert!(matches!(refused, SecondStep::Refused), "{refused:?}");
    }
    // A device that names another account than the one that has its passkey.
    let mut posing = of_ana.clone();
    posing.handle.clone_from(&of_bo.handle);
    let login = come_in(&db, &mut posing, at(61)).await;
    assert!(matches!(login, Login::Refused), "{login:?}");
    posing.handle = None;
    let login = come_in(&db, &mut posing, at(61)).await;
    assert!(matches!(login, Login::Refused), "{login:?}");

    // Nobody adds a passkey that an account has.
    let session = match come_in(&db, &mut of_ana, at(62)).await {
        Login::Done(signed_in) => signed_in.session,
        other => panic!("{other:?}"),
    };
    let challenge = own::ask(&db, &site(), &ana.id, &session, at(62)).await.unwrap();
    let mut twin = Authenticator::new(HERE);
    twin.id.clone_from(&of_ana.id);
    let answer = twin.create(&asked(&challenge));
    let again = own::add(&db, &site(), (&ana.id, &session), ("Twin", &answer), at(62)).await;
    assert!(
        matches!(again, Err(PasskeyError::Refused | PasskeyError::Taken)),
        "{again:?}"
    );
    // Nor removes one of somebody else.
    let mut tx = db.read().await.unwrap();
    let theirs = passkeys::of_user(&mut tx, &ana.id).await.unwrap().remove(0).id;
    drop(tx);
    let foreign = own::remove(&db, &bo.id, &theirs, SecondFactorPolicy::Invited, at(62)).await;
    assert!(matches!(foreign, Err(PasskeyError::NoSuch)), "{foreign:?}");
});

on_both!(a_passkey_made_elsewhere_is_not_added, async |db: TestDb| {
    let ana = person(&db, "ana").await;
    let session = session_of(&db, "ana", at(0)).await.session;
    let mut phished = Authenticator::new("http://localhost.evil.example");
    let refused = added(&db, &mut phished, (&ana.id, &session), at(0)).await;
    assert!(matches!(refused, Err(PasskeyError::Refused)), "{refused:?}");
    let mut device = Authenticator::new(HERE);
    let challenge = own::ask(&db, &site(), &ana.id, &session, at(1)).await.unwrap();
    let answer = device.create(&asked(&challenge));
    let elsewhere = own::add(&db, &site(), (&ana.id, "another session"), ("Laptop", &answer), at(1)).await;
    assert!(matches!(elsewhere, Err(PasskeyError::Refused)), "{elsewhere:?}");
    let late = own::add(&db, &site(), (&ana.id, &session), ("Laptop", &answer), at(301)).await;
    assert!(matches!(late, Err(PasskeyError::Refused)), "{late:?}");
    let unnamed = own::ask(&db, &site(), &ana.id, &session, at(302)).await.unwrap();
    let answer = device.create(&asked(&unnamed));
    let unnamed = own::add(&db, &site(), (&ana.id, &session), (" ", &answer), at(302)).await;
    assert!(matches!(unnamed, Err(PasskeyError::Name)), "{unnamed:?}");

    // Ten, and no more.
    for number in 0..10 {
        let codes = added(&db, &mut Authenticator::new(HERE), (&ana.id, &session), at(303)).await;
        assert_eq!(codes.unwrap().is_some(), number == 0);
    }
    let eleventh = added(&db, &mut device, (&ana.id, &session), at(303)).await;
    assert!(matches!(eleventh, Err(PasskeyError::TooMany)), "{eleventh:?}");
});

on_both!(a_passkey_alone_lets_its_person_in, async |db: TestDb| {
    let (ana, mut device) = holder(&db, "ana").await;
    let login = come_in(&db, &mut device, at(60)).await;
    let Login::Done(signed_in) = login else {
        panic!("{login:?}")
    };
    let who = caller(&db, &signed_in.session, at(60)).await.unwrap();
    assert_eq!(who.actor.user(), Some(&ana.id));
    let (token, challenge) = sign_in::ask(&db, &site(), at(61)).await.unwrap().unwrap();
    let answer = device.get(&asked(&challenge));
    let sources = Sources::default();
    let elsewhere = answer_alone(&db, ("another browser", &answer), &sources, at(61)).await;
    assert!(matches!(elsewhere, Login::Refused), "{elsewhere:?}");
    let late = answer_alone(&db, (&token, &answer), &sources, at(361)).await;
    assert!(matches!(late, Login::Refused), "{late:?}");
    let mut stranger = Authenticator::new(HERE);
    stranger.handle.clone_from(&device.handle);
    for mut other in [stranger, device.unverified()] {
        let login = come_in(&db, &mut other, at(362)).await;
        assert!(matches!(login, Login::Refused), "{login:?}");
    }
    // Three failures at the account came before: the fourth makes it wait, and then the right one is not looked at.
    let nonsense = answer_alone(&db, (&token, "no answer"), &sources, at(362)).await;
    assert!(matches!(nonsense, Login::Refused), "{nonsense:?}");
    let mut bent = device.on("http://localhost:9090");
    come_in(&db, &mut bent, at(363)).await;
    let waits = come_in(&db, &mut device, at(363)).await;
    assert!(matches!(waits, Login::Refused), "{waits:?}");
    let later = come_in(&db, &mut device, at(370)).await;
    assert!(matches!(later, Login::Done(_)), "{later:?}");
});

on_both!(an_address_that_tries_many_passkeys_is_slowed, async |db: TestDb| {
    let (_, mut device) = holder(&db, "ana").await;
    let (sources, client) = (
        Sources::default(),
        Client {
            address: Some("192.0.2.7".parse().unwrap()),
            ..Client::default()
        },
    );
    let site = site();
    for number in 0..21 {
        let (token, challenge) = sign_in::ask(&db, &site, at(0)).await.unwrap().unwrap();
        let mut stranger = Authenticator::new(HERE);
        stranger.handle.clone_from(&device.handle);
        let answer = if number < 20 {
            stranger.get(&asked(&challenge))
        } else {
            device.get(&asked(&challenge))
        };
        let answer = (token.as_str(), answer.as_str());
        let login = sign_in::come_in(&db, &site, answer, &client, &sources, Rules::default(), at(0));
        let login = login.await.unwrap();
        assert_eq!(matches!(login, Login::Slowed(_)), number == 20, "{number}: {login:?}");
    }
});

on_both!(
    a_closed_account_and_a_removed_passkey_let_nobody_in,
    async |db: TestDb| {
        let (ana, mut device) = holder(&db, "ana").await;
        let token = step_of(&db, "ana", at(60)).await;
        let asked = challenge(&db, &ana.id, &token, at(60)).await;
        accounts::disable(&db, "ana", at(60)).await.unwrap();
        let closed = prove(&db, &token, &device.get(&asked), at(60)).await;
        assert!(matches!(closed, SecondStep::Over), "{closed:?}");
        let closed = come_in(&db, &mut device, at(60)).await;
        assert!(matches!(closed, Login::Refused), "{closed:?}");
        accounts::reopen(&db, &Actor::Operator, &ana.id, at(61)).await.unwrap();
        let open = come_in(&db, &mut device, at(61)).await;
        assert!(matches!(open, Login::Done(_)), "{open:?}");

        // Removed between question and answer.
        let Login::Done(signed_in) = open else { unreachable!() };
        let mut second = Authenticator::new(HERE);
        added(&db, &mut second, (&ana.id, &signed_in.session), at(62))
            .await
            .unwrap();
        let who = caller(&db, &signed_in.session, at(62)).await.unwrap();
        let asked = challenge(&db, &ana.id, &signed_in.session, at(62)).await;
        let mut tx = db.read().await.unwrap();
        let first = passkeys::of_user(&mut tx, &ana.id).await.unwrap().remove(0).id;
        drop(tx);
        own::remove(&db, &ana.id, &first, SecondFactorPolicy::All, at(62))
            .await
            .unwrap();
        let answer = device.get(&asked);
        let (site, session) = (site(), session_id(&who));
        let client = Client::default();
        let confirmed = step_up::confirm_by_passkey(
            &db,
            &site,
            (&ana.id, &session),
            (&signed_in.session, &answer),
            &client,
            at(62),
        );
        assert!(!confirmed.await.unwrap());
        let removed = come_in(&db, &mut device, at(62)).await;
        assert!(matches!(removed, Login::Refused), "{removed:?}");
        let other = come_in(&db, &mut second, at(62)).await;
        assert!(matches!(other, Login::Done(_)), "{other:?}");
    }
);

on_both!(who_must_have_a_second_factor_keeps_the_last, async |db: TestDb| {
    let (ana, mut device) = holder(&db, "ana").await;
    let session = match come_in(&db, &mut device, at(60)).await {
        Login::Done(signed_in) => signed_in.session,
        other => panic!("{other:?}"),
    };
    let mut tx = db.read().await.unwrap();
    let passkey = passkeys::of_user(&mut tx, &ana.id).await.unwrap().remove(0).id;
    drop(tx);
    let kept = own::remove(&db, &ana.id, &passkey, SecondFactorPolicy::All, at(60)).await;
    assert!(matches!(kept, Err(PasskeyError::Required)), "{kept:?}");
    // With a phone beside it either may go, and the recovery codes of the phone stay.
    let secret = second_factor::offered(&db, &ana.id, &session).await.unwrap();
    own_account::enrol(&db, &ana.id, &session, &code(&secret, at(60)), at(60))
        .await
        .unwrap();
    own_account::remove(&db, &ana.id, SecondFactorPolicy::All, at(61))
        .await
        .unwrap();
    let mut tx = db.read().await.unwrap();
    assert_eq!(
        second_factors::count_recovery_codes(&mut tx, &ana.id).await.unwrap(),
        10
    );
    drop(tx);
    // Who may go without gives the last away, with the recovery codes.
    own::remove(&db, &ana.id, &passkey, SecondFactorPolicy::Invited, at(62))
        .await
        .unwrap();
    let mut tx = db.read().await.unwrap();
    assert_eq!(second_factors::count_recovery_codes(&mut tx, &ana.id).await.unwrap(), 0);
    drop(tx);
    session_of(&db, "ana", at(63)).await;
});

on_both!(
    a_reset_takes_passkeys_too_and_a_recovery_code_stands_in,
    async |db: TestDb| {
        let (ana, mut device) = holder(&db, "ana").await;
        let codes = own_account::renew_recovery_codes(&db, &ana.id, at(1)).await.unwrap();
        let token = step_of(&db, "ana", at(60)).await;
        let (client, sources) = (Client::default(), Sources::default());
        let given = Given::RecoveryCode(&codes[0]);
        let step = second_step::prove(&db, &token, given, &client, &sources, Rules::default(), at(60));
        assert!(matches!(step.await.unwrap(), SecondStep::Done(_)));
        let reset = accounts::reset(&db, &Actor::Operator, &ana.id, LinkPurpose::SecondFactor, at(61)).await;
        reset.unwrap();
        let login = come_in(&db, &mut device, at(62)).await;
        assert!(matches!(login, Login::Refused), "{login:?}");
        assert!(matches!(log_in(&db, "ana", at(62)).await, Login::ByLink));
        // Without a password here, the identity provider or a link is the only door.
        let (bo, mut of_bo) = holder(&db, "bo").await;
        let reset = accounts::reset(&db, &Actor::Operator, &bo.id, LinkPurpose::Password, at(63)).await;
        reset.unwrap();
        let login = come_in(&db, &mut of_bo, at(63)).await;
        assert!(matches!(login, Login::Refused), "{login:?}");
    }
);

on_both!(
    who_must_set_up_a_second_factor_may_make_a_passkey,
    async |db: TestDb| {
        let ana = person(&db, "ana").await;
        let rules = Rules {
            second_factor: SecondFactorPolicy::All,
            ..Rules::default()
        };
        let (client, sources) = (Client::default(), Sources::default());
        let login = login::log_in(&db, ("ana", PASSWORD), &client, &sources, rules, at(0)).await;
        let Login::Next(LoginStage::Enrol, token) = login.unwrap() else {
            panic!("no enrolment")
        };
        let (site, mut device) = (site(), Authenticator::new(HERE));
        let wanted = own::ask(&db, &site, &ana.id, &token, at(1)).await.unwrap();
        let answer = device.create(&asked(&wanted));
        let made = ("Laptop", answer.as_str());
        let step = second_step::enrol_passkey(&db, &site, &token, made, &client, rules, at(1)).await;
        let SecondStep::Enrolled(signed_in, codes) = step.unwrap() else {
            panic!("not enrolled")
        };
        assert_eq!(codes.len(), 10);
        assert!(caller(&db, &signed_in.session, at(1)).await.is_some());
        let over = second_step::enrol_passkey(&db, &site, &token, made, &client, rules, at(1)).await;
        assert!(matches!(over.unwrap(), SecondStep::Over));

        // The same device proves once more who it is.
        let late = at(900);
        let within = TimeDelta::minutes(10);
        let who = caller(&db, &signed_in.session, at(660)).await.unwrap();
        let session = session_id(&who);
        let asked = challenge(&db, &ana.id, &signed_in.session, late).await;
        let answer = device.get(&asked);
        let answer = (signed_in.session.as_str(), answer.as_str());
        for fits in [true, false] {
            let confirmed = step_up::confirm_by_passkey(&db, &site, (&ana.id, &session), answer, &client, late).await;
            assert_eq!(confirmed.unwrap(), fits, "an answer counts once");
        }
        let who = caller(&db, &signed_in.session, late).await.unwrap();
        assert!(step_up::is_fresh(&who.proof, within, late));
    }
);
