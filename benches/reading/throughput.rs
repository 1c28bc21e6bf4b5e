//! Forty pages by one child and by two, beside one and two processes of bare leptess.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::Instant;

use crate::packet::{self, Packet};
use crate::{floor, ours};

const PAGES: usize = 40;
const DELIVERY: &str = "fax_fine";

/// Wall seconds.
#[derive(Clone, Copy, Debug)]
pub struct Throughput {
    pub pages: usize,
    pub one_child: f64,
    pub two_children: f64,
    pub one_bare: f64,
    pub two_bare: f64,
}

impl Throughput {
    /// How much faster two are than one, ours against bare leptess.
    pub fn gain_against_bare(&self) -> f64 {
        (self.one_child / self.two_children) / (self.one_bare / self.two_bare)
    }
}

pub fn measure(packets: &[Packet], scratch: &Path) -> Option<Throughput> {
    let chosen: Vec<&Packet> = packets
        .iter()
        .filter(|p| p.delivery == DELIVERY)
        .take(PAGES / packet::PAGES_A_PACKET)
        .collect();
    let files: Vec<PathBuf> = chosen.iter().map(|packet| packet.file.clone()).collect();
    let document = fs::read(packet::joined(
        files.get(..).filter(|f| !f.is_empty())?,
        &scratch.join("throughput"),
    ))
    .unwrap();
    let pictures: Vec<&Path> = chosen.iter().flat_map(|packet| packet.pictures()).collect();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let by_children = |jobs: usize| {
        let pool = ours::pool(jobs);
        let started = Instant::now();
        runtime.block_on(pool.read(&document)).unwrap();
        started.elapsed().as_secs_f64()
    };
    // The library that our children use, so that only what is around it differs.
    let library = floor::newer_library();
    let by_bare = |processes: usize| {
        let started = Instant::now();
        let share = pictures.len().div_ceil(processes);
        let children: Vec<Child> = pictures
            .chunks(share)
            .map(|share| floor::start(share, library.as_deref()))
            .collect();
        for child in children {
            assert!(child.wait_with_output().unwrap().status.success());
        }
        started.elapsed().as_secs_f64()
    };
    // One after the other in turn, and the better of two: other work on the machine only ever adds time.
    let mut best = [f64::MAX; 4];
    for _ in 0..2 {
        let times = [by_children(1), by_bare(1), by_children(2), by_bare(2)];
        for (best, time) in best.iter_mut().zip(times) {
            *best = best.min(time);
        }
    }
    let [one_child, one_bare, two_children, two_bare] = best;
    Some(Throughput {
        pages: pictures.len(),
        one_child,
        two_children,
        one_bare,
        two_bare,
    })
}
