//! The durable queue: lease, retry, quarantine, schedule. Knows no App.
