/** A pull request comment is a report where reviewers read it: which pull request, what to post, and what came of it. */

export const FORGES = ["github", "gitlab", "bitbucket", "azure"] as const;
export type ForgeName = (typeof FORGES)[number];

/** For people. */
export const FORGE_LABELS: Readonly<Record<ForgeName, string>> = {
  github: "GitHub",
  gitlab: "GitLab",
  bitbucket: "Bitbucket",
  azure: "Azure DevOps",
};

export const COMMENT_BEHAVIOURS = ["update", "new", "delete-and-new", "hide-and-new"] as const;
export type CommentBehaviour = (typeof COMMENT_BEHAVIOURS)[number];

/** What the user says of the pull request; null = as the CI's environment has it. */
export interface PlaceFlags {
  /** Address of the pull request in a browser; it settles forge, API, repository and number at once. */
  readonly url: string | null;
  readonly forge: ForgeName | null;
  readonly apiUrl: string | null;
  readonly repo: string | null;
  readonly pullRequest: number | null;
  /** The commit the diff was made of. */
  readonly head: string | null;
  /** ISO 8601: when the run that made the diff began. */
  readonly time: string | null;
}

/** The pull request a comment is for, and what is known of the run that comments. */
export interface PullRequestPlace {
  readonly forge: ForgeName;
  /** Without a slash at its end, e.g. `https://api.github.com`. */
  readonly apiUrl: string;
  /** `owner/name`, `group/sub/name`, `workspace/name` or, on Azure DevOps, `project/name`. */
  readonly repo: string;
  readonly pullRequest: number;
  /** Null = not known: then the pull request's own head is taken. */
  readonly head: string | null;
  /** ISO 8601, from the CI or a flag; null = nobody says. */
  readonly time: string | null;
  /** Whether the pull request comes from a fork, whose runs get no right to write; null = not known. */
  readonly fork: boolean | null;
  /** Name of the CI, for people; null = none was recognised. */
  readonly ci: string | null;
}

export interface CommentPost {
  /** Tells apart several comments on one pull request. */
  readonly key: string;
  /** ISO 8601: of two runs with the same key the later one wins. */
  readonly time: string;
  readonly behaviour: CommentBehaviour;
  /** Whether a pull request without a comment of this key gets one. An earlier comment is kept true in any case. */
  readonly worthFirst: boolean;
  /** Looks, decides, writes nothing. */
  readonly dryRun: boolean;
  /** Environment variable that holds the token; null = the usual ones of the forge. */
  readonly tokenVariable: string | null;
  /** How long to wait for rate limits, in all. */
  readonly maxWaitMs: number;
  /** Markdown of at most `limit` UTF-16 units: the most important first, the rest counted. */
  body(limit: number): string;
  /** Told of each wait and of what went wrong without ending the run. */
  report(message: string): void;
}

export type CommentAction = "created" | "updated" | "kept";

export interface CommentOutcome {
  readonly action: CommentAction;
  /** Why, as half a sentence: `the comment already says this`. */
  readonly reason: string;
  /** Address of the comment in a browser; null when there is none or the forge does not tell. */
  readonly url: string | null;
  readonly deleted: number;
  readonly hidden: number;
}

/** The way to all forges. */
export interface ForgeDoor {
  /** Flags over the CI's environment. Throws UserErrors `no-pull-request`, `unknown-forge`, `invalid-option`. */
  locate(flags: PlaceFlags): Promise<PullRequestPlace>;
  /**
   * Throws UserErrors with exit code 3: `forge-forbidden`, `forge-unauthorised`, `forge-not-found`, `forge-rate-limited`,
   * `forge-unavailable`, `forge-refused`; and with 2: `no-forge-token`, `cannot-hide`.
   */
  post(place: PullRequestPlace, post: CommentPost): Promise<CommentOutcome>;
}
