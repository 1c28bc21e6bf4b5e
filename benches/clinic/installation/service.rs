//! The service's process, and what the system says of it.

use anyhow::ensure;
use std::process::{Child, Command};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub struct Service(Child);

/// The most that was seen, in bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Memory {
    pub service: u64,
    /// All reading children together.
    pub children: u64,
}

pub struct Watch {
    stop: oneshot::Sender<()>,
    task: JoinHandle<Memory>,
}

impl Watch {
    pub async fn end(self) -> Memory {
        let _ = self.stop.send(());
        self.task.await.unwrap_or_default()
    }
}

impl Service {
    pub fn new(process: Child) -> Self {
        Self(process)
    }

    /// Looks at the memory five times a second.
    pub fn watch(&self) -> Watch {
        let id = self.0.id();
        let (stop, mut stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            let mut most = Memory::default();
            while stopped
                .try_recv()
                .is_err_and(|error| error == oneshot::error::TryRecvError::Empty)
            {
                most.service = most.service.max(resident(id));
                most.children = most.children.max(children(id).into_iter().map(resident).sum());
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            most
        });
        Watch { stop, task }
    }

    /// Of the children that live; shows whether pages were recognised all the time.
    pub fn processor_seconds_of_children(&self) -> f64 {
        let ticks = |id: u32| -> u64 {
            let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
            let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
            [11, 12]
                .iter()
                .filter_map(|at| fields.get(*at)?.parse::<u64>().ok())
                .sum()
        };
        let waited_for = {
            let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.0.id())).unwrap_or_default();
            let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
            [13, 14]
                .iter()
                .filter_map(|at| fields.get(*at)?.parse::<u64>().ok())
                .sum::<u64>()
        };
        let alive: u64 = children(self.0.id()).into_iter().map(ticks).sum();
        (alive + waited_for) as f64 / 100.0
    }

    pub async fn stop(mut self) -> anyhow::Result<()> {
        let asked = Command::new("kill").arg(self.0.id().to_string()).status()?;
        ensure!(asked.success(), "the service had ended before");
        let begun = Instant::now();
        while self.0.try_wait()?.is_none() {
            ensure!(begun.elapsed() < Duration::from_secs(15), "the service did not stop");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn resident(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap_or_default();
    let kilobytes: u64 = line
        .split_whitespace()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    kilobytes * 1024
}

fn children(parent: u32) -> Vec<u32> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    let ids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    ids.filter(|id| {
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        stat.rsplit(") ").next().and_then(|rest| rest.split(' ').nth(1)) == Some(parent.to_string().as_str())
    })
    .collect()
}
