/** A comment plan is what one run does to the comments of its key: decided from what stands, before anything is written. */
import type { CommentBehaviour } from "../pull-request-comment.ts";
import { isSameCommit, visibleBody, type CommentMarker } from "./comment-marker.ts";
import type { ForgeComment } from "./forge-client.ts";

export interface OwnComment {
  readonly comment: ForgeComment;
  readonly marker: CommentMarker;
}

export interface CommentWish {
  readonly marker: CommentMarker;
  /** With or without its marker. */
  readonly body: string;
  readonly behaviour: CommentBehaviour;
  readonly worthFirst: boolean;
  /** The pull request's head now; null = not known. */
  readonly currentHead: string | null;
}

export interface CommentPlan {
  readonly action: "create" | "update" | "keep";
  /** The comment that is updated or kept; null when there is none. */
  readonly target: ForgeComment | null;
  readonly reason: string;
  /** Once the new comment stands. */
  readonly remove: readonly ForgeComment[];
  readonly hide: readonly ForgeComment[];
}

/** `own`: comments of this key, oldest first. */
export function planComment(own: readonly OwnComment[], wish: CommentWish): CommentPlan {
  const newest = newestOf(own);
  const stale = staleness(newest, wish);
  if (stale !== null) return keep(newest, stale);
  if (newest !== null && visibleBody(newest.comment.body) === visibleBody(wish.body))
    return keep(newest, "the comment says this already");
  if (newest === null && !wish.worthFirst)
    return keep(null, "there is too little to say for a first comment");
  // A comment that says what is no longer true is mended, even where a new one would not be worth it.
  if (newest !== null && (wish.behaviour === "update" || !wish.worthFirst)) {
    if (wish.behaviour === "new") return keep(newest, "there is too little to say for another comment");
    return {
      action: "update",
      target: newest.comment,
      reason: "the report has changed",
      remove: [],
      hide: [],
    };
  }
  const earlier = own.map(({ comment }) => comment);
  return {
    action: "create",
    target: null,
    reason: newest === null ? "it is the first of its key" : "the report has changed",
    remove: wish.behaviour === "delete-and-new" ? earlier : [],
    hide: wish.behaviour === "hide-and-new" ? earlier.filter(({ hidden }) => !hidden) : [],
  };
}

/** Of several with the same time, the first that was written: all runs must choose the same. */
export function newestOf(own: readonly OwnComment[]): OwnComment | null {
  return own.reduce<OwnComment | null>(
    (newest, one) => (newest === null || one.marker.timeMs > newest.marker.timeMs ? one : newest),
    null,
  );
}

function staleness(newest: OwnComment | null, { marker, currentHead }: CommentWish): string | null {
  if (marker.head !== null && currentHead !== null && !isSameCommit(marker.head, currentHead))
    return `the pull request has moved on from ${marker.head.slice(0, 12)} to ${currentHead.slice(0, 12)}`;
  if (newest !== null && newest.marker.timeMs > marker.timeMs)
    return `a later run, of ${new Date(newest.marker.timeMs).toISOString()}, has commented already`;
  return null;
}

function keep(newest: OwnComment | null, reason: string): CommentPlan {
  return { action: "keep", target: newest?.comment ?? null, reason, remove: [], hide: [] };
}
