#!/bin/sh
# Accepts the CUDA backend on a machine with a GPU: gpu-acceptance.sh BUNDLE [OPTION...]
#
# BUNDLE is what gpu-bundle.sh packed. Needs NVIDIA's driver, cuBLAS of CUDA 12 or 13 and cuDNN 9: of LAMELLA_CUDA_LIBRARIES,
# or in Python's packages nvidia-*, or where systems have them. Compares with PyTorch where that is. Runs one part after
# the other, each for at most PART_LIMIT seconds (570), goes on after a failure, and prints one table at its end; the exit
# status is 1 if anything in it is BAD.
#   --only PARTS   of the following, with commas between: device tck training endurance mnist imdb bench graphs precision resnet
#   --out DIR      logs and the table (default: gpu-acceptance in the working directory)
#   --data DIR     with mnist/ (IDX files) and imdb/ (*train.tsv.gz and *test.tsv.gz), in place of what the bundle has
#   --python NAME  the Python that may have PyTorch (default: python3)
# QUICK=1 shortens all, to try the script out; its figures mean nothing then. QUICK_TORCH=cpu: PyTorch without a GPU.
set -u

parts=device,tck,training,endurance,mnist,imdb,bench,graphs,precision,resnet
only=$parts out=gpu-acceptance data= python=python3 quick=${QUICK:-0}
usage() { echo "gpu-acceptance.sh: $1; see its first lines" >&2; exit 2; }
[ $# -gt 0 ] || usage "the bundle is missing"
[ -f "$1/image.tar.gz" ] || usage "$1 is no bundle"
bundle=$(cd "$1" && pwd)
shift
while [ $# -gt 0 ]; do
  [ $# -gt 1 ] || usage "$1 needs a value"
  case $1 in
    --only) only=$2 ;;
    --out) out=$2 ;;
    --data) data=$(cd "$2" && pwd) || exit 2 ;;
    --python) python=$2 ;;
    *) usage "there is no option $1" ;;
  esac
  shift 2
done
for part in $(echo "$only" | tr , ' '); do
  case ,$parts, in *",$part,"*) ;; *) usage "there is no part $part" ;; esac
done
wanted() { case ,$only, in *",$1,"*) return 0 ;; *) return 1 ;; esac; }

mkdir -p "$out"
out=$(cd "$out" && pwd)
rows=$out/rows.tsv lines=$out/lines.txt
: >"$rows"
: >"$lines"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tar -xzf "$bundle/image.tar.gz" -C "$work"
cd "$work" || exit 1

# ---- rows of the table -------------------------------------------------------------------------------------------------

row() { printf '%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "${3:--}" "$4" "$5" | tee -a "$rows"; }
note() { row "$1" "$2" "$3" "" "${4:-}"; }

# judge PART FIGURE VALUE RELATION LIMIT; a value that is not there is bad
judge() {
  verdict=BAD
  if [ -n "$3" ] && awk -v v="$3" -v r="$4" -v l="$5" \
    'BEGIN { exit !(r == "=" ? v + 0 == l + 0 : r == ">=" ? v + 0 >= l + 0 : v + 0 <= l + 0) }'; then
    verdict=ok
  fi
  row "$1" "$2" "$3" "$4 $5" "$verdict"
}

# measured PART FIGURE VALUE: bad only if there is none
measured() {
  verdict=
  [ -n "$3" ] || verdict=BAD
  row "$1" "$2" "$3" "" "$verdict"
}

# calculate EXPRESSION A B: of the variables a and b; nothing where one of them is not there
calculate() {
  { [ -n "$2" ] && [ -n "$3" ]; } || return 0
  awk -v a="$2" -v b="$3" "BEGIN { printf \"%.4f\", ($1) }"
}

# ---- NVIDIA's libraries ------------------------------------------------------------------------------------------------

folders() {
  "$python" -c 'import site, sysconfig
for p in dict.fromkeys([sysconfig.get_paths()["purelib"]] + site.getsitepackages()): print(p)' 2>/dev/null |
    while read -r packages; do ls -d "$packages"/nvidia/*/lib "$packages"/nvidia/*/*/lib 2>/dev/null; done
  ls -d /usr/local/cuda/lib64 /usr/local/cuda*/lib64 /usr/local/cuda/lib /usr/lib/x86_64-linux-gnu /usr/lib64 2>/dev/null
}

# Prints the first folder that has a library.
folder_of() {
  folders | while read -r folder; do
    if [ -e "$folder/$1" ]; then
      echo "$folder"
      break
    fi
  done
}

find_libraries() {
  blas=$(folder_of libcublas.so.12)
  forward=
  if [ -z "$blas" ]; then
    blas=$(folder_of libcublas.so.13)
    if [ -n "$blas" ]; then
      forward=$bundle/forward
      if [ ! -e "$forward/libcublas.so.12" ]; then
        forward=$out/forward
        bash "$bundle/forward-cublas.sh" -l "$work"/image/lib/libJCublas2-*.so -o "$forward" >&2
      fi
    fi
  fi
  { echo "$forward"; echo "$blas"; folder_of libcudnn.so.9; folder_of libnvrtc.so.13; folder_of libnvrtc.so.12; } |
    awk 'NF && !seen[$0]++' | paste -s -d : -
}
libraries=${LAMELLA_CUDA_LIBRARIES:-$(find_libraries)}

# ---- running -----------------------------------------------------------------------------------------------------------

# limited LOG COMMAND...: for as long as the part has left; says on the log how it ended
limited() {
  log=$1
  shift
  left=$((part_end - $(date +%s)))
  [ "$left" -gt 0 ] || { echo "no time was left for: $*" >>"$log"; return 1; }
  timeout -k 5 "$left" "$@" >>"$log" 2>&1
  status=$?
  [ "$status" -eq 0 ] || echo "exit status $status of: $*" >>"$log"
  return "$status"
}

# on_device LOG COMMAND...: with NVIDIA's libraries
on_device() {
  device_log=$1
  shift
  LAMELLA_CUDA_LIBRARIES=$libraries LD_LIBRARY_PATH=$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} \
    limited "$device_log" "$@"
}

