/** Validates definitions with AWS's own validator, ValidateStateMachineDefinition. */
import { ValidateStateMachineDefinitionCommand } from "@aws-sdk/client-sfn";
import pMap from "p-map";
import type { AwsDoor, DefinitionToValidate, DefinitionVerdict } from "../observation/fleet-collection.ts";
import { type AwsWorld, openWorld } from "./aws-world.ts";
import { failureOf } from "./call-failure.ts";
import { noRegion } from "./collect-fleet.ts";
import { ownAccess } from "./open-accesses.ts";
import { configuredRegion, openRegion } from "./region-clients.ts";

/** The most AWS gives. https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html */
const MOST_DIAGNOSTICS = 100;
const AT_ONCE = 4;

/** Once AWS cannot be asked at all, no more is asked. */
export async function validateDefinitions(
  definitions: readonly DefinitionToValidate[],
  { profile, regions, rate }: Parameters<AwsDoor["validateDefinitions"]>[1],
  world: AwsWorld = openWorld(rate),
): Promise<readonly DefinitionVerdict[]> {
  const access = ownAccess({ profile });
  const named = Array.isArray(regions) ? (regions as readonly string[])[0] : undefined;
  const region = named ?? (await configuredRegion(world, access));
  if (region === null) throw noRegion();
  const clients = openRegion(world, access, region);
  let failure: string | null = null;
  const validate = async ({ definition, type }: DefinitionToValidate): Promise<DefinitionVerdict> => {
    if (failure !== null) return { diagnostics: [], failure };
    try {
      const { diagnostics = [] } = await clients.sfn.send(
        new ValidateStateMachineDefinitionCommand({
          definition,
          type,
          severity: "WARNING",
          maxResults: MOST_DIAGNOSTICS,
        }),
      );
      const found = diagnostics.map(({ code, severity, message, location }) => ({
        code: code ?? "UNKNOWN",
        severity: severity === "WARNING" ? ("warning" as const) : ("error" as const),
        message: message ?? "",
        location: location ?? null,
      }));
      return { diagnostics: found, failure: null };
    } catch (error) {
      const why = failureOf(error, "states:ValidateStateMachineDefinition");
      if (why.kind !== "other") failure = why.message;
      return { diagnostics: [], failure: why.message };
    }
  };
  try {
    return await pMap(definitions, validate, { concurrency: AT_ONCE });
  } finally {
    clients.close();
  }
}
