#!/usr/bin/env bash
# Times whole workloads: ./run.sh [OPTION...] [WORKLOAD...]    (W1 to W6 without names; resnet50)
#   --backend NAME --precision NAME --batch N --nondeterministic; or --build: only build
#
# One process a workload, two threads, 2 s of warm-up, then seven windows of 0.7 s; prints median, minimum and maximum
# over the windows. Who runs waits for the lock, and then has priority over builds beside it (as far as permitted).
#   THREADS=2 WARM=2 WIN=0.7 WINDOWS=7 BUDGET=45   the protocol
#   HEAP=4g JOPTS=...                              the JVM
#   NAME=lamella                                   what the lines call it
#   LOCK=FILE PRIO=0                               the lock; no priority: wait for a quiet machine instead
#   BUILD=0                                        do not build
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
version=$("$java" --version | sed -n '1s/^[a-z]* \([0-9]*\).*/\1/p')
[ "$version" -ge 25 ] || { echo "run.sh: JDK 25 or newer is needed, $java is $version: set JAVA_HOME" >&2; exit 1; }
lock="${LOCK:-$(dirname "$(mktemp -u)")/bench.lock}"
export PRIO="${PRIO:-1}"

if [ "${BUILD:-1}" = 1 ]; then
  (cd ../.. && mvn -o -q -Pbench -Dexec.skip package -pl apps/bench -am -DskipTests -Dformat.skip=true)
fi
[ "${1:-}" != --build ] || exit 0
jar=$(ls target/lamella-app-bench-*.jar | head -n 1)

options=()
while [[ ${1:-} == --* ]]; do
  options+=("$1")
  if [ "$1" != --nondeterministic ]; then
    options+=("${2:?run.sh: $1 needs a value}")
    shift
  fi
  shift
done
# Only where the CUDA backend is on the module path: the JVM warns of modules that it does not have.
native=()
if ls target/modules/jcuda-*.jar >/dev/null 2>&1; then
  native=(--enable-native-access=jcuda,jcublas,jcudnn,lamella.backend.cuda)
fi

[ $# -gt 0 ] || set -- W1 W2 W3 W3b W4 W5 W6
for workload in "$@"; do
  # shellcheck disable=SC2016
  flock "$lock" setsid -w bash -c '
    if [ "$PRIO" = 1 ]; then { echo -20 >/proc/self/autogroup; renice -n -20 -p $$ >/dev/null; } 2>/dev/null; fi
    exec "$0" -Dt0=$(date +%s%3N) "$@"' \
    "$java" -Xmx"${HEAP:-4g}" -Dprio="$([ "$PRIO" = 1 ] && echo true || echo false)" \
    -Dthreads="${THREADS:-2}" -Dwarm="${WARM:-2}" -Dwin="${WIN:-0.7}" -Dwindows="${WINDOWS:-7}" \
    -Dbudget="${BUDGET:-45}" ${JOPTS:-} "${native[@]}" --module-path "$jar:target/modules" \
    -m lamella.app.bench/lamella.app.bench.Workloads "${options[@]}" "$workload" \
    2> >(grep -v '^WARNING: Using incubator' >&2) | sed -u "s/^peer=lamella /peer=${NAME:-lamella} /"
done