# java LOG [-DPROPERTY...] CLASS [ARGUMENT...]: what is no program of the image, on the class path; the image's own modules
# are hidden from it
java() {
  java_log=$1
  shift
  on_device "$java_log" "$work/image/bin/java" -Xmx6g --limit-modules java.base,java.logging,jdk.incubator.vector \
    --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -cp "$bundle/tests:$bundle/lib/*" "$@"
}

# junit PART WHAT CLASS [-DPROPERTY]
junit() {
  file=$out/$3${4:+-graphs-off}.log
  java "$file" -Dtck.required=cuda ${4:+"$4"} org.junit.platform.console.ConsoleLauncher execute \
    --disable-banner --disable-ansi-colors --details=tree --select-class="lamella.backend.cuda.$3"
  failed=$(calculate 'a + b' "$(tally "$file" 'tests failed')" "$(tally "$file" 'containers failed')")
  judge "$1" "$2: failures" "${failed%.*}" = 0
  judge "$1" "$2: passed" "$(tally "$file" 'tests successful')" '>=' 1
  aborted=$(tally "$file" 'tests aborted')
  [ "${aborted:-0}" -eq 0 ] || note "$1" "$2: do not apply to this device" "$aborted"
}

# tally LOG WHAT: the number in JUnit's summary
tally() { sed -n "s/^\[ *\([0-9]*\) $2 *\]\$/\1/p" "$1" | tail -n 1; }

# accuracy LOG PROGRAM ARGUMENT...: trains and prints the accuracy on the test examples
accuracy() {
  accuracy_log=$1 program=$2
  shift 2
  on_device "$accuracy_log" "$work/image/bin/$program" train --seed 1 --out "$work/model.safetensors" "$@"
  sed -n 's/^test accuracy \([0-9.]*\).*/\1/p' "$accuracy_log" | tail -n 1
}

# seconds LOG: how long the training took
seconds() { sed -n 's/.*model.safetensors.* written in \([0-9.]*\) s$/\1/p' "$1" | tail -n 1; }

difference() { calculate 'a > b ? a - b : b - a' "$1" "$2"; }

# timed RUN [-DPROPERTY...] -- ARGUMENT...: times workloads; their lines go to $lines under the name of the run
timed() {
  run=$1
  shift
  properties=
  while [ "$1" != -- ]; do
    properties="$properties $1"
    shift
  done
  shift
  file=$work/timed.log
  : >"$file"
  # shellcheck disable=SC2086 # a list of properties
  java "$file" -Dprio=true -Dbudget=8 $protocol $properties lamella.app.bench.Workloads --backend cuda "$@"
  cat "$file" >>"$out/bench.log"
  grep '^peer=' "$file" | sed "s/^/run=$run /" >>"$lines"
}

