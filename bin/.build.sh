# Sourced by bin/barnabas: publishes src/Barnabas.Cli with machine code into .build/cli, once for all who ask at the same time.
mkdir -p "$build" || exit 1
until mkdir "$build/lock" 2>/dev/null; do
  owner=$(cat "$build/lock/pid" 2>/dev/null)
  if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then rm -rf "$build/lock"; else sleep 0.2; fi
done
echo $$ > "$build/lock/pid"
trap 'rm -rf "$build/lock"' EXIT
trap 'exit 130' INT TERM
if [ ! -x "$exe" ] || [ ! -e "$build/stamp" ] || [ -n "$(find "$home/src" "$home/global.json" "$home"/Directory.*.props \
    \( -name bin -o -name obj -o -name '.*' \) -prune -o -type f -newer "$build/stamp" -print -quit)" ]; then
  command -v dotnet > /dev/null || { echo "barnabas: the .NET 10 SDK is needed to build it (dotnet is not on the PATH)" >&2; exit 1; }
  case $(uname -s) in Darwin) os=osx ;; *) os=linux ;; esac
  case $(uname -m) in aarch64 | arm64) cpu=arm64 ;; *) cpu=x64 ;; esac
  echo "Building barnabas; this happens on first use and after changes, and takes about a minute ..." >&2
  begin=$(date +%s)
  : > "$build/begin"
  next=$build/$begin-$$
  if ! DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 dotnet publish "$home/src/Barnabas.Cli" -c Release \
      -r "$os-$cpu" --self-contained false -p:PublishReadyToRun=true -p:DebugType=none -p:RunAnalyzers=false -v q -nologo \
      --artifacts-path "$build/obj" -o "$next" > "$build/log" 2>&1; then
    grep -E 'error' "$build/log" | sort -u | head -n 5 >&2
    echo "barnabas: the build failed; $build/log has all of it" >&2
    exit 1
  fi
  ln -sfn "$(basename "$next")" "$build/current.new" && mv -Tf "$build/current.new" "$build/current" 2>/dev/null || { rm -f "$build/current"; mv -f "$build/current.new" "$build/current"; }
  mv -f "$build/begin" "$build/stamp"
  # A node that runs may still load files of the build before this one.
  ls -1dt "$build"/[0-9]*-* 2>/dev/null | tail -n +3 | while read -r old; do rm -rf "$old"; done
  echo "Built barnabas in $(($(date +%s) - begin)) s." >&2
fi
rm -rf "$build/lock"
trap - EXIT INT TERM
