#!/usr/bin/env bash
# Runs every fuzzer with its committed seeds, and then with fresh ones. A failure names the seed; BARNABAS_FUZZ_SEED replays it.
# usage: tests/fuzz.sh [SECONDS]    for so long each (60); a seed that found something is committed beside those in the test
set -euo pipefail
root=$(dirname "$(dirname "$(readlink -f "$0")")")
export BARNABAS_FUZZ_SECONDS=${1:-60}
for project in Protocol Transport Broker; do
  dotnet build "$root/tests/Barnabas.$project.Tests" -v q -nologo > /dev/null
  "$root/tests/Barnabas.$project.Tests/bin/Debug/net10.0/Barnabas.$project.Tests" -noLogo -class "*Fuzz*"
done
