#!/bin/sh
# Builds the emulated device: libcuda.so.1, libcublas.so.12, libcudnn.so.9, into OUT_DIR, with the kernels of
# PROJECT_DIR (the folder of module backend-cuda; by default the one this script lies in). Needs g++ only.
# Builds nothing that is newer than its sources. Usage: build.sh OUT_DIR [PROJECT_DIR]
set -eu

sources=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
project=$(cd "${2:-$sources/../../..}" && pwd)
cuda=$project/src/main/cuda
ptx=$project/src/main/resources/lamella/backend/cuda/ptx
objects=$out/objects
mkdir -p "$objects"
if command -v flock > /dev/null; then # one build at a time
    exec 9> "$out/lock"
    flock 9
fi

flags="-std=c++17 -O2 -fPIC -fvisibility=hidden -Wall -Wextra"
# As nvcc has it except for fused multiply-adds; names of CUDA that a host compiler doubts
kernel_flags="$flags -ffp-contract=off -fno-math-errno -fno-strict-aliasing"
kernel_flags="$kernel_flags -Wno-unknown-pragmas -Wno-unused-function -Wno-sign-compare -Wno-misleading-indentation"

# Is $1 missing, or older than one of the files that follow?
stale() {
    stale_target=$1
    shift
    [ -e "$stale_target" ] || return 0
    for stale_source in "$@"; do
        [ -e "$stale_source" ] && [ "$stale_source" -nt "$stale_target" ] && return 0
    done
    return 1
}

# For kernels.cu: a translation unit that includes it and registers the kernels that its PTX names. A kernel may have
# the name of a C function, so its name gets a prefix; the unnamed namespace keeps shared memory of templates
# from being merged between files.
translation_unit() {
    name=$(basename "$1" .cu)
    [ -e "$ptx/$name.ptx" ] || { echo "emulator: $ptx/$name.ptx is missing" >&2; exit 1; }
    entries=$(sed -n 's/^.*\.visible *\.entry *\([A-Za-z0-9_]*\).*/\1/p' "$ptx/$name.ptx")
    echo "#include \"cuda_on_host.h\""
    for entry in $entries; do echo "#define $entry kernel_${name}_$entry"; done
    echo "namespace {"
    echo "#include \"$1\""
    for entry in $entries; do echo "#undef $entry"; done
    for entry in $entries; do echo "EMULATOR_KERNEL(\"$entry\", kernel_${name}_$entry)"; done
    echo "}"
}

commands=$out/commands
: > "$commands"
driver_objects="" cublas_objects="" cudnn_objects="" units=""
for source in "$sources"/*.cpp; do
    object=$objects/$(basename "$source" .cpp).o
    case $(basename "$source") in
        cublas*) cublas_objects="$cublas_objects $object" ;;
        cudnn_*) cudnn_objects="$cudnn_objects $object" ;;
        *) driver_objects="$driver_objects $object" ;;
    esac
    if stale "$object" "$source" "$sources"/*.h "$sources/build.sh"; then
        echo "g++ $flags -Werror -c $source -o $object" >> "$commands"
    fi
done
for source in "$cuda"/*.cu; do
    [ -e "$source" ] || continue
    name=$(basename "$source" .cu)
    object=$objects/kernels_$name.o
    driver_objects="$driver_objects $object"
    units="$units $objects/kernels_$name.cpp"
    if stale "$object" "$cuda"/*.cuh "$source" "$ptx/$name.ptx" \
        "$sources/cuda_on_host.h" "$sources/kernels.h" "$sources/build.sh"; then
        translation_unit "$source" > "$objects/kernels_$name.cpp"
        echo "g++ $kernel_flags -I$sources -I$cuda -c $objects/kernels_$name.cpp -o $object" >> "$commands"
    fi
done
# shellcheck disable=SC2086 # a list of files
twice=$(cat /dev/null $units | sed -n 's/^EMULATOR_KERNEL("\([^"]*\)".*/\1/p' | sort | uniq -d)
[ -z "$twice" ] || { echo "emulator: kernels of the same name: $twice" >&2; exit 1; }
xargs -P 2 -I '{}' sh -c '{}' < "$commands"

# link LIBRARY OBJECTS...; the symbols of cuBLAS and cuDNN have a version, as the real ones do, those of the driver none
link() {
    library=$1
    shift
    linked=$(cat "$objects/$library.list" 2> /dev/null || :)
    [ "$linked" != "$*" ] || stale "$out/$library" "$@" "$sources/build.sh" || return 0
    options="-Wl,-soname,$library -Wl,-z,defs -Wl,--version-script=$objects/$library.map"
    if [ "$library" = libcuda.so.1 ]; then
        echo "{ global: cu*; emulator_*; _ZN8emulator*; local: *; };" > "$objects/$library.map"
    else
        echo "$library { global: cublas*; cudnn*; local: *; };" > "$objects/$library.map"
        options="$options -Wl,-rpath,\$ORIGIN $out/libcuda.so.1"
    fi
    # a new file under the name at once: a running test keeps the one that it has loaded
    g++ -shared -o "$out/$library.new" "$@" $options
    mv "$out/$library.new" "$out/$library"
    echo "$*" > "$objects/$library.list"
}
# shellcheck disable=SC2086 # lists of files
{
    link libcuda.so.1 $driver_objects
    [ -z "$cublas_objects" ] || link libcublas.so.12 $cublas_objects
    [ -z "$cudnn_objects" ] || link libcudnn.so.9 $cudnn_objects
}
