//! Readers of what hosts, tools and tests say.

use expect_test::{Expect, expect};

use super::claim::{Claim, Kind};
use super::covers;
use super::said::Said;
use super::snapshot::Snapshot;
use super::suites::Tool;

const RUN: &str = r#"[WARNING]: something
{"custom_stats": {}, "plays": [{"play": {"name": "web"}, "tasks": [
  {"task": {"name": "nginx", "path": "/work/repo/roles/web/tasks/main.yml:3"},
   "hosts": {"web1": {"action": "ansible.builtin.apt", "changed": true,
     "invocation": {"module_args": {"name": ["nginx", "curl=7.88"], "state": "present"}}}}},
  {"task": {"name": "page", "path": "/work/repo/roles/web/tasks/main.yml:9"},
   "hosts": {"web1": {"action": "template", "changed": true, "dest": "/var/www/index.html",
     "invocation": {"module_args": {"dest": "/var/www/", "mode": "0644", "owner": "www-data"}}}}},
  {"task": {"name": "line", "path": "/work/repo/site.yml:20"},
   "hosts": {"web1": {"action": "lineinfile", "changed": false, "path": "/etc/x",
     "results": [{"invocation": {"module_args": {"path": "/etc/x", "line": "a=1"}}}]}}},
  {"task": {"name": "start", "path": "/work/repo/site.yml:30"},
   "hosts": {"web1": {"action": "systemd", "changed": true,
     "invocation": {"module_args": {"name": "nginx", "state": "started", "enabled": true}}}}},
  {"task": {"name": "gone", "path": "/work/repo/site.yml:40"},
   "hosts": {"web1": {"action": "file", "changed": false,
     "invocation": {"module_args": {"path": "/etc/old", "state": "absent", "mode": "0600"}}}}},
  {"task": {"name": "bad", "path": "/work/repo/site.yml:50"},
   "hosts": {"web1": {"action": "command", "failed": true, "msg": "non-zero return code\nmore"}}}]}],
 "stats": {"web1": {"changed": 3, "failures": 1, "ok": 5, "unreachable": 0}}}
"#;

fn told(claims: &[Claim]) -> String {
    let one = |claim: &Claim| format!("{} {} @{}", claim.kind, claim.name, claim.at);
    claims.iter().map(one).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_a_run_says() {
    let said = Said::read(RUN, "/work/repo").expect("it holds a result");
    assert_eq!((said.changed, said.unreachable), (3, false));
    assert_eq!(said.failed, ["site.yml:50 bad: non-zero return code"]);
    expect![[r#"
        content of /etc/x @site.yml:20
        content of /var/www/index.html @roles/web/tasks/main.yml:9
        mode of /var/www/index.html @roles/web/tasks/main.yml:9
        owner of /var/www/index.html @roles/web/tasks/main.yml:9
        package curl @roles/web/tasks/main.yml:3
        package nginx @roles/web/tasks/main.yml:3
        running service nginx @site.yml:30
        enabled service nginx @site.yml:30"#]]
    .assert_eq(&told(&said.claims));
    let line = said.claims.iter().find(|claim| claim.kind == Kind::Content && claim.name == "/etc/x");
    assert_eq!(line.and_then(|claim| claim.line.as_deref()), Some("a=1"));
}

#[test]
fn a_run_that_did_not_begin_says_nothing() {
    for output in ["", "ERROR! no playbook", "{", "{}", "{\"stats\": 1}", "{\"stats\": {}, \"plays\": 3}"] {
        assert_eq!(Said::read(output, "/work/repo"), None, "{output}");
    }
}

#[test]
fn snapshots_differ_by_what_is_there() {
    let one = Snapshot::read("file /etc/a 0o100644 0 0 aa\npackage nginx ii 1\nactive nginx.service\n");
    let other = Snapshot::read("file /etc/a 0o100600 0 0 aa\npackage nginx ii 1\n");
    assert_eq!(one.differences(&other), ["active nginx.service", "file /etc/a"]);
    assert!(one.differences(&one).is_empty());
}

#[expect(clippy::needless_pass_by_value, reason = "expectations are written in place")]
fn check_covers(tool: Tool, text: &str, expected: Expect) {
    expected.assert_eq(&told(&covers::claims(tool, "t", text)));
}

#[test]
fn what_testinfra_covers() {
    let text = "def test_web(host):
    nginx = host.service('nginx')
    assert nginx.is_running
    assert nginx.is_enabled

def test_file(host):
    f = host.file(\"/etc/x\")
    assert f.exists and f.mode == 0o600
    # host.package('old').is_installed

def test_port(host):
    assert host.socket('tcp://0.0.0.0:80').is_listening
    print(host.user('nobody'))
";
    check_covers(
        Tool::Testinfra,
        text,
        expect![[r#"
            mode of /etc/x @t:7
            running service nginx @t:2
            enabled service nginx @t:2
            presence of /etc/x @t:7
            listener on port 80 @t:12"#]],
    );
}

#[test]
fn what_goss_covers() {
    let text = "service:
  nginx:
    enabled: true
    running: true
port:
  tcp:80:
    listening: true
package:
  curl:
    installed: false
file:
  /etc/x:
    exists: true
    mode: \"0600\"
";
    check_covers(
        Tool::Goss,
        text,
        expect![[r#"
            mode of /etc/x @t:12
            running service nginx @t:2
            enabled service nginx @t:2
            presence of /etc/x @t:12
            listener on port 80 @t:6"#]],
    );
}

#[test]
fn what_scripts_cover() {
    check_covers(
        Tool::Shell,
        "systemctl is-active --quiet nginx\n[ -f /etc/x ]\n# dpkg -s curl\ndpkg -s git\n[ -f relative ]\n",
        expect![[r#"
            package git @t:4
            running service nginx @t:1
            presence of /etc/x @t:2"#]],
    );
}
