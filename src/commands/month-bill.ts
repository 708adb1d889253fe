/** The month's bill is what AWS billed for Step Functions, as the options of a command name it. */
import type { Shell } from "../shell.ts";
import type { BilledUsage, BillHooks } from "../usage/billed-usage.ts";
import { UserError } from "../user-error.ts";
import { singleOption } from "./single-option.ts";

export interface BillOptions {
  readonly bill?: readonly string[] | undefined;
  readonly athena?: string | undefined;
  readonly athenaWorkgroup?: string | undefined;
  readonly athenaOutput?: string | undefined;
  readonly profile?: string | undefined;
  readonly region?: unknown;
}

export const NAME_A_BILL = "Give --bill cur.parquet, or --athena database.table.";

/** Throws a UserError `invalid-option` when two are named, or options of a bill that is not. */
export function isBillNamed(options: BillOptions): boolean {
  const { bill = [], athena } = options;
  for (const name of ["athena-workgroup", "athena-output"] as const) {
    const written = name === "athena-output" ? options.athenaOutput : options.athenaWorkgroup;
    if (singleOption(`--${name}`, written) !== null && athena === undefined)
      throw new UserError(
        "invalid-option",
        `--${name} is of a bill in Athena, and none is named.`,
        "Give --athena database.table with it, or leave it out.",
      );
  }
  if (bill.length > 0 && athena !== undefined)
    throw new UserError("invalid-option", "--bill and --athena are two bills.", NAME_A_BILL);
  return bill.length > 0 || athena !== undefined;
}

/** Throws UserErrors: what the bill throws, `month-mismatch`. */
export async function billOfMonth(
  shell: Shell,
  options: BillOptions,
  { month, quiet }: { readonly month: string; readonly quiet: boolean },
): Promise<BilledUsage> {
  const bill = await readBill(shell, options, { month, quiet });
  refuseOtherMonth(bill, month);
  return bill;
}

async function readBill(
  shell: Shell,
  { bill = [], athenaWorkgroup, athenaOutput, region, ...written }: BillOptions,
  { month, quiet }: { readonly month: string; readonly quiet: boolean },
): Promise<BilledUsage> {
  const athena = singleOption("--athena", written.athena);
  const door = await shell.bill({
    profile: singleOption("--profile", written.profile),
    region: typeof region === "string" ? region : null,
  });
  const hooks: BillHooks = {
    say: async (sentence) => (quiet ? undefined : shell.stderr.write(`${sentence}\n`)),
  };
  if (athena === null) return door.readBills(bill, hooks);
  const [database, table, ...others] = athena.split(".");
  if (!database || !table || others.length > 0)
    throw new UserError(
      "invalid-option",
      `--athena: ${JSON.stringify(athena)} is not of the form database.table.`,
    );
  const question = {
    database,
    table,
    month,
    workgroup: athenaWorkgroup ?? null,
    output: athenaOutput ?? null,
  };
  return door.askAthena(question, hooks);
}

function refuseOtherMonth({ sums, sources }: BilledUsage, month: string): void {
  const months = [...new Set(sums.map((sum) => sum.month))].filter((each) => each !== "").sort();
  if (sums.some((sum) => sum.month === month || sum.month === "")) return;
  const where = sources.map(({ name }) => name).join(", ");
  const problem =
    months.length === 0
      ? `${where} has no row of Step Functions in ${month}.`
      : `${where} is a bill of ${months.join(", ")}, and the fleet is of ${month}.`;
  throw new UserError("month-mismatch", problem, "Give the fleet and the bill of one month.");
}
