#!/usr/bin/env node
// Hands the process to the built command line.
import { existsSync } from "node:fs";
import module from "node:module";

// The AWS SDK announces on stderr that it will drop older Nodes; the SDK here is bundled and pinned.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ||= "true";
// Absent before Node 22.8.
module.enableCompileCache?.();

const built = new URL("../dist/cli.js", import.meta.url);
if (existsSync(built)) {
  const { main } = await import(built.href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write("stepfare: dist/ is missing; make it with `npm run build`.\n");
  process.exitCode = 70;
}
