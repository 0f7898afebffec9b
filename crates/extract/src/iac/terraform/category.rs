//! What a resource type or a remote module creates, read from its name.

/// What a resource is for, and whether it exists outside the command that makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    pub category: &'static str,
    pub provisions: bool,
}

/// Providers whose resources live only in the state, in files or in a throw-away cluster on the same machine.
const LOCAL: [&str; 16] = [
    "null",
    "random",
    "local",
    "time",
    "tls",
    "template",
    "archive",
    "external",
    "terraform",
    "http",
    "cloudinit",
    "kind",
    "k3d",
    "minikube",
    "sops",
    "assert",
];

/// Words of a type without its provider, most telling first.
const WORDS: [(&str, &str); 106] = [
    ("managed_clusters", "cluster"),
    ("cloud_watch_alarm", "alarm"),
    ("cloud_watch", "monitoring"),
    ("metric_alarm", "alarm"),
    ("composite_alarm", "alarm"),
    ("metric_alert", "alarm"),
    ("alert_policy", "alarm"),
    ("activity_log_alert", "alarm"),
    ("query_rules_alert", "alarm"),
    ("rule_group", "alarm"),
    ("uptime_check", "health-check"),
    ("health_check", "health-check"),
    ("http_health", "health-check"),
    ("dashboard", "dashboard"),
    ("log_group", "log-group"),
    ("log_analytics", "log-group"),
    ("logging_", "log-group"),
    ("log_sink", "log-group"),
    ("flow_log", "log-group"),
    ("diagnostic_setting", "monitoring"),
    ("cloudwatch", "monitoring"),
    ("application_insights", "monitoring"),
    ("monitor", "monitoring"),
    ("prometheus", "monitoring"),
    ("grafana", "monitoring"),
    ("observability", "monitoring"),
    ("cockpit", "monitoring"),
    ("sns_topic", "notification"),
    ("action_group", "notification"),
    ("notification", "notification"),
    ("budget", "notification"),
    ("secret", "secret"),
    ("ssm_parameter", "secret"),
    ("key_vault", "secret"),
    ("kms", "secret"),
    ("iam", "iam"),
    ("role", "iam"),
    ("policy", "iam"),
    ("service_account", "iam"),
    ("user_assigned_identity", "iam"),
    ("openid_connect", "iam"),
    ("cognito", "iam"),
    ("key_pair", "iam"),
    ("ssh_key", "iam"),
    ("target_group", "load-balancer"),
    ("lb_", "load-balancer"),
    ("alb", "load-balancer"),
    ("elb", "load-balancer"),
    ("loadbalancer", "load-balancer"),
    ("load_balancer", "load-balancer"),
    ("forwarding_rule", "load-balancer"),
    ("backend_service", "load-balancer"),
    ("application_gateway", "load-balancer"),
    ("ecs_service", "deployment"),
    ("ecs_task", "deployment"),
    ("cloud_run", "deployment"),
    ("container_app", "deployment"),
    ("container_group", "deployment"),
    ("app_service", "deployment"),
    ("web_app", "deployment"),
    ("apprunner", "deployment"),
    ("elastic_beanstalk", "deployment"),
    ("codedeploy", "deployment"),
    ("lambda", "function"),
    ("function", "function"),
    ("eks_addon", "addon"),
    ("node_group", "cluster"),
    ("node_pool", "cluster"),
    ("fargate_profile", "cluster"),
    ("kubernetes_cluster", "cluster"),
    ("k8s_cluster", "cluster"),
    ("eks", "cluster"),
    ("gke", "cluster"),
    ("aks", "cluster"),
    ("container_cluster", "cluster"),
    ("kapsule", "cluster"),
    ("ecs_c", "cluster"),
    ("db_", "database"),
    ("rds", "database"),
    ("sql", "database"),
    ("dynamodb", "database"),
    ("cosmosdb", "database"),
    ("mongo", "database"),
    ("database", "database"),
    ("docdb", "database"),
    ("elasticache", "cache"),
    ("redis", "cache"),
    ("sqs", "queue"),
    ("mq_", "queue"),
    ("pubsub", "queue"),
    ("servicebus", "queue"),
    ("kinesis", "queue"),
    ("msk", "queue"),
    ("kafka", "queue"),
    ("s3_", "bucket"),
    ("bucket", "bucket"),
    ("storage", "bucket"),
    ("efs", "bucket"),
    ("registry", "registry"),
    ("ecr_", "registry"),
    ("artifact", "registry"),
    ("acm_", "certificate"),
    ("certificate", "certificate"),
    ("route53", "dns"),
    ("dns", "dns"),
    ("api_gateway", "gateway"),
];

