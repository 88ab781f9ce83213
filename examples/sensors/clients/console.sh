#!/bin/sh
# The console tools of the distribution in KAFKA_HOME: console.sh produce BOOTSTRAP TOPIC ROWS | console.sh consume BOOTSTRAP TOPIC GROUP COUNT
set -eu
: "${KAFKA_HOME:?set KAFKA_HOME to a distribution with bin/kafka-console-producer.sh}"
case $1 in
  produce) exec "$KAFKA_HOME/bin/kafka-console-producer.sh" --bootstrap-server "$2" --topic "$3" --reader-property parse.key=true --compression-codec "${CODEC:-none}" < "$4" ;;
  consume) exec "$KAFKA_HOME/bin/kafka-console-consumer.sh" --bootstrap-server "$2" --topic "$3" --group "$4" --max-messages "$5" --timeout-ms 60000 --from-beginning --formatter-property print.key=true ;;
  *) sed -n 2p "$0" >&2; exit 2 ;;
esac
