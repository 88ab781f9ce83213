#!/bin/sh
# kcat (librdkafka): kcat.sh produce BOOTSTRAP TOPIC ROWS | kcat.sh consume BOOTSTRAP TOPIC GROUP COUNT
set -eu
case $1 in
  produce) exec kcat -P -b "$2" -t "$3" -K "$(printf '\t')" -X enable.idempotence=true -z "${CODEC:-none}" -l "$4" ;;
  consume) exec kcat -b "$2" -G "$4" -c "$5" -q -K "$(printf '\t')" -X auto.offset.reset=earliest "$3" ;;
  *) sed -n 2p "$0" >&2; exit 2 ;;
esac
