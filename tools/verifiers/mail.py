"""A mail server on loopback that others keep (aiosmtpd): mail.py PORT FOLDER [busy | tls | starttls]. It writes each
message into the folder, with a first line that says from whom and to whom; a busy one refuses the first for a while. With
FOLDER/cert.pem and FOLDER/key.pem, `tls` speaks it from the first byte and `starttls` demands it, and both want a password."""

import asyncio
import pathlib
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

port, folder = int(sys.argv[1]), pathlib.Path(sys.argv[2])
how = sys.argv[3] if sys.argv[3:] else ""
busy = how == "busy"


class Keep:
    count = 0

    async def handle_DATA(self, server, session, envelope):
        Keep.count += 1
        if busy and Keep.count == 1:
            return "451 4.3.0 later"
        head = f"{envelope.mail_from} {' '.join(envelope.rcpt_tos)}\n".encode()
        (folder / f"{Keep.count}.eml").write_bytes(head + envelope.content)
        return "250 kept"


async def main():
    options = {}
    if how in ("tls", "starttls"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        known = lambda server, session, envelope, mechanism, data: AuthResult(
            success=(data.login, data.password) == (b"preuve", b"four plain words"), handled=False)
        options = {"authenticator": known, "auth_required": True}
        if how == "tls":
            options |= {"ssl_context": context, "auth_require_tls": False}
        else:
            options |= {"tls_context": context, "require_starttls": True}
    controller = Controller(Keep(), hostname="127.0.0.1", port=port, **options)
    controller.start()
    print("listening", flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
