//! The directory: entries that are merged and parted, what verified an address, and senders found by any of their numbers.

use crate::harness::house::House;
use crate::harness::{TestApp, TestDb, on_both, sample};
use crate::web::seed::{referral_of_fax, seed};
use chrono::TimeDelta;
use referloop::app::App;
use referloop::auth::accounts;
use referloop::domain::access::{Access, Grant};
use referloop::domain::contact::{ContactAct, ContactKind, Evidence};
use referloop::domain::ids::{DirectoryId, ReferralId, UserId};
use referloop::domain::people::{Actor, Role};
use referloop::domain::referral::{Referral, ReferrerBasis};
use referloop::domain::site::SiteKey;
use referloop::referrals::directory::{self, DirectoryError, Likeness, MergeError, NewEntry, Person, change_contact};
use referloop::referrals::referrer::{candidates, choose};
use referloop::store;
use referloop::store::directory::{Entry, Only, Wanted};
use referloop::store::directory_contacts::{self as contacts, Contact};

const NPI: &str = "1234567893";
const FAX: &str = "+15035550143";
const HELEN: &str = "helen.adeyemi@direct.willowcreek.example";

fn some(text: impl Into<String>) -> Option<String> {
    let text: String = text.into();
    (!text.is_empty()).then_some(text)
}

/// The doctor as a file brought her.
fn helen() -> NewEntry {
    NewEntry {
        name: some("Helen Adeyemi"),
        organization: some("Willow Creek Family Medicine"),
        npi: some(NPI),
        direct_address: some(HELEN),
        ..NewEntry::default()
    }
}

/// The same doctor as somebody typed her.
fn again() -> NewEntry {
    NewEntry {
        name: some("H. Adeyemi, MD"),
        organization: some("Willow Creek Family Medicine, PLLC"),
        fax: some(FAX),
        specialty: some("Family medicine"),
        ..NewEntry::default()
    }
}

async fn added(app: &App, new: NewEntry) -> DirectoryId {
    app.clock.advance(TimeDelta::seconds(1));
    let entry = directory::add(&app.db, &Actor::Operator, new, app.clock.now()).await;
    entry.unwrap().id
}

async fn entry(app: &App, id: &DirectoryId) -> Entry {
    let mut tx = app.db.read().await.unwrap();
    store::directory::find(&mut tx, id).await.unwrap().unwrap()
}

async fn contacts_of(app: &App, id: &DirectoryId) -> Vec<Contact> {
    let mut tx = app.db.read().await.unwrap();
    contacts::of_entry(&mut tx, id).await.unwrap()
}

async fn referral(app: &App, id: &ReferralId) -> Referral {
    let mut tx = app.db.read().await.unwrap();
    store::referrals::find(&mut tx, id).await.unwrap().unwrap()
}

async fn referrer(app: &App, id: &ReferralId) -> DirectoryId {
    referral(app, id).await.referrer.unwrap().entry
}

async fn sent_by(app: &App, referral: &ReferralId, entry: &DirectoryId) {
    choose(app, &Actor::Operator, referral, None, entry).await.unwrap();
}

async fn does(
    app: &App,
    id: &DirectoryId,
    act: ContactAct,
    kind: ContactKind,
    value: &str,
) -> Result<(), DirectoryError> {
    app.clock.advance(TimeDelta::seconds(1));
    change_contact(&app.db, &Actor::Operator, id, act, (kind, value), app.clock.now()).await
}

async fn merged(app: &App, survivor: &DirectoryId, loser: &DirectoryId) -> directory::Merged {
    app.clock.advance(TimeDelta::seconds(1));
    let merged = directory::merge(&app.db, &Actor::Operator, (survivor, loser), None, app.clock.now()).await;
    merged.unwrap()
}

async fn undone(app: &App, merge: &directory::Merged) -> Result<directory::Merged, MergeError> {
    app.clock.advance(TimeDelta::seconds(1));
    directory::undo(&app.db, &Actor::Operator, &merge.id, app.clock.now()).await
}

/// What an entry says, whatever its version.
fn without_version(entry: Entry) -> Entry {
    Entry { version: 0, ..entry }
}

