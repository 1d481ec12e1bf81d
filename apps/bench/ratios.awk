# Compares figures that were taken side by side: awk -f ratios.awk [-v form=lines|markdown|csv] LOG...
#
# Reads lines `round=N side=NAME peer=... workload=... metric=... median=...` (or value=, of what a process has once).
# One side is called `ours`. A ratio is that of two figures of one round, turned over where less is better: above 1
# ours is better. Figures shown are medians over the rounds.
#   lines      a line for each ratio: its median, least and most
#   markdown   a table with the best other side of each metric, which is the one with the smallest median ratio
#   csv        all figures

function field(name,   i) {
  for (i = 1; i <= NF; i++) if (index($i, name "=") == 1) return substr($i, length(name) + 2)
  return ""
}

function less_is_better(metric) {
  return metric ~ /_(ms|us|s|mb)(_|$)/ && metric !~ /per_s/
}

# Sorts list[0 .. n - 1] and returns the median.
function median(list, n,   i, j, x) {
  for (i = 1; i < n; i++) {
    x = list[i]
    for (j = i; j > 0 && list[j - 1] > x; j--) list[j] = list[j - 1]
    list[j] = x
  }
  return n % 2 ? list[(n - 1) / 2] : (list[n / 2 - 1] + list[n / 2]) / 2
}

function median_figure(side, key,   r, n, list) {
  for (r = 1; r <= rounds; r++) if ((side, key, r) in figure) list[n++] = figure[side, key, r]
  return median(list, n)
}

# Sets ratio, least, most and pairs.
function compare(side, key,   r, x, list) {
  pairs = 0
  for (r = 1; r <= rounds; r++) {
    if (!(("ours", key, r) in figure) || !((side, key, r) in figure) || figure[side, key, r] == 0) continue
    x = figure["ours", key, r] / figure[side, key, r]
    list[pairs++] = less_is_better(metric[key]) ? 1 / x : x
  }
  if (pairs == 0) return 0
  ratio = median(list, pairs)
  least = list[0]
  most = list[pairs - 1]
  return 1
}

# 23456 as 23,456; small numbers with three digits.
function shown(x,   text) {
  if (x < 100) return sprintf("%.3g", x)
  text = sprintf("%.0f", x)
  return length(text) > 3 ? substr(text, 1, length(text) - 3) "," substr(text, length(text) - 2) : text
}

{
  side = field("side")
  r = field("round") + 0
  x = field("median")
  m = field("metric")
  if (x == "" && m ~ /^(start_to_first_step_ms|peak_rss_mb)$/) x = field("value")
  if (x == "") next
  key = field("workload") SUBSEP m
  if (!(key in metric)) {
    keys[count++] = key
    metric[key] = m
    workload[key] = field("workload")
  }
  figure[side, key, r] = x + 0
  if (r > rounds) rounds = r
  if (side != "ours" && !(side in name)) others[sides++] = side
  name[side] = field("peer")
  if (form != "csv") next
  if (!header++) print "workload,metric,round,peer,value"
  print workload[key] "," m "," r "," name[side] "," x
}

END {
  if (form == "csv") exit
  if (form == "markdown") {
    print "| workload | metric | Lamella | best peer | its figure | ratio | least to most | pairs |"
    print "|---|---|---|---|---|---|---|---|"
  }
  for (k = 0; k < count; k++) {
    key = keys[k]
    best = ""
    for (s = 0; s < sides; s++) {
      if (!compare(others[s], key)) continue
      if (form != "markdown") {
        printf "ratio=%s/%s workload=%s metric=%s median=%.3f min=%.3f max=%.3f pairs=%d\n", name["ours"], \
          name[others[s]], workload[key], metric[key], ratio, least, most, pairs
      } else if (best == "" || ratio < lowest) {
        best = others[s]
        lowest = ratio
      }
    }
    if (form != "markdown" || best == "") continue
    compare(best, key)
    printf "| %s | `%s` | %s | %s | %s | %.2f | %.2f to %.2f | %d |\n", workload[key], metric[key], \
      shown(median_figure("ours", key)), name[best], shown(median_figure(best, key)), ratio, least, most, pairs
  }
}
