/** A CI run is what a CI's environment says of itself: which pull request it is for, which commit, since when. */
import type { ForgeName } from "../pull-request-comment.ts";
import type { Environment } from "./forge-token.ts";
import { githubRun } from "./github-event.ts";
import { API_URLS, parsePullRequestUrl, parseRepoUrl, type LinkedRepo } from "./pull-request-url.ts";

/** Null = the CI does not say. */
export interface CiRun {
  /** For people. */
  readonly ci: string;
  readonly forge: ForgeName | null;
  readonly apiUrl: string | null;
  readonly repo: string | null;
  readonly pullRequest: number | null;
  /** Head of the pull request's own branch: never a merge that the CI made. */
  readonly head: string | null;
  /** When the run began, as the CI writes it. */
  readonly time: string | null;
  readonly fork: boolean | null;
}

/** `event`: the JSON of GITHUB_EVENT_PATH, where there is one. The first CI that recognises itself; null for none. */
export function detectCiRun(env: Environment, event: unknown): CiRun | null {
  for (const [ci, isThis, read] of CIS) {
    if (isThis(env)) return { ci, ...NOTHING, ...read(env, event) };
  }
  return null;
}

const NOTHING = {
  forge: null,
  apiUrl: null,
  repo: null,
  pullRequest: null,
  head: null,
  time: null,
  fork: null,
} as const;

type Reader = (env: Environment, event: unknown) => Partial<Omit<CiRun, "ci">>;

/** Jenkins last but one: its agents may run inside others, and its variables are the least telling. */
const CIS: readonly (readonly [string, (env: Environment) => boolean, Reader])[] = [
  ["GitHub Actions", (env) => env.GITHUB_ACTIONS === "true", githubRun],
  ["GitLab CI", (env) => env.GITLAB_CI === "true", gitlabRun],
  ["Bitbucket Pipelines", (env) => filled(env.BITBUCKET_BUILD_NUMBER) !== null, bitbucketRun],
  ["Azure Pipelines", (env) => env.TF_BUILD?.toLowerCase() === "true", azureRun],
  ["CircleCI", (env) => env.CIRCLECI === "true", circleRun],
  ["Buildkite", (env) => env.BUILDKITE === "true", buildkiteRun],
  ["AWS CodeBuild", (env) => filled(env.CODEBUILD_BUILD_ARN) !== null, codeBuildRun],
  ["Travis CI", (env) => env.TRAVIS === "true", travisRun],
  ["Semaphore", (env) => env.SEMAPHORE === "true", semaphoreRun],
  ["Jenkins", (env) => filled(env.JENKINS_URL) !== null || filled(env.CHANGE_ID) !== null, jenkinsRun],
];

/** https://docs.gitlab.com/ci/variables/predefined_variables/ */
function gitlabRun(env: Environment): ReturnType<Reader> {
  const target = filled(env.CI_MERGE_REQUEST_PROJECT_ID);
  const source = filled(env.CI_MERGE_REQUEST_SOURCE_PROJECT_ID);
  return {
    forge: "gitlab",
    apiUrl: filled(env.CI_API_V4_URL),
    repo:
      filled(env.CI_MERGE_REQUEST_PROJECT_PATH) ?? filled(env.CI_PROJECT_PATH) ?? filled(env.CI_PROJECT_ID),
    pullRequest: numberOf(env.CI_MERGE_REQUEST_IID),
    // Merged results pipelines run on a merge that GitLab made, and only then is the first one set.
    head: filled(env.CI_MERGE_REQUEST_SOURCE_BRANCH_SHA) ?? filled(env.CI_COMMIT_SHA),
    time: filled(env.CI_PIPELINE_CREATED_AT),
    fork: target === null || source === null ? null : target !== source,
  };
}

/** https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/ */
function bitbucketRun(env: Environment): ReturnType<Reader> {
  return {
    forge: "bitbucket",
    apiUrl: API_URLS.bitbucket,
    repo: filled(env.BITBUCKET_REPO_FULL_NAME),
    pullRequest: numberOf(env.BITBUCKET_PR_ID),
    head: filled(env.BITBUCKET_COMMIT),
  };
}

/** https://learn.microsoft.com/en-us/azure/devops/pipelines/build/variables */
function azureRun(env: Environment): ReturnType<Reader> {
  const run = {
    head: filled(env.SYSTEM_PULLREQUEST_SOURCECOMMITID),
    time: filled(env.SYSTEM_PIPELINESTARTTIME),
    fork: truthOf(env.SYSTEM_PULLREQUEST_ISFORK),
  };
  const provider = filled(env.BUILD_REPOSITORY_PROVIDER)?.toLowerCase() ?? "tfsgit";
  if (provider === "tfsgit") {
    const [project, name] = [filled(env.SYSTEM_TEAMPROJECT), filled(env.BUILD_REPOSITORY_NAME)];
    return {
      ...run,
      forge: "azure",
      apiUrl: filled(env.SYSTEM_COLLECTIONURI)?.replace(/(?<!\/)\/+$/, "") ?? null,
      repo: project === null || name === null ? null : `${project}/${name}`,
      pullRequest: numberOf(env.SYSTEM_PULLREQUEST_PULLREQUESTID),
    };
  }
  return {
    ...run,
    ...(parseRepoUrl(env.BUILD_REPOSITORY_URI ?? "") ?? { repo: filled(env.BUILD_REPOSITORY_NAME) }),
    pullRequest: numberOf(env.SYSTEM_PULLREQUEST_PULLREQUESTNUMBER ?? env.SYSTEM_PULLREQUEST_PULLREQUESTID),
  };
}

