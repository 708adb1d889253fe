/**
 * A written child is the definition of an Express state machine that does what a region did: its states as they
 * were, a Pass before them that opens the input, and where variables go back, a Pass after them that packs them.
 */
import type { QueryLanguage, State } from "../../workflow/state-machine.ts";
import { type JsonObject, type JsonValue, isJsonObject } from "../../workflow/text/json-value.ts";
import { turnContext } from "./context-use.ts";
import type { CutData } from "./cut-data.ts";
import { openNames } from "./split-names.ts";

export interface ChildWriting {
  readonly comment: string;
  /** The region's states, its entry first, and those its failures lead to. */
  readonly states: readonly State[];
  /** Name of the state where the region is left for; null = it ends its scope. */
  readonly exit: string | null;
  readonly language: QueryLanguage;
  readonly data: CutData;
  readonly contextVariable: string;
  readonly mapAround: boolean;
}

export function writeChild(writing: ChildWriting): JsonObject {
  const { states, language, data, contextVariable, mapAround, exit } = writing;
  const entry = states[0]!.name;
  const turned = states.map((state) => turnContext(state, { variable: contextVariable, mapAround }).fields);
  const names = openNames(states.map(({ name }) => name));
  const open = names.take("Open Input");
  const close = names.take("Return");
  const needsReturn =
    data.returned.length > 0 || (exit !== null && turned.some((fields) => leadsBySide(fields, exit)));
  const left = (fields: JsonObject): JsonObject => leavingFor(fields, exit, needsReturn ? close : null);
  const own = states.map(({ name }, at): [string, JsonObject] => [name, left(turned[at]!)]);
  return {
    Comment: writing.comment,
    ...(language === "JSONata" ? { QueryLanguage: language } : {}),
    StartAt: open,
    States: Object.fromEntries([
      [open, openInput(writing, entry)],
      ...own,
      ...(needsReturn ? [[close, returnState(writing)] as const] : []),
    ]),
  };
}

/** States of the cut's own making are JSONata, whatever the machine is. */
export function inJsonata(language: QueryLanguage): JsonObject {
  return language === "JSONata" ? {} : { QueryLanguage: "JSONata" };
}

function openInput({ data, contextVariable, language }: ChildWriting, next: string): JsonObject {
  const given = data.given.map((name) => [name, `{% $states.input.variables.${name} %}`]);
  const context = data.context.length === 0 ? [] : [[contextVariable, "{% $states.input.context %}"]];
  const assign = [...given, ...context];
  return {
    Type: "Pass",
    ...inJsonata(language),
    ...(assign.length === 0 ? {} : { Assign: Object.fromEntries(assign) as JsonObject }),
    Output: "{% $states.input.input %}",
    Next: next,
  };
}

function returnState({ data, language }: ChildWriting): JsonObject {
  if (data.returned.length === 0) return { Type: "Succeed" };
  const variables = Object.fromEntries(data.returned.map((name) => [name, `{% $${name} %}`]));
  return {
    Type: "Pass",
    ...inJsonata(language),
    Output: { output: "{% $states.input %}", variables },
    End: true,
  };
}

/** Whether it may go there by a Choice or a Catcher, which cannot end. */
function leadsBySide(fields: JsonObject, exit: string): boolean {
  return fields["Default"] === exit || partsOf(fields).some((part) => part["Next"] === exit);
}

function partsOf(fields: JsonObject): readonly JsonObject[] {
  const parts = (key: string): readonly JsonValue[] => {
    const value = fields[key];
    return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
  };
  return [...parts("Choices"), ...parts("Catch")].filter(isJsonObject);
}

/** Ways to the exit end the child, or lead to the state that returns. */
function leavingFor(fields: JsonObject, exit: string | null, close: string | null): JsonObject {
  if (exit === null) return fields;
  const { Next: next, ...others } = fields;
  const ended = next === exit && close === null ? { ...others, End: true } : fields;
  return redirected(ended, (name) => (name === exit && close !== null ? close : name));
}

/** A state with other names where it names states to come. */
export function redirected(fields: JsonObject, nameOf: (name: string) => string): JsonObject {
  const part = (value: JsonValue): JsonValue =>
    isJsonObject(value) && typeof value["Next"] === "string"
      ? { ...value, Next: nameOf(value["Next"]) }
      : value;
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => {
      if ((key === "Next" || key === "Default") && typeof value === "string") return [key, nameOf(value)];
      if ((key === "Choices" || key === "Catch") && Array.isArray(value))
        return [key, (value as readonly JsonValue[]).map(part)];
      return [key, value];
    }),
  );
}
