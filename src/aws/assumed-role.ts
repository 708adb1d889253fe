/** An assumed role is another account's access, taken for an hour at a time through STS. */
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { AwsCredentialIdentity } from "@smithy/types";
import { type Access, type AwsWorld, clientConfig, paced } from "./aws-world.ts";

/** Credentials are fetched when first used, and again before they expire (the SDK sees to it). */
export function assumeRole(
  world: AwsWorld,
  from: Access,
  { role, region }: { readonly role: string; readonly region: string },
): Access {
  const credentials = async (): Promise<AwsCredentialIdentity> => {
    const sts = new STSClient(clientConfig(world, from, region));
    sts.middlewareStack.use(paced(world, from, region));
    try {
      const { Credentials } = await sts.send(
        new AssumeRoleCommand({ RoleArn: role, RoleSessionName: "stepfare-collect", DurationSeconds: 3600 }),
      );
      return {
        accessKeyId: Credentials?.AccessKeyId ?? "",
        secretAccessKey: Credentials?.SecretAccessKey ?? "",
        ...(Credentials?.SessionToken === undefined ? {} : { sessionToken: Credentials.SessionToken }),
        ...(Credentials?.Expiration === undefined ? {} : { expiration: Credentials.Expiration }),
      };
    } finally {
      sts.destroy();
    }
  };
  return { id: role, account: accountOfRole(role), profile: from.profile, credentials };
}

/** `arn:aws:iam::123456789012:role/Name` → the account. */
function accountOfRole(role: string): string | null {
  return /^arn:[\w-]+:iam::(\d{12}):role\/.+$/.exec(role)?.[1] ?? null;
}