on_both!(two_entries_become_one_and_two_again, async |db: TestDb| {
    let house = House::new(&db).await;
    let app = &house.app;
    let first = seed(app).await.referral;
    let (helen, again) = (added(app, helen()).await, added(app, again()).await);
    does(app, &again, ContactAct::Verify, ContactKind::Fax, FAX)
        .await
        .unwrap();
    sent_by(app, &first, &again).await;
    let version = referral(app, &first).await.version;
    let entries = [entry(app, &helen).await, entry(app, &again).await];
    let both = [contacts_of(app, &helen).await, contacts_of(app, &again).await];
    let mut tx = app.db.read().await.unwrap();
    let pairs = directory::duplicates(&mut tx).await.unwrap();
    assert_eq!(pairs.len(), 1);
    assert!(pairs[0].alike.contains(&Likeness::PracticeAndName) && !pairs[0].two_practices);
    drop(tx);

    let merge = merged(app, &helen, &again).await;
    assert_eq!(merge.referrals, 1);
    let one = entry(app, &helen).await;
    assert_eq!(
        (one.name.as_deref(), one.npi.as_deref()),
        (Some("Helen Adeyemi"), Some(NPI))
    );
    assert_eq!(
        (one.fax.as_deref(), one.specialty.as_deref()),
        (Some(FAX), Some("Family medicine"))
    );
    let fax = contacts_of(app, &helen)
        .await
        .into_iter()
        .find(|contact| contact.kind == ContactKind::Fax);
    assert_eq!(
        fax.unwrap().evidence,
        Some(Evidence::Person),
        "what was verified stays verified"
    );
    let followed = referral(app, &first).await;
    assert_eq!(followed.referrer.as_ref().unwrap().entry, helen);
    assert_eq!(
        (followed.referrer.unwrap().basis, followed.version),
        (ReferrerBasis::Person, version + 1)
    );
    let mut tx = app.db.read().await.unwrap();
    let found = store::directory::find_by_contact(&mut tx, ContactKind::Fax, FAX)
        .await
        .unwrap();
    assert_eq!(found.iter().map(|entry| &entry.id).collect::<Vec<_>>(), [&helen]);
    assert_eq!(store::directory::list(&mut tx, None, 10).await.unwrap().len(), 1);
    assert!(directory::duplicates(&mut tx).await.unwrap().is_empty());
    let standing = store::directory::standing(&mut tx, &again).await.unwrap().unwrap();
    assert_eq!(standing.id, helen);
    drop(tx);

    // What comes after the merge stays with the survivor.
    let second = referral_of_fax(app, "fax-9").await;
    sent_by(app, &second, &again).await;
    assert_eq!(
        referrer(app, &second).await,
        helen,
        "the merged entry is not chosen any more"
    );
    assert_eq!(undone(app, &merge).await.unwrap().referrals, 1);
    let restored = [entry(app, &helen).await, entry(app, &again).await];
    assert_eq!(restored.map(without_version), entries.map(without_version));
    assert_eq!([contacts_of(app, &helen).await, contacts_of(app, &again).await], both);
    assert_eq!(
        (referrer(app, &first).await, referrer(app, &second).await),
        (again.clone(), helen.clone())
    );
    assert!(matches!(undone(app, &merge).await, Err(MergeError::Undone)));

    let mut tx = app.db.read().await.unwrap();
    let rows = store::audit::of_resource(&mut tx, "directory_entry", helen.as_str())
        .await
        .unwrap();
    let acts: Vec<&str> = rows.iter().map(|row| row.action.as_str()).collect();
    assert_eq!(
        acts,
        ["add_directory_entry", "merge_directory_entries", "undo_directory_merge"]
    );
    assert!(
        rows.iter()
            .all(|row| !row.detail.contains("Adeyemi") && !row.detail.contains(FAX))
    );
    assert!(store::audit::verify(&mut tx).await.unwrap().wrong.is_empty());
});

on_both!(nothing_is_undone_that_something_rests_on, async |db: TestDb| {
    let house = House::new(&db).await;
    let app = &house.app;
    let (a, b) = (added(app, helen()).await, added(app, again()).await);
    let practice = |name: &str| NewEntry {
        organization: some(name),
        ..NewEntry::default()
    };
    let (c, d) = (
        added(app, practice("Willow Creek")).await,
        added(app, practice("Willow")).await,
    );
    let first = merged(app, &a, &b).await;
    let second = merged(app, &a, &c).await;
    let refused = undone(app, &first).await.unwrap_err();
    assert!(
        matches!(&refused, MergeError::OnTop(later) if *later == second.id),
        "{refused}"
    );
    let third = merged(app, &d, &a).await;
    assert!(matches!(undone(app, &second).await, Err(MergeError::Further)));
    // In the order in which they came they can all be undone.
    for merge in [&third, &second] {
        undone(app, merge).await.unwrap();
    }
    let looked_at = entry(app, &a).await;
    let person = |specialty: &str| Person {
        name: looked_at.name.clone(),
        organization: looked_at.organization.clone(),
        npi: looked_at.npi.clone(),
        specialty: some(specialty),
    };
    let edits = async |version, specialty| {
        let now = app.clock.now();
        directory::edit(&app.db, &Actor::Operator, &a, version, person(specialty), now).await
    };
    let edited = edits(looked_at.version, "Cardiology").await.unwrap();
    assert!(matches!(
        edits(looked_at.version, "Oncology").await,
        Err(DirectoryError::Stale)
    ));
    assert!(matches!(undone(app, &first).await, Err(MergeError::Changed)));
    assert!(entry(app, &b).await.merged_into.is_some(), "a refusal changes nothing");
    edits(edited.version, "Family medicine").await.unwrap();
    undone(app, &first).await.unwrap();
    assert_eq!(entry(app, &b).await.merged_into, None);
});

