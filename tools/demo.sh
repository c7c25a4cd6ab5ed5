#!/usr/bin/env bash
# The main job on the bundled checkpoint: devices, conversion to OpenVINO IR, one text, then a file of texts.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH=$PWD/build/release:$PATH
model=build/demo/sst2-tiny

show() {
  printf '\n$ tastevin'
  printf ' %q' "$@" | sed 's/\\ / /g; s/I had a wonderful day/"&"/'
  printf '\n'
  tastevin "$@"
}

show devices
show convert models/sst2-tiny "$model"
show classify "I had a wonderful day" --model "$model" --timing
show classify --file examples/food_reviews.txt --model "$model" --timing
