import fc from "fast-check";
import { stringify } from "yaml";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../../src/workflow/text/json-value.ts";
import { parseStateMachine } from "../../../src/workflow/definition/parse-state-machine.ts";
import { readDefinition } from "../../../src/workflow/definition/read-definition.ts";
import { readSourceText, sourceOfValue } from "../../../src/workflow/text/source-text.ts";
import { readYamlText } from "../../../src/workflow/yaml/yaml-text.ts";

const parse = (value: unknown) => parseStateMachine(value as JsonValue, { definitionBytes: 0 });
/** A machine of one state, with the fields given. */
const machine = (state: object, more: object = {}) => ({ StartAt: "A", States: { A: state }, ...more });
const problemsOf = (value: unknown) => parse(value).problems.map(({ code, pointer }) => `${code} ${pointer}`);
const problemsOfState = (state: object, more: object = {}) =>
  problemsOf(machine(state, more)).map((problem) => problem.replace("/States/A", ""));
const task = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", End: true };
const retryWith = (retrier: object) =>
  problemsOfState({ ...task, Retry: [{ ErrorEquals: ["E"], ...retrier }] });

describe("parseStateMachine", () => {
  it("reads every type of state with its defaults", () => {
    const inner = { StartAt: "I", States: { I: { Type: "Succeed" } } };
    const { stateMachine, problems } = parse({
      Comment: "All of them",
      TimeoutSeconds: 60,
      StartAt: "Pass",
      States: {
        Pass: { Type: "Pass", Next: "Task" },
        Task: {
          Type: "Task",
          Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
          TimeoutSeconds: 20,
          HeartbeatSeconds: 10,
          Retry: [
            { ErrorEquals: ["Busy"], MaxAttempts: 0 },
            { ErrorEquals: ["States.ALL"], JitterStrategy: "FULL" },
          ],
          Catch: [{ ErrorEquals: ["States.ALL"], Next: "Fail" }],
          Next: "Choice",
        },
        Choice: {
          Type: "Choice",
          Choices: [{ Variable: "$.n", NumericEquals: 1, Next: "Wait" }],
          Default: "Parallel",
        },
        Wait: { Type: "Wait", Seconds: 0, Next: "Map" },
        Parallel: { Type: "Parallel", Branches: [inner], Next: "Map" },
        Map: {
          Type: "Map",
          ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" }, ...inner },
          MaxConcurrency: 0,
          ItemReader: { Resource: "arn:aws:states:::s3:getObject", ReaderConfig: { InputType: "CSV" } },
          ItemBatcher: { MaxItemsPerBatch: 5 },
          ResultWriter: { WriterConfig: { OutputType: "JSON", Transformation: "NONE" } },
          ToleratedFailurePercentage: 2.5,
          End: true,
        },
        Fail: { Type: "Fail", Error: "Oops" },
      },
    });
    expect(problems).toEqual([]);
    expect(stateMachine).toMatchObject({ comment: "All of them", timeoutSeconds: 60, startAt: "Pass" });
    const [, taskState, choice, wait, parallel, map, fail] = stateMachine?.states ?? [];
    expect(taskState).toMatchObject({
      pointer: "/States/Task",
      resource: { service: "sqs", pattern: "WAIT_FOR_TASK_TOKEN" },
      timeoutSeconds: 20,
      heartbeatSeconds: 10,
      retry: [
        { errorEquals: ["Busy"], intervalSeconds: 1, maxAttempts: 0, backoffRate: 2, jitterStrategy: "NONE" },
        { pointer: "/States/Task/Retry/1", maxAttempts: 3, maxDelaySeconds: null, jitterStrategy: "FULL" },
      ],
      catch: [{ pointer: "/States/Task/Catch/0", next: "Fail" }],
    });
    expect(choice).toMatchObject({
      choices: [{ pointer: "/States/Choice/Choices/0", next: "Wait" }],
      default: "Parallel",
    });
    expect(wait).toMatchObject({ seconds: 0, next: "Map" });
    expect(parallel).toMatchObject({ branches: [{ pointer: "/States/Parallel/Branches/0", startAt: "I" }] });
    expect(map).toMatchObject({
      mode: "DISTRIBUTED",
      executionType: "EXPRESS",
      maxConcurrency: null,
      itemBatcher: { maxItemsPerBatch: 5, maxInputBytesPerBatch: null },
      itemReader: "arn:aws:states:::s3:getObject",
      resultWriter: null,
      toleratedFailurePercentage: 2.5,
      next: null,
    });
    expect(fail).toMatchObject({ error: "Oops" });
  });

  it("reads Iterator as ItemProcessor, inline and for any state name", () => {
    const states = { constructor: { Type: "Succeed" } };
    const map = { Type: "Map", Iterator: { StartAt: "constructor", States: states }, End: true };
    const { stateMachine, problems } = parse(machine(map));
    expect(problems).toEqual([]);
    expect(stateMachine?.states[0]).toMatchObject({
      mode: "INLINE",
      processor: { states: [{ name: "constructor" }] },
    });
  });

  it("reads an expression that is a number as that number, and no other", () => {
    const numbers = (text: string): readonly (number | null)[] => {
      const child = { StartAt: "P", States: { P: { Type: "Pass", End: true } } };
      const definition = {
        QueryLanguage: "JSONata",
        StartAt: "Wait",
        States: {
          Wait: { Type: "Wait", Seconds: text, Next: "Each" },
          Each: { Type: "Map", MaxConcurrency: text, ItemProcessor: child, End: true },
        },
      };
      const { stateMachine, diagnostics } = readDefinition(sourceOfValue(definition, "flow.asl.json"));
      expect(diagnostics).toEqual([]);
      return stateMachine!.states.map((state) =>
        state.type === "Wait" ? state.seconds : state.type === "Map" ? state.maxConcurrency : null,
      );
    };
    expect(numbers("{% 5 %}")).toEqual([5, 5]);
    expect(numbers("{% 2.5 %}")).toEqual([null, null]);
    expect(numbers("{% 5 + $n %}")).toEqual([null, null]);
  });

  it("accepts placeholders wherever a value may stand", () => {
    const state = {
      ...task,
      Resource: "${FunctionArn}",
      TimeoutSeconds: "${Timeout}",
      HeartbeatSeconds: { Ref: "Beat" },
      Retry: [{ ErrorEquals: ["${Error}"], MaxAttempts: "${Attempts}" }],
      Parameters: { "a.$": "${Path}" },
    };
    expect(problemsOfState(state)).toEqual([]);
    expect(readDefinition(sourceOfValue(machine(state))).diagnostics).toEqual([]);
    expect(problemsOfState({ Type: "Wait", Seconds: "${Seconds}", Next: "${Next}" })).toEqual([]);
  });

  it("says what is not a state machine, and reads what is left of a broken one", () => {
    for (const value of [null, 1, "x", [], {}, { Resources: {} }]) {
      expect(parse(value)).toMatchObject({ stateMachine: null, problems: [{ code: "not-a-state-machine" }] });
    }
    const { stateMachine } = parse({
      StartAt: "A",
      States: { A: { Type: "task" }, B: 1, C: { Next: "A" }, D: null },
    });
    expect(stateMachine?.states.map(({ name, type }) => [name, type])).toEqual([
      ["A", "Task"],
      ["C", "Pass"],
    ]);
  });

  it.each<[string, object, readonly string[], object?]>([
    ["a misspelt field", { ...task, Retyr: [] }, ["unknown-field /Retyr"]],
    ["a misspelt type", { ...task, Type: "Tusk" }, ["unknown-state-type /Type"]],
    ["no type", { End: true }, ["missing-field "]],
    ["no resource", { Type: "Task", End: true }, ["missing-field "]],
    ["neither Next nor End", { Type: "Pass" }, ["missing-next "]],
    ["End: false alone", { Type: "Pass", End: false }, ["missing-next "]],
    ["Next and End", { Type: "Pass", Next: "A", End: true }, ["conflicting-fields /End"]],
    ["Next to nowhere", { Type: "Pass", Next: "B" }, ["unknown-target /Next"]],
    ["Next nowhere at all", { Type: "Pass", Next: "" }, ["unknown-target /Next"]],
    ["Next after Succeed", { Type: "Succeed", Next: "A" }, ["unknown-field /Next"]],
    [
      "Catch to nowhere",
      { ...task, Catch: [{ ErrorEquals: ["E"], Next: "B" }] },
      ["unknown-target /Catch/0/Next"],
    ],
    ["a Catcher without Next", { ...task, Catch: [{ ErrorEquals: ["E"] }] }, ["missing-field /Catch/0"]],
    ["Output in JSONPath", { ...task, Output: 1 }, ["query-language-mismatch /Output"]],
    [
      "InputPath in JSONata",
      { ...task, InputPath: "$" },
      ["query-language-mismatch /InputPath"],
      { QueryLanguage: "JSONata" },
    ],
    [
      "JSONPath inside JSONata",
      { ...task, QueryLanguage: "JSONPath" },
      ["query-language-mismatch /QueryLanguage"],
      { QueryLanguage: "JSONata" },
    ],
    [
      "both timeouts",
      { ...task, TimeoutSeconds: 1, TimeoutSecondsPath: "$.t" },
      ["conflicting-fields /TimeoutSecondsPath"],
    ],
    ["a timeout of 0", { ...task, TimeoutSeconds: 0 }, ["value-out-of-range /TimeoutSeconds"]],
    ["a fractional timeout", { ...task, TimeoutSeconds: 1.5 }, ["wrong-type /TimeoutSeconds"]],
    [
      "a slow heartbeat",
      { ...task, TimeoutSeconds: 5, HeartbeatSeconds: 5 },
      ["value-out-of-range /HeartbeatSeconds"],
    ],
    ["a name for a resource", { ...task, Resource: "hello" }, ["invalid-resource /Resource"]],
    [
      "an unknown suffix",
      { ...task, Resource: "arn:aws:states:::sns:publish.async" },
      ["invalid-resource /Resource"],
    ],
    [
      "an unknown action",
      { ...task, Resource: "arn:aws:states:::dynamodb:query" },
      ["unknown-integration /Resource"],
    ],
    [
      "an SDK job",
      { ...task, Resource: "arn:aws:states:::aws-sdk:ecs:runTask.sync" },
      ["unknown-integration /Resource"],
    ],
    ["odd credentials", { ...task, Credentials: { Role: "x" } }, ["unknown-field /Credentials/Role"]],
    ["null credentials", { ...task, Credentials: null }, ["wrong-type /Credentials"]],
    [
      "Error and ErrorPath",
      { Type: "Fail", Error: "a", ErrorPath: "$.e" },
      ["conflicting-fields /ErrorPath"],
    ],
    ["Fail that ends", { Type: "Fail", End: true }, ["unknown-field /End"]],
    ["no wait", { Type: "Wait", End: true }, ["missing-field "]],
    [
      "two waits",
      { Type: "Wait", Seconds: 1, Timestamp: "2030-01-01T00:00:00Z", End: true },
      ["conflicting-fields /Timestamp"],
    ],
    ["a bad date", { Type: "Wait", Timestamp: "tomorrow", End: true }, ["invalid-value /Timestamp"]],
    ["no rules", { Type: "Choice", Choices: [] }, ["empty-list /Choices"]],
    ["no branches", { Type: "Parallel", Branches: [], End: true }, ["wrong-type /Branches"]],
    ["no processor", { Type: "Map", End: true }, ["missing-field "]],
    ["a wrong version", task, ["invalid-value /Version"], { Version: "2.0" }],
    ["an unknown top field", task, ["unknown-field /Timeout"], { Timeout: 3 }],
  ])("reports %s", (_name, state, problems, more = {}) => {
    expect(problemsOfState(state, more)).toEqual(problems);
  });

  it("holds Retriers and Catchers to their rules", () => {
    expect(retryWith({ IntervalSeconds: 1, MaxAttempts: 0, BackoffRate: 1, MaxDelaySeconds: 2 })).toEqual([]);
    expect(retryWith({ IntervalSeconds: 0 })).toEqual(["value-out-of-range /Retry/0/IntervalSeconds"]);
    expect(retryWith({ MaxAttempts: -1 })).toEqual(["value-out-of-range /Retry/0/MaxAttempts"]);
    expect(retryWith({ BackoffRate: 0.9 })).toEqual(["value-out-of-range /Retry/0/BackoffRate"]);
    expect(retryWith({ IntervalSeconds: 5, MaxDelaySeconds: 5 })).toEqual([
      "value-out-of-range /Retry/0/MaxDelaySeconds",
    ]);
    expect(retryWith({ JitterStrategy: "SOME" })).toEqual(["invalid-value /Retry/0/JitterStrategy"]);
    expect(retryWith({ ErrorEquals: [] })).toEqual(["wrong-type /Retry/0/ErrorEquals"]);
    expect(retryWith({ ErrorEquals: ["States.ALL", "E"] })).toEqual([
      "misplaced-wildcard /Retry/0/ErrorEquals",
    ]);
    expect(retryWith({ ErrorEquals: ["States.Timeuot"] })).toEqual([
      "unknown-error-name /Retry/0/ErrorEquals/0",
    ]);
    expect(retryWith({ ErrorEquals: ["States.Http.StatusCode.404"] })).toEqual([]);
    const twice = [{ ErrorEquals: ["States.ALL"] }, { ErrorEquals: ["E"] }];
    expect(problemsOfState({ ...task, Retry: twice })).toEqual(["misplaced-wildcard /Retry/0/ErrorEquals"]);
  });

  it("suggests what was meant", () => {
    const hints = parse({ StartAt: "Pya", States: { Pay: { Type: "Pas", Nxt: "x", End: true } } }).problems;
    expect(hints.map(({ hint }) => hint)).toEqual(
      expect.arrayContaining([`Did you mean "Pay"?`, `Did you mean "Pass"?`, `Did you mean "Next"?`]),
    );
  });

  it("limits names to 80 characters, counted as people do", () => {
    const named = (name: string) => problemsOf({ StartAt: name, States: { [name]: { Type: "Succeed" } } });
    expect(named("😀".repeat(80))).toEqual([]);
    expect(named("x".repeat(81))[0]).toMatch(/^invalid-state-name /);
    expect(named("")[0]).toMatch(/^invalid-state-name /);
    expect(problemsOf({ StartAt: "A", States: {} })).toEqual([
      "empty-states /States",
      "unknown-target /StartAt",
    ]);
  });

  it("checks nested choice rules of any depth", () => {
    const choose = (rule: object, more = {}) =>
      problemsOfState({ Type: "Choice", Choices: [{ Next: "B", ...rule }] }, more).filter(
        (text) => !/target/.test(text),
      );
    const leaf = { Variable: "$.x", IsPresent: true };
    expect(choose({ And: [leaf, { Not: leaf }, { Or: [leaf] }] })).toEqual([]);
    expect(choose({ And: [{ ...leaf, Next: "B" }] })).toEqual(["misplaced-next /Choices/0/And/0/Next"]);
    expect(choose({ Not: { Variable: "$.x" } })).toEqual(["missing-test /Choices/0/Not"]);
    expect(choose({ Or: [] })).toEqual(["empty-list /Choices/0/Or"]);
    expect(choose({ ...leaf, IsNull: true })).toEqual(["conflicting-fields /Choices/0"]);
    expect(choose({ Variable: "$.x", NumericEquals: "1" })).toEqual(["wrong-type /Choices/0/NumericEquals"]);
    expect(choose({ StringEquals: "1" })).toEqual(["missing-field /Choices/0"]);
    expect(choose({ Variable: "$.x", StringEqual: "1" })).toEqual([
      "unknown-field /Choices/0/StringEqual",
      "missing-test /Choices/0",
    ]);
    expect(choose({ Condition: "{% true %}" }, { QueryLanguage: "JSONata" })).toEqual([]);
    expect(choose({ Condition: "true" }, { QueryLanguage: "JSONata" })).toEqual([
      "wrong-type /Choices/0/Condition",
    ]);
    let deep: object = leaf;
    for (let depth = 0; depth < 20_000; depth++) deep = { Not: deep };
    expect(choose(deep)).toEqual([]);
  });

  it("holds Distributed Maps to their rules", () => {
    const map = (more: object, config: object = { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" }) =>
      problemsOfState({
        Type: "Map",
        ItemProcessor: { ProcessorConfig: config, StartAt: "I", States: { I: { Type: "Succeed" } } },
        ...more,
        End: true,
      });
    expect(map({ ItemReader: { Resource: "r", ReaderConfig: { CSVDelimiter: "COLON" } } })).toEqual([
      "invalid-value /ItemReader/ReaderConfig/CSVDelimiter",
    ]);
    expect(map({ ItemBatcher: { BatchInput: {} } })).toEqual(["missing-field /ItemBatcher"]);
    expect(map({ ItemBatcher: { MaxInputBytesPerBatch: 262_145 } })).toEqual([
      "value-out-of-range /ItemBatcher/MaxInputBytesPerBatch",
    ]);
    expect(map({ ResultWriter: {} })).toEqual(["missing-field /ResultWriter"]);
    expect(map({ ToleratedFailurePercentage: 101 })).toEqual([
      "value-out-of-range /ToleratedFailurePercentage",
    ]);
    expect(map({ Label: "x".repeat(41) })).toEqual(["value-out-of-range /Label"]);
    expect(map({}, { Mode: "DISTRIBUTED" })).toEqual(["missing-field /ItemProcessor/ProcessorConfig"]);
    expect(map({ Label: "x" }, { Mode: "INLINE" })).toEqual(["distributed-field /Label"]);
  });

  it("never throws, whatever the JSON, and points only at what is there", () => {
    const words = [
      "StartAt",
      "States",
      "Type",
      "Next",
      "Retry",
      "Catch",
      "Choices",
      "And",
      "Not",
      "Branches",
      "A",
    ];
    const more = [
      "ItemProcessor",
      "ItemReader",
      "ErrorEquals",
      "QueryLanguage",
      "Parameters",
      "a.$",
      "__proto__",
    ];
    const values = ["Map", "Task", "Choice", "Parallel", "A", "JSONata", "{% $ %}", "$.x"];
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 7 },
        fc.constantFrom(...values),
        fc.jsonValue({ maxDepth: 1 }),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...words, ...more), tie("value"), { maxKeys: 6 }),
      ),
    }));
    fc.assert(
      fc.property(value, value, value, (one, other, third) => {
        const state = typeof one === "object" && one !== null && !Array.isArray(one) ? one : {};
        for (const type of ["Map", "Task", "Choice", "Parallel", "Wait"]) {
          const definition = {
            StartAt: "A",
            States: { A: { Retry: other, Choices: third, ...state, Type: type } },
          };
          const { diagnostics } = readDefinition(sourceOfValue(definition));
          for (const { at, code, message } of diagnostics) {
            expect(at?.line).toBeGreaterThan(0);
            expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
            expect(message).toMatch(/\.$/);
          }
        }
        expect(() => parse(other)).not.toThrow();
      }),
    );
  });

  it("makes equal machines of JSON, commented JSON and YAML", () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 8, unit: "grapheme-ascii" }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(names, (list) => {
        const states = list.map((name, index) => [
          name,
          { Type: "Pass", Result: { [name]: index }, Next: list[0] },
        ]);
        const text = JSON.stringify({ StartAt: list[0], States: Object.fromEntries(states) }, null, 2);
        const strict = readDefinition(readSourceText(text, "a"));
        const commented = readDefinition(readSourceText(`/* c */${text}// end`, "a"));
        const yaml = readDefinition(readYamlText(stringify(JSON.parse(text)), "a"));
        const machineOf = ({ stateMachine }: typeof strict) => ({ ...stateMachine, definitionBytes: 0 });
        expect(machineOf(commented)).toEqual(machineOf(strict));
        expect(machineOf(yaml)).toEqual(machineOf(strict));
        expect(yaml.stateMachine?.definitionBytes).toBe(commented.stateMachine?.definitionBytes);
      }),
    );
  });

  it("reads a chain of 20,000 states and bounds scopes in scopes", () => {
    const states = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, index) => [
        `S${index}`,
        index === 19_999 ? { Type: "Succeed" } : { Type: "Pass", Next: `S${index + 1}` },
      ]),
    );
    const { stateMachine, diagnostics } = readDefinition(sourceOfValue({ StartAt: "S0", States: states }));
    expect(diagnostics).toEqual([]);
    expect(stateMachine?.states).toHaveLength(20_000);
    let nested: object = { Type: "Succeed" };
    for (let depth = 0; depth < 5_000; depth++)
      nested = { Type: "Parallel", Branches: [machine(nested)], End: true };
    expect(problemsOf(machine(nested)).some((problem) => problem.startsWith("nested-too-deep"))).toBe(true);
  });
});
