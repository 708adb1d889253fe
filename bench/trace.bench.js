/** Executions acted out: ten states, 1,000 times a round, beside jsonata alone evaluating as many expressions. */
import jsonata from "jsonata";
import { importSource } from "../scripts/import-source.js";

const STATES = 10;
const TRACES = 1_000;

export async function prepare() {
  const { trace } = await importSource({ trace: "src/scenario/execution-trace.ts" });
  const alone = jsonata("{'total': $states.input.total + 1}");
  const act = async (definition) => {
    for (let seed = 0; seed < TRACES; seed += 1) {
      const { status } = await trace.traceExecution(definition, { input: { total: seed }, seed });
      if (status !== "SUCCEEDED") throw new Error(`the trace ended ${status}`);
    }
  };
  return {
    title: `traces: ${TRACES} executions of ${STATES} states`,
    rounds: 5,
    contenders: {
      "trace, JSONPath": () =>
        act(chain("JSONPath", { Parameters: { "total.$": "States.MathAdd($.total, 1)" } })),
      "trace, JSONata": () => act(chain("JSONata", { Output: { total: "{% $states.input.total + 1 %}" } })),
      "jsonata alone": async () => {
        for (let at = 0; at < TRACES * STATES; at += 1) {
          await alone.evaluate(undefined, { states: { input: { total: at } } });
        }
      },
    },
  };
}

function chain(QueryLanguage, fields) {
  const states = Array.from({ length: STATES }, (_, at) => {
    const link = at === STATES - 1 ? { End: true } : { Next: `Step ${at + 1}` };
    return [`Step ${at}`, { Type: "Pass", ...fields, ...link }];
  });
  return { QueryLanguage, StartAt: "Step 0", States: Object.fromEntries(states) };
}
