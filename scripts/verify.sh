#!/bin/bash
# Types, lint, and the unit and architecture tests; types and lint beside the tests. Fails where one of them does.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.."
checks=$(mktemp)
trap 'rm -f "$checks"' EXIT
{ npm run -s typecheck && npm run -s lint; } >"$checks" 2>&1 &
checking=$!
npm run -s test:unit
tests=$?
wait $checking
result=$?
cat "$checks"
[ $result -eq 0 ] || echo "types or lint: failed"
exit $((tests != 0 || result != 0))
