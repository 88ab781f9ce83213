#!/bin/sh
# Writes the launchers bin/NAME.sh, bin/NAME and bin/windows/NAME.bat of every tool.
cd "$(dirname "$(readlink -f "$0")")/.." || exit 1
for name in connect-distributed connect-mirror-maker connect-plugin-path connect-standalone kafka-acls kafka-broker-api-versions \
  kafka-client-metrics kafka-cluster kafka-configs kafka-console-consumer kafka-console-producer kafka-console-share-consumer \
  kafka-consumer-groups kafka-consumer-perf-test kafka-delegation-tokens kafka-delete-records kafka-dump-log kafka-e2e-latency \
  kafka-features kafka-get-offsets kafka-groups kafka-jmx kafka-leader-election kafka-log-dirs kafka-metadata-quorum \
  kafka-metadata-shell kafka-mirror-maker kafka-preferred-replica-election kafka-producer-perf-test kafka-reassign-partitions \
  kafka-replica-verification kafka-run-class kafka-server-start kafka-server-stop kafka-share-consumer-perf-test kafka-share-groups \
  kafka-storage kafka-streams-application-reset kafka-streams-groups kafka-topics kafka-transactions kafka-verifiable-consumer \
  kafka-verifiable-producer kafka-verifiable-share-consumer trogdor zookeeper-server-start zookeeper-server-stop zookeeper-shell; do
  for file in "bin/$name.sh" "bin/$name"; do
    # A program less to run where the launcher is called by its own path.
    printf '#!/bin/sh\nself=$0\n[ -h "$self" ] || [ "$self" = "${self#*/}" ] && self=$(readlink -f "$self")\nexec "${self%%/*}/barnabas" %s "$@"\n' "$name" > "$file"
    chmod +x "$file"
  done
  printf '@echo off\r\ncall "%%~dp0barnabas.bat" %s %%*\r\nexit /b %%ERRORLEVEL%%\r\n' "$name" > "bin/windows/$name.bat"
done
chmod +x bin/barnabas
