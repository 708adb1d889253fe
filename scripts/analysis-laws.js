/** Laws that every analysis obeys, whatever the definition: each gives sentences on what breaks it, none when it holds. */

const CLOSE = 1e-6;

export function isClose(a, b, tolerance = CLOSE) {
  return Math.abs(a - b) <= tolerance * Math.max(1e-9, Math.abs(a), Math.abs(b));
}

/**
 * `perExecution`, `once` and `twice`: the report of one workflow without executions, with some, and with twice as many;
 * `profile`: the execution it is made from.
 */
export function brokenLaws({ perExecution, once, twice, profile, executions }) {
  return [
    ...[perExecution, once, twice].flatMap((report) => brokenNumbers(report)),
    ...brokenTransitions(perExecution, profile),
    ...brokenFlow(profile.run),
    ...brokenPaths(perExecution),
    ...brokenBranches(perExecution),
    ...["STANDARD", "EXPRESS"].flatMap((type) =>
      brokenEstimate(type, { perExecution, once, twice, executions }),
    ),
  ];
}

/** A saving may be below zero (a type that AWS refuses is cheaper), and so is what the free tier takes off. */
const MAY_BE_NEGATIVE = /\/recommendation\/saving|\/free each month:/;

/** No NaN, no Infinity, nothing negative: found before they are written, since JSON would write null for both. */
export function brokenNumbers(report) {
  const broken = [];
  const pending = [["", report]];
  for (const [path, value] of pending) {
    if (typeof value === "number") {
      if (!Number.isFinite(value)) broken.push(`${path} is ${value}`);
      else if (value < 0 && !MAY_BE_NEGATIVE.test(path)) broken.push(`${path} is negative: ${value}`);
    } else if (value !== null && typeof value === "object") {
      const label = Array.isArray(value) ? "" : textOf(value);
      for (const [key, member] of Object.entries(value)) pending.push([`${path}/${label}${key}`, member]);
    }
  }
  if (JSON.stringify(JSON.parse(JSON.stringify(report))) !== JSON.stringify(report))
    broken.push("the report does not parse back as it was written");
  return broken;
}

function textOf({ text }) {
  return typeof text === "string" && text.startsWith("free each month") ? `${text}:/` : "";
}

function brokenTransitions({ transitions, states, durationMs }, { children }) {
  const { start, entered, retries, end, mean, p50, p90, p99, worst } = transitions;
  const counted =
    states.reduce((sum, state) => sum + state.transitions, 0) +
    children.reduce((sum, { count }) => sum + count, 0);
  return [
    ...unless(isClose(start + entered + retries + end, mean), `start to end do not sum to the mean ${mean}`),
    ...unless(
      isClose(counted + start + end, mean),
      `the states' ${counted} transitions and the start are not the mean ${mean}`,
    ),
    ...unless(
      p50 <= p90 && p90 <= p99 && (worst === null || p99 <= worst * (1 + CLOSE)),
      `quantiles of transitions fall: ${p50}, ${p90}, ${p99}, ${worst}`,
    ),
    ...unless(
      durationMs.p50 <= durationMs.p99,
      `quantiles of duration fall: ${durationMs.p50}, ${durationMs.p99}`,
    ),
  ];
}

/** As many arrivals as departures at each state, everything that starts ends, wherever scopes are nested. */
function brokenFlow({ solved, graph, unrolled, stateVisits }) {
  const { chain, visits, endless } = solved;
  const arrivals = new Float64Array(chain.arcs.length);
  arrivals[0] = 1;
  let ended = 0;
  const broken = [];
  chain.arcs.forEach((arcs, node) => {
    let leaving = 0;
    for (const { to, share } of arcs) {
      leaving += share;
      if (to >= 0) arrivals[to] += visits[node] * share;
      else ended += visits[node] * share;
    }
    const { name } = graph.nodes[unrolled.situations[node].state];
    if (arcs.length > 0 && visits[node] > 0 && !isClose(leaving, 1))
      broken.push(`the ways out of ${name} sum to ${leaving}`);
  });
  // A loop without a way out is given one, so that it has a price; the executions it swallows do not end by an arc.
  if (endless.length === 0) {
    if (!isClose(ended, 1)) broken.push(`${ended} executions end for each that starts`);
    visits.forEach((count, node) => {
      if (!isClose(arrivals[node], count)) broken.push(`${arrivals[node]} arrive and ${count} are counted`);
    });
  }
  const inner = stateVisits.flatMap(({ inside }) => inside?.runs ?? []);
  return [...broken, ...inner.flatMap((run) => (run === null ? [] : brokenFlow(run)))];
}

