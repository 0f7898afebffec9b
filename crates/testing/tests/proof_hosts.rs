//! C3 and C4 over the real engine: a small site of our own, healthy and not.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod proving;

use app::prove::ProofReport;

const SITE: &str = "- hosts: web
  become: true
  roles: [web]
";
const TASKS: &str = "- name: package
  ansible.builtin.apt:
    name: cron
    state: present
    update_cache: true
- name: settings
  ansible.builtin.copy:
    dest: /etc/shop.conf
    content: |
      colour=blue
    owner: root
    mode: '0640'
- name: line
  ansible.builtin.lineinfile:
    path: /etc/services
    line: 'shop 4242/tcp'
- name: running
  ansible.builtin.systemd:
    name: cron
    state: started
    enabled: true
";
/// Changes something every time, and says so.
const RESTLESS: &str = "- name: stamp
  ansible.builtin.shell: date +%N >/etc/stamp
";
const TESTS: &str = "def test_settings(host):
    settings = host.file('/etc/shop.conf')
    assert settings.exists
    assert settings.mode == 0o640


def test_cron(host):
    cron = host.service('cron')
    assert cron.is_running
    assert cron.is_enabled
";
/// Looks, and asserts nothing of what it sees.
const TOOTHLESS: &str = "def test_settings(host):
    settings = host.file('/etc/shop.conf')
    print(settings.exists, settings.mode)
    assert host.file('/etc/issue').exists
";

fn prove(only: &str, files: &[(&str, &str)]) -> ProofReport {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("repository");
    proving::repository(&path, files);
    proving::prove(&path, only, 0, &proving::session(&format!("{only} {files:?}")))
}

fn check(only: &str, tasks: &str, tests: &str, outcome: &str) -> ProofReport {
    let files = [
        ("site.yml", SITE),
        ("inventory/hosts.ini", "[web]\nweb1 ansible_host=192.0.2.1 ansible_user=nobody\n"),
        ("roles/web/tasks/main.yml", tasks),
        ("tests/test_web.py", tests),
        ("tests/requirements.txt", "pytest-testinfra==10.2.2\n"),
    ];
    let proof = prove(only, &files);
    assert_eq!(proof.experiments[0].outcome, outcome, "{}", proof.to_json());
    proof
}

/// Starts its service only when something else has changed: damaged together with that, both would come back.
const LED: &str = "- name: unit
  ansible.builtin.copy:
    dest: /etc/systemd/system/shop.service
    content: |
      [Service]
      ExecStart=/bin/sleep infinity
      [Install]
      WantedBy=multi-user.target
- name: settings
  ansible.builtin.copy:
    dest: /etc/shop.conf
    content: |
      colour=blue
  register: settings
- name: mode
  ansible.builtin.file:
    path: /etc/issue
    mode: '0644'
- name: enabled
  ansible.builtin.systemd:
    name: shop
    enabled: true
    daemon_reload: true
- name: running
  ansible.builtin.systemd:
    name: shop
    state: restarted
  when: settings is changed
";

#[test]
fn hosts_that_are_repaired() {
    let proof = check("C3", TASKS, TESTS, "proven");
    assert!(proving::told(&proof).contains("damages were on the hosts together"), "{}", proof.to_json());
}

#[test]
fn what_only_another_damage_would_repair_is_not_repaired() {
    let proof = check("C3", LED, TESTS, "refuted");
    let survivors: Vec<&str> = proof.experiments[0].findings[0].survivors().map(|trial| trial.fault.as_str()).collect();
    assert_eq!(survivors, ["running:web1:shop"], "{}", proof.to_json());
    assert!(proving::told(&proof).contains("3 damages were on the hosts together"), "{}", proof.to_json());
}

#[test]
fn hosts_that_converged_once_are_tested_as_they_were_kept() {
    let proof = check("C3,C4", TASKS, TESTS, "proven");
    assert_eq!(proof.experiments[1].outcome, "proven", "{}", proof.to_json());
    assert!(proving::told(&proof).contains("started again from their kept state"), "{}", proof.to_json());
}

