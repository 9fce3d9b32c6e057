"""Prints the first messages of a JetStream stream, one JSON object a line: follow.py URL STREAM COUNT

Reads with an ordered consumer, as any outside program would, and ends after COUNT messages.
"""

import asyncio
import json
import sys

import nats

TIMEOUT_S = 30


async def follow(url: str, stream: str, count: int) -> None:
    client = await nats.connect(url, allow_reconnect=False)
    try:
        subscription = await client.jetstream().subscribe(">", stream=stream, ordered_consumer=True)
        for _ in range(count):
            message = await subscription.next_msg(timeout=TIMEOUT_S)
            print(
                json.dumps(
                    {
                        "sequence": message.metadata.sequence.stream,
                        "subject": message.subject,
                        "headers": message.headers or {},
                        "body": message.data.decode(),
                    },
                    sort_keys=True,
                )
            )
    finally:
        await client.close()


asyncio.run(follow(sys.argv[1], sys.argv[2], int(sys.argv[3])))
