#!/bin/sh
# Trains the nets for emoji with seed 1 from the image and prints their figures: results.sh [STYLE...], the styles that are
# left out of training one after the other; without any, all five styles are learnt from, and the test is comp-test.
set -eu
caption=$(dirname "$(readlink -f "$0")")/target/image/bin/caption
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
run() {
  name=$1
  shift
  start=$(date +%s)
  "$caption" train "$@" --out "$out/model.safetensors" --quiet 2>"$out/err" >"$out/line" || { cat "$out/err" >&2; exit 1; }
  seconds=$(($(date +%s) - start))
  echo "$name: $(tail -n 1 "$out/line"), $seconds s"
  echo "$name, beam 3: $("$caption" evaluate "$@" --model "$out/model.safetensors" --beam 3 --quiet 2>/dev/null | tail -n 1)"
}
if [ $# -eq 0 ]; then
  run "all styles"
fi
for style; do
  run "all styles but $style" --unseen-style "$style"
done
