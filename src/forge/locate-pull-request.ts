/** Locating a pull request is joining what flags, a URL and the CI say of it into one place. */
import type { ForgeName, PlaceFlags, PullRequestPlace } from "../pull-request-comment.ts";
import { UserError } from "../user-error.ts";
import type { CiRun } from "./ci-run.ts";
import { API_URLS, parsePullRequestUrl, type LinkedPullRequest } from "./pull-request-url.ts";

/** Throws UserErrors `no-pull-request`, `unknown-forge` and `invalid-option`. */
export function locatePullRequest(flags: PlaceFlags, run: CiRun | null): PullRequestPlace {
  const linked = flags.url === null ? null : linkOf(flags.url);
  const forge = linked?.forge ?? flags.forge ?? run?.forge ?? null;
  if (forge === null) throw unknownForge(run);
  // What the CI says of one forge says nothing of another.
  const sameForge = run?.forge === forge || run?.forge === null ? run : null;
  const { apiUrl, repo } = addressOf(forge, flags, { linked, run: sameForge });
  const pullRequest = linked?.pullRequest ?? flags.pullRequest ?? sameForge?.pullRequest ?? null;
  if (pullRequest === null) throw noPullRequest(run);
  // The CI's commit is that of its own pull request.
  const own = run !== null && (run.pullRequest === null || run.pullRequest === pullRequest) ? run : null;
  return {
    forge,
    apiUrl,
    repo,
    pullRequest,
    head: flags.head ?? own?.head ?? null,
    time: timeOf(flags.time) ?? laxTime(own?.time ?? null),
    fork: own?.fork ?? null,
    ci: run?.ci ?? null,
  };
}

function linkOf(url: string): LinkedPullRequest {
  const linked = parsePullRequestUrl(url);
  if (linked !== null) return linked;
  throw new UserError(
    "invalid-option",
    "--url: this is not the address of a pull request.",
    "Write it as the browser shows it, such as https://github.com/owner/name/pull/12.",
  );
}

interface Known {
  readonly linked: LinkedPullRequest | null;
  readonly run: CiRun | null;
}

function addressOf(
  forge: ForgeName,
  flags: PlaceFlags,
  { linked, run }: Known,
): Pick<PullRequestPlace, "apiUrl" | "repo"> {
  const written = linked?.repo ?? flags.repo ?? run?.repo ?? null;
  if (written === null) throw invalidRepo(forge, "nobody says which repository");
  const repo = written.replace(/^\/+|(?<!\/)\/+$|\.git$/g, "");
  const parts = repo.split("/");
  let apiUrl = (flags.apiUrl ?? linked?.apiUrl ?? run?.apiUrl ?? null)?.replace(/(?<!\/)\/+$/, "") ?? null;
  if (apiUrl !== null) requireHttp(apiUrl);
  if (parts.some((part) => part === "" || part === "." || part === ".."))
    throw invalidRepo(forge, `"${written}" has an empty part`);
  if (forge === "azure") {
    if (flags.apiUrl === null && linked === null && parts.length === 3)
      return {
        apiUrl: `https://dev.azure.com/${encodeURIComponent(parts[0] ?? "")}`,
        repo: parts.slice(1).join("/"),
      };
    if (apiUrl === null || parts.length !== 2)
      throw invalidRepo(forge, `"${written}" has ${parts.length} parts`);
    return { apiUrl, repo };
  }
  apiUrl ??= API_URLS[forge];
  if (forge !== "gitlab" && parts.length !== 2)
    throw invalidRepo(forge, `"${written}" has ${parts.length} parts`);
  return { apiUrl, repo };
}

function requireHttp(apiUrl: string): void {
  const url = URL.canParse(apiUrl) ? new URL(apiUrl) : null;
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "") return;
  throw new UserError(
    "invalid-option",
    "--api-url: this is no address of an API.",
    "Write it with https:// and without a user, such as https://github.example.com/api/v3.",
  );
}

const REPO_FORMS: Readonly<Record<ForgeName, string>> = {
  github: "owner/name",
  gitlab: "group/name, or the project's number",
  bitbucket: "workspace/name",
  azure: "organisation/project/name, or project/name with --api-url https://server/collection",
};

function invalidRepo(forge: ForgeName, problem: string): UserError {
  return new UserError("invalid-option", `--repo: ${problem}.`, `Write --repo ${REPO_FORMS[forge]}.`);
}

function timeOf(written: string | null): string | null {
  if (written === null) return null;
  const time = laxTime(written);
  if (time !== null) return time;
  throw new UserError(
    "invalid-option",
    `--time: "${written}" is no time.`,
    "Write it after ISO 8601, such as 2026-01-15T12:00:00Z.",
  );
}

function laxTime(written: string | null): string | null {
  const millis = Date.parse(written ?? "");
  return Number.isFinite(millis) ? new Date(millis).toISOString() : null;
}

function unknownForge(run: CiRun | null): UserError {
  const where = run === null ? "No CI is recognised here" : `${run.ci} does not say which forge this is`;
  return new UserError(
    "unknown-forge",
    `${where}, so nobody says where to comment.`,
    "Write --url with the address of the pull request, or --forge, --repo and --pull-request.",
  );
}

function noPullRequest(run: CiRun | null): UserError {
  const where =
    run === null ? "Nobody says which pull request" : `This run of ${run.ci} is for no pull request`;
  return new UserError(
    "no-pull-request",
    `${where}.`,
    "Run it for pull requests only, or write --pull-request with its number.",
  );
}
