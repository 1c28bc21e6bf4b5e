//! Who is calling: login, sessions, tokens.
