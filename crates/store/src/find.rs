//! Lists of records: by columns, in an order, a page at a time.

use std::fmt::Write;
use std::marker::PhantomData;

use crate::engine::Value;
use crate::record::{Kept, Record, read};
use crate::{Store, StoreError, statement};

/// What is looked for. Without a condition it is all of them, a page at a time.
#[derive(Clone, Debug)]
pub struct Find<T> {
    conditions: Vec<(&'static str, Means, Value)>,
    order: Option<(&'static str, bool)>,
    page: (i64, i64),
    of: PhantomData<T>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Means {
    Is,
    AtLeast,
    AtMost,
    BeginsWith,
}

/// The longest page.
const MOST: i64 = 10_000;

impl<T: Record> Find<T> {
    pub fn all() -> Find<T> {
        Find { conditions: Vec::new(), order: None, page: (0, 1_000), of: PhantomData }
    }

    pub fn by(column: &'static str, value: impl Into<Value>) -> Find<T> {
        Find::all().and(column, value)
    }

    #[must_use]
    pub fn and(mut self, column: &'static str, value: impl Into<Value>) -> Find<T> {
        self.conditions.push((column, Means::Is, value.into()));
        self
    }

    #[must_use]
    pub fn at_least(mut self, column: &'static str, value: impl Into<Value>) -> Find<T> {
        self.conditions.push((column, Means::AtLeast, value.into()));
        self
    }

    #[must_use]
    pub fn at_most(mut self, column: &'static str, value: impl Into<Value>) -> Find<T> {
        self.conditions.push((column, Means::AtMost, value.into()));
        self
    }

    /// Texts that begin so, as they are written.
    #[must_use]
    pub fn begins(mut self, column: &'static str, text: &str) -> Find<T> {
        self.conditions.push((column, Means::BeginsWith, text.into()));
        self
    }

    #[must_use]
    pub fn order(mut self, column: &'static str) -> Find<T> {
        self.order = Some((column, true));
        self
    }

    #[must_use]
    pub fn latest(mut self, column: &'static str) -> Find<T> {
        self.order = Some((column, false));
        self
    }

    #[must_use]
    pub fn page(mut self, skip: i64, most: i64) -> Find<T> {
        self.page = (skip.max(0), most.clamp(0, MOST));
        self
    }

    fn filter(&self) -> Result<(String, Vec<Value>), StoreError> {
        let mut sql = String::new();
        let mut values = Vec::new();
        for (nth, (column, means, value)) in self.conditions.iter().enumerate() {
            let column = known::<T>(column)?;
            sql.push_str(if nth == 0 { " WHERE " } else { " AND " });
            let place = values.len() + 1;
            let _ = match means {
                Means::Is if matches!(value, Value::Text(None) | Value::Int(None)) => {
                    let _ = write!(sql, "{column} IS NULL");
                    continue;
                }
                Means::Is => write!(sql, "{column} = ${place}"),
                Means::AtLeast => write!(sql, "{column} >= ${place}"),
                Means::AtMost => write!(sql, "{column} <= ${place}"),
                // A range would follow the collation of PostgreSQL; this is the same on both.
                Means::BeginsWith => write!(sql, "substr({column}, 1, length(${place})) = ${place}"),
            };
            values.push(value.clone());
        }
        Ok((sql, values))
    }
}

pub(crate) fn known<T: Record>(name: &'static str) -> Result<&'static str, StoreError> {
    if name == T::KEY || T::COLUMNS.contains(&name) {
        Ok(name)
    } else {
        Err(StoreError::NoColumn { kind: T::TABLE, name })
    }
}

impl Store {
    /// # Errors
    /// When there is none, or it cannot be read.
    pub async fn get<T: Record>(&self, id: &str) -> Result<Kept<T>, StoreError> {
        self.maybe(id).await?.ok_or_else(|| StoreError::Missing { kind: T::TABLE, id: id.to_owned() })
    }

    /// # Errors
    /// When it cannot be read.
    pub async fn maybe<T: Record>(&self, id: &str) -> Result<Option<Kept<T>>, StoreError> {
        let sql = format!("{} WHERE {} = $1", statement::select::<T>(), T::KEY);
        self.engine.one(&sql, &[id.into()]).await?.map(|row| read(&row)).transpose()
    }

    /// # Errors
    /// When a column is none of the record, or one cannot be read.
    pub async fn find<T: Record>(&self, find: Find<T>) -> Result<Vec<Kept<T>>, StoreError> {
        let (filter, values) = find.filter()?;
        let order = match find.order {
            Some((column, true)) => format!("{}, {}", known::<T>(column)?, T::KEY),
            Some((column, false)) => format!("{} DESC, {}", known::<T>(column)?, T::KEY),
            None => T::KEY.to_owned(),
        };
        let (skip, most) = find.page;
        let sql = format!("{}{filter} ORDER BY {order} LIMIT {most} OFFSET {skip}", statement::select::<T>());
        self.engine.all(&sql, &values).await?.iter().map(read).collect()
    }

    /// How many there are, without reading them; order and page do not matter.
    ///
    /// # Errors
    /// When a column is none of the record.
    pub async fn count<T: Record>(&self, find: Find<T>) -> Result<i64, StoreError> {
        let (filter, values) = find.filter()?;
        let sql = format!("SELECT count(*) FROM {}{filter}", T::TABLE);
        self.engine.one(&sql, &values).await?.map_or(Ok(0), |row| row.int(0))
    }

    /// How many there are of each value of a column, such as the stages of a session.
    ///
    /// # Errors
    /// When a column is none of the record.
    pub async fn tally<T: Record>(
        &self,
        column: &'static str,
        find: Find<T>,
    ) -> Result<Vec<(String, i64)>, StoreError> {
        let (filter, values) = find.filter()?;
        let column = known::<T>(column)?;
        let sql = format!("SELECT {column}, count(*) FROM {}{filter} GROUP BY {column} ORDER BY {column}", T::TABLE);
        let rows = self.engine.all(&sql, &values).await?;
        rows.iter().map(|row| Ok((row.maybe_text(0)?.unwrap_or_default(), row.int(1)?))).collect()
    }
}
