import { describe, expect, test } from "vitest";
import { detectCiRun } from "../../src/forge/ci-run.ts";
import { locatePullRequest } from "../../src/forge/locate-pull-request.ts";
import { openForgeDoor } from "../../src/forge/forge-door.ts";
import { parsePullRequestUrl } from "../../src/forge/pull-request-url.ts";
import type { PlaceFlags } from "../../src/pull-request-comment.ts";

const HEAD = "e83c5163316f89bfbde7d9ab23ca2e25604af290";
const MERGE = "0123456789abcdef0123456789abcdef01234567";

const noFlags: PlaceFlags = {
  url: null,
  forge: null,
  apiUrl: null,
  repo: null,
  pullRequest: null,
  head: null,
  time: null,
};

type Env = Readonly<Record<string, string>>;

function located(env: Env, event: unknown = null, flags: Partial<PlaceFlags> = {}) {
  return locatePullRequest({ ...noFlags, ...flags }, detectCiRun(env, event));
}

function failureOf(run: () => unknown): { code: string; message: string; hint: string } {
  try {
    run();
  } catch (error) {
    return error as { code: string; message: string; hint: string };
  }
  throw new Error("it did not fail");
}

const github: Env = {
  GITHUB_ACTIONS: "true",
  GITHUB_API_URL: "https://api.github.com",
  GITHUB_REPOSITORY: "acme/shop",
  GITHUB_REF: "refs/pull/12/merge",
  GITHUB_SHA: MERGE,
  GITHUB_EVENT_NAME: "pull_request",
};

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request */
function pullRequestEvent(headRepo: string | null = "acme/shop") {
  return {
    action: "synchronize",
    number: 12,
    pull_request: {
      number: 12,
      updated_at: "2026-01-15T11:00:00Z",
      head: { ref: "topic", sha: HEAD, repo: headRepo === null ? null : { full_name: headRepo } },
      base: { ref: "main", sha: MERGE, repo: { full_name: "acme/shop" } },
    },
    repository: { full_name: "acme/shop" },
  };
}

describe("GitHub Actions", () => {
  test("pull_request: the head is the event's, not the merge GITHUB_SHA names", () => {
    expect(located(github, pullRequestEvent())).toEqual({
      forge: "github",
      apiUrl: "https://api.github.com",
      repo: "acme/shop",
      pullRequest: 12,
      head: HEAD,
      time: "2026-01-15T11:00:00.000Z",
      fork: false,
      ci: "GitHub Actions",
    });
  });

  test.each([
    ["another repository", pullRequestEvent("mallory/shop"), {}],
    ["a fork that is gone", pullRequestEvent(null), {}],
    ["Dependabot", pullRequestEvent(), { GITHUB_ACTOR: "dependabot[bot]" }],
  ])("the rights of a fork: %s", (_, event, env) => {
    expect(located({ ...github, ...env }, event).fork).toBe(true);
  });

  test("workflow_run: the run that it follows", () => {
    const event = {
      workflow_run: { head_sha: HEAD, created_at: "2026-01-15T10:00:00Z", pull_requests: [{ number: 12 }] },
    };
    const env = { ...github, GITHUB_EVENT_NAME: "workflow_run", GITHUB_REF: "refs/heads/main" };
    expect(located(env, event)).toMatchObject({
      pullRequest: 12,
      head: HEAD,
      time: "2026-01-15T10:00:00.000Z",
    });
    const ofFork = { workflow_run: { ...event.workflow_run, pull_requests: [] } };
    expect(failureOf(() => located(env, ofFork))).toMatchObject({ code: "no-pull-request" });
    expect(located(env, ofFork, { pullRequest: 13 })).toMatchObject({ pullRequest: 13, head: HEAD });
  });

  test("issue_comment: of a pull request only", () => {
    const env = { ...github, GITHUB_REF: "refs/heads/main" };
    expect(located(env, { issue: { number: 3, pull_request: { url: "x" } } })).toMatchObject({
      pullRequest: 3,
      head: null,
    });
    expect(failureOf(() => located(env, { issue: { number: 3 } })).code).toBe("no-pull-request");
  });

  test("without its event the ref still says which", () => {
    expect(located(github, null)).toMatchObject({ pullRequest: 12, head: null, fork: null });
    const push = { ...github, GITHUB_REF: "refs/heads/main" };
    expect(failureOf(() => located(push)).message).toBe("This run of GitHub Actions is for no pull request.");
  });

  test("an event that makes no sense is as good as none", () => {
    const senseless = { pull_request: { number: "12", head: [], base: null, updated_at: 5 } };
    expect(located(github, senseless, { pullRequest: 4 })).toMatchObject({
      pullRequest: 4,
      head: null,
      time: null,
    });
  });

  test("the door reads the event's file", async () => {
    const files = new Map([["/event.json", JSON.stringify(pullRequestEvent())]]);
    const door = openForgeDoor({
      env: { ...github, GITHUB_EVENT_PATH: "/event.json" },
      now: () => new Date(),
      readFile: async (path) => new TextEncoder().encode(files.get(path)),
    });
    expect(await door.locate(noFlags)).toMatchObject({ head: HEAD });
  });

  test("the CI's commit is that of its own pull request", () => {
    expect(located(github, pullRequestEvent(), { pullRequest: 99 })).toMatchObject({
      pullRequest: 99,
      head: null,
      time: null,
      fork: null,
    });
  });
});

