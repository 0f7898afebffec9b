//! A session with those of it whom somebody sees, as jurors and invigilators are shown it.

use app::console::Records;
use app::console::programme::Session;

use crate::ladder::both_side;
use crate::shell::Shell;
use crate::telling;

/// One session, ready to be shown.
pub(crate) struct Sitting<Row> {
    pub name: String,
    pub state: String,
    pub rows: Vec<Row>,
}

impl<Row> Sitting<Row> {
    pub(crate) fn of(shell: &Shell, records: &Records, session: &Session, rows: Vec<Row>) -> Self {
        let title = records.title(&session.title).map_or("", |title| both_side(shell, &title.name));
        let state = telling::session_state(shell.words, session.state);
        Self { name: format!("{title} · {}", session.name), state, rows }
    }
}
