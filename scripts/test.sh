#!/bin/bash
# Does all set-up and runs every check and test: types, lint, unit, real kernel trees, real VS Code.
# Ends with a line `N passed, N failed`. With PERCPU_LENS_REQUIRE_REFERENCE set, absent reference data fails
# instead of being skipped.
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

# stage NAME COMMAND…: one check that passes or fails as a whole.
stage() {
  local name=$1
  shift
  say "$name"
  if "$@" >&2; then echo passed > "$results/$name.stage"; else echo failed > "$results/$name.stage"; say "FAILED: $name"; fi
}

# suite PROJECT…: vitest projects that share the CPUs, counted by their tests.
suite() {
  local name=$* project options=()
  say "tests: $name"
  for project in "$@"; do options+=(--project "$project"); done
  npx --no-install vitest run "${options[@]}" --reporter=default --reporter=json --outputFile.json="$results/$name.json" >&2 || true
  [ -f "$results/$name.json" ] || echo failed > "$results/$name.stage"
}

need_node
install_packages chromium xz-utils "${code_server_packages[@]}" || true
# Only the test of the script that reads a kernel's memory needs it; it says so where it is skipped.
install_packages python3-drgn || true
install_node_modules
cd "$repository"
stage build build_package
# Each of them keeps one CPU busy.
stage types npm run --silent typecheck &
stage lint npm run --silent lint &
wait
stage kernels "$repository/scripts/prepare-kernels.sh"
stage editor-installation install_code_server
# Files of one project fill the CPU that the last long file of another leaves idle.
suite corpus slow unit
suite editor
node "$repository/scripts/testTotals.mjs" "$results"
