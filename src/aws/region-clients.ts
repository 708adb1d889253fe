/** Region clients are the SDK clients of one access in one region, and the one way to call them. */
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { SFNClient } from "@aws-sdk/client-sfn";
import type { Access, AwsWorld } from "./aws-world.ts";
import { clientConfig, paced } from "./aws-world.ts";
import type { Tally } from "./collect-journal.ts";

export interface RegionClients {
  readonly access: Access;
  readonly region: string;
  readonly world: AwsWorld;
  readonly sfn: SFNClient;
  readonly cloudwatch: CloudWatchClient;
  close(): void;
}

export function openRegion(world: AwsWorld, access: Access, region: string): RegionClients {
  const sfn = new SFNClient(clientConfig(world, access, region));
  const cloudwatch = new CloudWatchClient(clientConfig(world, access, region));
  sfn.middlewareStack.use(paced(world, access, region));
  cloudwatch.middlewareStack.use(paced(world, access, region));
  const close = (): void => {
    sfn.destroy();
    cloudwatch.destroy();
  };
  return { access, region, world, sfn, cloudwatch, close };
}

/** The region that environment or profile name; null when neither does. */
export async function configuredRegion(world: AwsWorld, access: Access): Promise<string | null> {
  const client = new SFNClient(clientConfig(world, access, null));
  try {
    return await client.config.region();
  } catch {
    return null;
  } finally {
    client.destroy();
  }
}

/** All pages of a list; `ask` gives one page, from the first (token undefined) on. Each page counts as one answered call. */
export async function allPages<Page extends { readonly nextToken?: string | undefined }>(
  tally: Tally,
  ask: (token: string | undefined) => Promise<Page>,
): Promise<readonly Page[]> {
  const pages: Page[] = [];
  let token: string | undefined;
  do {
    const page = await ask(token);
    tally.calls++;
    pages.push(page);
    token = page.nextToken === "" ? undefined : page.nextToken;
  } while (token !== undefined);
  return pages;
}
