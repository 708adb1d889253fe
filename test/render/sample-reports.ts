/** Sample reports are analysis reports written by hand, from the plain to the hostile, for renderers to show. */
import type {
  AnalysisReport,
  AssumptionReport,
  Estimate,
  LineItemReport,
  PathReport,
  WorkflowReport,
} from "../../src/report/analysis-report.ts";
import type { Figure } from "../../src/workflow/figure.ts";

const PRICE = {
  region: "us-east-1",
  date: "2026-10-01",
  source: "https://aws.amazon.com/step-functions/pricing/",
  borrowed: false,
};

function figure(value: number, basis: Figure["basis"], low = value, high = value): Figure {
  return { value, low, high, basis, note: null };
}

function path(
  fields: Partial<PathReport> & Pick<PathReport, "id" | "share" | "states" | "transitions">,
): PathReport {
  return {
    rounds: {},
    items: {},
    caught: [],
    historyEvents: Math.round(fields.transitions * 5),
    durationMs: 2100,
    standardCost: fields.transitions * 0.000025,
    expressCost: 0.00000308,
    ...fields,
  };
}

function transitionItem(state: string | null, text: string, quantity: number): LineItemReport {
  const cost = quantity * 0.000025;
  return {
    usageType: "StateTransition",
    state,
    text,
    quantity,
    per: "month",
    unit: "transition",
    unitPrice: 0.000025,
    cost,
    price: PRICE,
  };
}

const EMPTY_ESTIMATE: Estimate = {
  type: "STANDARD",
  monthlyCost: null,
  low: null,
  high: null,
  costPerExecution: null,
  lowPerExecution: null,
  highPerExecution: null,
  transitionsPerMonth: null,
  requestsPerMonth: null,
  gbSeconds: null,
  billedMemoryMB: 64,
  billedDurationMs: 2100,
  lineItems: [],
  downstream: [],
  downstreamMonthlyCost: null,
};

const ITEMS_ASSUMPTION: AssumptionReport = {
  text: "items of ProcessLineItems",
  key: "states.ProcessLineItems.items",
  figure: { ...figure(4, "default", 1, 40), note: "nobody declared them" },
  unit: "count",
  costAtLow: 100.5,
  costAtHigh: 1075.5,
  spread: 975,
};