describe("other CIs", () => {
  const gitlab: Env = {
    GITLAB_CI: "true",
    CI_API_V4_URL: "https://git.example.com/sub/api/v4",
    CI_PROJECT_PATH: "acme/shop",
    CI_MERGE_REQUEST_PROJECT_PATH: "acme/shop",
    CI_MERGE_REQUEST_PROJECT_ID: "1",
    CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "1",
    CI_MERGE_REQUEST_IID: "5",
    CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: "",
    CI_COMMIT_SHA: HEAD,
    CI_PIPELINE_CREATED_AT: "2026-01-15T11:00:00Z",
  };
  const azure: Env = {
    TF_BUILD: "True",
    BUILD_REPOSITORY_PROVIDER: "TfsGit",
    SYSTEM_COLLECTIONURI: "https://dev.azure.com/acme/",
    SYSTEM_TEAMPROJECT: "Web Shop",
    BUILD_REPOSITORY_NAME: "shop",
    SYSTEM_PULLREQUEST_PULLREQUESTID: "5",
    SYSTEM_PULLREQUEST_SOURCECOMMITID: HEAD,
    SYSTEM_PIPELINESTARTTIME: "2026-01-15 11:00:00+00:00",
    SYSTEM_PULLREQUEST_ISFORK: "False",
  };
  const time = "2026-01-15T11:00:00.000Z";
  const cases: readonly (readonly [string, Env, object])[] = [
    [
      "GitLab CI",
      gitlab,
      {
        forge: "gitlab",
        apiUrl: "https://git.example.com/sub/api/v4",
        repo: "acme/shop",
        pullRequest: 5,
        head: HEAD,
        time,
        fork: false,
      },
    ],
    [
      "GitLab CI, merged results of a fork",
      {
        ...gitlab,
        CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: HEAD,
        CI_COMMIT_SHA: MERGE,
        CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "2",
      },
      { head: HEAD, fork: true },
    ],
    [
      "Bitbucket Pipelines",
      {
        BITBUCKET_BUILD_NUMBER: "9",
        BITBUCKET_REPO_FULL_NAME: "acme/shop",
        BITBUCKET_PR_ID: "5",
        BITBUCKET_COMMIT: HEAD,
      },
      {
        forge: "bitbucket",
        apiUrl: "https://api.bitbucket.org/2.0",
        repo: "acme/shop",
        pullRequest: 5,
        head: HEAD,
      },
    ],
    [
      "Azure Pipelines",
      azure,
      {
        forge: "azure",
        apiUrl: "https://dev.azure.com/acme",
        repo: "Web Shop/shop",
        pullRequest: 5,
        head: HEAD,
        time,
        fork: false,
      },
    ],
    [
      "Azure Pipelines for GitHub",
      {
        ...azure,
        BUILD_REPOSITORY_PROVIDER: "GitHub",
        BUILD_REPOSITORY_NAME: "acme/shop",
        BUILD_REPOSITORY_URI: "https://github.com/acme/shop",
        SYSTEM_PULLREQUEST_PULLREQUESTID: "991",
        SYSTEM_PULLREQUEST_PULLREQUESTNUMBER: "12",
      },
      { forge: "github", apiUrl: "https://api.github.com", repo: "acme/shop", pullRequest: 12 },
    ],
    [
      "CircleCI",
      { CIRCLECI: "true", CIRCLE_PULL_REQUEST: "https://github.com/acme/shop/pull/12", CIRCLE_SHA1: HEAD },
      { forge: "github", repo: "acme/shop", pullRequest: 12, head: HEAD, fork: null },
    ],
    [
      "CircleCI of a fork",
      {
        CIRCLECI: "true",
        CIRCLE_PULL_REQUEST: "https://github.com/acme/shop/pull/12",
        CIRCLE_PR_NUMBER: "12",
      },
      { fork: true },
    ],
    [
      "Buildkite",
      {
        BUILDKITE: "true",
        BUILDKITE_REPO: "git@github.com:acme/shop.git",
        BUILDKITE_PULL_REQUEST: "12",
        BUILDKITE_PULL_REQUEST_REPO: "git://github.com/mallory/shop.git",
        BUILDKITE_COMMIT: HEAD,
      },
      { forge: "github", repo: "acme/shop", pullRequest: 12, head: HEAD, fork: true },
    ],
    [
      "AWS CodeBuild",
      {
        CODEBUILD_BUILD_ARN: "arn:aws:codebuild:us-east-1:123456789012:build/x:1",
        CODEBUILD_SOURCE_REPO_URL: "https://github.com/acme/shop.git",
        CODEBUILD_WEBHOOK_TRIGGER: "pr/12",
        CODEBUILD_RESOLVED_SOURCE_VERSION: HEAD,
        CODEBUILD_START_TIME: String(Date.parse(time)),
      },
      { forge: "github", repo: "acme/shop", pullRequest: 12, head: HEAD, time },
    ],
    [
      "Travis CI",
      {
        TRAVIS: "true",
        TRAVIS_REPO_SLUG: "acme/shop",
        TRAVIS_PULL_REQUEST: "12",
        TRAVIS_PULL_REQUEST_SHA: HEAD,
        TRAVIS_PULL_REQUEST_SLUG: "acme/shop",
      },
      { forge: "github", pullRequest: 12, head: HEAD, fork: false },
    ],
    [
      "Semaphore",
      {
        SEMAPHORE: "true",
        SEMAPHORE_GIT_URL: "git@bitbucket.org:acme/shop.git",
        SEMAPHORE_GIT_REPO_SLUG: "acme/shop",
        SEMAPHORE_GIT_PR_NUMBER: "12",
        SEMAPHORE_GIT_PR_SHA: HEAD,
      },
      { forge: "bitbucket", repo: "acme/shop", pullRequest: 12, head: HEAD },
    ],
    [
      "Jenkins",
      {
        JENKINS_URL: "https://ci.example.com/",
        CHANGE_ID: "5",
        CHANGE_URL: "https://gitlab.com/acme/web/shop/-/merge_requests/5",
        GIT_COMMIT: MERGE,
      },
      {
        forge: "gitlab",
        apiUrl: "https://gitlab.com/api/v4",
        repo: "acme/web/shop",
        pullRequest: 5,
        head: null,
      },
    ],
  ];

  test.each(cases)("%s", (_, env, expected) => {
    expect(located(env)).toMatchObject(expected);
  });

  test.each([
    ["GitLab CI", { ...gitlab, CI_MERGE_REQUEST_IID: "" }],
    ["Bitbucket Pipelines", { BITBUCKET_BUILD_NUMBER: "9", BITBUCKET_REPO_FULL_NAME: "acme/shop" }],
    ["Azure Pipelines", { ...azure, SYSTEM_PULLREQUEST_PULLREQUESTID: "" }],
    [
      "Buildkite",
      { BUILDKITE: "true", BUILDKITE_REPO: "git@github.com:acme/shop.git", BUILDKITE_PULL_REQUEST: "false" },
    ],
    ["Travis CI", { TRAVIS: "true", TRAVIS_REPO_SLUG: "acme/shop", TRAVIS_PULL_REQUEST: "false" }],
  ])("%s, run for a branch", (ci, env) => {
    expect(failureOf(() => located(env))).toMatchObject({
      code: "no-pull-request",
      message: `This run of ${ci} is for no pull request.`,
    });
  });

  test("Azure DevOps Server, with its virtual directory", () => {
    const env = { ...azure, SYSTEM_COLLECTIONURI: "https://tfs.example.com/tfs/DefaultCollection/" };
    expect(located(env).apiUrl).toBe("https://tfs.example.com/tfs/DefaultCollection");
  });
});

