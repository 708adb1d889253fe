/** What one search has read may serve the next one, whatever was edited in between: the content decides, not the file. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { findWorkflows } from "../../src/source/find-workflows.ts";
import { keepReadings } from "../../src/source/kept-readings.ts";
import { fakeShell } from "../fake-shell.ts";

const definition = (state: string, seconds: number | null) =>
  JSON.stringify({
    StartAt: state,
    States: {
      [state]: seconds === null ? { Type: "Wait", End: true } : { Type: "Wait", Seconds: seconds, End: true },
    },
  });

const template = (seconds: number) => `Resources:
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionString: '${definition("Inside", seconds)}'
`;

const content = fc.oneof(
  fc
    .tuple(fc.constantFrom("A", "B"), fc.constantFrom(1, 2, null))
    .map(([state, seconds]) => definition(state, seconds)),
  fc.constant("{ not JSON"),
);
/** A folder without any file is none, so one that no search reads is always there. */
const repository = fc.record(
  {
    LICENSE: fc.constant("MIT"),
    "a.asl.json": content,
    "deep/b.asl.json": content,
    "c.asl.json": content,
    "template.yaml": fc.constantFrom(1, 2).map(template),
  },
  { requiredKeys: ["LICENSE"] },
);

test("a search that keeps readings finds what a fresh one finds, edit after edit", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(repository, { minLength: 2, maxLength: 6 }), async (versions) => {
      const kept = keepReadings();
      for (const files of versions) {
        const again = await findWorkflows(fakeShell({ files }), ["."], { kept });
        const fresh = await findWorkflows(fakeShell({ files }), ["."]);
        expect(plain(again)).toStrictEqual(plain(fresh));
      }
    }),
    { numRuns: 60 },
  );
});

/** All that is data, with every place that a pointer leads to. */
function plain({ workflows, notAnalysed, diagnostics }: Awaited<ReturnType<typeof findWorkflows>>): unknown {
  return {
    workflows: workflows.map(({ locate, ...workflow }) => ({
      ...workflow,
      places: workflow.stateMachine.states.map(({ pointer }) => locate(pointer)),
    })),
    notAnalysed,
    diagnostics,
  };
}
