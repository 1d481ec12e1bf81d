#!/bin/sh
# Trains each net with seed 1 from the image and prints the figures of docs/results.md: results.sh DIR, the folder of the
# Large Movie Review Dataset. Takes about 25 minutes on two idle cores; expected test accuracies: cnn-lstm at least 0.89,
# bilstm 0.87, lstm 0.83.
set -eu
[ $# -eq 1 ] || { echo "usage: results.sh DIR" >&2; exit 2; }
imdb=$(dirname "$(readlink -f "$0")")/target/image/bin/imdb
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
for net in cnn-lstm bilstm lstm gru rnn attention; do
  start=$(date +%s)
  accuracy=$("$imdb" train --net "$net" --data "$1" --out "$out/model.safetensors" --quiet 2>/dev/null | tail -n 1)
  echo "$net: $accuracy, $(($(date +%s) - start)) s"
done
