/** Definition drift is how a definition here differs from the one deployed: states added, missing and changed. */
import { scopesOf } from "../workflow/definition/check-reachability.ts";
import { isJsonObject } from "../workflow/text/json-value.ts";
import type { JsonValue } from "../workflow/text/json-value.ts";
import type { Scope, State } from "../workflow/state-machine.ts";

export interface DefinitionDrift {
  readonly onlyHere: readonly string[];
  readonly onlyDeployed: readonly string[];
  readonly changed: readonly string[];
}

/** Null when both say the same. Placeholders that a deployment fills in, `${Function.Arn}`, match anything. */
export function compareDefinitions(here: Scope, deployed: Scope): DefinitionDrift | null {
  const [mine, theirs] = [statesOf(here), statesOf(deployed)];
  const onlyHere = [...mine.keys()].filter((name) => !theirs.has(name));
  const onlyDeployed = [...theirs.keys()].filter((name) => !mine.has(name));
  const changed = [...mine].flatMap(([name, state]) => {
    const other = theirs.get(name);
    return other === undefined || sameJson(state.fields, other.fields) ? [] : [name];
  });
  const same = onlyHere.length + onlyDeployed.length + changed.length === 0;
  return same && here.startAt === deployed.startAt ? null : { onlyHere, onlyDeployed, changed };
}

/** Share of all states that both have, by name and type: 0 to 1. */
export function similarityOf(here: Scope, deployed: Scope): number {
  const [mine, theirs] = [statesOf(here), statesOf(deployed)];
  const both = [...mine].filter(([name, { type }]) => theirs.get(name)?.type === type).length;
  const all = mine.size + theirs.size - both;
  return all === 0 ? 0 : both / all;
}

function statesOf(machine: Scope): ReadonlyMap<string, State> {
  return new Map(
    scopesOf(machine).flatMap((scope) => scope.states.map((state) => [state.name, state] as const)),
  );
}

/** What holds states of its own is compared state by state, not here; comments say nothing about what runs. */
const NOT_COMPARED: ReadonlySet<string> = new Set(["Branches", "ItemProcessor", "Iterator", "Comment"]);

/** Without recursion: how deep a value nests is the writer's choice. */
function sameJson(here: JsonValue, deployed: JsonValue): boolean {
  const open: [JsonValue | undefined, JsonValue | undefined][] = [[here, deployed]];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [one, other] = pair;
    if (typeof one === "string" && one.includes("${")) continue;
    if (Array.isArray(one) && Array.isArray(other) && one.length === other.length) {
      one.forEach((item: JsonValue, index) => open.push([item, other[index] as JsonValue]));
    } else if (isJsonObject(one) && isJsonObject(other)) {
      const keys = new Set(
        [...Object.keys(one), ...Object.keys(other)].filter((key) => !NOT_COMPARED.has(key)),
      );
      for (const key of keys) {
        open.push([
          Object.hasOwn(one, key) ? one[key] : undefined,
          Object.hasOwn(other, key) ? other[key] : undefined,
        ]);
      }
    } else if (one !== other) return false;
  }
  return true;
}
