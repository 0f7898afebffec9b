//! C3 and C4 of Terraform over the real engine: a root that needs no provider, healthy and not. Where the program is not
//! had, what is proved is that this is said.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod proving;

use std::path::Path;

const MAIN: &str = r#"terraform {
  backend "s3" {
    bucket = "state"
    key    = "shop"
    region = "eu-west-3"
  }
}

variable "colour" {
  type = string
}

resource "terraform_data" "shop" {
  input = {
    colour = var.colour
    port   = 8080
  }
}

output "url" {
  value = "http://shop:${terraform_data.shop.output.port}"
}
"#;
/// Never settles: its input is another one each time.
const RESTLESS: &str = "resource \"terraform_data\" \"stamp\" {\n  input = timestamp()\n}\n";
const TEST: &str = r#"variables {
  colour = "blue"
}

run "shop" {
  assert {
    condition     = terraform_data.shop.output.port == 8080
    error_message = "another port"
  }
}
"#;
/// Compares a value with itself.
const TOOTHLESS: &str = r#"variables {
  colour = "blue"
}

run "shop" {
  assert {
    condition     = terraform_data.shop.output.port == terraform_data.shop.output.port
    error_message = "another port"
  }
}
"#;

fn check(only: &str, files: &[(&str, &str)], outcome: &str, because: &str) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("repository");
    let values = ("network/terraform.tfvars", "colour = \"blue\"\n");
    let files: Vec<(&str, &str)> = files.iter().copied().chain([values]).collect();
    proving::repository(&path, &files);
    let proof = proving::prove(&path, only, 4, &proving::session(&format!("{only} {files:?}")));
    let here = ["/usr/local/bin/terraform", "/usr/bin/terraform"].iter().any(|path| Path::new(path).exists());
    let told = proving::told(&proof);
    if here {
        assert_eq!(proof.experiments[0].outcome, outcome, "{told}");
        assert!(told.contains(because), "{told}");
    } else {
        assert_eq!(proof.experiments[0].outcome, "not-provable-here", "{told}");
        assert!(told.contains("terraform is not on this machine"), "{told}");
    }
}

/// It settles, and makes nothing that could be damaged from here.
#[test]
fn a_root_that_settles() {
    check("C3", &[("network/main.tf", MAIN)], "not-provable-here", "no control could be made");
}

/// What a provisioner wrote, nothing repairs.
#[test]
fn a_file_that_is_written_once() {
    let writes = "resource \"terraform_data\" \"page\" {\n  provisioner \"local-exec\" {\n    \
        command = \"echo shop >${path.module}/page.txt\"\n  }\n}\n";
    check("C3", &[("network/main.tf", writes)], "refuted", "0 of 2 faults noticed");
}

#[test]
fn a_root_that_never_settles() {
    check("C3", &[("network/main.tf", MAIN), ("network/stamp.tf", RESTLESS)], "refuted", "terraform_data.stamp");
}

#[test]
fn a_provider_that_is_not_here() {
    let cloud = "resource \"aws_vpc\" \"shop\" {\n  cidr_block = \"10.0.0.0/16\"\n}\n";
    check("C3", &[("network/main.tf", cloud)], "not-provable-here", "hashicorp/aws");
}

#[test]
fn tests_that_compare() {
    check("C4", &[("network/main.tf", MAIN), ("network/tests/shop.tftest.hcl", TEST)], "proven", "1 tests ran");
}

#[test]
fn tests_that_compare_nothing() {
    check(
        "C4",
        &[("network/main.tf", MAIN), ("network/tests/shop.tftest.hcl", TOOTHLESS)],
        "refuted",
        "0 of 1 faults noticed",
    );
}
