/** A machine resource is a Terraform resource that makes a state machine: that of the AWS provider, or of AWS's Cloud Control. */

/** https://registry.terraform.io/providers/hashicorp/awscc/latest/docs/resources/stepfunctions_state_machine */
export const CLOUD_CONTROL_MACHINE = "awscc_stepfunctions_state_machine";

const TYPES = ["aws_sfn_state_machine", CLOUD_CONTROL_MACHINE];

export function isMachineResource(type: string): boolean {
  return TYPES.includes(type);
}

/** A cheap look. */
export function mentionsMachineResource(text: string): boolean {
  return TYPES.some((type) => text.includes(type));
}

/** What the arguments that say the same are called in each. */
export interface MachineArguments {
  readonly name: string;
  readonly type: string;
  readonly definition: string;
}

export const MACHINE_ARGUMENTS: MachineArguments = { name: "name", type: "type", definition: "definition" };

export const CLOUD_CONTROL_ARGUMENTS: MachineArguments = {
  name: "state_machine_name",
  type: "state_machine_type",
  definition: "definition_string",
};
