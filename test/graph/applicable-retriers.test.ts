/** The most retries of a Task, against every sequence of errors it may meet. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { analyzeDefinition } from "../../src/library.ts";

type Retry = readonly { readonly ErrorEquals: readonly string[]; readonly MaxAttempts: number }[];

function worstOf(Retry: Retry): number | null {
  const Resource = "arn:aws:states:::lambda:invoke";
  const definition = {
    StartAt: "Do",
    States: { Do: { Type: "Task", Resource, Parameters: { FunctionName: "f" }, Retry, End: true } },
  };
  return analyzeDefinition(definition).transitions.worst;
}

/** What AWS may raise, with what matches each: written down here from its guide, not taken from the code. */
const MATCHES: Readonly<Record<string, readonly string[]>> = {
  A: ["A", "States.TaskFailed", "States.ALL"],
  B: ["B", "States.TaskFailed", "States.ALL"],
  other: ["States.TaskFailed", "States.ALL"],
  "States.Timeout": ["States.Timeout", "States.ALL"],
  "States.HeartbeatTimeout": ["States.HeartbeatTimeout", "States.Timeout", "States.ALL"],
  "States.Runtime": [],
  "States.DataLimitExceeded": ["States.DataLimitExceeded"],
};

/** By trying each error after each attempt. */
function mostRetries(retry: Retry, left: readonly number[]): number {
  const next = Object.values(MATCHES).map((matching) => {
    const first = retry.findIndex(({ ErrorEquals }) => ErrorEquals.some((name) => matching.includes(name)));
    if (first === -1 || left[first] === 0) return 0;
    return (
      1 +
      mostRetries(
        retry,
        left.map((attempts, at) => (at === first ? attempts - 1 : attempts)),
      )
    );
  });
  return Math.max(...next);
}

const names = [
  "A",
  "B",
  "States.TaskFailed",
  "States.Timeout",
  "States.HeartbeatTimeout",
  "States.Runtime",
  "States.DataLimitExceeded",
];
const retriers = fc
  .array(
    fc.record({
      ErrorEquals: fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 3 }),
      MaxAttempts: fc.integer({ min: 0, max: 2 }),
    }),
    { maxLength: 3 },
  )
  .chain((listed) =>
    // States.ALL stands alone and last.
    fc.constantFrom(listed, [...listed, { ErrorEquals: ["States.ALL"], MaxAttempts: 2 }]),
  );

describe("the most retries", () => {
  test("are those of the worst sequence of errors", () => {
    fc.assert(
      fc.property(retriers, (retry) => {
        const most = mostRetries(
          retry,
          retry.map(({ MaxAttempts }) => MaxAttempts),
        );
        expect(worstOf(retry)).toBe(2 + most);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    [
      "an earlier Retrier takes all",
      [
        ["States.TaskFailed", 2],
        ["Lambda.TooManyRequestsException", 6],
      ],
      4,
    ],
    [
      "an earlier Retrier names the same",
      [
        ["Busy", 2],
        ["Busy", 8],
      ],
      4,
    ],
    ["AWS never retries it", [["States.Runtime", 4]], 2],
  ] as const)("where %s", (_, retry, worst) => {
    expect(worstOf(retry.map(([name, MaxAttempts]) => ({ ErrorEquals: [name], MaxAttempts })))).toBe(worst);
  });
});
