import { expect, test } from "vitest";
import type { InjectedFault } from "../../src/recommendation/fault-injection.ts";
import { faultSection } from "../../src/render/review-sections.ts";
import { sectionLines } from "../../src/render/section-text.ts";
import { layOutSheet } from "../../src/render/sheet.ts";

test.each([80, 60, 40])("the verdict on a fault is told whole on %d columns", (columns) => {
  const options = { columns, colour: false, verbose: false, top: 20 };
  const fault: InjectedFault = {
    faults: ["CreateShipment", "ReleaseInventory"],
    error: "Injected.Fault",
    status: "FAILED",
    done: ["ReserveInventory", "ChargeCard"],
    undone: ["RefundCharge", "ReleaseInventory"],
    expected: [],
    after: ["AskForHelp", "OrderFailed"],
    forced: [],
    verdict: "not-reached",
  };
  const lines = sectionLines(layOutSheet(options), faultSection([fault], options));
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
  const head = lines.find((line) => line.includes("verdict") || line.includes("verdi"))!;
  const [from, until] = [head.indexOf("verdi"), head.indexOf("then")];
  const told = lines.slice(lines.indexOf(head) + 1).map((line) => line.slice(from, until).trim());
  expect(told.join("").replaceAll(" ", "")).toContain("notreached:give--inputand--results");
});
