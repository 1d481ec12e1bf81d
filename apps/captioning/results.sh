#!/bin/sh
# Trains nets with seed 1 and all defaults from the image and prints their figures and the seconds that it took.
#   results.sh               emoji, all five styles, tested on comp-test
#   results.sh STYLE...      emoji, one net for each style, which is left out of its training and tested on
#   results.sh flickr8k DIR  Flickr8k in the folder DIR, tested on the official test split with beam 3 and all references
set -eu
caption=$(dirname "$(readlink -f "$0")")/target/image/bin/caption
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
train() { # NAME, options of the data set
  name=$1
  shift
  start=$(date +%s)
  "$caption" train "$@" --out "$out/model.safetensors" --quiet 2>"$out/err" >"$out/line" || { cat "$out/err" >&2; exit 1; }
  seconds=$(($(date +%s) - start))
  echo "$name: $(tail -n 1 "$out/line"), $seconds s"
}
evaluate() { # options of the data set
  "$caption" evaluate "$@" --model "$out/model.safetensors" --beam 3 2>"$out/err" || { cat "$out/err" >&2; exit 1; }
}
emoji() { # NAME, options of the data set
  train "$@"
  name=$1
  shift
  evaluate "$@" --quiet >"$out/line"
  echo "$name, beam 3: $(tail -n 1 "$out/line")"
}
if [ $# -eq 0 ]; then
  emoji "all styles"
elif [ "$1" = flickr8k ]; then
  if [ $# -ne 2 ]; then
    echo "usage: results.sh flickr8k DIR" >&2
    exit 2
  fi
  train flickr8k --dataset flickr8k --data "$2"
  echo "flickr8k, beam 3:"
  evaluate --dataset flickr8k --data "$2" --split test
else
  for style; do
    emoji "all styles but $style" --unseen-style "$style"
  done
fi
