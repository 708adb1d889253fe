/** A pull request URL is the address of a pull request in a browser; it says which forge, API, repository and number. */
import type { ForgeName } from "../pull-request-comment.ts";

export interface LinkedRepo {
  readonly forge: ForgeName;
  readonly apiUrl: string;
  readonly repo: string;
}

export interface LinkedPullRequest extends LinkedRepo {
  readonly pullRequest: number;
}

/** Null when the address is that of no pull request. */
export function parsePullRequestUrl(written: string): LinkedPullRequest | null {
  // A stray % is no part of an address.
  if (!URL.canParse(written) || /%(?![\da-f]{2})/i.test(written)) return null;
  const url = new URL(written);
  if (url.protocol !== "https:" && url.protocol !== "http:") return null;
  for (const [pattern, link] of PATHS) {
    const found = pattern.exec(url.pathname);
    const number = Number(found?.groups?.number);
    if (!found?.groups || !Number.isSafeInteger(number) || number < 1) continue;
    return { ...link(url, found.groups), pullRequest: number };
  }
  return null;
}

type Groups = Readonly<Record<string, string | undefined>>;
type Link = (url: URL, groups: Groups) => LinkedRepo;

const PATHS: readonly (readonly [RegExp, Link])[] = [
  [
    /^\/(?<before>.*?)\/?_git\/(?<name>[^/]+)\/pullrequest\/(?<number>\d+)/i,
    (url, { before = "", name = "" }) => azureRepo(url, before, decodeURIComponent(name)),
  ],
  [
    /^\/(?<repo>.+?)(?:\/-)?\/merge_requests\/(?<number>\d+)/,
    (url, { repo = "" }) => ({ forge: "gitlab", apiUrl: `${url.origin}/api/v4`, repo }),
  ],
  [
    /^\/(?<repo>[^/]+\/[^/]+)\/pull-requests\/(?<number>\d+)/,
    (_, { repo = "" }) => ({ forge: "bitbucket", apiUrl: API_URLS.bitbucket, repo }),
  ],
  [
    /^\/(?<repo>[^/]+\/[^/]+)\/pull\/(?<number>\d+)/,
    (url, { repo = "" }) => ({ forge: "github", apiUrl: githubApiUrl(url.origin), repo }),
  ],
];

/** Where each forge's API is for everybody; Azure DevOps has one per organisation. */
export const API_URLS = {
  github: "https://api.github.com",
  gitlab: "https://gitlab.com/api/v4",
  bitbucket: "https://api.bitbucket.org/2.0",
} as const;

/** github.com and *.ghe.com have their API on a host of its own, Enterprise Server under a path. */
function githubApiUrl(origin: string): string {
  const { protocol, host } = new URL(origin);
  if (host === "github.com" || host.endsWith(".ghe.com")) return `${protocol}//api.${host}`;
  return `${origin}/api/v3`;
}

/**
 * `https://dev.azure.com/org/project/_git/repo`, `https://org.visualstudio.com/project/_git/repo`,
 * `https://server/tfs/collection/project/_git/repo`; a project's first repository may go without the project's name.
 */
function azureRepo(url: URL, before: string, name: string): LinkedRepo {
  const parts = before
    .split("/")
    .filter((part) => part !== "")
    .map(decodeURIComponent);
  const onCloud = url.host === "dev.azure.com";
  const onOldCloud = url.host.endsWith(".visualstudio.com");
  // What comes before the project: the organisation, nothing, or virtual directory and collection.
  const collectionLength = onCloud ? 1 : onOldCloud ? (parts[0] === "DefaultCollection" ? 1 : 0) : 2;
  const short = !onCloud && !onOldCloud && parts.length === 2;
  const collection = parts.slice(0, short ? 1 : collectionLength);
  const project = parts[collection.length] ?? name;
  const apiUrl = [url.origin, ...collection.map(encodeURIComponent)].join("/");
  return { forge: "azure", apiUrl, repo: `${project}/${name}` };
}

/** Of a repository to clone from, as https, ssh or `git@host:path`; null when the forge cannot be told. */
export function parseRepoUrl(written: string): LinkedRepo | null {
  const scp = /^(?:[^@/]+@)?([^:/]+):(?!\/)(.+)$/.exec(written);
  const address = scp ? `https://${scp[1]}/${scp[2]}` : written.replace(/^ssh:/, "https:");
  if (!URL.canParse(address)) return null;
  const { hostname, pathname } = new URL(address);
  const repo = pathname.replace(/^\/+|(?<!\/)\/+$|\.git\/?$/g, "");
  if (repo.split("/").length < 2) return null;
  if (hostname === "github.com") return { forge: "github", apiUrl: API_URLS.github, repo };
  if (hostname === "gitlab.com") return { forge: "gitlab", apiUrl: API_URLS.gitlab, repo };
  if (hostname === "bitbucket.org") return { forge: "bitbucket", apiUrl: API_URLS.bitbucket, repo };
  return null;
}
