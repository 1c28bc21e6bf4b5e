//! Outgoing documents: a referral and its note become a PDF letter.
