/** Laws of dominators and regions, against the plain definition on every set of nodes of small random graphs. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dominates, dominatorsFrom } from "../../../src/graph/region/dominator-tree.ts";
import { type FlowGraph, buildFlowGraph, reachedFrom } from "../../../src/graph/region/flow-graph.ts";
import {
  findRegions,
  membersOf,
  regionsOf,
  sumOver,
  sumsDominated,
} from "../../../src/graph/region/single-exit-regions.ts";
import { END, type StateGraph } from "../../../src/graph/state-graph.ts";

/** Any edges at all, loops with several entries among them. */
const flows = fc
  .array(fc.array(fc.nat(7), { maxLength: 3 }), { minLength: 1, maxLength: 7 })
  .map((targets) => flowOf(targets.map((to) => to.map((node) => (node >= targets.length ? END : node)))))
  .filter((flow) => flow !== null);

function flowOf(targets: readonly (readonly number[])[]): FlowGraph | null {
  const edges = targets.map((to, from) =>
    to.map((node) => ({ from, to: node, kind: "next", rules: [] }) as const),
  );
  const nodes = targets.map(() => ({}));
  return buildFlowGraph({ start: 0, nodes, edges } as unknown as StateGraph);
}

function nodesOf({ successors, start }: FlowGraph): readonly number[] {
  return [...reachedFrom(start, successors)];
}

/** By the definition: one node takes all edges in, one node outside takes all edges out, and the end is no member. */
function regionsByDefinition(flow: FlowGraph): readonly string[] {
  const nodes = nodesOf(flow).filter((node) => node !== flow.end);
  const found: string[] = [];
  for (let bits = 1; bits < 2 ** nodes.length; bits++) {
    const members = new Set(nodes.filter((_, at) => (bits >> at) & 1));
    const entries = new Set(members.has(flow.start) ? [flow.start] : []);
    const exits = new Set<number>();
    for (const node of nodesOf(flow)) {
      for (const to of flow.successors[node]!) {
        if (members.has(to) && !members.has(node)) entries.add(to);
        if (members.has(node) && !members.has(to)) exits.add(to);
      }
    }
    if (entries.size !== 1 || exits.size !== 1) continue;
    found.push(shown([...entries][0]!, [...exits][0]!, members));
  }
  return found.sort();
}

function shown(entry: number, exit: number, members: Iterable<number>): string {
  return `${entry}→${exit}: ${[...members].sort((a, b) => a - b).join(" ")}`;
}

describe("dominators", () => {
  test("a node dominates another when no way avoids it", () => {
    fc.assert(
      fc.property(flows, (flow) => {
        const tree = dominatorsFrom(flow.start, flow.successors);
        for (const by of nodesOf(flow)) {
          const without = flow.successors.map((to, node) => (node === by ? [] : to));
          const avoiding = by === flow.start ? new Set<number>() : reachedFrom(flow.start, without);
          for (const node of nodesOf(flow)) {
            expect(dominates(tree, by, node)).toBe(node === by || !avoiding.has(node));
          }
        }
      }),
    );
  });
});

describe("regions", () => {
  test("are all sets of nodes with one entry and one exit, and no others", () => {
    fc.assert(
      fc.property(flows, (flow) => {
        const family = findRegions(flow);
        const found = nodesOf(flow).flatMap((entry) =>
          regionsOf(entry, family).map((region) => shown(entry, region.exit, membersOf(region, family.tree))),
        );
        expect(found.sort()).toEqual(regionsByDefinition(flow));
      }),
      { numRuns: 1000 },
    );
  });

  test("of one entry hold one another, smallest first", () => {
    fc.assert(
      fc.property(flows, (flow) => {
        const family = findRegions(flow);
        for (const entry of nodesOf(flow)) {
          const members = regionsOf(entry, family).map((region) => new Set(membersOf(region, family.tree)));
          members
            .slice(1)
            .forEach((larger, at) => expect([...members[at]!].every((node) => larger.has(node))).toBe(true));
        }
      }),
    );
  });

  test("sum up what their members hold", () => {
    fc.assert(
      fc.property(flows, (flow) => {
        const family = findRegions(flow);
        const { tree } = family;
        const values = flow.successors.map((_, node) => (node + 1) ** 2);
        const sums = sumsDominated(values, tree);
        for (const region of nodesOf(flow).flatMap((entry) => regionsOf(entry, family))) {
          const sum = membersOf(region, tree).reduce((total, node) => total + values[node]!, 0);
          expect(sumOver(region, sums)).toBe(sum);
        }
      }),
    );
  });

  test("a chain of 20,000 states is laid out without recursion", () => {
    const flow = flowOf(Array.from({ length: 20_000 }, (_, at) => [at === 19_999 ? END : at + 1]))!;
    const { tree, exitsOf } = findRegions(flow);
    expect(tree.depth[19_999]).toBe(19_999);
    expect(exitsOf(19_990)).toHaveLength(10);
  });
});
