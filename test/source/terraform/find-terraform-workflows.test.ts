/** State machines are found in Terraform files however their definition is written, each with what surrounds it. */
import { describe, expect, test } from "vitest";
import { find, findOne, machineOf, placeOfPointer, statesOf } from "./terraform-fixture.ts";
import type { Files } from "./terraform-fixture.ts";

const LAMBDA = `
resource "aws_lambda_function" "worker" {
  function_name = "worker"
  memory_size   = 512
  architectures = ["arm64"]
  timeout       = 30
}
`;

const HEREDOC: Files = {
  "main.tf": `${LAMBDA}
resource "aws_sfn_state_machine" "orders" {
  name       = "orders"
  type       = "EXPRESS"
  definition = <<-EOT
    {
      "StartAt": "Pause",
      "States": {
        "Pause": { "Type": "Wait", "Seconds": \${var.pause}, "Next": "Work" },
        "Work": {
          "Type": "Task",
          "Resource": "\${aws_lambda_function.worker.arn}",
          "End": true
        }
      }
    }
  EOT
}
variable "pause" { default = 5 }
`,
};

const JSONENCODE: Files = {
  "main.tf": `${LAMBDA}
locals {
  pause = 5
}
resource "aws_sfn_state_machine" "orders" {
  name = "orders"
  type = "EXPRESS"
  definition = jsonencode({
    StartAt = "Pause"
    States = {
      Pause = { Type = "Wait", Seconds = local.pause, Next = "Work" }
      Work = {
        Type     = "Task"
        Resource = aws_lambda_function.worker.arn
        End      = true
      }
    }
  })
}
`,
};

const ASL_TEMPLATE = `{
  "StartAt": "Pause",
  "States": {
    "Pause": { "Type": "Wait", "Seconds": \${pause}, "Next": "Work" },
    "Work": {
      "Type": "Task",
      "Resource": "\${worker}",
      "End": true
    }
  }
}`;

const TEMPLATEFILE: Files = {
  "main.tf": `${LAMBDA}
resource "aws_sfn_state_machine" "orders" {
  name = "orders"
  type = "EXPRESS"
  definition = templatefile("\${path.module}/orders.asl.json", {
    pause  = 2 + 3
    worker = aws_lambda_function.worker.arn
  })
}
`,
  "orders.asl.json": ASL_TEMPLATE,
};

const TEMPLATE_DATA: Files = {
  "main.tf": `${LAMBDA}
data "template_file" "orders" {
  template = file("orders.asl.json")
  vars = {
    pause  = 5
    worker = aws_lambda_function.worker.arn
  }
}
resource "aws_sfn_state_machine" "orders" {
  name       = "orders"
  type       = "EXPRESS"
  definition = data.template_file.orders.rendered
}
`,
  "orders.asl.json": ASL_TEMPLATE,
};

const YAML: Files = {
  "main.tf": `${LAMBDA}
resource "aws_sfn_state_machine" "orders" {
  name = "orders"
  type = "EXPRESS"
  definition = jsonencode(yamldecode(templatefile("orders.asl.yaml", { worker = aws_lambda_function.worker.arn })))
}
`,
  "orders.asl.yaml": `StartAt: Pause
States:
  Pause: { Type: Wait, Seconds: 5, Next: Work }
  Work:
    Type: Task
    Resource: \${worker}
    End: true
`,
};

const JSON_SYNTAX: Files = {
  "main.tf.json": JSON.stringify({
    resource: {
      aws_lambda_function: {
        worker: { function_name: "worker", memory_size: 512, architectures: ["arm64"], timeout: 30 },
      },
      aws_sfn_state_machine: {
        orders: {
          name: "orders",
          type: "EXPRESS",
          definition: ASL_TEMPLATE.replace("${pause}", "5").replace(
            "${worker}",
            "${aws_lambda_function.worker.arn}",
          ),
        },
      },
    },
  }),
};

const PLAN: Files = {
  "plan.json": JSON.stringify({
    format_version: "1.2",
    terraform_version: "1.11.4",
    resource_changes: [
      {
        address: "aws_lambda_function.worker",
        mode: "managed",
        type: "aws_lambda_function",
        name: "worker",
        change: {
          actions: ["create"],
          after: { function_name: "worker", memory_size: 512, architectures: ["arm64"], timeout: 30 },
        },
      },
      {
        address: "aws_sfn_state_machine.orders",
        mode: "managed",
        type: "aws_sfn_state_machine",
        name: "orders",
        change: {
          actions: ["create"],
          after: {
            name: "orders",
            type: "EXPRESS",
            definition: ASL_TEMPLATE.replace("${pause}", "5").replace(
              "${worker}",
              "${aws_lambda_function.worker.arn}",
            ),
          },
          after_unknown: { arn: true, id: true },
        },
      },
    ],
  }),
};