on_both!(what_was_verified_since_goes_back_with_its_owner, async |db: TestDb| {
    let house = House::new(&db).await;
    let app = &house.app;
    let (a, b) = (added(app, helen()).await, added(app, again()).await);
    let merge = merged(app, &a, &b).await;
    does(app, &a, ContactAct::Verify, ContactKind::Fax, FAX).await.unwrap();
    does(app, &a, ContactAct::Add, ContactKind::Phone, "503 555 0142")
        .await
        .unwrap();
    // The first of its kind is the preferred one, and that changed the entry.
    assert!(matches!(undone(app, &merge).await, Err(MergeError::Changed)));
    does(app, &a, ContactAct::Remove, ContactKind::Phone, "(503) 555-0142")
        .await
        .unwrap();
    undone(app, &merge).await.unwrap();
    let theirs = contacts_of(app, &b).await;
    assert!(theirs.iter().all(Contact::is_verified), "{theirs:?}");
    let ours = contacts_of(app, &a).await;
    assert!(
        ours.iter().all(|contact| contact.kind == ContactKind::Direct),
        "{ours:?}"
    );
});

on_both!(only_what_may_be_one_is_merged, async |db: TestDb| {
    let house = House::new(&db).await;
    let app = &house.app;
    let (a, b) = (added(app, helen()).await, added(app, again()).await);
    let other = NewEntry {
        npi: some("1003000126"),
        ..again()
    };
    let other = added(app, other).await;
    let now = app.clock.now();
    let merging = async |survivor: &DirectoryId, loser: &DirectoryId, expected| {
        directory::merge(&app.db, &Actor::Operator, (survivor, loser), expected, now).await
    };
    assert!(matches!(merging(&a, &a, None).await, Err(MergeError::Same)));
    assert!(matches!(merging(&a, &other, None).await, Err(MergeError::TwoNpis)));
    assert!(matches!(merging(&a, &b, Some([1, 2])).await, Err(MergeError::Stale)));
    assert!(matches!(
        merging(&a, &DirectoryId::new(now), None).await,
        Err(MergeError::NotFound)
    ));
    // Two people merge the same two, each the other way round: one of them is first.
    let (one, two) = tokio::join!(merging(&a, &b, Some([1, 1])), merging(&b, &a, Some([1, 1])));
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    assert!(matches!(one.and(two), Err(MergeError::Gone)));
});

on_both!(what_was_told_apart_is_not_asked_again, async |db: TestDb| {
    let house = House::new(&db).await;
    let app = &house.app;
    let (a, b) = (added(app, helen()).await, added(app, again()).await);
    let pairs = async || {
        let mut tx = app.db.read().await.unwrap();
        directory::duplicates(&mut tx).await.unwrap().len()
    };
    assert_eq!(pairs().await, 1);
    for pair in [[&b, &a], [&a, &b]] {
        directory::tell_apart(&app.db, &Actor::Operator, pair, app.clock.now())
            .await
            .unwrap();
        assert_eq!(pairs().await, 0);
    }
});

on_both!(what_was_told_apart_stays_so_after_a_merge, async |db: TestDb| {
    let test = TestApp::new(db).await;
    let app = &test.app;
    let (a, b) = (added(app, helen()).await, added(app, again()).await);
    let third = NewEntry {
        name: some("Dr. Helen Adeyemi"),
        organization: some("Willow Creek Family Medicine"),
        ..NewEntry::default()
    };
    let c = added(app, third).await;
    let asked = async || {
        let mut tx = app.db.read().await.unwrap();
        let found = directory::duplicates(&mut tx).await.unwrap();
        let ids = found.into_iter().map(|pair| pair.entries.map(|entry| entry.id));
        ids.collect::<Vec<_>>()
    };
    assert_eq!(asked().await.len(), 3);
    directory::tell_apart(&app.db, &Actor::Operator, [&b, &a], app.clock.now())
        .await
        .unwrap();
    let merge = merged(app, &c, &b).await;
    assert!(asked().await.is_empty(), "what is not a part of it is not the whole");
    undone(app, &merge).await.unwrap();
    let mut pairs = asked().await;
    pairs.sort();
    assert_eq!(pairs, [[a.clone(), c.clone()], [b.clone(), c.clone()]]);
    // Of both, whoever they became.
    let first = merged(app, &c, &a).await;
    assert!(asked().await.is_empty());
    undone(app, &first).await.unwrap();
    assert_eq!(asked().await.len(), 2);
});

