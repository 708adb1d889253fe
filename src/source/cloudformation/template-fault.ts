/** A template fault is what is wrong at an offset of a template's text, before the offset is turned into a place. */
import type { Severity } from "../../diagnostic.ts";
import { shown } from "../../workflow/definition/field-reader.ts";
import type { MapEntry, ValueNode } from "../../workflow/yaml/value-node.ts";

export interface TemplateFault {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly offset: number;
  readonly hint: string | null;
}

export interface ReadTemplate {
  /** Null when it cannot be read; `faults` then say why. */
  readonly root: ValueNode | null;
  readonly faults: readonly TemplateFault[];
}

/** So many mistakes of YAML are told of one template. */
export const MAX_SYNTAX_FAULTS = 5;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-base64.html */
export function secondTag(offset: number): TemplateFault {
  return {
    code: "template-syntax",
    severity: "error",
    message: "The template is not valid YAML: A node can have at most one tag.",
    offset,
    hint: 'Of a function within a function, write one in full: "Fn::GetAZs: !Ref AWS::Region" for "!GetAZs !Ref AWS::Region".',
  };
}

export function copiedKey({ key, keyStart }: MapEntry): TemplateFault {
  const message = `The key ${shown(key)} stands twice in one map; the last one is taken.`;
  return {
    code: "duplicate-template-key",
    severity: "warning",
    message,
    offset: keyStart,
    hint: "Remove or rename one.",
  };
}

/** What is told of a template's text, in the order of its lines. */
export function syntaxFaults(
  strayLines: readonly number[],
  others: readonly TemplateFault[],
): readonly TemplateFault[] {
  return [...strayLines.map(strayLine), ...others]
    .toSorted((a, b) => a.offset - b.offset)
    .slice(0, MAX_SYNTAX_FAULTS);
}

function strayLine(offset: number): TemplateFault {
  return {
    code: "template-syntax",
    severity: "error",
    message: "The template is not valid YAML: This line is neither a key nor part of the text above it.",
    offset,
    hint: "Indent each line of a text more than the key that it belongs to.",
  };
}
