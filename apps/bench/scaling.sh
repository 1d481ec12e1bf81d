#!/usr/bin/env bash
# How much faster two threads are than one: ./scaling.sh [WORKLOAD...]    (W2 W4 without names)
#
# Processes with two threads (MANY=N: with so many) and with one in alternation; see compare.sh, which says what else
# can be set.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
[ $# -gt 0 ] || set -- W2 W4
for workload in "$@"; do
  THREADS="${MANY:-2}" "$here/compare.sh" "$workload" env THREADS=1 NAME=one-thread "$here/run.sh" "$workload"
  export BUILD=0
done
