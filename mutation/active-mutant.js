/** The texts that stand in place of files: set by the worker, asked for by the plugin that loads files, both in one process. */
const KEY = Symbol.for("stepfare.active-texts");

/** By file; what has none is as written. */
export function activeTexts() {
  return globalThis[KEY] ?? new Map();
}

export function activate(texts) {
  globalThis[KEY] = texts;
}
