"""The small web toolkit: routes, problems, bounds, observation."""

from __future__ import annotations

import logging

import pytest

from comptoir.metrics import Metrics
from comptoir.web.application import Application
from comptoir.web.messages import LARGEST_BODY, Problem, Request, Response
from comptoir.web.routing import Route, Router
from tests.unit.calls import Answer, call, sample, service


def boom(_request: Request) -> Response:
    raise RuntimeError("secret detail")


def echo(request: Request) -> Response:
    return Response.json(
        {
            "params": dict(request.params),
            "query": dict(request.query),
            "headers": dict(request.headers),
            "json": request.json(),
        }
    )


def busy(_request: Request) -> Response:
    raise Problem(503, "busy", "later", checks={"x": "down"})


def form(request: Request) -> Response:
    return Response.json(request.form())


ROUTES = [
    Route("GET", "/plain", lambda _: Response.json({"é": 1})),
    Route("POST", "/echo/{a}/x.y/{b}", echo),
    Route("PUT", "/plain", busy),
    Route("GET", "/boom", boom),
    Route("POST", "/form", form),
]


def ask(method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
    return call(service(ROUTES, Metrics("s", "1")), method, path, body, **headers)


def test_an_answer_carries_its_type_length_and_protections() -> None:
    answer = ask("GET", "/plain", x_request_id="abc")
    assert (answer.status, answer.body) == (200, '{"é": 1}'.encode())
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Content-Length"] == "9"
    assert answer.headers["X-Request-Id"] == "abc"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri")


def test_a_request_without_an_id_gets_one() -> None:
    first, second = ask("GET", "/plain"), ask("GET", "/plain")
    assert len(first.headers["X-Request-Id"]) == 32
    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]


def test_head_is_a_get_without_a_body() -> None:
    answer = ask("HEAD", "/plain")
    assert (answer.status, answer.body, answer.headers["Content-Length"]) == (200, b"", "9")


def test_a_handler_sees_parameters_query_headers_and_body() -> None:
    seen = ask("POST", "/echo/1/x.y/2?q=3", b'{"k": [1]}', x_request_id="id", accept_language="fr").json()
    assert seen["params"] == {"a": "1", "b": "2"}
    assert seen["query"] == {"q": "3"}
    assert seen["json"] == {"k": [1]}
    assert seen["headers"] == {"x-request-id": "id", "accept-language": "fr"}


@pytest.mark.parametrize("path", ["/", "/plain/", "/plain/x", "/echo/1/xAy/2", "/echo//x.y/2", "/echo/1/2/x.y/2"])
def test_an_unknown_path_is_not_found(path: str) -> None:
    answer = ask("POST", path)
    assert answer.status == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "https://comptoir.example/problems/not-found",
        "title": "Not found",
        "status": 404,
        "detail": f"nothing is at {path}",
        "instance": path,
    }


def test_a_known_path_says_which_methods_it_answers() -> None:
    answer = ask("DELETE", "/plain")
    assert answer.status == 405
    assert answer.json()["allow"] == ["GET", "PUT"]
    assert answer.json()["detail"] == "/plain answers GET, PUT"


def test_a_problem_keeps_what_it_adds_and_says_when_to_come_back() -> None:
    answer = ask("PUT", "/plain")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
    assert answer.json()["checks"] == {"x": "down"}
    assert "Retry-After" not in ask("GET", "/nothing").headers


def test_a_failure_tells_the_log_and_not_the_user(caplog: pytest.LogCaptureFixture) -> None:
    answer = ask("GET", "/boom", x_request_id="r1")
    assert answer.status == 500
    assert answer.json()["title"] == "Internal error"
    assert answer.json()["detail"] == "the request could not be answered"
    assert "secret" not in answer.text
    record = next(record for record in caplog.records if record.exc_info)
    assert record.fields == {"request_id": "r1", "path": "/boom"}  # type: ignore[attr-defined]
    assert record.message == "a handler failed"


def test_a_dependency_that_is_away_means_later(caplog: pytest.LogCaptureFixture) -> None:
    def away(_request: Request) -> Response:
        raise ConnectionError("gone")

    application = Application(Router([Route("GET", "/x", away)]), Metrics("s", "1"), (ConnectionError,))
    answer = call(application, "GET", "/x", x_request_id="r")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
    assert (answer.json()["title"], answer.json()["detail"]) == ("Dependency down", "try again in a moment")
    assert caplog.records[0].message == "a dependency is away"
    assert caplog.records[0].fields == {"request_id": "r", "error": "ConnectionError('gone')"}  # type: ignore[attr-defined]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff"])
