import type { LifeCycle } from '../lifecycle/lifeCycle';
import type { StrategyContext } from './strategy';

/** The event from which a second task uses an object, and why it may allocate; or why none is known. */
export interface FirstSharing {
  readonly found: boolean;
  readonly text: string;
}

/**
 * For an mm: clone with CLONE_VM, in copy_mm (kernel/fork.c, 6.12). That it may sleep follows from the source: the
 * site's own request on the way through copy_mm does. Without sites (a recorded object) the kernel's code is taken as read.
 */
export function firstSharing({ object }: LifeCycle, { sites }: StrategyContext): FirstSharing {
  const event = 'clone with CLONE_VM, in copy_mm';
  if (sites.length === 0) return { found: object?.kind === 'mm', text: object?.kind === 'mm' ? `${event}, which may sleep` : 'no event is known from which a second task uses it' };
  const onTheWay = sites.filter(({ reach }) => reach.some(({ chain }) => chain.includes('copy_mm')));
  const sleeping = onTheWay.filter(({ atomic }) => !atomic);
  const asleep = sleeping.find(({ gfp }) => gfp !== null) ?? sleeping[0];
  if (asleep !== undefined) {
    const request = asleep.gfp === null ? asleep.fact.api : `${asleep.fact.api} with ${asleep.gfp}`;
    return { found: true, text: `${event}, which may sleep: it calls ${request} on the same path, while the process still has one thread` };
  }
  if (onTheWay.length > 0) return { found: false, text: 'the requests on the way through copy_mm may not sleep: there is nowhere to upgrade' };
  return { found: false, text: 'no path through copy_mm leads here: no event is known from which a second task uses it' };
}
