#!/bin/sh
# Makes messages.txt.gz anew with the classes of the Apache Kafka distribution given as argument.
set -e
kafka=$1
here=$(cd "$(dirname "$0")" && pwd)
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
javac -cp "$kafka/libs/*" -d "$out" "$here/GoldenMessages.java"
jars=
for name in clients metadata group-coordinator transaction-coordinator share-coordinator raft storage streams server server-common; do
    for jar in "$kafka"/libs/kafka-$name-[0-9]*.jar; do
        [ -f "$jar" ] && jars="$jars $jar"
    done
done
# shellcheck disable=SC2086
java -cp "$out:$kafka/libs/*" GoldenMessages "$here/messages.txt.gz" $jars
