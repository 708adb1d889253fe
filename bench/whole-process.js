/** A whole process as a contender: what a user waits for, start-up included. */
import { spawnSync } from "node:child_process";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");

export const stepfare = path.join(root, "bin", "stepfare.js");
export const aslValidator = path.join(root, "bench", "peers", "asl-validator.js");

/** Runs Node with these arguments; a contender that does not do its work is not timed but thrown out. */
export function wholeProcess(...nodeArguments) {
  return () => {
    const { status, stderr } = spawnSync(process.execPath, nodeArguments, {
      // As a script or a build sees it.
      stdio: ["ignore", "pipe", "pipe"],
      maxBuffer: Infinity,
      encoding: "utf8",
    });
    if (status !== 0)
      throw new Error(`${nodeArguments.join(" ")} ended with ${status}: ${stderr.slice(0, 500)}`);
  };
}
