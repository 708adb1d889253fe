/** A collection run is what all its parts share: the request, the journal, what failed, and when to stop trying. */
import type { Diagnostic } from "../diagnostic.ts";
import type { EarlierDefinitions } from "../observation/earlier-definitions.ts";
import type { CollectionPeriod, CollectionRequest } from "../observation/fleet-collection.ts";
import type { AwsWorld } from "./aws-world.ts";
import type { CallSlots } from "./call-slots.ts";
import { type CallFailure, diagnoseFailure, failureOf } from "./call-failure.ts";
import type { Journal, Tally } from "./collect-journal.ts";

export interface CollectionRun {
  readonly request: CollectionRequest;
  readonly period: CollectionPeriod;
  readonly world: AwsWorld;
  readonly journal: Journal;
  readonly failures: FailedPart[];
  /** Why no more calls are made, by access (credentials) or by access and region (network). */
  readonly stopped: Map<string, CallFailure>;
  readonly progress: (text: string) => void;
  /** For GetMetricData, whose answers hold up to a month of 500 metrics. */
  readonly measuring: CallSlots;
  readonly earlier: EarlierDefinitions;
}

export interface FailedPart {
  /** Where and what, such as `eu-west-1: the definition of`. */
  readonly what: string;
  /** One of several of its kind, such as a machine's name; null when it stands alone. */
  readonly name: string | null;
  readonly failure: CallFailure;
}

export interface Part<T> {
  /** Names it in the journal. */
  readonly key: string;
  /** IAM action of its first call. */
  readonly action: string;
  readonly access: string;
  readonly region: string;
  readonly what: string;
  readonly name?: string;
  readonly read: (tally: Tally) => Promise<T>;
}

/** The part, from the journal or from AWS; null when it cannot be read, and why is remembered. */
export async function readPart<T>(run: CollectionRun, part: Part<T>): Promise<T | null> {
  const { access, region, what, name = null } = part;
  const place = `${access} ${region}`;
  try {
    return await run.journal.part(part.key, async (tally) => {
      const stopped = run.stopped.get(access) ?? run.stopped.get(place);
      if (stopped !== undefined) throw new Stopped(stopped);
      return part.read(tally);
    });
  } catch (error) {
    const failure = error instanceof Stopped ? error.failure : failureOf(error, part.action);
    // An optional region that is not enabled refuses credentials that others take.
    if (failure.kind === "credentials" || failure.kind === "unreachable") run.stopped.set(place, failure);
    run.failures.push({ what, name, failure });
    return null;
  }
}

class Stopped extends Error {
  readonly failure: CallFailure;

  constructor(failure: CallFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

const NAMED = 3;

/** One diagnostic for all parts of a kind that failed for the same reason. */
export function diagnoseFailures(failures: readonly FailedPart[]): readonly Diagnostic[] {
  const groups = new Map<string, FailedPart[]>();
  for (const failed of failures) {
    const key = JSON.stringify([failed.what, failed.failure.kind, failed.failure.message]);
    groups.set(key, [...(groups.get(key) ?? []), failed]);
  }
  const diagnostics = [...groups.values()].map((group) => {
    const [first] = group;
    const names = group.flatMap(({ name }) => name ?? []).sort();
    const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
    const named = names.length === 0 ? "" : ` ${names.slice(0, NAMED).join(", ")}${more}`;
    return diagnoseFailure(`${first!.what}${named}`, first!.failure);
  });
  return diagnostics.sort((a, b) => (a.message < b.message ? -1 : 1));
}
