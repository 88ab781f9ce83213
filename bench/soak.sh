#!/usr/bin/env bash
# soak.sh [SECONDS]: one node under load of every kind (producers with all codecs, consumers that come and go, topics made and deleted,
# compaction, hostile bytes), for an hour unless told otherwise, and asserts that memory and file handles stay flat.
# Prints one line a sample; exits with 1 where the last quarter took more than the second one did. BARNABAS_HOME names the distribution.
set -euo pipefail
# Each job is a process group, so that what it runs ends with it.
set -m
seconds=${1:-3600}
home=${BARNABAS_HOME:-$(cd "$(dirname "$0")/.." && pwd)}
barnabas=$home/bin/barnabas
work=$(mktemp -d)
port=${SOAK_PORT:-$((20000 + RANDOM % 8000))}
server=localhost:$port
pids=()
finish() {
    for pid in "${pids[@]}" ${node:-}; do kill -- "-$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

cat > "$work/server.properties" <<P
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://$server,CONTROLLER://localhost:0
advertised.listeners=PLAINTEXT://$server
controller.listener.names=CONTROLLER
controller.quorum.voters=1@localhost:9093
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs=$work/data
barnabas.format.empty.directories=true
offsets.topic.replication.factor=1
offsets.topic.num.partitions=8
log.cleaner.backoff.ms=2000
log.segment.delete.delay.ms=1000
log.retention.check.interval.ms=2000
log.initial.task.delay.ms=1000
P
LOG_DIR=$work/logs "$barnabas" server-start "$work/server.properties" > "$work/node.log" 2>&1 &
node=$!
for _ in $(seq 100); do "$barnabas" topics list --bootstrap-server "$server" > /dev/null 2>&1 && break; done
"$barnabas" topics create load --partitions 6 --config retention.bytes=20000000 --config segment.bytes=2000000 --bootstrap-server "$server" > /dev/null
"$barnabas" topics create state --partitions 2 --config cleanup.policy=compact --config segment.bytes=1048576 --config min.cleanable.dirty.ratio=0.1 --bootstrap-server "$server" > /dev/null
# The node itself where a launcher stands before it.
target=$node
while child=$(pgrep -P "$target" | head -1) && [ -n "$child" ]; do target=$child; done

until_end() { while [ "$SECONDS" -lt "$end" ]; do "$@" > /dev/null 2>&1 || true; done; }
codec() { for c in none gzip snappy lz4 zstd; do "$barnabas" producer-perf-test --topic load --num-records 20000 --record-size 400 --throughput 4000 --producer-props "bootstrap.servers=$server" "compression.type=$c"; done; }
keys() { for i in $(seq 2000); do echo "key-$((RANDOM % 500)):value-$i-$RANDOM"; done | "$barnabas" console-producer state --bootstrap-server "$server" --property parse.key=true --property key.separator=:; }
consume() { "$barnabas" console-consumer load --bootstrap-server "$server" --group "soak-$((RANDOM % 4))" --max-messages 15000 --timeout-ms 5000; }
topics() { local t=short-$RANDOM; "$barnabas" topics create "$t" --partitions 3 --bootstrap-server "$server"; "$barnabas" topics delete "$t" --bootstrap-server "$server"; }
hostile() { for _ in $(seq 20); do head -c $((RANDOM % 400 + 1)) /dev/urandom > "/dev/tcp/localhost/$port" || true; done; sleep 1; }

end=$((SECONDS + seconds))
for job in codec keys consume topics hostile; do until_end $job & pids+=($!); done

memory=() handles=()
interval=$((seconds / 40)); [ "$interval" -ge 1 ] || interval=1
while [ "$SECONDS" -lt "$end" ]; do
    sleep "$interval"
    kill -0 "$target" 2>/dev/null || { echo "the node is gone:"; tail -20 "$work/node.log"; exit 1; }
    m=$(awk '/^VmRSS/ {print $2}' "/proc/$target/status"); h=$(ls "/proc/$target/fd" | wc -l)
    memory+=("$m"); handles+=("$h")
    echo "at $((seconds - end + SECONDS)) s: $((m / 1024)) MiB, $h handles"
done

median() { printf '%s\n' "$@" | sort -n | awk '{v[NR]=$1} END {print v[int((NR+1)/2)]}'; }
count=${#memory[@]}; quarter=$((count / 4))
[ "$quarter" -ge 1 ] || { echo "too few samples: run for longer"; exit 1; }
m2=$(median "${memory[@]:$quarter:$quarter}"); m4=$(median "${memory[@]: -$quarter}")
h2=$(median "${handles[@]:$quarter:$quarter}"); h4=$(median "${handles[@]: -$quarter}")
echo "memory: second quarter $((m2 / 1024)) MiB, last quarter $((m4 / 1024)) MiB; handles: $h2, $h4"
# A sixth more, and what a collection that is due leaves: a leak of an hour's load is many times that.
[ "$m4" -le $((m2 + m2 / 6 + 48 * 1024)) ] || { echo "memory grows"; exit 1; }
[ "$h4" -le $((h2 + h2 / 5 + 40)) ] || { echo "file handles grow"; exit 1; }
grep -E " (ERROR|FATAL) " "$work/node.log" | head -5 && { echo "the node logged errors"; exit 1; }
echo "flat for $seconds s"
