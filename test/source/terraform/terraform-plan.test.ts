/** Plans and states in JSON give the machines that will be there, with what the configuration says of unknown values. */
import { describe, expect, test } from "vitest";
import {
  findPlanWorkflows,
  findTerraformWorkflows,
} from "../../../src/source/terraform/find-terraform-workflows.ts";
import { isTerraformShow } from "../../../src/source/terraform/terraform-show.ts";
import type { TerraformWorkflows } from "../../../src/source/terraform/find-terraform-workflows.ts";
import { find, machineOf, statesOf } from "./terraform-fixture.ts";

const ASL = JSON.stringify({ StartAt: "A", States: { A: { Type: "Succeed" } } });

interface Change {
  readonly address: string;
  readonly actions?: readonly string[];
  readonly after?: object | null;
  readonly unknown?: object;
  readonly extra?: object;
}

/** One of `resource_changes`, as Terraform 1.11 writes it. */
function change({ address, actions = ["create"], after = {}, unknown = {}, extra = {} }: Change): object {
  const [, module = "", type = "", name = "", index] =
    /^((?:module\.[^.]+\.)*)([^.]+)\.([^.[]+)(?:\[(.*)\])?$/.exec(address) ?? [];
  return {
    address,
    ...(module === "" ? {} : { module_address: module.slice(0, -1) }),
    mode: "managed",
    type,
    name,
    ...(index === undefined ? {} : { index: JSON.parse(index) as unknown }),
    provider_name: "registry.terraform.io/hashicorp/aws",
    change: {
      actions,
      before: null,
      after,
      after_unknown: unknown,
      before_sensitive: false,
      after_sensitive: {},
    },
    ...extra,
  };
}

function plan(changes: readonly object[], rootModule: object = {}): string {
  return JSON.stringify({
    format_version: "1.2",
    terraform_version: "1.11.4",
    resource_changes: changes,
    configuration: { root_module: rootModule },
  });
}

function read(text: string): TerraformWorkflows {
  expect(isTerraformShow(text)).toBe(true);
  return findPlanWorkflows("plan.json", text);
}

test("a machine of AWS's Cloud Control is read in its own words", () => {
  const after = {
    state_machine_name: "orders",
    state_machine_type: "EXPRESS",
    definition_string: ASL,
    logging_configuration: { level: "ERROR", include_execution_data: false },
    tracing_configuration: null,
  };
  const changes = [change({ address: "awscc_stepfunctions_state_machine.m", after })];
  const text = JSON.stringify({ format_version: "1.2", resource_changes: changes });
  expect(findPlanWorkflows("plan.json", text).workflows).toMatchObject([
    {
      name: "orders",
      type: "EXPRESS",
      logLevel: "ERROR",
      surroundings: { writesLogging: true, writesTracing: false },
      diagnostics: [],
    },
  ]);
});

describe("a plan", () => {
  test("gives every machine that will be there, in all modules", () => {
    const after = { definition: ASL, type: "STANDARD" };
    const { workflows } = read(
      plan([
        change({ address: "aws_sfn_state_machine.m[0]", after: { ...after, name: "first" } }),
        change({ address: 'module.x["a"].aws_sfn_state_machine.m', after, unknown: { name: true } }),
        change({
          address: "aws_sfn_state_machine.same",
          actions: ["no-op"],
          after: { ...after, name: "same" },
        }),
        change({
          address: "aws_sfn_state_machine.new",
          actions: ["delete", "create"],
          after: { ...after, name: "new" },
        }),
        change({ address: "aws_sfn_state_machine.old", actions: ["delete"], after: null }),
        change({
          address: "aws_sfn_state_machine.new",
          actions: ["delete"],
          after,
          extra: { deposed: "ab12" },
        }),
        change({ address: "data.aws_sfn_state_machine.read", after, extra: { mode: "data" } }),
      ]),
    );
    expect(workflows.map(({ name }) => name)).toEqual([
      "first",
      'module.x["a"].aws_sfn_state_machine.m',
      "same",
      "new",
    ]);
    expect(workflows[1]?.at).toMatchObject({
      file: "plan.json",
      pointer: "/resource_changes/1/change/after",
    });
  });

  test("tells type, logging, tracing and where the definition stands", () => {
    const after = {
      name: "m",
      type: "EXPRESS",
      definition: ASL,
      logging_configuration: [{ level: "ERROR", include_execution_data: false, log_destination: "x" }],
      tracing_configuration: [{ enabled: true }],
    };
    const text = plan([change({ address: "aws_sfn_state_machine.m", after })]);
    const [workflow] = read(text).workflows;
    expect(workflow).toMatchObject({
      type: "EXPRESS",
      logLevel: "ERROR",
      logExecutionData: false,
      tracing: true,
      diagnostics: [],
    });
    expect(workflow && machineOf(workflow).startAt).toBe("A");
    const place = workflow?.definition?.kind === "text" ? workflow.definition.place(1, 5) : null;
    expect(place?.pointer).toBe("/resource_changes/0/change/after/definition");
    expect(text.slice((place?.column ?? 0) - 1)).toMatch(/^"definition"/);
  });

  const reference = (...references: string[]): object => ({ references });

  test("joins schedules through references, across modules", () => {
    const { workflows } = read(
      plan(
        [
          change({
            address: "module.x.aws_sfn_state_machine.m",
            after: { definition: ASL },
            unknown: { arn: true },
          }),
          change({
            address: "aws_cloudwatch_event_rule.r",
            after: { name: "r", schedule_expression: "rate(1 hour)" },
          }),
          change({ address: "aws_cloudwatch_event_target.t", after: { rule: "r" }, unknown: { arn: true } }),
          change({
            address: "module.timer.aws_scheduler_schedule.s",
            after: { schedule_expression: "cron(0 1 * * ? *)", state: "DISABLED", target: [{}] },
            unknown: { target: [{ arn: true }] },
          }),
          change({ address: "aws_lambda_function.f", after: { function_name: "f", memory_size: 256 } }),
        ],
        {
          resources: [
            {
              address: "aws_cloudwatch_event_target.t",
              mode: "managed",
              type: "aws_cloudwatch_event_target",
              name: "t",
              expressions: { arn: reference("module.x.arn", "module.x") },
            },
          ],
          module_calls: {
            x: {
              source: "./x",
              module: {
                outputs: {
                  arn: { expression: reference("aws_sfn_state_machine.m.arn", "aws_sfn_state_machine.m") },
                },
              },
            },
            timer: {
              source: "./timer",
              expressions: { target_arn: reference("module.x.arn", "module.x") },
              module: {
                resources: [
                  {
                    address: "aws_scheduler_schedule.s",
                    mode: "managed",
                    type: "aws_scheduler_schedule",
                    name: "s",
                    expressions: { target: [{ arn: reference("var.target_arn") }] },
                  },
                ],
              },
            },
          },
        },
      ),
    );
    expect(workflows).toMatchObject([
      {
        schedules: [
          { expression: "rate(1 hour)", enabled: true },
          { expression: "cron(0 1 * * ? *)", enabled: false },
        ],
        lambdas: [{ names: ["aws_lambda_function.f", "f"], memoryMB: 256 }],
      },
    ]);
  });

  test("without the definition says what it waits for", () => {
    const { workflows } = read(
      plan(
        [change({ address: "aws_sfn_state_machine.m", after: { name: "m" }, unknown: { definition: true } })],
        {
          resources: [
            {
              address: "aws_sfn_state_machine.m",
              mode: "managed",
              type: "aws_sfn_state_machine",
              name: "m",
              expressions: {
                definition: reference("aws_lambda_function.f.arn", "aws_lambda_function.f", "local.x"),
              },
            },
          ],
        },
      ),
    );
    expect(workflows[0]?.definition).toBeNull();
    expect(workflows[0]?.diagnostics).toMatchObject([
      { code: "definition-not-in-plan", severity: "warning" },
    ]);
    expect(workflows[0]?.diagnostics[0]?.message).toContain("`aws_lambda_function.f.arn`, `local.x`");
  });

  test("of another format is told, other JSON is left alone", () => {
    expect(read('{"format_version":"2.0","resource_changes":[]}')).toMatchObject({
      workflows: [],
      diagnostics: [{ code: "plan-format-unknown", at: { pointer: "/format_version" } }],
    });
    expect(isTerraformShow('{"name":"x"}')).toBe(false);
    expect(find({ "plan.json": "[1, 2]", "package.json": "{}" })).toEqual({
      workflows: [],
      diagnostics: [],
      filesRead: [],
    });
  });
});

describe("a state", () => {
  test("gives its machines, joined by their ARNs", () => {
    const arn = "arn:aws:states:eu-west-1:123456789012:stateMachine:m";
    const resource = (type: string, name: string, values: object): object => ({
      address: `module.x.${type}.${name}`,
      mode: "managed",
      type,
      name,
      values,
    });
    const state = {
      format_version: "1.0",
      values: {
        root_module: {
          child_modules: [
            {
              address: "module.x",
              resources: [
                resource("aws_sfn_state_machine", "m", {
                  name: "m",
                  arn,
                  id: arn,
                  type: "STANDARD",
                  definition: ASL,
                }),
                resource("aws_cloudwatch_event_rule", "r", {
                  name: "r",
                  id: "r",
                  schedule_expression: "rate(1 day)",
                }),
                resource("aws_cloudwatch_event_target", "t", { rule: "r", arn }),
              ],
            },
          ],
        },
      },
    };
    expect(read(JSON.stringify(state)).workflows).toMatchObject([
      {
        name: "m",
        type: "STANDARD",
        schedules: [{ expression: "rate(1 day)" }],
        aliases: expect.arrayContaining([arn]),
      },
    ]);
  });
});

describe("a plan beside its configuration", () => {
  const files = {
    "live/main.tf": `resource "aws_sfn_state_machine" "m" {
  for_each   = var.regions
  definition = jsonencode({ StartAt = "A", States = { A = { Type = "Task", Resource = aws_lambda_function.f.arn, End = true } } })
}
resource "aws_sfn_state_machine" "other" {
  definition = jsonencode({ StartAt = "A", States = { A = { Type = "Succeed" } } })
}
variable "regions" {}
`,
    "live/tfplan.json": plan([
      change({
        address: 'aws_sfn_state_machine.m["eu"]',
        after: { name: "m-eu", type: "EXPRESS" },
        unknown: { definition: true },
      }),
      change({
        address: 'aws_sfn_state_machine.m["us"]',
        after: { name: "m-us", type: "EXPRESS", definition: ASL },
      }),
    ]),
  };

  test("finds each machine once, and lends it the definition it lacks", () => {
    const { workflows } = find(files);
    expect(workflows.map(({ name, type }) => [name, type])).toEqual([
      ["aws_sfn_state_machine.other", null],
      ["m-eu", "EXPRESS"],
      ["m-us", "EXPRESS"],
    ]);
    const [, eu, us] = workflows;
    expect(eu && statesOf(eu).get("A")).toMatchObject({ Resource: "${aws_lambda_function.f.arn}" });
    expect(eu).toMatchObject({ at: { file: "live/main.tf", line: 1 }, diagnostics: [] });
    expect(us && statesOf(us).get("A")).toEqual({ Type: "Succeed" });
  });

  test("is the same in whatever order files are listed", () => {
    const texts = new Map<string, string>(Object.entries(files));
    const listed = (paths: readonly string[]) =>
      findTerraformWorkflows({ paths, read: (path) => texts.get(path) ?? null }).workflows.map(
        ({ name }) => name,
      );
    expect(listed([...texts.keys()].reverse())).toEqual(listed([...texts.keys()]));
  });
});
