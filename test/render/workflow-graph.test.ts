import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { layOutGraph } from "../../src/render/page/graph-layout.ts";
import { graphWorkflow } from "../../src/render/workflow-graph.ts";
import { picturedWorkflow } from "./pictured.ts";

interface Drawn {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, object>>;
}

/** States in a row, each with a way to leave early, and Maps and Parallels in between, as many as asked for. */
function machine(kinds: readonly ("Pass" | "Choice" | "Map" | "Parallel" | "Task")[], depth = 0): Drawn {
  const name = (index: number) => `S${index}`;
  const States = Object.fromEntries(
    kinds.map((kind, index) => {
      const end = index === kinds.length - 1;
      const on = end ? { End: true } : { Next: name(index + 1) };
      const inner = (): Drawn => machine(depth > 0 ? ["Pass"] : kinds.slice(0, 2), depth + 1);
      const far = name(Math.min(kinds.length - 1, index * 2));
      const states: Readonly<Record<typeof kind, () => object>> = {
        Pass: () => ({ Type: "Pass", ...on }),
        Task: () => ({
          Type: "Task",
          Resource: "arn:aws:states:::lambda:invoke",
          Catch: [{ ErrorEquals: ["States.ALL"], Next: far }],
          ...on,
        }),
        Choice: () =>
          end
            ? { Type: "Succeed" }
            : {
                Type: "Choice",
                Choices: [{ Variable: "$.a", IsPresent: true, Next: far }],
                Default: name(index + 1),
              },
        Map: () => ({ Type: "Map", ItemProcessor: inner(), ...on }),
        Parallel: () => ({ Type: "Parallel", Branches: [inner(), inner()], ...on }),
      };
      return [name(index), states[kind]()];
    }),
  );
  return { StartAt: name(0), States };
}

const kinds = fc.array(fc.constantFrom("Pass", "Choice", "Map", "Parallel", "Task"), {
  minLength: 1,
  maxLength: 9,
});

describe("a workflow's graph", () => {
  test("holds every state once, in no more nodes than asked for, with ways between nodes", () => {
    fc.assert(
      fc.property(kinds, fc.integer({ min: 3, max: 60 }), (row, most) => {
        const workflow = picturedWorkflow(machine(row));
        const graph = graphWorkflow(workflow, workflow.pictures!, most);
        expect(graph.nodes.length).toBeLessThanOrEqual(most);
        const held = graph.nodes.flatMap(({ states }) => states.map(({ pointer }) => pointer));
        expect(held.toSorted()).toEqual(workflow.states.map(({ pointer }) => pointer).toSorted());
        expect(graph.folded).toBe(workflow.states.length - graph.nodes.length);
        const keys = new Set(graph.nodes.map(({ key }) => key));
        for (const { from, to } of graph.ways) {
          expect(keys).toContain(from);
          if (to !== null) expect(keys).toContain(to);
        }
      }),
      { numRuns: 20 },
    );
  });

  test("folds the star of a Choice with 500 leaves, and a row of 500 states", () => {
    const leaves = Array.from({ length: 500 }, (_, index) => `Leaf${index}`);
    const star = {
      StartAt: "Fan",
      States: {
        Fan: {
          Type: "Choice",
          Choices: leaves.map((Next, at) => ({ Variable: "$.a", NumericEquals: at, Next })),
        },
        ...Object.fromEntries(leaves.map((leaf) => [leaf, { Type: "Pass", End: true }])),
      },
    };
    for (const definition of [star, machine(Array.from({ length: 500 }, () => "Pass" as const))]) {
      const workflow = picturedWorkflow(definition);
      const graph = graphWorkflow(workflow, workflow.pictures!, 60);
      expect(graph.nodes.length).toBeLessThanOrEqual(60);
      expect(graph.nodes.some(({ isGroup, states }) => isGroup && states.length > 400)).toBe(true);
    }
  });
});

describe("its layout", () => {
  test("lets no two boxes overlap unless one holds the other, and keeps all inside the drawing", () => {
    fc.assert(
      fc.property(kinds, (row) => {
        const workflow = picturedWorkflow(machine(row));
        const graph = graphWorkflow(workflow, workflow.pictures!, 600);
        const { boxes, lines, width, height } = layOutGraph(graph);
        expect(boxes.length).toBe(graph.nodes.length);
        for (const [index, one] of boxes.entries()) {
          expect(one.x).toBeGreaterThanOrEqual(0);
          expect(one.y).toBeGreaterThanOrEqual(0);
          expect(one.x + one.width).toBeLessThanOrEqual(width);
          expect(one.y + one.height).toBeLessThanOrEqual(height);
          for (const other of boxes.slice(index + 1)) {
            const apart =
              one.x + one.width <= other.x ||
              other.x + other.width <= one.x ||
              one.y + one.height <= other.y ||
              other.y + other.height <= one.y;
            const holds = other.key.startsWith(`${one.key}/`) || one.key.startsWith(`${other.key}/`);
            expect(apart || holds, `${one.key} over ${other.key}`).toBe(true);
          }
        }
        graph.ways.forEach(({ to }, number) => {
          if (to !== null) expect(lines[number]!.points.length).toBeGreaterThan(1);
        });
      }),
      { numRuns: 15 },
    );
  });
});
