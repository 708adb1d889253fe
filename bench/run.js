/** The bench: every `*.bench.js` beside this file, each against its peers, as ratios measured in one run. */
import path from "node:path";
import { pathToFileURL } from "node:url";
import { globSync } from "tinyglobby";
import { interleave, median } from "./interleave.js";

const [wanted, ...options] = process.argv.slice(2);
const files = globSync("*.bench.js", { cwd: import.meta.dirname, absolute: true })
  .toSorted()
  .filter((file) => !wanted || path.basename(file, ".bench.js") === wanted);

if (files.length === 0) {
  console.error(`bench: no bench/${wanted}.bench.js`);
  process.exitCode = 2;
}

for (const file of files) {
  const { prepare } = await import(pathToFileURL(file).href);
  const { title, rounds, contenders, cleanUp } = await prepare(options);
  try {
    printRatios(title, rounds, await interleave(contenders, rounds));
  } finally {
    await cleanUp?.();
  }
}

/** The first contender is ours; every other one is what it is measured against. */
function printRatios(title, rounds, timings) {
  const [[ours, ourTimes], ...peers] = Object.entries(timings);
  const ourMedian = median(ourTimes);
  console.log(`\n${title} (medians of ${rounds} interleaved rounds, Node ${process.versions.node})`);
  console.log(`  ${ours}: ${ourMedian.toFixed(0)} ms`);
  for (const [peer, times] of peers) {
    const ratio = (ourMedian / median(times)).toFixed(2);
    console.log(`  ${peer}: ${median(times).toFixed(0)} ms — ${ours} takes ${ratio} × that`);
  }
}
