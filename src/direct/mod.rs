//! Direct as a protocol: MIME, CMS, certificates, MDN. Pure.
