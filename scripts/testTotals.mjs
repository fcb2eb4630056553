// Adds up vitest's JSON results and the stages of test.sh; prints what failed, then `N passed, N failed` as the last line.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const [folder] = process.argv.slice(2);
let passed = 0;
let skipped = 0;
const failed = [];

for (const name of readdirSync(folder).sort()) {
  const text = readFileSync(path.join(folder, name), 'utf8');
  if (name.endsWith('.stage')) {
    if (text.trim() === 'passed') passed += 1;
    else failed.push(path.basename(name, '.stage'));
    continue;
  }
  for (const file of JSON.parse(text).testResults) {
    const where = path.relative(process.cwd(), file.name);
    // A file that fails before its tests (an import, a hook) has no failed test of its own.
    if (file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')) failed.push(where);
    for (const test of file.assertionResults) {
      if (test.status === 'passed') passed += 1;
      else if (test.status === 'failed') failed.push(`${where}: ${test.fullName}`);
      else skipped += 1;
    }
  }
}
for (const name of failed) console.log(`failed: ${name}`);
if (skipped > 0) console.log(`${skipped} skipped`);
console.log(`${passed} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 && passed > 0 ? 0 : 1;
