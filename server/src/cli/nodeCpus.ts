export type NodesResult =
  | { readonly ok: true; readonly nodes: readonly (readonly number[])[] }
  | { readonly ok: false; readonly message: string };

/**
 * CPUs of each NUMA node: nodes are separated by `/`, ranges and numbers of a node by `,` or `+`
 * (`0-3/4-7`, `0,2/1,3`). A node may have no CPU; every possible CPU is in exactly one node.
 */
export function parseNodeCpus(text: string, cpus: number): NodesResult {
  const nodeOf = new Map<number, number>();
  const nodes: number[][] = [];
  for (const [node, list] of text.split('/').entries()) {
    const members: number[] = [];
    for (const item of list.split(/[,+]/).filter((part) => part !== '')) {
      const range = readRange(item, cpus);
      if (typeof range === 'string') return { ok: false, message: range };
      for (const cpu of range) {
        if (nodeOf.has(cpu)) return { ok: false, message: `CPU ${cpu} is in two nodes` };
        nodeOf.set(cpu, node);
        members.push(cpu);
      }
    }
    nodes.push(members);
  }
  const missing = Array.from({ length: cpus }, (_, cpu) => cpu).find((cpu) => !nodeOf.has(cpu));
  if (missing !== undefined) return { ok: false, message: `CPU ${missing} is in no node` };
  return { ok: true, nodes };
}

function readRange(item: string, cpus: number): readonly number[] | string {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(item.trim());
  if (match === null) return `"${item}" is no CPU and no range of CPUs`;
  const first = Number(match[1]);
  const last = match[2] === undefined ? first : Number(match[2]);
  if (last < first) return `${item} runs backwards`;
  if (last >= cpus) return `CPU ${last} is not possible with ${cpus} CPUs`;
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
