/** A price offer in the public shape of AWS's bulk price list, built anew so that each test can break one thing. */

export interface OfferTier {
  begin: string;
  end: string;
  price: string;
}

export interface OfferUsage {
  group: string;
  usageType: string;
  unit: string;
  tiers: OfferTier[];
}

export interface OfferWorld {
  region?: string;
  currency?: string;
  offerCode?: string;
  publicationDate?: string;
  effectiveDate?: string;
  usages?: OfferUsage[];
}

export function offeredUsages(): [OfferUsage, OfferUsage, OfferUsage] {
  return [
    {
      group: "SFN-StateTransitions",
      usageType: "EUC1-StateTransition",
      unit: "StateTransitions",
      tiers: [{ begin: "0", end: "Inf", price: "0.0000250000" }],
    },
    {
      group: "SFN-ExpressWorkflows-Requests",
      usageType: "EUC1-StepFunctions-Request",
      unit: "Requests",
      tiers: [{ begin: "0", end: "Inf", price: "0.0000010000" }],
    },
    {
      group: "SFN-ExpressWorkflows-Duration",
      usageType: "EUC1-StepFunctions-GB-Second",
      unit: "GB-Seconds",
      tiers: [
        { begin: "18000000", end: "Inf", price: "0.0000045600" },
        { begin: "0", end: "3600000", price: "0.0000166700" },
        { begin: "3600000", end: "18000000", price: "0.0000083300" },
      ],
    },
  ];
}

export function priceOffer(world: OfferWorld = {}) {
  const {
    region = "eu-central-1",
    currency = "USD",
    offerCode = "AmazonStates",
    publicationDate = "2026-10-01T12:45:11Z",
    effectiveDate = "2026-10-01T00:00:00Z",
    usages = offeredUsages(),
  } = world;
  const transfer = product(
    "TRANSFER",
    { usagetype: "EUC1-DataTransfer-Out-Bytes", regionCode: region },
    "Data Transfer",
  );
  const products = usages.map(({ group, usageType }, at) =>
    product(`SKU${at}`, { servicecode: offerCode, group, usagetype: usageType, regionCode: region }),
  );
  const onDemand = usages.map(({ tiers, unit }, at) => [
    `SKU${at}`,
    term(`SKU${at}`, { tiers, unit, currency, effectiveDate }),
  ]);
  return {
    formatVersion: "v1.0",
    disclaimer: "This pricing list is for informational purposes only.",
    offerCode,
    version: "20261001124511",
    publicationDate,
    products: Object.fromEntries([transfer, ...products].map((one) => [one.sku, one])),
    terms: { OnDemand: Object.fromEntries(onDemand) as Record<string, ReturnType<typeof term>> },
    attributesList: {},
  };
}

function product(sku: string, attributes: Record<string, string>, productFamily = "AWS Step Functions") {
  return { sku, productFamily, attributes: { locationType: "AWS Region", ...attributes } };
}

export function term(
  sku: string,
  {
    tiers,
    unit,
    currency,
    effectiveDate,
  }: { tiers: OfferTier[]; unit: string; currency: string; effectiveDate: string },
) {
  const dimensions = tiers.map((tier, at) => ({
    rateCode: `${sku}.JRTCKXETXF.${at}`,
    description: `${tier.price} per ${unit}`,
    beginRange: tier.begin,
    endRange: tier.end,
    unit,
    pricePerUnit: { [currency]: tier.price },
    appliesTo: [],
  }));
  return {
    [`${sku}.JRTCKXETXF`]: {
      offerTermCode: "JRTCKXETXF",
      sku,
      effectiveDate,
      priceDimensions: Object.fromEntries(dimensions.map((dimension) => [dimension.rateCode, dimension])),
      termAttributes: {},
    },
  };
}
