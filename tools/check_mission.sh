#!/usr/bin/env bash
# Pulls distilbert-base-uncased-finetuned-sst-2-english and compares labels and scores with the published ones. Needs a
# Hub (HF_ENDPOINT); without network it says so and ends with the exit code of `tastevin pull`.
#
#   tools/check_mission.sh [PROGRAM]
set -euo pipefail
cd "$(dirname "$0")/.."
tastevin=${1:-build/release/tastevin}
model=distilbert-base-uncased-finetuned-sst-2-english

if [ ! -x "$tastevin" ]; then
  echo "tastevin mission: no $tastevin: run \`make build\`, or name the program" >&2
  exit 1
fi
# In two steps, so that a failed pull ends the script with its own exit code.
folder=$("$tastevin" pull "$model")

failures=0
# compare TEXT LABEL [SCORE TOLERANCE]: the score that the label has for the text.
compare() {
  local text=$1 label=$2 score=${3:-} tolerance=${4:-} answer top found verdict
  answer=$("$tastevin" classify "$text" --model "$folder" --top-k 0 --format jsonl)
  top=$(sed -E 's/^.*"scores":\[\{"label":"([^"]*)".*$/\1/' <<<"$answer")
  found=$(sed -nE "s/^.*\"scores\":.*\"label\":\"$label\",\"score\":([-0-9.e]+).*$/\1/p" <<<"$answer")
  if [ -z "$score" ]; then
    [ "$top" = "$label" ] && verdict=same || verdict=DIFFERENT
    printf '%-10s %-50s expected %s, found %s\n' "$verdict" "$text" "$label" "$top"
  else
    awk -v found="$found" -v score="$score" -v tolerance="$tolerance" \
      'BEGIN { exit !(found != "" && found - score <= tolerance && score - found <= tolerance) }' &&
      verdict=same || verdict=DIFFERENT
    printf '%-10s %-50s expected %s %s, found %s\n' "$verdict" "$text" "$label" "$score" "${found:-none}"
  fi
  [ "$verdict" = same ] || failures=$((failures + 1))
}

# The notebook's own output.
compare "I had a wonderful day" POSITIVE
compare "The food was horrible." NEGATIVE
compare "We went because the restaurant had good reviews." POSITIVE
# huggingface/transformers#17754 and #43901; then the docstring of the transformers pipeline, which rounds.
compare "happy" NEGATIVE 0.0001246821484528482 1e-6
compare "happy" POSITIVE 0.9998753070831299 1e-6
compare "This movie is disgustingly good !" POSITIVE 0.9998536109924316 1e-6
compare "Director tried too much." NEGATIVE 0.996 5e-4

if [ "$failures" != 0 ]; then
  echo "tastevin mission: $failures of 7 answers differ from the published ones" >&2
  exit 1
fi
echo "mission: all answers are the published ones"
