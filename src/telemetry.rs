//! Logs without PHI, and metrics.
