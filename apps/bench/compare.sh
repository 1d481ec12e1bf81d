#!/usr/bin/env bash
# Compares a workload with another framework: ./compare.sh WORKLOAD COMMAND [ARGUMENT...]
#
# Runs run.sh WORKLOAD and COMMAND in turn, process by process, which must print lines of the same form
# (peer=... metric=... median=...), and prints for each metric the ratio of the speeds: above 1 this one is faster.
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
for pair in $(seq "${PAIRS:-5}"); do
  # shellcheck disable=SC2086
  "$here/run.sh" ${OPTIONS:-} "$workload" | grep ' median=' | sed "s/^/pair=$pair ours /" | tee -a "$lines"
  export BUILD=0
  "$@" | grep ' median=' | sed "s/^/pair=$pair other /" | tee -a "$lines"
done
awk '
  function field(name,   i) {
    for (i = 1; i <= NF; i++) if (index($i, name "=") == 1) return substr($i, length(name) + 2)
  }
  { value[$2, field("pair"), field("metric")] = field("median"); metrics[field("metric")] }
  $2 == "other" { peer = field("peer") }
  END {
    for (metric in metrics) {
      n = 0
      for (pair = 1; (("ours", pair, metric) in value) && (("other", pair, metric) in value); pair++) {
        ratio = value["ours", pair, metric] / value["other", pair, metric]
        # Times, not rates: the smaller is the better.
        if (metric ~ /_(ms|us|s)(_|$)/ && metric !~ /per_s/) ratio = 1 / ratio
        for (i = n++; i > 0 && sorted[i - 1] > ratio; i--) sorted[i] = sorted[i - 1]
        sorted[i] = ratio
      }
      if (n == 0) continue
      median = n % 2 ? sorted[(n - 1) / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2
      printf "ratio=lamella/%s metric=%s median=%.3f min=%.3f max=%.3f pairs=%d\n", peer, metric, median, sorted[0], sorted[n - 1], n
    }
  }' "$lines"
