#!/bin/sh
self=$0
[ -h "$self" ] || [ "$self" = "${self#*/}" ] && self=$(readlink -f "$self")
exec "${self%/*}/barnabas" kafka-streams-application-reset "$@"
