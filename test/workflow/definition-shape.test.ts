import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { definitionShape } from "../../src/workflow/definition/definition-shape.ts";

describe("a definition's shape", () => {
  const call = (name: string, queue: string) =>
    JSON.stringify({
      StartAt: "A",
      States: {
        A: { Type: "Task", Resource: `arn:aws:lambda:eu-west-1:123456789012:function:${name}`, Next: "B" },
        B: {
          Type: "Task",
          Resource: "arn:aws:states:::sqs:sendMessage",
          Parameters: { QueueUrl: `https://sqs/1/${queue}`, MessageBody: "x" },
          Next: "C",
        },
        C: {
          Type: "Task",
          Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
          Parameters: { FunctionName: name },
          End: true,
        },
      },
    });

  test("is the same for machines that call other resources the same way, and keeps all else", () => {
    const name = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
    fc.assert(
      fc.property(name, name, name, name, (a, b, c, d) => {
        expect(definitionShape(call(a, b))).toBe(definitionShape(call(c, d)));
        expect(definitionShape(call(a, b))).toContain("arn:aws:states:::lambda:invoke.waitForTaskToken");
        expect(definitionShape(call(a, `${b}.fifo`))).not.toBe(definitionShape(call(c, d)));
        expect(definitionShape(definitionShape(call(a, b)))).toBe(definitionShape(call(a, b)));
        expect(() => JSON.parse(definitionShape(call(a, b))) as unknown).not.toThrow();
      }),
    );
  });

  test("tells equal names from different ones", () => {
    const two = (a: string, b: string) => `{"FunctionName": "${a}", "x": {"FunctionName": "${b}"}}`;
    expect(definitionShape(two("f", "f"))).not.toBe(definitionShape(two("f", "g")));
    expect(definitionShape(two("f", "g"))).toBe(definitionShape(two("x", "y")));
  });
});
