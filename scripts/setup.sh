# Steps that run.sh and test.sh share; sourced, not run.
set -euo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/percpu-lens
vsix=$repository/dist/percpu-lens-linux-x64.vsix
code_server_version=4.100.3
code_server=$cache/code-server-$code_server_version/node_modules/.bin/code-server

say() { printf 'percpu-lens: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

need_node() {
  command -v node >/dev/null && command -v npm >/dev/null || fail 'Node.js 20 or later with npm is needed and was not found'
  local major
  major=$(node -p 'process.versions.node.split(".")[0]')
  [ "$major" -ge 20 ] || fail "Node.js 20 or later is needed; this is $(node --version)"
}

is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# install_packages NAME…: installs the Debian packages that are missing, as root or through sudo.
# Fails, naming them, where that is not possible.
install_packages() {
  command -v dpkg-query >/dev/null || return 0
  local name missing=() as_root=()
  for name in "$@"; do is_installed "$name" || missing+=("$name"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
      say "missing Debian packages: ${missing[*]} (install them as root: apt-get install ${missing[*]})"
      return 1
    fi
    as_root=(sudo)
  fi
  say "installing Debian packages: ${missing[*]}"
  "${as_root[@]}" apt-get update -qq >&2 || say 'apt-get update had errors; going on with what is known'
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

# The project's own packages, when the lock file is newer than what is there.
install_node_modules() {
  cd "$repository"
  if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    say 'installing the node packages of package-lock.json'
    npm ci --no-fund --no-audit >&2
  fi
}

build_package() {
  cd "$repository"
  say 'building and packaging the extension'
  npm run --silent package </dev/null >&2
}

# What the native modules of code-server are built with, and the ripgrep that it searches with.
code_server_packages=(ripgrep libkrb5-dev python3 make g++)

install_code_server() {
  if "$code_server" --version >/dev/null 2>&1; then return 0; fi
  install_packages "${code_server_packages[@]}" || return 1
  "$repository/scripts/install-code-server.sh" "$(dirname "$(dirname "$(dirname "$code_server")")")" "$code_server_version"
}
