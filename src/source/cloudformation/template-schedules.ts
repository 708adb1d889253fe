/** Template schedules are the rules and schedules of a template that start one of its state machines. */
import { placeAt } from "../file-text.ts";
import type { SourceText } from "../file-text.ts";
import type { FoundSchedule } from "../found-workflow.ts";
import { asText, entryAt, itemsOf, knownBoolean, knownText } from "./resolved-value.ts";
import type { ResolvedValue } from "./resolved-value.ts";
import { propertyOf } from "./template-resource.ts";
import type { TemplateResource } from "./template-resource.ts";

/**
 * A SAM machine's own events.
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-statemachine-statemachineeventsource.html
 */
export function readOwnEvents(machine: TemplateResource, source: SourceText): readonly FoundSchedule[] {
  const events = propertyOf(machine, "Events");
  const entries = events?.kind === "object" ? events.entries : [];
  return entries.flatMap(({ keyStart, value }) => {
    const properties = entryAt(value, "Properties");
    const type = knownText(entryAt(value, "Type"));
    const key = type === "ScheduleV2" ? "ScheduleExpression" : type === "Schedule" ? "Schedule" : null;
    if (key === null || properties === undefined) return [];
    return schedule(
      entryAt(properties, key),
      isEnabled(properties),
      placeAt(source, keyStart, value.at.pointer),
    );
  });
}

/** EventBridge rules and schedules whose target is the machine. */
export function findSchedules(
  machine: TemplateResource,
  aliases: readonly string[],
  surroundings: { readonly resources: readonly TemplateResource[]; readonly source: SourceText },
): readonly FoundSchedule[] {
  return surroundings.resources.flatMap((resource) => {
    if (!targetsOf(resource).some((target) => startsMachine(target, aliases))) return [];
    const enabled = knownText(propertyOf(resource, "State")) !== "DISABLED";
    const at = placeAt(surroundings.source, resource.start, resource.pointer);
    return machine.id === resource.id
      ? []
      : schedule(propertyOf(resource, "ScheduleExpression"), enabled, at);
  });
}

function targetsOf(resource: TemplateResource): readonly ResolvedValue[] {
  if (resource.type === "AWS::Events::Rule") {
    return itemsOf(propertyOf(resource, "Targets")).flatMap((target) => entryAt(target, "Arn") ?? []);
  }
  if (resource.type !== "AWS::Scheduler::Schedule") return [];
  const target = propertyOf(resource, "Target");
  const arn = entryAt(target, "Arn");
  if (arn === undefined) return [];
  // The universal target names the machine in its input.
  const universal = /:aws-sdk:sfn:start(?:Sync)?Execution$/i.test(asText(arn).text);
  const input = entryAt(target, "Input");
  return universal && input !== undefined ? [input] : [arn];
}

/** The whole ARN is one of the names, or ends in one: `…:stateMachine:${Machine.Name}`; an input holds it in quotes. */
function startsMachine(target: ResolvedValue, aliases: readonly string[]): boolean {
  const { text } = asText(target);
  return aliases.some(
    (alias) => text === alias || text.endsWith(`:stateMachine:${alias}`) || text.includes(`"${alias}"`),
  );
}

/** `Enabled: false` of Schedule, `State: DISABLED` of both. */
function isEnabled(properties: ResolvedValue): boolean {
  if (knownBoolean(entryAt(properties, "Enabled")) === false) return false;
  return knownText(entryAt(properties, "State")) !== "DISABLED";
}

function schedule(
  expression: ResolvedValue | undefined,
  enabled: boolean,
  at: FoundSchedule["at"],
): readonly FoundSchedule[] {
  return expression === undefined ? [] : [{ expression: asText(expression).text.trim(), enabled, at }];
}
