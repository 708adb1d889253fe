/** A call failure is why AWS did not answer, in words for people, with the IAM action that is missing when one is. */
import type { Diagnostic } from "../diagnostic.ts";
import { redact } from "../redact.ts";
import { UserError } from "../user-error.ts";

export interface CallFailure {
  readonly kind: "denied" | "credentials" | "throttled" | "unreachable" | "gone" | "other";
  readonly message: string;
  readonly hint: string | null;
}

const CREDENTIALS =
  "Log in (aws sso login, or fresh keys in the environment), or name another profile with --profile; then run the same command again: what was read is kept.";

/** `action` is the IAM action of the call, such as `states:ListStateMachines`. */
export function failureOf(error: unknown, action: string): CallFailure {
  const { name = "", message = "", code = "" } = error as { name?: string; message?: string; code?: string };
  if (/AccessDenied|UnauthorizedOperation|NotAuthorized|^Forbidden/i.test(name))
    return denied(message, action);
  if (
    /ExpiredToken|TokenRefreshRequired|RequestExpired/i.test(name) ||
    /token.*expired|session.*expired/i.test(message)
  ) {
    return { kind: "credentials", message: "the credentials have expired", hint: CREDENTIALS };
  }
  if (/CredentialsProviderError/.test(name)) {
    return {
      kind: "credentials",
      message: `no credentials were found (${reasonLine(message)})`,
      hint: CREDENTIALS,
    };
  }
  if (
    /UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|AuthFailure|MissingAuthentication|OptInRequired/.test(
      name,
    )
  ) {
    return {
      kind: "credentials",
      message: `AWS does not accept the credentials here (${name})`,
      hint: `They are wrong, or the region is not enabled in the account. ${CREDENTIALS}`,
    };
  }
  if (/DoesNotExist|ResourceNotFound|NotFound$/.test(name)) {
    return { kind: "gone", message: "it no longer exists", hint: null };
  }
  if (/Throttl|TooManyRequests|LimitExceeded|RequestLimit/.test(name)) {
    const hint = "Others use the same quota: try again later, or slow down with --rate 0.2.";
    return { kind: "throttled", message: `AWS kept refusing ${action}: too many requests`, hint };
  }
  if (NETWORK.has(code) || /Timeout|^NetworkingError/i.test(name) || NETWORK.has(name)) {
    return {
      kind: "unreachable",
      message: NETWORK.get(code) ?? `AWS did not answer (${name})`,
      hint: NETWORK_HINT,
    };
  }
  return {
    kind: "other",
    message: `${action} failed: ${name === "" ? "" : `${name}: `}${reasonLine(message)}`,
    hint: null,
  };
}

const NETWORK_HINT = "Check the connection, the name of the region, HTTPS_PROXY and AWS_ENDPOINT_URL.";

const NETWORK: ReadonlyMap<string, string> = new Map([
  ["ENOTFOUND", "the name of AWS's host is not known: there may be no such region"],
  ["EAI_AGAIN", "the name of AWS's host could not be looked up"],
  ["ECONNREFUSED", "the connection was refused"],
  ["ECONNRESET", "the connection broke off"],
  ["EPIPE", "the connection broke off"],
  ["ETIMEDOUT", "the connection timed out"],
  ["ENETUNREACH", "the network cannot be reached"],
]);

/** AWS names the action itself; it may be another than the one called, such as kms:Decrypt. */
function denied(message: string, action: string): CallFailure {
  const named = /not authorized to perform:? ([a-z0-9-]+:[A-Za-z]+)/.exec(message)?.[1] ?? action;
  const explicit = /explicit deny/.test(message) ? " by an explicit deny" : "";
  return {
    kind: "denied",
    message: `access is denied${explicit}: the IAM action ${named} is missing`,
    hint: `Allow ${named}; stepfare collect --print-policy prints all that is needed.`,
  };
}

/** `what` begins the sentence: `eu-west-1: the machines`. */
export function diagnoseFailure(what: string, failure: CallFailure): Diagnostic {
  return {
    code:
      failure.kind === "denied"
        ? "access-denied"
        : failure.kind === "gone"
          ? "machine-gone"
          : "not-collected",
    severity: failure.kind === "gone" ? "info" : failure.kind === "denied" ? "warning" : "error",
    message: `${what}: ${failure.message}`,
    at: null,
    hint: failure.hint,
  };
}

export function nothingCollected(diagnostics: readonly Diagnostic[]): UserError {
  const lines = [...new Set(diagnostics.map(({ message }) => message))];
  const shown = lines.length > 10 ? [...lines.slice(0, 10), `and ${lines.length - 10} more`] : lines;
  const hint = diagnostics.find((each) => each.hint !== null)?.hint ?? null;
  return new UserError("nothing-collected", `Nothing could be read from AWS.\n${shown.join("\n")}`, hint, 3);
}

/**
 * What AWS says, as it may be told: its first line, since further ones may repeat the request, without its full stop and
 * without the credentials of the environment.
 */
export function reasonLine(text: string): string {
  const { AWS_SECRET_ACCESS_KEY: key = "", AWS_SESSION_TOKEN: token = "" } = process.env;
  const line = text.split("\n", 1)[0] ?? "";
  return redact(line.trim().replace(/\.$/, ""), [key, token]);
}
