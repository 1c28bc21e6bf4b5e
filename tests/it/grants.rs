//! The table of roles in docs/security.md, cell by cell: what each role may do, where it was granted and where it was not.

use referloop::domain::access::{Access, Grant};
use referloop::domain::ids::UserId;
use referloop::domain::people::{Actor, Role};
use referloop::domain::permission::{Permission, Resource, authorize};
use referloop::domain::site::SiteKey;
use std::collections::BTreeMap;

/// Permission → for each role, whether the document says yes.
fn documented() -> BTreeMap<String, Vec<bool>> {
    let text = std::fs::read_to_string("docs/security.md").unwrap();
    let begin = "| permission | reviewer | coordinator | clinician | referrer | auditor | admin |";
    let table = text.split_once(begin).expect("the table of roles").1;
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let name = cells[0].trim_matches('`').to_owned();
        (name, cells[1..].iter().map(|cell| *cell == "yes").collect())
    })
    .collect()
}

fn actor(grant: Grant) -> Actor {
    Actor::User {
        id: UserId::new(chrono::DateTime::UNIX_EPOCH),
        name: "Ana".to_owned(),
        access: Access::new(vec![grant]),
    }
}

#[test]
fn every_cell_of_the_table_holds_at_the_own_site_and_only_there() {
    let table = documented();
    assert_eq!(table.len(), Permission::all().count());
    let (north, south): (SiteKey, SiteKey) = ("north".parse().unwrap(), "south".parse().unwrap());
    let mut cells = 0;
    for (column, role) in Role::ALL.into_iter().enumerate() {
        for permission in Permission::all() {
            let yes = table[permission.as_str()][column];
            let everywhere = actor(Grant::of(role));
            let at_north = actor(Grant {
                site: Some(north.clone()),
                ..Grant::of(role)
            });
            let on = |site| Resource::Referral {
                site,
                queue: Role::Reviewer,
                referrer: None,
            };
            for (who, resource, expected) in [
                (&everywhere, Resource::Installation, yes),
                (&everywhere, on(&north), yes),
                (&everywhere, on(&south), yes),
                (&everywhere, Resource::Arrival { site: &south }, yes),
                (&at_north, on(&north), yes),
                (&at_north, on(&south), false),
                (&at_north, Resource::Arrival { site: &north }, yes),
                (&at_north, Resource::Arrival { site: &south }, false),
                (&at_north, Resource::Installation, false),
            ] {
                let allowed = authorize(who, permission, resource).is_ok();
                assert_eq!(allowed, expected, "{role} {} {resource:?}", permission.as_str());
                cells += 1;
            }
        }
    }
    assert_eq!(cells, 6 * 33 * 9);
}
