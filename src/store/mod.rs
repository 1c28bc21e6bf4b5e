//! All SQL, one file an aggregate.
