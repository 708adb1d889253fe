/** A command's start is its handler's part: what it is going to do is told, and done after the command line is read. */
import type { Argv } from "yargs";

/** What the work says is the exit code. */
export type Later = (work: () => Promise<number>) => void;

/** What a command is handed beside the command line and the shell. */
export interface Around {
  readonly later: Later;
  /** Adds the options that all commands of its kind have: output and prices, and figures where it takes them. */
  readonly common: <T>(command: Argv<T>) => Argv<T>;
}
