//! Traces: what a collector is told of a request, whose trace it is, and that none of it costs a request.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::http::{Method, StatusCode};
use serde_json::Value;
use web::Collector;

use crate::harness::{Site, request};

/// A collector on this machine: what it was given, and where it is.
fn collector(status: u16) -> (String, Arc<Mutex<Vec<Value>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let heard = Arc::<Mutex<Vec<Value>>>::default();
    let kept = Arc::clone(&heard);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut bytes = Vec::new();
            let mut part = [0; 65536];
            let body = loop {
                let read = stream.read(&mut part).unwrap();
                bytes.extend_from_slice(&part[..read]);
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                let head = head.to_lowercase();
                assert!(head.starts_with("post /v1/traces ") && head.contains("x-key: a b"), "{head}");
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
                if read == 0 || length.is_none_or(|length| body.len() >= length) {
                    break body.to_owned();
                }
            };
            kept.lock().unwrap().push(serde_json::from_str(&body).unwrap());
            let _ = write!(stream, "HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        }
    });
    (address, heard)
}

async fn traced(address: &str) -> Site {
    let collector = Arc::new(Collector::of(address, "x-key=a%20b", "school").unwrap());
    let site = Site::open_with(true, |settings| settings.collector = Some(collector)).await;
    web::work(&site.console);
    site
}

/// All spans that arrived, once there are so many.
async fn spans(heard: &Arc<Mutex<Vec<Value>>>, least: usize) -> Vec<Value> {
    for _ in 0..200 {
        let found: Vec<Value> = {
            let heard = heard.lock().unwrap();
            let all =
                heard.iter().flat_map(|one| one["resourceSpans"][0]["scopeSpans"][0]["spans"].as_array().cloned());
            all.flatten().collect()
        };
        if found.len() >= least {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the spans never came");
}

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_a_span_of_its_callers_trace_and_tells_no_secret() {
    let (address, heard) = collector(200);
    let site = traced(&address).await;
    let mut asked = request(Method::GET, "/verify/AAAA-SECRET-CODE?token=whisper", None, "");
    asked.headers_mut().insert("traceparent", format!("00-{TRACE}-00f067aa0ba902b7-01").parse().unwrap());
    let answer = site.ask(asked).await;
    let mine = answer.headers["traceresponse"].to_str().unwrap().to_owned();
    assert!(mine.starts_with(&format!("00-{TRACE}-")) && !mine.contains("00f067aa0ba902b7"), "{mine}");
    // Nobody wants this one.
    let mut unwanted = request(Method::GET, "/titles", None, "");
    unwanted.headers_mut().insert("traceparent", format!("00-{TRACE}-00f067aa0ba902b7-00").parse().unwrap());
    site.ask(unwanted).await;
    let other = site.get("/healthz", None).await;
    assert_eq!(other.status, StatusCode::OK);
    let found = spans(&heard, 2).await;
    let names: Vec<&str> = found.iter().filter_map(|one| one["name"].as_str()).collect();
    assert_eq!(names, ["GET /verify/{code}", "GET /healthz"]);
    let one = &found[0];
    assert_eq!((one["traceId"].as_str(), one["parentSpanId"].as_str()), (Some(TRACE), Some("00f067aa0ba902b7")));
    assert_eq!(one["spanId"].as_str(), mine.split('-').nth(2));
    assert_eq!(one["kind"], 2);
    assert!(found[1].get("parentSpanId").is_none() && found[1]["traceId"] != one["traceId"]);
    let told = serde_json::to_string(&*heard.lock().unwrap()).unwrap();
    assert!(told.contains("\"school\"") && told.contains("/verify/{code}"), "{told}");
    for secret in ["SECRET", "whisper", "token="] {
        assert!(!told.contains(secret), "{secret} in {told}");
    }
    site.console.end();
}

/// More requests than may wait, and nobody who takes their spans: each is answered, and what is lost is counted.
#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_gone_costs_no_request() {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let collector = Arc::new(Collector::of(&format!("http://{gone}"), "", "school").unwrap());
    let choose = |settings: &mut web::Settings| {
        settings.collector = Some(collector);
        settings.metrics_token = Some("numbers".to_owned());
    };
    let site = Site::open_with(true, choose).await;
    let all = async {
        for _ in 0..4_200 {
            let answer = site.get("/healthz", None).await;
            assert!(answer.headers.contains_key("traceresponse"), "it was answered: {}", answer.status);
        }
    };
    tokio::time::timeout(Duration::from_secs(60), all).await.expect("no request waited");
    let mut asked = request(Method::GET, "/metrics", None, "");
    asked.headers_mut().insert("authorization", "Bearer numbers".parse().unwrap());
    asked.extensions_mut().insert(ConnectInfo(SocketAddr::from(([198, 51, 100, 7], 443))));
    let numbers = site.ask(asked).await.body;
    let lost = numbers.lines().find_map(|line| line.strip_prefix("preuve_spans_lost_total ")?.parse::<u64>().ok());
    assert_eq!(lost, Some(4_200 - 4_096), "{numbers}");
}

#[tokio::test]
async fn without_a_collector_nothing_is_said() {
    let site = Site::open(true).await;
    assert!(site.get("/healthz", None).await.headers.get("traceresponse").is_none());
}
