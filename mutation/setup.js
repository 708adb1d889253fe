/** Properties in a mutation run always have the same cases: what kills a mutant once kills it again. */
import fc from "fast-check";
import { afterAll, beforeEach } from "vitest";

fc.configureGlobal({ seed: 1 });

const KEY = Symbol.for("stepfare.reached");
/** Marks by the name of a source, as long as the process lives: sources are loaded once. */
const reached = (globalThis[KEY] ??= new Map());
globalThis.reachedIn = (name, count) => {
  if (!reached.has(name)) reached.set(name, new Uint8Array(count));
  return reached.get(name);
};
for (const marks of reached.values()) marks.fill(0);

let file = null;
beforeEach(({ task }) => {
  file = task.file;
});

/** Which regions of marked sources the file of tests ran; nothing where they are as written. */
afterAll(() => {
  if (file === null) return;
  file.meta.reached = Object.fromEntries(
    [...reached].map(([name, marks]) => [name, [...marks.keys()].filter((region) => marks[region] === 1)]),
  );
});
