/** A bill of a million rows and a hundred columns, as Parquet and as CSV, against a quarter of it: time and memory by rows. */
import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { billFolder } from "./bills.js";
import { fleet } from "./fleets.js";
import { stepfare } from "./whole-process.js";

const ROWS = 1_000_000;
const MACHINES = 500;

export async function prepare() {
  const bills = [];
  for (const [rows, format] of [
    [ROWS, "parquet"],
    [ROWS / 4, "parquet"],
    [ROWS, "csv"],
    [ROWS / 4, "csv"],
  ]) {
    const bill = await billFolder(rows, format);
    const fleetFile = path.join(bill.folder, "fleet.json");
    // October is the sixth month of the bench's fleets.
    await writeFile(fleetFile, JSON.stringify(fleet(MACHINES, 5)));
    bills.push({ ...bill, fleetFile, name: `${rows.toLocaleString("en-US")} rows of ${format}` });
  }
  return {
    title: "reconcile: a bill of a hundred columns",
    rounds: 3,
    contenders: Object.fromEntries(bills.map((bill) => [bill.name, () => reconcile(bill)])),
    cleanUp: async () => {
      for (const { name, most, cpuMs } of bills)
        console.log(`  ${name}: at most ${most} MB resident, ${cpuMs} ms of processor`);
      for (const { remove } of bills) await remove();
    },
  };
}

function reconcile(bill) {
  const code = `process.argv = [process.argv[0], ${JSON.stringify(stepfare)}, "reconcile", ${JSON.stringify(bill.fleetFile)},
      "--bill", ${JSON.stringify(bill.file)}, "--format", "json", "--output", ${JSON.stringify(`${bill.file}.out.json`)}];
    process.on("exit", () => {
      const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
      process.stderr.write("\\n@" + JSON.stringify({ maxRSS, cpu: userCPUTime + systemCPUTime }) + "\\n");
    });
    await import(${JSON.stringify(stepfare)});`;
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr.slice(0, 500));
  const { maxRSS, cpu } = JSON.parse(/@(\{.*\})/.exec(stderr)[1]);
  bill.most = Math.round(maxRSS / 1024);
  bill.cpuMs = Math.round(cpu / 1000);
}
