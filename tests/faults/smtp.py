"""A mail server that remembers what it took. Six verbs of RFC 5321 suffice for one sender on this machine."""

import asyncio
import threading
from email import message_from_bytes
from typing import Self

from tests.faults.children import free_port


class MailServer:
    """Listens in a thread. `busy`: answers every mail with 451, «try again later»."""

    def __init__(self) -> None:
        self.port = free_port()
        self.busy = False
        self.refused = 0
        # Message-ID and address of each mail that was answered with 250, in the order of their coming.
        self.took: list[tuple[str, str]] = []
        self._loop = asyncio.new_event_loop()
        self._listening = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._listening.wait(5)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(asyncio.start_server(self._talk, "127.0.0.1", self.port))
        self._listening.set()
        self._loop.run_forever()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 prueba\r\n")
        try:
            while line := await reader.readline():
                verb = line[:4].upper().strip()
                if verb == b"DATA":
                    writer.write(b"354 adelante\r\n")
                    self._take(await reader.readuntil(b"\r\n.\r\n"), writer)
                elif verb == b"QUIT":
                    writer.write(b"221 chau\r\n")
                    break
                else:
                    writer.write(b"250 bien\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the sender was killed in the middle of a mail: it is not taken
        writer.close()

    def _take(self, data: bytes, writer: asyncio.StreamWriter) -> None:
        if self.busy:
            self.refused += 1
            writer.write(b"451 mas tarde\r\n")
            return
        message = message_from_bytes(data)
        self.took.append((str(message["Message-ID"]), str(message["To"])))
        writer.write(b"250 tomado\r\n")