/** The order workflow: 7.02 transitions, $175.40 a month, Express blocked by a callback at line 17. */
export const orderWorkflow: WorkflowReport = {
  name: "order-processing",
  type: "STANDARD",
  at: { file: "workflows/order-processing.asl.json", line: 1, column: 1, pointer: "" },
  foundIn: "asl",
  contentIds: { definition: "5ca1ab1e0001", figures: "5ca1ab1e0002" },
  executionsPerMonth: figure(1_000_000, "declared"),
  transitions: {
    start: 1,
    entered: 6.02,
    retries: 0,
    end: 0,
    mean: 7.02,
    p50: 7,
    p90: 7,
    p99: 8,
    worst: 8,
    unboundedBy: [],
    endedAt: null,
    byRule: { entered: 6.02, "start+entered": 7.02, "start+entered+end": 8.02 },
  },
  durationMs: { mean: 2540, p50: 2000, p99: 28_000, basis: "default" },
  paths: {
    count: "2",
    failureCount: "1",
    shownShare: 1,
    shown: [
      path({
        id: "1",
        share: 0.98,
        states: ["RouteByValue", "ProcessLineItems"],
        items: { ProcessLineItems: 4 },
        transitions: 7,
      }),
      path({
        id: "2",
        share: 0.02,
        states: ["RouteByValue", "ManualReview", "ProcessLineItems"],
        items: { ProcessLineItems: 4 },
        transitions: 8,
        durationMs: 7_620_000,
      }),
    ],
    failurePaths: [
      path({
        id: "3",
        share: 0,
        states: ["RouteByValue", "ManualReview"],
        transitions: 3,
        durationMs: 3_600_000,
      }),
    ],
  },
  branches: [
    {
      state: "RouteByValue",
      rule: "0",
      to: "ManualReview",
      share: 0.02,
      basis: "declared",
      transitions: 6,
      standardCost: 0.00015,
    },
    {
      state: "RouteByValue",
      rule: "default",
      to: "ProcessLineItems",
      share: 0.98,
      basis: "declared",
      transitions: 5,
      standardCost: 0.000125,
    },
  ],
  states: [
    stateOf("RouteByValue", "Choice", 1),
    stateOf("ManualReview", "Task", 0.02),
    stateOf("ProcessLineItems", "Map", 1),
    stateOf("ReserveStock", "Task", 4, "/States/ProcessLineItems/ItemProcessor/States/ReserveStock"),
  ],
  estimates: {
    STANDARD: {
      ...EMPTY_ESTIMATE,
      monthlyCost: 175.4,
      low: 100.4,
      high: 1075.4,
      costPerExecution: 0.0001755,
      lowPerExecution: 0.0001005,
      highPerExecution: 0.0010755,
      transitionsPerMonth: 7_020_000,
      lineItems: [
        transitionItem(null, "start of each execution", 1_000_000),
        transitionItem("RouteByValue", "states entered", 1_000_000),
        transitionItem("ManualReview", "states entered", 20_000),
        transitionItem("ProcessLineItems", "states entered", 1_000_000),
        transitionItem("ReserveStock", "states entered", 4_000_000),
        transitionItem(null, "free tier", -4000),
      ],
      downstream: [
        {
          ...transitionItem("ReserveStock", "invocations", 4_000_000),
          usageType: "Lambda-Request",
          unit: "request",
          unitPrice: 0.0000002,
          cost: 0.8,
        },
        {
          ...transitionItem("ReserveStock", "duration of 512 MB for 300 ms", 600_000),
          usageType: "Lambda-GB-Second-ARM",
          unit: "GB-second",
          unitPrice: 0.0000133334,
          cost: 8.00004,
          price: { ...PRICE, borrowed: true },
        },
      ],
      downstreamMonthlyCost: 8.80004,
    },
    EXPRESS: {
      ...EMPTY_ESTIMATE,
      type: "EXPRESS",
      monthlyCost: 3.19,
      low: 1.52,
      high: 31.8,
      costPerExecution: 0.00000319,
      lowPerExecution: 0.00000152,
      highPerExecution: 0.0000318,
      requestsPerMonth: 1_000_000,
      gbSeconds: 131_250,
      lineItems: [
        {
          ...transitionItem(null, "requests", 1_000_000),
          usageType: "StepFunctions-Request",
          unit: "request",
          unitPrice: 0.000001,
          cost: 1,
        },
        {
          ...transitionItem(null, "duration", 131_250),
          usageType: "StepFunctions-GB-Second",
          unit: "GB-second",
          unitPrice: 0.00001667,
          cost: 2.1879,
        },
      ],
    },
    SPLIT: null,
  },
  eligibility: {
    EXPRESS: {
      eligible: false,
      blockers: [
        {
          code: "callback-task",
          state: "ManualReview",
          text: "waits for a task token (.waitForTaskToken), which Express does not support",
          at: {
            file: "workflows/order-processing.asl.json",
            line: 17,
            column: 21,
            pointer: "/States/ManualReview/Resource",
          },
        },
      ],
      cautions: [
        {
          code: "not-idempotent",
          state: "ReserveStock",
          text: "may run twice, because an Express workflow runs at least once; nothing says that it is idempotent",
          at: {
            file: "workflows/order-processing.asl.json",
            line: 31,
            column: 15,
            pointer: "/States/ProcessLineItems/ItemProcessor/States/ReserveStock",
          },
        },
      ],
    },
  },
  recommendation: {
    type: "STANDARD",
    saving: 0,
    savingPerMillion: 0,
    text: "Express would cost 98 % less, but ManualReview waits for a callback.",
    breakEven: { executionsPerMonth: null, durationSeconds: 163, memoryMB: null },
    confidence: "medium",
    assumptions: [
      ITEMS_ASSUMPTION,
      {
        text: "duration of tasks nobody declared",
        key: "states.ReserveStock.duration",
        figure: figure(500, "default", 50, 30_000),
        unit: "ms",
        costAtLow: 175.5,
        costAtHigh: 175.5,
        spread: 0,
      },
      {
        text: "share of RouteByValue that goes to ManualReview",
        key: "states.RouteByValue.choices.ManualReview",
        figure: { ...figure(0.02, "declared"), note: "stepfare.yml:6" },
        unit: "share",
        costAtLow: 175.5,
        costAtHigh: 175.5,
        spread: 0,
      },
    ],
  },
  scenarios: [],
  split: null,
  nested: [],
  opportunities: [],
  findings: [],
  checks: { passed: [], notApplicable: [], suppressed: [], failed: [] },
  limits: [
    {
      code: "history-events",
      mean: 36,
      p99: 41,
      worst: 41,
      limit: 25_000,
      reachedAt: 3570,
      text: "25,000 events are reached at 3,570 items of ProcessLineItems",
    },
  ],
  diagnostics: [
    {
      code: "undeclared-items",
      severity: "warning",
      message: "ProcessLineItems has no declared number of items, so 4 is assumed",
      at: {
        file: "workflows/order-processing.asl.json",
        line: 22,
        column: 5,
        pointer: "/States/ProcessLineItems",
      },
      hint: "write `items: 4` under states.ProcessLineItems in stepfare.yml",
    },
  ],
};

