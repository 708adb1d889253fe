import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { downloadFile } from "../../src/aws/download-file.ts";
import { loadPriceListInUse } from "../../src/commands/price-list-in-use.ts";
import { priceOfferUrl, showPrices, updatePrices } from "../../src/commands/prices.ts";
import { priceListOf } from "../../src/cost/known-price-lists.ts";
import { parsePriceList } from "../../src/cost/price-list-schema.ts";
import { priceQuantity } from "../../src/cost/tiered-price.ts";
import { offeredUsages, priceOffer } from "../cost/price-offer-fixture.ts";
import { fakeShell, type FakeWorld } from "../fake-shell.ts";

const region = "eu-central-1";
const cached = `/cache/stepfare/prices/${region}.json`;
const url =
  "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonStates/current/eu-central-1/index.json";
const listPrices = { discountPercent: 0, list: null };

function offerText(world: Parameters<typeof priceOffer>[0] = {}): string {
  return JSON.stringify(priceOffer(world));
}

function online(world: FakeWorld = {}, text: string | Uint8Array = offerText()) {
  return fakeShell({ ...world, downloads: { [url]: text } });
}

async function thrownBy(run: Promise<unknown>) {
  return run.then(
    () => null,
    (error: unknown) => error,
  );
}

describe("prices update", () => {
  test("keeps AWS's prices in the user's cache, and says what changed", async () => {
    const shell = online();
    expect(await updatePrices(shell, { region })).toBe(0);
    expect(parsePriceList(JSON.parse(shell.fileText(cached)), "it").date).toBe("2026-10-01");
    expect([...shell.files.keys()]).toEqual([cached]);
    expect(shell.stdout.text).toBe(
      [
        "eu-central-1: USD per unit, AWS price list of 2026-10-01",
        "  StateTransition: 0.000025 (unchanged)",
        "  StepFunctions-Request: unknown → 0.000001",
        "  StepFunctions-GB-Second: unknown / unknown / unknown → 0.00001667 / 0.00000833 / 0.00000456",
        "",
      ].join("\n"),
    );
    expect(shell.stderr.text).toBe(`Kept in ${cached}\n`);
  });

  test("reads a file that is handed over, without the network", async () => {
    const shell = fakeShell({ files: { "offer.json": offerText() } });
    expect(await updatePrices(shell, { region, file: "offer.json" })).toBe(0);
    expect(shell.files.has(cached)).toBe(true);
  });

  test("asks the host of the region's partition", () => {
    expect(priceOfferUrl(region)).toBe(url);
    expect(priceOfferUrl("cn-north-1")).toBe(
      "https://pricing.cn-north-1.amazonaws.com.cn/offers/v1.0/cn/AmazonStates/current/cn-north-1/index.json",
    );
    expect(() => priceOfferUrl("eusc-de-east-1")).toThrow(/no public price list/);
  });

  test.each([
    ["no JSON", "<html>denied by proxy</html>", "invalid-price-list"],
    ["no UTF-8", Uint8Array.of(34, 255, 34), "invalid-price-list"],
    ["another region", offerText({ region: "us-east-1" }), "price-offer-region"],
    ["another service", offerText({ offerCode: "AWSLambda" }), "price-offer-service"],
    ["another currency", offerText({ currency: "CNY" }), "price-offer-currency"],
    ["a missing price", offerText({ usages: offeredUsages().slice(0, 2) }), "price-offer-incomplete"],
    [
      "an older day",
      offerText({ publicationDate: "2026-08-01T00:00:00Z", effectiveDate: "2026-01-01" }),
      "price-offer-older",
    ],
  ])("an offer with %s leaves everything as it was", async (_, text, code) => {
    const earlier = online();
    await updatePrices(earlier, { region });
    const shell = online({ files: { [cached]: earlier.fileText(cached) } }, text);
    expect(await thrownBy(updatePrices(shell, { region }))).toMatchObject({ code, exitCode: 2 });
    expect(shell.fileText(cached)).toBe(earlier.fileText(cached));
    expect(shell.stdout.text).toBe("");
  });

  test("a network that fails is exit code 3, and leaves everything as it was", async () => {
    const shell = fakeShell({ files: { [cached]: "{}" } });
    expect(await thrownBy(updatePrices(shell, { region }))).toMatchObject({
      code: "download-failed",
      exitCode: 3,
    });
    expect(shell.fileText(cached)).toBe("{}");
  });

  test("a damaged download is replaced", async () => {
    const shell = online({ files: { [cached]: "{ half" } });
    expect(await updatePrices(shell, { region })).toBe(0);
    expect(parsePriceList(JSON.parse(shell.fileText(cached)), "it").region).toBe(region);
  });

  test("a region newer than the package can be brought in", async () => {
    const shell = fakeShell({ files: { "offer.json": offerText({ region: "xx-new-1" }) } });
    await updatePrices(shell, { region: "xx-new-1", file: "offer.json" });
    const { list } = await loadPriceListInUse(shell, {
      region: "xx-new-1",
      borrow: false,
      prices: listPrices,
    });
    expect(list.prices.StateTransition!.tiers[0]!.unitPrice).toBe(0.000025);
  });
});

