/** A forge failure is an answer of a forge, or its silence, that ends what was tried. */
import { UserError } from "../user-error.ts";

export type FailureKind =
  | "unavailable"
  | "rate-limited"
  | "unauthorised"
  | "forbidden"
  | "not-found"
  | "conflict"
  | "too-long"
  | "refused";

export class ForgeFailure extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string) {
    super(message);
    this.name = "ForgeFailure";
    this.kind = kind;
  }
}

export interface Answer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  /** The body as text. */
  readonly text: string;
}

/** Forges say it in many words: "Body is too long (maximum is 65536 characters)", "cannot be longer than 150000 characters". */
const TOO_LONG =
  /too (?:long|large|big)|at most \d+ characters|(?:longer|greater|more|less) than \d[\d,]* (?:characters|bytes)|maximum (?:is|of) \d/i;

export function failureOf(answer: Answer): ForgeFailure {
  const said = spokenReason(answer.text);
  return new ForgeFailure(
    kindOf(answer, said),
    `the answer was ${answer.status}${said === "" ? "" : `: ${said}`}`,
  );
}

function kindOf({ status, headers }: Answer, said: string): FailureKind {
  if (isRateLimit({ status, headers, text: said })) return "rate-limited";
  // 203 and 3xx: Azure DevOps answers a wrong token with its sign-in page.
  if (status === 401 || status === 203 || (status >= 300 && status < 400)) return "unauthorised";
  if (status === 403) return "forbidden";
  if (status === 404 || status === 410) return "not-found";
  if (status === 409) return "conflict";
  if (status === 413 || ((status === 422 || status === 400) && TOO_LONG.test(said))) return "too-long";
  return status >= 500 ? "unavailable" : "refused";
}

/**
 * 429 always; GitHub also answers 403, and Azure DevOps 503 with a Retry-After.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 */
export function isRateLimit({ status, headers, text }: Answer): boolean {
  if (status === 429) return true;
  if (status !== 403 && status !== 503) return false;
  if (headers["retry-after"] !== undefined) return true;
  return status === 403 && (String(headers["x-ratelimit-remaining"]) === "0" || /\brate limit/i.test(text));
}

const LONGEST_REASON = 300;

/** What the forge itself says, on one line, cut between words: of a token's half nobody could tell that it is one. */
function spokenReason(text: string): string {
  const said = textOf(parsed(text)) ?? (/^\s*</.test(text) ? "a web page, not data" : text);
  const line = said.replaceAll(/[\p{Cc}\s]+/gu, " ").trim();
  return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON).replace(LAST_WORD, "")}…` : line;
}

const LAST_WORD = /(?<!\S)\S*$/;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** GitHub `message` and `errors`, GitLab `message` (text or lists by field) or `error_description`, Bitbucket `error.message`. */
function textOf(data: unknown): string | null {
  if (typeof data === "string") return data;
  if (typeof data !== "object" || data === null) return null;
  const { message, errors, error, error_description: description } = data as Record<string, unknown>;
  const said = [message, description, error].find((one) => one !== undefined && one !== null);
  const first = typeof said === "object" ? (textOf(said) ?? JSON.stringify(said)) : said;
  const details = Array.isArray(errors) ? errors.map((one) => textOf(one)).filter((one) => one !== null) : [];
  const parts = [typeof first === "string" ? first : null, ...details].filter((one) => one !== null);
  return parts.length === 0 ? null : parts.join("; ");
}

export interface FailureContext {
  readonly label: string;
  /** `owner/name#12`. */
  readonly place: string;
  readonly right: string;
}

const KIND_WORDS: Readonly<Record<FailureKind, { code: string; hint: (context: FailureContext) => string }>> =
  {
    forbidden: {
      code: "forge-forbidden",
      hint: ({ right }) => right,
    },
    unauthorised: {
      code: "forge-unauthorised",
      hint: ({ right }) => `The token is not accepted: it is wrong, expired or revoked. ${right}`,
    },
    "not-found": {
      code: "forge-not-found",
      hint: ({ right }) =>
        `Either there is no such pull request, or the token may not see it. Check --repo and --pull-request. ${right}`,
    },
    "rate-limited": {
      code: "forge-rate-limited",
      hint: () => "Try again later, or wait longer with --max-wait.",
    },
    unavailable: { code: "forge-unavailable", hint: () => "Try again later." },
    conflict: { code: "forge-refused", hint: () => "Somebody else wrote at the same time: try again." },
    "too-long": { code: "forge-refused", hint: () => "The comment was cut, and is still too long for it." },
    refused: { code: "forge-refused", hint: ({ right }) => right },
  };

/** As the command ends with it: exit code 3. */
export function userErrorOf(failure: ForgeFailure, context: FailureContext): UserError {
  const { code, hint } = KIND_WORDS[failure.kind];
  return new UserError(
    code,
    `Cannot comment on ${context.label} ${context.place}: ${failure.message.replace(/\.$/, "")}.`,
    hint(context),
    3,
  );
}
