/** `comment` posts a diff made before on its pull request, so that the job that runs strangers' code needs no token. */
import { FORGE_LABELS } from "../pull-request-comment.ts";
import type { CommentOutcome, ForgeName, PullRequestPlace } from "../pull-request-comment.ts";
import { terminalText } from "../render/safe-text.ts";
import type { Shell } from "../shell.ts";
import { UserError } from "../user-error.ts";
import { readCommentInput, type CommentInput } from "./comment-input.ts";
import type { CommentOptions } from "./comment-options.ts";
import { JOB_SUMMARY_LIMIT, writeJobSummary } from "./job-summary.ts";

/** As `DiffRenderer`; forges differ in what they fold and draw. */
export type ForgeDiffRenderer = (diff: unknown, limit: number, forge: ForgeName | null) => string;

/**
 * Exit code 1 when the diff's gate failed, else 0. Where a pull request from a fork may not be commented on, the body goes
 * to the job summary and a file, and the exit code stays the gate's. Throws UserErrors: those of ForgeDoor,
 * `not-a-diff`, `unreadable-file`.
 */
export async function runComment(
  shell: Shell,
  options: CommentOptions,
  render: ForgeDiffRenderer,
): Promise<0 | 1> {
  // A diff that cannot be read is told before a forge is looked for, though how it looks depends on the forge.
  let forge: ForgeName | null = null;
  const input = await readCommentInput(shell, options.path, (diff, limit) => render(diff, limit, forge));
  const door = await shell.forge();
  const place = await door.locate(options.place);
  forge = place.forge;
  const run: Run = { shell, options, input, place };
  if (options.summary && !options.dryRun) await writeJobSummary(shell, input.body(JOB_SUMMARY_LIMIT));
  try {
    await say(run, await door.post(place, postOf(run)));
  } catch (error) {
    await keepBody(run, error);
  }
  return verdictOf(run);
}

interface Run {
  readonly shell: Shell;
  readonly options: CommentOptions;
  readonly input: CommentInput;
  readonly place: PullRequestPlace;
}

function postOf({ shell, options, input, place }: Run) {
  const { key, behaviour, dryRun, tokenVariable, maxWaitMs } = options;
  return {
    key,
    behaviour,
    dryRun,
    tokenVariable,
    maxWaitMs,
    time: place.time ?? shell.now().toISOString(),
    worthFirst: isWorthFirst(input, options),
    body: input.body,
    // Waits are told while they last; nobody waits for the telling.
    report: (message: string) => void shell.stderr.write(`stepfare: ${message}\n`),
  };
}

/** Unknown is not 0: where no money is known, a change is worth telling. */
function isWorthFirst(
  { changed, difference }: CommentInput,
  { onlyWhen, threshold }: Pick<CommentOptions, "onlyWhen" | "threshold">,
): boolean {
  if (onlyWhen === "always") return true;
  if (onlyWhen === "changed" || difference === null) return changed;
  return Math.abs(difference) > (threshold ?? 0);
}

const DONE = {
  created: "Made a comment",
  updated: "Updated the comment",
  kept: "No comment is made or changed",
};
const PLANNED = {
  created: "Would make a comment",
  updated: "Would update the comment",
  kept: "Would make or change no comment",
};

async function say({ shell, options, input, place }: Run, outcome: CommentOutcome): Promise<void> {
  if (options.quiet && !options.dryRun) return;
  const words = (options.dryRun ? PLANNED : DONE)[outcome.action];
  const where = `${FORGE_LABELS[place.forge]} ${place.repo}#${place.pullRequest}`;
  const also = [
    outcome.deleted > 0 ? `, ${options.dryRun ? "deleting" : "deleted"} ${outcome.deleted} earlier` : "",
    outcome.hidden > 0 ? `, ${options.dryRun ? "hiding" : "hid"} ${outcome.hidden} earlier` : "",
  ].join("");
  const address = outcome.url === null ? "" : ` ${outcome.url}`;
  await shell.stdout.write(`${words} on ${where}${also}: ${outcome.reason}.${address}\n`);
  if (options.dryRun && outcome.action !== "kept")
    await shell.stdout.write(`\n${inert(input.body(JOB_SUMMARY_LIMIT))}\n`);
}

/** CIs obey lines that begin with `::` and text such as `##vso[`: a stranger's words must not give them orders. */
function inert(body: string): string {
  const lines = body.trimEnd().split("\n");
  return lines.map((line) => `| ${terminalText(line).replaceAll(/##(?=\w*\[)/g, "# #")}`).join("\n");
}

/** Runs for forks may read only, and get no secrets; elsewhere the same answer is a mistake to be mended. */
async function keepBody(run: Run, error: unknown): Promise<void> {
  if (!(error instanceof UserError) || run.options.dryRun) throw error;
  const { shell, place } = run;
  const isRefused = error.code === "forge-forbidden" && place.fork !== false;
  const isWithoutSecrets = error.code === "no-forge-token" && place.fork === true;
  const isFault = error.exitCode === 3;
  if (!isRefused && !isWithoutSecrets && !isFault) throw error;
  const kept = await keepIn(run);
  await shell.stderr.write(`stepfare: The comment is kept in ${kept.join(" and ")}.\n`);
  if (!isRefused && !isWithoutSecrets) throw error;
  const hint = error.hint === null ? "" : `\n  ${error.hint}`;
  await shell.stderr.write(`warning: ${error.message}${hint}\n`);
}

/** Where, in words. */
async function keepIn({ shell, options, input }: Run): Promise<readonly string[]> {
  const file = shell.paths.resolve(options.fallbackFile);
  await shell.writeFileAtomic(file, `${input.body(JOB_SUMMARY_LIMIT).trimEnd()}\n`);
  const kept = [options.fallbackFile];
  // With --summary it stands there already.
  if (options.summary || (await writeJobSummary(shell, input.body(JOB_SUMMARY_LIMIT))))
    kept.push("the job summary");
  if (shell.env.TF_BUILD) {
    await shell.stdout.write(`##vso[task.uploadsummary]${file}\n`);
    kept.push("the run's summary");
  }
  return kept;
}

async function verdictOf({ shell, options, input }: Run): Promise<0 | 1> {
  const { passed, reasons } = input.verdict;
  if (passed) return 0;
  for (const reason of reasons) await shell.stderr.write(`stepfare: ${terminalText(reason)}\n`);
  return options.exitZero ? 0 : 1;
}
