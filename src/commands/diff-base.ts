/** The base of a diff is what the user names with `--base`: a git ref, a folder, or a report saved before. */
import { z } from "zod";
import type { AnalysisReport } from "../report/analysis-report.ts";
import type { Shell } from "../shell.ts";
import { UserError } from "../user-error.ts";
import { baseCommit, findCommit, openRepository, textOf } from "./git-revision.ts";
import { type GitTree, openGitTree } from "./git-tree.ts";

export type DiffBase =
  | { readonly kind: "report"; readonly report: AnalysisReport }
  | { readonly kind: "folder"; readonly folder: string }
  | {
      readonly kind: "git";
      readonly commit: string;
      readonly tree: GitTree;
      readonly root: string;
      readonly submodules: readonly string[];
    };

export interface BaseOptions {
  readonly base: string;
  /** Head paths as the user gave them: the repository is the one around the first. */
  readonly paths: readonly string[];
  /** False compares with the tip of the ref itself. */
  readonly mergeBase: boolean;
}

/** A ref wins over a folder of the same name; `./main` is always the folder. */
export async function findBase(shell: Shell, options: BaseOptions): Promise<DiffBase> {
  const { base } = options;
  const path = shell.paths.resolve(base);
  const there = await shell.stat(path);
  if (there?.kind === "file") return { kind: "report", report: await readReport(shell, base) };
  const isPath = /^(?:\.{1,2}(?:[\\/]|$)|[\\/]|[A-Za-z]:[\\/])|[\\/]$/.test(base);
  if (isPath) {
    if (there?.kind === "folder") return { kind: "folder", folder: path };
    throw new UserError(
      "missing-base",
      `There is no folder or report ${base}.`,
      "Name a git ref, a folder or a saved report.",
    );
  }
  const repository = await openRepository(shell, await nearestFolder(shell, options.paths[0] ?? ".")).catch(
    (error: unknown) => {
      if (there?.kind === "folder") return null;
      throw error;
    },
  );
  if (repository === null) return { kind: "folder", folder: path };
  if (there?.kind === "folder" && (await findCommit(repository, base)) === null)
    return { kind: "folder", folder: path };
  const commit = await baseCommit(repository, base, { tip: !options.mergeBase });
  const tree = await openGitTree(shell, repository, commit);
  const staged = textOf(await repository.git(["ls-files", "--stage", "-z"]));
  const now = staged.split("\0").flatMap((line) => /^160000 \S+ \d\t([\s\S]+)$/.exec(line)?.[1] ?? []);
  const submodules = [...new Set([...tree.submodules, ...now])];
  return { kind: "git", commit, tree, root: repository.root, submodules };
}

/** A path that the change removed has folders above it that still stand. */
async function nearestFolder(shell: Shell, path: string): Promise<string> {
  let folder = shell.paths.resolve(path.replace(/[*?[{][^]*$/, ""));
  while ((await shell.stat(folder))?.kind !== "folder" && shell.paths.dirname(folder) !== folder) {
    folder = shell.paths.dirname(folder);
  }
  return folder;
}

const number = z.number();
const state = z.looseObject({
  name: z.string(),
  pointer: z.string(),
  visits: number,
  retries: number,
  ids: z.tuple([z.string(), z.string(), z.string()]),
});
const estimate = z.looseObject({
  monthlyCost: number.nullable(),
  costPerExecution: number.nullable(),
  lineItems: z.array(z.looseObject({ usageType: z.string(), quantity: number, cost: number.nullable() })),
});
/** What a comparison needs of a report; the rest is taken as it is. */
const comparable = z.looseObject({
  region: z.string(),
  currency: z.string(),
  workflows: z.array(
    z.looseObject({
      name: z.string(),
      type: z.enum(["STANDARD", "EXPRESS"]),
      at: z.looseObject({ file: z.string() }),
      contentIds: z.looseObject({ definition: z.string(), figures: z.string() }),
      transitions: z.looseObject({ start: number, end: number }),
      states: z.array(state),
      estimates: z.looseObject({ STANDARD: estimate, EXPRESS: estimate }),
      recommendation: z.looseObject({ assumptions: z.array(z.looseObject({ key: z.string() })) }),
      limits: z.array(z.looseObject({ code: z.string() })),
      diagnostics: z.array(z.looseObject({ code: z.string(), message: z.string() })),
    }),
  ),
});

const HOW_TO_SAVE = "Make it with: stepfare analyze --format json -o main.report.json";

async function readReport(shell: Shell, path: string): Promise<AnalysisReport> {
  const bytes = await shell.readFile(shell.paths.resolve(path));
  const report = parseJson(new TextDecoder().decode(bytes), path);
  const { kind, schemaVersion } = (typeof report === "object" && report !== null ? report : {}) as Readonly<
    Record<string, unknown>
  >;
  if (kind !== "analysis") {
    const what = typeof kind === "string" ? `a report of the kind "${kind}"` : "no report";
    throw new UserError("not-a-report", `${path} is ${what}, and no base to compare with.`, HOW_TO_SAVE);
  }
  if (schemaVersion !== "1") {
    const written = JSON.stringify(schemaVersion) ?? "unknown";
    throw new UserError(
      "not-a-report",
      `${path} is a report of schema ${written}; this stepfare reads schema "1".`,
      HOW_TO_SAVE,
    );
  }
  const parsed = comparable.safeParse(report);
  if (parsed.success) return report as AnalysisReport;
  const [first] = parsed.error.issues;
  throw new UserError(
    "not-a-report",
    `${path} is damaged: ${first?.path.join(".")}: ${first?.message}.`,
    HOW_TO_SAVE,
  );
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UserError("not-a-report", `${path} is not JSON.`, HOW_TO_SAVE);
  }
}
