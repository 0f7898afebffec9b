//! Manifests, charts and overlays that refer to themselves or multiply.

use super::{Hostile, bomb, nested, one};

const CHART: (&str, &str) = ("chart/Chart.yaml", "apiVersion: v2\nname: app\nversion: 1.0.0\n");
const DEPLOYMENT: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {template: {spec: {containers: [{name: a, image: 'x:1'}]}}}\n";

fn chart(name: &str, template: impl Into<String>) -> Hostile {
    let template = template.into();
    Hostile::new(
        name,
        [
            (CHART.0, CHART.1.to_owned()),
            ("chart/values.yaml", "a: {b: c}\nlist: [1, 2]\n".to_owned()),
            ("chart/templates/a.yaml", template),
            ("chart/templates/whole.yaml", DEPLOYMENT.to_owned()),
        ],
    )
    // Whatever one template does, the other is read.
    .outcome("k8s.manifests", "met")
}

pub(super) fn cases() -> Vec<Hostile> {
    let mut cases = charts();
    cases.extend(overlays());
    cases
}

fn charts() -> Vec<Hostile> {
    let doubles: String = (0..40)
        .map(|n| {
            format!(
                "{{{{ define \"d{n}\" }}}}{{{{ include \"d{0}\" . }}}}{{{{ include \"d{0}\" . }}}}{{{{ end }}}}\n",
                n + 1
            )
        })
        .collect();
    vec![
        chart("a template that includes itself", "{{ define \"a\" }}{{ include \"a\" . }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}"),
        chart("templates that double", format!("{doubles}{{{{ include \"d0\" . }}}}")),
        chart("a range of a thousand million", "{{ range until 1000000000 }}x{{ end }}{{ range $i := untilStep 0 999999999 1 }}y{{ end }}"),
        chart("ranges in ranges", format!("{}x{}", "{{ range until 1000 }}".repeat(20), "{{ end }}".repeat(20))),
        chart("text that is repeated", "{{ repeat 1000000000 \"x\" }}{{ indent 999999999 \"x\" }}{{ nindent -5 \"x\" }}{{ repeat -1 \"y\" }}"),
        chart("repeats of repeats", "{{ $a := repeat 10000 \"x\" }}{{ range until 10000 }}{{ $a = printf \"%s%s\" $a $a }}{{ end }}{{ $a }}"),
        chart("blocks never closed", "{{ if .Values.a }}{{ range .Values.list }}{{ with . }}".repeat(3_000)),
        chart("blocks never opened", "{{ end }}{{ else }}".repeat(10_000)),
        chart("actions never closed", "{{ ".repeat(50_000)),
        chart("deep parentheses", format!("{{{{ {} }}}}", nested("(", ")", 30_000))),
        chart("deep blocks", format!("{}{}", "{{ if true }}".repeat(20_000), "{{ end }}".repeat(20_000))),
        chart("long pipelines", format!("{{{{ \"a\" {} }}}}", "| quote ".repeat(30_000))),
        chart("tpl of tpl", "{{ define \"t\" }}{{ tpl \"{{ include \\\"t\\\" . }}\" . }}{{ end }}{{ include \"t\" . }}"),
        chart("formats and patterns", "{{ printf \"%999999999d %-99999999s %*d\" 1 \"x\" 9 }}{{ regexMatch \"(a+)+{99999}$\" \"aaaa\" }}{{ substr -1 99999999 \"é\" }}{{ trunc -99999 \"é\" }}"),
        chart("numbers beyond numbers", "{{ add 9223372036854775807 1 }}{{ mul 9223372036854775807 9223372036854775807 }}{{ div 1 0 }}{{ mod 1 0 }}{{ sub -9223372036854775808 1 }}{{ div -9223372036854775808 -1 }}{{ index .Values.list 99999999999999999999 }}{{ index .Values.list -1 }}"),
        chart("a dict within itself", "{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ range until 30 }}{{ $_ := set $d \"d\" (list $d $d) }}{{ end }}{{ toYaml $d }}"),
        chart("comments and strings never closed", "{{/* {{ `a {{ \"b \\".repeat(5_000)),
        Hostile::new("values that are a bomb", [(CHART.0, CHART.1.to_owned()), ("chart/values.yaml", bomb(10)), ("chart/templates/a.yaml", DEPLOYMENT.to_owned())]),
        Hostile::new("a chart that depends on itself", [
            (CHART.0, "apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies: [{name: app, repository: 'file://.'}, {name: app, repository: 'file://../chart'}]\n"),
            ("chart/templates/a.yaml", DEPLOYMENT),
        ])
        .outcome("k8s.manifests", "met"),
        Hostile::new("charts in charts", (0..60).flat_map(|n| {
            let dir = "charts/a/".repeat(n);
            [(format!("c/{dir}Chart.yaml"), CHART.1.to_owned()), (format!("c/{dir}templates/a.yaml"), DEPLOYMENT.to_owned())]
        })),
    ]
}

