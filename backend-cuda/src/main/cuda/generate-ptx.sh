#!/bin/sh
# Compiles the kernels to PTX, into the folder given or else into the resources. Needs nvcc.
#   compute_75: the oldest device that CUDA 13 knows. Version 7.0: drivers since CUDA 11.0 read it; the compiler's own
#   version would shut out drivers older than the compiler, and the instructions are the same.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here/../resources/lamella/backend/cuda/ptx}
release=$(nvcc --version | sed -n 's/.*release \([0-9.]*\).*/\1/p')
mkdir -p "$out"
for source in "$here"/*.cu; do
  name=$(basename "$source" .cu)
  nvcc -ptx -arch=compute_75 -O3 -Werror all-warnings -o "$out/$name.tmp" "$source"
  # without comments (they name the compiler's build) and blank lines
  {
    echo "// from $name.cu by nvcc $release"
    sed -e 's/^\.version .*/.version 7.0/' -e '/^\/\//d' -e '/^$/d' "$out/$name.tmp"
  } >"$out/$name.ptx"
  rm "$out/$name.tmp"
done
