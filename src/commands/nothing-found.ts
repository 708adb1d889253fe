/** Nothing found is the error of a command that was given no state machine which can be read, with what was said of those that cannot. */
import type { Diagnostic } from "../diagnostic.ts";
import { renderDiagnostics } from "../render/diagnostic-text.ts";
import type { Shell } from "../shell.ts";
import { UserError } from "../user-error.ts";

export interface NothingFound {
  readonly paths: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  /** What the command would have done with one: `analysed`. */
  readonly done: string;
}

const HERE = "the current folder";

export function nothingFound(shell: Shell, { paths, diagnostics, done }: NothingFound): UserError {
  const where = paths.length === 0 ? HERE : paths.map((path) => (path === "." ? HERE : path)).join(", ");
  const errors = renderDiagnostics(diagnostics, { colour: shell.stderr.colour }).trimEnd();
  return new UserError(
    "nothing-to-analyse",
    `No state machine could be ${done} in ${where}.${errors === "" ? "" : `\n${errors}`}`,
    "Name a definition (Amazon States Language in JSON or YAML), a template, or a folder that holds some.",
  );
}