# torch RUN ARGUMENT...: the same in PyTorch
torch() {
  [ -n "$torch" ] || return 0
  run=$1
  shift
  file=$work/timed.log
  : >"$file"
  # shellcheck disable=SC2086 # a list of options
  limited "$file" "$python" "$bundle/torch_workloads.py" $torch "$@"
  cat "$file" >>"$out/torch.log"
  grep '^peer=' "$file" | sed "s/^/run=$run /" >>"$lines"
}

# figure RUN PEER WORKLOAD METRIC: the last that was measured; METRIC is how the metric's name begins
figure() {
  awk -v run="run=$1" -v peer="peer=$2" -v workload="workload=$3" -v metric="metric=$4" '
    $1 == run && $2 == peer && $3 == workload && index($4, metric) == 1 {
      for (i = 5; i <= NF; i++) if (sub(/^(median|value)=/, "", $i)) found = $i
    }
    END { print found }' "$lines"
}

# faster PART RUN WORKLOAD METRIC [LIMIT]: how much faster than PyTorch
faster() {
  ours=$(figure "$2" lamella "$3" "$4")
  theirs=$(figure "$2" torch "$3" "$4")
  case $4 in
    conv*) formula='b / a' unit=ms ;;
    *) formula='a / b' unit='examples/s' ;;
  esac
  measured "$1" "$3 $2, $unit" "$ours"
  against "$1" "$3 $2, speed / PyTorch's" "$(calculate "$formula" "$ours" "$theirs")" '>=' "${5:-}"
}

# smaller PART RUN WORKLOAD [LIMIT]: how much more memory than PyTorch
smaller() {
  for held in peak reserved; do
    ours=$(figure "$2" lamella "$3" "${held}_memory_mb")
    theirs=$(figure "$2" torch "$3" "${held}_memory_mb")
    limit=${4:-}
    # what the pool holds beyond the arrays in use depends on how it rounds
    [ $held = peak ] || limit=
    against "$1" "$3 $2, $held memory / PyTorch's" "$(calculate 'a / b' "$ours" "$theirs")" '<=' "$limit"
  done
}

# against PART FIGURE RATIO RELATION LIMIT: bad where PyTorch is there and a figure is missing or beyond its limit
against() {
  if [ -z "$torch" ]; then
    note "$1" "$2" - "no PyTorch"
  elif [ -z "$5" ]; then
    note "$1" "$2" "$3"
  else
    judge "$@"
  fi
}

# ---- the parts ---------------------------------------------------------------------------------------------------------

device() {
  nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader >"$out/device.log" 2>&1
  on_device "$out/device.log" "$work/image/bin/mnist" backends
  echo "libraries: ${libraries:-the system's}" >>"$out/device.log"
  note device "PyTorch" "${torch:+$("$python" -c 'import torch; print(torch.__version__)')}"
  found=$(sed -n 's/^cuda  *lamella.backend.cuda  *//p' "$out/device.log")
  judge device "usable: $found" "$(echo "$found" | grep -c 'cuDNN [0-9]')" = 1
}

tck() { junit tck "conformance in float32" CudaBackendTckTest; }
training() { junit training "gradients, training, replay" CudaTrainingTest; }
endurance() { junit endurance "1,000 steps hold no more" CudaEnduranceTest; }

mnist() {
  set -- mnist --net lenet5 --epochs 2
  if [ "$quick" = 1 ]; then set -- mnist --net lenet5 --epochs 1 --batch-size 16; fi
  if [ -d "$data/mnist" ]; then set -- "$@" --data "$data/mnist"; fi
  cpu=$(accuracy "$out/mnist-cpu.log" "$@" --backend cpu)
  note mnist "accuracy on the CPU, in $(seconds "$out/mnist-cpu.log") s" "$cpu"
  for precision in float32 tf32 bfloat16; do
    log_file=$out/mnist-$precision.log
    cuda=$(accuracy "$log_file" "$@" --backend cuda --precision $precision)
    note mnist "accuracy in $precision, in $(seconds "$log_file") s" "$cuda"
    judge mnist "$precision: off the CPU's by" "$(difference "$cpu" "$cuda")" '<=' 0.006
  done
}

imdb() {
  set -- imdb --net lstm --epochs 3 --validation 500
  folder=$bundle/data/imdb
  [ ! -d "$data/imdb" ] || folder=$data/imdb
  if [ -d "$folder" ] && [ "$quick" != 1 ]; then
    set -- "$@" --data "$folder"
  else
    set -- imdb --net lstm --epochs 1 --sample
  fi
  cpu=$(accuracy "$out/imdb-cpu.log" "$@" --backend cpu)
  note imdb "accuracy on the CPU, in $(seconds "$out/imdb-cpu.log") s" "$cpu"
  cuda=$(accuracy "$out/imdb-cuda.log" "$@" --backend cuda)
  note imdb "accuracy, in $(seconds "$out/imdb-cuda.log") s" "$cuda"
  judge imdb "off the CPU's by" "$(difference "$cpu" "$cuda")" '<=' 0.03
}

