//! Renderings as a whole, and inputs that mean harm.

use super::objects;
use super::template::try_template;
use crate::Project;

fn render(template: &str, values: &str) -> String {
    let files = [
        ("c/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\nappVersion: \"2.3.4\"\n".to_owned()),
        ("c/values.yaml", values.to_owned()),
        ("c/templates/_helpers.tpl", "{{- define \"shop.labels\" -}}\napp: {{ .Chart.Name }}\n{{- end }}\n".to_owned()),
        ("c/templates/x.yaml", format!("apiVersion: v1\nkind: ConfigMap\ndata:\n  x: {template}\n")),
    ];
    let project = Project::in_memory(files);
    let rendered = objects(&project);
    match rendered.objects.first().filter(|object| object.sure) {
        Some(object) => object.root.at(&["data", "x"]).and_then(super::tree::Tree::text).unwrap_or_default(),
        None => rendered.unread.first().map_or("nothing".to_owned(), |unread| unread.reason.clone()),
    }
}

#[test]
fn templates_give_what_helm_gives() {
    let check =
        |template: &str, values: &str, expected: &str| assert_eq!(render(template, values), expected, "{template}");
    check("{{ .Values.a }}", "a: b", "b");
    check("{{ .Values.a | default \"z\" | quote }}", "a: ''", "z");
    check(
        "{{ if and .Values.a (not .Values.b) }}yes{{ else if .Values.b }}b{{ else }}no{{ end }}",
        "{a: 1, b: 0}",
        "yes",
    );
    check("{{ range $i, $e := .Values.a }}{{ $i }}{{ $e }}{{ end }}", "a: [x, y]", "0x1y");
    check("{{ range $k, $v := .Values.a }}{{ $k }}={{ $v }};{{ end }}", "a: {z: 1, b: 2}", "b=2;z=1;");
    check("{{ with .Values.a }}{{ .b }}-{{ $.Values.c }}{{ end }}", "{a: {b: 1}, c: 2}", "1-2");
    check("{{ $x := \"a\" }}{{ if true }}{{ $x = \"b\" }}{{ end }}{{ $x }}", "", "b");
    check("{{ printf \"%s:%s\" .Values.r (.Values.t | default .Chart.AppVersion) }}", "r: img", "img:2.3.4");
    check("{{ include \"shop.labels\" . | trimPrefix \"app: \" }}", "", "shop");
    check("{{ tpl .Values.t . }}", "t: '{{ .Chart.Name }}!'", "shop!");
    check("{{ ternary \"a\" \"b\" (eq .Values.n 3) }}", "n: 3", "a");
    check("{{ (index .Values.l 1).n }}", "l: [{n: a}, {n: b}]", "b");
    check("{{ list 1 2 3 | join \",\" }}", "", "1,2,3");
    check("{{ dict \"a\" 1 | toJson | quote }}", "", "{\"a\":1}");
    check("{{ \"abc\" | b64enc | b64dec | trunc 2 | upper }}", "", "AB");
    check("{{ required \"needed\" .Values.none }}", "", "${given-outside}");
    check("{{ semverCompare \">=1.21-0\" .Capabilities.KubeVersion.GitVersion }}", "", "true");
    check("{{/* {{ no }} */}}a{{- /* b */ -}} c", "", "ac");
    check("{{ .Values.a.b.c | default \"deep\" }}", "", "deep");
    check("{{ $d := dict }}{{ $_ := set $d \"k\" \"v\" }}{{ $d.k }}", "", "v");
    check("{{ until 3 | len }}{{ hasKey .Values \"a\" }}", "a: null", "3true");
    check("{{ range until 5 }}{{ if eq . 3 }}{{ break }}{{ end }}{{ . }}{{ end }}", "", "012");
}

