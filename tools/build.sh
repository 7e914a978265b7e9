#!/usr/bin/env bash
# build.sh PRESET TARGET...: configures build/PRESET once and builds the targets, quietly unless
# something fails or there is a terminal to show progress on.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
preset=$1
shift
folder=$root/build/$preset
log=$folder/build.log
mkdir -p "$folder"
# Lets checkouts and presets in different places share what ccache holds.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1
# Precompiled headers are cached only when times and macros in them don't count.
export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
exec 8>"$folder/lock"
flock 8

if [ ! -f "$folder/build.ninja" ]; then
  echo "Building Millstream ($preset); the first build takes some minutes." >&2
  if ! cmake -S "$root" --preset "$preset" >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    exit 1
  fi
fi
if [ -t 2 ]; then
  exec ninja -C "$folder" "$@" >&2
fi
if ! ninja -C "$folder" "$@" >"$log" 2>&1; then
  tail -n 60 "$log" >&2
  exit 1
fi
