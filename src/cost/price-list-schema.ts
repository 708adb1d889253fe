/** The schema of a price list that comes from a file: the packaged ones, a user's download, a private list. */
import { z } from "zod";
import { UserError } from "../user-error.ts";
import { REGION_PATTERN } from "../workflow/fleet/region-name.ts";
import type { PriceList, UsageType } from "./price-list.ts";

/** Every usage type, once: the type checker holds this to the contract both ways. */
const USAGE_TYPES = Object.keys({
  StateTransition: true,
  "StepFunctions-Request": true,
  "StepFunctions-GB-Second": true,
  "Lambda-Request": true,
  "Lambda-GB-Second": true,
  "Lambda-GB-Second-ARM": true,
  "Logs-Ingest-GB": true,
  "XRay-Trace": true,
  "S3-Put": true,
  "S3-Get": true,
  "SQS-Request": true,
  "SQS-FIFO-Request": true,
  "SNS-Publish": true,
  "DynamoDB-Read": true,
  "DynamoDB-Write": true,
  "EventBridge-Event": true,
} satisfies Record<UsageType, true>) as [UsageType, ...UsageType[]];

const usageTypeSchema = z.enum(USAGE_TYPES);
/** As precise as the source is: a day, a month or a year. */
const dateSchema = z.string().regex(/^\d{4}(-\d{2}(-\d{2})?)?$/);

const tierSchema = z.strictObject({
  upTo: z.number().positive().nullable(),
  unitPrice: z.number().nonnegative().nullable(),
  borrowedFrom: z
    .strictObject({ region: z.string(), date: dateSchema.nullable(), source: z.string().nullable() })
    .exactOptional(),
});

const tieredPriceSchema = z.strictObject({
  tiers: z
    .array(tierSchema)
    .min(1)
    .refine(boundsRise, "tier bounds must rise, and only the last may have no end"),
  freePerMonth: z.number().nonnegative(),
  freeSharedWith: z.array(usageTypeSchema).exactOptional(),
  date: dateSchema.nullable(),
  source: z.string().nullable(),
  confidence: z.enum(["high", "medium", "low"]).nullable(),
  adjustments: z.array(z.string()).exactOptional(),
});

const priceListSchema = z.strictObject({
  region: z.string().regex(REGION_PATTERN),
  currency: z.string().regex(/^[A-Z]{3}$/),
  date: dateSchema.nullable(),
  prices: z.partialRecord(usageTypeSchema, tieredPriceSchema),
});

/** A price list from parsed JSON. Throws a UserError `invalid-price-list` that names `what` and the first field that is wrong. */
export function parsePriceList(json: unknown, what: string): PriceList {
  const parsed = priceListSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.length ? ` at ${issue.path.map(String).join(".")}` : "";
  throw new UserError(
    "invalid-price-list",
    `${what} is not a price list${where}: ${issue?.message ?? "unreadable"}.`,
  );
}

function boundsRise(tiers: readonly { readonly upTo: number | null }[]): boolean {
  return tiers.every(({ upTo }, at) => {
    if (at === tiers.length - 1) return upTo === null;
    const before = tiers[at - 1]?.upTo ?? 0;
    return upTo !== null && upTo > before;
  });
}
