/** A Terraform repository in memory, and what the tests ask of the workflows found in it. */
import { findTerraformWorkflows } from "../../../src/source/terraform/find-terraform-workflows.ts";
import type { TerraformWorkflows } from "../../../src/source/terraform/find-terraform-workflows.ts";
import type { FoundWorkflow } from "../../../src/source/found-workflow.ts";
import type { JsonObject } from "../../../src/workflow/text/json-value.ts";
import { readDefinition, readDefinitionValue } from "../../../src/workflow/definition/read-definition.ts";
import { readSourceText } from "../../../src/workflow/text/source-text.ts";
import type { StateMachine } from "../../../src/workflow/state-machine.ts";

export type Files = Readonly<Record<string, string>>;

export function find(files: Files): TerraformWorkflows {
  const texts = new Map(Object.entries(files));
  return findTerraformWorkflows({ paths: [...texts.keys()], read: (path) => texts.get(path) ?? null });
}

export function findOne(files: Files): FoundWorkflow {
  const { workflows, diagnostics } = find(files);
  const [only] = workflows;
  if (only === undefined || workflows.length > 1) {
    throw new Error(`${workflows.length} workflows: ${JSON.stringify(diagnostics)}`);
  }
  return only;
}

export function machineOf({ definition }: FoundWorkflow): StateMachine {
  if (definition === null) throw new Error("There is no definition");
  const { stateMachine } =
    definition.kind === "text"
      ? readDefinition(readSourceText(definition.text, "definition.json"))
      : readDefinitionValue(definition.value, { locate: definition.locate, definitionBytes: 0 });
  if (stateMachine === null) throw new Error("The definition is not read");
  return stateMachine;
}

/** Each state's JSON by its name. */
export function statesOf(workflow: FoundWorkflow): ReadonlyMap<string, JsonObject> {
  return new Map(machineOf(workflow).states.map((state) => [state.name, state.fields]));
}

/** `file:line:column` of what stands at a pointer of the definition. */
export function placeOfPointer({ definition }: FoundWorkflow, pointer: string): string {
  if (definition === null) throw new Error("There is no definition");
  if (definition.kind === "value") return shown(definition.locate(pointer));
  const { line, column } = readSourceText(definition.text, "definition.json").locate(pointer);
  return shown(definition.place(line, column));
}

function shown(place: { file: string; line: number; column: number }): string {
  return `${place.file}:${place.line}:${place.column}`;
}
