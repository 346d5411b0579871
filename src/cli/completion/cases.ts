/** What the scripts of all shells are made of: the tree as answers to four questions, equal answers together. */
import type { Completes } from './kinds.ts';
import type { Place } from './tree.ts';

/** Keys that have one answer. */
export interface Case<T> {
  keys: string[];
  answer: T;
}

function grouped<T>(pairs: [string, T][]): Case<T>[] {
  const cases = new Map<string, Case<T>>();
  for (const [key, answer] of pairs) {
    const known = cases.get(JSON.stringify(answer));
    if (known === undefined) cases.set(JSON.stringify(answer), { keys: [key], answer });
    else if (!known.keys.includes(key)) known.keys.push(key);
  }
  return [...cases.values()];
}

/** "PATH NAME" to the path that one is at then; `help` leads nowhere and is not there. */
export function descents(places: readonly Place[]): Case<string>[] {
  return grouped(
    places.flatMap((p) => p.children.flatMap((c) => c.names.map((n): [string, string] => [`${p.path} ${n}`, c.path]))),
  );
}

/** "PATH FLAG" to what its value is; flags without a value are not there. */
export function values(places: readonly Place[]): Case<Completes>[] {
  return grouped(
    places.flatMap((p) =>
      p.flags.flatMap((f) =>
        f.value === null ? [] : f.names.map((n): [string, Completes] => [`${p.path} ${n}`, f.value!]),
      ),
    ),
  );
}

/** "PATH NUMBER" to what the argument is; of a variadic one every further number too, as "PATH *". */
export function args(places: readonly Place[]): Case<Completes>[] {
  return grouped(
    places.flatMap((p) =>
      p.args.map((a, i): [string, Completes] => [`${p.path} ${p.variadic && i === p.args.length - 1 ? '*' : i}`, a]),
    ),
  );
}

/** A name and what it is. */
export interface Named {
  name: string;
  about: string;
}

/** PATH to the commands below it. */
export function commands(places: readonly Place[]): Case<Named[]>[] {
  return grouped(
    places
      .filter((p) => p.children.length > 0)
      .map((p): [string, Named[]] => [p.path, p.children.map((c) => ({ name: c.names[0]!, about: c.about }))]),
  );
}

/** PATH to its flags. */
export function flags(places: readonly Place[]): Case<Named[]>[] {
  return grouped(
    places.map((p): [string, Named[]] => [
      p.path,
      p.flags.flatMap((f) => f.names.map((name) => ({ name, about: f.about }))),
    ]),
  );
}
