//! Encrypted objects: where bytes lie, and whose keys open them.
