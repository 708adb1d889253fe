/** Definitions to measure with: made here, valid, and the same on every machine. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

/** A chain of tasks with a choice at every fifth state, as long as asked. */
export function definition(length) {
  const states = {};
  for (let at = 0; at < length; at += 1) {
    const next = `Step ${at + 1}`;
    states[`Step ${at}`] = at % 5 === 4 ? choice(next) : task(next);
  }
  states[`Step ${length}`] = { Type: "Succeed" };
  return { StartAt: "Step 0", States: states };
}

function task(next) {
  return {
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Parameters: { FunctionName: "handle-order", "Payload.$": "$" },
    Retry: [{ ErrorEquals: ["Lambda.TooManyRequestsException"], MaxAttempts: 3, BackoffRate: 2 }],
    Next: next,
  };
}

function choice(next) {
  return {
    Type: "Choice",
    Choices: [{ Variable: "$.total", NumericGreaterThan: 100, Next: next }],
    Default: next,
  };
}

/** Writes `count` definitions of `length` states; the caller removes them. */
export async function definitionFolder(count, length) {
  const folder = await mkdtemp(path.join(tmpdir(), "stepfare-bench-"));
  for (let at = 0; at < count; at += 1) {
    await writeFile(
      path.join(folder, `workflow-${at}.asl.json`),
      JSON.stringify(definition(length), null, 2),
    );
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
