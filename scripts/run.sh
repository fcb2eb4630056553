#!/bin/bash
# Does all set-up and opens the extension on a tree, in a real VS Code.
# usage: run.sh [KERNEL_TREE]     default: the bundled sample
#        run.sh --stop            ends the editor that an earlier run.sh left in the background
# Takes `code` where it is on the PATH; else installs code-server from npm and serves it on 127.0.0.1; where
# neither is possible it prints the cost report.
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

process_file=$cache/editor.pid

stop_editor() {
  local process
  process=$(cat "$process_file" 2>/dev/null || true)
  rm -f "$process_file"
  if [ -n "$process" ] && tr '\0' ' ' < "/proc/$process/cmdline" 2>/dev/null | grep -q code-server; then kill "$process"; fi
}

free_port() { node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'; }

# Without --user-data-dir of its own the person's settings of another code-server would be changed.
editor_settings() {
  local file=$cache/editor/User/settings.json
  if [ -f "$file" ]; then return; fi
  mkdir -p "$(dirname "$file")"
  cat > "$file" <<'JSON'
{
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "workbench.startupEditor": "none"
}
JSON
}

open_desktop() {
  say "opening $folder in VS Code"
  code --install-extension "$vsix" --force >&2 || return 1
  if [ -f "$folder/kernel/fork.c" ]; then code "$folder" --goto "$folder/kernel/fork.c"; else code "$folder"; fi
}

start_code_server() {
  local config=$cache/editor/config.yaml port=$1
  editor_settings
  printf 'auth: none\ncert: false\n' > "$config"
  local options=(--config "$config" --user-data-dir "$cache/editor" --extensions-dir "$cache/editor/extensions")
  export EXTENSIONS_GALLERY='{"serviceUrl":""}'
  "$code_server" "${options[@]}" --install-extension "$vsix" --force >&2 || return 1
  nohup "$code_server" "${options[@]}" --bind-addr "127.0.0.1:$port" --disable-telemetry --disable-update-check \
    --disable-workspace-trust --disable-getting-started-override > "$cache/editor/server.log" 2>&1 < /dev/null &
  echo $! > "$process_file"
  for _ in $(seq 150); do
    if node -e "fetch('http://127.0.0.1:$port/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"; then return 0; fi
    sleep 0.2
  done
  say "code-server did not start; its output is in $cache/editor/server.log"
  return 1
}

editor_url() {
  node -e '
    const [host, folder, file] = process.argv.slice(1);
    const url = new URL(`http://${host}/`);
    url.searchParams.set("folder", folder);
    if (file) url.searchParams.set("payload", JSON.stringify([["openFile", `vscode-remote://${host}${file}`]]));
    console.log(url.href);
  ' "127.0.0.1:$1" "$folder" "$([ -f "$folder/kernel/fork.c" ] && echo "$folder/kernel/fork.c")"
}

show_in_browser() {
  if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then return; fi
  local browser
  for browser in xdg-open chromium firefox; do
    if command -v "$browser" >/dev/null; then
      nohup "$browser" "$1" >/dev/null 2>&1 &
      return
    fi
  done
}

open_in_browser() {
  stop_editor
  local port url
  port=$(free_port)
  start_code_server "$port" || return 1
  url=$(editor_url "$port")
  show_in_browser "$url"
  printf '\nPercpu Lens is open on %s\n\n  %s\n\nHover over a percpu call, or press F1 and type “Percpu Lens”.\nStop it with: %s --stop\n' "$folder" "$url" "$0"
}

if [ "${1:-}" = --stop ]; then
  stop_editor
  exit 0
fi
folder=${1:-$repository/samples/workspace}
[ -d "$folder" ] || fail "no such folder: $folder"
folder=$(cd "$folder" && pwd)

need_node
install_node_modules
build_package
if command -v code >/dev/null && open_desktop; then
  :
elif install_code_server && open_in_browser; then
  :
else
  say 'no editor could be had; this is the report'
  exec node "$repository/dist/cli.cjs" report "$folder"
fi
