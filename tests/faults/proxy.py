"""A line between two processes that can be slow, silent or cut, while both ends are well."""

import asyncio
import threading
from contextlib import suppress
from typing import Self

from tests.faults.children import free_port

_BLOCK = 65536
_SILENCE = 0.02


class Proxy:
    """Listens on a port of its own and passes everything on to `target`; runs in a thread.

    `mode`: ok, latency (each block comes `delay` seconds later), blackhole (nothing arrives, nobody is told),
    cut (every connection ends at once, and no new one comes about).
    """

    def __init__(self, target: int, delay: float = 0.2) -> None:
        self.port, self._target, self._delay = free_port(), target, delay
        self.mode = "ok"
        self._loop = asyncio.new_event_loop()
        self._listening = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._open: set[asyncio.StreamWriter] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._listening.wait(5)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def turn(self, mode: str) -> None:
        self.mode = mode
        if mode == "cut":
            self._loop.call_soon_threadsafe(self._cut)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(asyncio.start_server(self._meet, "127.0.0.1", self.port))
        self._listening.set()
        self._loop.run_forever()
        self._cut()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def _cut(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.mode == "cut":
            writer.transport.abort()
            return
        self._open.add(writer)
        while self.mode == "blackhole":
            await asyncio.sleep(_SILENCE)
        try:
            onward_reader, onward = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            self._open.discard(writer)
            return
        self._open.add(onward)
        await asyncio.gather(self._pass(reader, onward), self._pass(onward_reader, writer))
        self._open -= {writer, onward}

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while block := await reader.read(_BLOCK):
                if self.mode == "latency":
                    await asyncio.sleep(self._delay)
                while self.mode == "blackhole":
                    await asyncio.sleep(_SILENCE)
                writer.write(block)
                await writer.drain()
        writer.close()
