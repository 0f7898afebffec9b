//! Ways into the cluster, and whether they end TLS.

use super::facts::View;
use super::object::Object;
use super::tree::Tree;
use super::workload::Workload;
use crate::Sink;
use crate::image_origin::Reference;

/// Annotations that bind a certificate.
const CERTIFICATES: [&str; 9] = [
    "alb.ingress.kubernetes.io/certificate-arn",
    "service.beta.kubernetes.io/aws-load-balancer-ssl-cert",
    "networking.gke.io/managed-certificates",
    "ingress.gcp.kubernetes.io/pre-shared-cert",
    "appgw.ingress.kubernetes.io/appgw-ssl-certificate",
    "haproxy.org/ssl-certificate",
    "haproxy-ingress.github.io/ssl-certificate",
    "service.beta.kubernetes.io/do-loadbalancer-certificate-id",
    "route.openshift.io/termination",
];

/// Software whose workload stands in front of the application.
const GATEWAYS: [&str; 10] =
    ["krakend", "nginx", "kong", "traefik", "haproxy", "envoy", "oauth2-proxy", "apisix", "caddy", "httpd"];

/// Whether something routes to a service of this workload from outside.
pub(super) fn exposes(view: &View<'_>, workload: &Workload<'_>) -> bool {
    view.services_of(workload).any(|service| {
        let port = matches!(service.root.str_at(&["spec", "type"]), Some("NodePort" | "LoadBalancer"));
        port || view.rendered.objects.iter().any(|object| {
            object.rendering == service.rendering && is_route(object) && backends(object).contains(&service.name)
        })
    })
}

fn is_route(object: &Object) -> bool {
    match object.kind.as_str() {
        "Ingress" => true,
        "IngressRoute" | "IngressRouteTCP" => object.group().contains("traefik"),
        "Route" => object.group() == "route.openshift.io" || object.api == "v1",
        "HTTPRoute" | "GRPCRoute" | "TLSRoute" => true,
        "VirtualService" => object.group() == "networking.istio.io",
        "HTTPProxy" => true,
        _ => false,
    }
}

/// Names of the services that a route leads to.
fn backends(object: &Object) -> Vec<String> {
    let mut names = Vec::new();
    collect(object.root.or_null("spec"), "", &mut names);
    names
}

fn collect(tree: &Tree, key: &str, names: &mut Vec<String>) {
    let named =
        matches!(key, "service" | "services" | "backendRefs" | "destination" | "to" | "backend" | "defaultBackend");
    if named && tree.is_map() {
        for key in ["name", "serviceName", "host"] {
            if let Some(name) = tree.get(key).and_then(Tree::text) {
                names.push(name.split('.').next().unwrap_or("").to_owned());
            }
        }
    }
    tree.items().iter().for_each(|item| collect(item, key, names));
    tree.entries().for_each(|(key, entry)| collect(&entry.value, key, names));
}

