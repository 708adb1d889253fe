/** Posting a comment is reading what stands on a pull request, planning, and writing so that no later run's word is lost. */
import type { CommentOutcome, CommentPost } from "../pull-request-comment.ts";
import { UserError } from "../user-error.ts";
import { formatMarker, parseMarker, type CommentMarker } from "./comment-marker.ts";
import { newestOf, planComment, type CommentPlan, type OwnComment } from "./comment-plan.ts";
import type { ForgeClient, ForgeComment } from "./forge-client.ts";
import { ForgeFailure } from "./forge-failure.ts";

export interface PostOptions {
  /** The commit that was priced; null = the pull request's head of now. */
  readonly head: string | null;
  readonly nowMs: number;
  /** 1000 but for tests. */
  readonly secondMs: number;
}

/** Throws a ForgeFailure, or a UserError `cannot-hide`. */
export async function postComment(
  client: ForgeClient,
  post: CommentPost,
  options: PostOptions,
): Promise<CommentOutcome> {
  requireHiding(client, post);
  const currentHead = await headIfKnown(client);
  const standing = await client.comments();
  const marker: CommentMarker = {
    key: post.key,
    timeMs: Date.parse(post.time),
    head: commitOf(options.head) ?? commitOf(currentHead),
  };
  const run: Run = { client, post, marker, options, known: new Set(standing.map(({ id }) => id)) };
  const own = await ownAmong(standing, run);
  const body = composed(run, client.commentLimit);
  const { behaviour, worthFirst } = post;
  const plan = planComment(own, { marker, body, behaviour, worthFirst, currentHead });
  return post.dryRun ? plannedOutcome(plan) : execute(plan, run);
}

interface Run {
  readonly client: ForgeClient;
  readonly post: CommentPost;
  readonly marker: CommentMarker;
  readonly options: PostOptions;
  /** Ids of the comments that stood before. */
  readonly known: ReadonlySet<string>;
}

function requireHiding({ hide, label }: ForgeClient, { behaviour }: CommentPost): void {
  if (behaviour !== "hide-and-new" || hide !== null) return;
  throw new UserError(
    "cannot-hide",
    `${label} has no way to hide a comment, so --behaviour hide-and-new cannot be.`,
    "Write --behaviour update, new or delete-and-new.",
  );
}

/** A token that may comment need not be allowed to read the pull request itself. */
async function headIfKnown(client: ForgeClient): Promise<string | null> {
  try {
    return commitOf(await client.head());
  } catch (error) {
    if (error instanceof ForgeFailure && ["forbidden", "not-found"].includes(error.kind)) return null;
    throw error;
  }
}

function commitOf(written: string | null): string | null {
  const commit = written?.toLowerCase() ?? "";
  return /^[0-9a-f]{7,64}$/.test(commit) ? commit : null;
}

/** Whoever can comment can copy a marker: where authors are known, only our own account's comments count. */
async function ownAmong(comments: readonly ForgeComment[], run: Run): Promise<readonly OwnComment[]> {
  const marked = comments.flatMap((comment) => {
    const marker = parseMarker(comment.body, run.options.nowMs);
    return marker?.key === run.marker.key ? [{ comment, marker }] : [];
  });
  const viewer = marked.length === 0 ? null : await run.client.viewer();
  return marked.filter(
    ({ comment }) => viewer === null || comment.author === null || comment.author === viewer,
  );
}

function plannedOutcome({ action, target, reason, remove, hide }: CommentPlan): CommentOutcome {
  const done = { create: "created", update: "updated", keep: "kept" } as const;
  return {
    action: done[action],
    reason,
    url: target?.url ?? null,
    deleted: remove.length,
    hidden: hide.length,
  };
}

async function execute(plan: CommentPlan, run: Run): Promise<CommentOutcome> {
  if (plan.action === "keep") return plannedOutcome(plan);
  if (plan.action === "update" && plan.target !== null) {
    const updated = await updateStanding(plan.target, run);
    if (updated) return plannedOutcome(plan);
  }
  const created = await createOnce(run);
  const deleted = await eachDone(plan.remove, run, (comment) => run.client.remove(comment));
  const hidden = await eachDone(plan.hide, run, async (comment) => run.client.hide?.(comment));
  const outcome = { action: "created", reason: plan.reason, url: created.url, deleted, hidden } as const;
  return run.post.behaviour === "update" ? settle(created, outcome, run) : outcome;
}

