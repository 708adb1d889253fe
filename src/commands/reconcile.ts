/** `reconcile` lays a month's bill beside what CloudWatch counted and what the definitions let expect. */
import { type Flags, resolveConfig } from "../config.ts";
import { type ReconcileFormat, reconcileRenderers } from "../render/reconcile-renderers.ts";
import { type MergedMonth, mergeMonths } from "../report/monthly/months-together.ts";
import { buildReconciliation } from "../report/reconcile/build-reconciliation.ts";
import type { Shell } from "../shell.ts";
import { UserError } from "../user-error.ts";
import { workloadFiles } from "../workload-files.ts";
import { readFleetMonths } from "./fleet-months.ts";
import { type BillOptions, NAME_A_BILL, billOfMonth, isBillNamed } from "./month-bill.ts";
import { singleOption } from "./single-option.ts";
import { loadPriceLists, machinesByRegion, machinesOfFleets } from "./priced-places.ts";

export interface ReconcileOptions extends Flags, BillOptions {
  readonly fleets: readonly string[];
  readonly month?: string | undefined;
  readonly config?: string | undefined;
}

const FORMATS = Object.keys(reconcileRenderers) as [ReconcileFormat, ...ReconcileFormat[]];
const WIDTH_OF_A_PIPE = 120;
const LIST_LENGTH = "10";

/** Throws UserErrors: what the fleets and the bill throw, `no-bill`, `invalid-option`, `month-mismatch`. */
export async function runReconcile(shell: Shell, options: ReconcileOptions): Promise<0> {
  if (!isBillNamed(options)) throw new UserError("no-bill", "No bill is named.", NAME_A_BILL);
  const files = workloadFiles(shell, options.config ?? null);
  const workloadFile = await files.forRun(options.fleets[0] ?? null);
  const flags = { ...options, top: options.top ?? LIST_LENGTH };
  const config = resolveConfig({ shell, flags, workloadFile, formats: FORMATS });
  const { fleets, diagnostics } = await readFleetMonths(shell, options.fleets, {
    files,
    transitionRule: config.transitionRule,
    isBilled: true,
  });
  const month = chooseMonth(mergeMonths(fleets), monthOf(options));
  const bill = await billOfMonth(shell, options, { month: month.month, quiet: config.quiet });
  const counted = new Set<unknown>(month.machines.map(({ machine }) => machine));
  const regions = machinesByRegion(machinesOfFleets(fleets).filter(({ machine }) => counted.has(machine)));
  if (regions.size === 0) regions.set(config.region, []);
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

/** Throws a UserError `invalid-option`. */
function monthOf(options: ReconcileOptions): string | null {
  const month = singleOption("--month", options.month);
  if (month === null || /^\d{4}-(0[1-9]|1[0-2])$/.test(month)) return month;
  throw new UserError(
    "invalid-option",
    `--month: ${JSON.stringify(month)} is no month.`,
    "Write it as 2026-10, year and month.",
  );
}

function chooseMonth(months: readonly MergedMonth[], wanted: string | null): MergedMonth {
  const chosen = wanted === null ? months.at(-1) : months.find(({ month }) => month === wanted);
  if (chosen !== undefined) return chosen;
  const given = months.map(({ month }) => month).join(", ");
  throw new UserError("month-mismatch", `The fleets are of ${given}, not of ${wanted}.`);
}