function brokenPaths({ paths, transitions }) {
  const listed = [...paths.shown, ...paths.failurePaths];
  const share = listed.reduce((sum, path) => sum + path.share, 0);
  const all =
    BigInt(paths.shown.length) === BigInt(paths.count) &&
    BigInt(paths.failurePaths.length) === BigInt(paths.failureCount);
  const mean = listed.reduce((sum, path) => sum + path.share * path.transitions, 0);
  return [
    ...unless(BigInt(paths.shown.length) <= BigInt(paths.count), "more paths shown than counted"),
    ...unless(share <= 1 + CLOSE, `the paths' shares sum to ${share}`),
    ...unless(
      isClose(Math.min(1, share), paths.shownShare),
      `${paths.shownShare} of executions shown, not ${share}`,
    ),
    // With every path listed, their shares are all executions, and their transitions are the mean.
    ...unless(
      !all || transitions.unboundedBy.length > 0 || isClose(share, 1),
      `all paths shown cover ${share}`,
    ),
    ...unless(
      !all || !isClose(share, 1) || isClose(mean, transitions.mean, 1e-5),
      `the paths' ${mean} transitions are not the mean ${transitions.mean}`,
    ),
  ];
}

function brokenBranches({ branches }) {
  return branches.flatMap(({ state, to, share }) =>
    unless(share >= 0 && share <= 1 + CLOSE, `the share of ${state} that goes to ${to} is ${share}`),
  );
}

function brokenEstimate(type, { perExecution, once, twice, executions }) {
  const [alone, one, two] = [perExecution, once, twice].map(({ estimates }) => estimates[type]);
  const within = (low, value, high) =>
    value === null || (low <= value * (1 + CLOSE) && value <= high * (1 + CLOSE));
  const doubled = ["transitionsPerMonth", "requestsPerMonth", "gbSeconds"].flatMap((key) =>
    unless(isClose(one[key] * 2, two[key]), `${type}: ${key} ${one[key]} does not double: ${two[key]}`),
  );
  return [
    ...doubled,
    ...unless(
      sums(alone.lineItems, alone.costPerExecution),
      `${type}: line items are not the cost of one execution`,
    ),
    ...unless(sums(one.lineItems, one.monthlyCost), `${type}: line items are not the month at ${executions}`),
    ...unless(
      within(alone.lowPerExecution, alone.costPerExecution, alone.highPerExecution),
      `${type}: ${alone.costPerExecution} is not within ${alone.lowPerExecution} to ${alone.highPerExecution}`,
    ),
    ...unless(
      within(one.low, one.monthlyCost, one.high),
      `${type}: ${one.monthlyCost} is not within ${one.low} to ${one.high}`,
    ),
    ...unless(
      one.monthlyCost <= two.monthlyCost * (1 + CLOSE),
      `${type}: twice the executions cost less: ${one.monthlyCost}, ${two.monthlyCost}`,
    ),
    ...unless(
      alone.billedMemoryMB >= 64 && alone.billedMemoryMB % 64 === 0,
      `${type}: ${alone.billedMemoryMB} MB is not a multiple of 64`,
    ),
    ...unless(alone.billedDurationMs >= 100, `${type}: ${alone.billedDurationMs} ms is below 100`),
  ];
}

function sums(items, total) {
  if (items.some(({ cost }) => cost === null)) return total === null;
  return isClose(
    items.reduce((sum, { cost }) => sum + cost, 0),
    total,
  );
}

function unless(holds, sentence) {
  return holds ? [] : [sentence];
}
