/**
 * A flow is a computation that runs straight through and yields only where it must wait for a promise:
 * a workflow without JSONata never yields, so acting it out costs no turn of the event loop.
 */
export type Flow<T> = Generator<Promise<unknown>, T, unknown>;

/** Runs a flow, awaiting what it yields. */
export async function settleFlow<T>(flow: Flow<T>): Promise<T> {
  let step = flow.next();
  while (!step.done) {
    let value: unknown;
    try {
      value = await step.value;
    } catch (error) {
      step = flow.throw(error);
      continue;
    }
    step = flow.next(value);
  }
  return step.value;
}
