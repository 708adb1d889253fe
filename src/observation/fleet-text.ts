/** The fleet's text is its file, piece by piece: a large fleet never stands in memory as one text. */
import type { Fleet } from "../workflow/fleet/fleet.ts";

/** What `JSON.stringify(fleet, null, 1)` gives, and a line end. */
export function* fleetText(fleet: Fleet): Generator<string> {
  const { machines, ...rest } = fleet;
  const around = JSON.stringify({ ...rest, machines: [] }, null, 1);
  if (machines.length === 0) {
    yield `${around}\n`;
    return;
  }
  yield around.slice(0, around.lastIndexOf("]"));
  for (const [index, machine] of machines.entries()) {
    const text = JSON.stringify(machine, null, 1).replaceAll("\n", "\n  ");
    yield `${index === 0 ? "" : ","}\n  ${text}`;
  }
  yield "\n ]\n}\n";
}
