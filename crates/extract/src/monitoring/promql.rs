//! The metrics that a PromQL expression reads.

use std::collections::BTreeSet;

use promql_parser::parser::{Expr, parse};

/// The longest expression that is parsed, in bytes, and its deepest nesting: the parser recurses.
const LENGTH: usize = 10_000;
const DEPTH: usize = 60;

/// The names of the metrics, or why the expression cannot be read.
pub fn metrics(expression: &str) -> Result<Vec<String>, String> {
    if expression.len() > LENGTH || depth(expression) > DEPTH {
        return Err("the expression is too long or too deep".to_owned());
    }
    let parsed = parse(expression)?;
    let mut found = BTreeSet::new();
    collect(&parsed, &mut found);
    Ok(found.into_iter().collect())
}

/// How deep parentheses, and runs of signs that nest as much, go.
fn depth(expression: &str) -> usize {
    let (mut deepest, mut open, mut signs) = (0, 0_usize, 0);
    for byte in expression.bytes() {
        match byte {
            b'(' | b'[' | b'{' => open += 1,
            b')' | b']' | b'}' => open = open.saturating_sub(1),
            b'-' | b'+' => signs += 1,
            _ => {}
        }
        deepest = deepest.max(open);
    }
    deepest + signs / 4
}

fn collect(expression: &Expr, found: &mut BTreeSet<String>) {
    match expression {
        Expr::Aggregate(inner) => collect(&inner.expr, found),
        Expr::Unary(inner) => collect(&inner.expr, found),
        Expr::Paren(inner) => collect(&inner.expr, found),
        Expr::Subquery(inner) => collect(&inner.expr, found),
        Expr::Binary(inner) => {
            collect(&inner.lhs, found);
            collect(&inner.rhs, found);
        }
        Expr::VectorSelector(selector) => found.extend(selector.name.clone()),
        Expr::MatrixSelector(selector) => found.extend(selector.vs.name.clone()),
        Expr::Call(call) => call.args.args.iter().for_each(|argument| collect(argument, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_name_their_metrics() {
        let check =
            |expression: &str, expected: &[&str]| assert_eq!(metrics(expression).unwrap(), expected, "{expression}");
        check("up == 0", &["up"]);
        check(
            "sum(rate(http_requests_total{code=~\"5..\"}[5m])) by (job) / sum(rate(http_requests_total[5m])) > 0.1",
            &["http_requests_total"],
        );
        check("100 - avg(irate(node_cpu_seconds_total[5m])) > on() vector(1)", &["node_cpu_seconds_total"]);
    }

    #[test]
    fn hostile_expressions_are_refused() {
        for expression in [
            "(".repeat(9_000),
            "-".repeat(9_000),
            "a".repeat(20_000),
            "sum(".into(),
            String::new(),
            "é{".into(),
            "a[5".into(),
            "{}".into(),
            "1 +".into(),
            "]".into(),
        ] {
            assert!(metrics(&expression).is_err(), "{}", expression.len());
        }
    }
}
