/** Template surroundings are what stands beside a machine in its template: how it is watched, and whether it logs and traces. */
import type { AlarmedMetric, Surroundings } from "../../workflow/workflow.ts";
import { asText, entryAt, itemsOf, knownText } from "./resolved-value.ts";
import type { ResolvedValue } from "./resolved-value.ts";
import { propertyOf } from "./template-resource.ts";
import type { TemplateResource } from "./template-resource.ts";

export function findSurroundings(
  machine: TemplateResource,
  aliases: readonly string[],
  { resources, logging, tracing }: Around,
): Surroundings {
  return {
    resource: machine.id,
    writesLogging: logging !== undefined,
    writesTracing: tracing !== undefined,
    alarms: resources
      .filter(({ type }) => type === "AWS::CloudWatch::Alarm")
      .flatMap((alarm) => alarmedMetrics(alarm, aliases)),
  };
}

interface Around {
  readonly resources: readonly TemplateResource[];
  readonly logging: ResolvedValue | undefined;
  readonly tracing: ResolvedValue | undefined;
}

/** An alarm has one metric, or several that it reckons with. */
function alarmedMetrics(alarm: TemplateResource, aliases: readonly string[]): readonly AlarmedMetric[] {
  const own = {
    namespace: propertyOf(alarm, "Namespace"),
    metric: propertyOf(alarm, "MetricName"),
    dimensions: propertyOf(alarm, "Dimensions"),
  };
  const reckoned = itemsOf(propertyOf(alarm, "Metrics")).map((query) => ({
    namespace: entryAt(query, "MetricStat", "Metric", "Namespace"),
    metric: entryAt(query, "MetricStat", "Metric", "MetricName"),
    dimensions: entryAt(query, "MetricStat", "Metric", "Dimensions"),
  }));
  return [own, ...reckoned].flatMap(({ namespace, metric, dimensions }) => {
    if (namespace === undefined || metric === undefined || knownText(namespace) !== "AWS/States") return [];
    const values = itemsOf(dimensions)
      .filter((dimension) => knownText(entryAt(dimension, "Name")) === "StateMachineArn")
      .flatMap((dimension) => entryAt(dimension, "Value") ?? []);
    return values.flatMap((value): readonly AlarmedMetric[] => {
      const watched = watchedBy(asText(value).text, aliases);
      return watched === null ? [] : [{ metric: knownText(metric), label: watched.label }];
    });
  });
}

/** The machine's ARN, or that with a Map Run's label behind it; null for another machine. */
function watchedBy(arn: string, aliases: readonly string[]): { readonly label: string | null } | null {
  const [, own = arn, label = null] = /^(.*[^/])\/([^/{}]+)$/s.exec(arn) ?? [];
  const isOwn = aliases.some((alias) => own === alias || own.endsWith(`:stateMachine:${alias}`));
  return isOwn ? { label } : null;
}