describe("addresses", () => {
  test.each([
    ["https://github.com/acme/shop/pull/12", "github", "https://api.github.com", "acme/shop"],
    ["https://github.com/acme/shop/pull/12/files#diff", "github", "https://api.github.com", "acme/shop"],
    ["https://git.example.com/acme/shop/pull/12", "github", "https://git.example.com/api/v3", "acme/shop"],
    ["https://acme.ghe.com/acme/shop/pull/12", "github", "https://api.acme.ghe.com", "acme/shop"],
    ["https://gitlab.com/a/b/c/-/merge_requests/12", "gitlab", "https://gitlab.com/api/v4", "a/b/c"],
    [
      "http://git.example.com:8080/a/b/merge_requests/12",
      "gitlab",
      "http://git.example.com:8080/api/v4",
      "a/b",
    ],
    [
      "https://bitbucket.org/acme/shop/pull-requests/12/diff",
      "bitbucket",
      "https://api.bitbucket.org/2.0",
      "acme/shop",
    ],
    [
      "https://dev.azure.com/acme/Web%20Shop/_git/shop/pullrequest/12",
      "azure",
      "https://dev.azure.com/acme",
      "Web Shop/shop",
    ],
    [
      "https://dev.azure.com/acme/_git/shop/pullrequest/12",
      "azure",
      "https://dev.azure.com/acme",
      "shop/shop",
    ],
    [
      "https://acme.visualstudio.com/Web/_git/shop/pullrequest/12",
      "azure",
      "https://acme.visualstudio.com",
      "Web/shop",
    ],
    [
      "https://acme.visualstudio.com/DefaultCollection/Web/_git/shop/pullrequest/12",
      "azure",
      "https://acme.visualstudio.com/DefaultCollection",
      "Web/shop",
    ],
    [
      "https://tfs.example.com/tfs/Main/Web/_git/shop/pullrequest/12",
      "azure",
      "https://tfs.example.com/tfs/Main",
      "Web/shop",
    ],
    [
      "https://tfs.example.com/Main/Web/_git/shop/pullrequest/12",
      "azure",
      "https://tfs.example.com/Main",
      "Web/shop",
    ],
  ])("%s", (url, forge, apiUrl, repo) => {
    expect(parsePullRequestUrl(url)).toEqual({ forge, apiUrl, repo, pullRequest: 12 });
  });

  test.each([
    "nonsense",
    "ftp://github.com/acme/shop/pull/12",
    "https://github.com/acme/shop/issues/12",
    "https://github.com/acme/shop/pull/0",
    "https://github.com/acme/shop/pull/99999999999999999999",
    "https://dev.azure.com/acme/%zz/_git/shop/pullrequest/12",
  ])("%s is that of no pull request", (url) => {
    expect(parsePullRequestUrl(url)).toBeNull();
    expect(failureOf(() => located({}, null, { url })).code).toBe("invalid-option");
  });
});

