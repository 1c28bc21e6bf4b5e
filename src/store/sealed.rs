//! Sealed columns: what stands in them opens only in its own table, row and column.

use super::{Error, Result, Tx};
use crate::crypto::Place;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The place of a sealed value, for sealing as for opening.
#[derive(Clone, Copy, Debug)]
pub struct Cell<'a> {
    pub table: &'static str,
    pub row: &'a str,
    pub column: &'static str,
}

impl<'a> Cell<'a> {
    pub fn new(table: &'static str, row: &'a str, column: &'static str) -> Self {
        Self { table, row, column }
    }

    fn place(self) -> Place<'a> {
        Place {
            table: self.table,
            row: self.row,
            column: self.column,
        }
    }

    fn inconsistent(self) -> Error {
        Error::inconsistent(self.table, self.row, self.column)
    }
}

impl Tx {
    pub fn seal(&self, cell: Cell<'_>, plain: &[u8]) -> Vec<u8> {
        self.keys().field.seal(cell.place(), plain)
    }

    pub fn unseal(&self, cell: Cell<'_>, sealed: &[u8]) -> Result<Vec<u8>> {
        self.keys()
            .field
            .open(cell.place(), sealed)
            .map_err(|_| cell.inconsistent())
    }

    pub fn unseal_text(&self, cell: Cell<'_>, sealed: &[u8]) -> Result<String> {
        String::from_utf8(self.unseal(cell, sealed)?).map_err(|_| cell.inconsistent())
    }

    pub fn seal_json<T: Serialize>(&self, cell: Cell<'_>, value: &T) -> Vec<u8> {
        let plain = serde_json::to_vec(value).expect("our types have text keys and finite numbers");
        self.seal(cell, &plain)
    }

    pub fn unseal_json<T: DeserializeOwned>(&self, cell: Cell<'_>, sealed: &[u8]) -> Result<T> {
        serde_json::from_slice(&self.unseal(cell, sealed)?).map_err(|_| cell.inconsistent())
    }
}
