/**
 * Offered values complete an option or an argument that the command line declares without choices, because its command
 * refuses all others in words of its own.
 */
import pages from "../../docs/explained.md";
import { TRANSITION_RULES } from "../config.ts";
import type { CatalogueCommand } from "./command-catalogue.ts";
import { COMPLETION_SHELLS } from "./completion-scripts.ts";

/** By option, where it has the same in every command. */
const OF_OPTIONS: ReadonlyMap<string, readonly string[]> = new Map([["transition-rule", TRANSITION_RULES]]);

/** By command and option or argument. Of conditions, those that need no number. */
const OF_COMMANDS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ["review fail-on", ["error", "warning", "info", "never"]],
  ["diff fail-on", ["warnings", "findings", "limits", "type-switch"]],
  ["report fail-on", ["warnings"]],
  ["explain code", pages.map(({ id }) => id)],
  ["completion shell", COMPLETION_SHELLS],
]);

export function withOfferedValues(command: CatalogueCommand): CatalogueCommand {
  const offered = <T extends CatalogueCommand["positionals"][number]>(each: T): T => {
    const choices = OF_COMMANDS.get(`${command.name} ${each.name}`) ?? OF_OPTIONS.get(each.name);
    return choices === undefined ? each : { ...each, choices };
  };
  return {
    ...command,
    options: command.options.map((option) => offered(option)),
    positionals: command.positionals.map((positional) => offered(positional)),
  };
}