describe("the same workflow", () => {
  const forms = { HEREDOC, JSONENCODE, TEMPLATEFILE, TEMPLATE_DATA, YAML, JSON_SYNTAX, PLAN };

  test.each(Object.entries(forms))("as %s is the same machine", (_, files) => {
    const workflow = findOne(files);
    expect(workflow).toMatchObject({
      name: "orders",
      type: "EXPRESS",
      foundIn: "terraform",
      diagnostics: [],
    });
    expect(machineOf(workflow).startAt).toBe("Pause");
    expect([...statesOf(workflow)]).toEqual([
      ["Pause", { Type: "Wait", Seconds: 5, Next: "Work" }],
      ["Work", { Type: "Task", Resource: "${aws_lambda_function.worker.arn}", End: true }],
    ]);
    expect(workflow.lambdas).toMatchObject([
      {
        names: ["aws_lambda_function.worker", "worker"],
        memoryMB: 512,
        architecture: "arm64",
        timeoutSeconds: 30,
      },
    ]);
  });

  test("tells the files that it is made of", () => {
    expect(find({ ...TEMPLATEFILE, "other.asl.json": "{}" }).filesRead).toEqual(["orders.asl.json"]);
    expect(find(HEREDOC).filesRead).toEqual([]);
  });

  test("tells where each part was written", () => {
    const work = "/States/Work/Resource";
    expect(placeOfPointer(findOne(HEREDOC), work)).toBe("main.tf:19:11");
    const open = { "main.tf": (HEREDOC["main.tf"] ?? "").replace("{ default = 5 }", "{}") };
    expect(statesOf(findOne(open)).get("Pause")).toMatchObject({ Seconds: "${var.pause}" });
    expect(placeOfPointer(findOne(open), "/States/Pause/Seconds")).toBe("main.tf:16:36");
    expect(placeOfPointer(findOne(open), "/States/Work")).toBe("main.tf:17:9");
    expect(placeOfPointer(findOne(JSONENCODE), work)).toBe("main.tf:21:9");
    expect(placeOfPointer(findOne(TEMPLATEFILE), work)).toBe("orders.asl.json:7:7");
    expect(placeOfPointer(findOne(TEMPLATE_DATA), work)).toBe("orders.asl.json:7:7");
    expect(placeOfPointer(findOne(YAML), work)).toBe("orders.asl.yaml:6:5");
    expect(placeOfPointer(findOne(JSON_SYNTAX), work)).toMatch(/^main\.tf\.json:1:/);
  });
});

const machine = (lines: string): string =>
  `resource "aws_sfn_state_machine" "m" {
  definition = jsonencode({ StartAt = "A", States = { A = { Type = "Succeed" } } })
${lines}
}
`;

describe("a machine", () => {
  test("without a literal name is called by its address", () => {
    expect(findOne({ "main.tf": machine(`  name = "m-\${random_id.r.hex}"`) }).name).toBe(
      "aws_sfn_state_machine.m",
    );
    expect(
      findOne({ "main.tf": machine(`  name = lower("M-\${local.env}")\n}\nlocals {\n  env = "dev"`) }).name,
    ).toBe("m-dev");
  });

  test("has the logging and tracing that its blocks say", () => {
    const written = findOne({
      "main.tf": machine(`  logging_configuration {
    level                  = "ERROR"
    include_execution_data = true
  }
  tracing_configuration {
    enabled = true
  }`),
    });
    expect(written).toMatchObject({ logLevel: "ERROR", logExecutionData: true, tracing: true });
    const dynamic = findOne({
      "main.tf": machine(`  dynamic "logging_configuration" {
    for_each = [{ level = "ALL" }]
    content {
      level = logging_configuration.value.level
    }
  }`),
    });
    expect(dynamic).toMatchObject({ logLevel: "ALL", logExecutionData: null, tracing: null });
  });

  test("is found once per count and key", () => {
    const names = (lines: string) => find({ "main.tf": machine(lines) }).workflows.map(({ name }) => name);
    expect(names(`  count = 2\n  name = "m-\${count.index}"`)).toEqual(["m-0", "m-1"]);
    expect(names("  count = 2")).toEqual(["aws_sfn_state_machine.m[0]", "aws_sfn_state_machine.m[1]"]);
    expect(names(`  for_each = toset(["b", "a"])`)).toEqual([
      'aws_sfn_state_machine.m["a"]',
      'aws_sfn_state_machine.m["b"]',
    ]);
    expect(names(`  for_each = { eu = 1, us = 2 }\n  name = "m-\${each.key}-\${each.value}"`)).toEqual([
      "m-eu-1",
      "m-us-2",
    ]);
  });

  test("of no instances, or of an unknown number, says so", () => {
    const none = find({ "main.tf": machine("  count = 0") });
    expect(none.workflows).toEqual([]);
    expect(none.diagnostics).toMatchObject([{ code: "no-instances", severity: "info", at: { line: 1 } }]);
    const unknown = findOne({ "main.tf": machine('  count = var.n\n}\nvariable "n" {') });
    expect(unknown.diagnostics).toMatchObject([{ code: "unknown-instances", severity: "info" }]);
  });

  test("takes variables from defaults, tfvars and auto.tfvars, the last winning", () => {
    const main = `${machine('  name = "${var.a}${var.b}${var.c}"')}
variable "a" { default = "a0" }
variable "b" { default = "b0" }
variable "c" {
  type = object({ x = optional(string, "cx") })
  default = {}
}
`;
    const files = {
      "main.tf": main.replace("${var.c}", "${var.c.x}"),
      "terraform.tfvars": 'b = "b1"\n',
      "z.auto.tfvars.json": '{"b": "b2"}',
      "other.tfvars": 'a = "never"',
    };
    expect(findOne(files).name).toBe("a0b2cx");
  });
});

