#!/bin/sh
# Trains a small net on a few pictures, for a run of `describe` from which the build makes the AOT cache of the image:
# warm-up.sh IMAGE PICTURES OUT, the image's folder, a folder with PNG files, and a folder for what is made, which is
# emptied.
set -eu
rm -rf "$3"
mkdir -p "$3"
number=0
for picture in "$2"/*.png; do
  number=$((number + 1))
  cp "$picture" "$3/$number.png"
  printf '%s.png\tpicture number %s\n' $number $number >>"$3/captions.tsv"
done
"$1/bin/caption" train --dataset folder --data "$3" --size 32 --rarest 1 --epochs 1 --quiet --out "$3/m.safetensors" >/dev/null
