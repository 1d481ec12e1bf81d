#!/bin/sh
# Packs what gpu-acceptance.sh needs into one folder, on a machine without a GPU: gpu-bundle.sh [--imdb DIR] [OUT]
#
# OUT (default: target/gpu-bundle) is copied to the GPU machine whole, where neither JDK nor Maven nor compiler is needed:
#   bundle/gpu-acceptance.sh bundle
# It holds the image of apps/cuda (both programs, JCuda's native libraries, MNIST; packed, and unpacked there), whose JVM
# also runs the rest: the test classes of this module, the jars that they and the benchmarks need, a libcublas.so.12 that
# forwards to CUDA 13, PyTorch's side of the comparison and, with --imdb, a quarter of the Large Movie Review Dataset: DIR
# has the files *train.tsv.gz and *test.tsv.gz.
#   BUILD=0     do not build: jars and image are there from an earlier time
set -eu
here=$(cd "$(dirname "$0")" && pwd)
most=64000000

fail() { echo "gpu-bundle.sh: $1" >&2; exit 1; }

imdb=
if [ "${1:-}" = --imdb ]; then
  imdb=${2:?gpu-bundle.sh: --imdb needs a folder}
  shift 2
fi
out=${1:-$here/target/gpu-bundle}
image=$here/../apps/cuda/target/image jars=$here/acceptance/target/lib

if [ "${BUILD:-1}" = 1 ]; then
  rm -rf "$jars"
  # without compression in the image, as it is packed as a whole
  (cd "$here/.." && mvn -q -Pgpu-bundle package -pl backend-cuda/acceptance,apps/cuda -am -DskipTests \
    -Dformat.skip=true -Dimage.compress=zip-0)
fi
{ [ -d "$jars" ] && [ -d "$image" ]; } || fail "there are no $jars and $image: run without BUILD=0"

rm -rf "$out"
mkdir -p "$out/lib" "$out/forward" "$out/tests"
tar -C "$image/.." -cf - image | gzip -9 >"$out/image.tar.gz"
cp "$jars/"*.jar "$out/lib/"
# the image has them as files, and without those for other parts of CUDA, which are large
rm -f "$out/lib/"*-natives-*.jar
cp -R "$here/target/test-classes/." "$out/tests/"
cp "$here/gpu-acceptance.sh" "$here/torch_workloads.py" "$here/forward-cublas.sh" "$out/"

if command -v "${CC:-cc}" >/dev/null && command -v nm >/dev/null; then
  bash "$here/forward-cublas.sh" -l "$image/lib/libJCublas2-"*.so -o "$out/forward"
else
  echo "gpu-bundle.sh: no C compiler here, so a machine with CUDA 13 needs one" >&2
  rmdir "$out/forward"
fi

if [ -n "$imdb" ]; then
  mkdir -p "$out/data/imdb"
  for part in train test; do
    # every fourth review: they are sorted by their label
    gzip -dc "$imdb/"*"$part.tsv.gz" | awk 'NR % 4 == 1' | gzip -9 >"$out/data/imdb/sample_$part.tsv.gz"
  done
fi

bytes=$(find "$out" -type f -exec wc -c {} + | awk '$2 != "total" { sum += $1 } END { print sum }')
[ -z "$(find "$out" -type l)" ] || fail "there are symbolic links in $out"
echo "$out: $bytes bytes"
[ "$bytes" -le "$most" ] || fail "that is more than $most bytes"