fn overlays() -> Vec<Hostile> {
    let wide: String = (0..30).map(|n| format!("k/{n}")).fold(String::new(), |all, at| all + "- ../../" + &at + "\n");
    let patches: String =
        (0..3_000).map(|n| format!("  - patch: |-\n      - {{op: add, path: /spec/a~1{n}/-, value: x}}\n")).collect();
    vec![
        Hostile::new("overlays in a circle", [
            ("a/kustomization.yaml", "resources: [../b, ../a, all.yaml]\n"),
            ("b/kustomization.yaml", "resources: [../a]\nbases: [../b]\n"),
            ("a/all.yaml", DEPLOYMENT),
        ])
        .outcome("k8s.manifests", "met"),
        Hostile::new("overlays that double", (0..40).map(|n| (format!("o{n}/kustomization.yaml"), format!("resources: [../o{0}, ../o{0}]\n", n + 1))).chain([("o40/kustomization.yaml".to_owned(), "resources: [a.yaml]\n".to_owned()), ("o40/a.yaml".to_owned(), DEPLOYMENT.to_owned())])),
        Hostile::new("overlays all on all", (0..30).map(|n| (format!("k/{n}/kustomization.yaml"), format!("resources:\n{wide}")))),
        Hostile::new("thousands of patches", [("a/kustomization.yaml", format!("resources: [all.yaml]\npatches:\n{patches}")), ("a/all.yaml", DEPLOYMENT.to_owned())]),
        Hostile::new("patches of odd paths", [("a/kustomization.yaml", "resources: [all.yaml]\npatches:\n- patch: |-\n    - {op: replace, path: '', value: 1}\n    - {op: remove, path: '/'}\n    - {op: move, from: /a, path: /a/b}\n    - {op: add, path: /spec/template/spec/containers/999999999999, value: x}\n    - {op: copy, from: '', path: /spec/a}\n- path: ../../../../etc/passwd\n"), ("a/all.yaml", DEPLOYMENT)]),
        one("an overlay out of the tree", "a/kustomization.yaml", "resources: [../../../../etc, /etc/passwd, 'https://x/y']\nnamePrefix: {a: b}\nimages: [1, {name: [x]}]\n"),
        one("broken manifests", "k8s/a.yaml", format!("{DEPLOYMENT}---\n{{[\n")),
        one("a list of lists", "k8s/a.yaml", format!("apiVersion: v1\nkind: List\nitems: {}", nested("[{kind: List, items: ", "}]", 45))),
        one("a list of bombs", "k8s/a.yaml", format!("apiVersion: v1\nkind: Deployment\nspec:\n{}", bomb(10).replace('a', "  a"))),
        one("odd shapes of workloads", "k8s/a.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: [a]\nspec: {replicas: -9e999, template: {spec: {containers: {a: b}, initContainers: [1, [2]]}}}\n"),
        one("100,000 containers", "k8s/a.yaml", format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  containers:\n{}", "  - {name: a, image: x}\n".repeat(30_000))),
        one("quantities beyond numbers", "k8s/a.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: 'x:1', resources: {limits: {cpu: 99999999999999999999999, memory: -1Ei}}, ports: [{containerPort: 99999999999999}], securityContext: {runAsUser: -99999999999999999999}}]}\n").facts("k8s.container", 1),
    ]
}
