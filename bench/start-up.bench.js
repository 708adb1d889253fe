/** How long one small `analyze` makes a user wait, beside bare Node and beside asl-validator on the same file. */
import path from "node:path";
import { definitionFolder } from "./definitions.js";
import { aslValidator, stepfare, wholeProcess } from "./whole-process.js";

export const atMost = { "node -e 0": 12, "asl-validator": 1 };

export async function prepare() {
  const { folder, remove } = await definitionFolder(1, 10);
  const file = path.join(folder, "workflow-0.asl.json");
  return {
    title: "start-up: one definition of 10 states",
    rounds: 11,
    contenders: {
      "stepfare analyze": wholeProcess(stepfare, "analyze", file, "--executions", "1M"),
      "node -e 0": wholeProcess("-e", "0"),
      "asl-validator": wholeProcess(aslValidator, file),
    },
    cleanUp: remove,
  };
}