/** https://circleci.com/docs/variables/ */
function circleRun(env: Environment): ReturnType<Reader> {
  const url = filled(env.CIRCLE_PULL_REQUEST) ?? filled(env.CIRCLE_PULL_REQUESTS?.split(",")[0]);
  return {
    ...parsePullRequestUrl(url ?? ""),
    head: filled(env.CIRCLE_SHA1),
    // "Only available on forked pull requests."
    fork: filled(env.CIRCLE_PR_NUMBER) === null ? null : true,
  };
}

/** https://buildkite.com/docs/pipelines/configure/environment-variables */
function buildkiteRun(env: Environment): ReturnType<Reader> {
  const [base, head] = [
    parseRepoUrl(env.BUILDKITE_REPO ?? ""),
    parseRepoUrl(env.BUILDKITE_PULL_REQUEST_REPO ?? ""),
  ];
  return {
    ...base,
    pullRequest: numberOf(env.BUILDKITE_PULL_REQUEST),
    head: /^[0-9a-f]{7,}$/.test(env.BUILDKITE_COMMIT ?? "") ? (env.BUILDKITE_COMMIT ?? null) : null,
    fork: base === null || head === null ? null : base.repo !== head.repo,
  };
}

/** https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html */
function codeBuildRun(env: Environment): ReturnType<Reader> {
  const millis = Number(env.CODEBUILD_START_TIME);
  return {
    ...parseRepoUrl(env.CODEBUILD_SOURCE_REPO_URL ?? ""),
    pullRequest: numberOf(/^pr\/(\d+)$/.exec(env.CODEBUILD_WEBHOOK_TRIGGER ?? "")?.[1]),
    head: filled(env.CODEBUILD_RESOLVED_SOURCE_VERSION),
    time: Number.isSafeInteger(millis) && millis > 0 ? new Date(millis).toISOString() : null,
  };
}

/** https://docs.travis-ci.com/user/environment-variables/ */
function travisRun(env: Environment): ReturnType<Reader> {
  const repo = filled(env.TRAVIS_REPO_SLUG);
  const from = filled(env.TRAVIS_PULL_REQUEST_SLUG);
  return {
    forge: "github",
    apiUrl: API_URLS.github,
    repo,
    pullRequest: numberOf(env.TRAVIS_PULL_REQUEST),
    head: filled(env.TRAVIS_PULL_REQUEST_SHA),
    fork: repo === null || from === null ? null : repo !== from,
  };
}

/** https://docs.semaphoreci.com/reference/env-vars */
function semaphoreRun(env: Environment): ReturnType<Reader> {
  const [repo, from] = [filled(env.SEMAPHORE_GIT_REPO_SLUG), filled(env.SEMAPHORE_GIT_PR_SLUG)];
  const linked: Partial<LinkedRepo> = parseRepoUrl(env.SEMAPHORE_GIT_URL ?? "") ?? {};
  return {
    ...linked,
    repo: repo ?? linked.repo ?? null,
    pullRequest: numberOf(env.SEMAPHORE_GIT_PR_NUMBER),
    head: filled(env.SEMAPHORE_GIT_PR_SHA),
    fork: repo === null || from === null ? null : repo !== from,
  };
}

/** Of a multibranch project; GIT_COMMIT may be a merge that Jenkins made, so it is not taken for the head. */
function jenkinsRun(env: Environment): ReturnType<Reader> {
  const linked = parsePullRequestUrl(env.CHANGE_URL ?? "");
  return {
    ...(linked ?? parseRepoUrl(env.GIT_URL ?? "")),
    pullRequest: linked?.pullRequest ?? numberOf(env.CHANGE_ID),
    fork: filled(env.CHANGE_FORK) === null ? null : true,
  };
}

function filled(value: string | undefined): string | null {
  const text = value?.trim() ?? "";
  return text === "" ? null : text;
}

/** Buildkite and Travis say `false` where there is no pull request. */
function numberOf(value: string | undefined): number | null {
  return value !== undefined && /^[1-9]\d{0,14}$/.test(value.trim()) ? Number(value) : null;
}

function truthOf(value: string | undefined): boolean | null {
  const text = value?.trim().toLowerCase();
  return text === "true" ? true : text === "false" ? false : null;
}
