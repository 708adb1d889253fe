/** `prices` shows the prices in use, and brings those of Step Functions up to date from AWS's public price list. */
import { resolveConfig } from "../config.ts";
import type { Flags } from "../config.ts";
import { LENDING_REGION } from "../cost/borrowed-price.ts";
import { priceListOf } from "../cost/known-price-lists.ts";
import { parsePriceOffer, SERVICE_CODE } from "../cost/parse-price-offer.ts";
import type { PriceList, TieredPrice, UsageType } from "../cost/price-list.ts";
import { renderPriceListTable } from "../render/price-list-table.ts";
import { jsonText } from "../render/safe-text.ts";
import { reportPriceList } from "../report/price-list-report.ts";
import type { Shell } from "../shell.ts";
import { UserError } from "../user-error.ts";
import { workloadFiles } from "../workload-files.ts";
import {
  cachedPriceListPath,
  loadPriceListInUse,
  parseJson,
  readCachedPriceList,
} from "./price-list-in-use.ts";
import type { PriceChoice } from "./price-list-in-use.ts";

export const PRICE_LIST_FORMATS = ["table", "json"] as const;

export interface ShowPricesOptions extends PriceChoice {
  readonly format: (typeof PRICE_LIST_FORMATS)[number];
}

export interface UpdatePricesOptions {
  readonly region: string;
  /** An offer file downloaded by other means; absent = from AWS. */
  readonly file?: string | undefined;
}

const WIDTH_OF_A_PIPE = 120;

export interface ShowPricesFlags extends Flags {
  readonly config?: string | undefined;
}

/** `prices show` from the command line: settings as `analyze` takes them. */
export async function runShowPrices(shell: Shell, flags: ShowPricesFlags): Promise<0> {
  const workloadFile = await workloadFiles(shell, flags.config ?? null).forRun(null);
  const config = resolveConfig({ shell, flags, workloadFile, formats: [...PRICE_LIST_FORMATS] });
  return showPrices(shell, config);
}

/** Writes the prices a run with these options would use. Exit code 0. */
export async function showPrices(shell: Shell, options: ShowPricesOptions): Promise<0> {
  const { list, diagnostics } = await loadPriceListInUse(shell, options);
  const report = reportPriceList(list);
  const { columns, colour } = shell.stdout;
  const text =
    options.format === "json"
      ? `${jsonText(JSON.stringify(report, null, 2))}\n`
      : renderPriceListTable(report, {
          columns: columns ?? WIDTH_OF_A_PIPE,
          colour,
          verbose: true,
          top: Infinity,
        });
  await shell.stdout.write(text);
  for (const { severity, message, hint } of diagnostics) {
    await shell.stderr.write(`${severity}: ${message}${hint === null ? "" : `\n  ${hint}`}\n`);
  }
  return 0;
}

/**
 * Replaces the user's download of a region's Step Functions prices, after checking the new ones; the package's own files stay.
 * Exit code 0; UserErrors `price-offer-…` (2) and `download-failed` (3) leave everything as it was.
 */
export async function updatePrices(shell: Shell, { region, file }: UpdatePricesOptions): Promise<0> {
  const packaged = priceListOf(region);
  const lender = priceListOf(LENDING_REGION);
  const before = await readCachedPriceList(shell, region).catch(forgetDamaged);
  const bytes = file === undefined ? await shell.download(priceOfferUrl(region)) : await shell.readFile(file);
  const list = parsePriceOffer(parseJson(bytes, file ?? "The price list"), {
    region,
    currency: packaged?.currency ?? "USD",
    resembling: [packaged, lender].filter((one) => one !== null),
  });
  requireNotOlder(list, before);
  const path = cachedPriceListPath(shell, region);
  await shell.writeFileAtomic(path, `${JSON.stringify(list, null, 2)}\n`);
  await shell.stdout.write(updateText(list, before ?? packaged));
  await shell.stderr.write(`Kept in ${path}\n`);
  return 0;
}

/**
 * AWS's offer file of one region; no credentials are needed.
 * https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-the-aws-price-list-bulk-api-fetching-price-list-files-manually.html
 */
export function priceOfferUrl(region: string): string {
  if (region.startsWith("eusc-")) {
    throw new UserError(
      "no-public-price-list",
      `stepfare knows no public price list for ${region}.`,
      "Download the offer file of AmazonStates by other means and hand it over with --file.",
    );
  }
  const [host, partition] = region.startsWith("cn-")
    ? ["pricing.cn-north-1.amazonaws.com.cn", "cn"]
    : ["pricing.us-east-1.amazonaws.com", "aws"];
  return `https://${host}/offers/v1.0/${partition}/${SERVICE_CODE}/current/${encodeURIComponent(region)}/index.json`;
}

/** A damaged download is about to be replaced. */
function forgetDamaged(error: unknown): null {
  if (error instanceof UserError && error.code === "invalid-price-list") return null;
  throw error;
}

function requireNotOlder(list: PriceList, before: PriceList | null): void {
  if (before === null || (list.date ?? "") >= (before.date ?? "")) return;
  throw new UserError(
    "price-offer-older",
    `This price list is of ${list.date}, older than the one in use, of ${before.date}.`,
    "The prices in use stay as they are.",
  );
}

function updateText(list: PriceList, before: PriceList | null): string {
  const changes = (Object.entries(list.prices) as [UsageType, TieredPrice][]).map(([usageType, price]) => {
    const now = priceText(price);
    const earlier = before?.prices[usageType];
    const was = earlier === undefined ? "unknown" : priceText(earlier);
    return `  ${usageType}: ${was === now ? `${now} (unchanged)` : `${was} → ${now}`}`;
  });
  return [`${list.region}: ${list.currency} per unit, AWS price list of ${list.date}`, ...changes, ""].join(
    "\n",
  );
}

/** Prices of all tiers, in full decimals: a price list is compared by its digits. */
function priceText({ tiers }: TieredPrice): string {
  return tiers.map(({ unitPrice }) => (unitPrice === null ? "unknown" : allDecimals(unitPrice))).join(" / ");
}

function allDecimals(value: number): string {
  return value.toFixed(15).replace(/\.?0+$/, "");
}
