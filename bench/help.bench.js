/** How long the shortest look at the program makes a user wait, beside bare Node. */
import { stepfare, wholeProcess } from "./whole-process.js";

export const atMost = { "node -e 0": 6 };

export function prepare() {
  return {
    title: "help: what the commands are",
    rounds: 11,
    contenders: { "stepfare --help": wholeProcess(stepfare, "--help"), "node -e 0": wholeProcess("-e", "0") },
  };
}