on_both!(an_entry_has_several_numbers_and_one_is_preferred, async |db: TestDb| {
    let house = House::new(&db).await;
    let app = &house.app;
    let id = added(app, helen()).await;
    let other = "desk@direct.willowcreek.example";
    let direct = async || entry(app, &id).await.direct_address;
    does(
        app,
        &id,
        ContactAct::Add,
        ContactKind::Direct,
        "Desk@Direct.WillowCreek.example",
    )
    .await
    .unwrap();
    assert_eq!(direct().await.as_deref(), Some(HELEN), "the first one stays");
    does(app, &id, ContactAct::Prefer, ContactKind::Direct, other)
        .await
        .unwrap();
    assert_eq!(direct().await.as_deref(), Some(other));
    does(app, &id, ContactAct::Remove, ContactKind::Direct, other)
        .await
        .unwrap();
    assert_eq!(direct().await.as_deref(), Some(HELEN), "another takes its place");
    let gone = does(app, &id, ContactAct::Verify, ContactKind::Direct, other).await;
    assert!(matches!(gone, Err(DirectoryError::NoSuchContact)), "{gone:?}");
    let none = does(app, &id, ContactAct::Check, ContactKind::Direct, HELEN).await;
    assert!(matches!(none, Err(DirectoryError::NoCertificate)), "{none:?}");
    let wrong = does(app, &id, ContactAct::Add, ContactKind::Fax, "12").await;
    assert!(
        matches!(wrong, Err(DirectoryError::Field { field: "fax", .. })),
        "{wrong:?}"
    );

    does(app, &id, ContactAct::Verify, ContactKind::Direct, HELEN)
        .await
        .unwrap();
    let known = contacts_of(app, &id).await.remove(0);
    assert_eq!(
        (known.evidence, known.verified_by.as_deref()),
        (Some(Evidence::Person), Some("operator"))
    );
    does(app, &id, ContactAct::Unverify, ContactKind::Direct, HELEN)
        .await
        .unwrap();
    assert!(!contacts_of(app, &id).await.remove(0).is_verified());

    // A file that says otherwise takes the old address away: it is theirs no longer.
    let moved = NewEntry {
        direct_address: some(other),
        ..helen()
    };
    let moved = directory::checked(moved, app.clock.now()).unwrap();
    directory::import(&app.db, &Actor::Operator, vec![moved], app.clock.now())
        .await
        .unwrap();
    let values: Vec<String> = contacts_of(app, &id)
        .await
        .into_iter()
        .map(|contact| contact.value)
        .collect();
    assert_eq!(values, [other]);
});

on_both!(entries_are_searched_and_sorted_out, async |db: TestDb| {
    let house = House::new(&db).await;
    let app = &house.app;
    let (helen, again) = (added(app, helen()).await, added(app, again()).await);
    let found = async |text: &str, only| {
        let mut tx = app.db.read().await.unwrap();
        let wanted = Wanted {
            text: text.to_owned(),
            only,
        };
        let found = store::directory::search(&mut tx, &wanted, None, 10).await.unwrap();
        found.into_iter().map(|entry| entry.id).collect::<Vec<_>>()
    };
    let both = [again.clone(), helen.clone()];
    for (text, expect) in [
        ("", &both[..]),
        ("adeyemi willow", &both[..]),
        ("(503) 555-0143", &both[..1]),
        ("0143", &both[..1]),
        (NPI, &both[1..]),
        ("HELEN.ADEYEMI@", &both[1..]),
        ("family medicine", &both[..]),
        ("nobody", &[]),
        ("%", &[]),
    ] {
        let mut expect = expect.to_vec();
        let mut got = found(text, Only::All).await;
        expect.sort();
        got.sort();
        assert_eq!(got, expect, "{text}");
    }
    assert_eq!(found("", Only::WithoutNpi).await, both[..1]);
    assert_eq!(found("", Only::WithoutAddress).await, both[..1]);
    assert_eq!(found("", Only::Unverified).await.len(), 2);
    does(app, &again, ContactAct::Verify, ContactKind::Fax, FAX)
        .await
        .unwrap();
    assert_eq!(found("", Only::Unverified).await, both[1..]);

    let mut tx = app.db.read().await.unwrap();
    let all = Wanted::default();
    let first = store::directory::search(&mut tx, &all, None, 1)
        .await
        .unwrap()
        .remove(0);
    let second = store::directory::search(&mut tx, &all, Some(&first.id), 2)
        .await
        .unwrap();
    assert_eq!(second.len(), 1);
    assert_ne!(second[0].id, first.id);
});

