#!/usr/bin/env bash
# Installs what the tests need, builds, and runs every test. Last line: N passed, N failed, N skipped.
# usage: ./test.sh [PROJECT...]    PROJECT is a part of a test project's name, such as Storage; none means all.
# BARNABAS_PEERS names the folder with real counterparts (Apache Kafka, foreign clients); without it those tests are skipped and say so.
# BARNABAS_TEST_JOBS is how many projects run at a time (2), BARNABAS_TEST_TIMEOUT how many seconds each may take (1500).
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")" || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# One compiler process for all projects: it is warm from the second project on.
export UseSharedCompilation=true MSBUILDDISABLENODEREUSE=1
work=$(mktemp -d "${TMPDIR:-/tmp}/barnabas-test.XXXXXX")
# shellcheck disable=SC2046
trap 'kill $(jobs -rp) 2>/dev/null; wait; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
passed=0 failed=0 skipped=0 begin=$(date +%s)
: > "$work/skips"; : > "$work/failures"
step() { printf '== %s (%s s)\n' "$1" "${2:-$(($(date +%s) - begin))}"; }
note() { case $1 in pass) passed=$((passed + 1)) ;; fail) failed=$((failed + 1)); echo "$2" >> "$work/failures" ;; skip) skipped=$((skipped + 1)); echo "$2" >> "$work/skips" ;; esac; }

. tests/setup.sh

step "build"
if ! dotnet build Barnabas.slnx -c Release -v q -nologo > "$work/build.log" 2>&1; then
  grep -E 'error|warning' "$work/build.log" | sort -u | head -40
  echo "0 passed, 1 failed, 0 skipped"; exit 1
fi
BARNABAS_BUILD_ONLY=1 bin/barnabas > "$work/publish.log" 2>&1 || { tail -20 "$work/publish.log"; echo "0 passed, 1 failed, 0 skipped"; exit 1; }

if [ $# = 0 ]; then
  step "format"
  # Style is checked by the Release build; what is left is white space.
  if dotnet format whitespace . --folder --exclude .build --verify-no-changes > "$work/format.log" 2>&1; then note pass; else head -20 "$work/format.log"; note fail "dotnet format whitespace . --folder --verify-no-changes"; fi
fi

# A project's log, and when its time is over its status, in files of its own.
run() {
  trap 'kill "$child" 2>/dev/null; exit 143' TERM
  echo "$(($(date +%s) - begin))" > "$work/$1.begin"
  timeout -k 10 "${BARNABAS_TEST_TIMEOUT:-1500}" "$(executable "$1")" -noLogo -noColor > "$work/$1.log" 2>&1 </dev/null & child=$!
  wait "$child"
  echo $? > "$work/$1.status.new"; mv "$work/$1.status.new" "$work/$1.status"
}
executable() { echo "tests/$1/bin/Release/net10.0/$1"; }
report() {
  step "$1" "$(cat "$work/$1.begin")"
  code=$(cat "$work/$1.status" 2>/dev/null || echo 'that nobody knows')
  line=$(grep -E 'Total: [0-9]+,' "$work/$1.log" | tail -1)
  count() { printf '%s' "$line" | grep -oE "$1: [0-9]+" | grep -oE '[0-9]+$' || echo 0; }
  if [ -z "$line" ]; then
    tail -40 "$work/$1.log"; note fail "$1 ended with status $code before its summary (124 is a time-out)"; return
  fi
  total=$(count Total) errors=$(count Errors) bad=$(count Failed) left=$(count Skipped) notrun=$(count 'Not Run')
  [ "$code" = 0 ] || [ $((errors + bad)) -gt 0 ] || errors=1
  passed=$((passed + total - bad - left - notrun)) failed=$((failed + bad + errors)) skipped=$((skipped + left))
  grep -A2 -E '\[SKIP\]' "$work/$1.log" | grep -vE '^--$' >> "$work/skips"
  if [ $((errors + bad)) -gt 0 ]; then
    grep -A60 -E '\[FAIL\]' "$work/$1.log" | head -400
    grep -E '\[FAIL\]' "$work/$1.log" | sed "s/^ */$1: /" >> "$work/failures"
  fi
  echo "$line"
}

# Most of the tests' time is waiting, so two projects run at a time: beside Interop.Tests, which take the longest, all others one after the other.
projects=() queue=() begun=0
for project in tests/*.Tests; do
  name=$(basename "$project")
  [ $# = 0 ] || { match=; for want in "$@"; do case $name in *"$want"*) match=1 ;; esac; done; [ -n "$match" ] || continue; }
  [ -x "$(executable "$name")" ] || { note fail "$name was not built"; continue; }
  projects+=("$name")
  case $name in *.Interop.Tests) queue=("$name" "${queue[@]}") ;; *) queue+=("$name") ;; esac
done
for name in "${projects[@]}"; do
  until [ -e "$work/$name.status" ]; do
    while [ "$begun" -lt ${#queue[@]} ] && [ "$(jobs -rp | wc -l)" -lt "${BARNABAS_TEST_JOBS:-2}" ]; do run "${queue[begun]}" & begun=$((begun + 1)); done
    [ -n "$(jobs -rp)" ] || break
    sleep 0.5
  done
  report "$name"
done

[ ! -s "$work/skips" ] || { echo; echo "Did not run, and why:"; cat "$work/skips"; }
[ ! -s "$work/failures" ] || { echo; echo "Failed:"; cat "$work/failures"; }
echo; echo "$(($(date +%s) - begin)) s"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
