#!/usr/bin/env node
// Hands the process to the built command line.
"use strict";
const { existsSync } = require("node:fs");
const path = require("node:path");
const { openBundle } = require("./bundle-loader.js");

// The AWS SDK announces on stderr that it will drop older Nodes; the SDK here is bundled and pinned.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ||= "true";

const dist = path.join(__dirname, "..", "dist");
if (existsSync(path.join(dist, "cli.cjs"))) {
  const { load, keepCode } = openBundle(dist);
  process.once("exit", keepCode);
  void load("cli.cjs")
    .main(process.argv.slice(2))
    .then((exitCode) => {
      process.exitCode = exitCode;
    });
} else {
  process.stderr.write("stepfare: dist/ is missing; make it with `npm run build`.\n");
  process.exitCode = 70;
}
