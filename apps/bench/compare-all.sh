#!/usr/bin/env bash
# Compares workloads with several other frameworks: PEERS="NAME..." ./compare-all.sh COMMAND [WORKLOAD...]
#
# `COMMAND NAME WORKLOAD` runs another framework and prints lines as run.sh does; what it does not know prints nothing.
# In each round each side runs once, a process each; every second round goes the other way round. All workloads from
# W1 to W6 without names.
#   PEERS=...        the others
#   PAIRS=5          rounds
#   OPTIONS=...      options for run.sh
#   OUT=target/comparison   the folder of the results: lines.log (all that was printed; figures of workloads that are
#                    not named stay in it), values.csv, table.md
#   and what run.sh takes
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
if [ $# -lt 1 ] || [ -z "${PEERS:-}" ]; then
  echo 'usage: PEERS="NAME..." compare-all.sh COMMAND [WORKLOAD...]' >&2
  exit 2
fi
read -ra command <<<"$1"
shift
[ $# -gt 0 ] || set -- W1 W2 W3 W3b W4 W5 W6
out="${OUT:-$here/target/comparison}"
mkdir -p "$out"
touch "$out/lines.log"

figures() { # SIDE COMMAND [ARGUMENT...]
  local side=$1
  shift
  "$@" | { grep '^peer=' || true; } | sed "s/^/round=$round side=$side /" | tee -a "$out/lines.log" ||
    echo "compare-all.sh: $* failed in round $round" >&2
}

[ "${BUILD:-1}" = 0 ] || "$here/run.sh" --build
export BUILD=0
for workload in "$@"; do
  { grep -v " workload=$workload " "$out/lines.log" || true; } >"$out/others.log"
  mv "$out/others.log" "$out/lines.log"
  for round in $(seq "${PAIRS:-5}"); do
    sides=(ours)
    for peer in $PEERS; do
      # who had nothing to say in the first round has nothing to say
      [ "$round" = 1 ] || grep -q " side=$peer .* workload=$workload " "$out/lines.log" || continue
      if [ $((round % 2)) = 1 ]; then sides=("${sides[@]}" "$peer"); else sides=("$peer" "${sides[@]}"); fi
    done
    for side in "${sides[@]}"; do
      # shellcheck disable=SC2086
      if [ "$side" = ours ]; then
        figures ours "$here/run.sh" ${OPTIONS:-} "$workload"
      else
        figures "$side" "${command[@]}" "$side" "$workload"
      fi
    done
  done
  for form in csv markdown; do
    awk -v form=$form -f "$here/ratios.awk" "$out/lines.log" >"$out/$form"
  done
  mv "$out/csv" "$out/values.csv"
  mv "$out/markdown" "$out/table.md"
done
cat "$out/table.md"
