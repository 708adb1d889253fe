/**
 * Where the time of a command goes: `npm run profile -- analyze some.asl.json`. Runs the bundle, made anew with its names,
 * several times as whole processes under V8's sampling profiler, and adds up what the samples tell: by source file, and by
 * function with all that it calls. Shares of one run can be compared; milliseconds hold the profiler's own cost, above all
 * that of noting down each function while code that was kept is read back (node:vm).
 */
import { spawnSync } from "node:child_process";
import { cp, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { SourceMap } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { openBundle, output } from "../scripts/build.js";

const root = path.resolve(import.meta.dirname, "..");
/** A short run has few samples: as many processes as give enough of them, but not for ever. */
const ENOUGH_SAMPLES = 5000;
const MOST_RUNS = 20;
const LINES = 30;

const folder = await mkdtemp(path.join(tmpdir(), "stepfare-profile-"));
try {
  const app = await buildNamed();
  // What V8 compiles is kept first, as it is for who has run the command before.
  for (let run = 0; run < 3; run += 1) runOnce(app);
  const profiles = await profilesOf(app);
  const places = await sourcePlaces(path.join(app, "dist"));
  print(profiles, places);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function buildNamed() {
  const app = path.join(folder, "app");
  const bundle = await openBundle();
  await bundle.write({ ...output, minify: false, sourcemap: true, dir: path.join(app, "dist") });
  await bundle.close();
  for (const name of ["bin", "package.json"])
    await cp(path.join(root, name), path.join(app, name), { recursive: true });
  return app;
}

function runOnce(app, ...flags) {
  const command = [...flags, path.join(app, "bin", "stepfare.js"), ...process.argv.slice(2)];
  const { status, stderr } = spawnSync(process.execPath, command, {
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
  });
  // A gate that fails has done its work.
  if (status !== 0 && status !== 1) throw new Error(`It ended with ${status}: ${stderr.slice(0, 500)}`);
}

async function profilesOf(app) {
  const made = path.join(folder, "profiles");
  const flags = ["--cpu-prof", "--cpu-prof-interval", "200", "--cpu-prof-dir", made];
  const profiles = [];
  for (let run = 0, samples = 0; run < MOST_RUNS && samples < ENOUGH_SAMPLES; run += 1) {
    runOnce(app, ...flags);
    for (const name of await readdir(made)) {
      const profile = JSON.parse(await readFile(path.join(made, name), "utf8"));
      samples += profile.samples.length;
      profiles.push(profile);
      await rm(path.join(made, name));
    }
  }
  return profiles;
}

/** From a function's place in a chunk to its place in the sources. */
async function sourcePlaces(dist) {
  const maps = new Map();
  for (const name of await readdir(dist))
    if (name.endsWith(".cjs.map"))
      maps.set(
        name.slice(0, -".map".length),
        new SourceMap(JSON.parse(await readFile(path.join(dist, name), "utf8"))),
      );
  return ({ functionName, url, lineNumber, columnNumber }) => {
    if (url === "") return { file: functionName, name: "" };
    const chunk = url.startsWith("file:") ? path.basename(fileURLToPath(url)) : url;
    const { originalSource, originalLine } = maps.get(chunk)?.findEntry(lineNumber, columnNumber) ?? {};
    if (originalSource === undefined) return { file: chunk, name: functionName };
    const file = path.relative(root, path.resolve(dist, originalSource)).replace(/^(?:\.\.\/)+/, "");
    return { file, name: `${functionName || "(anonymous)"} ${file}:${originalLine + 1}` };
  };
}

function print(profiles, placeOf) {
  const [byFile, byFunction] = [new Map(), new Map()];
  let all = 0;
  for (const { nodes, samples, timeDeltas } of profiles) {
    const own = new Map(nodes.map(({ id }) => [id, 0]));
    samples.forEach((id, at) => own.set(id, own.get(id) + timeDeltas[at] / 1000));
    const byId = new Map(nodes.map((node) => [node.id, node]));
    const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
    const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]));
    for (const [id, time] of own) {
      if (time === 0) continue;
      all += time;
      add(byFile, places.get(id).file, time);
      // Each function once, however often it stands in the stack.
      const names = new Set();
      for (let at = id; byId.has(at); at = parents.get(at)) names.add(places.get(at).name);
      for (const name of names) if (name !== "") add(byFunction, name, time);
    }
  }
  const each = `${profiles.length} processes, ${(all / profiles.length).toFixed(0)} ms each under the profiler`;
  console.log(`${process.argv.slice(2).join(" ")}: ${each}, Node ${process.versions.node}`);
  const tables = { "by source file, its own time": byFile, "by function, with what it calls": byFunction };
  for (const [title, times] of Object.entries(tables)) {
    console.log(`\n${title}`);
    const sorted = [...times].toSorted(([, one], [, other]) => other - one);
    for (const [name, time] of sorted.slice(0, LINES)) {
      const share = `${((100 * time) / all).toFixed(1)} %`;
      console.log(`${share.padStart(8)} ${(time / profiles.length).toFixed(1).padStart(8)} ms  ${name}`);
    }
    const left = sorted.length - LINES;
    if (left > 0) console.log(`         and ${left} more`);
  }
}

function add(times, name, time) {
  times.set(name, (times.get(name) ?? 0) + time);
}
