/**
 * The bench: every `*.bench.js` beside this file, each against its peers, as ratios measured in one run.
 * `--gate` runs those that name the most a ratio may be, and ends with 1 where one is more: far above what is measured
 * on a quiet machine, so that only a change of kind is caught, never a busy machine.
 */
import path from "node:path";
import { pathToFileURL } from "node:url";
import { globSync } from "tinyglobby";
import { interleave, median } from "./interleave.js";

const ROUNDS_OF_GATE = 3;

const isGate = process.argv.includes("--gate");
const [wanted, ...options] = process.argv.slice(2).filter((argument) => argument !== "--gate");
const files = globSync("*.bench.js", { cwd: import.meta.dirname, absolute: true })
  .toSorted()
  .filter((file) => !wanted || path.basename(file, ".bench.js") === wanted);

if (files.length === 0) {
  console.error(`bench: no bench/${wanted}.bench.js`);
  process.exitCode = 2;
}

for (const file of files) {
  const { prepare, atMost = {} } = await import(pathToFileURL(file).href);
  if (isGate && Object.keys(atMost).length === 0) continue;
  const { title, rounds: wished, contenders, cleanUp } = await prepare(options);
  const rounds = isGate ? Math.min(wished, ROUNDS_OF_GATE) : wished;
  try {
    const ratios = printRatios(title, rounds, await interleave(contenders, rounds));
    if (isGate) holdTo(atMost, ratios);
  } finally {
    await cleanUp?.();
  }
}

/** The first contender is ours; every other one is what it is measured against. Gives ratios by peer. */
function printRatios(title, rounds, timings) {
  const [[ours, ourTimes], ...peers] = Object.entries(timings);
  const ourMedian = median(ourTimes);
  console.log(`\n${title} (medians of ${rounds} interleaved rounds, Node ${process.versions.node})`);
  console.log(`  ${ours}: ${ourMedian.toFixed(0)} ms`);
  return new Map(
    peers.map(([peer, times]) => {
      const ratio = ourMedian / median(times);
      console.log(`  ${peer}: ${median(times).toFixed(0)} ms — ${ours} takes ${ratio.toFixed(2)} × that`);
      return [peer, ratio];
    }),
  );
}

function holdTo(atMost, ratios) {
  for (const [peer, most] of Object.entries(atMost)) {
    const ratio = ratios.get(peer);
    if (ratio === undefined) throw new Error(`bench: ${peer} is held to ${most} but not measured`);
    if (ratio <= most) continue;
    console.error(`  more than ${most} × ${peer}: something has become slow`);
    process.exitCode = 1;
  }
}
