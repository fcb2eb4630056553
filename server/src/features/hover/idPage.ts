import { ruleById } from '../../rules/rules';
import { standingText, strategies, strategyById } from '../../strategy/strategies';
import type { Page, Phrase } from './page';

/** The hover of an id in a comment to us: what the strategy or rule is that is not to be told of. */
export function idPage(id: string): Page {
  const rule = ruleById.get(id);
  if (rule !== undefined) return [title(id, rule.title), { kind: 'lines', lines: [[rule.summary], [`severity by default: ${rule.severity}`]] }];
  const strategy = strategyById(id);
  if (strategy === undefined) return [title(id, id === 'all' ? 'every strategy and rule' : 'no strategy or rule of this name'), { kind: 'lines', lines: [known()] }];
  return [
    title(id, strategy.title),
    {
      kind: 'lines',
      lines: [
        [standingText(strategy)],
        ...strategy.objections.map(({ by, point, source }): Phrase => [`objection by ${by}: ${point} (${source})`]),
        ...strategy.prices.map((price): Phrase => [`price: ${price}`]),
      ],
    },
  ];
}

function title(id: string, words: string): Page[number] {
  return { kind: 'title', phrase: [{ code: id }, `: ${words}`] };
}

function known(): Phrase {
  return [`there are the rules ${[...ruleById.keys()].join(', ')} and the strategies ${strategies.map(({ id }) => id).join(', ')}`];
}
