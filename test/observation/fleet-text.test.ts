import fc from "fast-check";
import { expect, test } from "vitest";
import { fleetText } from "../../src/observation/fleet-text.ts";
import type { Fleet } from "../../src/workflow/fleet/fleet.ts";

const machine = fc.record({
  name: fc.string({ unit: "binary" }),
  definition: fc.string(),
  tags: fc.array(fc.string()),
});

test("in pieces it is what JSON.stringify gives of the whole", () => {
  fc.assert(
    fc.property(fc.array(machine, { maxLength: 4 }), fc.string({ unit: "binary" }), (machines, month) => {
      const fleet = { schemaVersion: "1", kind: "fleet", month, machines } as unknown as Fleet;
      expect([...fleetText(fleet)].join("")).toBe(`${JSON.stringify(fleet, null, 1)}\n`);
    }),
  );
});
