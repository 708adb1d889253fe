/** What a Terraform machine's arguments mean, whether from a configuration, a plan or a state. */
import type { FoundLambda } from "../found-workflow.ts";
import type { WorkflowType } from "../../workflow/state-machine.ts";
import type { LogLevel } from "../../workflow/workload/workload.ts";

export function asWorkflowType(text: string | null): WorkflowType | null {
  const type = text?.toUpperCase();
  return type === "STANDARD" || type === "EXPRESS" ? type : null;
}

const LOG_LEVELS: readonly LogLevel[] = ["ALL", "ERROR", "FATAL", "OFF"];

export function asLogLevel(text: string | null): LogLevel | null {
  return LOG_LEVELS.find((level) => level === text?.toUpperCase()) ?? null;
}

export function asArchitecture(text: string | null): FoundLambda["architecture"] {
  return text === "arm64" || text === "x86_64" ? text : null;
}

/** How a Task of another machine may name this one; in placeholders quotes are single. */
export function machineAliases(address: string, name: string | null): readonly string[] {
  const reference = address.replaceAll('"', "'");
  const attributes = address.includes("aws_sfn_state_machine.")
    ? ["arn", "id"]
    : ["state_machine_arn", "state_machine_id"];
  const placeholders = attributes.map((attribute) => `\${${reference}.${attribute}}`);
  return [address, ...placeholders, ...(name === null ? [] : [name])];
}
