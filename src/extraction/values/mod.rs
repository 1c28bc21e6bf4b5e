//! Texts brought to the canonical form of their type, or refused with the reason.

pub(super) mod name;
mod strict;

pub(super) use strict::canonical;