bench() {
  for batch in $batches; do
    for workload in W1 W2 W3 W4 W5; do
      timed "b$batch" -- --batch "$batch" $workload
    done
    torch "b$batch" --batch "$batch" W1 W2 W3 W4 W5
  done
  for batch in $batches; do
    # small batches of a small net: what a launch costs
    launches=0.9
    [ "$batch" = "$small" ] && launches=1.5
    faster bench "b$batch" W1 train_ $launches
    faster bench "b$batch" W2 train_ 0.9
    faster bench "b$batch" W3 train_ 0.9
    faster bench "b$batch" W4 conv_
    faster bench "b$batch" W5 train_
  done
  for workload in W1 W2 W3 W5; do
    smaller bench "b$large" $workload 1.1
  done
}

graphs() {
  junit graphs "conformance without graphs" CudaBackendTckTest -Dlamella.cuda.graphs=false
  for workload in W1 W2 W3; do
    for switch in true false; do
      timed "graphs-$switch" -Dlamella.cuda.graphs=$switch -- --batch "$small" $workload
    done
    on=$(figure graphs-true lamella $workload train_)
    measured graphs "$workload b$small, speed with graphs / without" \
      "$(calculate 'a / b' "$on" "$(figure graphs-false lamella $workload train_)")"
  done
}

precision() {
  for precision in float32 tf32 bfloat16; do
    timed $precision -- --precision $precision --batch "$large" W2
    timed $precision -- --precision $precision --batch "$large" W5
    torch $precision --precision $precision --batch "$large" W2 W5
    faster precision $precision W2 train_
    faster precision $precision W5 train_
  done
}

resnet() {
  timed bfloat16 -- --precision bfloat16 --batch "$photos" resnet50
  torch bfloat16 --precision bfloat16 --batch "$photos" resnet50
  faster resnet bfloat16 resnet50 train_ 0.85
  smaller resnet bfloat16 resnet50 1.1
  # for information: both at their best, and the default precision
  timed tuned -- --precision bfloat16 --batch "$photos" --nondeterministic resnet50
  torch tuned --precision bfloat16 --batch "$photos" --tuned resnet50
  faster resnet tuned resnet50 train_
  timed tf32 -- --batch "$photos" resnet50
  torch tf32 --batch "$photos" resnet50
  faster resnet tf32 resnet50 train_
}

# ---- all of it ---------------------------------------------------------------------------------------------------------

small=64 large=512 photos=256 protocol='' torch=''
if "$python" -c 'import torch; assert torch.cuda.is_available()' 2>/dev/null; then torch='--device cuda'; fi
if [ -n "${QUICK_TORCH:-}" ]; then torch="--device $QUICK_TORCH"; fi
if [ "$quick" = 1 ]; then
  small=2 large=4 photos=2 protocol='-Dwarm=0 -Dwin=0.05 -Dwindows=2'
  [ -z "$torch" ] || torch="$torch --warm-up 0 --window 0.05 --windows 2"
fi
batches="$small $large"

for part in $(echo "$parts" | tr , ' '); do
  if wanted "$part"; then
    echo "== $part" >&2
    part_end=$(($(date +%s) + ${PART_LIMIT:-570}))
    begun=$(date +%s)
    $part
    note "$part" "seconds taken" $(($(date +%s) - begun))
  fi
done

echo
{
  printf 'part\tfigure\tvalue\twanted\tverdict\n'
  cat "$rows"
} | awk -F '\t' '
  { line[NR] = $0; for (i = 1; i <= 4; i++) if (length($i) > width[i]) width[i] = length($i) }
  END {
    for (n = 1; n <= NR; n++) {
      split(line[n], cell, FS)
      printf "%-*s  %-*s  %*s  %-*s  %s\n", width[1], cell[1], width[2], cell[2], width[3], cell[3], width[4], cell[4], cell[5]
    }
  }' | tee "$out/table.txt"
bad=$(awk -F '\t' '$5 == "BAD"' "$rows" | wc -l)
echo
echo "$bad figures are bad; logs in $out"
[ "$bad" -eq 0 ]
