/** Machine tags are read for a whole region at once, a hundred machines a call: ListTagsForResource allows one call a second. */
import {
  GetResourcesCommand,
  ResourceGroupsTaggingAPIClient,
} from "@aws-sdk/client-resource-groups-tagging-api";
import type { MachineSelection } from "../observation/fleet-collection.ts";
import { clientConfig, paced } from "./aws-world.ts";
import type { Tally } from "./collect-journal.ts";
import { allPages, type RegionClients } from "./region-clients.ts";

export interface MachineTags {
  readonly arn: string;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

/** Machines that carry all the tags asked for; without any asked for, all that carry some. */
export async function readMachineTags(
  { world, access, region }: RegionClients,
  wanted: MachineSelection["tags"],
  tally: Tally,
): Promise<readonly MachineTags[]> {
  const client = new ResourceGroupsTaggingAPIClient(clientConfig(world, access, region));
  client.middlewareStack.use(paced(world, access, region));
  try {
    const pages = await allPages(tally, async (token) => {
      const { ResourceTagMappingList, PaginationToken } = await client.send(
        new GetResourcesCommand({
          ResourceTypeFilters: ["states:stateMachine"],
          ResourcesPerPage: 100,
          PaginationToken: token,
          TagFilters: wanted.map(({ key, value }) => ({
            Key: key,
            ...(value === null ? {} : { Values: [value] }),
          })),
        }),
      );
      return { found: ResourceTagMappingList ?? [], nextToken: PaginationToken };
    });
    return pages
      .flatMap(({ found }) => found)
      .flatMap(({ ResourceARN: arn, Tags = [] }) =>
        arn === undefined
          ? []
          : [{ arn, tags: Tags.map(({ Key, Value }) => ({ key: Key ?? "", value: Value ?? "" })) }],
      );
  } finally {
    client.destroy();
  }
}
