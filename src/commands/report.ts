/** `report` says what the machines of some accounts cost in a month, what changed, and what to look at first: from fleet files alone. */
import { type Flags, resolveConfig } from "../config.ts";
import { type MonthlyFormat, monthlyRenderers } from "../render/monthly-renderers.ts";
import { terminalText } from "../render/safe-text.ts";
import { buildMonthlyReport } from "../report/monthly/build-monthly-report.ts";
import type { FleetMonth } from "../report/monthly/fleet-month.ts";
import { judgeMonth } from "../report/monthly/judge-month.ts";
import type { MonthlyReport } from "../report/monthly/monthly-report.ts";
import type { Shell } from "../shell.ts";
import { UserError } from "../user-error.ts";
import { workloadFiles } from "../workload-files.ts";
import { parseFailOnBudgets } from "./fail-on.ts";
import { readFleetMonths } from "./fleet-months.ts";
import { type BillOptions, billOfMonth, isBillNamed } from "./month-bill.ts";
import { loadPriceLists, machinesByRegion, machinesOfFleets } from "./priced-places.ts";

export interface ReportOptions extends Flags, BillOptions {
  /** Fleet files, folders that hold them, globs. */
  readonly fleets: readonly string[];
  readonly config?: string | undefined;
  readonly failOn?: readonly string[] | undefined;
  readonly exitZero?: boolean | undefined;
  /** Markdown for a chat. */
  readonly brief?: boolean | undefined;
}

const FORMATS = Object.keys(monthlyRenderers) as [MonthlyFormat, ...MonthlyFormat[]];
const WIDTH_OF_A_PIPE = 120;
const LIST_LENGTH = "10";

/** Exit code 1 when a budget is broken, after the report. */
export async function runReport(shell: Shell, options: ReportOptions): Promise<0 | 1> {
  const failOn = parseFailOnBudgets(options.failOn ?? []);
  const files = workloadFiles(shell, options.config ?? null);
  const workloadFile = await files.forRun(options.fleets[0] ?? null);
  const flags = { ...options, top: options.top ?? LIST_LENGTH };
  const config = resolveConfig({ shell, flags, workloadFile, formats: FORMATS });
  if (options.brief === true && config.format !== "markdown")
    throw new UserError(
      "invalid-option",
      `--brief is of --format markdown, and the format is ${config.format}.`,
      "Give --format markdown with it, or leave it out.",
    );
  const { fleets, diagnostics } = await readFleetMonths(shell, options.fleets, {
    files,
    transitionRule: config.transitionRule,
    isBilled: isBillNamed(options),
  });
  const bill = isBillNamed(options)
    ? await billOfMonth(shell, options, { month: newestMonth(fleets), quiet: config.quiet })
    : null;
  const regions = machinesByRegion(machinesOfFleets(fleets));
  if (regions.size === 0) regions.set(config.region, []);
  const prices = await loadPriceLists(shell, regions, config);
  const [list] = prices.lists.values();
  const built = buildMonthlyReport({
    fleets,
    priceLists: prices.lists,
    currency: list!.currency,
    discountPercent: config.prices.discountPercent,
    transitionRule: config.transitionRule,
    bill,
    diagnostics: [...prices.diagnostics, ...diagnostics],
  });
  const policies = [workloadFile?.content.policies ?? null, failOn.policies];
  const report: MonthlyReport = { ...built, verdict: judgeMonth(built, policies, failOn) };
  const text = await monthlyRenderers[config.format](report, {
    columns: shell.stdout.columns ?? WIDTH_OF_A_PIPE,
    colour: config.output === null && shell.stdout.colour,
    verbose: config.verbose,
    top: config.top,
    brief: options.brief === true,
  });
  if (config.output === null) await shell.stdout.write(text);
  else await shell.writeFileAtomic(shell.paths.resolve(config.output), text);
  const { passed, reasons, warnings } = report.verdict;
  for (const warning of config.quiet ? [] : warnings)
    await shell.stderr.write(`warning: ${terminalText(warning)}\n`);
  for (const reason of reasons) await shell.stderr.write(`stepfare: ${terminalText(reason)}\n`);
  return passed || options.exitZero === true ? 0 : 1;
}

function newestMonth(fleets: readonly FleetMonth[]): string {
  return fleets.map(({ month }) => month).reduce((a, b) => (a > b ? a : b));
}
