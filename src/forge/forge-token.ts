/** A forge token is the secret that opens a forge; it comes from the environment only, so that no process list shows it. */
import type { ForgeName, PullRequestPlace } from "../pull-request-comment.ts";
import { UserError } from "../user-error.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** In the order they are looked at. */
const TOKEN_VARIABLES: Readonly<Record<ForgeName, readonly string[]>> = {
  github: ["GITHUB_TOKEN", "GH_TOKEN", "GH_ENTERPRISE_TOKEN"],
  gitlab: ["GITLAB_TOKEN", "GL_TOKEN"],
  bitbucket: ["BITBUCKET_TOKEN", "BITBUCKET_ACCESS_TOKEN"],
  azure: ["SYSTEM_ACCESSTOKEN", "AZURE_DEVOPS_EXT_PAT"],
};

/** Throws a UserError `no-forge-token`; its message holds names of variables, never a value. */
export function tokenFor(place: PullRequestPlace, env: Environment, variable: string | null): string {
  const names = variable === null ? TOKEN_VARIABLES[place.forge] : [variable];
  for (const name of names) {
    const token = env[name]?.trim() ?? "";
    // Azure Pipelines hands on the name of a variable that has no value.
    if (token === "" || token.startsWith("$(")) continue;
    if (!/[^\x21-\x7e]/.test(token)) return token;
    throw new UserError(
      "no-forge-token",
      `The token in ${name} holds a space or a character that no token has.`,
      `Check how ${name} is set.`,
    );
  }
  throw new UserError(
    "no-forge-token",
    `There is no token for ${place.repo}#${place.pullRequest}: ${names.join(", ")} ${names.length === 1 ? "is" : "are"} not set.`,
    hintFor(place, env),
  );
}

function hintFor({ forge, ci, fork }: PullRequestPlace, env: Environment): string {
  if (fork === true) return "Runs for pull requests from forks are given no secrets.";
  if (forge === "github" && ci === "GitHub Actions")
    return "Write `env: { GITHUB_TOKEN: ${{ github.token }} }`.";
  if (forge === "azure" && ci === "Azure Pipelines")
    return "Write `env: { SYSTEM_ACCESSTOKEN: $(System.AccessToken) }` in the step.";
  if (forge === "gitlab" && env.CI_JOB_TOKEN)
    return "CI_JOB_TOKEN cannot write notes: make a project access token with the scope `api`, and keep it in the masked variable GITLAB_TOKEN.";
  return "Set it, or name another variable with --token-env.";
}

/** All values that must appear in no message. */
export function secretsOf(env: Environment, variable: string | null): readonly string[] {
  const names = [...Object.values(TOKEN_VARIABLES).flat(), ...(variable === null ? [] : [variable])];
  return names.flatMap((name) => {
    const token = env[name]?.trim() ?? "";
    // Longest first, so that a whole value is found before its part.
    return token === ""
      ? []
      : [token, `:${token}`, ...(token.includes(":") ? [token.slice(token.indexOf(":") + 1)] : [])];
  });
}
