//! The ways in and out: fax carriers and mail, one file each.
