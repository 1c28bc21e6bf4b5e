//! Pages of a list. A cursor is the last id of the page before: ids sort by their time, so a page never shifts.

use super::super::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

const LIMIT_DEFAULT: u32 = 50;
const LIMIT_MAX: u32 = 200;

/// `?limit=&cursor=`.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Paging {
    limit: Option<u32>,
    cursor: Option<String>,
}

impl Paging {
    pub fn limit(&self) -> Result<u32> {
        match self.limit.unwrap_or(LIMIT_DEFAULT) {
            limit @ 1..=LIMIT_MAX => Ok(limit),
            _ => Err(Error::malformed(format!("`limit` must be 1 to {LIMIT_MAX}."))),
        }
    }

    /// The id after which the page begins.
    pub fn after<Id: FromStr>(&self) -> Result<Option<Id>> {
        let parse = |cursor: &String| {
            cursor
                .parse()
                .map_err(|_| Error::malformed("`cursor` is not one of this list."))
        };
        self.cursor.as_ref().map(parse).transpose()
    }
}

/// One page. `next` is null at the end.
#[derive(Debug, Serialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Of a list that was asked for one more item than `limit`: whether there is a next page needs no second query.
    pub fn cut(mut items: Vec<T>, limit: u32, id: impl Fn(&T) -> String) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(id) } else { None };
        Self { items, next }
    }

    pub fn all(items: Vec<T>) -> Self {
        Self { items, next: None }
    }

    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(change).collect(),
            next: self.next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::ReferralId;

    #[test]
    fn the_last_page_has_no_next() {
        let page = Page::cut(vec![1, 2, 3], 2, ToString::to_string);
        assert_eq!((page.items, page.next.as_deref()), (vec![1, 2], Some("2")));
        let page = Page::cut(vec![1, 2], 2, ToString::to_string);
        assert_eq!((page.items, page.next), (vec![1, 2], None));
    }

    #[test]
    fn limits_and_cursors_are_checked() {
        let paging = |limit, cursor: Option<&str>| Paging {
            limit,
            cursor: cursor.map(str::to_owned),
        };
        assert_eq!(paging(None, None).limit(), Ok(50));
        assert!(paging(Some(0), None).limit().is_err());
        assert!(paging(Some(201), None).limit().is_err());
        assert!(paging(None, Some("x")).after::<ReferralId>().is_err());
        assert_eq!(paging(None, None).after::<ReferralId>(), Ok(None));
    }
}
