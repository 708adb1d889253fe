/** Opens the way to AWS: what collecting and validating may ask, over the real SDK clients. */
import type { AwsDoor } from "../observation/fleet-collection.ts";
import { collectFleet } from "./collect-fleet.ts";
import { leastPolicy } from "./least-policy.ts";
import { planCollection } from "./plan-collection.ts";
import { validateDefinitions } from "./validate-definitions.ts";
import { holdYoungGeneration } from "./young-generation.ts";

export function openAwsDoor(): AwsDoor {
  holdYoungGeneration();
  return {
    collectFleet: (request, hooks) => collectFleet(request, hooks),
    planCollection: (request, hooks) => planCollection(request, hooks),
    leastPolicy,
    validateDefinitions: (definitions, place) => validateDefinitions(definitions, place),
  };
}
