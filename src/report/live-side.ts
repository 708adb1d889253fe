/** A live side is one side of a diff as its workflows are read just now: priced together, as `analyze` prices them. */
import type { PriceList } from "../cost/price-list.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { ExecutionProfile } from "../graph/execution-profile.ts";
import { COUNTS_ONLY, DURATION_ONLY } from "../graph/spent.ts";
import { lazyFields, once } from "../once.ts";
import type { TransitionRule } from "../usage/usage-line.ts";
import { definitionId, figuresId } from "../workflow/state-identity.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { otherUsage, startedTypes } from "./build-analysis.ts";
import type { DiffMachine, DiffSide, UnreadMachine } from "./diff-machine.ts";
import { type NestingContext, isBilledByTime, mentionsStart, nestExecutions } from "./nested-executions.ts";
import { priceWorkflow } from "./price-workflow.ts";
import { reportWorkflow } from "./workflow-report.ts";

export interface LiveSide {
  readonly name: string;
  readonly workflows: readonly Workflow[];
  /** Folder that the side begins at, relative to the current one, as the files of places are; "" = the same. */
  readonly root: string;
  readonly unread: readonly UnreadMachine[];
  readonly diagnostics: readonly Diagnostic[];
  readonly priceList: PriceList;
  readonly transitionRule: TransitionRule;
}

/**
 * Both sides at once: a workflow that is the same on both, as most are, is profiled once. `base` is null when it is a
 * saved report.
 */
export function liveSides(
  base: LiveSide | null,
  head: LiveSide,
  context: NestingContext,
): { readonly base: DiffSide | null; readonly head: DiffSide } {
  const identified = head.workflows.map(identify);
  const twinOf = twins(identified);
  const keptProfiles = new Map<Workflow, ExecutionProfile | null>();
  const areNested = [...(base?.workflows ?? []), ...head.workflows].some(({ stateMachine }) =>
    mentionsStart(stateMachine),
  );
  // Most are the same on both sides and billed by their transitions alone.
  const measure: NestingContext["measure"] = (workflow) =>
    areNested || isBilledByTime(workflow) ? DURATION_ONLY : COUNTS_ONLY;
  const shared = { ...context, keptProfiles, measure };
  const same = new Set<Workflow>();
  const old = base?.workflows.map((workflow): Identified => {
    const own = identify(workflow);
    const twin = twinOf(own);
    if (twin === undefined) return own;
    same.add(twin.workflow);
    return { ...twin, at: workflow.at };
  });
  return {
    base: base === null ? null : priceSide(base, old ?? [], { context: shared, same }),
    head: priceSide(head, identified, { context: shared, same }),
  };
}

interface Identified {
  readonly workflow: Workflow;
  readonly at: Workflow["at"];
  readonly contentIds: DiffMachine["contentIds"];
}

function identify(workflow: Workflow): Identified {
  const contentIds = lazyFields<DiffMachine["contentIds"]>({
    definition: () => definitionId(workflow.stateMachine),
    figures: () => figuresId(workflow.workload),
  });
  return { workflow, at: workflow.at, contentIds };
}

/** Finds the same workflow among others: most texts were read once for both sides, so their definitions are one object. */
function twins(others: readonly Identified[]): (own: Identified) => Identified | undefined {
  const byDefinition = new Map(others.map((one) => [one.workflow.stateMachine, one]));
  const around = once(() => {
    const alike = new Map<string, Identified[]>();
    for (const one of others) alike.set(aroundIt(one), [...(alike.get(aroundIt(one)) ?? []), one]);
    return alike;
  });
  return (own) => {
    const alike = byDefinition.get(own.workflow.stateMachine);
    return alike !== undefined && aroundIt(alike) === aroundIt(own)
      ? alike
      : around()
          .get(aroundIt(own))
          ?.find((one) => writtenText(one) === writtenText(own));
  };
}

/** The definition as written: which of two spellings is used does not matter where most are the very same. */
function writtenText({ workflow: { stateMachine } }: Identified): string {
  const { startAt, queryLanguage, timeoutSeconds, comment, definitionBytes, states } = stateMachine;
  const written = states.map((state) => [state.name, state.fields]);
  return JSON.stringify([startAt, queryLanguage, timeoutSeconds, comment, definitionBytes, written]);
}

/** What makes a workflow of a definition. */
function aroundIt({ workflow: { name, type, aliases }, contentIds }: Identified): string {
  return JSON.stringify([name, type, aliases, contentIds.figures]);
}

interface Pricing {
  readonly context: NestingContext;
  /** Workflows that are the same on both sides. */
  readonly same: ReadonlySet<Workflow>;
}

function priceSide(side: LiveSide, identified: readonly Identified[], { context, same }: Pricing): DiffSide {
  const { priceList, transitionRule } = side;
  const workflows = identified.map(({ workflow }) => workflow);
  const nesting = nestExecutions(workflows, context);
  const others = otherUsage(workflows, nesting, transitionRule);
  const unread: UnreadMachine[] = [];
  const machines = identified.flatMap(({ workflow, at, contentIds }): DiffMachine[] => {
    const common = {
      context: { ...context, childEnds: nesting.childEndsIn(workflow) },
      basis: { priceList, transitionRule, others: others(workflow) },
    };
    const priceAs: DiffMachine["priceAs"] = (other, executions) =>
      priceWorkflow({ ...common, workflow: other, executions, profile: null });
    const executions = nesting.executionsOf(workflow);
    const profile = same.has(workflow) ? nesting.profileOf(workflow) : null;
    const kept = nesting.keptOf(workflow);
    const priced = priceWorkflow({
      ...common,
      workflow,
      kept,
      executions: executions?.value ?? null,
      profile,
    });
    if (priced === null) {
      unread.push({ name: workflow.name, file: fileWithin(side.root, at.file) });
      return [];
    }
    const details: DiffMachine["details"] = () =>
      reportWorkflow({
        ...common,
        workflow,
        kept,
        executions,
        top: 1,
        nested: () => [],
        startedTypes: startedTypes(workflow, nesting),
        callers: nesting.callersOf(workflow),
        diagnostics: [],
      }) ?? {
        diagnostics: [],
        limits: [],
      };
    return [
      {
        name: workflow.name,
        at,
        file: fileWithin(side.root, at.file),
        foundIn: workflow.foundIn,
        contentIds,
        priced,
        details,
        get startedTypes() {
          return startedTypes(workflow, nesting);
        },
        workflow,
        priceAs,
      },
    ];
  });
  return {
    name: side.name,
    region: priceList.region,
    currency: priceList.currency,
    machines,
    unread: [...side.unread, ...unread],
    diagnostics: side.diagnostics,
  };
}

export function fileWithin(root: string, file: string): string {
  return root !== "" && file.startsWith(`${root}/`) ? file.slice(root.length + 1) : file;
}
