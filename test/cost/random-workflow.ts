/** Random workflows with figures, as a user would write them, analysed: chains with loops, Maps, Parallels and retries. */
import fc from "fast-check";
import { priceListOf } from "../../src/cost/known-price-lists.ts";
import type { AnalysisReport } from "../../src/report/analysis-report.ts";
import { buildAnalysis } from "../../src/report/build-analysis.ts";
import { readDefinition } from "../../src/workflow/definition/read-definition.ts";
import { readSourceText } from "../../src/workflow/text/source-text.ts";
import { workloadFor } from "../../src/workflow/workload/workload-file-match.ts";
import { parseWorkloadFile } from "../../src/workflow/workload/whole-workload-file.ts";
import { EMPTY_WORKLOAD } from "../../src/workflow/workload/workload.ts";
import type { Workflow } from "../../src/workflow/workflow.ts";

interface Draw {
  readonly kind: number;
  readonly to: number;
  readonly inner: readonly Draw[];
  readonly attempts: number;
}

const { draws } = fc.letrec<{ draws: readonly Draw[] }>((tie) => ({
  draws: fc.array(
    fc.record({
      kind: fc.nat(9),
      to: fc.nat(5),
      inner: fc.oneof({ depthSize: "small", maxDepth: 2 }, fc.constant([] as readonly Draw[]), tie("draws")),
      attempts: fc.nat(3),
    }),
    { minLength: 1, maxLength: 4 },
  ),
}));

interface Written {
  readonly states: Record<string, object>;
  readonly figures: Record<string, object>;
}

/** Every scope ends with its last state; a Choice leads on, ahead or back. */
function scopeOf(drawn: readonly Draw[], prefix: string, all: Written): object {
  const nameOf = (i: number): string => `${prefix}${i}`;
  const states: Record<string, object> = {};
  drawn.forEach((draw, i) => {
    const name = nameOf(i);
    const isLast = i === drawn.length - 1;
    const next = isLast ? { End: true } : { Next: nameOf(i + 1) };
    states[name] = stateOf({ draw, name, next, all, target: nameOf(draw.to % drawn.length), isLast });
  });
  return { StartAt: nameOf(0), States: states };
}

interface Writing {
  readonly draw: Draw;
  readonly name: string;
  readonly next: object;
  readonly all: Written;
  readonly target: string;
  readonly isLast: boolean;
}

function stateOf({ draw, name, next, all, target, isLast }: Writing): object {
  const { kind, attempts } = draw;
  const inner = draw.inner.length === 0 ? [{ kind: 0, to: 0, inner: [], attempts: 0 }] : draw.inner;
  if (kind <= 1) return { Type: "Pass", Result: draw.to, ...next };
  if (kind === 2) return { Type: "Wait", Seconds: 1 + draw.to, ...next };
  if (kind <= 4 || (kind <= 6 && isLast)) {
    all.figures[name] = { failureRate: attempts / 10, duration: `${100 * (1 + draw.to)}ms` };
    const retry = { ErrorEquals: ["States.ALL"], MaxAttempts: attempts };
    const Resource = `arn:aws:lambda:us-east-1:123456789012:function:f${draw.to}`;
    return { Type: "Task", Resource, Retry: [retry], ...next };
  }
  if (kind <= 6) {
    all.figures[name] = { choices: { 0: (1 + draw.to) / 10 } };
    const rule = { Variable: "$.x", NumericGreaterThan: draw.to, Next: target };
    return { Type: "Choice", Choices: [rule], Default: (next as { Next: string }).Next };
  }
  if (kind === 7) {
    return {
      Type: "Parallel",
      Branches: [scopeOf(inner, `${name}a`, all), { ...scopeOf(inner, `${name}b`, all) }],
      ...next,
    };
  }
  all.figures[name] = { items: draw.to };
  const processor = scopeOf(inner, `${name}m`, all);
  const ExecutionType = attempts > 1 ? "EXPRESS" : "STANDARD";
  const config = kind === 9 ? { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType } } : {};
  return { Type: "Map", ItemProcessor: { ...config, ...processor }, ...next };
}

export interface RandomWorkflow {
  readonly definition: string;
  readonly figures: object;
  readonly type: "STANDARD" | "EXPRESS";
  readonly executions: number | null;
  readonly discount: number;
  readonly transitionRule: "entered" | "start+entered" | "start+entered+end";
}

export const randomWorkflow: fc.Arbitrary<RandomWorkflow> = fc
  .record({
    drawn: draws,
    type: fc.constantFrom("STANDARD" as const, "EXPRESS" as const),
    executions: fc.constantFrom(null, 0, 100, 1e6, 3e8),
    discount: fc.constantFrom(0, 0, 9),
    transitionRule: fc.constantFrom(
      "start+entered" as const,
      "entered" as const,
      "start+entered+end" as const,
    ),
  })
  .map(({ drawn, ...rest }) => {
    const all: Written = { states: {}, figures: {} };
    const definition = JSON.stringify(scopeOf(drawn, "S", all));
    return { definition, figures: all.figures, ...rest };
  });

export function workflowOf(random: RandomWorkflow, name = "w"): Workflow {
  const source = readSourceText(random.definition, `${name}.asl.json`);
  const { stateMachine, diagnostics } = readDefinition(source);
  if (stateMachine === null) throw new Error(JSON.stringify(diagnostics));
  const entry = {
    states: random.figures,
    ...(random.executions === null ? {} : { executionsPerMonth: random.executions }),
  };
  const file = parseWorkloadFile(JSON.stringify({ workflows: { [name]: entry } }), "stepfare.yml");
  const workload = workloadFor(file, { name, file: null, aliases: [] })?.workload ?? EMPTY_WORKLOAD;
  return {
    name,
    type: random.type,
    stateMachine,
    workload,
    at: source.locate(""),
    foundIn: "asl",
    aliases: [],
    locate: source.locate,
    diagnostics,
  };
}

export function discounted({ discount }: RandomWorkflow) {
  const list = priceListOf("us-east-1")!;
  const factor = 1 - discount / 100;
  const prices = Object.fromEntries(
    Object.entries(list.prices).map(([usageType, price]) => [
      usageType,
      {
        ...price,
        tiers: price.tiers.map((tier) => ({
          ...tier,
          unitPrice: tier.unitPrice === null ? null : tier.unitPrice * factor,
        })),
      },
    ]),
  );
  return { ...list, discountPercent: discount, prices } as typeof list;
}

export function analysed(random: RandomWorkflow): AnalysisReport {
  return buildAnalysis({
    workflows: [workflowOf(random)],
    priceList: discounted(random),
    transitionRule: random.transitionRule,
    context: { parseJsonata: null, taskDuration: null },
    top: 1,
    diagnostics: [],
  });
}
