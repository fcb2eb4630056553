import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Ajv from 'ajv-draft-04';

/** What a log has against the schema of SARIF 2.1.0 as its makers publish it; empty where it holds. */
export function sarifErrors(log: unknown): readonly unknown[] {
  const schema = createRequire(import.meta.url).resolve('@microsoft/jest-sarif').replace(/index\.js$/, 'schemas/sarif-2.1.0-rtm.5.json');
  const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(JSON.parse(readFileSync(schema, 'utf8')) as object);
  return validate(log) ? [] : (validate.errors ?? []);
}
