import json
import os
import urllib.request

url = f"{os.environ['SYFT_BASE_URL']}/api/motion/{os.environ['SYFT_MOTION_ID']}/export?fields=status&limit=100"
request = urllib.request.Request(url, headers={"Authorization": f"Bearer {os.environ['SYFT_SECRET_KEY']}"})
with urllib.request.urlopen(request) as answer:
    page = json.load(answer)
print(f"{len(page['items'])} runs, more: {page['hasMore']}")