describe("schedules", () => {
  const TIMERS = `
resource "aws_cloudwatch_event_rule" "nightly" {
  name                = "nightly"
  schedule_expression = "cron(0 3 * * ? *)"
}
resource "aws_cloudwatch_event_rule" "arrivals" {
  event_pattern = "{}"
}
resource "aws_cloudwatch_event_target" "nightly" {
  rule = aws_cloudwatch_event_rule.nightly.name
  arn  = aws_sfn_state_machine.m.arn
}
resource "aws_cloudwatch_event_target" "arrivals" {
  rule = aws_cloudwatch_event_rule.arrivals.name
  arn  = aws_sfn_state_machine.m.arn
}
resource "aws_scheduler_schedule" "often" {
  schedule_expression = "rate(5 minutes)"
  state               = "DISABLED"
  target {
    arn = aws_sfn_state_machine.m.id
  }
}
resource "aws_scheduler_schedule" "call" {
  schedule_expression = "rate(\${var.every})"
  target {
    arn   = "arn:aws:scheduler:::aws-sdk:sfn:startExecution"
    input = jsonencode({ StateMachineArn = aws_sfn_state_machine.m.arn })
  }
}
resource "aws_scheduler_schedule" "elsewhere" {
  schedule_expression = "rate(1 minute)"
  target {
    arn = aws_sqs_queue.m.arn
  }
}
variable "every" {}
`;

  test("of rules and of the scheduler belong to the machine they start", () => {
    const workflow = findOne({ "main.tf": machine("") + TIMERS });
    expect(workflow.schedules).toMatchObject([
      { expression: "cron(0 3 * * ? *)", enabled: true, at: { file: "main.tf" } },
      { expression: "rate(5 minutes)", enabled: false },
    ]);
    expect(workflow.diagnostics).toMatchObject([{ code: "schedule-not-evaluated", severity: "info" }]);
  });
});

describe("an alias", () => {
  test("stands for the machine whose version it publishes", () => {
    const workflow = findOne({
      "main.tf": `${machine("")}
resource "aws_sfn_alias" "live" {
  name = "live"
  routing_configuration {
    state_machine_version_arn = aws_sfn_state_machine.m.state_machine_version_arn
    weight                    = 100
  }
}
resource "aws_scheduler_schedule" "s" {
  schedule_expression = "rate(1 hour)"
  target {
    arn = aws_sfn_alias.live.arn
  }
}
`,
    });
    expect(workflow.schedules).toMatchObject([{ expression: "rate(1 hour)" }]);
    expect(workflow.aliases).toContain("${aws_sfn_alias.live.arn}");
  });
});

