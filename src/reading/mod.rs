//! Bytes to upright pages with words, in a sandboxed child.
