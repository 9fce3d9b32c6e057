//! What the targets share.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// What is read and written again is read the same.
pub fn comes_back<T: FromStr + Display>(text: &str) -> Option<T> {
    let read: T = text.parse().ok()?;
    let written = read.to_string();
    let again = written.parse::<T>().ok().map(|again| again.to_string());
    assert_eq!(again, Some(written));
    Some(read)
}

/// The same of JSON.
pub fn comes_back_as_json<T>(text: &str) -> Option<T>
where
    T: Serialize + DeserializeOwned + PartialEq + Debug,
{
    let read: T = serde_json::from_str(text).ok()?;
    let written = serde_json::to_string(&read).expect("JSON");
    let again: T = serde_json::from_str(&written).expect("what we wrote");
    assert_eq!(again, read);
    Some(read)
}
