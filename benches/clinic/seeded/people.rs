//! Made-up people, each the same whenever its number is asked for.

use chrono::{Days, NaiveDate};
use referloop::domain::patient::Patient;

const STARTS: [&str; 24] = [
    "Mar", "Ok", "Que", "Lan", "Bel", "Cas", "Dor", "Fen", "Gal", "Har", "Iv", "Jun", "Kor", "Lem", "Mon", "Nor",
    "Ost", "Pal", "Ros", "Sand", "Tor", "Ull", "Var", "Win",
];
const MIDDLES: [&str; 16] = [
    "a", "e", "i", "o", "che", "del", "fi", "gan", "li", "mo", "na", "ri", "sto", "ti", "vi", "zu",
];
const ENDS: [&str; 20] = [
    "tti", "njo", "ler", "berg", "son", "well", "mann", "ez", "ski", "ova", "field", "ston", "ra", "do", "ric", "gue",
    "lin", "ton", "wick", "hall",
];
const GIVEN: [&str; 32] = [
    "Rosalind", "Omar", "Beatriz", "Helen", "Avery", "Noor", "Tomas", "Ingrid", "Malik", "Sofia", "Pavel", "Grace",
    "Diego", "Amina", "Victor", "Lucia", "Henry", "Yara", "Oscar", "Mei", "Jonas", "Carmen", "Felix", "Priya",
    "Samuel", "Elena", "Marcus", "Leila", "Hugo", "Naomi", "Ivan", "Ruth",
];

/// Numbers that look drawn, one behind the other.
pub struct Draw(u64);

impl Draw {
    pub fn of(number: u64) -> Self {
        Self(number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// SplitMix64.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    pub fn one_of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len() as u64) as usize]
    }
}

/// The patient of a referral. One in five referrals is about somebody who was referred before.
pub fn patient(referral: u64) -> Patient {
    let person = if referral % 5 == 4 { referral - 1 } else { referral };
    let mut draw = Draw::of(person);
    let family = [draw.one_of(&STARTS), draw.one_of(&MIDDLES), draw.one_of(&ENDS)].concat();
    let given = draw.one_of(&GIVEN);
    let first = NaiveDate::from_ymd_opt(1926, 1, 1).expect("a day");
    let born = first + Days::new(draw.below(36_000));
    Patient {
        name: Some(format!("{given} {family}")),
        birth_date: Some(born.to_string()),
        phones: vec![phone(&mut draw)],
        identifiers: vec![
            format!("WHP{:09}", draw.below(1_000_000_000)),
            format!("M-{:07}", draw.below(10_000_000)),
        ],
    }
}

/// No exchange ends in 11.
fn phone(draw: &mut Draw) -> String {
    let exchange = 100 * (2 + draw.below(8)) + 20 + draw.below(80);
    format!("+1503{exchange}{:04}", draw.below(10_000))
}
