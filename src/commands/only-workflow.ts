/** The one workflow of what was found that a command looks at: the one that is named, or the only one. */
import type { Shell } from "../shell.ts";
import { UserError } from "../user-error.ts";
import { didYouMean } from "../workflow/did-you-mean.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { nothingFound } from "./nothing-found.ts";
import type { ReadWorkflows } from "./read-workflows.ts";

export interface OneOf {
  readonly shell: Shell;
  readonly path: string;
  readonly command: string;
  /** By its name or another that it goes by; absent = there must be no other. */
  readonly name?: string | undefined;
}

/** The others found stand by, for Tasks that start them. */
export function onlyWorkflow(
  { workflows, diagnostics }: Pick<ReadWorkflows, "workflows" | "diagnostics">,
  { shell, path, command, name }: OneOf,
): Workflow {
  const meant =
    name === undefined
      ? workflows
      : workflows.filter((each) => each.name === name || each.aliases.includes(name));
  const [only, ...others] = meant;
  if (only !== undefined && others.length === 0) return only;
  if (workflows.length === 0) throw nothingFound(shell, { paths: [path], diagnostics, done: "read" });
  const names = workflows.map((each) => each.name);
  if (only === undefined)
    throw new UserError(
      "invalid-option",
      `--name: there is no state machine ${JSON.stringify(name)} in ${path === "." ? "the current folder" : path}.`,
      didYouMean(name ?? "", names) ?? `There are ${listed(names)}.`,
    );
  throw new UserError(
    "several-workflows",
    `${path} holds ${meant.length} state machines (${listed(meant.map((each) => each.name))}): ${command} looks at one.`,
    "Say which one with --name, or name the file of one of them.",
  );
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => JSON.stringify(name));
  return `${shown.join(", ")}${names.length > 5 ? ", …" : ""}`;
}
