/** The check of recorded executions, run as people run it: what agrees passes, what does not is named with a reason. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { history } from "../observation/history-builder.ts";
import { chainOf } from "./trace-output.ts";

const folder = mkdtempSync(path.join(tmpdir(), "stepfare-recordings-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const definition = {
  StartAt: "Call",
  States: {
    Call: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      Retry: [{ ErrorEquals: ["Busy"] }],
      Next: "Each",
    },
    Each: {
      Type: "Map",
      ItemProcessor: chainOf({ At: { Type: "Wait", TimestampPath: "$.until" } }),
      End: true,
    },
  },
};

/** A recording as tests of other tools publish them: moments and identifiers are placeholders. */
const recorded = history(
  ["ExecutionStarted", 0, { input: "{}", roleArn: "role" }],
  ["TaskStateEntered", 0, { name: "Call", input: "{}" }],
  ["TaskScheduled", 2],
  ["TaskStarted", 3],
  ["TaskFailed", 4, { error: "Busy", cause: "<uuid:1>" }],
  ["TaskScheduled", 5],
  ["TaskStarted", 6],
  ["TaskSucceeded", 7, { output: '[{"until": "2026-01-01T00:00:00Z", "id": "<uuid:2>"}]' }],
  ["TaskStateExited", 8, { name: "Call", output: [{ until: "timestamp", id: "<uuid:2>" }] }],
  ["MapStateEntered", 9, { name: "Each" }],
  ["MapStateStarted", 10, { length: 1 }],
  ["MapIterationStarted", 11, { name: "Each", index: 0 }],
  ["WaitStateEntered", 12, { name: "At" }],
  ["WaitStateExited", 13, { name: "At" }],
  ["MapIterationSucceeded", 14, { name: "Each", index: 0 }],
  ["MapStateSucceeded", 15],
  ["MapStateExited", 15, { name: "Each" }],
  ["ExecutionSucceeded", 17, { output: [{ until: "timestamp", id: "<uuid:2>" }] }],
);

function checkOf(...executions: readonly object[]) {
  const file = path.join(folder, `${executions.length}.ndjson`);
  writeFileSync(file, executions.map((execution) => `${JSON.stringify(execution)}\n`).join(""));
  return spawnSync(process.execPath, ["scripts/check-recordings.js", file], { encoding: "utf8" });
}

test("a recording that the trace repeats passes; one that it does not fails, with what differs", () => {
  const good = { case: "good", definition, input: {}, events: recorded };
  const events = recorded.map((event) =>
    event.type === "WaitStateEntered" ? { ...event, stateEnteredEventDetails: { name: "Other" } } : event,
  );
  const fine = checkOf(good);
  expect(fine.stdout).toContain(
    "history events equal: 1 of 1\noutput or error equal: 1 of 1\n1 passed, 0 failed\n",
  );
  expect(fine.status).toBe(0);
  const { stdout, status } = checkOf(good, { ...good, case: "bad", events });
  expect(stdout).toContain("differs: bad\n  because: no reason known");
  expect(stdout).toContain("1 passed, 1 failed\n");
  expect(status).toBe(1);
});

test("without a file it says how it is called", () => {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/check-recordings.js"], {
    encoding: "utf8",
  });
  expect(status).not.toBe(0);
  expect(stderr).toContain("npm run check:recordings -- <file.ndjson>");
});
