/** Machine names are told apart, where several have the same one, by where they live. */
export interface NamedMachine {
  readonly arn: string;
  readonly name: string;
}

type NameOf = (arn: string, name: string) => string;

export function machineNames({
  machines,
  movers,
  change,
  unread,
}: Readonly<Record<"machines" | "movers" | "unread", readonly NamedMachine[]>> & {
  readonly change: { readonly leftOut: readonly NamedMachine[] } | null;
}): NameOf {
  return namesApart([...machines, ...movers, ...unread, ...(change?.leftOut ?? [])]);
}

export function namesApart(machines: readonly NamedMachine[]): NameOf {
  const arns = new Map<string, Set<string>>();
  for (const { arn, name } of machines) arns.set(name, (arns.get(name) ?? new Set()).add(arn));
  return (arn, name) => {
    if ((arns.get(name)?.size ?? 0) < 2) return name;
    const [, , , region, account] = arn.split(":");
    return `${name}@${account ?? ""}/${region ?? ""}`;
  };
}
