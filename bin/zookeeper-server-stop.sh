#!/bin/sh
self=$(readlink -f "$0")
exec "${self%/*}/barnabas" zookeeper-server-stop "$@"
