variable "name" {
  type    = string
  default = "flow"
}
locals {
  steps = ["a", "b"]
  map   = { for i, s in local.steps : s => { n = i + 1, "t" = upper(s) } if s != "c" }
  doc   = yamldecode(<<-YAML
    a: [1, 2]
  YAML
  )
}
resource "aws_lambda_function" "work" {
  function_name = "${var.name}-work"
  memory_size   = 256
  timeout       = 30
}
resource "aws_sfn_state_machine" "flow" {
  for_each = toset(local.steps)
  name     = "${var.name}-${each.key}"
  type     = each.value == "a" ? "EXPRESS" : "STANDARD"
  definition = jsonencode({
    StartAt = "Call"
    States = merge({
      Call = { Type = "Task", Resource = aws_lambda_function.work.arn, Next = "End" }
    }, { End = { Type = "Succeed" } })
  })
  logging_configuration {
    level = "ERROR"
  }
}
resource "aws_sfn_state_machine" "file" {
  name       = format("%s-%03d", var.name, length(local.map))
  definition = templatefile("${path.module}/flow.asl.json", { arn = try(local.map["a"].t, null) })
}
resource "aws_sfn_state_machine" "text" {
  count      = 2
  definition = <<EOT
{"StartAt":"A","States":{"A":{"Type":"Pass",%{ if count.index > 0 }"Comment":"${count.index}",%{ endif }"End":true}}}
EOT
}
