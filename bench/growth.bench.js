/** Growth: a repository of 1,000 definitions beside one of 100, whole processes; linear would be ten times as long. */
import { definitionFolder } from "./definitions.js";
import { stepfare, wholeProcess } from "./whole-process.js";

/** An exponent of 1.15. */
export const atMost = { "100 definitions": 14 };

export async function prepare() {
  const [many, few] = await Promise.all([1000, 100].map((count) => definitionFolder(count, 20)));
  return {
    title: "growth: 1,000 definitions of 20 states (at most 14 times as long as 100)",
    rounds: 3,
    contenders: {
      "1,000 definitions": wholeProcess(stepfare, "analyze", many.folder, "--executions", "1M"),
      "100 definitions": wholeProcess(stepfare, "analyze", few.folder, "--executions", "1M"),
    },
    cleanUp: () => Promise.all([many.remove(), few.remove()]),
  };
}
