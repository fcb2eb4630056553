import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineMover, steadyLines } from '../../server/src/lsp/steadyLines';

const pause = 1000;

function steady(withholdsNew: boolean) {
  let time = 0;
  let asked = 0;
  const lines = steadyLines<{ key: string; line: number }>({ pause, withholdsNew, onPause: () => (asked += 1), now: () => time });
  return { lines, wait: (ms: number) => (time += ms), asked: () => asked };
}

const before = 'a\nb\nc\nd\n';

describe('while a document is typed into', () => {
  it('keeps what vanishes where its line has gone, until typing pauses', () => {
    const { lines, wait } = steady(false);
    lines.show('u', before, [{ key: 'x', line: 1 }, { key: 'y', line: 3 }]);
    lines.typed('u');
    expect(lines.show('u', 'a\nbb\nnew\nc\nd\n', [{ key: 'y', line: 4 }])).toEqual([{ key: 'x', line: 1 }, { key: 'y', line: 4 }]);
    expect(lines.show('u', 'top\na\nbb\nnew\nc\nd\n', [{ key: 'y', line: 5 }])).toEqual([{ key: 'x', line: 2 }, { key: 'y', line: 5 }]);
    wait(pause);
    expect(lines.show('u', 'top\na\nbb\nnew\nc\nd\n', [{ key: 'y', line: 5 }])).toEqual([{ key: 'y', line: 5 }]);
  });

  it('drops what stood on a line that was deleted', () => {
    const { lines } = steady(false);
    lines.show('u', before, [{ key: 'x', line: 1 }]);
    lines.typed('u');
    expect(lines.show('u', 'a\nc\nd\n', [])).toEqual([]);
  });

  it('adds nothing new above lines, but at their ends', () => {
    for (const [withholds, expected] of [[true, []], [false, [{ key: 'n', line: 2 }]]] as const) {
      const { lines, wait } = steady(withholds);
      lines.show('u', before, []);
      lines.typed('u');
      expect(lines.show('u', before, [{ key: 'n', line: 2 }])).toEqual(expected);
      wait(pause);
      expect(lines.show('u', before, [{ key: 'n', line: 2 }])).toEqual([{ key: 'n', line: 2 }]);
    }
  });

  it('shows at once what is there when a document is opened', () => {
    const { lines } = steady(true);
    lines.typed('u');
    expect(lines.show('u', before, [{ key: 'n', line: 2 }])).toEqual([{ key: 'n', line: 2 }]);
  });
});

it('moves every line that both texts have to where it is', () => {
  const lines = (name: string) => fc.nat(12).map((length) => Array.from({ length }, (_, at) => `${name}${at}`));
  fc.assert(fc.property(lines('head'), lines('tail'), lines('old'), lines('new'), (head, tail, old, fresh) => {
    const move = lineMover([...head, ...old, ...tail].join('\n'), [...head, ...fresh, ...tail].join('\n'));
    head.forEach((text, line) => expect([...head, ...fresh, ...tail][move(line)!]).toBe(text));
    tail.forEach((text, at) => expect([...head, ...fresh, ...tail][move(head.length + old.length + at)!]).toBe(text));
  }));
});
