/** Bills as their readers give them: sums of rows, for tests of what is made of them. */
import type { BilledSum, BillDoor } from "../../src/usage/billed-usage.ts";

export const ACCOUNT = "111111111111";
/** Per state transition in eu-west-1. */
export const PRICE = 0.000025;

export function billedSum(given: Partial<BilledSum>): BilledSum {
  return {
    payer: "999999999999",
    account: ACCOUNT,
    region: "eu-west-1",
    resource: "",
    usageType: "EUW1-StateTransition",
    lineType: "Usage",
    currency: "USD",
    rate: "",
    month: "2026-10",
    quantity: 0,
    cost: 0,
    rows: 1,
    from: "2026-10-01",
    until: "2026-10-31",
    ...given,
  };
}

export function transitions(
  name: string | null,
  quantity: number,
  given: Partial<BilledSum> = {},
): BilledSum {
  const resource = name === null ? "" : `arn:aws:states:eu-west-1:${ACCOUNT}:stateMachine:${name}`;
  return billedSum({ resource, quantity, cost: quantity * PRICE, rate: String(PRICE), ...given });
}

export function billOf(sums: readonly BilledSum[]): BillDoor {
  const bill = { sums, sources: [{ name: "cur.parquet", format: "CUR 2.0" as const, rows: 1000 }] };
  return { readBills: async () => bill, askAthena: async () => bill };
}
