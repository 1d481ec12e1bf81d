#!/usr/bin/env bash
# Compares a workload with another framework: ./compare.sh WORKLOAD COMMAND [ARGUMENT...]
#
# Runs run.sh WORKLOAD and COMMAND in turn, process by process, the other way round in every second pair. Both must
# print lines of the same form (peer=... metric=... median=...). Prints for each metric the ratio of the speeds, and of
# start and memory: above 1 this one is better.
#   PAIRS=5          how often
#   OPTIONS=...      options for run.sh, such as "--backend cuda"
#   and what run.sh takes
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
[ $# -ge 2 ] || { echo "usage: compare.sh WORKLOAD COMMAND [ARGUMENT...]" >&2; exit 2; }
workload=$1
shift
lines=$(mktemp)
trap 'rm -f "$lines"' EXIT

figures() { # SIDE COMMAND [ARGUMENT...]
  local side=$1
  shift
  "$@" | { grep '^peer=' || true; } | sed "s/^/round=$pair side=$side /" | tee -a "$lines"
}

[ "${BUILD:-1}" = 0 ] || "$here/run.sh" --build
export BUILD=0
for pair in $(seq "${PAIRS:-5}"); do
  [ $((pair % 2)) = 1 ] || figures other "$@"
  # shellcheck disable=SC2086
  figures ours "$here/run.sh" ${OPTIONS:-} "$workload"
  [ $((pair % 2)) = 0 ] || figures other "$@"
done
awk -f "$here/ratios.awk" "$lines"
