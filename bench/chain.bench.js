/** Length: a chain of 10,000 states, and a graph of 2^200 paths, beside a chain of 1,000 states. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { definition } from "./definitions.js";
import { stepfare, wholeProcess } from "./whole-process.js";

export const atMost = { "1,000 states": 12 };

export async function prepare() {
  const folder = await mkdtemp(path.join(tmpdir(), "stepfare-bench-"));
  const analyse = async (name, content) => {
    const file = path.join(folder, `${name}.asl.json`);
    await writeFile(file, JSON.stringify(content));
    return wholeProcess(stepfare, "analyze", file, "--executions", "1M");
  };
  return {
    title: "length: a chain of 10,000 states, whole process (at most 12 times a chain of 1,000)",
    rounds: 3,
    contenders: {
      "10,000 states": await analyse("long", definition(10_000)),
      "1,000 states": await analyse("short", definition(1000)),
      "2^200 paths": await analyse("paths", forks(200)),
    },
    cleanUp: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Choices in a row, each between two ways that meet again: 2^count paths. */
function forks(count) {
  const states = {};
  for (let at = 0; at < count; at += 1) {
    const next = at === count - 1 ? "End" : `Fork ${at + 1}`;
    states[`Fork ${at}`] = {
      Type: "Choice",
      Choices: [{ Variable: "$.total", NumericGreaterThan: at, Next: `Left ${at}` }],
      Default: `Right ${at}`,
    };
    states[`Left ${at}`] = { Type: "Pass", Next: next };
    states[`Right ${at}`] = { Type: "Pass", Next: next };
  }
  states.End = { Type: "Succeed" };
  return { StartAt: "Fork 0", States: states };
}