describe("prices update over HTTP", () => {
  let server: Server;
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  async function served(status: number, body: string) {
    server = createServer((request, response) =>
      response
        .writeHead(new URL(request.url ?? "", "http://x").pathname === new URL(url).pathname ? status : 404)
        .end(body),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const download = (asked: string) => downloadFile(asked.replace(/^https:\/\/[^/]+/, host));
    return { ...fakeShell(), download };
  }

  test("the file arrives whole", async () => {
    const shell = await served(200, offerText());
    await updatePrices(shell, { region });
    expect(shell.files.has(cached)).toBe(true);
  });

  test("a refusal is exit code 3", async () => {
    const shell = await served(403, "denied");
    expect(await thrownBy(updatePrices(shell, { region }))).toMatchObject({
      code: "download-failed",
      exitCode: 3,
    });
    expect(shell.files.size).toBe(0);
  });
});

describe("the price list in use", () => {
  const choice = { region, borrow: true, prices: listPrices };

  test("borrows what the package does not know, and says so", async () => {
    const { list, diagnostics } = await loadPriceListInUse(fakeShell(), choice);
    expect(priceQuantity(list.prices["StepFunctions-Request"]!, 1e6).cost).toBe(1);
    expect(diagnostics).toMatchObject([{ code: "borrowed-price", severity: "info" }]);
    expect(diagnostics[0]!.message).toContain("StepFunctions-Request");
  });

  test("borrows nothing when told not to: unknown stays null", async () => {
    const { list, diagnostics } = await loadPriceListInUse(fakeShell(), { ...choice, borrow: false });
    expect(priceQuantity(list.prices["StepFunctions-Request"]!, 1e6).cost).toBeNull();
    expect(diagnostics).toEqual([]);
  });

  test("prefers the download when it is newer", async () => {
    const usages = offeredUsages();
    usages[0].tiers[0]!.price = "0.00003";
    const shell = online({}, offerText({ usages }));
    await updatePrices(shell, { region });
    const { list } = await loadPriceListInUse(shell, { ...choice, borrow: false });
    expect(list.date).toBe("2026-10-01");
    expect(priceQuantity(list.prices.StateTransition!, 1_004_000).cost).toBe(30);
    expect(priceQuantity(list.prices["StepFunctions-GB-Second"]!, 62_500_000).cost).toBe(382.884);
  });

  test.each(["{ half", "[]", JSON.stringify(priceListOf("us-east-2"))])(
    "goes on with the packaged list when the download is damaged: %.20s",
    async (content) => {
      const shell = fakeShell({ files: { [cached]: content } });
      const { list, diagnostics } = await loadPriceListInUse(shell, { ...choice, borrow: false });
      expect(list.prices.StateTransition).toEqual(priceListOf(region)!.prices.StateTransition);
      expect(diagnostics).toMatchObject([{ code: "unreadable-price-list", severity: "warning" }]);
    },
  );

  test("takes a discount off all, and a private price instead of any", async () => {
    const own = { ...priceListOf("us-east-2")!, region, prices: {} as Record<string, unknown> };
    own.prices.StateTransition = {
      ...priceListOf(region)!.prices.StateTransition,
      tiers: [{ upTo: null, unitPrice: 0.00002 }],
    };
    const shell = fakeShell({ files: { "own.json": JSON.stringify(own) } });
    const prices = { discountPercent: 9, list: "/project/own.json" };
    const { list } = await loadPriceListInUse(shell, { ...choice, prices });
    expect(priceQuantity(list.prices.StateTransition!, 1_000_000, { free: 0 }).cost).toBe(20);
    expect(priceQuantity(list.prices["StepFunctions-Request"]!, 1e6).cost).toBe(0.91);
  });

  test("refuses a private list of another region or currency", async () => {
    const shell = fakeShell({ files: { "own.json": JSON.stringify(priceListOf("cn-north-1")) } });
    const prices = { discountPercent: 0, list: "/project/own.json" };
    expect(await thrownBy(loadPriceListInUse(shell, { ...choice, prices }))).toMatchObject({
      code: "invalid-price-list",
      exitCode: 2,
      message: expect.stringContaining("CNY"),
    });
  });

  test("asks whether another region was meant", async () => {
    expect(
      await thrownBy(loadPriceListInUse(fakeShell(), { ...choice, region: "eu-cental-1" })),
    ).toMatchObject({
      code: "unknown-region",
      exitCode: 2,
      hint: "Did you mean eu-central-1?",
    });
  });
});

describe("prices show", () => {
  const choice = { region: "eu-west-3", borrow: true, prices: listPrices };

  test("shows each tier with its price, day and source", async () => {
    const shell = fakeShell();
    expect(await showPrices(shell, { ...choice, format: "table" })).toBe(0);
    const lines = shell.stdout.text.split("\n");
    expect(lines[0]).toBe("Prices in eu-west-3, in USD");
    expect(shell.stdout.text).toMatch(
      /StateTransition +first 4,000 +free\n +beyond +\$0\.0000297 +2026-08-18 +AWS Price List/,
    );
    expect(shell.stdout.text).toMatch(/StepFunctions-GB-Second +up to 3,600,000 +\$0\.00001667 +2026-08-18/);
    expect(shell.stdout.text).toMatch(/up to 18,000,000 +\$0\.00000833 +2026-09-11 +borrowed from us-east-1/);
    expect(shell.stderr.text).toMatch(
      /^info: prices of us-east-1 stand in .* eu-west-3: StepFunctions-GB-Second, 12 prices of neigh/,
    );
  });

  test("shows unknown as unknown", async () => {
    const shell = fakeShell();
    await showPrices(shell, { ...choice, borrow: false, format: "table" });
    expect(shell.stdout.text).toMatch(/up to 18,000,000 +unknown\n/);
    expect(shell.stdout.text).not.toContain("$0\n");
    expect(shell.stderr.text).toBe("");
  });

  test("gives the same as JSON", async () => {
    const shell = fakeShell();
    await showPrices(shell, { ...choice, format: "json" });
    const report = JSON.parse(shell.stdout.text) as {
      kind: string;
      prices: { usageType: string; tiers: unknown[] }[];
    };
    expect(report).toMatchObject({
      schemaVersion: "1",
      kind: "prices",
      region: "eu-west-3",
      currency: "USD",
    });
    expect(
      report.prices.find((price) => price.usageType === "StepFunctions-GB-Second")?.tiers[1],
    ).toMatchObject({
      upTo: 18_000_000,
      unitPrice: 0.00000833,
      borrowedFrom: { region: "us-east-1" },
    });
  });

  test.each([40, 80, 160])("fits a terminal of %d cells", async (columns) => {
    const shell = fakeShell({ isTTY: true, columns });
    await showPrices(shell, { ...choice, format: "table" });
    for (const line of shell.stdout.text.split("\n")) expect(line.length).toBeLessThanOrEqual(columns);
  });
});
