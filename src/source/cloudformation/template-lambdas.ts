/** Template lambdas are the functions a template declares, with every name under which a Task of the template may call them. */
import { placeAt } from "../file-text.ts";
import type { SourceText } from "../file-text.ts";
import type { FoundLambda } from "../found-workflow.ts";
import { asText, itemsOf, knownNumber, knownText } from "./resolved-value.ts";
import { propertyOf } from "./template-resource.ts";
import type { TemplateResource } from "./template-resource.ts";

const FUNCTION_TYPE = /^AWS::(?:Serverless|Lambda)::Function$/;
const ALIAS_TYPE = /^AWS::Lambda::(?:Alias|Version)$/;

export function findLambdas(
  resources: readonly TemplateResource[],
  source: SourceText,
): readonly FoundLambda[] {
  const pointers = resources.filter((resource) => ALIAS_TYPE.test(resource.type)).map(readAlias);
  return resources
    .filter((resource) => FUNCTION_TYPE.test(resource.type))
    .map((resource) => readLambda(resource, pointers, source));
}

interface FunctionAlias {
  readonly id: string;
  /** The placeholder or the name that it gives as FunctionName. */
  readonly functionName: string;
}

function readAlias(resource: TemplateResource): FunctionAlias {
  const target = propertyOf(resource, "FunctionName");
  return { id: resource.id, functionName: target === undefined ? "" : asText(target).text };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html */
function readLambda(
  resource: TemplateResource,
  aliases: readonly FunctionAlias[],
  source: SourceText,
): FoundLambda {
  const name = knownText(propertyOf(resource, "FunctionName"));
  const own = name === null ? [resource.id] : [resource.id, name];
  const pointing = aliases.filter(({ functionName }) =>
    own.some(
      (candidate) =>
        functionName === candidate || new RegExp(`^\\$\\{${escape(candidate)}[.}]`).test(functionName),
    ),
  );
  const architecture = knownText(itemsOf(propertyOf(resource, "Architectures"))[0]);
  return {
    names: [...own, ...pointing.map((alias) => alias.id)],
    memoryMB: knownNumber(propertyOf(resource, "MemorySize")),
    architecture: architecture === "arm64" || architecture === "x86_64" ? architecture : null,
    timeoutSeconds: knownNumber(propertyOf(resource, "Timeout")),
    at: placeAt(source, resource.start, resource.pointer),
  };
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
