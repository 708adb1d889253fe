import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawFrom } from "../../src/capacity/event-loop.ts";
import { makespanOf, playMapRun } from "../../src/capacity/map-makespan.ts";
import { planMap, toleranceFor } from "../../src/capacity/map-plan.ts";
import { quotasOf } from "../../src/capacity/quotas.ts";
import { placeMaps } from "../../src/capacity/placed-map.ts";
import { NO_OTHER_USAGE } from "../../src/cost/line-item.ts";
import { priceListOf } from "../../src/cost/known-price-lists.ts";
import { binomialAbove } from "../../src/graph/binomial-tail.ts";
import { fromAtoms, point } from "../../src/graph/distribution.ts";
import type { MapState } from "../../src/workflow/state-machine.ts";
import { distributedNight, profiled } from "./profiled.ts";

const basis = {
  priceList: priceListOf("us-east-1")!,
  transitionRule: "start+entered" as const,
  others: NO_OTHER_USAGE,
};
const HOUR = 3_600_000;
const RETRY = [{ ErrorEquals: ["Transcoder.Throttled"], IntervalSeconds: 2, MaxAttempts: 5 }];

function plan({
  task = {},
  map = {},
  said = {},
  items = {},
  definition = distributedNight(map, task),
}: { task?: object; map?: object; said?: object; items?: object; definition?: object } = {}) {
  const execution = profiled(definition, {
    states: { TranscodeAll: { items: 60_000, ...items }, Transcode: { duration: "240s", ...said } },
  });
  const { stateMachine, workload, type, taskDuration, childEnds } = execution;
  return planMap({
    stateMachine,
    workload,
    type,
    context: { parseJsonata: null, taskDuration, childEnds },
    map: stateMachine.states[0] as MapState,
    basis,
    windowMs: 6 * HOUR,
    downstreamLimit: 400,
    stateTransition: quotasOf("us-east-1").stateTransition,
    seed: 1,
  })!;
}

describe("a Map that is not at the top level", () => {
  const night = distributedNight().States.TranscodeAll;
  const around = (outer: object) => ({ StartAt: "Outer", States: { Outer: { ...outer, End: true } } });
  const inner = { StartAt: "TranscodeAll", States: { TranscodeAll: night } };
  const said = {
    Outer: { items: 5 },
    TranscodeAll: { items: 6_000 },
    Transcode: { duration: "240s" },
  };
  const planOf = (outer: object, downstreamLimit: number | null) => {
    const { stateMachine, workload, profile, taskDuration, childEnds } = profiled(around(outer), {
      states: said,
    });
    const [placed] = placeMaps(profile, workload).filter(({ map }) => map.name === "TranscodeAll");
    const context = { parseJsonata: null, taskDuration, childEnds };
    const { stateTransition } = quotasOf("us-east-1");
    const asked = { map: placed!.map, basis, windowMs: null, downstreamLimit, stateTransition, seed: 1 };
    return planMap({ ...asked, stateMachine, workload, type: "STANDARD", context })!;
  };

  test("in a Parallel branch is planned as at the top level", () => {
    const { asWritten, within, runsAtOnce } = planOf({ Type: "Parallel", Branches: [inner] }, 400);
    expect({ within, runsAtOnce }).toEqual({ within: [], runsAtOnce: 1 });
    expect(asWritten).toMatchObject({ batch: 20, children: 300, breaks: [] });
    // All 300 at once, a second's thousandth apart.
    expect(asWritten.makespan.meanMs).toBeCloseTo(240_000 + 299, 6);
  });

  test("in an inline Map has as many runs open as that has items, and shares the downstream with them", () => {
    const { asWritten, proposed, within, runsAtOnce, items } = planOf(
      { Type: "Map", ItemProcessor: inner },
      400,
    );
    expect({ within, runsAtOnce, items }).toEqual({ within: ["Outer"], runsAtOnce: 5, items: 6_000 });
    expect(asWritten.breaks).toEqual(["more requests at once than the downstream bears"]);
    expect(proposed?.maxConcurrency).toBe(80);
  });

  test("in the children of another has as many runs open as that lets run", () => {
    const outer = {
      Type: "Map",
      MaxConcurrency: 3,
      ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" }, ...inner },
    };
    expect(planOf(outer, null)).toMatchObject({ within: ["Outer"], runsAtOnce: 3, items: 6_000 });
  });
});

