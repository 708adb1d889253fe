/** The mutant that stands in place of its file: set by the worker, asked for by the plugin that loads files, both in one process. */
const KEY = Symbol.for("stepfare.active-mutant");

/** `{ file, text }`, or null for the sources as they are. */
export function activeMutant() {
  return globalThis[KEY] ?? null;
}

export function activate(mutant) {
  globalThis[KEY] = mutant;
}
