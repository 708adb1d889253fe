/** Profiles a definition literal with its part of a stepfare.yml, for tests of the capacity room. */
import type { LimitedExecution } from "../../src/capacity/execution-limit.ts";
import { runawayOf } from "../../src/capacity/runaway.ts";
import { atBound, atLikely } from "../../src/graph/assumption.ts";
import { profileExecution } from "../../src/graph/execution-profile.ts";
import { COUNTS_ONLY, EVERYTHING } from "../../src/graph/spent.ts";
import type { WorkflowType } from "../../src/workflow/state-machine.ts";
import { workloadFor } from "../../src/workflow/workload/workload-file-match.ts";
import { parseWorkloadFile } from "../../src/workflow/workload/whole-workload-file.ts";
import { EMPTY_WORKLOAD } from "../../src/workflow/workload/workload.ts";
import { machineOf } from "../graph/run-of.ts";

export function profiled(
  definition: unknown,
  said: object = {},
  type: WorkflowType = "STANDARD",
): LimitedExecution {
  const stateMachine = machineOf(definition);
  const file = parseWorkloadFile(JSON.stringify({ workflows: { it: said } }), "stepfare.yml");
  const workload = workloadFor(file, { name: "it", file: null, aliases: [] })?.workload ?? EMPTY_WORKLOAD;
  const context = { parseJsonata: null, taskDuration: null, childEnds: () => null, workload };
  const profile = profileExecution(stateMachine, {
    ...context,
    stand: atLikely,
    measure: EVERYTHING,
    kept: new Map(),
  })!;
  const bound = profileExecution(stateMachine, {
    ...context,
    stand: atBound,
    measure: COUNTS_ONLY,
    kept: new Map(),
  })!;
  const runaway = runawayOf(bound.run, { stateMachine, workload, type });
  return { ...context, stateMachine, profile, bound: bound.run, runaway, type };
}

/** The article's night as an inline Map. */
export const INLINE_NIGHT = {
  StartAt: "TranscodeAll",
  States: {
    TranscodeAll: {
      Type: "Map",
      ItemProcessor: {
        StartAt: "Transcode",
        States: { Transcode: { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", End: true } },
      },
      End: true,
    },
  },
};

/** The same as a Distributed Map of Express children. */
export function distributedNight(map: object = {}, task: object = {}) {
  return {
    StartAt: "TranscodeAll",
    States: {
      TranscodeAll: {
        Type: "Map",
        ItemReader: { Resource: "arn:aws:states:::s3:listObjectsV2" },
        ItemBatcher: { MaxItemsPerBatch: 20 },
        MaxConcurrency: 400,
        ResultWriter: { Resource: "arn:aws:states:::s3:putObject" },
        ...map,
        ItemProcessor: {
          ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" },
          StartAt: "Transcode",
          States: {
            Transcode: { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", ...task, End: true },
          },
        },
        End: true,
      },
    },
  };
}
