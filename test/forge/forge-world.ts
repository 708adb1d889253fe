/** A forge world is what a forge on this machine knows, and how it is asked. */
import type { IncomingMessage } from "node:http";

export const TOKEN = "secret-0123456789abcdef";
/** As System.AccessToken is: a JWT. */
export const PIPELINE_TOKEN = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.c2ln";
export const HEAD = "1111111111111111111111111111111111111111";

export interface StoredComment {
  id: number;
  author: string;
  body: string;
  hidden: boolean;
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text is sent as a web page, everything else as JSON; absent = no body. */
  readonly body?: unknown;
}

export type Fault = Reply | { readonly silence: true } | { readonly drop: true };

export interface ForgeWorld {
  head: string;
  viewer: string;
  /** Whether the token may ask who it is. */
  viewerKnown: boolean;
  readOnly: boolean;
  /** Comments a page. */
  pageSize: number;
  comments: StoredComment[];
  nextId: number;
  /** As the forge counts: refused above it. */
  limit: number;
  origin: string;
}

export type Routes = (request: Request, world: ForgeWorld) => Reply;
