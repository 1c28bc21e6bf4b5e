//! All tests that need more than one pure module, in one binary.
mod architecture;
