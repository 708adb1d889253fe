/** A patient request is a JSON request to a forge, tried again after faults that pass. */
import pRetry from "p-retry";
import { failureOf, ForgeFailure } from "./forge-failure.ts";
import type { ForgeFetch } from "./forge-fetch.ts";

export interface JsonRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

export interface JsonAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Null when there is no body. */
  readonly data: unknown;
}

export interface PatientOptions {
  readonly fetch: ForgeFetch;
  readonly secondMs: number;
}

const RETRIES = 3;

/**
 * Throws a ForgeFailure. A POST that may have arrived is not sent again: the caller looks first. Answers other than
 * 2xx, and pages in place of data, are failures.
 */
export function patientRequest(
  request: JsonRequest,
  { fetch, secondMs }: PatientOptions,
): Promise<JsonAnswer> {
  const { method, url, headers, body } = request;
  const init = {
    method,
    headers: { accept: "application/json", ...headers, ...(body === undefined ? {} : JSON_HEADER) },
    body: body === undefined ? null : JSON.stringify(body),
  };
  return pRetry(async () => readAnswer(await fetch(url, init)), {
    retries: RETRIES,
    minTimeout: secondMs / 2,
    factor: 2,
    randomize: true,
    shouldRetry: ({ error }) => error instanceof ForgeFailure && passes(error, method),
  });
}

const JSON_HEADER = { "content-type": "application/json" };

function passes({ kind }: ForgeFailure, method: string): boolean {
  return kind === "conflict" || (kind === "unavailable" && method !== "POST");
}

async function readAnswer(response: Response): Promise<JsonAnswer> {
  const { status } = response;
  const headers = Object.fromEntries(response.headers.entries());
  const text = await response.text();
  // 203: Azure DevOps' sign-in page.
  if (status < 200 || status >= 300 || status === 203) throw failureOf({ status, headers, text });
  if (text.trim() === "") return { status, headers, data: null };
  try {
    return { status, headers, data: JSON.parse(text) };
  } catch {
    throw new ForgeFailure("unavailable", `the answer ${status} is not JSON`);
  }
}
