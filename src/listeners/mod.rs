//! Bytes in by other protocols than HTTP: one call to the pipeline each.
