/** Organization accounts are the active accounts of the caller's AWS organization. */
import { ListAccountsCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { type Access, type AwsWorld, clientConfig, paced } from "./aws-world.ts";
import type { Tally } from "./collect-journal.ts";
import { allPages } from "./region-clients.ts";

export interface OrganizationAccount {
  readonly account: string;
  /** The account's ARN: its partition is that of the roles there. */
  readonly arn: string;
}

/** Only the management account, or a delegated administrator, may ask. */
export async function listOrganizationAccounts(
  world: AwsWorld,
  { access, region }: { readonly access: Access; readonly region: string },
  tally: Tally,
): Promise<readonly OrganizationAccount[]> {
  const client = new OrganizationsClient(clientConfig(world, access, region));
  client.middlewareStack.use(paced(world, access, region));
  try {
    const pages = await allPages(tally, async (token) => {
      const { Accounts, NextToken } = await client.send(new ListAccountsCommand({ NextToken: token }));
      return { accounts: Accounts ?? [], nextToken: NextToken };
    });
    return pages
      .flatMap(({ accounts }) => accounts)
      .flatMap(({ Id, Arn, State, Status }) =>
        Id !== undefined && (State ?? Status) === "ACTIVE" ? [{ account: Id, arn: Arn ?? "arn:aws:" }] : [],
      );
  } finally {
    client.destroy();
  }
}
