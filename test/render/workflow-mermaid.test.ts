import { expect, test } from "vitest";
import { costScaleOf } from "../../src/render/cost-scale.ts";
import { drawWorkflowMermaid } from "../../src/render/workflow-mermaid.ts";
import { picturedWorkflow } from "./pictured.ts";

const scale = costScaleOf(0.0001, "USD");
const TASK = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke" };

test("states carry their cost, ways their share, what runs inside stands in a box", () => {
  const drawn = drawWorkflowMermaid(
    picturedWorkflow({
      StartAt: "Route",
      States: {
        Route: {
          Type: "Choice",
          Choices: [{ Variable: "$.a", IsPresent: true, Next: "Each" }],
          Default: 'Fail "it"]; click',
        },
        Each: {
          Type: "Map",
          ItemProcessor: { StartAt: "One", States: { One: { ...TASK, End: true } } },
          End: true,
        },
        'Fail "it"]; click': { Type: "Fail" },
      },
    }),
    scale,
  );
  expect(drawn).toMatchInlineSnapshot(`
    "flowchart TD
      start((start))
      n0{"Route<br/>#36;25.00"}
      subgraph n1["Each #215; 10<br/>#36;12.50"]
        n3["One<br/>#36;125.00"]
      end
      n2["Fail #34;it#34;#93;#59; click<br/>#36;12.50"]
      finish((end))
      start --> n0
      n0 -->|50#37;| n1
      n0 -->|50#37;| n2
      n1 --> finish
      classDef cost0 fill:#fdf3e3,stroke:#9a4a08,color:#1f2328
      class n2 cost0
      classDef cost1 fill:#fbdcb0,stroke:#9a4a08,color:#1f2328
      class n0 cost1
      classDef cost3 fill:#e98a3a,stroke:#9a4a08,color:#1f2328
      class n3 cost3"
  `);
});

test("a workflow of 500 states is folded to 60 at most", () => {
  const States = Object.fromEntries(
    Array.from({ length: 500 }, (_, index) => [
      `S${index}`,
      { ...TASK, ...(index === 499 ? { End: true } : { Next: `S${index + 1}` }) },
    ]),
  );
  const drawn = drawWorkflowMermaid(picturedWorkflow({ StartAt: "S0", States }), scale)!;
  expect(drawn.match(/^ +n\d+[[{]/gm)!.length).toBeLessThanOrEqual(60);
  expect(drawn).toContain("states");
});

test("one state needs no drawing", () => {
  expect(
    drawWorkflowMermaid(picturedWorkflow({ StartAt: "A", States: { A: { ...TASK, End: true } } }), scale),
  ).toBeNull();
});
