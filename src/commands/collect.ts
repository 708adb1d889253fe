/** `collect` reads from AWS what really runs and writes fleet.json; every later command works from that file. */
import { renderDiagnostics } from "../render/diagnostic-text.ts";
import { type EarlierDefinitions, earlierDefinitions } from "../observation/earlier-definitions.ts";
import type { CollectedFleet, CollectionPlan } from "../observation/fleet-collection.ts";
import { fleetText } from "../observation/fleet-text.ts";
import type { Shell } from "../shell.ts";
import { UserError } from "../user-error.ts";
import { type Fleet, isFleetText } from "../workflow/fleet/fleet.ts";
import { readFleet } from "../workflow/fleet/fleet-reader.ts";
import { type CollectFlags, readCollectionRequest } from "./collection-request.ts";

export interface CollectOptions extends CollectFlags {
  readonly output?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly printPolicy?: boolean | undefined;
  readonly fresh?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly earlier?: string | undefined;
}

const DEFAULT_OUTPUT = "fleet.json";

/** Exit code 0; UserErrors for wrong options (2), and when nothing at all could be read (3). */
export async function runCollect(shell: Shell, options: CollectOptions): Promise<0> {
  const { request, warnings } = readCollectionRequest(options, shell.now());
  const aws = await shell.aws();
  if (options.printPolicy) {
    await shell.stdout.write(`${JSON.stringify(aws.leastPolicy(request), null, 2)}\n`);
    return 0;
  }
  for (const warning of warnings) await shell.stderr.write(`warning: ${warning}\n`);
  const output = shell.paths.resolve(options.output ?? DEFAULT_OUTPUT);
  const earlier = await knownDefinitions(shell, output, options);
  const nowMs = shell.now().getTime();
  if (options.dryRun) {
    const plan = await aws.planCollection(request, { nowMs, earlier });
    await shell.stdout.write(planText(plan));
    return 0;
  }
  const progress = progressLine(shell, options.quiet ?? false);
  const collected = await aws
    .collectFleet(request, {
      journal: `${output}.partial`,
      nowMs,
      fresh: options.fresh ?? false,
      progress: progress.show,
      earlier,
    })
    .finally(progress.clear);
  await shell.writeFileAtomic(output, fleetText(collected.fleet));
  await collected.finish();
  if (!options.quiet) await shell.stderr.write(summaryText(shell, output, collected));
  return 0;
}

/** From the file named, else from the one that will be replaced; none when all is to be read anew. */
async function knownDefinitions(
  shell: Shell,
  output: string,
  { earlier, fresh = false }: CollectOptions,
): Promise<EarlierDefinitions> {
  const replaced = await replaceableFleet(shell, output);
  if (fresh) return new Map();
  const file = earlier === undefined ? null : shell.paths.resolve(earlier);
  const text = file === null ? replaced : new TextDecoder().decode(await shell.readFile(file));
  if (text === null) return new Map();
  const read = readFleet(text);
  if ("fleet" in read) return earlierDefinitions(read.fleet.machines);
  if (file === null) return new Map();
  throw new UserError("not-a-fleet", `Cannot read ${file}: ${read.problem}.`, read.hint);
}

/** Null when nothing is there. What stands there is replaced only when it is a fleet, so that a slip of the keyboard destroys nothing. */
async function replaceableFleet(shell: Shell, output: string): Promise<string | null> {
  const found = await shell.stat(output);
  if (found === null || found.kind === "other") return null;
  const text = found.kind === "file" ? new TextDecoder().decode(await shell.readFile(output)) : "";
  if (found.kind === "file" && (found.size === 0 || isFleetText(text))) return text;
  throw new UserError(
    "not-a-fleet",
    `${output} is there already, and is no fleet file.`,
    "Name another file with -o.",
  );
}

interface ProgressLine {
  readonly show: (text: string) => void;
  readonly clear: () => void;
}

/** One line that is written over; nothing at all when nobody watches. */
function progressLine(shell: Shell, quiet: boolean): ProgressLine {
  const { isTTY, columns } = shell.stderr;
  if (quiet || !isTTY) return { show: () => undefined, clear: () => undefined };
  const width = Math.max(20, (columns ?? 80) - 1);
  return {
    show: (text) => void shell.stderr.write(`\r\u001b[K${text.slice(0, width)}`),
    clear: () => void shell.stderr.write("\r\u001b[K"),
  };
}

function planText({ machines, calls, metrics, cost, seconds, messages }: CollectionPlan): string {
  const lines = calls.map((each) => `  ${String(each.calls).padStart(7)}  ${each.action}`);
  return [
    `${count(machines, "state machine")}; collecting them takes at most these calls:`,
    ...lines,
    `AWS bills ${metrics} metrics: ${usd(cost)} at list price. The rest is free.`,
    `At the pace allowed it takes about ${minutes(seconds)}.`,
    ...messages.map((message) => `warning: ${message}`),
    "",
  ].join("\n");
}

function summaryText(shell: Shell, output: string, collected: CollectedFleet): string {
  const { fleet, calls, resumed, unfinished } = collected;
  const made = calls.reduce((sum, each) => sum + each.calls, 0);
  const shown = shell.paths.relative(shell.cwd, output);
  const lines = [
    `${shown}: ${count(fleet.machines.length, "state machine")}, ${periodText(fleet)}`,
    `${count(made, "call")}${resumed > 0 ? `, and ${count(resumed, "part")} read before` : ""}; ${fleet.collectedWith.metrics} metrics, ${usd(fleet.collectedWith.cost)}`,
    ...(unfinished
      ? [`Not all could be read; the same command again asks only for the rest (${shown}.partial).`]
      : []),
    "",
  ];
  const diagnostics = renderDiagnostics(fleet.diagnostics, { colour: shell.stderr.colour });
  return `${diagnostics}${lines.join("\n")}`;
}

function periodText({ month, period }: Fleet): string {
  const days = `${period.from.slice(0, 10)} to ${period.until.slice(0, 16)}Z`;
  if (month === null) return days;
  return period.partial ? `${month} so far (${days})` : month;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

function usd(cost: number): string {
  return `$${cost.toFixed(cost < 0.01 ? 5 : 2)}`;
}

function minutes(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}