def test_a_body_that_is_not_json_is_a_bad_request(body: bytes) -> None:
    answer = ask("POST", "/echo/1/x.y/2", body)
    assert (answer.status, answer.json()["title"]) == (400, "Malformed body")
    assert answer.json()["detail"] == "the body is not JSON"


def test_a_form_gives_its_last_values() -> None:
    assert ask("POST", "/form", b"a=1&b=%C3%A9&a=2&c=").json() == {"a": "2", "b": "é"}
    answer = ask("POST", "/form", b"\xff")
    assert (answer.status, answer.json()["detail"]) == (400, "the form is not UTF-8")


def test_a_body_has_a_largest_size() -> None:
    fits = b'"' + b"x" * (LARGEST_BODY - 2) + b'"'
    assert ask("POST", "/echo/1/x.y/2", fits).status == 200
    answer = ask("POST", "/echo/1/x.y/2", fits + b" ")
    assert (answer.status, answer.json()["title"]) == (413, "Body too large")
    assert answer.json()["detail"] == "a body has at most 65536 bytes"


def test_without_a_length_nothing_is_read() -> None:
    seen: list[str] = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/plain"}
    list(service(ROUTES, Metrics("s", "1"))(environ, lambda status, _: seen.append(status)))
    assert seen == ["200 OK"]


def test_a_length_that_is_no_number_is_a_bad_request() -> None:
    metrics = Metrics("s", "1")
    seen: list[str] = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/plain", "CONTENT_LENGTH": "many"}
    list(service(ROUTES, metrics)(environ, lambda status, _: seen.append(status)))
    assert seen == ["400 Bad Request"]


def test_requests_are_counted_by_route_not_by_path(caplog: pytest.LogCaptureFixture) -> None:
    metrics = Metrics("s", "1")
    application = service(ROUTES, metrics)
    with caplog.at_level(logging.INFO):
        call(application, "POST", "/echo/1/x.y/2", b"1", x_request_id="i")
        call(application, "POST", "/echo/3/x.y/4", b"1")
        call(application, "GET", "/nothing")
    route = "/echo/{a}/x.y/{b}"
    counted = sample(metrics, "comptoir_http_requests_total", method="POST", route=route, status="200")
    timed = sample(metrics, "comptoir_http_request_duration_seconds_count", method="POST", route=route)
    unknown = sample(metrics, "comptoir_http_requests_total", method="GET", route="unknown", status="404")
    assert (counted, timed, unknown) == (2, 2, 1)
    assert sample(metrics, "comptoir_http_requests_in_flight") == 0
    first = caplog.records[0].fields  # type: ignore[attr-defined]
    assert 0 <= first.pop("milliseconds") < 1000
    assert first == {"request_id": "i", "method": "POST", "path": "/echo/1/x.y/2", "status": 200}
    assert {record.message for record in caplog.records} == {"answered"}


def test_the_log_says_how_long_it_took(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    moments = iter([10.0, 10.98765])
    monkeypatch.setattr("comptoir.web.application.time.perf_counter", lambda: next(moments))
    with caplog.at_level(logging.INFO):
        ask("GET", "/plain")
    assert caplog.records[0].fields["milliseconds"] == 987.7  # type: ignore[attr-defined]


def test_a_request_in_hand_is_counted() -> None:
    metrics = Metrics("s", "1")
    seen: list[float] = []
    routes = [
        Route(
            "GET",
            "/x",
            lambda _: Response.json(seen.append(sample(metrics, "comptoir_http_requests_in_flight"))),
        )
    ]
    call(service(routes, metrics), "GET", "/x")
    assert seen == [1]


def test_supervision_does_not_fill_the_log(caplog: pytest.LogCaptureFixture) -> None:
    routes = [Route("GET", "/health/live", lambda _: Response.json({}))]
    with caplog.at_level(logging.INFO):
        call(service(routes, Metrics("s", "1")), "GET", "/health/live")
    assert caplog.records == []


def test_a_redirect_after_a_form_is_a_get() -> None:
    answer = Response.see_other("/there")
    assert (answer.status, answer.headers, answer.body) == (303, {"Location": "/there"}, b"")


def test_the_first_route_wins() -> None:
    router = Router([Route("GET", "/a", echo), Route("GET", "/{x}", boom)])
    assert router.find("GET", "/a")[0].handler is echo
    assert router.find("GET", "/b") == (router.routes[1], {"x": "b"})