function stateOf(
  name: string,
  type: string,
  visits: number,
  pointer = `/States/${name}`,
): WorkflowReport["states"][number] {
  return {
    name,
    pointer,
    type,
    visits,
    retries: 0,
    transitions: visits,
    historyEvents: visits * 5,
    standardCost: visits * 0.000025,
    iterations: type === "Map" ? 4 : null,
    childExecutions: 0,
    ids: [`role of ${name}`, `content of ${name}`, `shape of ${name}`],
  };
}

/** A booking flow that costs 99 % less as Express, and nothing stands against it. */
const bookingWorkflow: WorkflowReport = {
  ...orderWorkflow,
  name: "booking",
  at: { file: "template.yaml", line: 12, column: 3, pointer: "/Resources/Booking" },
  foundIn: "sam",
  executionsPerMonth: figure(5_000_000, "observed", 4_800_000, 5_200_000),
  transitions: {
    start: 1,
    entered: 9,
    retries: 0,
    end: 0,
    mean: 10,
    p50: 10,
    p90: 10,
    p99: 10,
    worst: 10,
    unboundedBy: [],
    endedAt: null,
    byRule: { entered: 9, "start+entered": 10, "start+entered+end": 11 },
  },
  paths: {
    count: "1606938044258990275541962092341162602522202993782792835301376",
    failureCount: "0",
    shownShare: 0.7312,
    shown: Array.from({ length: 14 }, (_, index) =>
      path({
        id: String(index),
        share: 0.2 / (index + 1),
        states: [
          "CheckSeat",
          "Hold",
          "Poll",
          "Pay",
          "ConfirmBookingWithTheAirline",
          "SendTicket",
          "Archive",
          "Done",
        ],
        rounds: { Poll: 3.2 },
        transitions: 10,
      }),
    ),
    failurePaths: [],
  },
  branches: [],
  states: ["CheckSeat", "Hold", "Poll", "Pay", "ConfirmBookingWithTheAirline", "SendTicket", "Archive"].map(
    (name) => stateOf(name, "Task", 1),
  ),
  estimates: {
    STANDARD: {
      ...EMPTY_ESTIMATE,
      monthlyCost: 1249.9,
      low: 1249.9,
      high: 1249.9,
      costPerExecution: 0.00025,
      lowPerExecution: 0.00025,
      highPerExecution: 0.00025,
      transitionsPerMonth: 50_000_000,
      lineItems: [
        transitionItem(null, "start of each execution", 5_000_000),
        transitionItem(null, "free tier", -4000),
      ],
    },
    EXPRESS: {
      ...EMPTY_ESTIMATE,
      type: "EXPRESS",
      monthlyCost: 10.209375,
      low: 10.209375,
      high: 10.209375,
      costPerExecution: 0.000002041875,
      lowPerExecution: 0.000002041875,
      highPerExecution: 0.000002041875,
      requestsPerMonth: 5_000_000,
      gbSeconds: 312_500,
      lineItems: orderWorkflow.estimates.EXPRESS.lineItems,
    },
    SPLIT: {
      ...EMPTY_ESTIMATE,
      type: "SPLIT",
      monthlyCost: 385.2,
      low: 385.2,
      high: 385.2,
      costPerExecution: 0.00007704,
      lowPerExecution: 0.00007704,
      highPerExecution: 0.00007704,
      transitionsPerMonth: 15_000_000,
      requestsPerMonth: 5_000_000,
      gbSeconds: 312_500,
    },
  },
  eligibility: {
    EXPRESS: { eligible: true, blockers: [], cautions: orderWorkflow.eligibility.EXPRESS.cautions },
  },
  recommendation: {
    type: "EXPRESS",
    saving: 1239.690625,
    savingPerMillion: 247.958125,
    text: "Ten transitions and one second: as Express the same work costs 99.2 % less.",
    breakEven: { executionsPerMonth: null, durationSeconds: 239, memoryMB: null },
    confidence: "high",
    assumptions: [],
  },
  limits: [],
  diagnostics: [],
};