/** False when somebody deleted the comment in the meantime. */
async function updateStanding(comment: ForgeComment, run: Run): Promise<boolean> {
  try {
    await fitting(run, (body) => run.client.update(comment, body));
    return true;
  } catch (error) {
    if (error instanceof ForgeFailure && error.kind === "not-found") return false;
    throw error;
  }
}

const CREATE_TRIES = 4;

/** After a fault nobody knows whether the comment was made: it is looked for before it is made again. */
async function createOnce(run: Run): Promise<ForgeComment> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await fitting(run, (body) => run.client.create(body));
    } catch (error) {
      if (!(error instanceof ForgeFailure) || attempt === CREATE_TRIES) throw error;
      if (error.kind !== "unavailable" && error.kind !== "conflict") throw error;
      await new Promise((resolve) => setTimeout(resolve, run.options.secondMs * 2 ** (attempt - 1)));
      const made = (await run.client.comments()).find((comment) => isThisRuns(comment, run));
      if (made !== undefined) return made;
    }
  }
}

function isThisRuns(comment: ForgeComment, { known, marker, options }: Run): boolean {
  if (known.has(comment.id)) return false;
  const found = parseMarker(comment.body, options.nowMs);
  return found?.key === marker.key && found.timeMs === marker.timeMs && found.head === marker.head;
}

/** Two runs that found no comment may both have made one: the later run's stays, whoever looks. */
async function settle(created: ForgeComment, outcome: CommentOutcome, run: Run): Promise<CommentOutcome> {
  try {
    const own = await ownAmong(await run.client.comments(), run);
    const newest = newestOf(own);
    if (newest === null || own.length < 2) return outcome;
    const surplus = own.filter((one) => one !== newest).map(({ comment }) => comment);
    const deleted = await eachDone(surplus, run, (comment) => run.client.remove(comment));
    if (newest.comment.id === created.id) return { ...outcome, deleted };
    return {
      ...outcome,
      action: "kept",
      reason: "another run has commented meanwhile",
      url: newest.comment.url,
      deleted,
    };
  } catch (error) {
    if (!(error instanceof ForgeFailure)) throw error;
    run.post.report(`The comment stands; whether it is the only one could not be seen: ${error.message}.`);
    return outcome;
  }
}

/** How many were done. The new comment stands by now, so a failure here is told and ends nothing. */
async function eachDone(
  comments: readonly ForgeComment[],
  { post }: Run,
  act: (comment: ForgeComment) => Promise<unknown>,
): Promise<number> {
  let done = 0;
  for (const comment of comments) {
    try {
      await act(comment);
      done++;
    } catch (error) {
      if (!(error instanceof ForgeFailure)) throw error;
      if (error.kind !== "not-found")
        post.report(`An earlier comment, ${comment.url ?? comment.id}, stays as it is: ${error.message}.`);
    }
  }
  return done;
}

/** Forges count characters in ways of their own: one that still finds the body too long gets less. */
async function fitting<T>(run: Run, write: (body: string) => Promise<T>): Promise<T> {
  const limit = run.client.commentLimit;
  for (const part of [1, 3 / 4, 1 / 2]) {
    try {
      return await write(composed(run, Math.floor(limit * part)));
    } catch (error) {
      if (!(error instanceof ForgeFailure) || error.kind !== "too-long") throw error;
    }
  }
  return write(composed(run, Math.floor(limit / 4)));
}

function composed({ client, post, marker }: Run, limit: number): string {
  const head = `${formatMarker(marker, client.markerStyle)}\n\n`;
  const room = limit - head.length;
  return `${head}${cutTo(post.body(room), room)}`;
}

const CUT = "\n\n_The rest is cut: the comment may not be longer._";

/** A last resort: `post.body` cuts by what matters least. */
function cutTo(body: string, room: number): string {
  if (body.length <= room) return body;
  const part = body.slice(0, room - CUT.length).replace(/\p{Cs}$/u, "");
  const lastLine = part.lastIndexOf("\n");
  return `${lastLine > 0 ? part.slice(0, lastLine) : part}${CUT}`;
}
