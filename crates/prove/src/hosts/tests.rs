//! Readers of what hosts, tools and tests say.

use expect_test::{Expect, expect};

use super::claim::{Claim, Kind};
use super::covers;
use super::puppet;
use super::said::Said;
use super::script;
use super::snapshot::Snapshot;
use super::suites::Tool;
use crate::say::Spoken;

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
    let one = |claim: &Claim| format!("{} @{}", claim.spoken(), claim.at);
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
fn only_what_is_asked_for_without_any_change_is_steady() {
    let run = |tasks: &[(&str, &str)]| {
        let told: Vec<String> = tasks
            .iter()
            .map(|(path, answer)| {
                format!(r#"{{"task": {{"name": "t", "path": "{path}"}}, "hosts": {{"web1": {answer}}}}}"#)
            })
            .collect();
        let run = format!(r#"{{"plays": [{{"tasks": [{}]}}], "stats": {{}}}}"#, told.join(","));
        Said::read(&run, "").expect("it holds a result")
    };
    let asked = |action: &str, arguments: &str| {
        format!(r#"{{"action": "{action}", "dest": "/etc/a", "invocation": {{"module_args": {{{arguments}}}}}}}"#)
    };
    let check = |tasks: &[(&str, &str)], expected: &[&str]| {
        let steady = run(tasks).steady();
        assert_eq!(steady.iter().map(String::as_str).collect::<Vec<_>>(), expected, "{tasks:?}");
    };
    let started = asked("systemd", r#""name": "app", "state": "started""#);
    check(&[("s.yml:3", &started)], &["s.yml:3:running:web1:app:"]);
    // It asks to be started again only when something else was changed: of itself it asks for nothing.
    check(&[("s.yml:3", &asked("systemd", r#""name": "app", "state": null"#))], &[]);
    // A role that comes twice, once only where the first changed something, has one place in the code.
    check(&[("s.yml:3", &started), ("s.yml:3", r#"{"action": "systemd", "skipped": true}"#)], &[]);
    let items = format!(r#"{{"action": "systemd", "results": [{started}, {{"skipped": true}}]}}"#);
    check(&[("s.yml:3", &items)], &[]);
    // What is as it should be is handed on to the module `file`, which has a `force` of its own; what is not to be forced is not.
    let kept = asked("copy", r#""path": "/etc/a", "state": "file", "force": false, "access_time": null"#);
    check(&[("s.yml:9", &kept)], &["s.yml:9:content:web1:/etc/a:"]);
    check(&[("s.yml:9", &asked("copy", r#""dest": "/etc/a", "force": false"#))], &[]);
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
    assert_eq!(one.differences(&other, None), ["active nginx.service", "file /etc/a"]);
    assert!(one.differences(&one, None).is_empty());
}

#[test]
fn an_account_that_was_made_again_is_compared_by_its_name() {
    let before = "account app x user:app=1000 group:app=1000 /home/app\ngroup app x group:app=1000\n\
                  file /etc/app 0o100644 user:app=1000 group:root=0 aa\nfile /home/app 0o40755 user:app=1000 group:app=1000\n";
    // Its home keeps the number that nobody has any more.
    let after = "account app x user:app=1002 group:app=1002 /home/app\ngroup app x group:app=1002\n\
                 file /etc/app 0o100644 user:app=1002 group:root=0 aa\nfile /home/app 0o40755 user:=1000 group:=1000\n";
    let (before, after) = (Snapshot::read(before), Snapshot::read(after));
    let differ = |made_again| before.differences(&after, made_again);
    assert_eq!(differ(None), ["account app", "file /etc/app", "file /home/app", "group app"]);
    assert_eq!(differ(Some("app")), Vec::<String>::new());
    assert_eq!(differ(Some("ap")), ["account app", "file /etc/app", "file /home/app", "group app"]);
    let gone = Snapshot::read("file /etc/app 0o100644 user:root=0 group:root=0 aa\n");
    assert_eq!(before.differences(&gone, Some("app")), ["account app", "file /etc/app", "file /home/app", "group app"]);
}

#[test]
fn a_user_whose_number_is_written_keeps_it() {
    let of = |given: &str| {
        let run = format!(
            r#"{{"plays": [{{"tasks": [{{"task": {{"name": "u", "path": "site.yml:3"}}, "hosts": {{"web1": {{"action": "user",
            "invocation": {{"module_args": {{"name": "app"{given}}}}}}}}}}}]}}], "stats": {{}}}}"#
        );
        Said::read(&run, "")
            .expect("it holds a result")
            .claims
            .first()
            .and_then(|claim| claim.renumbered().map(str::to_owned))
    };
    assert_eq!(of("").as_deref(), Some("app"));
    assert_eq!(of(r#", "uid": null"#).as_deref(), Some("app"));
    assert_eq!(of(r#", "uid": 2000"#), None);
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
    assert not host.file('/etc/old').exists
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
fn what_a_parametrized_test_covers() {
    let text = include_str!("../../../../reference-app/tests/infra/test_monitoring_host.py");
    check_covers(
        Tool::Testinfra,
        text,
        expect![[r#"
        mode of /etc/default/prometheus @t:33
        mode of /etc/default/prometheus-alertmanager @t:33
        mode of /etc/prometheus/alertmanager.yml @t:33
        mode of /etc/prometheus/prometheus.yml @t:33
        mode of /etc/prometheus/rules/alerts.yml @t:33
        mode of /etc/prometheus/rules/recording.yml @t:33
        owner of /etc/default/prometheus @t:33
        owner of /etc/default/prometheus-alertmanager @t:33
        owner of /etc/prometheus/alertmanager.yml @t:33
        owner of /etc/prometheus/prometheus.yml @t:33
        owner of /etc/prometheus/rules/alerts.yml @t:33
        owner of /etc/prometheus/rules/recording.yml @t:33
        package prometheus @t:15
        package prometheus-alertmanager @t:15
        running service prometheus @t:16
        running service prometheus-alertmanager @t:16
        enabled service prometheus @t:16
        enabled service prometheus-alertmanager @t:16
        presence of /etc/default/prometheus @t:33
        presence of /etc/default/prometheus-alertmanager @t:33
        presence of /etc/prometheus/alertmanager.yml @t:33
        presence of /etc/prometheus/prometheus.yml @t:33
        presence of /etc/prometheus/rules/alerts.yml @t:33
        presence of /etc/prometheus/rules/recording.yml @t:33"#]],
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

#[test]
fn what_serverspec_covers() {
    let text = "describe service('nginx') do
  it { should be_running }
  it { should_not be_enabled }
end
describe package('nginx'), :if => os[:family] == 'debian' do
  it { should be_installed }
end
# describe user('old') do it { should exist } end
describe port(80) do
  it { is_expected.to be_listening }
end
";
    check_covers(
        Tool::Serverspec,
        text,
        expect![[r#"
            package nginx @t:5
            running service nginx @t:1
            listener on port 80 @t:9"#]],
    );
}

#[test]
fn what_a_verifying_playbook_covers() {
    let text = "    - stat:
        path: /etc/x
    - assert:
        that:
          - \"'nginx' in ansible_facts.packages\"
          - ansible_facts.services['nginx.service'].state == 'running'
    # - wait_for:
    #     port: 81
    - uri:
        url: http://localhost:80/
    - command: systemctl is-enabled nginx
";
    check_covers(
        Tool::Playbook,
        text,
        expect![[r#"
            package nginx @t:5
            running service nginx @t:6
            enabled service nginx @t:11
            presence of /etc/x @t:1
            listener on port 80 @t:10"#]],
    );
}

const LOG: &str = r#"[
{"level":"notice","message":"Compiled catalog for web1","source":"Puppet"}
,
{"level":"notice","message":"defined content as x","source":"/Stage[main]/Web/File[/etc/x]/ensure","file":"/c/modules/web/manifests/init.pp","line":3}
,
{"level":"notice","message":"hello","source":"/Stage[main]/Main/Notify[hello]/message","file":"/c/site.pp","line":1}
,
{"level":"err","message":"change from absent failed\nmore","source":"/Stage[main]/Web/Package[y]/ensure","file":"/c/modules/web/manifests/init.pp","line":9}
,
{"level":"notice","message":"Applied catalog in 0.5 seconds","source":"Puppet"}
"#;

#[test]
fn what_a_run_of_puppet_says() {
    let said = puppet::said(LOG, "/c", "web1").expect("it came to its end");
    assert_eq!(said.changed, 1);
    assert_eq!(said.changing, ["modules/web/manifests/init.pp:3 Web/File[/etc/x]/ensure"]);
    assert_eq!(said.failed, ["modules/web/manifests/init.pp:9 Web/Package[y]/ensure: change from absent failed"]);
    for log in ["", "[", "{\"level\":\"notice\"}", "nonsense"] {
        assert_eq!(puppet::said(log, "/c", "web1"), None, "{log}");
    }
}

#[test]
fn what_a_catalog_keeps() {
    let catalog = r#"Notice: compiled
{"resources": [
  {"type": "File", "title": "x", "file": "/c/site.pp", "line": 2,
   "parameters": {"path": "/etc/x", "content": "a", "mode": "0640"}},
  {"type": "File", "title": "/etc/old", "file": "/c/site.pp", "line": 4, "parameters": {"ensure": "absent"}},
  {"type": "Service", "title": "cron", "file": "/c/site.pp", "line": 6, "parameters": {"ensure": "running", "enable": true}},
  {"type": "Class", "title": "web"}]}
"#;
    expect![[r#"
        content of /etc/x @site.pp:2
        mode of /etc/x @site.pp:2
        running service cron @site.pp:6
        enabled service cron @site.pp:6"#]]
    .assert_eq(&told(&puppet::claims(catalog, "/c", "web1")));
    assert!(puppet::claims("{", "/c", "web1").is_empty());
}

#[test]
fn what_scripts_put_on_a_host() {
    let text = |path: &str| {
        (path == "provision.sh").then(|| {
            "apt-get update\napt-get install -y nginx \\\n  curl=7 $EXTRA\n# apt install git\nsystemctl enable --now nginx\n\
             useradd -m -s /bin/sh shop\n"
                .to_owned()
        })
    };
    expect![[r#"
        package curl @provision.sh:2
        package nginx @provision.sh:2
        running service nginx @provision.sh:4
        enabled service nginx @provision.sh:4
        user shop @provision.sh:5"#]]
    .assert_eq(&told(&script::claims("sudo ./provision.sh", "preuve.yaml:1", "web1", &text)));
}
