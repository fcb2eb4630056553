import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { meminfoPercpu } from '../../server/src/allocator/geometry';
import { geometryCommand } from '../../server/src/cli/geometryCommand';
import { kernelData } from '../referenceData';

/** What a kernel printed at boot. */
interface Boot {
  readonly tag: string;
  readonly cmdline_extra: string;
  readonly numa_arg: readonly string[] | null;
  readonly possible_cpus: number;
  readonly percpu_line: string;
  readonly pcpu_alloc_lines: readonly string[];
  readonly static_size: number;
  readonly reserved_size: number;
  readonly dyn_size: number;
  readonly unit_size: number;
  readonly atom_size: number;
  readonly alloc_size: number;
  readonly nr_units: number;
  readonly units_per_alloc: number;
  readonly groups: readonly (readonly (number | null)[])[];
  readonly meminfo_percpu_kb: number | null;
  readonly pages_per_cpu: number;
}

const layout = kernelData('layout-6.12.json');
const boots = layout === undefined ? [] : (JSON.parse(readFileSync(layout, 'utf8')) as Boot[]);

async function geometry(boot: Boot, format: 'text' | 'json'): Promise<string> {
  const nodes = boot.numa_arg === null || boot.cmdline_extra.includes('numa=off') ? [] : ['--node-cpus', boot.numa_arg.join('/')];
  const firstChunk = boot.cmdline_extra.includes('percpu_alloc=page') ? 'page' : 'embed';
  const sizes = { cpus: boot.possible_cpus, 'static-size': boot.static_size, 'reserved-size': boot.reserved_size, 'dyn-size': boot.dyn_size, 'atom-size': boot.atom_size };
  const args = Object.entries(sizes).flatMap(([name, value]) => [`--${name}`, String(value)]);
  let out = '';
  let err = '';
  const io = { out: (text: string) => (out += text), err: (text: string) => (err += text) };
  expect(await geometryCommand([...args, ...nodes, '--page-size', '4096', '--first-chunk', firstChunk, '--format', format], io), err).toBe(0);
  return out;
}

describe.skipIf(boots.length === 0)('the first chunk of real boots', () => {
  it.each(boots.map((boot) => [`${boot.possible_cpus} CPUs, ${boot.tag}`, boot] as const))('%s', async (_, boot) => {
    expect(JSON.parse(await geometry(boot, 'json'))).toMatchObject({
      unit_size: boot.unit_size,
      alloc_size: boot.alloc_size,
      upa: boot.units_per_alloc,
      nr_units: boot.nr_units,
      groups: boot.groups,
      static_size: boot.static_size,
      reserved_size: boot.reserved_size,
      dyn_size: boot.dyn_size,
    });
    const [head, ...lines] = (await geometry(boot, 'text')).trimEnd().split('\n');
    expect(head).toBe(boot.percpu_line);
    expect(lines).toEqual(boot.pcpu_alloc_lines.map((line) => `pcpu-alloc: ${line}`));
  });

  it('explains what /proc/meminfo said once user space ran: whole units of whole pages', () => {
    for (const boot of boots.filter((one) => one.meminfo_percpu_kb !== null)) {
      const pages = (boot.meminfo_percpu_kb ?? 0) / meminfoPercpu(1, boot.nr_units, 4096);
      expect(Number.isInteger(pages), boot.tag).toBe(true);
      const firstChunk = (boot.static_size + boot.reserved_size + boot.dyn_size) / 4096;
      expect(pages, boot.tag).toBeGreaterThanOrEqual(firstChunk);
      expect(pages - firstChunk, boot.tag).toBeLessThan(8);
    }
  });
});
