// Moves the words of package.json into package.nls.json, and gathers those of the client and its views into l10n/bundle.l10n.json:
// what a translation of the extension starts from.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const root = path.resolve(import.meta.dirname, '..');
const json = (file) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
const write = (file, value) => writeFileSync(path.join(root, file), `${JSON.stringify(value, null, 2)}\n`);

/** Places of words in package.json: what holds them, the name of the field, and the key that they get. */
export function* wordsOf({ contributes, capabilities }) {
  for (const command of contributes.commands) yield [command, 'title', `command.${command.command}`];
  yield [contributes.configuration, 'title', 'configuration.title'];
  for (const [name, property] of Object.entries(contributes.configuration.properties)) {
    for (const field of ['description', 'markdownDescription', 'patternErrorMessage']) {
      if (field in property) yield [property, field, `configuration.${name}${field === 'patternErrorMessage' ? '.pattern' : ''}`];
    }
    for (const index of (property.enumDescriptions ?? []).keys()) yield [property.enumDescriptions, index, `configuration.${name}.${property.enum[index]}`];
  }
  for (const walkthrough of contributes.walkthroughs ?? []) {
    for (const field of ['title', 'description']) yield [walkthrough, field, `walkthrough.${walkthrough.id}.${field}`];
    for (const step of walkthrough.steps) {
      for (const field of ['title', 'description']) yield [step, field, `walkthrough.${walkthrough.id}.${step.id}.${field}`];
      yield [step.media, 'altText', `walkthrough.${walkthrough.id}.${step.id}.altText`];
    }
  }
  const virtual = capabilities.virtualWorkspaces;
  if (typeof virtual === 'object') yield [virtual, 'description', 'capabilities.virtualWorkspaces'];
}

/** Messages of `l10n.t('…')` in the client and of `t('…')` in its views, by message. */
export function clientMessages() {
  const folder = path.join(root, 'client');
  const messages = new Set();
  for (const name of readdirSync(folder, { recursive: true }).filter((one) => one.endsWith('.ts')).sort()) {
    const source = ts.createSourceFile(name, readFileSync(path.join(folder, name), 'utf8'), ts.ScriptTarget.ES2022, true);
    const visit = (node) => {
      if (ts.isCallExpression(node) && /^(.*\bl10n\.)?t$/.test(node.expression.getText(source))) {
        const [message] = node.arguments;
        if (message === undefined || !ts.isStringLiteralLike(message)) throw new Error(`${name}: t takes a plain text: ${node.getText(source)}`);
        messages.add(message.text);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return Object.fromEntries([...messages].sort().map((message) => [message, message]));
}

export function moved(manifest, known) {
  const words = {};
  for (const [holder, field, key] of wordsOf(manifest)) {
    const text = holder[field];
    words[key] = /^%.*%$/.test(text) ? known[text.slice(1, -1)] : text;
    holder[field] = `%${key}%`;
  }
  return words;
}

if (path.resolve(process.argv[1] ?? '') === path.resolve(import.meta.dirname, 'writeL10n.mjs')) {
  const manifest = json('package.json');
  let known = {};
  try {
    known = json('package.nls.json');
  } catch {
    // The first time there is none.
  }
  write('package.nls.json', moved(manifest, known));
  write('package.json', manifest);
  mkdirSync(path.join(root, 'l10n'), { recursive: true });
  write('l10n/bundle.l10n.json', clientMessages());
}
