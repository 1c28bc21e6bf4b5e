//! Pairs that share a blocking key, each once.

use crate::febrl::Record;
use crate::halves;
use referloop::domain::matching::{BlockingKey, blocking_keys};

/// Places of both in their lists.
pub type Pair = (u32, u32);

/// Who in `known` may be who in `asked`.
pub fn between(asked: &[Record], known: &[Record]) -> Vec<Pair> {
    let hashes = |record: &Record| -> Vec<u64> {
        let keys = blocking_keys(&record.person);
        keys.iter().map(hash).collect()
    };
    let index = Index::of(&halves::map(known, hashes));
    let found = halves::map(asked, |record| {
        let mut found = Vec::new();
        for hash in hashes(record) {
            found.extend(index.holders(hash));
        }
        found.sort_unstable();
        found.dedup();
        found
    });
    let pairs_of = |(one, others): (u32, Vec<u32>)| others.into_iter().map(move |other| (one, other));
    (0..).zip(found).flat_map(pairs_of).collect()
}

/// Who in one list may be one.
pub fn within(records: &[Record]) -> Vec<Pair> {
    let mut pairs = between(records, records);
    pairs.retain(|(one, other)| one < other);
    pairs
}

/// Eight bytes a step, as databases hash what they join by. A collision costs one comparison more.
fn hash(key: &BlockingKey) -> u64 {
    let mix = |hash: u64, word: u64| (hash.rotate_left(23) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    key.text
        .as_bytes()
        .chunks(8)
        .fold(mix(1, key.kind as u64), |hash, bytes| {
            let mut word = [0; 8];
            word[..bytes.len()].copy_from_slice(bytes);
            mix(hash, u64::from_le_bytes(word))
        })
}

/// Who holds a key, by its hash: a store keeps hashes too.
struct Index {
    /// In the order of the slots.
    holders: Vec<(u64, u32)>,
    /// Where each slot begins, and the end.
    begins: Vec<usize>,
}

/// Of a hash, the bits that name its slot.
const SLOT_BITS: u32 = 16;

impl Index {
    fn of(hashes: &[Vec<u64>]) -> Self {
        let mut begins = vec![0; (1 << SLOT_BITS) + 1];
        for hash in hashes.iter().flatten() {
            begins[slot(*hash) + 1] += 1;
        }
        for at in 1..begins.len() {
            begins[at] += begins[at - 1];
        }
        let mut free = begins.clone();
        let mut holders = vec![(0, 0); begins[1 << SLOT_BITS]];
        for (at, of_one) in (0..).zip(hashes) {
            for hash in of_one {
                let place = &mut free[slot(*hash)];
                holders[*place] = (*hash, at);
                *place += 1;
            }
        }
        Self { holders, begins }
    }

    fn holders(&self, hash: u64) -> impl Iterator<Item = u32> {
        let slot = slot(hash);
        let in_slot = &self.holders[self.begins[slot]..self.begins[slot + 1]];
        in_slot
            .iter()
            .filter(move |(other, _)| *other == hash)
            .map(|(_, at)| *at)
    }
}

fn slot(hash: u64) -> usize {
    (hash >> (u64::BITS - SLOT_BITS)) as usize
}
