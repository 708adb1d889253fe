/** `completion` prints the script that completes commands and options in bash, zsh or fish. */
import type { Argv } from "yargs";
import type { Shell } from "../shell.ts";
import { UserError } from "../user-error.ts";
import { didYouMean } from "../workflow/did-you-mean.ts";
import { commandCatalogue } from "./command-catalogue.ts";
import { COMPLETION_SHELLS, completionScript } from "./completion-scripts.ts";
import { withOfferedValues } from "./offered-values.ts";

/** `named` null: the shell that SHELL names. Throws a UserError for any other. */
export async function runCompletion(
  shell: Shell,
  named: string | null,
  declare: (cli: Argv) => unknown,
): Promise<0> {
  const wanted = named ?? shell.paths.basename(shell.env.SHELL ?? "");
  const known = COMPLETION_SHELLS.find((each) => each === wanted);
  if (known === undefined) {
    const advice = didYouMean(wanted, COMPLETION_SHELLS);
    throw new UserError(
      "unknown-shell",
      named === null ? "No shell is named." : `There is no completion for ${JSON.stringify(named)}.`,
      advice ?? `Name one of ${COMPLETION_SHELLS.join(", ")}.`,
    );
  }
  await shell.stdout.write(completionScript(known, commandCatalogue(declare).map(withOfferedValues)));
  return 0;
}
