//! Object format v1, field seal, blind index, key wrap, MAC. Pure.
