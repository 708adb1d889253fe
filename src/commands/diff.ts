/** `diff` says how much more or less workflows cost than at a base, because of which states, and whether that may be. */
import type { Flags } from "../config.ts";
import { type DiffFormat, diffRenderers } from "../render/diff-renderers.ts";
import { terminalText } from "../render/safe-text.ts";
import { buildDiff } from "../report/build-diff.ts";
import type { DiffReport } from "../report/diff-report.ts";
import { judgeDiff } from "../report/judge-diff.ts";
import { liveSides } from "../report/live-side.ts";
import { savedSide } from "../report/saved-side.ts";
import type { Shell } from "../shell.ts";
import { keepReadings } from "../source/kept-readings.ts";
import { UserError } from "../user-error.ts";
import { type DiffBase, findBase } from "./diff-base.ts";
import { readBase, readHead, type SideOptions } from "./diff-sides.ts";
import { parseFailOn } from "./fail-on.ts";
import { jsonataParserFor } from "./jsonata-parser.ts";
import { loadFleet } from "./observed-workflows.ts";

export interface DiffOptions extends Flags {
  /** A git ref, a folder, or a saved report. */
  readonly base: string;
  /** Files, folders and globs of the head; none: the current folder. */
  readonly paths: readonly string[];
  readonly config?: string | undefined;
  readonly parameter?: readonly string[] | undefined;
  /** File of deployed machines, whose figures are lent to the definitions of both sides. */
  readonly fleet?: string | undefined;
  /** False: the tip of the ref itself, not where the branch left it. */
  readonly mergeBase?: boolean | undefined;
  readonly failOn?: readonly string[] | undefined;
  readonly exitZero?: boolean | undefined;
  /** Markdown with collapsed parts, for forges that have them. */
  readonly details?: boolean | undefined;
  /** Markdown with drawings of small changed workflows. */
  readonly graphs?: boolean | undefined;
}

const FORMATS = Object.keys(diffRenderers) as [DiffFormat, ...DiffFormat[]];
const WIDTH_OF_A_PIPE = 120;

/** Exit code 1 when a policy is broken, after the report. */
export async function runDiff(shell: Shell, options: DiffOptions): Promise<0 | 1> {
  const failOn = parseFailOn(options.failOn ?? []);
  if (options.paths.includes("-")) {
    throw new UserError(
      "invalid-option",
      "diff does not read standard input.",
      "Name files, folders or globs.",
    );
  }
  if (typeof options.base !== "string" || options.base === "") {
    throw new UserError(
      "invalid-option",
      "--base takes one git ref, folder or saved report.",
      "For example --base origin/main.",
    );
  }
  const base = await findBase(shell, {
    base: options.base,
    paths: options.paths,
    mergeBase: options.mergeBase !== false,
  });
  const { diff: compared, config, policies } = await compare(shell, base, options);
  const verdict = judgeDiff(compared, [policies, failOn.policies], failOn);
  const diff: DiffReport = { ...compared, verdict };
  const text = await diffRenderers[config.format](diff, {
    columns: shell.stdout.columns ?? WIDTH_OF_A_PIPE,
    colour: config.output === null && shell.stdout.colour,
    verbose: config.verbose,
    top: config.top,
    details: options.details !== false,
    graphs: options.graphs !== false,
    topOfMarkdown: options.top === undefined ? undefined : config.top,
  });
  if (config.output === null) await shell.stdout.write(text);
  else await shell.writeFileAtomic(shell.paths.resolve(config.output), text);
  for (const warning of config.quiet ? [] : verdict.warnings) {
    await shell.stderr.write(`warning: ${terminalText(warning)}\n`);
  }
  for (const reason of verdict.reasons) await shell.stderr.write(`stepfare: ${terminalText(reason)}\n`);
  return verdict.passed || options.exitZero === true ? 0 : 1;
}

async function compare(shell: Shell, base: DiffBase, options: DiffOptions) {
  const reading: SideOptions<DiffFormat> = {
    flags: options,
    formats: FORMATS,
    paths: options.paths,
    config: options.config ?? null,
    parameters: options.parameter ?? [],
    fleet: options.fleet === undefined ? null : await loadFleet(shell, options.fleet),
    kept: keepReadings(),
  };
  const [head, old] = await Promise.all([
    readHead(shell, base, reading),
    readBase(shell, { base, name: options.base }, reading),
  ]);
  const parseJsonata = jsonataParserFor([...head.side.workflows, ...(old?.side.workflows ?? [])]);
  const sides = liveSides(old?.side ?? null, head.side, {
    parseJsonata,
    taskDuration: head.config.taskDuration,
  });
  const before = base.kind === "report" ? savedSide(base.report, options.base) : sides.base!;
  return {
    diff: buildDiff(before, sides.head),
    config: head.config,
    policies: head.workloadFile?.content.policies ?? null,
  };
}
