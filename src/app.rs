//! App: every long-lived handle, built once by `main` or by a test.
