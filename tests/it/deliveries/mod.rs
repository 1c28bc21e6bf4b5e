//! What a gateway says it delivered, held against what is here.

mod by_hand;
mod lists;
mod phaxio;
