//! What an auditor asks of the log: who saw a patient, what one person did, what was refused.

use crate::harness::house::House;
use crate::harness::{TestDb, on_both};
use crate::web::seed::{referral_of_fax, seed};
use chrono::{DateTime, TimeDelta, Utc};
use referloop::app::App;
use referloop::audit::export::ExportError;
use referloop::audit::question::{Question, What};
use referloop::audit::trace::{self, Did, Found};
use referloop::auth::accounts;
use referloop::domain::access::Access;
use referloop::domain::ids::ReferralId;
use referloop::domain::patient::Patient;
use referloop::domain::people::{Actor, Role};
use referloop::store;
use referloop::store::audit::{self, Entry, Outcome};
use std::collections::BTreeSet;

async fn person(app: &App, name: &str, role: Role) -> Actor {
    let now = app.clock.now();
    let user = accounts::add(&app.db, name, role, "a long enough password", now)
        .await
        .unwrap();
    Actor::User {
        id: user.id,
        name: user.name,
        access: Access::of(role),
    }
}

/// Something that happens a minute later.
async fn happens(app: &App, actor: &Actor, action: &str, (kind, id): (&str, &str), outcome: Outcome) {
    app.clock.advance(TimeDelta::minutes(1));
    write(app, actor, action, (kind, id), outcome, serde_json::json!({})).await;
}

/// A list with these referrals is shown a minute later.
async fn shown(app: &App, actor: &Actor, referrals: &[&ReferralId]) {
    app.clock.advance(TimeDelta::minutes(1));
    let detail = serde_json::json!({ "referrals": referrals });
    write(app, actor, "view", ("list", "work"), Outcome::Allowed, detail).await;
}

