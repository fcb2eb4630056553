import { pairBrackets } from '../syntax/brackets';
import type { Segment } from '../syntax/segment';
import { startAt, wordAt } from '../syntax/tokenAccess';
import type { Tokens } from '../syntax/tokens';
import type { RegistrationFact } from './fileFacts';
import { argumentsOf } from './siteArguments';

/** Which argument of a registering macro names what it registers; by the shape of its name. */
const registering: readonly { readonly macro: RegExp; readonly argument: number }[] = [
  { macro: /^module_(?:init|exit)$/, argument: 0 },
  { macro: /^(?:module|builtin)_\w*driver\w*$/, argument: 0 },
  { macro: /^machine_\w*initcall\w*$/, argument: 1 },
  { macro: /^(?:\w+_)?initcall(?:_\w+)?$/, argument: 0 },
  { macro: /^__(?:init|exit)call$/, argument: 0 },
  { macro: /^(?:__setup|early_param|__setup_param)$/, argument: 1 },
  { macro: /^\w*(?:OF|ACPI)_DECLARE\w*$|^IRQCHIP_DECLARE$/, argument: 2 },
];

/** `module_init(f)`, `fs_initcall(f)`, `__setup("name=", f)` … at file scope; undefined for any other macro. */
export function registrationFact(tokens: Tokens, segment: Segment): RegistrationFact | undefined {
  const macro = wordAt(tokens, segment.name);
  const known = registering.find((candidate) => candidate.macro.test(macro));
  if (known === undefined) return undefined;
  const found = argumentsOf(tokens, pairBrackets(tokens, segment.first, segment.last), segment.name + 1, segment.last);
  const argument = found[known.argument];
  return argument === undefined ? undefined : { macro, argument, offset: startAt(tokens, segment.name) - segment.span.start };
}
