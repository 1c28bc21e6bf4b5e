//! The configuration: defaults, then a file, then the environment.
