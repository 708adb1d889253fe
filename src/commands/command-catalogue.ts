/**
 * The command catalogue lists every command with its options, as the command line declares them: what completion scripts
 * and the man page are written from. It is recorded by handing the declarations something that listens in yargs' place.
 */
import type { Argv } from "yargs";

export interface CatalogueOption {
  /** Without dashes. */
  readonly name: string;
  readonly aliases: readonly string[];
  readonly describe: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

export interface CatalogueCommand {
  /** Such as `prices show`. */
  readonly name: string;
  /** Such as `trace <definition>`. */
  readonly usage: string;
  readonly describe: string;
  readonly options: readonly CatalogueOption[];
  readonly positionals: readonly Pick<CatalogueOption, "name" | "describe" | "choices">[];
  readonly examples: readonly { readonly command: string; readonly describe: string }[];
  readonly epilog: string | null;
}

/** What `declare` declares, in the order in which help lists it. */
export function commandCatalogue(declare: (cli: Argv) => unknown): readonly CatalogueCommand[] {
  const recorder = record("");
  declare(recorder.argv);
  return recorder.commands;
}

interface Spec {
  readonly alias?: string | readonly string[];
  readonly describe?: string;
  readonly type?: string;
  readonly choices?: readonly unknown[];
  readonly hidden?: boolean;
}

type Builder = (argv: Argv) => unknown;

interface Recorder {
  readonly argv: Argv;
  readonly commands: CatalogueCommand[];
  readonly options: CatalogueOption[];
  readonly positionals: CatalogueCommand["positionals"][number][];
  readonly examples: CatalogueCommand["examples"][number][];
  epilog: string | null;
}

function record(within: string): Recorder {
  const calls = new Map<string, (...given: never[]) => void>([
    [
      "command",
      (names: string | readonly string[], describe: string, builder?: Builder) => {
        const usage = [names].flat()[0] ?? "";
        const name = `${within}${within === "" ? "" : " "}${usage.split(" ")[0] ?? ""}`;
        const inner = record(name);
        builder?.(inner.argv);
        const { commands, ...parts } = inner;
        if (commands.length > 0) recorder.commands.push(...commands);
        else
          recorder.commands.push(
            describedCommand({ name, usage: `${within} ${usage}`.trim(), describe }, parts),
          );
      },
    ],
    ["option", (name: string, spec: Spec) => addOption(recorder, name, spec)],
    [
      "options",
      (specs: Readonly<Record<string, Spec>>) => {
        for (const [name, spec] of Object.entries(specs)) addOption(recorder, name, spec);
      },
    ],
    [
      "positional",
      (name: string, { describe = "", choices = [] }: Spec) =>
        void recorder.positionals.push({ name, describe, choices: choices.map(String) }),
    ],
    ["example", (command: string, describe: string) => void recorder.examples.push({ command, describe })],
    ["epilog", (text: string) => (recorder.epilog = text)],
  ]);
  const argv: Argv = new Proxy({} as Argv, {
    // Every other call changes nothing that is listed here.
    get:
      (_, method) =>
      (...given: never[]) => {
        if (typeof method === "string") calls.get(method)?.(...given);
        return argv;
      },
  });
  const recorder: Recorder = { argv, commands: [], options: [], positionals: [], examples: [], epilog: null };
  return recorder;
}

function describedCommand(
  said: Pick<CatalogueCommand, "name" | "usage" | "describe">,
  { options, positionals, examples, epilog }: Omit<Recorder, "commands">,
): CatalogueCommand {
  return { ...said, options, positionals, examples, epilog };
}

/** Formats are told in the description, for their command refuses others with words of its own. */
function addOption(recorder: Recorder, name: string, spec: Spec): void {
  const { alias = [], describe = "", type, choices = [], hidden = false } = spec;
  if (hidden) return;
  recorder.options.push({
    name,
    aliases: [alias].flat(),
    describe,
    takesValue: type !== "boolean",
    choices: choices.length === 0 && name === "format" ? describe.split(", ") : choices.map(String),
  });
}
