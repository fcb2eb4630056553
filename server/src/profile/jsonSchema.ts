import type { Form, FormField } from '../util/form';
import { profileShape } from './profileShape';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** The JSON schema of a `percpu.toml`, for editors and checkers that know TOML: `syntaxes/percpu.schema.json` is this. */
export function profileJsonSchema(): JsonSchema {
  const named = new Map<string, JsonSchema>();
  const top = schemaOf(profileShape.form, named);
  return { $schema: 'http://json-schema.org/draft-07/schema#', title: 'percpu.toml', ...top, definitions: Object.fromEntries(named) };
}

function schemaOf(form: Form, named: Map<string, JsonSchema>): JsonSchema {
  switch (form.kind) {
    case 'table': return tableSchema(form.fields, named);
    case 'map': return mapSchema(form, named);
    case 'list': return { type: 'array', items: schemaOf(form.item, named) };
    case 'text': return form.choices === null ? { type: 'string' } : { type: 'string', enum: form.choices };
    case 'whole': return { type: 'integer', minimum: form.least, maximum: form.most };
    case 'amount': return { type: 'number', minimum: form.least, maximum: form.most };
    case 'flag': return { type: 'boolean' };
    case 'spread': return spreadSchema(form.least, form.most);
    case 'either': return { anyOf: form.forms.map((one) => schemaOf(one, named)) };
    case 'named': return reference(form, named);
  }
}

function tableSchema(fields: ReadonlyMap<string, FormField>, named: Map<string, JsonSchema>): JsonSchema {
  const properties = Object.fromEntries([...fields].map(([name, { form, doc }]) => [name, { description: doc, ...schemaOf(form, named) }]));
  const required = [...fields].filter(([, field]) => field.required).map(([name]) => name);
  return { type: 'object', properties, additionalProperties: false, ...(required.length === 0 ? {} : { required }) };
}

function mapSchema({ names, value }: Extract<Form, { kind: 'map' }>, named: Map<string, JsonSchema>): JsonSchema {
  const inner = schemaOf(value, named);
  return { type: 'object', additionalProperties: inner, ...(names === null ? {} : { propertyNames: { enum: names } }) };
}

function spreadSchema(minimum: number, maximum: number): JsonSchema {
  const number = { type: 'number', minimum, maximum };
  return {
    anyOf: [
      number,
      { type: 'array', items: number, minItems: 2, maxItems: 3 },
      { type: 'object', properties: { low: number, mid: number, high: number }, required: ['low', 'mid', 'high'], additionalProperties: false },
    ],
  };
}

/** A form that holds itself is written once and referred to. */
function reference({ name, form }: Extract<Form, { kind: 'named' }>, named: Map<string, JsonSchema>): JsonSchema {
  if (!named.has(name)) {
    named.set(name, {});
    named.set(name, schemaOf(form(), named));
  }
  return { $ref: `#/definitions/${name}` };
}