describe("the night of 60,000 objects, batch 20, 400 jobs at most, six hours", () => {
  test("as written: 3,000 children in 8 waves, 1,920 s and a ramp, and the slack", () => {
    const { asWritten } = plan();
    expect(asWritten).toMatchObject({ batch: 20, maxConcurrency: 400, children: 3000, breaks: [] });
    expect(asWritten.makespan.basis).toBe("exact");
    expect(asWritten.makespan.meanMs).toBeGreaterThanOrEqual(1_920_000);
    expect(asWritten.makespan.meanMs).toBeLessThan(1_921_000);
    expect(asWritten.slackMs).toBe(6 * HOUR - asWritten.makespan.p99Ms);
  });

  test("the price of the night as written is that of 3,002 transitions, requests and GB-seconds", () => {
    // 3,000 Express requests, and 3,000 × 240 s at the least memory of 64 MB.
    const express = 3_000 * 0.000001 + 3_000 * 240 * 0.0625 * 0.00001667;
    expect(plan().asWritten.cost).toBeCloseTo(3_002 * 0.000025 + express, 3);
  });

  test("one retry after 240 s passes five minutes, so a smaller batch is proposed", () => {
    const { asWritten, proposed, notes } = plan({ task: { Retry: RETRY } });
    expect(asWritten.childWithRetryMs).toBe(482_000);
    expect(asWritten.breaks).toEqual([
      "one retry after a full attempt passes an Express child's five minutes",
    ]);
    expect(notes[0]).toContain("482 s");
    // 2 × 12 s × batch + 2 s within 300 s: 12.
    expect(proposed).toMatchObject({ batch: 12, children: 5000, childMs: 144_000, breaks: [] });
  });

  test("the proposal meets the window, and one child fewer at once would not", () => {
    const { proposed } = plan({ task: { Retry: RETRY } });
    const makespan = (width: number) =>
      makespanOf({ children: 5000, width, childMs: point(144_000), dispatchPerSecond: 1000 }, 1).p99Ms;
    expect(makespan(proposed!.maxConcurrency)).toBeLessThanOrEqual(6 * HOUR);
    expect(makespan(proposed!.maxConcurrency - 1)).toBeGreaterThan(6 * HOUR);
  });

  test("inline: 4.4 bytes an item, 1,500 waves for five hours, full at 3,570 items", () => {
    const { inline } = plan();
    expect(inline.bytesPerItem).toBeCloseTo(4.369, 3);
    expect(inline).toMatchObject({ waves: 1500, durationMs: 5 * HOUR, fullAtItems: 3570, listBytes: null });
    expect(plan({ items: { itemKB: 0.2 } }).inline.listBytes).toBe(12_000_000);
  });

  test("inline, of a batch that an inline Map works off: an item is one of that, and nested no deeper", () => {
    const night = distributedNight().States.TranscodeAll;
    const inner = {
      Type: "Map",
      ItemsPath: "$.Items",
      ItemProcessor: { StartAt: "Transcode", States: night.ItemProcessor.States },
      End: true,
    };
    const processor = { ...night.ItemProcessor, StartAt: "Inner", States: { Inner: inner } };
    const definition = {
      StartAt: "TranscodeAll",
      States: {
        TranscodeAll: { ...night, ItemBatcher: { MaxItemsPerBatch: 20 }, ItemProcessor: processor },
      },
    };
    const { inline } = plan({ definition, said: { duration: "1s" } });
    expect(inline).toMatchObject({ waves: 1500, durationMs: 1500 * 1000, fullAtItems: 3570 });
  });

  test("along the frontier less time costs more", () => {
    const { frontier } = plan({ items: { items: 61_000 } });
    expect(frontier.length).toBeGreaterThan(1);
    frontier.slice(1).forEach((setting, i) => {
      expect(setting.makespan.p99Ms).toBeGreaterThanOrEqual(frontier[i]!.makespan.p99Ms);
      expect(setting.cost!).toBeLessThan(frontier[i]!.cost!);
    });
  });

  test("a duration that nobody declared grows with the batch as a declared one does", () => {
    const batcher = { MaxConcurrency: 10, ItemBatcher: { MaxItemsPerBatch: 10 } };
    const undeclared = plan({ map: batcher, said: { duration: undefined } });
    const declared = plan({ map: batcher, said: { duration: "500ms" } });
    expect(undeclared.proposed).toEqual(declared.proposed);
    expect(undeclared.asWritten).toEqual(declared.asWritten);
    expect(undeclared.notes).toContain(
      "the duration of Transcode is not declared: a default stands for a batch of 10, and grows with it",
    );
    // Half a second for ten: five minutes for 6,000.
    expect(undeclared.proposed).toMatchObject({ batch: 6_000, childMs: 300_000, children: 10 });
  });

  test("no more children are let run at once than there are", () => {
    const { proposed, frontier } = plan({ items: { items: 100 } });
    for (const { maxConcurrency, children } of [...frontier, proposed!])
      expect(maxConcurrency).toBeLessThanOrEqual(children);
  });

  test("a Lambda function has fifteen minutes, whatever the child has", () => {
    const said = { duration: "20m" };
    const written = distributedNight({}, {});
    written.States.TranscodeAll.ItemProcessor.ProcessorConfig.ExecutionType = "STANDARD";
    const { asWritten, proposed } = plan({ definition: written, said });
    expect(asWritten.breaks).toEqual(["Transcode takes more than the fifteen minutes of a Lambda function"]);
    expect(proposed!.childMs).toBeLessThanOrEqual(900_000);
  });

  test("and so has one that stands in a Parallel of the child", () => {
    const written = distributedNight({}, {});
    const { ItemProcessor } = written.States.TranscodeAll;
    ItemProcessor.ProcessorConfig.ExecutionType = "STANDARD";
    const { States } = ItemProcessor;
    const Both = {
      Type: "Parallel",
      Branches: [
        { StartAt: "Transcode", States },
        { StartAt: "Rest", States: { Rest: { Type: "Succeed" } } },
      ],
      End: true,
    };
    const definition = {
      StartAt: "TranscodeAll",
      States: {
        TranscodeAll: {
          ...written.States.TranscodeAll,
          ItemProcessor: { ...ItemProcessor, StartAt: "Both", States: { Both } },
        },
      },
    };
    const { asWritten, proposed } = plan({ definition, said: { duration: "20m" } });
    expect(asWritten.breaks).toEqual(["Transcode takes more than the fifteen minutes of a Lambda function"]);
    expect(proposed!.childMs).toBeLessThanOrEqual(900_000);
  });

  test("a retry in a Parallel of the child passes the five minutes where nothing beside it lasts as long", () => {
    const planOf = (besideSeconds: number) => {
      const written = distributedNight({}, { Retry: RETRY });
      const { ItemProcessor } = written.States.TranscodeAll;
      const Wait = { Type: "Wait", Seconds: besideSeconds, End: true };
      const Both = {
        Type: "Parallel",
        Branches: [
          { StartAt: "Transcode", States: ItemProcessor.States },
          { StartAt: "Wait", States: { Wait } },
        ],
        End: true,
      };
      const night = {
        ...written.States.TranscodeAll,
        ItemProcessor: { ...ItemProcessor, StartAt: "Both", States: { Both } },
      };
      const definition = { StartAt: "TranscodeAll", States: { TranscodeAll: night } };
      return plan({ definition, said: { duration: "150s" } }).asWritten;
    };
    // 150 s, 2 s, and 150 s again, whatever goes on beside it for less.
    expect(planOf(10).childWithRetryMs).toBeCloseTo(302_000, 6);
    expect(planOf(200).childWithRetryMs).toBeCloseTo(302_000, 6);
    expect(planOf(200).breaks).toContain(
      "one retry after a full attempt passes an Express child's five minutes",
    );
  });

  test("no batch is tried past 256 KiB", () => {
    const { frontier, proposed } = plan({ items: { itemKB: 30 } });
    for (const { batch } of [...frontier, proposed!]) expect(batch * 30_000).toBeLessThanOrEqual(262_144);
  });

  test("tolerance: of items, twenty of which fail with each child; the count told keeps a failed run below one in a thousand", () => {
    const { asWritten, neededTolerance } = plan({
      said: { failureRate: 0.01 },
      map: { ToleratedFailureCount: 819 },
    });
    expect(asWritten.runFails).toBeCloseTo(binomialAbove(3000, 0.01, 40), 12);
    expect(binomialAbove(3000, 0.01, neededTolerance / 20)).toBeLessThanOrEqual(0.001);
    expect(binomialAbove(3000, 0.01, neededTolerance / 20 - 1)).toBeGreaterThan(0.001);
    expect(toleranceFor(10, 0)).toBe(0);
  });
});

