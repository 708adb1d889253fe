/** The least policy allows exactly the calls that a collection makes, and nothing that writes. */
import type { CollectionRequest } from "../observation/fleet-collection.ts";

/** IAM actions in the collected accounts, sorted. */
function actionsOf(request: CollectionRequest): readonly string[] {
  const samples = request.histories > 0 && request.sampleCalls > 0;
  return [
    "states:ListStateMachines",
    "states:DescribeStateMachine",
    "tag:GetResources",
    "cloudwatch:GetMetricData",
    ...(samples ? ["states:ListExecutions", "states:GetExecutionHistory", "states:DescribeMapRun"] : []),
    ...(samples && request.logs ? ["logs:FilterLogEvents"] : []),
    ...(request.versions ? ["states:ListStateMachineAliases", "states:ListStateMachineVersions"] : []),
    ...(request.regions === "all" ? ["account:ListRegions"] : []),
  ].sort();
}

/** What the caller needs besides, to reach other accounts. */
function callerActionsOf({ roles, organizationRole }: CollectionRequest): readonly string[] {
  return [
    ...(organizationRole === null ? [] : ["organizations:ListAccounts"]),
    ...(roles.length > 0 || organizationRole !== null ? ["sts:AssumeRole"] : []),
  ];
}

/**
 * An IAM policy document. When roles are taken in other accounts, the first statement is for those roles, the second for
 * the caller. Resources are `*` where AWS knows no others for a listing, or where the machines are not known beforehand.
 */
export function leastPolicy(request: CollectionRequest): object {
  const caller = callerActionsOf(request);
  const statement = (
    Sid: string,
    Action: readonly string[],
    Resource: string | readonly string[],
  ): object => ({
    Sid,
    Effect: "Allow",
    Action,
    Resource,
  });
  const roles = [
    ...request.roles,
    ...(request.organizationRole === null ? [] : [`arn:aws:iam::*:role/${request.organizationRole}`]),
  ];
  return {
    Version: "2012-10-17",
    Statement: [
      statement("StepfareCollect", actionsOf(request), "*"),
      ...caller
        .filter((action) => action !== "sts:AssumeRole")
        .map((action) => statement("StepfareListAccounts", [action], "*")),
      ...(roles.length === 0 ? [] : [statement("StepfareTakeRoles", ["sts:AssumeRole"], roles)]),
    ],
  };
}
