/** Machine names are told apart, where several have the same one, by where they live. */
import type { MonthlyReport } from "../../report/monthly/monthly-report.ts";

export function machineNames({ machines, movers }: MonthlyReport): (arn: string, name: string) => string {
  const arns = new Map<string, Set<string>>();
  for (const { arn, name } of [...machines, ...movers])
    arns.set(name, (arns.get(name) ?? new Set()).add(arn));
  return (arn, name) => {
    if ((arns.get(name)?.size ?? 0) < 2) return name;
    const [, , , region, account] = arn.split(":");
    return `${name}@${account ?? ""}/${region ?? ""}`;
  };
}
