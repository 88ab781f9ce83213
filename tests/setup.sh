# Sourced by test.sh: installs what the tests need and finds the real counterparts. Uses $work and step.
step "set-up"
apt_install() {
  missing=
  for package in "$@"; do dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"; done
  [ -n "$missing" ] || return 0
  if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then echo "not installed (needs root and apt-get):$missing"; return 1; fi
  echo "installing$missing"
  apt-get update -qq >/dev/null 2>&1
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >"$work/apt.log" 2>&1 || { tail -3 "$work/apt.log"; return 1; }
}
apt_install liblz4-1 libzstd1
apt_install postgresql
apt_install libmosquitto1 mosquitto mosquitto-clients
apt_install krb5-kdc krb5-admin-server krb5-user libsasl2-modules-gssapi-mit
if [ -n "${BARNABAS_PEERS:-}" ] && [ -d "$BARNABAS_PEERS/kafka" ]; then
  BARNABAS_PEERS=$(readlink -f "$BARNABAS_PEERS"); export BARNABAS_PEERS
  for package in openjdk-17-jdk-headless kcat python3-kafka python3-venv; do
    case $package in openjdk*) command -v javac >/dev/null && continue ;; esac
    apt_install $package
  done
  command -v npm >/dev/null || apt_install nodejs npm
  # A copy that lost its symbolic links (bin/NAME.sh -> ../run.sh became text) does not run: make a view of it that does.
  if [ ! -x "$BARNABAS_PEERS/kafka/bin/kafka-topics.sh" ]; then
    view=$work/peers; mkdir -p "$view/kafka/bin"
    for entry in "$BARNABAS_PEERS"/*; do [ "$(basename "$entry")" = kafka ] || ln -s "$entry" "$view/"; done
    for entry in "$BARNABAS_PEERS"/kafka/*; do
      case $(basename "$entry") in bin) ;; *.sh) cp "$entry" "$view/kafka/" ;; *) ln -s "$entry" "$view/kafka/" ;; esac
    done
    chmod +x "$view"/kafka/*.sh
    for entry in "$BARNABAS_PEERS"/kafka/bin/*; do ln -s "$(cat "$entry")" "$view/kafka/bin/$(basename "$entry")"; done
    BARNABAS_PEERS=$view
  fi
  if [ -d "$BARNABAS_PEERS/wheels" ]; then
    for python in python3.11 /usr/bin/python3 python3; do command -v $python >/dev/null && $python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' && break; python=; done
    if [ -n "$python" ] && $python -m venv "$work/venv" >/dev/null 2>&1 && "$work/venv/bin/pip" install -q --no-index --find-links "$BARNABAS_PEERS/wheels" confluent-kafka kafka-python aiokafka >"$work/pip.log" 2>&1; then
      export BARNABAS_TEST_PYTHON=$work/venv/bin/python
    fi
  fi
  if command -v npm >/dev/null; then (cd examples/sensors/clients && npm install --silent --no-audit --no-fund >"$work/npm.log" 2>&1) || tail -3 "$work/npm.log"; fi
  if [ -d "$BARNABAS_PEERS/nuget" ]; then
    LIBRDKAFKA_SOURCE=$(readlink -f "$BARNABAS_PEERS/nuget") dotnet build examples/sensors/clients/confluent-dotnet -c Release -v q -nologo >"$work/confluent.log" 2>&1 || tail -3 "$work/confluent.log"
  fi
  data=$(readlink -f "${BARNABAS_SENSORS:-../shared/data/sensors}" 2>/dev/null); [ ! -d "$data" ] || export BARNABAS_SENSORS=$data
else
  echo "BARNABAS_PEERS is not set to a folder with real counterparts: tests that need them are skipped."
fi
