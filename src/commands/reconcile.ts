/** `reconcile` lays a month's bill beside what CloudWatch counted and what the definitions let expect. */
import { type Flags, resolveConfig } from "../config.ts";
import { type ReconcileFormat, reconcileRenderers } from "../render/reconcile-renderers.ts";
import { type MergedMonth, mergeMonths } from "../report/monthly/months-together.ts";
import { buildReconciliation } from "../report/reconcile/build-reconciliation.ts";
import type { Shell } from "../shell.ts";
import type { BilledUsage, BillHooks } from "../usage/billed-usage.ts";
import { UserError } from "../user-error.ts";
import { workloadFiles } from "../workload-files.ts";
import { readFleetMonths } from "./fleet-months.ts";
import { loadPriceLists } from "./priced-places.ts";

export interface ReconcileOptions extends Flags {
  readonly fleets: readonly string[];
  readonly bill?: readonly string[] | undefined;
  readonly athena?: string | undefined;
  readonly athenaWorkgroup?: string | undefined;
  readonly athenaOutput?: string | undefined;
  readonly profile?: string | undefined;
  readonly month?: string | undefined;
  readonly config?: string | undefined;
}

const FORMATS = Object.keys(reconcileRenderers) as [ReconcileFormat, ...ReconcileFormat[]];
const WIDTH_OF_A_PIPE = 120;
const LIST_LENGTH = "10";

/** Throws UserErrors: what the fleets and the bill throw, `no-bill`, `month-mismatch`. */
export async function runReconcile(shell: Shell, options: ReconcileOptions): Promise<0> {
  refuseWithoutBill(options);
  const files = workloadFiles(shell, options.config ?? null);
  const workloadFile = await files.forRun(options.fleets[0] ?? null);
  const flags = { ...options, top: options.top ?? LIST_LENGTH };
  const config = resolveConfig({ shell, flags, workloadFile, formats: FORMATS });
  const { fleets, diagnostics } = await readFleetMonths(shell, options.fleets, {
    files,
    transitionRule: config.transitionRule,
  });
  const month = chooseMonth(mergeMonths(fleets), options.month ?? null);
  const bill = await readBill(shell, options, { month: month.month, quiet: config.quiet });
  refuseOtherMonth(bill, month.month);
  const regions = new Set([
    ...month.machines.map(({ machine }) => machine.region),
    ...(month.machines.length === 0 ? [config.region] : []),
  ]);
  const prices = await loadPriceLists(shell, regions, config);
  const [list] = prices.lists.values();
  const report = buildReconciliation({
    month,
    bill,
    priceLists: prices.lists,
    currency: list!.currency,
    transitionRule: config.transitionRule,
    diagnostics: [...prices.diagnostics, ...diagnostics, ...month.diagnostics],
  });
  const text = await reconcileRenderers[config.format](report, {
    columns: shell.stdout.columns ?? WIDTH_OF_A_PIPE,
    colour: config.output === null && shell.stdout.colour,
    verbose: config.verbose,
    top: config.top,
  });
  if (config.output === null) await shell.stdout.write(text);
  else await shell.writeFileAtomic(shell.paths.resolve(config.output), text);
  return 0;
}

function refuseWithoutBill({ bill = [], athena }: ReconcileOptions): void {
  if (bill.length > 0 !== (athena !== undefined)) return;
  const problem = athena === undefined ? "No bill is named." : "--bill and --athena are two bills.";
  throw new UserError("no-bill", problem, "Give --bill cur.parquet, or --athena database.table.");
}

function chooseMonth(months: readonly MergedMonth[], wanted: string | null): MergedMonth {
  const chosen = wanted === null ? months.at(-1) : months.find(({ month }) => month === wanted);
  if (chosen !== undefined) return chosen;
  const given = months.map(({ month }) => month).join(", ");
  throw new UserError("month-mismatch", `The fleets are of ${given}, not of ${wanted}.`);
}

async function readBill(
  shell: Shell,
  { bill = [], athena, athenaWorkgroup, athenaOutput, profile, region }: ReconcileOptions,
  { month, quiet }: { readonly month: string; readonly quiet: boolean },
): Promise<BilledUsage> {
  const door = await shell.bill({
    profile: profile ?? null,
    region: typeof region === "string" ? region : null,
  });
  const hooks: BillHooks = {
    say: async (sentence) => (quiet ? undefined : shell.stderr.write(`${sentence}\n`)),
  };
  if (athena === undefined) return door.readBills(bill, hooks);
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
