/** A packed workflow is a workflow as plain JSON, to be taken into a page and unpacked there; what was learned while reading it stays behind. */
import type { Place } from "../diagnostic.ts";
import { statesOf } from "./state-identity.ts";
import type { Locate, Workflow } from "./workflow.ts";
import type { Workload } from "./workload/workload.ts";

export interface PackedWorkflow extends Pick<
  Workflow,
  "name" | "type" | "stateMachine" | "at" | "foundIn" | "aliases" | "surroundings"
> {
  /** Maps in it as `{ "$map": entries }`: it has no keys from strangers but those of its maps. */
  readonly workload: unknown;
  /** Where its states stand, by pointer. */
  readonly places: readonly (readonly [pointer: string, line: number, column: number])[];
}

export function packWorkflow(workflow: Workflow): PackedWorkflow {
  const { name, type, stateMachine, at, foundIn, aliases, surroundings, workload, locate } = workflow;
  return {
    name,
    type,
    stateMachine,
    at,
    foundIn,
    aliases,
    surroundings: surroundings ?? null,
    workload: JSON.parse(JSON.stringify(workload, packMap)) as unknown,
    places: [stateMachine, ...statesOf(stateMachine)].map(({ pointer }) => {
      const { line, column } = locate(pointer);
      return [pointer, line, column];
    }),
  };
}

export function unpackWorkflow({ workload, places, ...packed }: PackedWorkflow): Workflow {
  return {
    ...packed,
    workload: JSON.parse(JSON.stringify(workload), unpackMap) as Workload,
    locate: locateIn(
      packed.at,
      new Map(places.map(([pointer, line, column]) => [pointer, { line, column }])),
    ),
    diagnostics: [],
  };
}

function packMap(_key: string, value: unknown): unknown {
  return value instanceof Map ? { $map: [...(value as Map<unknown, unknown>)] } : value;
}

function unpackMap(_key: string, value: unknown): unknown {
  return isPackedMap(value) ? new Map(value.$map) : value;
}

function isPackedMap(value: unknown): value is { readonly $map: readonly (readonly [unknown, unknown])[] } {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "$map");
}

/** The place of a pointer, or of the nearest state around it. */
function locateIn(at: Place, places: ReadonlyMap<string, Pick<Place, "line" | "column">>): Locate {
  return (pointer) => {
    for (let known = pointer; known !== ""; known = known.slice(0, known.lastIndexOf("/"))) {
      const place = places.get(known);
      if (place !== undefined) return { ...at, ...place, pointer };
    }
    return { ...at, pointer };
  };
}