/** No stepfare.yml at all: executions unknown, durations at their default, a loop nobody bounds, a child started. */
export const unknownWorkflow: WorkflowReport = {
  ...orderWorkflow,
  name: "export-nightly",
  nested: [
    { state: "StartOrder", workflow: "order-child", type: "EXPRESS", starts: 1.2, costPerExecution: 2.04e-6 },
  ],
  at: { file: "infra/main.tf", line: 88, column: 1, pointer: "/resource/aws_sfn_state_machine/export" },
  foundIn: "terraform",
  executionsPerMonth: null,
  transitions: {
    ...orderWorkflow.transitions,
    mean: 34.3,
    p50: 31,
    p90: 52,
    p99: 88,
    worst: null,
    unboundedBy: ["WaitForExport", "IsDone"],
    endedAt: { transitions: 12_499, by: "history-events" },
    byRule: { entered: 33.3, "start+entered": 34.3, "start+entered+end": 35.3 },
  },
  estimates: {
    STANDARD: {
      ...EMPTY_ESTIMATE,
      costPerExecution: 0.0008575,
      lowPerExecution: 0.0002,
      highPerExecution: 0.0035,
      lineItems: [{ ...transitionItem(null, "start of each execution", 1), per: "execution" }],
    },
    EXPRESS: { ...EMPTY_ESTIMATE, type: "EXPRESS", lineItems: [] },
    SPLIT: null,
  },
  recommendation: {
    type: "STANDARD",
    saving: null,
    savingPerMillion: null,
    text: "Executions last up to 40 minutes, longer than the five that Express allows.",
    breakEven: { executionsPerMonth: null, durationSeconds: null, memoryMB: null },
    confidence: "low",
    assumptions: orderWorkflow.recommendation.assumptions,
  },
};

const HOSTILE_NAMES = [
  "__proto__",
  "a|b`c`<img src=x onerror=alert(1)>",
  "\u001b[31mred\u001b[0m\u0007",
  '=HYPERLINK("http://evil.example","click")',
  "line one\nline two\r\n\tthree",
  "@octocat closes #1 and GH-2, see https://evil.example/[x](y)",
  "\u202egnp.exe\u2066",
  "処理する注文の状態を確認してからレビューに回すための非常に長い状態の名前です本当に長い",
  "👩‍👩‍👧‍👦 family 🫠",
  "हिन्दी नाम",
  "\ud800 lone",
  "x".repeat(80),
];

