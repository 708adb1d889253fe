/**
 * A real Chromium for page tests and screenshots: the one that is installed, or else one fetched once from npm, which a
 * machine without root can do too. CHROMIUM_PATH names another.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

const INSTALLED = [
  process.env.CHROMIUM_PATH ?? "",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
const PACKAGE = "@sparticuz/chromium@143.0.4";
/** Quiet and alone: no updates, no first run, nothing fetched in the background. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const LAUNCH_MS = 60_000;

/** Null, with a line that says how to get one, where none can be had. */
export async function openChromium() {
  try {
    return await chromium.launch({ args: FLAGS, timeout: LAUNCH_MS, ...(await whichChromium()) });
  } catch (error) {
    console.warn(
      `\n############ SKIPPED: pages are not opened. No Chromium: install one (apt-get install chromium) or set CHROMIUM_PATH. ############\n${String(error)}`,
    );
    return null;
  }
}

async function whichChromium() {
  const installed = INSTALLED.find((file) => file !== "" && existsSync(file));
  return installed === undefined ? fetchedChromium() : { executablePath: installed };
}

/** It is made for AWS Lambda, so it has to be told that it is there to unpack the libraries it needs. */
async function fetchedChromium() {
  const folder = path.resolve("node_modules", ".cache", "chromium");
  const entry = path.join(folder, "node_modules", "@sparticuz", "chromium", "build", "esm", "index.js");
  if (!existsSync(entry)) {
    console.info(`No Chromium is installed: fetching ${PACKAGE} from npm, once.`);
    await mkdir(folder, { recursive: true });
    const args = [
      "install",
      "--no-save",
      "--ignore-scripts",
      "--no-package-lock",
      "--prefix",
      folder,
      PACKAGE,
    ];
    await promisify(execFile)("npm", args, { timeout: 300_000 });
  }
  process.env.AWS_LAMBDA_JS_RUNTIME ??= "nodejs20.x";
  const { default: packaged } = await import(pathToFileURL(entry).href);
  const executablePath = await packaged.executablePath();
  const libraries = path.join(tmpdir(), "al2023", "lib");
  return {
    executablePath,
    args: [...FLAGS, "--no-zygote", "--headless"],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: [libraries, process.env.LD_LIBRARY_PATH ?? ""].filter((each) => each !== "").join(":"),
      FONTCONFIG_FILE: await writeFontConfig(),
    },
  };
}

/** The package's own names a folder that is not there: all text would be invisible. */
async function writeFontConfig() {
  const unpacked = path.join(tmpdir(), "fonts");
  const folders = existsSync(unpacked)
    ? [unpacked, ...(await readdir(unpacked)).map((name) => path.join(unpacked, name))]
    : [];
  const directories = [...folders, "/usr/share/fonts"].map((folder) => `<dir>${folder}</dir>`).join("");
  const file = path.join(tmpdir(), "stepfare-fonts.conf");
  const cache = path.join(tmpdir(), "stepfare-font-cache");
  await writeFile(
    file,
    `<?xml version="1.0"?><fontconfig>${directories}<cachedir>${cache}</cachedir></fontconfig>`,
  );
  return file;
}
