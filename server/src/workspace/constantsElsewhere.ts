import { constantAsWritten, type ObjectSource } from '../resolve/objects/objectSource';

type ConstantIn = ObjectSource['constantIn'];

/** Gives what is made of constants that are worked out elsewhere. */
export type WithConstants = <T>(make: (constantIn: ConstantIn) => T) => Promise<T>;

/** Values in the order of the expressions; null where there is nobody to work them out any more. */
type Elsewhere = (file: string, expressions: readonly string[]) => Promise<readonly (number | null)[] | null>;

/**
 * Few of a tree's sites ask for a constant, so what is made is first made without waiting: where a constant was asked
 * for that is not known yet, it is worked out elsewhere, or else by `here`, and all is made again.
 */
export function constantsElsewhere(elsewhere: Elsewhere, here: ConstantIn): WithConstants {
  const known = new Map<string, number | null>();
  const keyOf = (file: string, expression: string): string => `${file}\0${expression}`;
  const learn = async (file: string, expressions: readonly string[]): Promise<void> => {
    const values = await elsewhere(file, expressions);
    expressions.forEach((expression, at) => known.set(keyOf(file, expression), values === null ? here(file, expression) : (values[at] ?? null)));
  };
  return async (make) => {
    for (;;) {
      const asked = new Map<string, string[]>();
      const made = make((file, expression) => {
        const written = constantAsWritten(expression);
        const value = written === undefined ? known.get(keyOf(file, expression)) : written;
        if (value === undefined) asked.set(file, [...(asked.get(file) ?? []), expression]);
        return value ?? null;
      });
      if (asked.size === 0) return made;
      for (const [file, expressions] of asked) await learn(file, expressions);
    }
  };
}