describe("files", () => {
  const ASL = '{"StartAt":"A","States":{"A":{"Type":"Pass","Result":"NAME","End":true}}}';

  test("of a set make one machine each", () => {
    const files = {
      "main.tf": `resource "aws_sfn_state_machine" "m" {
  for_each   = fileset("\${path.module}/asl", "**/*.asl.json")
  name       = trimsuffix(basename(each.value), ".asl.json")
  definition = trimspace(file("\${path.module}/asl/\${each.value}"))
}
`,
      "asl/b.asl.json": `\n  ${ASL}\n`,
      "asl/deep/a.asl.json": ASL,
      "asl/readme.md": "",
    };
    const { workflows } = find(files);
    expect(workflows.map(({ name }) => name)).toEqual(["b", "a"]);
    expect(workflows.map((workflow) => placeOfPointer(workflow, "/StartAt"))).toEqual([
      "asl/b.asl.json:2:4",
      "asl/deep/a.asl.json:1:2",
    ]);
  });

  test("that are changed on the way are placed where they are changed", () => {
    const workflow = findOne({
      "main.tf": `resource "aws_sfn_state_machine" "m" {
  definition = replace(file("a.json"), "NAME", aws_sqs_queue.q.url)
}
`,
      "a.json": ASL,
    });
    expect(statesOf(workflow).get("A")).toMatchObject({ Result: "${aws_sqs_queue.q.url}" });
    expect(placeOfPointer(workflow, "/StartAt")).toBe("main.tf:2:16");
  });
});

describe("modules", () => {
  const child = `
variable "name" {}
variable "asl" {}
variable "vars" { default = {} }
resource "aws_sfn_state_machine" "this" {
  name       = var.name
  definition = templatefile(var.asl, var.vars)
}
resource "aws_lambda_function" "own" { function_name = "\${var.name}-own" }
output "arn" { value = aws_sfn_state_machine.this.arn }
`;

  test("of this repository are read with their variables, and not by themselves", () => {
    const { workflows } = find({
      "live/main.tf": `module "m" {
  source   = "../modules/sfn"
  for_each = toset(["a", "b"])
  name     = "orders-\${each.key}"
  asl      = "\${path.module}/x.asl.json"
  vars     = { fn = aws_lambda_function.worker.arn, child = module.other.arn }
}
module "other" {
  source = "../modules/sfn"
  name   = "other"
  asl    = "\${path.root}/y.asl.json"
}
${LAMBDA}`,
      "live/x.asl.json":
        '{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"${fn}","Comment":"${child}","End":true}}}',
      "live/y.asl.json": '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}',
      "modules/sfn/main.tf": child,
    });
    expect(workflows.map(({ name }) => name)).toEqual(["orders-a", "orders-b", "other"]);
    const [first, , other] = workflows;
    expect(first?.at).toMatchObject({ file: "modules/sfn/main.tf", line: 5 });
    const comment = "${module.other.aws_sfn_state_machine.this.arn}";
    expect(first && statesOf(first).get("A")).toMatchObject({
      Resource: "${aws_lambda_function.worker.arn}",
      Comment: comment,
    });
    expect(other?.aliases).toContain(comment);
    expect(other?.lambdas.map(({ names }) => names[0])).toContain("module.m['a'].aws_lambda_function.own");
  });

  test("that are widely used are read by their arguments", () => {
    const { workflows, diagnostics } = find({
      "main.tf": `module "sfn" {
  source     = "terraform-aws-modules/step-functions/aws"
  name       = "orders"
  type       = "express"
  definition = jsonencode({ StartAt = "A", States = { A = { Type = "Task", Resource = module.fn.lambda_function_arn, End = true } } })
  logging_configuration = { level = "ALL", include_execution_data = true }
  service_integrations  = { xray = { xray = true } }
}
module "fn" {
  source        = "terraform-aws-modules/lambda/aws"
  function_name = "worker"
  memory_size   = 1024
}
module "off" {
  source     = "terraform-aws-modules/step-functions/aws"
  create     = false
  definition = "{}"
}
module "state_machines" {
  source = "git::https://example.com/modules.git"
}
resource "aws_scheduler_schedule" "s" {
  schedule_expression = "rate(1 hour)"
  target { arn = module.sfn.state_machine_arn }
}
`,
    });
    expect(workflows).toMatchObject([
      {
        name: "orders",
        type: "EXPRESS",
        logLevel: "ALL",
        logExecutionData: true,
        tracing: true,
        schedules: [{ expression: "rate(1 hour)" }],
        lambdas: [{ names: ["module.fn", "worker"], memoryMB: 1024 }],
      },
    ]);
    expect(diagnostics.map(({ code }) => code)).toEqual(["no-instances", "module-not-read"]);
  });

  test("that call each other do not go on for ever", () => {
    const { workflows } = find({
      "a/main.tf": `module "b" { source = "../b" }\n${machine("")}`,
      "b/main.tf": 'module "a" { source = "../a" }\n',
    });
    expect(workflows.length).toBeGreaterThan(0);
    expect(workflows.length).toBeLessThan(10);
  });
});

