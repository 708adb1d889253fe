/** Six months of a large fleet, against what Node needs to parse the same files. */
import { fleetFolder } from "./fleets.js";
import { stepfare, wholeProcess } from "./whole-process.js";

const MACHINES = 5000;
const MONTHS = 6;

export async function prepare() {
  const { folder, remove } = await fleetFolder(MACHINES, MONTHS);
  const parse = `const { readFileSync, readdirSync } = require("node:fs");
    for (const name of readdirSync(process.argv[1])) JSON.parse(readFileSync(process.argv[1] + "/" + name, "utf8"));`;
  return {
    title: `report: ${MACHINES} machines over ${MONTHS} months`,
    rounds: 5,
    contenders: {
      "stepfare report": wholeProcess(stepfare, "report", folder, "--top", "10"),
      "JSON.parse alone": wholeProcess("-e", parse, folder),
    },
    cleanUp: remove,
  };
}
