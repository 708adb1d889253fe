/** A comment's input is a diff made before: what it found, and the way to put it into so many characters. */
import { z } from "zod";
import type { Shell } from "../shell.ts";
import { UserError } from "../user-error.ts";

export interface CommentInput {
  /** Markdown of at most `limit` UTF-16 units: the worst first, the rest counted. */
  body(limit: number): string;
  /** Whether any workflow is added, removed or changed, or the total moves. */
  readonly changed: boolean;
  /** Per month, head less base; null = not known. */
  readonly difference: number | null;
  readonly verdict: { readonly passed: boolean; readonly reasons: readonly string[] };
}

/** `diff`: the file's JSON, whole; it is of kind `diff` and schema 1. */
export type DiffRenderer = (diff: unknown, limit: number) => string;

/** What a comment decides by; everything else is the renderer's. */
const decisive = z.looseObject({
  totals: z.looseObject({ difference: z.number().nullable() }),
  verdict: z.looseObject({ passed: z.boolean(), reasons: z.array(z.unknown()) }),
  workflows: z.array(z.looseObject({ status: z.enum(["added", "removed", "changed", "unchanged"]) })),
});

/** `path`: a file, or `-` for standard input. Throws UserErrors `unreadable-file` and `not-a-diff`. */
export async function readCommentInput(
  shell: Pick<Shell, "readFile" | "stdin" | "paths">,
  path: string,
  render: DiffRenderer,
): Promise<CommentInput> {
  const bytes = path === "-" ? await shell.stdin() : await shell.readFile(shell.paths.resolve(path));
  const name = path === "-" ? "Standard input" : path;
  const diff = parseJson(bytes, name);
  requireDiff(diff, name);
  const parsed = decisive.safeParse(diff);
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    throw notADiff(`${name} is a damaged diff: ${first?.path.join(".")}: ${first?.message}`);
  }
  const { totals, verdict, workflows } = parsed.data;
  return {
    body: (limit) => rendered(() => render(diff, limit), name),
    changed: workflows.some(({ status }) => status !== "unchanged") || (totals.difference ?? 0) !== 0,
    difference: totals.difference,
    verdict: { passed: verdict.passed, reasons: verdict.reasons.map(reasonText) },
  };
}

/** A diff is taken at its word: one that renders to nothing but an error is not as it was written. */
function rendered(render: () => string, name: string): string {
  try {
    return render();
  } catch (error) {
    if (!(error instanceof TypeError) && !(error instanceof RangeError)) throw error;
    throw notADiff(`${name} is a damaged diff: it cannot be rendered (${error.message})`);
  }
}

/** A reason is a sentence, or an object that holds one. */
function reasonText(reason: unknown): string {
  if (typeof reason === "string") return reason;
  const text = (reason as { text?: unknown } | null)?.text;
  return typeof text === "string" ? text : JSON.stringify(reason);
}

function parseJson(bytes: Uint8Array, name: string): unknown {
  const text = new TextDecoder().decode(bytes);
  if (text.trim() === "") throw notADiff(`${name} is empty`);
  try {
    return JSON.parse(text);
  } catch {
    throw notADiff(`${name} is not JSON`);
  }
}

function requireDiff(diff: unknown, name: string): void {
  const { kind, schemaVersion } = (typeof diff === "object" && diff !== null ? diff : {}) as Record<
    string,
    unknown
  >;
  if (kind !== "diff")
    throw notADiff(
      typeof kind === "string" ? `${name} is of the kind "${kind}", not "diff"` : `${name} is no report`,
    );
  if (schemaVersion === "1") return;
  throw new UserError(
    "not-a-diff",
    `${name} is a diff of schema ${JSON.stringify(schemaVersion) ?? "unknown"}; this stepfare reads schema "1".`,
    "Make it and post it with the same version of stepfare.",
  );
}

function notADiff(problem: string): UserError {
  return new UserError(
    "not-a-diff",
    `${problem}.`,
    "Make it with: stepfare diff --base origin/main --format json -o diff.json",
  );
}