#[test]
fn a_task_that_changes_every_time_is_named() {
    let proof = check("C3", &format!("{TASKS}{RESTLESS}"), TESTS, "refuted");
    assert!(proof.to_json().contains("stamp"), "{}", proof.to_json());
}

#[test]
fn tests_that_see_what_they_claim() {
    check("C4", TASKS, TESTS, "proven");
}

#[test]
fn tests_that_look_and_see_nothing() {
    let proof = check("C4", TASKS, TOOTHLESS, "refuted");
    let survivors = proof.experiments[0].findings[0].survivors().count();
    assert!(survivors > 0, "{}", proof.to_json());
}

/// Claims that a service runs, and never says that it does not.
const WILLING: &str = "def test_cron(host):
    cron = host.service('cron')
    assert cron.is_running or True
";
/// A program of the host's own that says that nothing runs, found before the real one.
const SHIM: &str = "- name: shim
  ansible.builtin.copy:
    dest: /usr/local/bin/systemctl
    content: |
      #!/bin/sh
      exit 3
    mode: '0755'
";
/// The same in the place of the real one.
const REPLACED: &str = "- name: replaced
  ansible.builtin.copy:
    dest: /usr/bin/systemctl
    content: |
      #!/bin/sh
      exit 3
    mode: '0755'
";

#[test]
fn a_program_that_the_subject_puts_on_the_path_is_not_asked() {
    let proof = check("C4", &format!("{TASKS}{SHIM}"), WILLING, "refuted");
    let survivors: Vec<&str> = proof.experiments[0].findings[0].survivors().map(|trial| trial.fault.as_str()).collect();
    assert_eq!(survivors, ["running:web1:cron"], "{}", proof.to_json());
}

#[test]
fn a_host_whose_own_programs_were_replaced_is_not_believed() {
    let proof = check("C4", &format!("{TASKS}{REPLACED}"), WILLING, "not-provable-here");
    assert!(proof.to_json().contains("/usr/bin/systemctl"), "{}", proof.to_json());
}

const MANIFEST: &str = "node 'web1' {
  include web
}
";
const CLASS: &str = "class web {
  file { '/etc/shop.conf':
    ensure  => file,
    content => \"colour=blue\\n\",
    owner   => 'root',
    mode    => '0640',
  }
  user { 'shop':
    ensure => present,
    shell  => '/usr/sbin/nologin',
  }
}
";
const BATS: &str = "@test 'settings are there' {
  run test -f /etc/shop.conf
  [ \"$status\" -eq 0 ]
}

@test 'the user is there' {
  getent passwd shop
}
";
const SERVERSPEC: &str = "require 'serverspec'
set :backend, :exec

describe file('/etc/shop.conf') do
  it { should be_file }
  it { should be_mode 640 }
end
";
const VERIFY: &str = "- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.stat:
        path: /etc/shop.conf
      register: settings
    - ansible.builtin.assert:
        that: settings.stat.exists
";

#[test]
fn manifests_that_repair_and_every_tool_that_looks() {
    let files = [
        ("manifests/site.pp", MANIFEST),
        ("modules/web/manifests/init.pp", CLASS),
        ("tests/web.bats", BATS),
        ("spec/web_spec.rb", SERVERSPEC),
        ("molecule/default/molecule.yml", "driver:\n  name: default\nverifier:\n  name: ansible\n"),
        ("molecule/default/verify.yml", VERIFY),
    ];
    for only in ["C3", "C4"] {
        let proof = prove(only, &files);
        assert_eq!(proof.experiments[0].outcome, "proven", "{}", proof.to_json());
    }
}

#[test]
fn a_script_that_repairs_nothing() {
    let files = [
        ("preuve.yaml", "hosts:\n  - name: web1\n    converge: sh provision.sh\n"),
        // What stands once is believed to stand for ever.
        ("provision.sh", "[ -e /etc/done ] && exit 0\nuseradd shop\ntouch /etc/done\n"),
    ];
    let proof = prove("C3", &files);
    assert_eq!(proof.experiments[0].outcome, "refuted", "{}", proof.to_json());
    assert!(proof.to_json().contains("user:web1:shop"), "{}", proof.to_json());
}
