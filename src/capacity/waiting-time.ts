/**
 * A waiting time is how long a request waits in line, on average, for one of several places, where requests come at
 * random (Poisson) and are served in their order. M/D/c by Spitzer's identity (Crommelin 1934), exact; near saturation
 * by Cosmetatos (1975), which in these cases is within two per cent. M/M/c by Erlang's C formula.
 */
import { logFactorial } from "../graph/binomial-tail.ts";

export interface Line {
  /** Requests served at once. */
  readonly places: number;
  /** Offered load: arrivals per second × seconds of service; below `places`, or the line grows without end. */
  readonly load: number;
  readonly serviceMs: number;
}

export interface Wait {
  readonly meanMs: number;
  /** Share of requests that wait at all. */
  readonly waits: number;
  readonly basis: "exact" | "approximate";
}

/** Terms past which the series is left for the approximation: they fall slowly only near saturation. */
const MOST_TERMS = 5_000;
const NEGLIGIBLE = 1e-12;

/** Every request takes equally long: the least wait there is for such a load. */
export function constantServiceWait(line: Line): Wait {
  const { places, load, serviceMs } = line;
  if (load === 0) return { meanMs: 0, waits: 0, basis: "exact" };
  const use = load / places;
  if (places === 1) return { meanMs: (serviceMs * use) / (2 * (1 - use)), waits: use, basis: "exact" };
  // E[(n·service − n·places arrivals)⁺] / n, and the chance that it is above 0, for n = 1, 2, …
  let [wait, log] = [0, 0];
  for (let n = 1; n <= MOST_TERMS; n++) {
    const above = poissonTail(n * load, n * places);
    const term = above - (above - poissonMass(n * load, n * places)) / use;
    wait += term;
    log += above / n;
    if (above < NEGLIGIBLE * log)
      return { meanMs: serviceMs * wait, waits: -Math.expm1(-log), basis: "exact" };
  }
  const memoryless = memorylessServiceWait(line);
  const closer = ((1 - use) * (places - 1) * (Math.sqrt(4 + 5 * places) - 2)) / (16 * use * places);
  return { meanMs: (memoryless.meanMs / 2) * (1 + closer), waits: memoryless.waits, basis: "approximate" };
}

/** Times of service without memory (exponential): they vary as much as their mean, and lines are about twice as long. */
export function memorylessServiceWait({ places, load, serviceMs }: Line): Wait {
  let blocked = 1;
  for (let k = 1; k <= places; k++) blocked = (load * blocked) / (k + load * blocked);
  const use = load / places;
  const waits = blocked / (1 - use * (1 - blocked));
  return { meanMs: (waits * serviceMs) / (places * (1 - use)), waits, basis: "exact" };
}

function poissonMass(mean: number, k: number): number {
  return Math.exp(k * Math.log(mean) - mean - logFactorial(k));
}

/** P(N ≥ from), for `from` above the mean: terms fall geometrically. */
function poissonTail(mean: number, from: number): number {
  let [term, sum] = [poissonMass(mean, from), 0];
  for (let k = from; term > sum * 1e-17; k++) {
    sum += term;
    term *= mean / (k + 1);
  }
  return sum;
}
