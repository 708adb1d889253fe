/** A template scope is what a template's functions can refer to: parameters, mappings, conditions and the stack around them. */
import type { Severity } from "../../diagnostic.ts";
import { shown } from "../../workflow/definition/field-reader.ts";
import type { ResolvedValue } from "./resolved-value.ts";
import { entriesOf, textOf, valueAt } from "../../workflow/yaml/value-node.ts";
import type { ValueNode } from "../../workflow/yaml/value-node.ts";

export interface TemplateScope {
  /** The template's text, to map scalars to. */
  readonly source: string;
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  readonly mappings: ValueNode | undefined;
  readonly conditions: ReadonlyMap<string, ValueNode>;
  /** Logical ids of Step Functions activities: the form of their ARN tells a Task that it waits for a worker. */
  readonly activities: ReadonlySet<string>;
  /** Pseudo parameters whose value is known, such as `AWS::Region`. */
  readonly pseudo: ReadonlyMap<string, string>;
  /** Conditions being worked out: one that comes upon itself has no value. */
  readonly openConditions: ReadonlySet<string>;
  /** True inside a condition: values are compared, never shown, so secrets count and the partition is AWS's main one. */
  readonly comparing: boolean;
  readonly report: ReportFault;
  /** `resolveValue`; handed along because values hold conditions and conditions compare values. */
  readonly resolve: (node: ValueNode, scope: TemplateScope) => ResolvedValue;
}

export interface ParameterValue {
  /** Null when neither a default nor the user gives one. */
  readonly text: string | null;
  readonly type: "text" | "number" | "list";
  /** NoEcho: its value must never be shown. */
  readonly secret: boolean;
}

export interface ScopeFault {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly at: { readonly start: number; readonly pointer: string };
  readonly hint: string | null;
}

export type ReportFault = (fault: ScopeFault) => void;

export interface GivenValues {
  /** By parameter's name; they stand over the template's defaults. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Null leaves `AWS::Region` and what follows from it open. */
  readonly region: string | null;
}

export function openScope(
  root: ValueNode,
  given: GivenValues,
  tools: Pick<TemplateScope, "source" | "report" | "resolve">,
): TemplateScope {
  const conditions = entriesOf(valueAt(root, "Conditions")).map((entry) => [entry.key, entry.value] as const);
  return {
    ...tools,
    parameters: readParameters(root, given.parameters),
    mappings: valueAt(root, "Mappings"),
    conditions: new Map(conditions),
    activities: listActivities(root),
    pseudo: pseudoParameters(given.region),
    openConditions: new Set(),
    comparing: false,
  };
}

function listActivities(root: ValueNode): ReadonlySet<string> {
  const resources = entriesOf(valueAt(root, "Resources"));
  const activities = resources.filter(
    ({ value }) => textOf(valueAt(value, "Type")) === "AWS::StepFunctions::Activity",
  );
  return new Set(activities.map((entry) => entry.key));
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html */
function readParameters(root: ValueNode, given: ReadonlyMap<string, string>): Map<string, ParameterValue> {
  const parameters = entriesOf(valueAt(root, "Parameters")).map(({ key, value }) => {
    const type = textOf(valueAt(value, "Type")) ?? "String";
    // Its default is the name of a Systems Manager parameter, whose value only AWS knows.
    const fallback = type.startsWith("AWS::SSM::Parameter::Value") ? null : textOf(valueAt(value, "Default"));
    const secret = textOf(valueAt(value, "NoEcho"))?.toLowerCase() === "true";
    return [key, { text: given.get(key) ?? fallback, type: shapeOf(type), secret }] as const;
  });
  return new Map(parameters);
}

/** Values given by the user that the template does not allow: CloudFormation would refuse them. */
export function refusedValues(root: ValueNode, { parameters }: GivenValues): readonly ScopeFault[] {
  return entriesOf(valueAt(root, "Parameters")).flatMap(({ key, keyStart, value }): readonly ScopeFault[] => {
    const given = parameters.get(key);
    const allowed = valueAt(value, "AllowedValues");
    if (given === undefined || allowed?.kind !== "list") return [];
    const values = allowed.items.flatMap((item) => textOf(item) ?? []);
    const isList = shapeOf(textOf(valueAt(value, "Type")) ?? "String") === "list";
    const parts = isList ? given.split(",").map((part) => part.trim()) : [given];
    if (parts.every((part) => values.includes(part))) return [];
    const isSecret = textOf(valueAt(value, "NoEcho"))?.toLowerCase() === "true";
    const what = isSecret ? "the value" : shown(given);
    return [
      {
        code: "refused-parameter",
        severity: "warning",
        message: `The parameter ${shown(key)} does not allow ${what} that --parameter gives.`,
        at: { start: keyStart, pointer: value.pointer },
        hint: `It allows ${values.map(shown).join(", ")}.`,
      },
    ];
  });
}

function shapeOf(type: string): ParameterValue["type"] {
  if (type === "CommaDelimitedList" || type.includes("List<")) return "list";
  return type === "Number" ? "number" : "text";
}

/** What a condition takes when no region is given: nearly every stack runs in the partition `aws`. */
export const COMMON_PARTITION: ReadonlyMap<string, string> = new Map([
  ["AWS::Partition", "aws"],
  ["AWS::URLSuffix", "amazonaws.com"],
]);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
function pseudoParameters(region: string | null): ReadonlyMap<string, string> {
  if (region === null) return new Map();
  const [partition, suffix] = partitionOf(region);
  return new Map([
    ["AWS::Region", region],
    ["AWS::Partition", partition],
    ["AWS::URLSuffix", suffix],
  ]);
}

function partitionOf(region: string): readonly [partition: string, urlSuffix: string] {
  if (region.startsWith("cn-")) return ["aws-cn", "amazonaws.com.cn"];
  return [region.startsWith("us-gov-") ? "aws-us-gov" : "aws", "amazonaws.com"];
}
