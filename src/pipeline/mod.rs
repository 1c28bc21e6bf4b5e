//! Document to referral, one file a stage.
