"""Sends a story through the Python library of Segment or RudderStack.

The story comes as JSON on standard input: {"library", "url", "writeKey", "calls"}.
"""

import json
import sys
from datetime import datetime

story = json.load(sys.stdin)
failures = []


def create_client():
    def on_error(error, items):
        failures.append(f"{len(items)} events: {error}")

    if story["library"] == "segment":
        from segment.analytics.client import Client
    else:
        from rudderstack.analytics.client import Client
    return Client(story["writeKey"], host=story["url"], on_error=on_error)


def send(client, call):
    options = {"timestamp": datetime.fromisoformat(call["timestamp"].replace("Z", "+00:00"))}
    who = {"user_id": call.get("userId"), "anonymous_id": call.get("anonymousId")}
    kind = call["type"]
    if kind == "identify":
        client.identify(traits=call["traits"], **who, **options)
    elif kind == "track":
        client.track(event=call["event"], properties=call["properties"], **who, **options)
    elif kind == "page":
        client.page(name=call["name"], properties=call["properties"], **who, **options)
    elif kind == "screen":
        client.screen(name=call["name"], properties=call["properties"], **who, **options)
    elif kind == "group":
        client.group(group_id=call["groupId"], traits=call["traits"], **who, **options)
    elif kind == "alias":
        client.alias(previous_id=call["previousId"], user_id=call["userId"], **options)


client = create_client()
for call in story["calls"]:
    send(client, call)
client.flush()
client.join()
if failures:
    sys.exit("; ".join(failures))
