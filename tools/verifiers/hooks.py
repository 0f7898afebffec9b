"""A receiver on loopback that judges what it is sent by other people's code: hooks.py PORT FOLDER.

POST /hook is a webhook: the first is answered with 500, and each is verified by `standardwebhooks` with the secret in
FOLDER/secret, and again with a wrong one. POST /v1/traces is a collector: each body is read by the protocol's own
definition (`opentelemetry-proto`), in which nothing unknown is allowed. What was found is a line of FOLDER/hooks or FOLDER/traces."""

import base64
import json
import pathlib
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

port, folder = int(sys.argv[1]), pathlib.Path(sys.argv[2])


def verified(secret, body, headers):
    try:
        Webhook(secret).verify(body, headers)
        return "verified"
    except WebhookVerificationError:
        return "refused"


def proto3(spans):
    """Ids are hexadecimal in OTLP and base64 in the general rules of protobuf: this is the one difference."""
    for span in spans:
        for key in ("traceId", "spanId", "parentSpanId"):
            if key in span:
                span[key] = base64.b64encode(bytes.fromhex(span[key])).decode()


class Receiver(BaseHTTPRequestHandler):
    hooks = 0

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        status = 200
        if self.path == "/hook":
            Receiver.hooks += 1
            status = 500 if Receiver.hooks == 1 else 204
            secret = (folder / "secret").read_text().strip()
            headers = {name.lower(): value for name, value in self.headers.items()}
            wrong = "whsec_" + base64.b64encode(b"another secret of somebody else.").decode()
            told = json.loads(body)["type"]
            traced = "traced" if "traceparent" in headers else "untraced"
            line = f"{status} {told} {verified(secret, body, headers)} {verified(wrong, body, headers)}"
            line += f" {verified(secret, body + b' ', headers)} {headers['webhook-id']} {traced}"
            (folder / "hooks").open("a").write(line + "\n")
        elif self.path == "/v1/traces":
            message = json.loads(body)
            proto3(span for one in message["resourceSpans"] for scope in one["scopeSpans"] for span in scope["spans"])
            read = json_format.ParseDict(message, ExportTraceServiceRequest())
            with (folder / "traces").open("a") as out:
                for one in read.resource_spans:
                    for span in one.scope_spans[0].spans:
                        sound = len(span.trace_id) == 16 and len(span.span_id) == 8
                        sound = sound and 0 < span.start_time_unix_nano <= span.end_time_unix_nano
                        service = one.resource.attributes[0].value.string_value
                        out.write(f"{'sound' if sound else 'unsound'} {service} {span.trace_id.hex()} {span.name}\n")
        else:
            status = 404
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", port), Receiver)
print("listening", flush=True)
server.serve_forever()
