/** A loop over CPUs that touches what was just allocated: part of what creating it costs. */
export interface InitialWalk {
  readonly over: 'possible' | 'online';
  /** Words written to each CPU's copy, by the assignments and calls in the loop; u64_stats_init writes none on 64-bit. */
  readonly stores: number;
}

const loopOver = /\bfor_each_(possible|online)_cpu\s*\([^)]*\)/g;

/** Finds the loop behind `from` in a function's text whose body takes a CPU's copy of `target`; null where there is none. */
export function initialWalk(text: string, from: number, target: string): InitialWalk | null {
  const wanted = target.replace(/\s+/g, '');
  for (const loop of text.slice(from).matchAll(loopOver)) {
    const body = bodyAt(text, from + loop.index + loop[0].length);
    const taken = [...body.matchAll(/\bper_cpu_ptr\s*\(([^,()]*(?:\([^()]*\)[^,()]*)*),/g)].map(([, pointer = '']) => pointer.replace(/\s+/g, ''));
    if (taken.includes(wanted)) return { over: loop[1] === 'online' ? 'online' : 'possible', stores: storesIn(body) };
  }
  return null;
}

/** The statement or block at an offset. */
function bodyAt(text: string, at: number): string {
  let depth = 0;
  for (let end = at; end < text.length; end++) {
    const character = text[end];
    if (character === '{' || character === '(') depth++;
    else if (character === '}' || character === ')') depth--;
    if (depth <= 0 && (character === ';' || character === '}')) return text.slice(at, end + 1);
  }
  return text.slice(at);
}

const silent = /^(per_cpu_ptr|this_cpu_ptr|u64_stats_init|lockdep_\w+|if|for|while|sizeof|WARN_ON\w*|cpu_to_node)$/;

function storesIn(body: string): number {
  const assigned = body.match(/(->[\w.>\[\]-]+|\*\s*per_cpu_ptr\s*\([^;=]*\))\s*=(?!=)/g)?.length ?? 0;
  const called = [...body.matchAll(/\b([A-Za-z_]\w*)\s*\(/g)].filter(([, name = '']) => !silent.test(name)).length;
  return assigned + called;
}
