#!/bin/sh
self=$(readlink -f "$0")
exec "${self%/*}/barnabas" kafka-server-stop "$@"
