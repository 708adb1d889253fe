/** A git revision is the commit that a diff starts from: what a ref names, or where the branch left it. */
import type { GitOutcome, Shell } from "../shell.ts";
import { UserError } from "../user-error.ts";

export interface GitRepository {
  /** Absolute path of the work tree. */
  readonly root: string;
  git(args: readonly string[], input?: string): Promise<GitOutcome>;
}

/** The repository around a folder. Throws UserErrors `no-git` and `no-repository`. */
export async function openRepository(
  shell: Pick<Shell, "git" | "paths">,
  folder: string,
): Promise<GitRepository> {
  const found = await shell.git(["rev-parse", "--show-toplevel"], { cwd: folder });
  const root = textOf(found).replace(/\r?\n$/, "");
  if (found.code !== 0 || root === "") {
    const isForeign = /dubious ownership/.test(found.stderr);
    throw new UserError(
      "no-repository",
      isForeign
        ? `git does not trust the repository at ${folder}, because another user owns it.`
        : `${folder} is in no git work tree.`,
      isForeign
        ? `Run: git config --global --add safe.directory ${folder}`
        : "Name a folder or a saved report as the base: --base ../main, --base main.report.json",
    );
  }
  const absolute = shell.paths.resolve(root);
  return {
    root: absolute,
    git: (args, input) => shell.git(args, input === undefined ? { cwd: absolute } : { cwd: absolute, input }),
  };
}

/** The commit a ref names; null when there is no such ref here. */
export async function findCommit({ git }: GitRepository, ref: string): Promise<string | null> {
  if (ref.startsWith("-")) return null;
  const found = await git(["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]);
  return found.code === 0 ? textOf(found).trim() : null;
}

/**
 * The commit to compare with: the merge base of `ref` and HEAD, so that what others did on the base since is none of this
 * change; with `tip`, the ref itself. Throws UserErrors `missing-base` and `no-merge-base` that say which fetch to run.
 */
export async function baseCommit(
  repository: GitRepository,
  ref: string,
  { tip }: { readonly tip: boolean },
): Promise<string> {
  const commit = await findCommit(repository, ref);
  if (commit === null) throw await missingBase(repository, ref);
  if (tip) return commit;
  if ((await findCommit(repository, "HEAD")) === null) {
    throw new UserError(
      "no-commit",
      "There is no commit yet to compare with the base.",
      "Commit first, or take --no-merge-base.",
    );
  }
  const found = await repository.git(["merge-base", commit, "HEAD"]);
  const base = textOf(found).trim().split("\n", 1)[0] ?? "";
  if (found.code === 0 && base !== "") return base;
  throw await noMergeBase(repository, ref);
}

async function isShallow({ git }: GitRepository): Promise<boolean> {
  return textOf(await git(["rev-parse", "--is-shallow-repository"])).trim() === "true";
}

const DEEPER = "On GitHub Actions give actions/checkout fetch-depth: 0; on GitLab set GIT_DEPTH: 0.";

async function missingBase(repository: GitRepository, ref: string): Promise<UserError> {
  const shallow = await isShallow(repository);
  const fetch = await fetchOf(repository, ref);
  return new UserError(
    "missing-base",
    `There is no commit ${JSON.stringify(ref)} here, and no folder or report of that name.`,
    [
      ...(fetch === null ? [] : [`Fetch it: ${fetch}.`]),
      ...(shallow ? ["This is a shallow clone.", ...(fetch === null ? [DEEPEN] : []), DEEPER] : []),
      ...(fetch === null && !shallow ? ["Name a branch, a tag or a commit: --base origin/main."] : []),
    ].join(" "),
  );
}

const DEEPEN = "Run: git fetch --unshallow.";

/** Branches and tags as they are mostly named: of what git allows, only what means nothing to a shell or in a revision. */
const PLAIN_NAME = /^(?![-./])(?!.*(?:\.\.|\/[./]|\/\/))[\w./-]*[\w-]$/;

/** The command that fetches what `ref` names; null where it is no plain name, such as `HEAD~5`, which names commits by others. */
async function fetchOf(repository: GitRepository, ref: string): Promise<string | null> {
  const { remote, branch } = await remoteBranch(repository, ref);
  if (![remote, branch].every((name) => PLAIN_NAME.test(name)) || /^(?:HEAD|FETCH_HEAD)$/.test(branch))
    return null;
  if (/^[0-9a-f]{7,64}$/i.test(ref)) return `git fetch ${remote} ${ref}`;
  return `git fetch ${remote} ${branch}:refs/remotes/${remote}/${branch} and take --base ${remote}/${branch}`;
}

async function noMergeBase(repository: GitRepository, ref: string): Promise<UserError> {
  if (await isShallow(repository)) {
    const { remote } = await remoteBranch(repository, ref);
    return new UserError(
      "no-merge-base",
      `This clone is shallow: it does not reach back to where ${ref} and HEAD part.`,
      `Run: git fetch --unshallow ${remote}. ${DEEPER} With --no-merge-base the tip of ${ref} itself is the base.`,
    );
  }
  return new UserError(
    "no-merge-base",
    `${ref} and HEAD have no commit in common.`,
    `Compare with the tip of ${ref} itself: --no-merge-base.`,
  );
}

async function remoteBranch(
  { git }: GitRepository,
  ref: string,
): Promise<{ readonly remote: string; readonly branch: string }> {
  const remotes = textOf(await git(["remote"]))
    .split("\n")
    .filter((name) => name !== "");
  const own = remotes.find((name) => ref.startsWith(`${name}/`));
  if (own !== undefined) return { remote: own, branch: ref.slice(own.length + 1) };
  const remote = remotes.includes("origin") ? "origin" : (remotes[0] ?? "origin");
  return { remote, branch: ref.replace(/^refs\/heads\//, "") };
}

export function textOf({ stdout }: GitOutcome): string {
  return new TextDecoder().decode(stdout);
}