describe("resources of other kinds", () => {
  test("a machine of AWS's Cloud Control is one in other words", () => {
    const text = `resource "awscc_stepfunctions_state_machine" "m" {
  state_machine_name = "orders"
  state_machine_type = "EXPRESS"
  definition_string  = jsonencode({ StartAt = "A", States = { A = { Type = "Succeed" } } })
  logging_configuration = { level = "ERROR", include_execution_data = true }
  tracing_configuration = { enabled = true }
}
resource "aws_scheduler_schedule" "s" {
  schedule_expression = "rate(1 hour)"
  target { arn = awscc_stepfunctions_state_machine.m.arn }
}
`;
    const machine = findOne({ "main.tf": text });
    expect(machine).toMatchObject({
      name: "orders",
      type: "EXPRESS",
      logLevel: "ERROR",
      logExecutionData: true,
      tracing: true,
      schedules: [{ expression: "rate(1 hour)" }],
      diagnostics: [],
    });
    expect(machineOf(machine).states.map(({ name }) => name)).toEqual(["A"]);
    expect(machine.aliases).toContain("${awscc_stepfunctions_state_machine.m.arn}");
  });

  test.each([
    ['template_body = file("t.yml")', []],
    [
      'template_body = jsonencode({ Resources = { M = { Type = "AWS::StepFunctions::StateMachine" } } })',
      ["warning"],
    ],
    ['template_body = jsonencode({ Resources = { M = { Type = "AWS::S3::Bucket" } } })', []],
    ['template_url = "https://x/t.yml"', ["info"]],
  ])("a stack of CloudFormation is told where it is not read: %s", (argument, severities) => {
    const { diagnostics } = find({
      "main.tf": `# state-machines\nresource "aws_cloudformation_stack" "s" {\n  ${argument}\n}\n`,
      "t.yml": "Resources: { M: { Type: AWS::StepFunctions::StateMachine } }\n",
    });
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual(
      severities.map((severity) => ["stack-not-read", severity]),
    );
  });
});

describe("what cannot be evaluated", () => {
  const definition = (expression: string, more = ""): Files => ({
    "app/main.tf": `resource "aws_sfn_state_machine" "m" {\n  definition = ${expression}\n}\n${more}`,
  });

  test.each([
    ["var.asl", "${var.asl}", 3],
    ['file("missing.json")', "There is no file app/missing.json", 16],
    ['file("../../etc/passwd")', "The file ../../etc/passwd lies outside of the folder that is read", 16],
    ['file("/etc/passwd")', "The file /etc/passwd lies outside of the folder that is read", 16],
    [
      'var.asl ? file("${path.module}/d.json") : jsonencode({ A = 1 })',
      'It is `var.asl ? file("${path.module}/d.json") : jsonencode({ A = 1 })`, which depends on `var.asl`, a variable without a default,',
      3,
    ],
    ["data.http.asl.response_body", "${data.http.asl.response_body}", 16],
    ["local.missing", "There is no local value `missing`", 16],
    ["cidrhost(1, 2)", "The function `cidrhost` is not evaluated here", 16],
  ])("such as %s is told with the command that makes a plan", (expression, reason) => {
    const workflow = findOne(definition(expression, 'variable "asl" {}\n'));
    expect(workflow.definition).toBeNull();
    const [diagnostic] = workflow.diagnostics;
    expect(diagnostic).toMatchObject({ code: "definition-not-evaluated", severity: "warning" });
    expect(diagnostic?.message).toContain(reason);
    expect(diagnostic?.at?.file).toBe("app/main.tf");
    expect(diagnostic?.hint).toContain(
      "terraform plan -out plan.tfplan && terraform show -json plan.tfplan > plan.json",
    );
  });

  test("stands at its line and column", () => {
    const workflow = findOne(definition("jsonencode({\n    StartAt = local.missing\n  })"));
    expect(workflow.diagnostics).toMatchObject([{ at: { file: "app/main.tf", line: 3, column: 15 } }]);
    expect(workflow.definition).not.toBeNull();
  });

  test("never shows a sensitive variable", () => {
    const found = find({
      "main.tf": `${machine('  name = "x-${var.secret}"')}
variable "secret" {
  sensitive = true
  default   = "hunter2"
}
`,
      "terraform.tfvars": 'secret = "hunter3"\n',
    });
    expect(JSON.stringify(found)).not.toMatch(/hunter/);
    expect(found.workflows).toMatchObject([{ name: "aws_sfn_state_machine.m" }]);
  });
});
