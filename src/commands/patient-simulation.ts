/** Runs a simulation turn by turn: past a second it says how far it is, and Ctrl-C stops it where it is. */
import type { Simulation } from "../capacity/event-loop.ts";
import type { Shell } from "../shell.ts";

const TELL_EVERY_MS = 1_000;

export async function runPatiently<Result>(
  shell: Pick<Shell, "now" | "stderr" | "interrupted">,
  simulation: Simulation<Result>,
  quiet: boolean,
): Promise<Result> {
  let toldAt = shell.now().getTime();
  let step = simulation.next();
  while (step.done !== true) {
    const isStopped = await shell.interrupted();
    const now = shell.now().getTime();
    if (!quiet && now - toldAt >= TELL_EVERY_MS) {
      toldAt = now;
      const howFar = step.value === null ? "…" : `: ${Math.floor(step.value * 100)}%`;
      await shell.stderr.write(`simulating${howFar}\n`);
    }
    step = simulation.next(isStopped);
  }
  return step.value;
}
