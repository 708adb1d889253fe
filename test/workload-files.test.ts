import { describe, expect, it } from "vitest";
import { findWorkloadFile, workloadFiles } from "../src/workload-files.ts";
import { fakeShell } from "./fake-shell.ts";

const region = (name: string) => `region: ${name}\n`;

describe("findWorkloadFile", () => {
  const shell = fakeShell({
    files: {
      "/stepfare.yml": "",
      "/repo/.git/HEAD": "",
      "/repo/a/stepfare.yaml": "",
      "/repo/a/b/c/x.asl.json": "",
      "/repo/d/x.asl.json": "",
      "/repo/e/stepfare.yml/notes.txt": "a folder of that name is no workload file",
      "/bare/x.asl.json": "",
    },
  });

  it.each([
    ["/repo/a/b/c", "/repo/a/stepfare.yaml"],
    ["/repo/a", "/repo/a/stepfare.yaml"],
    ["/bare", "/stepfare.yml"],
    ["/nowhere/at/all", "/stepfare.yml"],
  ])("looks upward from %s", async (startDir, path) => {
    expect(await findWorkloadFile(shell, startDir)).toBe(path);
  });

  it.each(["/repo/d", "/repo", "/repo/e"])("ends at the repository's root from %s", async (startDir) => {
    expect(await findWorkloadFile(shell, startDir)).toBeNull();
  });

  it("refuses to choose between two in one folder", async () => {
    const both = fakeShell({ files: { "/project/a/stepfare.yml": "", "/project/a/stepfare.yaml": "" } });
    await expect(findWorkloadFile(both, "a")).rejects.toMatchObject({
      code: "ambiguous-workload-file",
      message: "a holds both stepfare.yml and stepfare.yaml.",
    });
  });
});

describe("workloadFiles", () => {
  const files = {
    "/project/stepfare.yml": region("eu-west-1"),
    "/project/team/stepfare.yml": region("eu-west-2"),
    "/project/team/flows/x.asl.json": "{}",
    "/elsewhere/stepfare.yml": region("eu-west-3"),
    "/elsewhere/y.asl.json": "{}",
  };

  it("gives a definition the nearest file above it, and the run the nearest above the current folder", async () => {
    const found = workloadFiles(fakeShell({ files }));
    expect((await found.forDefinition("team/flows/x.asl.json"))?.content).toMatchObject({
      file: "team/stepfare.yml",
      region: "eu-west-2",
    });
    expect((await found.forDefinition("/elsewhere/y.asl.json"))?.content.file).toBe(
      "/elsewhere/stepfare.yml",
    );
    expect((await found.forRun("team"))?.content.region).toBe("eu-west-1");
    expect((await found.forDefinition("-"))?.content.region).toBe("eu-west-1");
  });

  it.each(["/elsewhere", "/elsewhere/y.asl.json", "/elsewhere/**/*.json"])(
    "falls back to the first path, %s, for the run",
    async (path) => {
      const found = workloadFiles(fakeShell({ files, cwd: "/nothing" }));
      expect((await found.forRun(path))?.content.region).toBe("eu-west-3");
      expect(await found.forRun("-")).toBeNull();
      expect(await found.forRun(null)).toBeNull();
    },
  );

  it("uses --config for everything", async () => {
    const found = workloadFiles(fakeShell({ files }), "/elsewhere/stepfare.yml");
    expect((await found.forRun(null))?.folder).toBe("/elsewhere");
    expect((await found.forDefinition("team/flows/x.asl.json"))?.content.region).toBe("eu-west-3");
  });

  it("says so when --config is not there", async () => {
    await expect(workloadFiles(fakeShell(), "none.yml").forRun(null)).rejects.toMatchObject({
      code: "unreadable-file",
    });
  });

  it("reads each file once", async () => {
    const shell = fakeShell({ files });
    const read: string[] = [];
    const counting = { ...shell, readFile: (path: string) => (read.push(path), shell.readFile(path)) };
    const found = workloadFiles(counting);
    await Promise.all([found.forRun(null), found.forDefinition("a.json"), found.forDefinition("b/c.json")]);
    expect(read).toStrictEqual(["/project/stepfare.yml"]);
  });

  it("tells what is wrong with a file, and with one that is not text", async () => {
    const wrong = fakeShell({ files: { "stepfare.yml": "regoin: x" } });
    await expect(workloadFiles(wrong).forRun(null)).rejects.toMatchObject({
      code: "invalid-workload-file",
      exitCode: 2,
      message: 'stepfare.yml:1:1: "regoin" is no key here. Did you mean "region"?',
    });
    const binary = fakeShell({ files: { "stepfare.yml": new Uint8Array([0xff, 0xfe, 0x00]) } });
    await expect(workloadFiles(binary).forRun(null)).rejects.toMatchObject({
      message: "stepfare.yml:1:1: the file is not UTF-8 text",
    });
  });
});