describe("flags", () => {
  test("an address settles all, on any CI", () => {
    expect(
      located(github, pullRequestEvent(), { url: "https://gitlab.com/a/b/-/merge_requests/3" }),
    ).toMatchObject({
      forge: "gitlab",
      apiUrl: "https://gitlab.com/api/v4",
      repo: "a/b",
      pullRequest: 3,
      head: null,
    });
  });

  test("another forge takes nothing of the CI's address", () => {
    const flags = { forge: "bitbucket", repo: "acme/shop", pullRequest: 3 } as const;
    expect(located(github, pullRequestEvent(), flags).apiUrl).toBe("https://api.bitbucket.org/2.0");
    expect(failureOf(() => located(github, null, { forge: "gitlab", repo: "a/b" })).code).toBe(
      "no-pull-request",
    );
  });

  test("each over the CI's word", () => {
    const flags = {
      apiUrl: "https://ghe.example.com/api/v3/",
      repo: "/other/name.git",
      head: MERGE,
      time: "2026-02-01",
    };
    expect(located(github, pullRequestEvent(), flags)).toMatchObject({
      apiUrl: "https://ghe.example.com/api/v3",
      repo: "other/name",
      head: MERGE,
      time: "2026-02-01T00:00:00.000Z",
    });
  });

  test("Azure DevOps: the organisation stands before project and name", () => {
    const flags = { forge: "azure", repo: "acme/Web Shop/shop", pullRequest: 3 } as const;
    expect(located({}, null, flags)).toMatchObject({
      apiUrl: "https://dev.azure.com/acme",
      repo: "Web Shop/shop",
    });
    const server = { ...flags, repo: "Web/shop", apiUrl: "https://tfs.example.com/tfs/Main" };
    expect(located({}, null, server)).toMatchObject({ apiUrl: server.apiUrl, repo: "Web/shop" });
  });

  test.each([
    [{}, "unknown-forge"],
    [{ forge: "github" }, "invalid-option"],
    [{ forge: "github", repo: "shop", pullRequest: 1 }, "invalid-option"],
    [{ forge: "github", repo: "../shop", pullRequest: 1 }, "invalid-option"],
    [{ forge: "azure", repo: "a/b", pullRequest: 1 }, "invalid-option"],
    [{ forge: "github", repo: "a/b", pullRequest: 1, apiUrl: "file:///etc" }, "invalid-option"],
    [{ forge: "github", repo: "a/b", pullRequest: 1, apiUrl: "https://me:secret@host" }, "invalid-option"],
    [{ forge: "github", repo: "a/b", pullRequest: 1, time: "soon" }, "invalid-option"],
    [{ forge: "github", repo: "a/b" }, "no-pull-request"],
  ] as const)("%j: %s", (flags, code) => {
    const failure = failureOf(() => located({}, null, flags));
    expect(failure.code).toBe(code);
    expect(`${failure.message} ${failure.hint}`).not.toContain("secret");
  });
});
