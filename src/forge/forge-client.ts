/** A forge client speaks to one pull request of one forge: reads its comments and head, writes comments. */
import type { ForgeFetch } from "./forge-fetch.ts";

/** Every method throws a ForgeFailure. */
export interface ForgeClient {
  /** For people: "GitHub". */
  readonly label: string;
  /** UTF-16 units that one comment may have; no forge counts more than one for a unit. */
  readonly commentLimit: number;
  readonly markerStyle: MarkerStyle;
  /** The right that a token needs to comment, as a sentence. */
  readonly right: string;
  /** Commit at the pull request's head; null when the forge does not tell. */
  head(): Promise<string | null>;
  /** Whom the token belongs to, as `ForgeComment.author` has it; null when it cannot be known. */
  viewer(): Promise<string | null>;
  /** All comments on the pull request as a whole, oldest first, all pages. */
  comments(): Promise<readonly ForgeComment[]>;
  /** Is not tried twice by itself: after `unavailable` nobody knows whether the comment stands. */
  create(body: string): Promise<ForgeComment>;
  update(comment: ForgeComment, body: string): Promise<void>;
  remove(comment: ForgeComment): Promise<void>;
  /** Null where the forge has no way to hide a comment. */
  readonly hide: ((comment: ForgeComment) => Promise<void>) | null;
}

export interface ForgeComment {
  /** Unique within the pull request. */
  readonly id: string;
  readonly body: string;
  /** Null when the forge does not tell. */
  readonly author: string | null;
  /** Address in a browser. */
  readonly url: string | null;
  /** Whether it is hidden already, as far as the forge tells. */
  readonly hidden: boolean;
}

/** `html`: an HTML comment. `link`: a link reference that nothing refers to, for forges that print HTML as text. */
export type MarkerStyle = "html" | "link";

export interface ForgeConnection {
  readonly apiUrl: string;
  readonly repo: string;
  readonly pullRequest: number;
  readonly token: string;
  readonly fetch: ForgeFetch;
  /** What a second of waiting between tries lasts: 1000 but for tests. */
  readonly secondMs: number;
  /** Whether writes keep the pace that a forge asks for: true but for tests. */
  readonly paced: boolean;
}
