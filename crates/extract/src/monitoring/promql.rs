//! The metrics that a PromQL expression reads.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use promql_parser::label::MatchOp;
use promql_parser::parser::{Expr, VectorSelector, parse};
use regex::Regex;

use super::ends;

/// The longest expression that is parsed, in bytes, and its deepest nesting: the parser recurses.
const LENGTH: usize = 10_000;
const DEPTH: usize = 60;

/// The names of the metrics, or why the expression cannot be read.
pub fn metrics(expression: &str) -> Result<Vec<String>, String> {
    let mut found = BTreeSet::new();
    collect(&parsed(expression)?, &mut found);
    Ok(found.into_iter().collect())
}

/// The series that the expression watches for their end; see [`ends::watched`].
pub fn ends(expression: &str) -> Vec<String> {
    parsed(expression).map(|parsed| ends::watched(&parsed)).unwrap_or_default()
}

fn parsed(expression: &str) -> Result<Expr, String> {
    if expression.len() > LENGTH || depth(expression) > DEPTH {
        return Err("the expression is too long or too deep".to_owned());
    }
    parse(expression)
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
        Expr::VectorSelector(selector) => found.extend(named(selector)),
        Expr::MatrixSelector(selector) => found.extend(named(&selector.vs)),
        Expr::Call(call) => call.args.args.iter().for_each(|argument| collect(argument, found)),
        _ => {}
    }
}

/// The name of the metric that a selector asks for, in front of it or as `__name__`.
fn named(selector: &VectorSelector) -> Option<String> {
    let by_label =
        || selector.matchers.matchers.iter().find(|matcher| matcher.name == "__name__" && matcher.op == MatchOp::Equal);
    selector.name.clone().or_else(|| by_label().map(|matcher| matcher.value.clone()))
}

/// The metrics of an expression of a panel, whose variables Grafana fills in; none when it is no PromQL.
pub fn metrics_of_panel(expression: &str) -> Vec<String> {
    let mut names = metrics(&of_panel(expression)).unwrap_or_default();
    names.retain(|name| !name.contains(VARIABLE));
    names
}

/// The expression of a panel as Prometheus takes it: a variable among labels stands for all values.
pub fn of_panel(expression: &str) -> String {
    if !expression.contains(['$', '[']) {
        return expression.to_owned();
    }
    // Outside of quotes and ranges a variable stands for a number or for a label.
    let number = filled(expression, "1");
    if metrics(&number).is_ok() { number } else { filled(expression, VARIABLE) }
}

/// What a variable is replaced with where a word is needed.
const VARIABLE: &str = "grafana_variable";

static DOUBLE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\[\[(\w+)\]\]").expect("a fixed pattern"));
static EQUALS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"([^!=~<>\s])\s*=\s*("[^"]*\$|'[^']*\$)"#).expect("a fixed pattern"));

/// The expression with each `$name`, `${name}` and `[[name]]` replaced: in a range by a duration, in quotes by a pattern for
/// everything, elsewhere by `word`.
fn filled(expression: &str, word: &str) -> String {
    // The older form, which may itself stand in a range: `[[[interval]]]`.
    let expression = DOUBLE.replace_all(expression, "$${$1}");
    let expression = EQUALS.replace_all(&expression, "$1=~$2");
    let mut out = String::with_capacity(expression.len());
    let (mut range, mut quote) = (false, None);
    let mut rest = &*expression;
    while let Some(next) = rest.chars().next() {
        match (next, quote) {
            ('"' | '\'' | '`', None) => quote = Some(next),
            (_, Some(open)) if next == open => quote = None,
            ('[', None) => range = true,
            (']', None) => range = false,
            ('$', _) => {
                let name = &rest[1..];
                let end = if name.starts_with('{') {
                    name.find('}').map_or(name.len(), |at| at + 1)
                } else {
                    name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len())
                };
                // A dollar that ends a pattern is no variable; what must not match is a name that nothing has.
                out.push_str(match (quote, range) {
                    (Some(_), _) if end == 0 => "$",
                    (Some(_), _) if is_unlike(&out) => VARIABLE,
                    (Some(_), _) => ".*",
                    (None, true) => "5m",
                    (None, false) => word,
                });
                rest = &name[end..];
                continue;
            }
            _ => {}
        }
        out.push(next);
        rest = &rest[next.len_utf8()..];
    }
    out
}

/// Whether the quote that is open follows `!=` or `!~`.
fn is_unlike(before: &str) -> bool {
    let start = before.rfind(['"', '\'', '`']).unwrap_or_default();
    before[..start].trim_end().ends_with("!=") || before[..start].trim_end().ends_with("!~")
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
    fn panels_name_their_metrics() {
        let check =
            |expression: &str, expected: &[&str]| assert_eq!(metrics_of_panel(expression), expected, "{expression}");
        check("rate(a_total{job=~\"$job\"}[$__rate_interval])", &["a_total"]);
        check("topk($n, sum by (pod) (rate(b[${range}])))", &["b"]);
        check("sum(c) by ($label)", &["c"]);
        check("increase(d[[[interval]]])", &["d"]);
        check("{__name__=\"e_total\"}", &["e_total"]);
        check("sum(rate({app=\"x\"} |= \"error\" [5m]))", &[]);
        for hostile in ["$", "${", "[[", "$$$$", "\"$", "é$é", "${é", "]]"] {
            assert!(metrics_of_panel(hostile).is_empty(), "{hostile}");
        }
    }

    #[test]
    fn panels_become_queries() {
        let check = |expression: &str, expected: &str| assert_eq!(of_panel(expression), expected, "{expression}");
        check("up", "up");
        check(
            "rate(a{job=\"$job\", i=~\"$i\", p!=\"$p\"}[$__rate_interval])",
            "rate(a{job=~\".*\", i=~\".*\", p!=\"grafana_variable\"}[5m])",
        );
        check("a{x=~\"(api|web)$\"} > $limit", "a{x=~\"(api|web)$\"} > 1");
        check("sum(c) by ($label)", "sum(c) by (grafana_variable)");
        check("rate(b[[[range]]])", "rate(b[5m])");
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
