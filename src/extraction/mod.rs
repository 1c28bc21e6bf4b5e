//! Pages in, fields out: kinds, splits, values with confidence and box, gaps. Pure.