const MACHINES: [&str; 22] = [
    "instance",
    "virtual_machine",
    "_vm",
    "droplet",
    "server",
    "autoscaling_group",
    "launch_template",
    "launch_configuration",
    "instance_template",
    "instance_group",
    "scale_set",
    "lxc",
    "domain",
    "qemu",
    "guest",
    "container",
    "image",
    "volume",
    "disk",
    "ami",
    "vm_",
    "ec2",
];
const NETWORKS: [&str; 22] = [
    "vpc",
    "subnet",
    "security_group",
    "route",
    "gateway",
    "network",
    "nat_",
    "eip",
    "public_ip",
    "address",
    "firewall",
    "nsg",
    "peering",
    "endpoint",
    "cloudfront",
    "cdn",
    "floating_ip",
    "router",
    "vnet",
    "interface",
    "ip",
    "service_discovery",
];

/// What a Terraform resource of that type is.
pub(crate) fn of_type(resource: &str) -> Kind {
    let (provider, rest) = resource.split_once('_').unwrap_or((resource, ""));
    if LOCAL.contains(&provider) {
        return Kind { category: "local", provisions: false };
    }
    let category = match provider {
        "helm" => "helm",
        "kubernetes" | "kubectl" | "kustomization" if rest.contains("secret") => "secret",
        "kubernetes" | "kubectl" | "kustomization" => "kubernetes",
        "vault" => "secret",
        "datadog" | "newrelic" | "pagerduty" | "opsgenie" | "statuscake" | "grafana" => monitoring(rest),
        "cloudflare" if rest.contains("record") => "dns",
        _ => by_words(rest),
    };
    Kind { category, provisions: true }
}

/// What a remote module creates, read from its source.
pub(crate) fn of_module(source: &str) -> Kind {
    let name = source.split(['?', '@']).next().unwrap_or_default().to_ascii_lowercase();
    let name = name.replace(['-', '/'], "_");
    Kind { category: by_words(&name), provisions: true }
}

fn monitoring(rest: &str) -> &'static str {
    match rest {
        _ if rest.contains("dashboard") => "dashboard",
        _ if rest.contains("alert") || rest.contains("rule_group") || rest.contains("monitor") => "alarm",
        _ if rest.contains("contact") || rest.contains("notification") || rest.contains("service") => "notification",
        _ => "monitoring",
    }
}

fn by_words(rest: &str) -> &'static str {
    let padded = format!("{rest}_");
    // A machine or network is often named by its last word alone: the plain names go first.
    match rest {
        "instance" | "spot_instance_request" | "compute_instance" | "virtual_machine" | "droplet" | "server" => {
            return "machine";
        }
        "lb" => return "load-balancer",
        "db_instance" => return "database",
        _ => {}
    }
    let found = WORDS.iter().find(|(word, _)| padded.contains(word)).map(|(_, category)| *category);
    let any = |words: &[&str]| words.iter().any(|word| rest.contains(word));
    match found {
        Some(category) => category,
        None if any(&NETWORKS) => "network",
        None if any(&MACHINES) => "machine",
        None => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_say_what_they_are() {
        let check = |name: &str, category: &str, provisions: bool| {
            let kind = of_type(name);
            assert_eq!((kind.category, kind.provisions), (category, provisions), "{name}");
        };
        check("aws_instance", "machine", true);
        check("aws_vpc", "network", true);
        check("aws_subnet", "network", true);
        check("aws_security_group", "network", true);
        check("aws_route_table", "network", true);
        check("aws_route53_record", "dns", true);
        check("aws_db_instance", "database", true);
        check("aws_eks_cluster", "cluster", true);
        check("aws_ecs_cluster", "cluster", true);
        check("aws_ecs_service", "deployment", true);
        check("aws_lb", "load-balancer", true);
        check("aws_lb_target_group", "load-balancer", true);
        check("aws_cloudwatch_metric_alarm", "alarm", true);
        check("aws_cloudwatch_dashboard", "dashboard", true);
        check("aws_cloudwatch_log_group", "log-group", true);
        check("aws_s3_bucket", "bucket", true);
        check("aws_iam_role", "iam", true);
        check("aws_secretsmanager_secret", "secret", true);
        check("google_container_cluster", "cluster", true);
        check("google_compute_instance", "machine", true);
        check("azurerm_linux_virtual_machine", "machine", true);
        check("azurerm_kubernetes_cluster", "cluster", true);
        check("digitalocean_droplet", "machine", true);
        check("openstack_compute_instance_v2", "machine", true);
        check("helm_release", "helm", true);
        check("kubernetes_manifest", "kubernetes", true);
        check("kind_cluster", "local", false);
        check("null_resource", "local", false);
    }
}
