#!/bin/sh
# Makes messages-3.9.txt.gz anew: the versions that Apache Kafka 4 dropped and Barnabas still reads. Arguments: a source
# tree of Apache Kafka 3.9 (its generator/ and clients/ are compiled) and a distribution whose libs hold what they need.
set -e
source=$1
kafka=$2
here=$(cd "$(dirname "$0")" && pwd)
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
mkdir "$out/libs" "$out/generator" "$out/classes"
for jar in "$kafka"/libs/*.jar; do
    case $(basename "$jar") in kafka*) ;; *) ln -s "$jar" "$out/libs/" ;; esac
done
find "$source/generator/src/main/java" -name '*.java' -exec javac -nowarn -cp "$out/libs/*" -d "$out/generator" {} +
messages=org/apache/kafka/common/message
java -cp "$out/generator:$out/libs/*" org.apache.kafka.message.MessageGenerator -p org.apache.kafka.common.message \
    -o "$out/source/$messages" -i "$source/clients/src/main/resources/common/message" \
    -t ApiMessageTypeGenerator -m MessageDataGenerator JsonConverterGenerator
javac -nowarn -sourcepath "$source/clients/src/main/java:$out/source" -cp "$out/libs/*" -d "$out/classes" \
    "$out/source/$messages"/*.java "$source/clients/src/main/java/org/apache/kafka/common/record/MemoryRecords.java" "$here/GoldenMessages.java"
jar cf "$out/messages.jar" -C "$out/classes" .
java -cp "$out/classes:$out/libs/*" GoldenMessages "$out/all.gz" "$out/messages.jar"
# Only what messages.txt.gz lacks, at versions that the schemas have.
{
    zcat "$here/messages.txt.gz" | cut -d'|' -f1,2 | sed 's/^/has|/'
    sed -nE 's/^(request|response|header) ([A-Za-z]+) .*versions ([0-9]+).*/from|\2|\3/p' \
        "$here"/../../../src/Barnabas.Protocol/schemas/*/*.txt
    zcat "$out/all.gz"
} | awk -F'|' '$1 == "has" { has[$2 "|" $3] = 1; next } $1 == "from" { from[$2] = $3; next }
    ($1 in from) && $2 >= from[$1] && !(($1 "|" $2) in has)' | gzip -n > "$here/messages-3.9.txt.gz"
