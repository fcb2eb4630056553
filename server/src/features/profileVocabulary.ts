import { builtInMachines } from '../machine/builtIn';
import type { Vocabulary } from '../profile/completion';
import type { Profile } from '../profile/profile';
import { rules } from '../rules/rules';
import { strategies } from '../strategy/strategies';

/** Names that a `percpu.toml` may use beside its own. */
export function vocabularyFor(profile: Profile): Vocabulary {
  return {
    machines: new Map([...profile.machines, ...builtInMachines].map(({ name, description }) => [name, description])),
    rules: new Map(rules.map(({ id, title }) => [id, title])),
    strategies: new Map(strategies.map(({ id, title }) => [id, title])),
  };
}
