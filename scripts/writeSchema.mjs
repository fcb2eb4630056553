// Writes syntaxes/percpu.schema.json from the description that the program reads a percpu.toml by.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');
const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: ['server/src/profile/jsonSchema.ts'],
  bundle: true,
  platform: 'node',
  format: 'esm',
  write: false,
});
const module = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
writeFileSync(path.join(root, 'syntaxes/percpu.schema.json'), `${JSON.stringify(module.profileJsonSchema(), null, 2)}\n`);
