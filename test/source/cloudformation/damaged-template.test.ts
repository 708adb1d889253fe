import fc from "fast-check";
import { expect, test } from "vitest";
import { findIn } from "./template-fixture.ts";

const YAML = `Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: { Type: String, Default: dev }
Globals: { Function: { MemorySize: 128 } }
Mappings: { M: { a: { b: c } } }
Conditions:
  Prod: !Equals [!Ref Stage, prod]
Resources:
  Flow:
    Type: AWS::Serverless::StateMachine
    Condition: Prod
    Properties:
      Name: !Join ["-", [flow, !Ref Stage]]
      Definition: &def
        StartAt: A
        States: { A: { Type: Task, Resource: !GetAtt Fn.Arn, End: true } }
      DefinitionSubstitutions: { X: !FindInMap [M, a, b] }
      Events: { E: { Type: Schedule, Properties: { Schedule: rate(1 day) } } }
  Text:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionString: !Sub
        - |-
          { "StartAt": "A", "States": { "A": { "Type": "Wait", "Seconds": \${S}, "End": true } } }
        - { S: !If [Prod, 1, 2] }
  Fn: { Type: AWS::Serverless::Function, Properties: { Timeout: "3" } }
  Rule: { Type: AWS::Events::Rule, Properties: { ScheduleExpression: rate(1 hour), Targets: [{ Arn: !Ref Text }] } }
`;
const JSON_TEXT = `{"Conditions":{"C":{"Fn::Not":[{"Condition":"C"}]}},"Resources":{"Fn::ForEach::L":["V",["a"],{"F\${V}":{"Type":"AWS::StepFunctions::StateMachine","Condition":"C","Properties":{"DefinitionString":{"Fn::Join":["",["{\\"StartAt\\":\\"",{"Ref":"V"},"\\",\\"States\\":{}}"]]}}}}]}}`;

test("whatever is cut out of a template or put into it, reading it never throws, and places are places", () => {
  const pieces = [
    "",
    "!",
    "!Ref",
    "!GetAtt",
    "*def",
    "&x",
    "{",
    "}",
    "[",
    "]",
    '"',
    "'",
    "|",
    ": ",
    "- ",
    "\n",
    "${",
    "<<",
    "\0",
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(YAML, JSON_TEXT),
      fc.array(fc.tuple(fc.nat(2000), fc.nat(30), fc.constantFrom(...pieces)), { maxLength: 3 }),
      (text, damages) => {
        const damaged = damages.reduce<string>((whole, [at, length, piece]) => {
          const from = at % (whole.length + 1);
          return whole.slice(0, from) + piece + whole.slice(from + length);
        }, text);
        const { workflows, diagnostics } = findIn(damaged);
        const lines = damaged.split("\n").length;
        for (const { at } of [...diagnostics, ...workflows.flatMap((workflow) => workflow.diagnostics)]) {
          expect(at?.line).toBeGreaterThanOrEqual(1);
          expect(at?.line).toBeLessThanOrEqual(lines);
          expect(at?.column).toBeGreaterThanOrEqual(1);
        }
        for (const { definition } of workflows) {
          if (definition?.kind === "text") expect(() => JSON.parse(definition.text) as unknown).not.toThrow();
        }
      },
    ),
    { numRuns: 300 },
  );
});
