/** Fault injection: which undos really ran, for the saga among the examples and for ones with gaps. */
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { type InjectedFault, injectFaults } from "../../src/recommendation/fault-injection.ts";
import { everyState } from "../../src/recommendation/placed-state.ts";
import { findSagas } from "../../src/recommendation/saga.ts";
import { saga } from "./finding-cases.ts";
import { lambda, machine, reviewed, workflowOf } from "./reviewed.ts";

const example = JSON.parse(await readFile("examples/order-saga.asl.json", "utf8")) as {
  readonly States: Readonly<Record<string, object>>;
};

async function inject(definition: object): Promise<readonly InjectedFault[]> {
  const workflow = workflowOf(definition);
  const { stateMachine } = workflow;
  const { faults } = await injectFaults({
    workflow,
    states: everyState(stateMachine, "STANDARD"),
    sagas: findSagas(stateMachine),
    given: {},
  });
  return faults;
}

function without(name: string): object {
  const { Catch: _, ...state } = example.States[name] as { readonly Catch: unknown };
  return { ...example, States: { ...example.States, [name]: state } };
}

function undoFindings(definition: object): readonly (readonly string[])[] {
  return reviewed(definition)
    .findings.filter(({ rule }) => rule.includes("undo"))
    .map(({ rule, states }) => [rule, ...states]);
}

describe("the saga among the examples", () => {
  it("undoes everything in reverse, whichever step fails", async () => {
    const told = (await inject(example)).map(({ faults, undone, verdict }) => [faults, undone, verdict]);
    expect(told.slice(0, 3)).toStrictEqual([
      [["ReserveInventory"], [], "nothing-done"],
      [["ChargeCard"], ["ReleaseInventory"], "undone"],
      [["CreateShipment"], ["RefundCharge", "ReleaseInventory"], "undone"],
    ]);
    expect(undoFindings(example)).toStrictEqual([]);
  });

  it("asks for help when an undo itself fails", async () => {
    const faults = (await inject(example)).filter((fault) => fault.faults.length === 2);
    expect(faults.map((fault) => fault.faults[1]).toSorted()).toStrictEqual([
      "RefundCharge",
      "ReleaseInventory",
    ]);
    for (const { after, verdict } of faults) {
      expect(after).toContain("AskForHelp");
      expect(verdict).toBe("incomplete");
    }
  });

  it.each([
    ["CreateShipment", ["RefundCharge", "ReleaseInventory"]],
    ["ChargeCard", ["ReleaseInventory"]],
  ])("without the Catcher of %s leaves exactly that gap", async (name, expected) => {
    const broken = without(name);
    const [fault] = (await inject(broken)).filter(({ faults }) => faults[0] === name);
    expect(fault).toMatchObject({ verdict: "incomplete", undone: [], expected });
    expect(undoFindings(broken)).toStrictEqual([["incomplete-undo", name]]);
  });

  it.each(["RefundCharge", "ReleaseInventory"])(
    "without the Catcher of the undo %s leaves its failure unwatched",
    (name) => {
      expect(undoFindings(without(name))).toStrictEqual([["unwatched-undo-failure", name]]);
    },
  );
});

describe("injected faults", () => {
  it("find nothing left to undo once the work has cleaned up after itself", async () => {
    const failing = { Catch: [{ ErrorEquals: ["States.ALL"], Next: "ReleaseLockOnError" }] };
    const locking = machine({
      AcquireLock: lambda("acquire-lock", { Next: "Work" }),
      Work: lambda("work", { ...failing, Next: "ReleaseLock" }),
      ReleaseLock: lambda("release-lock", { Next: "Tell" }),
      ReleaseLockOnError: lambda("release-lock", { Next: "Failed" }),
      Tell: lambda("tell"),
      Failed: { Type: "Fail" },
    });
    const told = (await inject(locking)).map(({ faults, done, verdict }) => [faults.join(), done, verdict]);
    expect(told).toStrictEqual([
      ["AcquireLock", [], "nothing-done"],
      ["Work", ["AcquireLock"], "undone"],
      ["Tell", [], "nothing-done"],
      ["Work,ReleaseLockOnError", ["AcquireLock"], "incomplete"],
    ]);
  });

  it("tell undos that run in the wrong order", async () => {
    const wrong = saga({
      Ship: { Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: "Release" }] },
      Release: { Next: "Refund" },
      Refund: { Next: "Failed" },
    });
    const [fault] = (await inject(wrong)).filter(({ faults }) => faults[0] === "Ship");
    expect(fault).toMatchObject({
      verdict: "out-of-order",
      undone: ["Release", "Refund"],
      expected: ["Refund", "Release"],
    });
  });

  it("reach a Task behind a Choice by sending the execution there, and say so", async () => {
    const faults = await inject(
      machine({
        Large: {
          Type: "Choice",
          Choices: [{ Variable: "$.total", NumericGreaterThan: 5, Next: "Ask" }],
          Default: "Save",
        },
        Ask: lambda("ask", { Next: "Save" }),
        Save: lambda("save"),
      }),
    );
    expect(faults.map(({ faults: [name], forced, status }) => [name, forced, status])).toStrictEqual([
      ["Ask", ["Large"], "FAILED"],
      ["Save", [], "FAILED"],
    ]);
  });

  it("fail a Task in each way that its Catchers name", async () => {
    const task = lambda("pay", {
      Catch: [
        { ErrorEquals: ["Declined"], ResultPath: "$.e", Next: "Other way" },
        { ErrorEquals: ["States.ALL"], ResultPath: "$.e", Next: "Failed" },
      ],
    });
    const definition = machine({
      Pay: task,
      "Other way": { Type: "Succeed" },
      Failed: { Type: "Fail", Error: "F" },
    });
    const told = (await inject(definition)).map(({ error, verdict }) => [error, verdict]);
    expect(told).toStrictEqual([
      ["Injected.Fault", "nothing-done"],
      ["Declined", "recovered"],
    ]);
  });

  it("act out Tasks in Maps and JSONata", async () => {
    const inner = machine({
      Do: { ...lambda("do"), Parameters: undefined, Arguments: { FunctionName: "do" } },
    });
    const definition = machine(
      { Each: { Type: "Map", Items: "{% $states.input.orders %}", ItemProcessor: inner, End: true } },
      { QueryLanguage: "JSONata" },
    );
    const [fault] = await inject(JSON.parse(JSON.stringify(definition)) as object);
    expect(fault).toMatchObject({ faults: ["Do"], status: "FAILED", verdict: "nothing-done" });
  });
});