describe("makespan", () => {
  test("the closed form of equal children is what playing them gives", () => {
    const shape = fc.record({
      children: fc.integer({ min: 1, max: 300 }),
      width: fc.integer({ min: 1, max: 80 }),
      childMs: fc.integer({ min: 1, max: 2_000 }).map(point),
      dispatchPerSecond: fc.constantFrom(100, 1_000),
    });
    fc.assert(
      fc.property(shape, (run) => {
        expect(makespanOf(run, 1).meanMs).toBeCloseTo(playMapRun(run, drawFrom(1)), 6);
      }),
    );
  });

  test("random children stay between the work to be done and the list-scheduling bound", () => {
    const childMs = fromAtoms([
      [1_000, 0.9],
      [5_000, 0.1],
    ]);
    const {
      meanMs,
      p99Ms,
      basis: from,
    } = makespanOf({ children: 4_000, width: 50, childMs, dispatchPerSecond: 1e9 }, 7);
    const work = (4_000 * 1_400) / 50;
    expect(from).toBe("simulated");
    expect(meanMs).toBeGreaterThan(work * 0.99);
    expect(meanMs).toBeLessThan(work + 5_000);
    expect(p99Ms).toBeGreaterThanOrEqual(meanMs);
  });

  test("equal seeds give equal makespans", () => {
    const childMs = fromAtoms([
      [1_000, 0.5],
      [3_000, 0.5],
    ]);
    const run = { children: 500, width: 20, childMs, dispatchPerSecond: 1000 };
    expect(makespanOf(run, 3)).toEqual(makespanOf(run, 3));
    expect(makespanOf(run, 3)).not.toEqual(makespanOf(run, 4));
  });
});