#[test]
fn values_keep_their_place() {
    let files = [
        ("c/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n"),
        ("c/values.yaml", "image:\n  tag: 1.2.3\nres:\n  limits:\n    cpu: 1\n"),
        (
            "c/templates/x.yaml",
            "apiVersion: v1\nkind: Pod\nspec:\n  image: \"a:{{ .Values.image.tag }}\"\n  res:\n    {{- toYaml .Values.res | nindent 4 }}\n",
        ),
    ];
    let project = Project::in_memory(files);
    let object = &objects(&project).objects[0];
    let place = |keys: &[&str]| {
        let tree = object.root.at(keys).unwrap();
        let src = tree.from.as_ref().map_or(tree.src, |from| from.last().copied());
        super::object::locate(&project, src.unwrap()).unwrap().to_string()
    };
    assert_eq!(place(&["spec", "image"]), "c/values.yaml:2");
    assert_eq!(place(&["spec", "res", "limits", "cpu"]), "c/values.yaml:5");
    assert_eq!(place(&["spec", "res"]), "c/values.yaml:4-5");
    assert_eq!(place(&["kind"]), "c/templates/x.yaml:2");
}

#[test]
fn harmful_templates_end() {
    let check = |template: &str, complaint: &str| {
        let error = try_template(template).expect_err(template);
        assert!(error.contains(complaint), "{template}: {error}");
    };
    check("{{ define \"a\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}", "too deeply");
    check("{{ range until 10000 }}{{ range until 10000 }}x{{ end }}{{ end }}", "too many steps");
    check("{{ $x := \"aaaaaaaaaa\" }}{{ range until 40 }}{{ $x = printf \"%s%s\" $x $x }}{{ end }}{{ $x }}", "too");
    check("{{ $x := dict }}{{ range until 5000 }}{{ $x = dict \"a\" $x }}{{ end }}", "nested too deeply");
    check("{{ $x := list 1 }}{{ range until 60 }}{{ $x = list $x $x }}{{ end }}{{ $x | toYaml }}", "too many steps");
    check("{{ tpl \"{{ tpl . . }}\" \"{{ tpl . . }}\" }}", "too deeply");
    check("{{ \"unclosed }}", "not closed");
    check("{{ /* unclosed }}", "not closed");
    check("{{ if true }}", "not ended");
    check("{{ end }}", "unexpected end");
    check("{{ nothing 1 }}", "not known");
    check(&"{{ if true }}".repeat(500), "nested too deeply");
    check(&format!("{{{{ {}1{} }}}}", "(".repeat(500), ")".repeat(500)), "nested too deeply");
}

#[test]
fn harmful_trees_end() {
    let anchors: String = (1..30).map(|n| format!("a{n}: &a{n} [*a{}, *a{}]\n", n - 1, n - 1)).collect();
    let bomb = format!("apiVersion: v1\nkind: X\na0: &a0 [x]\n{anchors}");
    let chart = "apiVersion: v2\nname: a\nversion: 1.0.0\ndependencies:\n  - {name: b, repository: \"file://../b\"}\n";
    let other = "apiVersion: v2\nname: b\nversion: 1.0.0\ndependencies:\n  - {name: a, repository: \"file://../a\"}\n";
    let trees: [&[(&str, &str)]; 9] = [
        &[("a.yaml", &bomb)],
        &[("a/kustomization.yaml", "resources: [../b]\n"), ("b/kustomization.yaml", "resources: [../a]\n")],
        &[("a/kustomization.yaml", "resources: [., ./, ../../../etc, /etc/passwd, \"https://x/y\"]\n")],
        &[(
            "a/kustomization.yaml",
            "components: [../a]\npatches: [{patch: \"- {op: add, path: /a/999999999999/b, value: 1}\"}]\n",
        )],
        &[("a/Chart.yaml", chart), ("b/Chart.yaml", other), ("a/templates/x.yaml", "kind: A\napiVersion: v1\n")],
        &[("Chart.yaml", "name: [\n")],
        &[
            ("Chart.yaml", "name: x\n"),
            ("values.yaml", "- a\n"),
            ("templates/x.yaml", "{{ .Values.a.b }}\u{feff}\n\u{1}"),
        ],
        &[(
            "d.yaml",
            "apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {containers: [1, null, {image: [a]}]}}}\n",
        )],
        &[("l.yaml", "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: List, items: [1]}, x]\n---\n[\n")],
    ];
    for tree in trees {
        let project = Project::in_memory(tree.iter().copied());
        crate::facts(&project, 1);
    }
}
