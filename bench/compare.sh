#!/usr/bin/env bash
# Compares Barnabas with Apache Kafka side by side on this machine, and prints one table. See bench/README.md.
# usage: bench/compare.sh [--rows REGEX] [--rounds N] [--quick] [--full] [--list] [--home DIST] [--results DIR] [--work DIR]
# BARNABAS_PEERS names the folder with Apache Kafka and kbench.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
home=$(dirname "$here")
case " $* " in *" --home "*) set -- --results "$here/results" "$@" ;; *) BARNABAS_BUILD_ONLY=1 "$home/bin/barnabas"; set -- --home "$home" --results "$here/results" "$@" ;; esac
exe=$here/Barnabas.Bench/bin/Release/net10.0/Barnabas.Bench
if [ ! -x "$exe" ] || [ -n "$(find "$here/Barnabas.Bench" -name '*.cs' -newer "$exe.dll" -print -quit)" ]; then
  dotnet build "$here/Barnabas.Bench" -c Release -v q -nologo >&2
fi
exec "$exe" "$@"
