/** A pull request that touches one file of a repository of many machines, against analysing the whole of it. */
import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { definition, definitionFolder } from "./definitions.js";
import { stepfare, wholeProcess } from "./whole-process.js";

const MACHINES = 500;
const STATES = 30;

export const atMost = { "stepfare analyze": 3 };

export async function prepare() {
  const { folder, remove } = await definitionFolder(MACHINES, STATES);
  const git = (...args) =>
    execFileSync("git", ["-c", "user.name=bench", "-c", "user.email=bench@example.com", ...args], {
      cwd: folder,
      stdio: "ignore",
    });
  git("init", "--initial-branch", "main");
  git("add", "--all");
  git("commit", "--message", "base");
  await writeFile(path.join(folder, "workflow-7.asl.json"), JSON.stringify(definition(STATES + 5), null, 2));
  return {
    title: `diff: one file of ${MACHINES} machines of ${STATES} states changed`,
    rounds: 5,
    contenders: {
      "stepfare diff": wholeProcess(stepfare, "diff", folder, "--base", "main", "--executions", "1M"),
      "stepfare analyze": wholeProcess(stepfare, "analyze", folder, "--executions", "1M"),
    },
    cleanUp: remove,
  };
}
