#!/usr/bin/env bash
# Runs Apache Kafka's own integration suites against a copy of this checkout's commands, and compares with what Apache Kafka itself passes.
# usage: tests/suites.sh [--suite clients|tools|server|core|storage|all] [--class REGEX] [--method REGEX] [--home DIR] [--out DIR] [--timeout-per-test S] [--jobs N]
#   BARNABAS_PEERS  names the folder with kafka/ (Apache Kafka's jars) and kafka-suites/ (the runner, its README says what it does)
#   --home          a distribution to run as it is; without it one is made of this checkout
#   --out           where results.txt, traces.txt and the nodes' logs go
# Only what Apache Kafka passes on one combined node is run. Per suite: passed of baseline (percent), then what is missing and not named in
# docs/deviations.md, one invocation a line. Exit status 0 when nothing is missing but what is named there.
set -uo pipefail
root=$(dirname "$(dirname "$(readlink -f "$0")")")
peers=${BARNABAS_PEERS:?set BARNABAS_PEERS to the folder with kafka/ and kafka-suites/}
suites=$(readlink -f "$peers/kafka-suites") && [ -x "$suites/run.sh" ] || { echo "suites.sh: no kafka-suites/run.sh in $peers" >&2; exit 2; }
suite=all class=. method=. home= out= timeout=60 jobs=1
while [ $# -gt 0 ]; do
  case $1 in
    --suite) suite=$2 ;; --class) class=$2 ;; --method) method=$2 ;; --home) home=$2 ;; --out) out=$2 ;; --timeout-per-test) timeout=$2 ;; --jobs) jobs=$2 ;;
    *) sed -n '2,8p' "$0" >&2; exit 2 ;;
  esac
  shift 2 || exit 2
done
work=$(mktemp -d "${TMPDIR:-/tmp}/barnabas-suites.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
out=${out:-$work/out}
if [ -z "$home" ]; then
  # A copy that never rebuilds itself: the checkout may change under the run.
  BARNABAS_BUILD_ONLY=1 "$root/bin/barnabas" || exit 1
  home=$work/home
  mkdir -p "$home" && cp -a "$root/bin" "$root/config" "$root/etc" "$home/" && cp -aL "$root/.build/cli/current" "$home/libexec" || exit 1
fi
mkdir -p "$out"
"$suites/run.sh" --broker-home "$home" --one-node --only-baseline --suite "$suite" --class "$class" --method "$method" \
  --timeout-per-test "$timeout" --jobs "$jobs" --out "$out" > "$out/run.log" 2>&1
[ -s "$out/results.txt" ] || { tail -20 "$out/run.log" >&2; exit 1; }

# What Apache Kafka passes: with one broker and one controller, in the classes and methods asked for.
sed -n 's/ 1 1$//p' "$suites/baseline/nodes.txt" > "$work/one-node"
sed -n 's/^PASS \([^ ]*\) .*/\1/p' "$out/results.txt" | sort -u > "$work/passed"
grep -oE '`[A-Za-z]+Test(\.[A-Za-z0-9]+)?`' "$root/docs/deviations.md" | tr -d '`' | sort -u > "$work/named"
status=0
: > "$work/missing"
printf '%-10s %8s %8s\n' suite passed baseline
for name in clients tools server core storage; do
  case $suite in all | "$name") ;; *) continue ;; esac
  sed 's/.*\.//' <(grep -E "$class" "$suites/suites/$name.txt") > "$work/classes"
  sed -n 's/^PASS \([^ ]*\) .*/\1/p' "$suites/baseline/$name.txt" | grep -Fxf "$work/one-node" | awk -v file="$work/classes" -v method="$method" '
    BEGIN { while ((getline line < file) > 0) wanted[line] = 1 }
    { split($0, part, "."); split(part[2], bare, "["); if (part[1] in wanted && bare[1] ~ method) print }' | sort -u > "$work/baseline"
  # An invocation that carries one number or the other stands in the baseline under both; the run has it once.
  sed -n 's/^[A-Z]* \([^ ]*\) .*/\1/p' "$out/results.txt" | sort -u > "$work/run"
  grep -Fxf "$work/run" "$work/baseline" > "$work/expected"
  total=$(grep -c . "$work/expected")
  [ "$total" -gt 0 ] || continue
  passed=$(grep -Fxcf "$work/passed" "$work/expected")
  printf '%-10s %8d %8d (%d %%)\n' "$name" "$passed" "$total" $((passed * 100 / total))
  grep -Fxvf "$work/passed" "$work/expected" >> "$work/missing"
done
grep '^NOTRUN ' "$out/results.txt" | sed 's/^NOTRUN \([^ ]*\) .*/\1: not run to its end/' >> "$work/missing"
while read -r line; do
  bare=${line%%[\[:]*}
  grep -Fxq -e "$bare" -e "${bare%%.*}" "$work/named" || { [ $status = 1 ] || { echo; echo "Missing, and not named in docs/deviations.md:"; }; echo "$line"; status=1; }
done < "$work/missing"
exit $status
