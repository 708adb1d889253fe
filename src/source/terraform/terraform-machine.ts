/** What a Terraform machine's arguments mean, whether from a configuration, a plan or a state. */
import type { Place } from "../../diagnostic.ts";
import { declaredLogLevel, declaredType } from "../declared-settings.ts";
import type { WrittenSetting } from "../declared-settings.ts";
import type { FoundLambda, FoundWorkflow } from "../found-workflow.ts";

/** A machine's `type`, and the `level` of its logging, with the places of what is unknown or wrong in them. */
export function readSettings({ type, level, writesLogging }: WrittenSettings): ReadSettings {
  const read = [
    { at: type?.at, ...declaredType(type) },
    { at: level?.at, ...declaredLogLevel(level) },
  ] as const;
  const [{ value: known }, { value: logLevel }] = read;
  return {
    type: known,
    // Without a level it is OFF: https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
    logLevel: level === null ? (writesLogging ? "OFF" : null) : (logLevel ?? "unknown"),
    diagnostics: read.flatMap(({ at, fault }) =>
      fault === null || at === undefined ? [] : [{ ...fault, at }],
    ),
  };
}

export interface WrittenSettings {
  readonly type: PlacedSetting | null;
  readonly level: PlacedSetting | null;
  readonly writesLogging: boolean;
}

export interface PlacedSetting extends WrittenSetting {
  readonly at: Place;
}

type ReadSettings = Pick<FoundWorkflow, "type" | "logLevel" | "diagnostics">;

export function asArchitecture(text: string | null): FoundLambda["architecture"] {
  return text === "arm64" || text === "x86_64" ? text : null;
}

/** How a Task of another machine may name this one; in placeholders quotes are single. */
export function machineAliases(address: string, name: string | null): readonly string[] {
  const reference = address.replaceAll('"', "'");
  const attributes = /(?:aws_sfn|awscc_stepfunctions)_state_machine\./.test(address)
    ? ["arn", "id"]
    : ["state_machine_arn", "state_machine_id"];
  const placeholders = attributes.map((attribute) => `\${${reference}.${attribute}}`);
  return [address, ...placeholders, ...(name === null ? [] : [name])];
}