on_both!(whoever_may_have_sent_it_is_named_with_reasons, async |db: TestDb| {
    let house = House::new(&db).await;
    let app = &house.app;
    let id = seed(app).await.referral;
    // The seeded fax came from this number; its page names Helen Adeyemi, but no practice.
    let (helen, again) = (added(app, helen()).await, added(app, again()).await);
    let of = async || {
        let referral = referral(app, &id).await;
        let mut tx = app.db.read().await.unwrap();
        let found = candidates(&mut tx, &referral).await.unwrap();
        found
            .into_iter()
            .map(|found| (found.entry.id, found.reasons))
            .collect::<Vec<_>>()
    };
    assert_eq!(of().await, [(again.clone(), vec![ReferrerBasis::FaxNumber])]);
    does(app, &helen, ContactAct::Add, ContactKind::Fax, FAX).await.unwrap();
    let number = vec![ReferrerBasis::FaxNumber];
    assert_eq!(
        of().await,
        [(helen.clone(), number.clone()), (again.clone(), number.clone())]
    );
    merged(app, &helen, &again).await;
    assert_eq!(of().await, [(helen, number)]);
});

on_both!(a_sender_is_found_by_a_further_address, async |db: TestDb| {
    let test = TestApp::new(db).await;
    let elsewhere = NewEntry {
        name: some("Somebody Else"),
        organization: some("Another Practice"),
        direct_address: some("desk@direct.willowcreek.example"),
        ..NewEntry::default()
    };
    let id = added(&test.app, elsewhere).await;
    does(&test.app, &id, ContactAct::Add, ContactKind::Direct, HELEN)
        .await
        .unwrap();
    let fax = test.fax_in("fax-1", sample("clean-referral/fax.tif")).await;
    test.run_jobs().await;
    let referral = test.referrals_of(&fax).await.remove(0);
    let referrer = test.referral(&referral).await.referrer.unwrap();
    assert_eq!((referrer.entry, referrer.basis), (id, ReferrerBasis::DirectAddress));
});

on_both!(a_merged_practice_keeps_its_people, async |db: TestDb| {
    let house = House::new(&db).await;
    let app = &house.app;
    let (helen, again) = (added(app, helen()).await, added(app, again()).await);
    let now = app.clock.now();
    let user = accounts::add(&app.db, "nora", Role::Referrer, "a long enough password", now)
        .await
        .unwrap();
    let grant = Grant {
        practice: Some(again.clone()),
        ..Grant::of(Role::Referrer)
    };
    let mut tx = app.db.begin().await.unwrap();
    store::grants::add(&mut tx, &user.id, &grant, "operator", now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let practices = async || {
        let mut tx = app.db.read().await.unwrap();
        let access = store::grants::of(&mut tx, &user.id).await.unwrap();
        access.practices().into_iter().cloned().collect::<Vec<_>>()
    };
    assert_eq!(practices().await.first(), Some(&again));
    let merge = merged(app, &helen, &again).await;
    assert_eq!(practices().await, [helen]);
    undone(app, &merge).await.unwrap();
    assert_eq!(practices().await, [again]);
});

on_both!(only_who_may_for_all_sites_changes_the_directory, async |db: TestDb| {
    let house = House::new(&db).await;
    let app = &house.app;
    let (helen, again) = (added(app, helen()).await, added(app, again()).await);
    let now = app.clock.now();
    let of_one_site = Grant {
        site: Some(SiteKey::main()),
        ..Grant::of(Role::Coordinator)
    };
    for access in [Access::of(Role::Reviewer), Access::new(vec![of_one_site])] {
        let actor = Actor::User {
            id: UserId::new(now),
            name: "bo".to_owned(),
            access,
        };
        let merging = directory::merge(&app.db, &actor, (&helen, &again), None, now).await;
        assert!(matches!(merging, Err(MergeError::Denied(_))), "{merging:?}");
        let contact = (ContactKind::Direct, HELEN);
        let verifying = change_contact(&app.db, &actor, &helen, ContactAct::Verify, contact, now).await;
        assert!(matches!(verifying, Err(DirectoryError::Denied(_))), "{verifying:?}");
    }
});