/// Tells each exposure.
pub(super) fn read(view: &View<'_>, sink: &mut Sink) {
    for object in &view.rendered.objects {
        if is_route(object) && object.kind != "VirtualService" {
            route(view, object, sink);
        } else if object.kind == "Service" && object.api == "v1" {
            service(view, object, sink);
        } else if object.kind == "Gateway" && !object.group().is_empty() {
            gateway(view, object, sink);
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "what one fact says, named where it is called")]
fn tell(
    view: &View<'_>,
    object: &Object,
    kind: &str,
    routed: bool,
    tls: Option<(Tree, &str)>,
    application: bool,
    sure: bool,
    sink: &mut Sink,
) {
    let spec = object.root.or_null("spec");
    let bare = spec.keyed("type").filter(|_| !routed).or_else(|| object.root.keyed("spec"));
    let how = tls.as_ref().map_or("", |(_, how)| how);
    let (bound, place) = (tls.is_some(), tls.map(|(tree, _)| tree).or(bare));
    let place = place.as_ref().unwrap_or(&object.root);
    let fact = view
        .fact("k8s.exposure", place, object)
        .with("kind", kind)
        .with("name", object.name.as_str())
        .with("routed", routed)
        .with("tls", bound)
        .with("how", how)
        .with("application", application)
        .with("sure", sure && object.sure)
        .also(view.at(view.head(object)));
    sink.push(fact);
}

fn route(view: &View<'_>, object: &Object, sink: &mut Sink) {
    let application = leads_to_application(view, object, &backends(object));
    if matches!(object.kind.as_str(), "HTTPRoute" | "GRPCRoute" | "TLSRoute") {
        // The gateway ends TLS: when it is in the repository it is told itself, else only a section's name can say.
        let parents = object.root.at(&["spec", "parentRefs"]).map(Tree::items).unwrap_or_default();
        let known = parents.iter().any(|parent| {
            let name = parent.str_at(&["name"]);
            view.rendered.objects.iter().any(|other| other.kind == "Gateway" && Some(other.name.as_str()) == name)
        });
        if !known {
            let section = parents
                .iter()
                .filter_map(|parent| parent.get("sectionName"))
                .find(|name| name.str().is_some_and(|name| name.contains("https")));
            tell(
                view,
                object,
                &object.kind,
                true,
                section.map(|section| (section.clone(), "section of the gateway")),
                application,
                section.is_some(),
                sink,
            );
        }
        return;
    }
    tell(view, object, &object.kind, true, certificate(object), application, true, sink);
}

/// What binds a certificate to a route or service.
fn certificate(object: &Object) -> Option<(Tree, &'static str)> {
    let spec = object.root.or_null("spec");
    let tls = spec.keyed("tls").or_else(|| spec.get("virtualhost").and_then(|host| host.keyed("tls")));
    if let Some(tls) = tls.filter(|tls| tls.truth() || tls.is_map()) {
        return Some((tls, "tls"));
    }
    let annotations = object.root.at(&["metadata", "annotations"])?;
    for (key, entry) in annotations.entries() {
        let text = entry.value.text().unwrap_or_default();
        let bound = CERTIFICATES.contains(&&**key) && !text.is_empty();
        let listens = key.ends_with("/listen-ports") && text.contains("HTTPS");
        let traefik = &**key == "traefik.ingress.kubernetes.io/router.tls" && text == "true";
        if bound || listens || traefik {
            return annotations.keyed(key).map(|value| (value, "annotation"));
        }
    }
    None
}

fn gateway(view: &View<'_>, object: &Object, sink: &mut Sink) {
    let spec = object.root.or_null("spec");
    let listeners = spec.get("listeners").or_else(|| spec.get("servers")).map(Tree::items).unwrap_or_default();
    let tls = listeners.iter().find_map(|listener| listener.keyed("tls").filter(Tree::truth));
    let routes: Vec<&Object> =
        view.rendered.objects.iter().filter(|other| is_route(other) && other.kind != "Ingress").collect();
    let through = routes.iter().filter(|other| other.rendering == object.rendering);
    let names: Vec<String> = through.flat_map(|other| backends(other)).collect();
    let application = leads_to_application(view, object, &names);
    tell(view, object, "Gateway", true, tls.map(|tls| (tls, "tls of a listener")), application, true, sink);
}

fn service(view: &View<'_>, object: &Object, sink: &mut Sink) {
    let kind = match object.root.str_at(&["spec", "type"]) {
        Some(kind @ ("NodePort" | "LoadBalancer")) => kind,
        _ => return,
    };
    let application = leads_to_application(view, object, std::slice::from_ref(&object.name));
    let bound = certificate(object);
    tell(view, object, kind, bound.is_some(), bound, application, true, sink);
}

/// Whether one of the services leads to the application, or to a gateway in front of it; what cannot be followed may.
fn leads_to_application(view: &View<'_>, from: &Object, services: &[String]) -> bool {
    let mut followed = false;
    for workload in &view.workloads {
        let near = workload.object.rendering == from.rendering || services.len() == 1;
        let leads = near && view.services_of(workload).any(|service| services.contains(&service.name));
        if leads {
            followed = true;
            let fronts = workload.containers().filter_map(|container| container.image()).any(|image| {
                let name = Reference::of(&image).name.to_ascii_lowercase();
                GATEWAYS.iter().any(|gateway| name.contains(gateway))
            });
            if workload.application || fronts {
                return true;
            }
        }
    }
    !followed && view.workloads.iter().any(|workload| workload.application)
}
