#!/usr/bin/env node
// Hands the process to the built command line.
"use strict";
const { existsSync } = require("node:fs");
const path = require("node:path");
const { openBundle } = require("./bundle-loader.js");

// The AWS SDK announces on stderr that it will drop older Nodes; the SDK here is bundled and pinned.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ||= "true";

const OUR_BUG = 70;
const dist = path.join(__dirname, "..", "dist");

async function run() {
  if (!existsSync(path.join(dist, "cli.cjs"))) return fail("dist/ is missing; make it with `npm run build`.");
  try {
    const { load, keepCode } = openBundle(dist);
    process.once("exit", keepCode);
    return await load("cli.cjs").main(process.argv.slice(2));
  } catch (error) {
    return fail(`it could not be started: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function fail(message) {
  process.stderr.write(`stepfare: ${message}\n`);
  return OUR_BUG;
}

void run().then((exitCode) => {
  process.exitCode = exitCode;
});
