#!/usr/bin/env bash
# Installs a wheel into an empty environment and takes one photo with it.
# usage: tests/wheel.sh WHEEL
set -euo pipefail
wheel=$(realpath "$1")
here=$(realpath "$(dirname "$0")/..")
folder=$(mktemp -d)
trap 'kill "${pid:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$here/requirements.txt"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps "$wheel"
cd "$folder"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
printf '[listen]\nguest = "127.0.0.1:%s"\nadmin = "127.0.0.1:%s"\n' "$port" "$port" > kiosk.toml
"$folder/venv/bin/kiosk-appliance" serve > log 2>&1 &
pid=$!
for _ in $(seq 100); do
  if curl -fs "http://localhost:$port/health/ping" >/dev/null; then break; fi
  sleep 0.1
done
"$folder/venv/bin/python" - "$port" <<'PYTHON'
import io
import json
import sys
import urllib.request

from PIL import Image

base = f"http://localhost:{sys.argv[1]}"
page = urllib.request.Request(base, headers={"Accept": "text/html"})
assert b"/static/guest/" in urllib.request.urlopen(page).read(), "the guest page is missing"
for file in ("ui.js", "segmentation/selfie_segmentation_solution_simd_wasm_bin.wasm"):
    assert urllib.request.urlopen(f"{base}/static/vendor/{file}").read(), f"{file} is missing"
photo = io.BytesIO()
Image.new("RGB", (640, 480), "tomato").save(photo, "JPEG")
backgrounds = json.load(urllib.request.urlopen(f"{base}/api/backgrounds"))
request = urllib.request.Request(
    f"{base}/api/capture?background_id={backgrounds[0]['id']}",
    data=photo.getvalue(),
    headers={"Content-Type": "image/jpeg"},
)
capture = json.load(urllib.request.urlopen(request))
assert urllib.request.urlopen(capture["download_url"]).read(2) == b"\xff\xd8"
print("wheel: installed alone, it took a photo and gave it back")
PYTHON
