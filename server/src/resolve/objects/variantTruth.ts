import type { CallGraph, LinkFacts } from '../callGraph';
import { folderOf } from '../sourceTree';
import type { Creations, Variant } from './creationMarks';
import type { Truth } from './guards';
import type { ObjectKindId } from './membership';
import { objectKinds } from './objectKinds';
import type { FunctionTexts } from './functionTexts';

/** What an atom of a condition comes to for one variant: by the member that its code sets, and by its operation tables. */
export type VariantTruth = (kind: ObjectKindId, variant: string, atom: string) => Truth;

/** Functions below a variant's own that are searched for what they set. */
const deepest = 3;

export function variantTruth(
  factsOf: (file: string) => LinkFacts | undefined, graph: Pick<CallGraph, 'definitionsOf'>, creations: Creations, texts: FunctionTexts,
): VariantTruth {
  const chosen = new Map<string, readonly string[]>();
  return (kind, name, atom) => {
    const variant = creations.variantsOf(kind).get(name);
    const member = objectKinds.find(({ id }) => id === kind)?.decidedBy;
    if (variant === undefined || member === undefined) return null;
    const selected = new RegExp(`^[\\w>.-]*\\b${member} == (.+)$`).exec(atom)?.[1];
    if (selected === undefined) return hasOperation(variant, atom);
    const key = `${kind} ${name}`;
    const values = chosen.get(key) ?? assigned(member, variant, { factsOf, graph, texts });
    chosen.set(key, values);
    const labels = selected.split(' | ');
    return values.some((value) => labels.includes(value)) ? (values.length === 1 ? true : null) : false;
  };
}

/** `netdev->netdev_ops->ndo_xdp_xmit`, `ops->alloc`: whether the variant's tables have the operation; not known where some have it. */
function hasOperation({ tables }: Variant, atom: string): Truth {
  const [, holder = '', field = ''] = /^(?:[\w>.-]+->)?(\w*ops)->(\w+)$/.exec(atom) ?? [];
  const type = holder === 'netdev_ops' ? 'net_device_ops' : holder === 'ops' || holder === 'rtnl_link_ops' ? 'rtnl_link_ops' : '';
  const own = tables.filter((table) => table.type === type);
  if (own.length === 0) return null;
  const having = own.filter(({ fields }) => fields.some((one) => one.field === field)).length;
  return having === own.length ? true : having === 0 ? false : null;
}

interface Code {
  readonly factsOf: (file: string) => LinkFacts | undefined;
  readonly graph: Pick<CallGraph, 'definitionsOf'>;
  readonly texts: FunctionTexts;
}

/** What the functions that create a variant, and those they call in the same folder, put into a member. */
function assigned(member: string, { functions }: Variant, { factsOf, graph, texts }: Code): readonly string[] {
  const values = new Set<string>();
  const seen = new Set<number>();
  let level = functions.flatMap(({ file, name }) => graph.definitionsOf(name, file));
  for (let depth = 0; depth <= deepest && level.length > 0; depth++) {
    for (const definition of level) {
      seen.add(definition.id);
      for (const value of texts.assignedTo(member, definition)) values.add(value);
    }
    level = level.flatMap(({ file, name }) => {
      const callees = (factsOf(file)?.calls ?? []).filter(({ caller }) => caller === name).flatMap(({ callees }) => callees);
      return callees.flatMap((callee) => graph.definitionsOf(callee, file)).filter((next) => !seen.has(next.id) && folderOf(next.file) === folderOf(file));
    });
  }
  return [...values];
}
