/** The front door: a source text in, the state machine and everything wrong with it out. */
import type { Diagnostic } from "../../diagnostic.ts";
import { checkExpressions } from "./check-expressions.ts";
import { checkReachability } from "./check-reachability.ts";
import { checkStateNames } from "./check-state-names.ts";
import { checkTaskTokens } from "./check-task-token.ts";
import { checkTemplateKeys } from "./check-template-keys.ts";
import { utf8Length } from "../text/decode-text.ts";
import type { JsonValue } from "../text/json-value.ts";
import { parseStateMachine } from "./parse-state-machine.ts";
import { diagnoseProblem } from "./problem.ts";
import type { SourceText } from "../text/source-text.ts";
import type { StateMachine } from "../state-machine.ts";
import type { Locate } from "../workflow.ts";

const CHECKS = [checkReachability, checkStateNames, checkTaskTokens, checkTemplateKeys, checkExpressions];

export interface ReadDefinition {
  readonly stateMachine: StateMachine | null;
  /** Of the text, the structure, the transitions and the expressions, in the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a file that is a definition as a whole. */
export function readDefinition(source: SourceText): ReadDefinition {
  if (source.value === undefined) return { stateMachine: null, diagnostics: source.diagnostics };
  const { locate } = source;
  const read = readDefinitionValue(source.value, { locate, definitionBytes: utf8Length(source.jsonText) });
  return { ...read, diagnostics: inFileOrder([...source.diagnostics, ...read.diagnostics]) };
}

/** Reads a definition that stands at `pointer` inside another file, such as a template; `locate` knows that file's pointers. */
export function readDefinitionValue(
  value: JsonValue,
  options: { readonly locate: Locate; readonly pointer?: string; readonly definitionBytes: number },
): ReadDefinition {
  const { pointer = "", definitionBytes, locate } = options;
  const { stateMachine, problems } = parseStateMachine(value, { pointer, definitionBytes });
  const further = stateMachine === null ? [] : CHECKS.flatMap((check) => check(stateMachine));
  const diagnostics = [...problems, ...further].map((problem) => diagnoseProblem(problem, locate));
  return { stateMachine, diagnostics: inFileOrder(diagnostics) };
}

function inFileOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const order = (diagnostic: Diagnostic) => diagnostic.at ?? { line: 0, column: 0 };
  return [...diagnostics].sort(
    (one, other) => order(one).line - order(other).line || order(one).column - order(other).column,
  );
}
