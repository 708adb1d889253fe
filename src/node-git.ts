/** Node's git is the git on the PATH, run for what it says, never for what it does. */
import { spawn } from "node:child_process";
import type { GitOptions, GitOutcome, Shell } from "./shell.ts";
import { UserError } from "./user-error.ts";

export interface GitRun extends GitOptions {
  readonly cwd: string;
  readonly env: Shell["env"];
}

export function runGit(args: readonly string[], { cwd, env, input }: GitRun): Promise<GitOutcome> {
  return new Promise((resolve, reject) => {
    const git = spawn("git", ["--no-optional-locks", "-c", "core.quotePath=false", ...args], {
      cwd,
      // Messages are read here; a prompt for a password would wait for ever.
      env: { ...env, LC_ALL: "C", GIT_TERMINAL_PROMPT: "0" },
      stdio: ["pipe", "pipe", "pipe"],
      windowsHide: true,
    });
    const stdout: Uint8Array[] = [];
    const stderr: Uint8Array[] = [];
    git.stdout.on("data", (chunk: Uint8Array) => stdout.push(chunk));
    git.stderr.on("data", (chunk: Uint8Array) => stderr.push(chunk));
    git.on("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "ENOENT" ? "there is no git on the PATH" : error.message;
      reject(
        new UserError("no-git", `Cannot run git: ${why}.`, "Name a folder or a saved report as the base."),
      );
    });
    git.on("close", (code) =>
      resolve({
        code: code ?? 1,
        stdout: Buffer.concat(stdout),
        stderr: Buffer.concat(stderr).toString("utf8").trim(),
      }),
    );
    // A git that ends before it has read everything is no error of ours: its exit code says what was wrong.
    git.stdin.on("error", () => undefined);
    git.stdin.end(input ?? "");
  });
}
