/** The price lists that ship with stepfare, one per region, imported statically so that a bundle holds them. */
import { distance } from "fastest-levenshtein";
import afSouth1 from "../../pricing/af-south-1.json" with { type: "json" };
import apEast1 from "../../pricing/ap-east-1.json" with { type: "json" };
import apEast2 from "../../pricing/ap-east-2.json" with { type: "json" };
import apNortheast1 from "../../pricing/ap-northeast-1.json" with { type: "json" };
import apNortheast2 from "../../pricing/ap-northeast-2.json" with { type: "json" };
import apNortheast3 from "../../pricing/ap-northeast-3.json" with { type: "json" };
import apSouth1 from "../../pricing/ap-south-1.json" with { type: "json" };
import apSouth2 from "../../pricing/ap-south-2.json" with { type: "json" };
import apSoutheast1 from "../../pricing/ap-southeast-1.json" with { type: "json" };
import apSoutheast2 from "../../pricing/ap-southeast-2.json" with { type: "json" };
import apSoutheast3 from "../../pricing/ap-southeast-3.json" with { type: "json" };
import apSoutheast4 from "../../pricing/ap-southeast-4.json" with { type: "json" };
import apSoutheast5 from "../../pricing/ap-southeast-5.json" with { type: "json" };
import apSoutheast6 from "../../pricing/ap-southeast-6.json" with { type: "json" };
import apSoutheast7 from "../../pricing/ap-southeast-7.json" with { type: "json" };
import caCentral1 from "../../pricing/ca-central-1.json" with { type: "json" };
import caWest1 from "../../pricing/ca-west-1.json" with { type: "json" };
import cnNorth1 from "../../pricing/cn-north-1.json" with { type: "json" };
import cnNorthwest1 from "../../pricing/cn-northwest-1.json" with { type: "json" };
import euCentral1 from "../../pricing/eu-central-1.json" with { type: "json" };
import euCentral2 from "../../pricing/eu-central-2.json" with { type: "json" };
import euNorth1 from "../../pricing/eu-north-1.json" with { type: "json" };
import euSouth1 from "../../pricing/eu-south-1.json" with { type: "json" };
import euSouth2 from "../../pricing/eu-south-2.json" with { type: "json" };
import euWest1 from "../../pricing/eu-west-1.json" with { type: "json" };
import euWest2 from "../../pricing/eu-west-2.json" with { type: "json" };
import euWest3 from "../../pricing/eu-west-3.json" with { type: "json" };
import euscDeEast1 from "../../pricing/eusc-de-east-1.json" with { type: "json" };
import ilCentral1 from "../../pricing/il-central-1.json" with { type: "json" };
import meCentral1 from "../../pricing/me-central-1.json" with { type: "json" };
import meSouth1 from "../../pricing/me-south-1.json" with { type: "json" };
import mxCentral1 from "../../pricing/mx-central-1.json" with { type: "json" };
import saEast1 from "../../pricing/sa-east-1.json" with { type: "json" };
import usEast1 from "../../pricing/us-east-1.json" with { type: "json" };
import usEast2 from "../../pricing/us-east-2.json" with { type: "json" };
import usGovEast1 from "../../pricing/us-gov-east-1.json" with { type: "json" };
import usGovWest1 from "../../pricing/us-gov-west-1.json" with { type: "json" };
import usWest1 from "../../pricing/us-west-1.json" with { type: "json" };
import usWest2 from "../../pricing/us-west-2.json" with { type: "json" };
import type { PriceList } from "./price-list.ts";

/** JSON imports widen literals to string and number; test/cost/known-price-lists.test.ts checks every file against the contract. */
const lists: ReadonlyMap<string, PriceList> = new Map(
  (
    [
      afSouth1,
      apEast1,
      apEast2,
      apNortheast1,
      apNortheast2,
      apNortheast3,
      apSouth1,
      apSouth2,
      apSoutheast1,
      apSoutheast2,
      apSoutheast3,
      apSoutheast4,
      apSoutheast5,
      apSoutheast6,
      apSoutheast7,
      caCentral1,
      caWest1,
      cnNorth1,
      cnNorthwest1,
      euCentral1,
      euCentral2,
      euNorth1,
      euSouth1,
      euSouth2,
      euWest1,
      euWest2,
      euWest3,
      euscDeEast1,
      ilCentral1,
      meCentral1,
      meSouth1,
      mxCentral1,
      saEast1,
      usEast1,
      usEast2,
      usGovEast1,
      usGovWest1,
      usWest1,
      usWest2,
    ] as unknown as readonly PriceList[]
  ).map((list) => [list.region, list]),
);

/** The packaged list of a region, or null when stepfare ships none. A list may hold prices that are not known (null). */
export function priceListOf(region: string): PriceList | null {
  return lists.get(region) ?? null;
}

/** All regions with a packaged list, sorted. */
export function knownRegions(): readonly string[] {
  return [...lists.keys()].sort();
}

/** The known region whose name is nearest to a mistyped one, or null when none is near enough to suggest. */
export function nearestRegion(typed: string): string | null {
  const wanted = typed.trim().toLowerCase().slice(0, LONGEST_TYPED);
  const ranked = knownRegions()
    .map((region) => ({ region, edits: distance(wanted, region) }))
    .sort((a, b) => a.edits - b.edits);
  const [best] = ranked;
  return best !== undefined && best.edits <= MOST_EDITS ? best.region : null;
}

const MOST_EDITS = 3;
const LONGEST_TYPED = 40;