describe("what binds a run besides its width", () => {
  const planOf = (definition: object, said: object, more: object) => {
    const { stateMachine, workload, type, taskDuration, childEnds } = profiled(definition, { states: said });
    const context = { parseJsonata: null, taskDuration, childEnds };
    const { stateTransition } = quotasOf("eu-central-1");
    const map = stateMachine.states[0] as MapState;
    const asked = { windowMs: null, downstreamLimit: null, stateTransition, seed: 1, ...more };
    return planMap({ stateMachine, workload, type, context, map, basis, ...asked })!;
  };
  const work = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", End: true };
  const each = {
    Type: "Map",
    ItemsPath: "$.Items",
    ItemProcessor: { StartAt: "Work", States: { Work: work } },
    End: true,
  };
  const batches = (ExecutionType: string) => {
    const ProcessorConfig = { Mode: "DISTRIBUTED", ExecutionType };
    const ItemProcessor = { ProcessorConfig, StartAt: "Each", States: { Each: each } };
    const All = { Type: "Map", MaxConcurrency: 400, ItemProcessor, End: true };
    return { StartAt: "All", States: { All: { ...All, ItemBatcher: { MaxItemsPerBatch: 20 } } } };
  };

  test("the region's transitions: no window is met that the bucket does not bear", () => {
    // A start, the Map and twenty Tasks: 5,000 children take 110,000 transitions of 800 a second, 800 at once.
    const said = { All: { items: 100_000 }, Work: { duration: "100ms" } };
    const { asWritten, notes } = planOf(batches("STANDARD"), said, { windowMs: 120_000 });
    expect(asWritten.children).toBe(5000);
    expect(asWritten.makespan.p99Ms).toBeCloseTo((1000 * (5000 * 22 - 800)) / 800, 6);
    expect(asWritten.breaks).toEqual(["it does not end within the window"]);
    expect(notes.join()).toContain("quota of 800 state transitions a second");
  });

  test("what a child asks of the downstream at once, and the history of a Standard one", () => {
    const said = { All: { items: 60_000 }, Work: { duration: "60s" } };
    const { asWritten, proposed } = planOf(batches("EXPRESS"), said, { downstreamLimit: 1000 });
    expect(asWritten).toMatchObject({
      requestsPerChild: 20,
      breaks: ["more requests at once than the downstream bears"],
    });
    expect(proposed!.requestsPerChild * proposed!.maxConcurrency).toBeLessThanOrEqual(1000);
    const job = { ...work, Resource: "arn:aws:states:::ecs:runTask.sync" };
    const jobs = batches("STANDARD");
    const ofJobs = JSON.parse(
      JSON.stringify(jobs).replace(JSON.stringify(work), JSON.stringify(job)),
    ) as object;
    const free = planOf(ofJobs, { ...said, All: { items: 1000 } }, { downstreamLimit: 5 });
    expect(free.frontier[0]!.maxConcurrency).toBeGreaterThan(5);
    const standard = planOf(batches("STANDARD"), said, {});
    const tried = [standard.proposed!, ...standard.frontier].map(({ batch }) => batch);
    expect(Math.max(...tried)).toBeLessThanOrEqual((25_000 - 6) / 7);
  });
});
