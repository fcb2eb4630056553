import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { validate } from '../../server/src/estimate/validate';
import { summaryOf, validationMarkdown } from '../../server/src/estimate/validationTable';
import { standingText, strategies } from '../../server/src/strategy/strategies';

const read = (name: string): string => readFileSync(path.resolve(import.meta.dirname, '../../docs', name), 'utf8');

describe('the documents', () => {
  it('show the validation table as it is computed', () => {
    expect(read('model.md')).toContain(validationMarkdown(validate()));
  });

  it('tell every strategy with its standing, objections, prices and sources', () => {
    const text = read('strategies.md');
    for (const strategy of strategies) {
      expect(text).toContain(`### \`${strategy.id}\`: ${strategy.title}`);
      expect(text).toContain(standingText(strategy));
      for (const fact of [...strategy.prices, ...strategy.sources, ...strategy.objections.map(({ point }) => point)]) expect(text).toContain(fact);
    }
  });

  it('count every row of the table once', () => {
    const { pass, fail, notModelled } = summaryOf(validate());
    expect(pass + fail + notModelled).toBe(validate().length);
    expect(pass).toBeGreaterThan(50);
  });
});
