import type { Declaration } from '../../facts/declarations';
import type { TypeExpression } from '../../facts/fileFacts';
import { tokensOf } from '../../facts/cTokens';
import { kernelScalar } from '../../kernel/abi';
import { expressionType } from '../expression/expressionType';
import { parseExpressionTokens, parseTypeName } from '../expression/parseExpression';
import { unresolved } from '../unresolved';
import { type Context, declarationsAt } from './unitContext';

export function typedefOf(context: Context, name: string): Declaration | undefined {
  if (context.typedefs.has(name)) return context.typedefs.get(name);
  context.typedefs.set(name, undefined);
  for (const place of context.unit.typedefs(name)) {
    const found = declarationsAt(context, place).find((declaration) => declaration.isTypedef && declaration.name === name);
    if (found === undefined) continue;
    context.typedefs.set(name, found);
    return found;
  }
  const generated = context.generated(name).find((declaration) => declaration.isTypedef && declaration.name === name);
  const found = generated ?? scalarTypedef(name);
  context.typedefs.set(name, found);
  return found;
}

/** What the kernel's headers define, for code that is read without them. */
function scalarTypedef(name: string): Declaration | undefined {
  const scalar = kernelScalar(name);
  if (scalar === null) return undefined;
  return { name, type: { kind: 'scalar', name: scalar }, bits: null, packed: false, aligned: [], isTypedef: true, condition: null };
}

/** Why a type that is left as text is not known. */
export function missingMacro(text: string): string {
  return text.startsWith('__attribute__') ? `${text} is not analysed` : `the macro ${text} is not defined where it is used`;
}

/** The type behind typedefs and `typeof`. */
export function strip(context: Context, type: TypeExpression): TypeExpression {
  switch (type.kind) {
    case 'named': {
      const found = typedefOf(context, type.name) ?? unresolved(`no definition of the type ${type.name} found`);
      return strip(context, found.type);
    }
    case 'typeof':
      return strip(context, typeofType(context, type.expression));
    case 'macro':
      return unresolved(missingMacro(type.text));
    default:
      return type;
  }
}

export function typeofType(context: Context, text: string): TypeExpression {
  const tokens = tokensOf(text);
  const type = parseTypeName(tokens, context.types.isTypeName);
  return type ?? expressionType(parseExpressionTokens(tokens, context.types.isTypeName), context.types);
}