/** Every name, file and message is written by somebody who means harm. */
const hostileWorkflow: WorkflowReport = {
  ...orderWorkflow,
  name: HOSTILE_NAMES.join(" "),
  at: { file: "wf/\u001b]0;pwned\u0007|evil`.json", line: 1, column: 1, pointer: "" },
  paths: {
    count: "12",
    failureCount: "0",
    shownShare: 0.5,
    shown: [
      path({
        id: "1",
        share: 0.99999,
        states: HOSTILE_NAMES,
        rounds: JSON.parse('{"__proto__": 3}') as Record<string, number>,
        transitions: 1e9,
        standardCost: 25_000,
        expressCost: null,
      }),
    ],
    failurePaths: [],
  },
  branches: HOSTILE_NAMES.map((name) => ({
    state: name,
    rule: "0",
    to: name,
    share: 1e-9,
    basis: "default",
    transitions: 3,
    standardCost: null,
  })),
  states: HOSTILE_NAMES.map((name) => stateOf(name, "Task", 1)),
  estimates: {
    ...orderWorkflow.estimates,
    STANDARD: {
      ...orderWorkflow.estimates.STANDARD,
      lineItems: HOSTILE_NAMES.map((name) => transitionItem(name, `states entered: ${name}`, 1e12)),
    },
  },
  eligibility: {
    EXPRESS: {
      eligible: false,
      blockers: HOSTILE_NAMES.map((name) => ({
        code: "callback-task",
        state: name,
        text: `${name} waits`,
        at: { file: name, line: 17, column: 2, pointer: "" },
      })),
      cautions: [],
    },
  },
  recommendation: {
    ...orderWorkflow.recommendation,
    text: HOSTILE_NAMES.join(" and "),
    assumptions: HOSTILE_NAMES.map((name) => ({
      ...ITEMS_ASSUMPTION,
      text: `items of ${name}`,
      key: `states.${name}.items`,
      figure: { ...ITEMS_ASSUMPTION.figure, note: name },
    })),
  },
  limits: [
    { code: "x|y", mean: 1, p99: 2, worst: 3, limit: 2, reachedAt: null, text: HOSTILE_NAMES.join(" ") },
  ],
  diagnostics: HOSTILE_NAMES.map((name) => ({
    code: "unreachable-state",
    severity: "warning",
    message: `${name} cannot be reached`,
    at: { file: name, line: 3, column: 4, pointer: "" },
    hint: `remove ${name}`,
  })),
};

export function reportOf(workflows: readonly WorkflowReport[]): AnalysisReport {
  const months = workflows.map((workflow) => workflow.estimates[workflow.type].monthlyCost);
  const known = months.every((month) => month !== null) && months.length > 0;
  const monthlyCost = known ? months.reduce((sum: number, month) => sum + (month ?? 0), 0) : null;
  const saving = known
    ? workflows.reduce((sum, { recommendation }) => sum + (recommendation.saving ?? 0), 0)
    : null;
  return {
    schemaVersion: "1",
    kind: "analysis",
    region: "us-east-1",
    currency: "USD",
    priceListDate: "2026-10-01",
    discountPercent: 0,
    transitionRule: "start+entered",
    totals: {
      monthlyCost,
      recommendedMonthlyCost: monthlyCost === null || saving === null ? null : monthlyCost - saving,
      saving,
      withDownstream: monthlyCost === null ? null : monthlyCost + 8.80004 * workflows.length,
      unknown: months.filter((month) => month === null).length,
    },
    workflows,
    diagnostics: [],
  };
}

const manyWorkflows: readonly WorkflowReport[] = Array.from({ length: 300 }, (_, index) => ({
  ...([orderWorkflow, bookingWorkflow, unknownWorkflow][index % 3] ?? orderWorkflow),
  name: `service-${String(index).padStart(3, "0")}-${["orders", "booking", "export"][index % 3] ?? ""}`,
}));

export const sampleReports: Readonly<Record<string, AnalysisReport>> = {
  order: reportOf([orderWorkflow]),
  booking: reportOf([bookingWorkflow]),
  unknown: reportOf([unknownWorkflow]),
  hostile: reportOf([hostileWorkflow]),
  few: reportOf([bookingWorkflow, orderWorkflow, unknownWorkflow, hostileWorkflow]),
  many: reportOf(manyWorkflows),
  empty: {
    ...reportOf([]),
    diagnostics: [
      {
        code: "unreadable-file",
        severity: "error",
        message: "the file is not JSON: a comma is missing",
        at: { file: "workflows/broken.asl.json", line: 4, column: 17, pointer: "" },
        hint: "add the comma",
      },
    ],
  },
};
