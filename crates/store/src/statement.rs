//! Statements put together from the names of tables and columns, which are constants of this room and nothing else.

use std::fmt::Write;

use crate::record::{Record, Side};

/// `$1, $2, …` from a number on.
fn places(from: usize, count: usize) -> String {
    (from..from + count).map(|nth| format!("${nth}")).collect::<Vec<_>>().join(", ")
}

pub(crate) fn select<T: Record>() -> String {
    format!("SELECT {key}, body, revision FROM {table}", key = T::KEY, table = T::TABLE)
}

/// Values: id, columns, body, digest.
pub(crate) fn insert<T: Record>() -> String {
    let columns: String = T::COLUMNS.iter().map(|column| format!("{column}, ")).collect();
    format!(
        "INSERT INTO {table} ({key}, {columns}body, digest, revision) VALUES ({places}, 1)",
        table = T::TABLE,
        key = T::KEY,
        places = places(1, T::COLUMNS.len() + 3),
    )
}

/// Values: columns, body, digest, id, revision.
pub(crate) fn update<T: Record>() -> String {
    let mut sql = format!("UPDATE {} SET ", T::TABLE);
    for (nth, column) in T::COLUMNS.iter().chain(&["body", "digest"]).enumerate() {
        let _ = write!(sql, "{column} = ${}, ", nth + 1);
    }
    let next = T::COLUMNS.len() + 3;
    let _ = write!(sql, "revision = revision + 1 WHERE {} = ${next} AND revision = ${}", T::KEY, next + 1);
    sql
}

/// Values: id, revision.
pub(crate) fn guard<T: Record>() -> String {
    format!("UPDATE {} SET revision = revision + 1 WHERE {} = $1 AND revision = $2", T::TABLE, T::KEY)
}

/// Values: the owner's id.
pub(crate) fn clear(side: &Side) -> String {
    format!("DELETE FROM {} WHERE {} = $1", side.table, side.owner)
}

/// Values: the owner's id, then columns.
pub(crate) fn add(side: &Side) -> String {
    let places = places(1, side.columns.len() + 1);
    format!("INSERT INTO {} ({}, {}) VALUES ({places})", side.table, side.owner, side.columns.join(", "))
}
