/** Real git repositories to compare in, and the built stepfare to compare with. */
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** Nothing of the machine's own settings, and one author at one time. */
const ENV = {
  ...process.env,
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Ann",
  GIT_AUTHOR_EMAIL: "ann@example.com",
  GIT_COMMITTER_NAME: "Ann",
  GIT_COMMITTER_EMAIL: "ann@example.com",
  GIT_ALLOW_PROTOCOL: "file",
  NO_COLOR: "1",
};

const BIN = path.resolve("bin/stepfare.js");

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface GitFixture {
  readonly folder: string;
  git(...args: string[]): string;
  write(file: string, content: string | object): void;
  remove(file: string): void;
  /** Everything in the folder, as one commit. */
  commit(message: string): void;
  stepfare(...args: string[]): Promise<Outcome>;
  dispose(): void;
}

export function gitFixture(folder = mkdtempSync(path.join(tmpdir(), "stepfare-diff-"))): GitFixture {
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: folder, env: ENV, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  return {
    folder,
    git,
    write: (file, content) => {
      const target = path.join(folder, file);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, typeof content === "string" ? content : JSON.stringify(content, null, 2));
    },
    remove: (file) => rmSync(path.join(folder, file)),
    commit: (message) => {
      git("add", "--all");
      git("commit", "--quiet", "--message", message);
    },
    stepfare: (...args) =>
      new Promise((resolve) => {
        execFile(process.execPath, [BIN, ...args], { cwd: folder, env: ENV }, (error, stdout, stderr) => {
          resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
        });
      }),
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A repository with a commit on `main`. */
export function newRepository(files: Readonly<Record<string, string | object>>): GitFixture {
  const fixture = gitFixture();
  fixture.git("init", "--quiet", "--initial-branch", "main");
  for (const [file, content] of Object.entries(files)) fixture.write(file, content);
  fixture.commit("base");
  return fixture;
}
