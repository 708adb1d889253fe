/** What a Distributed Map needs its role to allow: the usual reason why its first run fails. */
import type { MapState } from "../../workflow/state-machine.ts";
import { placedOf } from "../placed-state.ts";
import type { FindingRule } from "../rule.ts";

export const distributedMapPermissions: FindingRule = {
  id: "distributed-map-permissions",
  kind: "finding",
  severity: "info",
  title: "What a Distributed Map's role has to allow",
  passes: "there is no Distributed Map whose role would have to be looked at",
  judge: ({ states }) => {
    const maps = placedOf(states, "Map").filter(({ state }) => state.mode === "DISTRIBUTED");
    if (maps.length === 0) return null;
    return maps.map(({ state }) => ({
      states: [state.name],
      pointer: state.pointer,
      text: `${state.name} runs only if the state machine's role allows ${actionsOf(state).join(", ")}`,
      remedy: "Compare the role with this list: a missing action is the usual reason why a first run fails.",
    }));
  },
};

/** https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html */
function actionsOf({ itemReader, resultWriter }: MapState): readonly string[] {
  const reads =
    itemReader === null ? [] : itemReader.includes("listObjects") ? ["s3:ListBucket"] : ["s3:GetObject"];
  const writes =
    resultWriter === null
      ? []
      : ["s3:PutObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"];
  return [
    ...[
      "states:StartExecution",
      "states:DescribeExecution",
      "states:StopExecution",
      "states:RedriveExecution",
    ],
    ...new Set([...reads, ...writes]),
  ];
}
