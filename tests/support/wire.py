"""A line to PostgreSQL that a test can freeze: connections stay open, and nothing comes through any more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sqlalchemy import make_url


@dataclass
class Wire:
    """`url` leads through it. Frozen it swallows what is sent, as a host that vanished does."""

    url: str
    frozen: bool = False
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                if not self.frozen:
                    writer.write(data)
        finally:
            writer.close()


@asynccontextmanager
async def wire(url: str) -> AsyncIterator[Wire]:
    server_url = make_url(url)
    line = Wire(url)

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        other_reader, other_writer = await asyncio.open_connection(server_url.host, server_url.port)
        for each in (line.carry(reader, other_writer), line.carry(other_reader, writer)):
            line.tasks.add(asyncio.create_task(each))

    async with await asyncio.start_server(connected, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        line.url = server_url.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
        try:
            yield line
        finally:
            for task in line.tasks:
                task.cancel()
            await asyncio.gather(*line.tasks, return_exceptions=True)