async fn write(
    app: &App,
    actor: &Actor,
    action: &str,
    (kind, id): (&str, &str),
    outcome: Outcome,
    detail: serde_json::Value,
) {
    let entry = Entry {
        actor,
        action,
        resource_kind: kind,
        resource_id: id,
        outcome,
        detail,
    };
    let mut tx = app.db.begin().await.unwrap();
    audit::insert(&mut tx, &entry, app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn findable(app: &App, id: &ReferralId) {
    let patient = marchetti();
    let mut tx = app.db.begin().await.unwrap();
    store::search::put(&mut tx, id, &patient).await.unwrap();
    tx.commit().await.unwrap();
}

/// As the seeded referral names the patient.
fn marchetti() -> Patient {
    Patient {
        name: Some("Rosalind T Marchetti".to_owned()),
        birth_date: Some("1961-08-14".to_owned()),
        ..Patient::default()
    }
}

async fn asked(app: &App, actor: &Actor, question: &Question) -> Found {
    trace::ask(app, actor, question, None, 50).await.unwrap()
}

fn acts(found: &Found) -> Vec<(&str, &str)> {
    found
        .rows
        .iter()
        .map(|row| (row.action.as_str(), row.resource_kind.as_str()))
        .collect()
}

fn about_the_patient() -> Question {
    Question {
        patient: Some(marchetti()),
        ..Question::default()
    }
}

fn of_word(word: &str) -> Question {
    Question {
        what: What::of_word(word).unwrap(),
        ..Question::default()
    }
}

on_both!(who_saw_a_patient_is_told_by_person, async |db: TestDb| {
    let house = House::new(&db).await;
    let app = &house.app;
    let seeded = seed(app).await;
    let (id, other) = (&seeded.referral, &referral_of_fax(app, "fax-9").await);
    findable(app, id).await;
    let (ana, bo) = (
        person(app, "ana", Role::Reviewer).await,
        person(app, "bo", Role::Coordinator).await,
    );
    let cy = person(app, "cy", Role::Auditor).await;
    let referral = ("referral", id.as_str());
    for _ in 0..2 {
        happens(app, &ana, "view", referral, Outcome::Allowed).await;
    }
    happens(app, &ana, "correct_field", referral, Outcome::Allowed).await;
    happens(
        app,
        &ana,
        "view",
        ("transmission", seeded.transmission.as_str()),
        Outcome::Allowed,
    )
    .await;
    happens(app, &ana, "release", referral, Outcome::Allowed).await;
    happens(app, &ana, "view", ("referral", other.as_str()), Outcome::Allowed).await;
    shown(app, &bo, &[other, id]).await;
    shown(app, &bo, &[id]).await;
    shown(app, &bo, &[other]).await;
    happens(app, &bo, "release", referral, Outcome::Denied).await;
    happens(app, &Actor::System, "escalate", referral, Outcome::Allowed).await;

    let found = asked(app, &cy, &about_the_patient()).await;
    assert_eq!(found.referrals.iter().collect::<Vec<_>>(), [id]);
    let people: Vec<&str> = found.people.iter().map(|seer| seer.actor.as_str()).collect();
    assert_eq!(
        BTreeSet::from_iter(people),
        BTreeSet::from([ana.reference().as_str(), bo.reference().as_str()])
    );
    let of = |actor: &Actor| {
        found
            .people
            .iter()
            .find(|seer| seer.actor == actor.reference())
            .unwrap()
    };
    let did: Vec<_> = of(&ana).did.iter().map(|(did, count)| (*did, *count)).collect();
    let expect = [
        (Did::Viewed, 2),
        (Did::Pages, 1),
        (Did::Corrected, 1),
        (Did::Released, 1),
    ];
    assert_eq!(did, expect);
    assert_eq!(of(&ana).last - of(&ana).first, TimeDelta::minutes(4));
    assert_eq!(
        (of(&bo).did.len(), of(&bo).listed_days),
        (0, 1),
        "a refusal showed nothing"
    );

    let newest = [
        ("escalate", "referral"),
        ("release", "referral"),
        ("view", "list"),
        ("view", "list"),
        ("release", "referral"),
        ("view", "transmission"),
        ("correct_field", "referral"),
        ("view", "referral"),
        ("view", "referral"),
    ];
    assert_eq!(acts(&found), newest);

    // By the referral's id the same, and narrower.
    let by_id = Question {
        referral: Some(id.clone()),
        ..Question::default()
    };
    assert_eq!(acts(&asked(app, &cy, &by_id).await), newest);
    let by_bo = Question {
        who: Some(bo.reference()),
        ..by_id.clone()
    };
    assert_eq!(
        acts(&asked(app, &cy, &by_bo).await),
        [("release", "referral"), ("view", "list"), ("view", "list")]
    );
    let refused = Question {
        what: What::of_word("refusals").unwrap(),
        ..by_id
    };
    assert_eq!(acts(&asked(app, &cy, &refused).await), [("release", "referral")]);
    let stranger = Question {
        patient: Some(Patient {
            birth_date: Some("1999-01-01".to_owned()),
            ..marchetti()
        }),
        ..Question::default()
    };
    let nobody = asked(app, &cy, &stranger).await;
    assert!(nobody.rows.is_empty() && nobody.people.is_empty() && nobody.referrals.is_empty());
});

on_both!(pages_follow_each_other_without_a_gap, async |db: TestDb| {
    let house = House::new(&db).await;
    let app = &house.app;
    let id = seed(app).await.referral;
    findable(app, &id).await;
    let (ana, cy) = (
        person(app, "ana", Role::Reviewer).await,
        person(app, "cy", Role::Auditor).await,
    );
    for round in 0..5 {
        happens(app, &ana, "view", ("referral", id.as_str()), Outcome::Allowed).await;
        shown(app, &ana, &[&id]).await;
        if round == 2 {
            app.clock.advance(TimeDelta::days(2));
        }
    }
    let denied = trace::ask(app, &ana, &about_the_patient(), None, 50).await;
    assert!(matches!(denied, Err(ExportError::Denied(_))), "{denied:?}");
    let whole = trace::ask(app, &cy, &about_the_patient(), None, 50).await.unwrap().rows;
    assert_eq!(whole.len(), 10);
    for limit in [1, 3, 4] {
        let mut pages = Vec::new();
        let mut before = None;
        loop {
            let found = trace::ask(app, &cy, &about_the_patient(), before.as_ref(), limit)
                .await
                .unwrap();
            pages.extend(found.rows);
            before = pages.last().map(|row: &audit::Row| row.id.clone());
            if !found.more {
                break;
            }
        }
        assert_eq!(pages, whole, "{limit} at a time");
    }
    // A stretch of time cuts both kinds.
    let cut = Question {
        since: Some(whole[3].at),
        until: Some(whole[0].at),
        ..about_the_patient()
    };
    assert_eq!(trace::ask(app, &cy, &cut, None, 50).await.unwrap().rows, whole[1..=3]);
});

on_both!(acts_are_found_by_kind_person_and_outcome, async |db: TestDb| {
    let house = House::new(&db).await;
    let app = &house.app;
    app.clock.advance(TimeDelta::minutes(1));
    let start: DateTime<Utc> = app.clock.now();
    let (ana, cy) = (
        person(app, "ana", Role::Reviewer).await,
        person(app, "cy", Role::Auditor).await,
    );
    let account = ("user", "usr_1");
    happens(app, &ana, "login", account, Outcome::Allowed).await;
    happens(app, &Actor::System, "login", account, Outcome::Denied).await;
    happens(app, &ana, "request", ("permission", "ManageUsers"), Outcome::Denied).await;
    happens(
        app,
        &Actor::Operator,
        "add_token",
        ("api_token", "tok_1"),
        Outcome::Allowed,
    )
    .await;
    let count = async |question: Question| {
        let since = Question {
            since: Some(start),
            ..question
        };
        let found = asked(app, &cy, &since).await;
        found.rows.into_iter().map(|row| row.action).collect::<Vec<_>>()
    };
    assert_eq!(count(of_word("failed_sign_ins")).await, ["login"]);
    assert_eq!(count(of_word("sign_ins")).await, ["login", "login"]);
    assert_eq!(count(of_word("refusals")).await, ["request", "login"]);
    assert_eq!(
        count(of_word("permissions")).await,
        ["add_token", "add_user", "add_user"]
    );
    assert_eq!(count(of_word("add_token")).await, ["add_token"]);
    let by_ana = |word: &str| Question {
        who: Some(ana.reference()),
        ..of_word(word)
    };
    assert_eq!(count(by_ana("")).await, ["request", "login"]);
    assert_eq!(count(by_ana("sign_ins")).await, ["login"]);
    assert_eq!(count(by_ana("refusals")).await, ["request"]);
    assert!(count(by_ana("failed_sign_ins")).await.is_empty());
    // Each of these questions stands in the log itself.
    assert_eq!(count(of_word("search_audit")).await.len(), 9);
});

on_both!(a_question_and_an_export_leave_codes_and_ids, async |db: TestDb| {
    let house = House::new(&db).await;
    let app = &house.app;
    let id = seed(app).await.referral;
    findable(app, &id).await;
    let cy = person(app, "cy", Role::Auditor).await;
    asked(app, &cy, &about_the_patient()).await;
    let taken = trace::take(app, &cy, &about_the_patient(), 100).await.unwrap();
    let mut tx = app.db.read().await.unwrap();
    let rows = audit::of_resource(&mut tx, "audit", "log").await.unwrap();
    let acts: Vec<&str> = rows.iter().map(|row| row.action.as_str()).collect();
    assert_eq!(
        BTreeSet::from_iter(acts),
        BTreeSet::from(["search_audit", "export_audit"])
    );
    for row in &rows {
        let detail: serde_json::Value = serde_json::from_str(&row.detail).unwrap();
        assert_eq!(detail["by"], serde_json::json!(["name", "birth_date"]));
        assert_eq!(detail["referrals"][0], id.as_str());
        assert!(
            !row.detail.contains("Marchetti") && !row.detail.contains("1961"),
            "{}",
            row.detail
        );
        assert_eq!(
            row.action == "export_audit",
            detail["rows"] == taken.len(),
            "{}",
            row.detail
        );
    }
    assert!(audit::verify(&mut tx).await.unwrap().wrong.is_empty());
});

/// A million rows take minutes to write. Run it by name, on a release build, after a change of the statements.
mod at_a_million_rows {
    use super::*;
    use referloop::store::audit_search::{self, Span, Wanted};
    use referloop::store::db::Kind;
    use referloop::store::sql;
    use std::time::{Duration, Instant};

    const PAGE_MAX: Duration = Duration::from_millis(100);

    /// Twenty people, a hundred thousand referrals, one refusal in a hundred.
    fn fill(kind: Kind) -> &'static str {
        match kind {
            Kind::Sqlite => {
                "with recursive n(i) as (select 0 union all select i + 1 from n where i < 999999)
                 insert into audit (id, at, actor, action, resource_kind, resource_id, outcome, detail, mac)
                 select printf('aud_%026d', i), '2026-01-01T00:00:00+00:00', printf('usr_%026d', i % 20),
                        case i % 10 when 0 then 'release' when 1 then 'correct_field' else 'view' end, 'referral',
                        printf('ref_%026d', i * 7919 % 100000), case i % 100 when 50 then 'denied' else 'allowed' end, '{}', x'00'
                 from n"
            }
            Kind::Postgres => {
                "insert into audit (id, at, actor, action, resource_kind, resource_id, outcome, detail, mac)
                 select 'aud_' || lpad(cast(i as text), 26, '0'), timestamptz '2026-01-01 00:00:00+00',
                        'usr_' || lpad(cast(i % 20 as text), 26, '0'),
                        case i % 10 when 0 then 'release' when 1 then 'correct_field' else 'view' end, 'referral',
                        'ref_' || lpad(cast(i * 7919 % 100000 as text), 26, '0'),
                        case i % 100 when 50 then 'denied' else 'allowed' end, '{}', decode('00', 'hex')
                 from generate_series(cast(0 as bigint), 999999) as i"
            }
        }
    }

    on_both!(
        #[ignore = "writes a million rows; run it by name"]
        a_page_comes_in_a_tenth_of_a_second,
        async |db: TestDb| {
            let mut tx = db.begin().await.unwrap();
            assert_eq!(sql(fill(db.kind())).execute(&mut tx).await.unwrap(), 1_000_000);
            sql("analyze").execute(&mut tx).await.unwrap();
            tx.commit().await.unwrap();
            let (known, unknown) = (format!("usr_{:026}", 3), format!("usr_{:026}", 99));
            let looks = What::of_word("looks").unwrap().acts;
            let changes = What::of_word("changes").unwrap().acts;
            let nothing = What::default().acts;
            let mut tx = db.read().await.unwrap();
            let wanted = |actor, acts, refused| Wanted {
                actor,
                acts,
                refused,
                span: Span::new(None, None),
            };
            let (known, unknown) = (Some(known.as_str()), Some(unknown.as_str()));
            let cases = [
                ("all", wanted(None, &nothing, false), 51),
                ("one person", wanted(known, &nothing, false), 51),
                ("a group", wanted(None, &changes, false), 51),
                ("a person's group", wanted(known, &changes, false), 51),
                ("nobody's looks", wanted(unknown, &looks, false), 0),
                ("refusals", wanted(None, &nothing, true), 51),
                ("a person's refusals", wanted(known, &nothing, true), 0),
            ];
            for (name, wanted, expect) in cases {
                let start = Instant::now();
                let rows = audit_search::newest(&mut tx, &wanted, 51).await.unwrap();
                let took = start.elapsed();
                assert_eq!(rows.len(), expect, "{name}");
                assert!(took <= PAGE_MAX, "{name} took {took:?}");
            }
            let id = format!("ref_{:026}", 4242);
            let start = Instant::now();
            let span = Span::new(None, None);
            let rows = audit_search::of_resource(&mut tx, ("referral", &id), &span, 5_000)
                .await
                .unwrap();
            assert_eq!(rows.len(), 10);
            assert!(start.elapsed() <= PAGE_MAX, "{:?}", start.elapsed());
        }
    );
}
