"""Sends the story with segment-analytics-python: python segment_python.py ADDRESS WRITE-KEY"""

import sys

from segment.analytics.client import Client
from story import tell

errors = []
client = Client(
    sys.argv[2], host=sys.argv[1], gzip=True, max_retries=2, on_error=lambda error, _: errors.append(error)
)
tell(client, "segment-python")
client.flush()
client.join()
if errors:
    sys.exit(f"refused: {errors}")
