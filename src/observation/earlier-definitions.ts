/**
 * Earlier definitions are those that a fleet file of before holds: one whose revision is still the same need not be read
 * again. AWS gives every update of a state machine a new revision; one that was never updated has none.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html
 */
import type { FleetMachine } from "../workflow/fleet/fleet.ts";

export type EarlierDefinition = Pick<FleetMachine, "createdAt" | "revisionId"> & {
  readonly definition: string;
};

/** By ARN. */
export type EarlierDefinitions = ReadonlyMap<string, EarlierDefinition>;

export function earlierDefinitions(machines: readonly FleetMachine[]): EarlierDefinitions {
  return new Map(
    machines.flatMap(({ arn, createdAt, revisionId, definition }) =>
      // Without its time of creation it might be another machine of the same name.
      definition === null || createdAt === null ? [] : [[arn, { createdAt, revisionId, definition }]],
    ),
  );
}
