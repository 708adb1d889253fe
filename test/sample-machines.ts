/** Small state machines by their shape, for tests whose point is the numbers. */

type Fields = Readonly<Record<string, unknown>>;

/** States in a row, in the order given. */
export function chain(states: Readonly<Record<string, Fields>>): Fields {
  const names = Object.keys(states);
  const linked = names.map((name, at) => {
    const link = at === names.length - 1 ? { End: true } : { Next: names[at + 1] };
    return [name, { ...states[name], ...link }] as const;
  });
  return { StartAt: names[0], States: Object.fromEntries(linked) };
}

export function passes(count: number): Fields {
  return chain(
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`Pass ${at + 1}`, { Type: "Pass" }])),
  );
}

export function lambda(name: string): Fields {
  return {
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Parameters: { FunctionName: name, "Payload.$": "$" },
  };
}

/** Tasks in a row, named "Task 1", "Task 2", … */
export function tasks(count: number): Fields {
  return chain(
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [`Task ${at + 1}`, lambda(`function-${at + 1}`)]),
    ),
  );
}

export function inlineMap(processor: Fields): Fields {
  return { Type: "Map", ItemProcessor: processor };
}

export function distributedMap(type: "STANDARD" | "EXPRESS", processor: Fields, batch?: number): Fields {
  return {
    Type: "Map",
    ...(batch === undefined ? {} : { ItemBatcher: { MaxItemsPerBatch: batch } }),
    ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: type }, ...processor },
  };
}
