import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newLineParser } from '../../server/src/recording/lineParser';
import { blankEvent, type TraceEvent } from '../../server/src/recording/traceEvent';
import { noNotices, readNotice } from '../../server/src/recording/traceNotices';

function parse(line: string): TraceEvent | null {
  const event = blankEvent();
  const bytes = Buffer.from(line, 'latin1');
  return newLineParser().parse(bytes, 0, bytes.length, event) ? event : null;
}

const fields = 'call_site=mm_init+0x268/0x3e0 reserved=0 is_atomic=1 size=24 align=2 base_addr=ADDR off=2592 ptr=00007ec3000a20 bytes_alloc=64 gfp_flags=GFP_ATOMIC|__GFP_NOWARN';
const expected = { kind: 'alloc', size: 24, align: 2, atomic: true, reserved: false, base: 'ffffe8ffffc00000', offset: 2592 };

describe('event lines', () => {
  it('are read from ftrace', () => {
    const event = parse(`           <...>-4711    [013] d..2.    12345: percpu_alloc_percpu: ${fields.replace('ADDR', 'ffffe8ffffc00000')}`);
    expect(event).toMatchObject({ ...expected, timestamp: 12_345, cpu: 13, task: 4711, interrupt: false });
  });

  it('are read from trace-cmd report, with and without flags', () => {
    const body = `percpu_alloc_percpu:  ${fields.replace('ADDR', '0xffffe8ffffc00000')}`;
    expect(parse(`            bash-812   [002]  1012.345678: ${body}`)).toMatchObject({ ...expected, timestamp: 1012.345678, cpu: 2, task: 812 });
    expect(parse(`            bash-812   [002] d.s2.  1012.345678901: ${body}`)).toMatchObject({ timestamp: 1012.345678901, interrupt: true });
  });

  it('are read from perf script', () => {
    const body = `percpu:percpu_alloc_percpu: ${fields.replace('ADDR', '0xffffe8ffffc00000')}`;
    expect(parse(`swapper     0 [003]    55.000001: ${body}`)).toMatchObject({ ...expected, timestamp: 55.000001, cpu: 3, task: -4 });
    expect(parse(`kworker/u16:1  37/38 [001]  55.000002: ${body}`)).toMatchObject({ ...expected, task: 38 });
  });

  it('may come from tasks with any name', () => {
    const free = 'percpu_free_percpu: base_addr=ffffe8ffffc00000 off=96 ptr=0000607ec3000060';
    for (const name of ['a b', 'x] [001] y', 'we-ird-7', '(sd-pam)', 'c: d', 'kworker/0:1', '[12]']) {
      const event = parse(`${name.padStart(16)}-99      [000] .....   7: ${free}`);
      expect(event, name).toMatchObject({ kind: 'free', base: 'ffffe8ffffc00000', offset: 96, task: 99, cpu: 0, timestamp: 7 });
    }
    expect(parse(`bash-99 ( 42) [000] .....   7: ${free}`)).toMatchObject({ kind: 'free', task: 99 });
  });

  it('are known by the function of a probe under any event name', () => {
    const probe = (text: string): TraceEvent | null => parse(`doop-2 [001] d..1. 9: p_my_probe_0: ${text}`);
    expect(probe('(pcpu_alloc_area+0x0/0x280) chunk=0xffff888100dd9600 bits=4 align=2 start=648 base=0xffffe8ffffc00000')).toMatchObject({ kind: 'probe-area', size: 16, align: 8 });
    const parser = newLineParser();
    const event = blankEvent();
    const read = (text: string): string => {
      const bytes = Buffer.from(text);
      parser.parse(bytes, 0, bytes.length, event);
      return event.kind;
    };
    expect(read('w-2 [1] d..1. 9: r_1: (process_one_work+0x18d/0x3a0 <- pcpu_balance_workfn)')).toBe('probe-balance-return');
    expect(read('w-2 [1] d..1. 9: r_2: (pcpu_alloc_noprof+0x21f/0x800 <- pcpu_alloc_area) off=2592')).toBe('other');
    expect(read('w-2 [1] d..1. 9: r_2: (pcpu_alloc_noprof+0x21f/0x800 <- pcpu_alloc_area) off=-1')).toBe('probe-area-return');
    expect(read('w-2 [1] d..1. 9: something: (else+0x0/0x10) a=1')).toBe('other');
  });

  it('keep numbers whole', () => {
    fc.assert(fc.property(fc.nat(10 ** 9), fc.nat(999_999_999), (seconds, nanoseconds) => {
      const text = `${seconds}.${String(nanoseconds).padStart(9, '0')}`;
      expect(parse(`a-1 [000] ..... ${text}: percpu_create_chunk: base_addr=ff00`)!.timestamp).toBe(Number(text));
    }));
  });

  it('are told from anything else, without an exception', () => {
    for (const line of ['', '#', '# tracer: nop', 'CPU:3 [LOST 12 EVENTS]', 'cpus=8', ' [000] ', 'a-1 [000]', 'a-1 [000] ..... x: y: z', '\0\0']) {
      expect(parse(line), line).toBeNull();
    }
    const pieces = fc.constantFrom('a-1', '[000]', '.....', '12:', '1.5:', 'percpu_alloc_percpu:', 'size=', 'off=-', 'base_addr=0x', '(', '<-', ' ');
    fc.assert(fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 12 }), (parts) => {
      const event = parse(parts.join(' '));
      expect(event === null || typeof event.timestamp === 'number').toBe(true);
    }));
  });
});

describe('what a trace says of itself', () => {
  it('is that events were lost', () => {
    const notices = noNotices();
    expect(readNotice('CPU:0 [LOST 3 EVENTS]', notices)).toBe(true);
    expect(readNotice('CPU:2 [40 EVENTS DROPPED]', notices)).toBe(true);
    expect(readNotice('perf 12 [001] 55.1: PERF_RECORD_LOST lost 7', notices)).toBe(true);
    expect(readNotice('CPU:1 [EVENTS DROPPED]', notices)).toBe(true);
    expect(notices.lost).toBe(51);
  });

  it('is how many events there were', () => {
    const notices = noNotices();
    expect(readNotice('# entries-in-buffer/entries-written: 100/250   #P:8', notices)).toBe(false);
    expect(notices).toMatchObject({ announced: 100, overwritten: 150, lost: 0, unread: 0 });
    readNotice('gibberish', notices);
    readNotice('cpus=8', notices);
    expect(notices.unread).toBe(1);
  });
});
