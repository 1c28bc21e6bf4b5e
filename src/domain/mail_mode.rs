//! Who seals and opens our messages.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum MailMode {
    /// We ourselves, with certificates of our own: partners' servers and ours exchange sealed messages.
    #[default]
    Agent,
    /// Our HISP. Between it and us messages are plain, over a channel that is encrypted and where both prove who they are.
    Edge,
}
