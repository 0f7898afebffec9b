"""A mail server on loopback that others keep (aiosmtpd): mail.py PORT FOLDER [busy]. It writes each message into the
folder, with a first line that says from whom and to whom; a busy one refuses the first for a while."""

import asyncio
import pathlib
import sys

from aiosmtpd.controller import Controller

port, folder = int(sys.argv[1]), pathlib.Path(sys.argv[2])
busy = sys.argv[3:] == ["busy"]


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
    controller = Controller(Keep(), hostname="127.0.0.1", port=port)
    controller.start()
    print("listening", flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
