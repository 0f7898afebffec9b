//! Which series an alert watches for their end: `up == 0`, `absent(…)`, `pg_up < 1`.

use promql_parser::label::{MatchOp, Matcher};
use promql_parser::parser::{BinaryExpr, Expr, VectorSelector, token};

/// The most series that one expression is said to watch.
const MOST: usize = 20;

/// The selectors whose end the expression tells, sorted. In front of each: `each` when a single series that ends is told,
/// `all` when it takes the end of all of them.
pub(super) fn watched(expression: &Expr) -> Vec<String> {
    let mut found = Vec::new();
    walk(expression, &mut found);
    found.sort();
    found.dedup();
    found.truncate(MOST);
    found
}

fn walk(expression: &Expr, found: &mut Vec<String>) {
    match expression {
        Expr::Paren(inner) => walk(&inner.expr, found),
        Expr::Unary(inner) => walk(&inner.expr, found),
        Expr::Subquery(inner) => walk(&inner.expr, found),
        Expr::Aggregate(inner) => walk(&inner.expr, found),
        Expr::Binary(inner) if is_end(inner) => {
            let together = aggregated(&inner.lhs);
            selectors(&inner.lhs, &mut |selector| {
                if is_sign_of_life(selector) {
                    found.push(shown(selector, together));
                }
            });
        }
        Expr::Binary(inner) => {
            walk(&inner.lhs, found);
            walk(&inner.rhs, found);
        }
        Expr::Call(call) if call.func.name.starts_with("absent") => {
            call.args.args.iter().for_each(|argument| {
                selectors(argument, &mut |selector| found.push(shown(selector, true)));
            });
        }
        Expr::Call(call) => call.args.args.iter().for_each(|argument| walk(argument, found)),
        _ => {}
    }
}

/// A comparison that holds when a sign of life is 0: `== 0`, `!= 1`, `< 1`, and less than something that is computed.
fn is_end(comparison: &BinaryExpr) -> bool {
    let against = match &*comparison.rhs {
        Expr::NumberLiteral(number) => Some(number.val),
        _ => None,
    };
    let op = comparison.op.id();
    match against {
        Some(number) if op == token::T_EQLC || op == token::T_LTE => number == 0.0,
        Some(number) if op == token::T_NEQ => number != 0.0,
        Some(number) => op == token::T_LSS && number > 0.0,
        None => op == token::T_LSS || op == token::T_NEQ,
    }
}

/// `up`, and what exporters say of what they export: `pg_up`, `probe_success`.
fn is_sign_of_life(selector: &VectorSelector) -> bool {
    name(selector).is_some_and(|name| name == "up" || name == "probe_success" || name.ends_with("_up"))
}

fn name(selector: &VectorSelector) -> Option<&str> {
    let by_label = || {
        let named = |matcher: &&Matcher| matcher.name == "__name__" && matcher.op == MatchOp::Equal;
        selector.matchers.matchers.iter().find(named).map(|matcher| &*matcher.value)
    };
    selector.name.as_deref().or_else(by_label)
}

/// Whether series are added up, so that one that ends may not show.
fn aggregated(expression: &Expr) -> bool {
    match expression {
        // The least of them shows the first that ends.
        Expr::Aggregate(inner) => inner.op.id() != token::T_MIN || aggregated(&inner.expr),
        Expr::Paren(inner) => aggregated(&inner.expr),
        Expr::Unary(inner) => aggregated(&inner.expr),
        Expr::Subquery(inner) => aggregated(&inner.expr),
        Expr::Binary(inner) => aggregated(&inner.lhs) || aggregated(&inner.rhs),
        Expr::Call(call) => call.args.args.iter().any(|argument| aggregated(argument)),
        _ => false,
    }
}

fn selectors(expression: &Expr, tell: &mut dyn FnMut(&VectorSelector)) {
    match expression {
        Expr::Paren(inner) => selectors(&inner.expr, tell),
        Expr::Unary(inner) => selectors(&inner.expr, tell),
        Expr::Subquery(inner) => selectors(&inner.expr, tell),
        Expr::Aggregate(inner) => selectors(&inner.expr, tell),
        Expr::Binary(inner) => {
            selectors(&inner.lhs, tell);
            selectors(&inner.rhs, tell);
        }
        Expr::Call(call) => call.args.args.iter().for_each(|argument| selectors(argument, tell)),
        Expr::VectorSelector(selector) => tell(selector),
        Expr::MatrixSelector(selector) => tell(&selector.vs),
        _ => {}
    }
}

/// Without offset and time, as the interface of Prometheus takes it.
fn shown(selector: &VectorSelector, together: bool) -> String {
    let plain = VectorSelector { offset: None, at: None, ..selector.clone() };
    format!("{} {plain}", if together { "all" } else { "each" })
}

#[cfg(test)]
mod tests {
    use super::super::promql::ends;

    #[test]
    fn what_an_alert_watches() {
        let check = |expression: &str, expected: &[&str]| assert_eq!(ends(expression), expected, "{expression}");
        check("up == 0", &["each up"]);
        check("up{job=~\"a|b\"} != 1", &["each up{job=~\"a|b\"}"]);
        check("min by (job) (up{job=\"a\"}) < 1", &["each up{job=\"a\"}"]);
        check("sum(up{job=\"a\"}) == 0", &["all up{job=\"a\"}"]);
        check("avg(up) by (job) < 0.5", &["all up"]);
        check("count(up{job=\"a\"} == 0) > 0", &["each up{job=\"a\"}"]);
        check("avg_over_time(up[5m]) < 0.9", &["each up"]);
        check("absent(orders_total)", &["all orders_total"]);
        check("absent_over_time(up{job=\"a\"}[2m] offset 1m)", &["all up{job=\"a\"}"]);
        check("pg_up == 0 or probe_success < 1", &["each pg_up", "each probe_success"]);
        check("{__name__=\"redis_up\"} == 0", &["each {__name__=\"redis_up\"}"]);
        // Not the end of anything.
        check("up == 1", &[]);
        check("up > 0", &[]);
        check("changes(up[5m]) > 3", &[]);
        check("rate(errors_total[1m]) > 0.1", &[]);
        check("node_filesystem_avail_bytes < 100", &[]);
        check("sum(", &[]);
    }
}
