/** Enabled regions are those an account may use: the ones that need no opting in, and the ones it has opted into. */
import { AccountClient, ListRegionsCommand } from "@aws-sdk/client-account";
import { type Access, type AwsWorld, clientConfig, paced } from "./aws-world.ts";
import type { Tally } from "./collect-journal.ts";
import { allPages } from "./region-clients.ts";

export async function listEnabledRegions(
  world: AwsWorld,
  { access, region }: { readonly access: Access; readonly region: string },
  tally: Tally,
): Promise<readonly string[]> {
  const client = new AccountClient(clientConfig(world, access, region));
  client.middlewareStack.use(paced(world, access, region));
  try {
    const pages = await allPages(tally, async (token) => {
      const { Regions, NextToken } = await client.send(
        new ListRegionsCommand({
          MaxResults: 50,
          NextToken: token,
          RegionOptStatusContains: ["ENABLED", "ENABLED_BY_DEFAULT"],
        }),
      );
      return { regions: Regions ?? [], nextToken: NextToken };
    });
    return pages.flatMap(({ regions }) => regions.flatMap(({ RegionName }) => RegionName ?? [])).sort();
  } finally {
    client.destroy();
  }
}
