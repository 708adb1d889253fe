/** An argument fault is what the parser of the command line finds wrong, in our words: what is missing, an example, and the command's own help. */
import { UserError } from "../user-error.ts";
import { didYouMean } from "../workflow/did-you-mean.ts";
import type { CatalogueCommand } from "./command-catalogue.ts";
import { unmarkText } from "./marked-arguments.ts";

export interface ArgumentFault {
  /** As yargs says it. */
  readonly message: string;
  readonly argv: readonly string[];
  /** Of the command at hand, with dashes. */
  readonly options: readonly string[];
  readonly catalogue: readonly CatalogueCommand[];
}

export function argumentFault(fault: ArgumentFault): UserError {
  const { message } = fault;
  const command = commandOf(fault);
  const help = `stepfare ${command === null ? "" : `${command.name} `}--help lists ${command === null ? "commands and " : "its "}options.`;
  const [example] = command?.examples ?? [];
  const forExample =
    example === undefined ? "" : `For example ${example.command.replace("$0", "stepfare")}\n  `;
  const meant = /^Did you mean (.*)\?$/.exec(message)?.[1];
  if (meant !== undefined)
    return new UserError("invalid-option", "There is no such command.", `Did you mean "${meant}"?`);
  const unknown = /^Unknown arguments?: (.*)$/.exec(message)?.[1]?.split(", ");
  if (unknown !== undefined) return unknownArguments(unknown, fault, help);
  const said = missing(message, command) ?? wrongChoice(message, command);
  return new UserError("invalid-option", said ?? message, said === null ? help : `${forExample}${help}`);
}

/** The longest name that the first words spell. */
function commandOf({ argv, catalogue }: ArgumentFault): CatalogueCommand | null {
  const words = argv.slice(0, 2);
  const named = (name: string): boolean => name.split(" ").every((word, index) => words[index] === word);
  return catalogue.find(({ name }) => named(name)) ?? null;
}

function missing(message: string, command: CatalogueCommand | null): string | null {
  if (command === null) return null;
  const [, got] = /^Not enough non-option arguments: got (\d+)/.exec(message) ?? [];
  if (got !== undefined) {
    const wanted = [...command.usage.matchAll(/<([^<>.]+)(?:\.\.)?>/g)].slice(Number(got));
    const [, name = ""] = wanted[0] ?? [];
    const describe = command.positionals.find((each) => each.name === name)?.describe;
    return `${command.name} needs ${name === "" ? "more arguments" : `<${name}>`}${describe === undefined ? "" : `: ${describe}`}.`;
  }
  const [, required] = /^Missing required arguments?: (.*)$/.exec(message) ?? [];
  const [, valueless] = /^Not enough arguments following: (.*)$/.exec(message) ?? [];
  const name = (required ?? valueless)?.split(", ")[0];
  if (name === undefined) return null;
  const describe = command.options.find(
    (each) => each.name === name || each.aliases.includes(name),
  )?.describe;
  const option = name.length === 1 ? `-${name}` : `--${name}`;
  const what = required === undefined ? `${option} needs a value` : `${command.name} needs ${option}`;
  return `${what}${describe === undefined ? "" : `: ${describe}`}.`;
}

const GIVEN = ", Given: ";
const CHOICES = ", Choices: ";

/** `Argument: format, Given: "pdf", Choices: "table", "json"`, a line each; the first is told. */
function wrongChoice(message: string, command: CatalogueCommand | null): string | null {
  const [, first] = message.split("Argument: ");
  const [told = ""] = first?.split("\n") ?? [];
  const [givenAt, choicesAt] = [told.indexOf(GIVEN), told.lastIndexOf(CHOICES)];
  if (givenAt < 0 || choicesAt < givenAt) return null;
  const name = told.slice(0, givenAt);
  const given = told.slice(givenAt + GIVEN.length, choicesAt);
  const choices = told.slice(choicesAt + CHOICES.length);
  const isPositional = command?.positionals.some((each) => each.name === name) === true;
  const known = [...choices.matchAll(/"([^"]*)"/g)].map(([, choice = ""]) => choice);
  return `${isPositional ? `<${name}>` : `--${name}`}: ${unmarkText(given)} is not known: write ${known.join(" or ")}.`;
}

/** yargs tells unknown options by their bare names. */
function unknownArguments(
  names: readonly string[],
  { argv, options }: ArgumentFault,
  help: string,
): UserError {
  const given = names.map(
    (name) => argv.find((each) => /^-+/.test(each) && optionName(each) === name) ?? name,
  );
  const [first = ""] = given;
  if (!first.startsWith("-"))
    return new UserError("invalid-option", `${unmarkText(first)} is one argument too many.`, help);
  const unknown = given.map((each) => each.replace(/=.*$/s, ""));
  const advice = unknown.map((each) => didYouMean(each, options)).find((each) => each !== null);
  return new UserError("invalid-option", `There is no option ${unknown.join(", ")}.`, advice ?? help);
}

function optionName(argument: string): string {
  return argument.replace(/^-+/, "").replace(/=.*$/s, "");
}
