//! Small repositories with fixed names and dates, so that their ids never change.

pub use app::cases::make;
pub use extract::git::draft_on as add;
