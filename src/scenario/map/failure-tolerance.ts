/** Failure tolerance is how many failed items a Distributed Map bears before its run fails. */

export interface Tolerance {
  /** Null when not given; with neither given, no failure is tolerated. */
  readonly count: number | null;
  readonly percentage: number | null;
}

export interface FailureWatch {
  readonly fail: (atMs: number, items: number) => void;
  /** When the failures so far pass what is tolerated; null when they do not. */
  readonly exceededAt: () => number | null;
}

interface Failure {
  readonly atMs: number;
  readonly items: number;
}

/** Failures may be told in any order of time. */
export function watchFailures({ count, percentage }: Tolerance, total: number): FailureWatch {
  const byCount = count ?? (percentage === null ? 0 : Infinity);
  const byPercentage = percentage === null ? Infinity : (percentage / 100) * total;
  const most = Math.min(byCount, byPercentage);
  let failures: Failure[] = [];
  let failed = 0;
  let exceeded: number | null = null;
  return {
    exceededAt: () => exceeded,
    fail: (atMs, items) => {
      if (exceeded !== null && atMs >= exceeded) return;
      failures.push({ atMs, items });
      failed += items;
      if (failed <= most) return;
      exceeded = momentOfExcess(failures, most);
      // Later failures cannot matter any more.
      failures = failures.filter((failure) => failure.atMs <= (exceeded ?? Infinity));
      failed = failures.reduce((sum, failure) => sum + failure.items, 0);
    },
  };
}

function momentOfExcess(failures: readonly Failure[], most: number): number | null {
  let items = 0;
  for (const failure of [...failures].sort((a, b) => a.atMs - b.atMs)) {
    items += failure.items;
    if (items > most) return failure.atMs;
  }
  return null;
}
